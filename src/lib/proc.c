/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ctype.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

#include "compat.h"
#include "die.h"
#include "fd.h"
#include "own.h"
#include "proc.h"
#include "readall.h"

bool proc_gone(int err)
{
	return err == ENOENT || err == ESRCH || err == EACCES || err == EPERM;
}

bool proc_is_there(pid_t pid)
{
	return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM);
}

/* ---- directories ---- */

/* getdents64(2) itself: opendir(3) would ask two things more, once for each process. */
struct entry {
	uint64_t inode;
	int64_t offset;
	unsigned short size;
	unsigned char type;
	char name[];
};

static int number_of(const char *name)
{
	int n = 0;

	for (; isdigit((unsigned char)*name); name++)
		n = 10 * n + (*name - '0');
	return *name ? -1 : n;
}

int proc_numbers(int fd, int (*f)(void *arg, int number), void *arg)
{
	_Alignas(struct entry) char buffer[16384];
	long n;

	/* to the 0: a signal that is pending ends an answer early, be it one that is ignored */
	while ((n = syscall(SYS_getdents64, fd, buffer, sizeof(buffer))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		for (char *p = buffer; p < buffer + n; p += ((struct entry *)p)->size) {
			int number = number_of(((struct entry *)p)->name);
			int ret = number < 0 ? 0 : f(arg, number);

			if (ret < 0)
				return ret;
		}
	}
	return 0;
}

struct list {
	pid_t *numbers;
	size_t n, room;
};

static int append(void *arg, int number)
{
	struct list *l = arg;

	if (l->n == l->room) {
		l->room = l->room ? 2 * l->room : 1024;
		l->numbers = must_have(reallocarray(l->numbers, l->room, sizeof(pid_t)));
	}
	l->numbers[l->n++] = number;
	return 0;
}

ssize_t proc_list(const char *path, pid_t **numbers)
{
	struct list l = { NULL, 0, 0 };
	cleanup_close int fd = fd_above_stdio(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));

	*numbers = NULL;
	if (fd < 0 || proc_numbers(fd, append, &l) < 0) {
		free(l.numbers);
		return -1;
	}
	*numbers = l.numbers;
	return (ssize_t)l.n;
}

void proc_put_number(char *to, int number)
{
	char digits[16];
	int n = 0;

	do
		digits[n++] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	while (n > 0)
		*to++ = digits[--n];
	*to = '\0';
}

int proc_open(pid_t pid)
{
	char path[32] = "/proc/";

	proc_put_number(path + strlen("/proc/"), pid);
	return open_dir(path);
}

int proc_open_thread(int process, pid_t tid)
{
	char path[32] = "task/";

	proc_put_number(path + strlen("task/"), tid);
	return fd_above_stdio(openat(process, path, O_PATH | O_DIRECTORY | O_CLOEXEC));
}

pid_t proc_of_pidfd(int pidfd)
{
	char path[40], text[512] = "";

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
	cleanup_close int fd = fd_above_stdio(open(path, O_RDONLY | O_CLOEXEC));
	if (fd < 0 && fcntl(pidfd, F_GETFD) >= 0) /* which leaves errno */
		return -3;
	if (fd < 0 || read_text(fd, text, sizeof(text)) < 0)
		return -2;
	const char *line = strstr(text, "\nPid:");
	return line ? (pid_t)strtol(line + strlen("\nPid:"), NULL, 10) : -2;
}

/* ---- namespaces ---- */

bool proc_link_number(const char *text, const char *what, ino_t *inode)
{
	size_t len = strlen(what);
	ino_t n = 0;

	if (strncmp(text, what, len) != 0 || text[len] != ':' || text[len + 1] != '[')
		return false;
	text += len + 2;
	if (*text < '0' || *text > '9')
		return false;
	for (; *text >= '0' && *text <= '9'; text++) {
		if (n > ((ino_t)-1 - 9) / 10)
			return false;
		n = 10 * n + (ino_t)(*text - '0');
	}
	if (strcmp(text, "]") != 0)
		return false;
	*inode = n;
	return true;
}

const struct kind *proc_ns_text(const char *text, ino_t *inode)
{
	for (const struct kind *k = kinds; k < kinds + KIND_COUNT; k++)
		if (proc_link_number(text, k->proc, inode))
			return k;
	return NULL;
}

int proc_ns(int dir, const char *file, const struct kind *kind, ino_t *inode)
{
	char text[64];
	ssize_t n = readlinkat(dir, file, text, sizeof(text) - 1);

	if (n < 0)
		return -1;
	text[n] = '\0';
	return proc_link_number(text, kind->proc, inode) ? 0 : fail_with(ENOENT);
}

/* ---- what a process is ---- */

enum { MAX_FILE = 64 << 20 };

/* The whole file. Return: its length; -1 with errno. The text is allocated, ended by a NUL. */
static ssize_t read_file(int dir, const char *name, char **text)
{
	cleanup_close int fd = fd_above_stdio(openat(dir, name, O_RDONLY | O_CLOEXEC));
	size_t len = 0;

	*text = fd < 0 ? NULL : read_all(fd, MAX_FILE, &len);
	return *text ? (ssize_t)len : -1;
}

int proc_uid(int dir, uid_t *uid)
{
	struct stat st;

	if (fstat(dir, &st) < 0)
		return -1;
	*uid = st.st_uid;
	return 0;
}

int proc_ppid(int dir, pid_t *ppid)
{
	char text[512]; /* of which the name takes 16 bytes at most */
	cleanup_close int fd = fd_above_stdio(openat(dir, "stat", O_RDONLY | O_CLOEXEC));
	ssize_t n;

	do
		n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	while (fd >= 0 && n < 0 && errno == EINTR);
	if (n < 0)
		return -1;
	text[n] = '\0';
	const char *behind = strrchr(text, ')');
	if (behind && sscanf(behind, ") %*c %d", ppid) == 1 && *ppid >= 0)
		return 0;
	return fail_with(ESRCH); /* read as it ended */
}

int proc_command(int dir, char **command)
{
	ssize_t n = read_file(dir, "cmdline", command);

	if (n == 0) {
		free(*command);
		n = read_file(dir, "comm", command);
		if (n > 0 && (*command)[n - 1] == '\n')
			(*command)[--n] = '\0';
	}
	if (n < 0)
		return -1;
	if (n > 0 && (*command)[n - 1] == '\0') /* an empty word before it leaves its space */
		n--;
	for (ssize_t i = 0; i < n; i++)
		if ((*command)[i] == '\0')
			(*command)[i] = ' ';
	return 0;
}

int proc_inode(int dir, pid_t pid, unsigned long long *inode)
{
	cleanup_close int fd =
		fd_above_stdio((int)syscall(SYS_pidfd_open, pid, PIDFD_THREAD)); /* Linux 6.9 */
	struct statfs fs;
	struct stat st, own;
	pid_t number;

	*inode = 0;
	if (fd < 0)
		return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? -1 : 0;
	if (fstatfs(fd, &fs) < 0 || fstat(fd, &st) < 0)
		return -1;
	if (fs.f_type != PID_FS_MAGIC)
		return 0;
	errno = 0;
	number = proc_of_pidfd(fd);
	if (number < 0) {
		errno = errno ? errno : ESRCH;
		return -1;
	}
	if (fstatat(dir, "stat", &own, 0) < 0) /* then the number may be another's by now */
		return -1;
	if (number == pid)
		*inode = st.st_ino;
	return 0;
}

int proc_nspid(int dir, char **pid)
{
	cleanup_free char *status = NULL;

	if (read_file(dir, "status", &status) < 0)
		return -1;
	char *line = strstr(status, "\nNSpid:");
	if (!line)
		return fail_with(ESRCH);
	line += strlen("\nNSpid:");
	line[strcspn(line, "\n")] = '\0';
	const char *last = strrchr(line, '\t');
	*pid = must_have(strdup(last ? last + 1 : line));
	return 0;
}

/* The next digits of the text, as a number; no sign, so that it is never longer when it is written. */
static bool next_number(char **text, unsigned long *n)
{
	char *at = *text + strspn(*text, " \t\n");

	*n = strtoul(at, text, 10);
	return *at >= '0' && *at <= '9';
}

int proc_map(int dir, const char *name, char **map)
{
	unsigned long inner, outer, count;

	if (read_file(dir, name, map) < 0)
		return -1;
	char *to = *map, *text = to; /* what is written is never longer than what was read */
	while (next_number(&text, &inner) && next_number(&text, &outer) &&
	       next_number(&text, &count))
		to += sprintf(to, "%s%lu:%lu:%lu", to == *map ? "" : "\n", inner, outer, count);
	*to = '\0';
	return 0;
}

/* The path in "ID:CONTROLLERS:PATH", or NULL. */
static const char *cgroup_path(const char *line)
{
	const char *colon = strchr(line, ':');

	colon = colon ? strchr(colon + 1, ':') : NULL;
	return colon ? colon + 1 : NULL;
}

int proc_cgroup(int dir, char **path)
{
	const char *best = "/";
	cleanup_free char *text = NULL;

	if (read_file(dir, "cgroup", &text) < 0)
		return -1;
	char *rest = text, *line;
	while ((line = strsep(&rest, "\n"))) {
		const char *p = cgroup_path(line);

		if (p && strcmp(p, "/") != 0 &&
		    (strcmp(best, "/") == 0 || strncmp(line, "0::", 3) == 0))
			best = p;
	}
	*path = must_have(strdup(best));
	return 0;
}

/* ---- mounts ---- */

int proc_is_mount(int dir, const char *path, int flags)
{
	struct statx st;

	if (statx(dir, path, flags, 0, &st) < 0)
		return -1;
	return (st.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

/* Undoes the octal escapes of mountinfo, in place. */
static void unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (s[0] == '\\' && strspn(s + 1, "01234567") >= 3) {
			*to++ = (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0'));
			s += 3;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
}

int proc_mount(char *line, char **root, char **target)
{
	char *fields[5]; /* mount ID, parent, device, root, target */

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		fields[i] = strsep(&line, " ");
		if (!line)
			return -1;
	}
	*root = fields[3];
	*target = fields[4];
	unescape(*root);
	unescape(*target);
	return 0;
}

int proc_mounts(char *lines, void (*f)(void *arg, const char *root, const char *target), void *arg)
{
	char *line, *root, *target;

	while ((line = strsep(&lines, "\n")))
		if (proc_mount(line, &root, &target) == 0)
			f(arg, root, target);
	return 0;
}
