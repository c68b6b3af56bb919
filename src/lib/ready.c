/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "cli.h"
#include "ready.h"
#include "sys.h"

bool ready_telling(const struct ready *r)
{
	return r->pid_file || r->info_given;
}

/* ---- what is open ---- */

static int open_dir(const char *path)
{
	return sys_above_stdio(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
}

/* The program has no use for it; but 0, 1 and 2 are its own as well. */
static void take_descriptor(const char *option, int fd)
{
	if (fcntl(fd, F_GETFD) < 0 || (fd > STDERR_FILENO && fcntl(fd, F_SETFD, FD_CLOEXEC) < 0))
		die(EXIT_FAILURE, errno, N_("cannot use descriptor %d of %s"), fd, option);
}

/* The directory that @path is in, as a path. Return: the caller's memory */
static char *dir_of_file(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return must_have(strdup("."));
	return must_have(strndup(path, slash == path ? 1 : (size_t)(slash - path)));
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

void ready_open(struct ready *r)
{
	if (r->block_given)
		take_descriptor("--block-fd", r->block);
	if (r->info_given) {
		take_descriptor("--info-fd", r->info);
		r->proc = open_dir("/proc");
		if (r->proc < 0)
			die(EXIT_FAILURE, errno, N_("cannot open %s"), "/proc");
	}
	if (r->pid_file) {
		char *dir = dir_of_file(r->pid_file);

		r->dir = open_dir(dir);
		if (r->dir < 0 || !*base_of(r->pid_file))
			die(EXIT_FAILURE, r->dir < 0 ? errno : EISDIR, N_("cannot write %s"),
			    r->pid_file);
		free(dir);
	}
}

/* ---- the PID ---- */

static struct {
	int dir;
	char name[NAME_MAX + 1];
} made; /* a file, to be undone */

static void undo_file(void *arg)
{
	(void)arg;
	sys_unlink_at(made.dir, made.name);
}

/* Under another name first: who sees the file is to see the PID in it. */
static void write_pid_file(struct ready *r, const char *text)
{
	const char *base = base_of(r->pid_file);
	char *dir = dir_of_file(r->pid_file);
	cleanup_close int fd = -1;

	made.dir = r->dir;
	if ((size_t)snprintf(made.name, sizeof(made.name), "%s.new", base) >= sizeof(made.name))
		die(EXIT_FAILURE, ENAMETOOLONG, N_("cannot write %s"), r->pid_file);
	fd = sys_create_at(r->dir, dir, made.name, 0644);
	if (fd < 0 && errno == EEXIST && sys_unlink_at(r->dir, made.name) == 0)
		fd = sys_create_at(r->dir, dir, made.name, 0644); /* one was killed just here */
	if (fd < 0 && !sys_telling())
		die(EXIT_FAILURE, errno, N_("cannot write %s"), r->pid_file);
	if (!sys_telling())
		undo_push(undo_file, NULL);
	must(sys_write(fd, made.name, text), N_("cannot write %s"), r->pid_file);
	must(sys_rename_at(r->dir, dir, made.name, base), N_("cannot write %s"), r->pid_file);
	memcpy(made.name, base, strlen(base) + 1);
	free(dir);
}

/* ---- lines of JSON ---- */

/*
 * Whole, and without a SIGPIPE for us if nobody reads: whether that is an error is the caller's.
 * Return: 0, or -1 with errno
 */
static int write_line(int fd, const char *text)
{
	static const struct timespec now = { 0, 0 };
	sigset_t pipe_signal, old;
	int ret, err;

	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	sigprocmask(SIG_BLOCK, &pipe_signal, &old);
	ret = sys_write(fd, "info-fd", text);
	err = errno;
	if (ret < 0 && err == EPIPE)
		sigtimedwait(&pipe_signal, NULL, &now);
	sigprocmask(SIG_SETMASK, &old, NULL);
	errno = err;
	return ret;
}

void ready_look(const struct ready *r, struct ready_ns *ns)
{
	char path[32];
	struct stat st;

	memset(ns, 0, sizeof(*ns));
	if (!r->info_given || sys_telling())
		return;
	for (int i = 0; i < KIND_COUNT; i++) {
		snprintf(path, sizeof(path), "self/ns/%s", kinds[i].proc);
		if (fstatat(r->proc, path, &st, 0) == 0)
			ns->inode[i] = st.st_ino;
		else if (errno != ENOENT) /* the kernel has no such kind */
			die(EXIT_FAILURE, errno, N_("cannot read %s"), path);
	}
}

/* In a dry run there is no PID, and no inode number either. */
static void write_info(const struct ready *r, pid_t pid, const struct ready_ns *ns)
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
	if (sys_telling())
		snprintf(text, sizeof(text), "{\"pid\":PID,\"namespaces\":{...}}\n");
	must(write_line(r->info, text), N_("cannot write to descriptor %d of %s"), r->info,
	     "--info-fd");
}

void ready_tell(struct ready *r, pid_t pid, const struct ready_ns *ns)
{
	char text[16];

	snprintf(text, sizeof(text), sys_telling() ? "PID\n" : "%d\n", pid);
	if (r->pid_file)
		write_pid_file(r, text);
	if (r->info_given)
		write_info(r, pid, ns);
}

void ready_ended(const struct ready *r, pid_t pid, int status)
{
	char text[96];
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	int n = snprintf(text, sizeof(text), "{\"pid\":%d,\"status\":%d", pid, code);

	if (!r->info_given || sys_telling())
		return;
	if (WIFSIGNALED(status))
		n += snprintf(text + n, sizeof(text) - (size_t)n, ",\"signal\":%d",
			      WTERMSIG(status));
	snprintf(text + n, sizeof(text) - (size_t)n, "}\n");
	if (write_line(r->info, text) < 0)
		return; /* there is nobody left to tell */
}

/* ---- waiting ---- */

void ready_block(struct ready *r)
{
	char byte;
	ssize_t n;

	if (!r->block_given)
		return;
	sys_note("waits for a byte, or the end of file, on descriptor %d", r->block);
	if (sys_telling())
		return;
	do
		n = read(r->block, &byte, 1);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		die(EXIT_FAILURE, errno, N_("cannot read descriptor %d of %s"), r->block,
		    "--block-fd");
}
