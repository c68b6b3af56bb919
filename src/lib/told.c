/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "compat.h"
#include "fd.h"
#include "kind.h"
#include "told.h"

struct told_failure told_failed;

static at_start enum told_mode mode = CALLS_MADE;
static const char *who;		  /* label of this process's lines */
static int write_error;		  /* errno of a dry run's line that could not be written */
static at_start const char *call; /* format of the call that has begun */
static const char *about = "";	  /* see told_about() */
static const char *because;	  /* see told_because() */
static told_explainer *explainer;
static int new_root = -1; /* a dry run's root directory */
static int new_cwd = -1;  /* and where its working directory is */
enum { UNKNOWN = -2 };	  /* either: told, but not there now */

void told_set_mode(enum told_mode m)
{
	mode = m;
}

bool telling(void)
{
	return mode == CALLS_TOLD;
}

bool tracing(void)
{
	return mode == CALLS_TRACED;
}

const char *told_set_who(const char *label)
{
	const char *old = who;

	who = label;
	return old;
}

int told_all(void)
{
	errno = write_error;
	return write_error ? -1 : 0;
}

/* ---- the line ---- */

/*
 * Under construction; what does not fit is cut. Not on the stack: it would cost each start a page.
 */
static struct {
	size_t len;
	char text[8192];
} line;

printf_like(1, 2) static void add(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	int n = vsnprintf(line.text + line.len, sizeof(line.text) - line.len, fmt, args);
	va_end(args);
	line.len += n < 0 ? 0 : (size_t)n;
	if (line.len > sizeof(line.text) - 2)
		line.len = sizeof(line.text) - 2;
}

/* As strace escapes it: no byte of it can be taken for a part of the line. */
static void add_escaped(const char *s)
{
	for (; *s; s++) {
		if (*s == '\n')
			add("\\n");
		else if (*s == '\t')
			add("\\t");
		else if (*s == '"' || *s == '\\')
			add("\\%c", *s);
		else if ((unsigned char)*s < ' ' || (unsigned char)*s > '~')
			add("\\%03o", (unsigned char)*s);
		else
			add("%c", *s);
	}
}

static void add_quoted(const char *s)
{
	add(s ? "\"" : "NULL");
	if (!s)
		return;
	add_escaped(s);
	add("\"");
}

/* The names of the flags, and what is left over as a number. */
static void add_flags(const struct told_flag *names, unsigned long flags)
{
	const char *bar = "";

	for (; names && names->name; names++) {
		if (!(flags & names->bit))
			continue;
		add("%s%s", bar, names->name);
		flags &= ~names->bit;
		bar = "|";
	}
	if (flags || !*bar)
		add(flags ? "%s%#lx" : "%s0", bar, flags);
}

/* Bit by bit, the order strace has. */
static void add_kinds(int flags)
{
	const char *bar = "";

	for (int bit = 0; bit < 31; bit++)
		for (int i = 0; i < KIND_COUNT; i++)
			if ((flags & kinds[i].flag) == 1 << bit) {
				add("%s%s", bar, kinds[i].flagname);
				bar = "|";
			}
}

static void add_signal(int sig)
{
	const char *name = sigabbrev_np(sig);

	if (name)
		add("SIG%s", name);
	else if (sig >= SIGRTMIN && sig <= SIGRTMAX)
		add("SIGRT_%d", sig - KERNEL_SIGRTMIN);
	else
		add("%d", sig);
}

static void add_strings(char *const strings[])
{
	add("[");
	for (size_t i = 0; strings[i]; i++) {
		add(i ? ", " : "");
		add_quoted(strings[i]);
	}
	add("]");
}

static void add_groups(size_t n, const gid_t *groups)
{
	for (size_t i = 0; i < n; i++)
		add("%s%u", i ? ", " : "[", groups[i]);
	add(n ? "]" : "NULL");
}

/* As of strace -y. */
static void add_descriptor(int fd, const char *name)
{
	if (fd == AT_FDCWD) {
		add("AT_FDCWD");
		return;
	}
	add("%d<", fd < 0 ? STDERR_FILENO + 1 : fd);
	add_escaped(name);
	add(">");
}

static void add_number(char type, va_list *args)
{
	if (type == 'd')
		add("%d", va_arg(*args, int));
	else if (type == 'u')
		add("%u", va_arg(*args, unsigned int));
	else if (type == 'z')
		add("%zu", va_arg(*args, size_t));
	else if (type == 'x')
		add("%#llx", va_arg(*args, unsigned long long));
	else if (type == 'o')
		add("%#03o", va_arg(*args, mode_t));
}

/* What is two arguments is taken in two steps, or their order would be the compiler's choice. */
static void add_argument(char type, va_list *args)
{
	const struct told_flag *names = type == 'F' ? va_arg(*args, const struct told_flag *)
						    : NULL;
	size_t n = type == 'G' ? va_arg(*args, size_t) : 0;
	int fd = type == 'D' ? va_arg(*args, int) : -1;

	if (type == 'q')
		add_quoted(va_arg(*args, const char *));
	else if (type == 's')
		add("%s", va_arg(*args, const char *));
	else if (type == 'D')
		add_descriptor(fd, va_arg(*args, const char *));
	else if (type == 'F')
		add_flags(names, va_arg(*args, unsigned long));
	else if (type == 'K')
		add_kinds(va_arg(*args, int));
	else if (type == 'S')
		add_signal(va_arg(*args, int));
	else if (type == 'V')
		add_strings(va_arg(*args, char *const *));
	else if (type == 'G')
		add_groups(n, va_arg(*args, const gid_t *));
	else
		add_number(type, args);
}

static void add_arguments(const char *fmt, va_list *args)
{
	for (; *fmt; fmt++) {
		size_t plain = strcspn(fmt, "%");

		add("%.*s", (int)plain, fmt);
		fmt += plain;
		if (!*fmt)
			break;
		add_argument(*++fmt, args);
	}
}

static void add_label(void)
{
	if (who)
		add("[%s] ", who);
}

static void begin_line(void)
{
	line.len = 0;
	add_label();
}

/* In one piece, so that lines of several processes do not mix. */
static void put_line(void)
{
	int fd = telling() ? STDOUT_FILENO : STDERR_FILENO;
	size_t done = 0;

	line.text[line.len++] = '\n';
	while (done < line.len) {
		ssize_t n = write(fd, line.text + done, line.len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			if (telling()) /* they are its result */
				write_error = errno;
			return;
		}
		done += (size_t)n;
	}
}

/* ---- explanations ---- */

static size_t label_length(void)
{
	return who ? strlen(who) + strlen("[] ") : 0;
}

/* Behind the label, where more than one of a line begin; 0: there is none yet. */
static size_t column;

void told_set_explainer(told_explainer *f)
{
	explainer = f;
}

void told_about(const char *what)
{
	about = what;
}

void told_because(const char *option)
{
	because = option;
}

void told_explain(const char *why, const char *sentence)
{
	if (column) {
		add("\n");
		add_label();
		add("%*s", (int)column, "");
	} else { /* below a long one others begin at the left */
		column = line.len > 64 ? 8 : line.len - label_length();
	}
	add("   # %s%s%s", why, *why ? ": " : "", sentence);
}

static void put_call(void)
{
	size_t label = label_length();

	column = 0;
	if (explainer)
		explainer(line.text + label, line.len - label, about, because);
	about = "";
	put_line();
}

void told_note(const char *fmt, ...)
{
	char note[1024];
	va_list args;
	int saved = errno;

	if (mode == CALLS_MADE)
		return;
	va_start(args, fmt);
	vsnprintf(note, sizeof(note), fmt, args);
	va_end(args);
	begin_line();
	add("# ");
	add_escaped(note);
	put_line();
	errno = saved;
}

/* ---- a call ---- */

bool told_call(const char *fmt, ...)
{
	va_list args;

	call = fmt;
	if (mode == CALLS_MADE)
		return true;
	begin_line();
	va_start(args, fmt);
	add_arguments(fmt, &args);
	va_end(args);
	return mode == CALLS_TRACED;
}

void told_add(const char *fmt, ...)
{
	va_list args;

	if (mode == CALLS_MADE)
		return;
	va_start(args, fmt);
	add_arguments(fmt, &args);
	va_end(args);
}

void told_ahead(void)
{
	if (mode == CALLS_TRACED)
		put_call();
}

/* Keeps errno. */
static void put_result(long ret)
{
	int saved = errno;

	if (tracing()) {
		if (ret >= 0)
			add(" = %ld", ret);
		else if (strerrorname_np(saved))
			add(" = -1 %s (%s)", strerrorname_np(saved), strerrordesc_np(saved));
		else
			add(" = -1 errno %d (%s)", saved, strerrordesc_np(saved));
	}
	if (mode != CALLS_MADE)
		put_call();
	errno = saved;
}

long told_end_of(long ret, unsigned long arg, const char *path, const char *type)
{
	static char name[24];
	size_t len;

	put_result(ret);
	if (ret >= 0)
		return ret;
	len = strcspn(call, "(");
	if (len >= sizeof(name))
		return ret;
	memcpy(name, call, len);
	name[len] = '\0';
	told_failed = (struct told_failure){ name, errno, arg, path, type, -1, 0, NULL };
	return ret;
}

long told_end(long ret)
{
	return told_end_of(ret, 0, NULL, NULL);
}

/* ---- the file system that a dry run's chroot and chdir lead to ---- */

static int (*look_up)(const char *path, int flags); /* or NULL */

void told_look_up(int (*open_below)(const char *path, int flags))
{
	look_up = open_below;
}

int told_open(const char *path, int flags)
{
	int base = *path == '/' ? new_root : new_cwd;

	if (look_up && *path == '/')
		return look_up(path, flags);
	if (base == UNKNOWN)
		return fail_with(ENOENT);
	if (*path == '/' && base >= 0)
		return fd_open_below(base, path, flags, RESOLVE_IN_ROOT);
	return openat(base < 0 ? AT_FDCWD : base, path, flags | O_CLOEXEC);
}

/* Return: the descriptor, or UNKNOWN */
static int open_place(const char *path)
{
	int fd = fd_above_stdio(told_open(path, O_PATH | O_DIRECTORY));

	return fd < 0 ? UNKNOWN : fd;
}

void told_chroot(const char *path)
{
	new_root = strcmp(path, ".") == 0 && new_cwd >= 0 ? new_cwd : open_place(path);
}

void told_chdir(const char *path)
{
	new_cwd = open_place(path);
}

void told_fchdir(int fd)
{
	new_cwd = fcntl(fd, F_DUPFD_CLOEXEC, 64); /* the numbers that are told stay as they are */
}

void told_assume_root(int fd)
{
	new_root = fd;
}

bool told_root(void)
{
	return new_root >= 0 || look_up;
}

int told_fd(void)
{
	return fd_above_stdio(open("/", O_PATH | O_CLOEXEC));
}
