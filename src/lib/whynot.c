/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

#include "die.h"
#include "fd.h"
#include "nsfs.h"
#include "search.h"
#include "told.h"
#include "whynot.h"

/* All that is read of a file is less than a page: its head, a table of ELF, the name in that. */
enum { HEAD = 256 /* of which the kernel knows a format */, TABLE = 2048, NAME = 1024 };
enum { MAX_NESTED = 5 }; /* interpreters of interpreters, as the kernel follows */

static const char shell[] = "/bin/sh";

/* ---- where it is, and who may execute it ---- */

/* The file itself is not opened by that. Return: a descriptor, or -1 with errno. */
static int find(const char *path, struct stat *st)
{
	int fd = fd_above_stdio(open(path, O_PATH | O_CLOEXEC));

	if (fd >= 0 && fstat(fd, st) < 0)
		close_fd(&fd);
	return fd;
}

static bool is_there(const char *path)
{
	struct stat st;
	cleanup_close int fd = find(path, &st);

	return fd >= 0 && S_ISREG(st.st_mode) && (st.st_mode & 0111);
}

/* It could not be found. */
static bool hint_way(const char *path, int err)
{
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target) - 1);

	if (err == EACCES)
		return hint(N_("a directory on the way to %s may not be searched by this process"),
			    path);
	if (err != ENOENT || n <= 0)
		return false;
	target[n] = '\0';
	return hint(N_("%s is a link to %s, which is not there"), path, target);
}

/* The reasons of EACCES, in the kernel's order. */
static bool hint_access(const char *path, int fd, const struct stat *st)
{
	struct statvfs mount;
	struct statfs fs;

	if (S_ISDIR(st->st_mode))
		return hint(N_("%s is a directory"), path);
	if (!S_ISREG(st->st_mode))
		return hint(N_("%s is no regular file"), path);
	if (fstatfs(fd, &fs) == 0 && fs.f_type == NSFS_MAGIC)
		return hint(
			N_("%s is a namespace, no program; it is joined by --KIND=FILE, with the ="),
			path);
	if (fstatvfs(fd, &mount) == 0 && (mount.f_flag & ST_NOEXEC))
		return hint(N_("%s is on a mount of which nothing may be executed (noexec)"), path);
	if (!(st->st_mode & 0111))
		return hint(N_("%s has no execute permission; chmod +x gives it one"), path);
	if (faccessat(fd, "", X_OK, AT_EACCESS | AT_EMPTY_PATH) < 0 && errno == EACCES)
		return hint(N_("%s may be executed by others, but not by user %u"), path,
			    geteuid());
	return false;
}

/* ---- what it is ---- */

/* What has been found, and not what stands there now. Return: a descriptor, or -1 */
static int open_found(const char *path, const struct stat *found)
{
	int fd = S_ISREG(found->st_mode)
			 ? fd_above_stdio(open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC))
			 : -1;
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) < 0 || !same_file(&st, found)))
		close_fd(&fd);
	return fd;
}

enum format {
	UNKNOWN, /* it may not be read */
	EMPTY,
	PLAIN,	    /* a text, or whatever else the kernel does not know */
	SCRIPT,	    /* it begins with #! */
	PROGRAM,    /* ELF */
	FOREIGN,    /* the same, for another machine */
	NO_PROGRAM, /* the same, to be linked */
	DAMAGED,    /* the same, and its headers lead nowhere */
};

struct look {
	enum format format;
	unsigned char head[HEAD + 1];
	char interpreter[NAME]; /* "": none */
};

/* ---- ELF, of any machine ---- */

static const struct layout { /* where the fields are, and how long they are */
	size_t word, phoff, phentsize, phnum, offset, filesz, entry;
} layouts[] = {
	{ 4, offsetof(Elf32_Ehdr, e_phoff), offsetof(Elf32_Ehdr, e_phentsize),
	  offsetof(Elf32_Ehdr, e_phnum), offsetof(Elf32_Phdr, p_offset),
	  offsetof(Elf32_Phdr, p_filesz), sizeof(Elf32_Phdr) },
	{ 8, offsetof(Elf64_Ehdr, e_phoff), offsetof(Elf64_Ehdr, e_phentsize),
	  offsetof(Elf64_Ehdr, e_phnum), offsetof(Elf64_Phdr, p_offset),
	  offsetof(Elf64_Phdr, p_filesz), sizeof(Elf64_Phdr) },
};

/* This program's own header: what the machine runs. */
extern const unsigned char __ehdr_start[] __attribute__((visibility("hidden")));

static uint64_t field(const unsigned char *head, const unsigned char *at, size_t size)
{
	bool big = head[EI_DATA] == ELFDATA2MSB;
	uint64_t n = 0;

	for (size_t i = 0; i < size; i++)
		n = n << 8 | at[big ? i : size - 1 - i];
	return n;
}

static unsigned int machine_of(const unsigned char *head)
{
	return (unsigned int)field(head, head + offsetof(Elf64_Ehdr, e_machine), 2);
}

/* As of file(1): "64-bit LSB aarch64". */
static const char *machine_name(const unsigned char *head, char name[48])
{
	static const struct {
		unsigned int machine;
		const char *name;
	} machines[] = {
		{ EM_386, "i386" },	   { EM_X86_64, "x86-64" }, { EM_ARM, "arm" },
		{ EM_AARCH64, "aarch64" }, { EM_RISCV, "riscv" },   { EM_PPC, "ppc" },
		{ EM_PPC64, "ppc64" },	   { EM_S390, "s390" },	    { EM_MIPS, "mips" },
		{ 258, "loongarch" },	   { EM_SPARC, "sparc" },   { EM_SPARCV9, "sparc64" },
		{ EM_68K, "m68k" },	   { EM_SH, "sh" },	    { EM_PARISC, "parisc" },
		{ 0x9026, "alpha" },
	};
	char number[24];
	const char *which = number;

	snprintf(number, sizeof(number), "machine %u", machine_of(head));
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (machines[i].machine == machine_of(head))
			which = machines[i].name;
	snprintf(name, 48, "%d-bit %s %s", head[EI_CLASS] == ELFCLASS32 ? 32 : 64,
		 head[EI_DATA] == ELFDATA2MSB ? "MSB" : "LSB", which);
	return name;
}

static bool is_foreign(const unsigned char *head)
{
	return head[EI_CLASS] != __ehdr_start[EI_CLASS] || head[EI_DATA] != __ehdr_start[EI_DATA] ||
	       machine_of(head) != machine_of(__ehdr_start);
}

/* The name that PT_INTERP leads to. Return: false: what is said of it cannot be. */
static bool read_interpreter(int fd, struct look *l, const struct layout *at, size_t n)
{
	static unsigned char table[TABLE];
	uint64_t phoff = field(l->head, l->head + at->phoff, at->word);
	const unsigned char *entry = table;

	if (n > sizeof(table) / at->entry)
		n = sizeof(table) / at->entry;
	if (phoff > INT64_MAX ||
	    pread(fd, table, n * at->entry, (off_t)phoff) != (ssize_t)(n * at->entry))
		return false;
	for (; n > 0; n--, entry += at->entry) {
		uint64_t offset = field(l->head, entry + at->offset, at->word);
		uint64_t length = field(l->head, entry + at->filesz, at->word);

		if (field(l->head, entry, 4) != PT_INTERP)
			continue;
		if (offset > INT64_MAX || length < 2 || length > NAME)
			return false;
		return pread(fd, l->interpreter, length, (off_t)offset) == (ssize_t)length &&
		       l->interpreter[length - 1] == '\0';
	}
	return true;
}

static enum format read_elf(int fd, struct look *l, ssize_t n)
{
	bool small = l->head[EI_CLASS] == ELFCLASS32;
	const struct layout *at = &layouts[!small];
	uint64_t type = field(l->head, l->head + offsetof(Elf64_Ehdr, e_type), 2);
	size_t entries = field(l->head, l->head + at->phnum, 2);

	if (n < (ssize_t)(small ? sizeof(Elf32_Ehdr) : sizeof(Elf64_Ehdr)))
		return DAMAGED;
	if (type == ET_REL || type == ET_CORE)
		return NO_PROGRAM;
	if (entries == 0 || field(l->head, l->head + at->phentsize, 2) != at->entry ||
	    !read_interpreter(fd, l, at, entries)) {
		l->interpreter[0] = '\0';
		return is_foreign(l->head) ? FOREIGN : DAMAGED;
	}
	return is_foreign(l->head) ? FOREIGN : PROGRAM;
}

/* ---- any file ---- */

/* The first word behind #!, as the kernel takes it. */
static enum format read_script(struct look *l)
{
	const char *word = (const char *)l->head + 2;

	word += strspn(word, " \t");
	snprintf(l->interpreter, sizeof(l->interpreter), "%.*s", (int)strcspn(word, " \t\n"), word);
	return SCRIPT;
}

static void look_at(const char *path, const struct stat *found, struct look *l)
{
	cleanup_close int fd = open_found(path, found);
	ssize_t n;

	*l = (struct look){ .format = UNKNOWN };
	n = fd < 0 ? -1 : pread(fd, l->head, HEAD, 0);
	if (n < 0)
		return;
	if (n >= SELFMAG && memcmp(l->head, ELFMAG, SELFMAG) == 0)
		l->format = read_elf(fd, l, n);
	else if (n >= 2 && memcmp(l->head, "#!", 2) == 0)
		l->format = read_script(l);
	else
		l->format = n ? PLAIN : EMPTY;
}

static bool hint_format(const char *path, const struct look *l)
{
	char its[48], ours[48];

	switch (l->format) {
	case FOREIGN:
		return hint(N_("%s is a program for another machine, %s; this one is %s"), path,
			    machine_name(l->head, its), machine_name(__ehdr_start, ours));
	case NO_PROGRAM:
		return hint(N_("%s is an ELF file, but no program: it is to be linked, or a core"),
			    path);
	case DAMAGED:
		return hint(N_("%s is an ELF file that is cut off or damaged"), path);
	case EMPTY:
		return hint(N_("%s is empty"), path);
	case PLAIN:
		return hint(N_("%s is neither an ELF file nor a script that begins with #!"), path);
	default:
		return false;
	}
}

/* ---- it, and what it needs ---- */

/* @path is what @of needs, whose look is @l. */
static bool hint_missing(const char *path, const char *of, const struct look *l)
{
	size_t len = strlen(path);

	if (l->format == SCRIPT && len > 0 && path[len - 1] == '\r')
		return hint(
			N_("the first line of %s ends in CR LF, so its interpreter is called \"%.*s\\r\", "
			   "which is not there"),
			of, (int)len - 1, path);
	if (l->format == SCRIPT)
		return hint(
			N_("%s is there, but not %s, which its first line names as interpreter"),
			of, path);
	if (l->format == PLAIN || l->format == EMPTY)
		return hint(N_("%s is there, but not %s, which runs a file without #!"), of, path);
	return hint(N_("%s is there, but not %s, the ELF interpreter that it is linked for"), of,
		    path);
}

/* What a file of this look needs: its interpreter, or /bin/sh. Return: NULL: nothing */
static const char *needs(const struct look *l, int err)
{
	if (*l->interpreter)
		return l->interpreter;
	return (l->format == PLAIN || l->format == EMPTY) && err != ENOEXEC ? shell : NULL;
}

/*
 * Whether its format is the reason. A program for another machine may be one that the kernel runs all the
 * same (i386), and its interpreter be missing; else it was /bin/sh that was not there.
 */
static bool is_format(const struct look *l, int err)
{
	if (err == ENOENT)
		return l->format >= FOREIGN && !(*l->interpreter && !is_there(l->interpreter));
	return err == ENOEXEC || err == ELIBBAD || err == EIO;
}

/* Why execve(2) of @path gives @err; or that of what it needs. */
static bool explain(const char *path, int err)
{
	static struct look looks[MAX_NESTED];
	const char *of = NULL;

	for (int n = 0; n < MAX_NESTED && path; n++) {
		struct stat st;
		cleanup_close int fd = find(path, &st);

		if (fd < 0 && of && errno == ENOENT && err == ENOENT)
			return hint_missing(path, of, &looks[n - 1]);
		if (fd < 0)
			return errno == err && hint_way(path, err);
		if (err == EACCES && hint_access(path, fd, &st))
			return true;
		look_at(path, &st, &looks[n]);
		if (is_format(&looks[n], err) && hint_format(path, &looks[n]))
			return true;
		of = path;
		path = needs(&looks[n], err);
	}
	return false;
}

/* ---- where else it could be ---- */

/* Shells that are there, for one that is not. */
static bool hint_shells(const char *file)
{
	static const char *const shells[] = { "/bin/bash", "/bin/zsh",	   "/bin/ash",
					      shell,	   "/bin/busybox", "/busybox/sh" };
	const char *own = getenv("SHELL");
	char there[128] = "";

	for (size_t i = 0; i < ARRAY_SIZE(shells); i++)
		if (is_there(shells[i])) {
			strcat(there, *there ? ", " : "");
			strcat(there, shells[i]);
		}
	if (!*there)
		return hint(N_("the shell %s is not there, and no other one is; name a program"),
			    file);
	if (own && strcmp(own, file) == 0)
		return hint(N_("SHELL is %s, which is not there; what is there: %s"), file, there);
	return hint(N_("the shell %s is not there; what is there: %s"), file, there);
}

static bool is_shell(const char *file)
{
	static const char *const names[] = { "sh",  "bash", "ash",  "dash",
					     "zsh", "ksh",  "fish", "csh" };
	const char *slash = strrchr(file, '/');

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(slash ? slash + 1 : file, names[i]) == 0)
			return true;
	return false;
}

static bool hint_elsewhere(const char *file)
{
	static const char directories[] =
		".:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/opt/bin:"
		"/busybox:/run/current-system/sw/bin";
	const char *rest = directories;
	char path[NAME];

	while (search_next(&rest, file, path, sizeof(path)))
		if (is_there(path))
			return hint(N_("%s is there, in a directory that PATH does not have"),
				    path);
	return false;
}

/* Each that the search has tried; the first with a reason for what it came to. */
static bool explain_search(const char *file, int err)
{
	const char *rest = search_path();
	char path[NAME];

	while (search_next(&rest, file, path, sizeof(path)))
		if (explain(path, err))
			return true;
	return err == ENOENT && hint_elsewhere(file);
}

bool whynot(void)
{
	const char *file = told_failed.path;
	int err = told_failed.err;

	if (strchr(file, '/') ? explain(file, err) : *file && explain_search(file, err))
		return true;
	return err == ENOENT && (told_failed.type || is_shell(file)) && hint_shells(file);
}

void whynot_script(const char *path)
{
	struct look l;
	struct stat st;
	cleanup_close int fd = find(path, &st);

	if (fd < 0 || access(shell, X_OK) < 0)
		return;
	look_at(path, &st, &l);
	if (l.format >= FOREIGN)
		hint_format(path, &l);
}
