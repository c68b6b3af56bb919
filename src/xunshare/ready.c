/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>

#include "cli.h"
#include "fd.h"
#include "nsfs.h"
#include "own.h"
#include "ready.h"
#include "sys.h"
#include "told.h"

#define MAX_LINKS 40	  /* as the kernel follows */
#define MAX_LEFT_OVER 100 /* files of those that were killed while they wrote one */

/* What is open for it. */
static struct {
	bool is_special; /* the pid file is no regular one: it is written to, not made */
	int special;	 /* open for that, -1: not */
	int dir;	 /* of the pid file, at the end of all links */
	char *name;	 /* and its name there */
	int proc;	 /* the /proc of the beginning: another may be mounted over it */
} at = { .special = -1, .dir = -1, .proc = -1 };

bool ready_telling(const struct ready *r)
{
	return r->pid_file || r->info.given;
}

/* ---- what is open ---- */

/* The program has no use for it; but 0, 1 and 2 are its own as well. */
static void take_descriptor(const char *option, int fd)
{
	if (fcntl(fd, F_GETFD) < 0 || (fd > STDERR_FILENO && fcntl(fd, F_SETFD, FD_CLOEXEC) < 0))
		die(EXIT_FAILURE, errno, N_("cannot use descriptor %d of %s"), fd, option);
}

/* The directory that @path is in, seen from the directory @dir. Return: a descriptor, or -1 with errno */
static int open_dir_of(int dir, const char *path)
{
	const char *slash = strrchr(path, '/');
	cleanup_free char *name = must_have(
		slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup("."));

	return fd_above_stdio(openat(dir, name, O_PATH | O_DIRECTORY | O_CLOEXEC));
}

static _Noreturn void cannot_write(const struct ready *r, int err)
{
	die(EXIT_FAILURE, err, N_("cannot write %s"), r->pid_file);
}

static void must_file(const struct ready *r, int ret)
{
	if (ret < 0)
		cannot_write(r, errno);
}

/* A FIFO, a device, or what only a link of /proc names. Nothing of it is made, replaced or removed. */
static void open_special(const struct ready *r, const struct stat *is)
{
	struct stat st;

	at.is_special = true;
	at.special = sys_open_special(r->pid_file);
	if (telling())
		return;
	must_file(r, at.special);
	if (fstat(at.special, &st) < 0 || !same_file(&st, is))
		cannot_write(r, EAGAIN);
}

/* Whether @dir is of /proc, whose links need not be paths: what /dev/stdout leads to, say. */
static bool is_of_proc(int dir)
{
	struct statfs fs;

	return fstatfs(dir, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

/*
 * Finds the directory and the name of the regular file that is to be made, or replaced, at the end of
 * all links. Return: false if a link of /proc leads there.
 */
static bool find_regular(const struct ready *r)
{
	cleanup_free char *path = must_have(strdup(r->pid_file));
	char target[PATH_MAX];
	struct stat st;

	at.dir = AT_FDCWD;
	for (int links = 0;; links++) {
		int dir = open_dir_of(at.dir, path);

		if (dir < 0 || links > MAX_LINKS)
			cannot_write(r, dir < 0 ? errno : ELOOP);
		close_fd(&at.dir);
		at.dir = dir;
		const char *slash = strrchr(path, '/');
		at.name = must_have(strdup(slash ? slash + 1 : path));
		if (fstatat(dir, at.name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISLNK(st.st_mode))
			break;
		if (is_of_proc(dir))
			return false;
		ssize_t n = readlinkat(dir, at.name, target, sizeof(target) - 1);
		must_file(r, (int)n);
		free(at.name);
		free(path);
		path = must_have(strndup(target, (size_t)n));
	}
	return true;
}

/* What is there says what is done with it. */
static void open_pid_file(const struct ready *r)
{
	struct stat st;
	bool there = stat(r->pid_file, &st) == 0;

	if (there && S_ISDIR(st.st_mode))
		cannot_write(r, EISDIR);
	if (there && S_ISSOCK(st.st_mode))
		cannot_write(r, ENXIO);
	if ((there && !S_ISREG(st.st_mode)) || (!find_regular(r) && there))
		open_special(r, &st);
	else if (!*at.name || strlen(at.name) > NAME_MAX)
		cannot_write(r, *at.name ? ENAMETOOLONG : EISDIR);
}

void ready_open(const struct ready *r)
{
	if (r->block.given)
		take_descriptor("--block-fd", r->block.fd);
	if (r->info.given) {
		take_descriptor("--info-fd", r->info.fd);
		at.proc = (int)must(open_dir("/proc"), N_("cannot open %s"), "/proc");
		must(faccessat(at.proc, "self/ns", F_OK, 0), N_("cannot open %s"),
		     "/proc/self/ns"); /* it is no proc */
	}
	if (r->pid_file)
		open_pid_file(r);
}

/* ---- writing ---- */

/*
 * Whole, and without a SIGPIPE for us if nobody reads: whether that is an error is the caller's.
 * Return: 0, or -1 with errno
 */
static int write_line(int fd, const char *name, const char *text)
{
	static const struct timespec now = { 0, 0 };
	sigset_t pipe_signal, old;

	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	sigprocmask(SIG_BLOCK, &pipe_signal, &old);
	int ret = sys_write(fd, name, text), err = errno;
	if (ret < 0 && err == EPIPE)
		sigtimedwait(&pipe_signal, NULL, &now);
	sigprocmask(SIG_SETMASK, &old, NULL);
	errno = err;
	return ret;
}

/* ---- the PID ---- */

/* A file in the directory, to be undone. */
static struct {
	char name[NAME_MAX + 1];
	struct stat st;
} made;

static void undo_file(void *arg)
{
	struct stat st;

	if (fstatat(at.dir, made.name, &st, AT_SYMLINK_NOFOLLOW) == 0 && same_file(&st, &made.st))
		sys_unlink_at(at.dir, made.name, false);
}

/* Under another name first: who sees the file is to see the PID in it. Return: the descriptor */
static int create_beside(const struct ready *r)
{
	int fd = -1;

	for (int i = 0; i < MAX_LEFT_OVER; i++) { /* one may have been killed just here */
		snprintf(made.name, sizeof(made.name), ".%.240s.%d", at.name, i);
		told_about("pid file");
		fd = sys_create_at(at.dir, ".", made.name, 0644);
		if (fd >= 0 || errno != EEXIST)
			break;
	}
	if (telling())
		return fd;
	must_file(r, fd);
	if (fstat(fd, &made.st) < 0) {
		int err = errno;
		sys_unlink_at(at.dir, made.name, false);
		cannot_write(r, err);
	}
	undo_push(undo_file, NULL);
	return fd;
}

static void write_regular(const struct ready *r, const char *text)
{
	int fd = create_beside(r); /* stays open: no other file gets its inode number */
	struct stat st;

	told_about("pid file");
	must_file(r, sys_write(fd, made.name, text));
	/* what has come there since the beginning, and is no regular file, stays as well */
	if (fstatat(at.dir, at.name, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(st.st_mode))
		cannot_write(r, EEXIST);
	must_file(r, sys_rename_at(at.dir, ".", made.name, at.name));
	memcpy(made.name, at.name, strlen(at.name) + 1);
}

void ready_write_pid(const struct ready *r, pid_t pid)
{
	char text[16];

	snprintf(text, sizeof(text), telling() ? "PID\n" : "%d\n", pid);
	if (!at.is_special) {
		write_regular(r, text);
		return;
	}
	told_about("pid file");
	must_file(r, write_line(at.special, r->pid_file, text));
	close_fd(&at.special);
}

/* ---- lines of JSON ---- */

void ready_look(const struct ready *r, struct ready_ns *ns)
{
	char path[32];
	struct stat st;

	memset(ns, 0, sizeof(*ns));
	if (!r->info.given || telling())
		return;
	for (int i = 0; i < KIND_COUNT; i++) {
		snprintf(path, sizeof(path), "self/ns/%s", kinds[i].proc);
		if (fstatat(at.proc, path, &st, 0) == 0)
			ns->inode[i] = st.st_ino;
		else if (errno != ENOENT) /* the kernel has no such kind */
			die(EXIT_FAILURE, errno, N_("cannot read %s"), path);
	}
}

void ready_write_info(const struct ready *r, pid_t pid, const struct ready_ns *ns)
{
	char text[512];
	const char *comma = "";
	int n = snprintf(text, sizeof(text), "{\"pid\":%d,\"namespaces\":{", pid);

	for (int i = 0; i < KIND_COUNT; i++) {
		if (!ns->inode[i])
			continue;
		n += snprintf(text + n, sizeof(text) - (size_t)n, "%s\"%s\":%" PRIu64, comma,
			      kinds[i].proc, ns->inode[i]);
		comma = ",";
	}
	snprintf(text + n, sizeof(text) - (size_t)n, "}}\n");
	if (telling()) /* there is no PID, and no inode number either */
		snprintf(text, sizeof(text), "{\"pid\":PID,\"namespaces\":{...}}\n");
	must(write_line(r->info.fd, "info-fd", text), N_("cannot write to descriptor %d of %s"),
	     r->info.fd, "--info-fd");
}

void ready_let_go(void)
{
	close_fd(&at.proc);
	close_fd(&at.dir);
	ready_let_go_of_special();
}

void ready_let_go_of_special(void)
{
	close_fd(&at.special);
}

bool ready_is_special(void)
{
	return at.is_special;
}

void ready_ended(const struct ready *r, pid_t pid, int status)
{
	char text[96], signal[24] = "";
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);

	if (!r->info.given || telling())
		return;
	if (WIFSIGNALED(status))
		snprintf(signal, sizeof(signal), ",\"signal\":%d", WTERMSIG(status));
	snprintf(text, sizeof(text), "{\"pid\":%d,\"status\":%d%s}\n", pid, code, signal);
	/* the status is the program's all the same */
	if (write_line(r->info.fd, "info-fd", text) < 0 && errno != EPIPE)
		warn_err(errno, N_("cannot write to descriptor %d of %s"), r->info.fd, "--info-fd");
}

/* ---- waiting ---- */

void ready_block(const struct ready *r)
{
	char byte;
	ssize_t n;

	told_note("waits for a byte, or the end of file, on descriptor %d", r->block.fd);
	if (telling())
		return;
	do
		n = read(r->block.fd, &byte, 1);
	while (n < 0 && errno == EINTR);
	must(n, N_("cannot read descriptor %d of %s"), r->block.fd, "--block-fd");
}
