/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <linux/sockios.h>

#include "cli.h"
#include "compat.h"
#include "engine.h"
#include "fd.h"
#include "nsfs.h"
#include "nsid.h"
#include "own.h"
#include "proc.h"
#include "readall.h"
#include "seen.h"
#include "target.h"
#include "told.h"

static int own(int fd)
{
	return (int)must(fd_above_stdio(fd), N_("cannot duplicate descriptor"));
}

/* ---- a process ---- */

static _Noreturn void no_process(pid_t pid, int err)
{
	die(EXIT_FAILURE, err, N_("failed to obtain a valid file descriptor for PID %d"), pid);
}

static struct stat own_pid_ns;

/*
 * Sets proc_pid. In the initial PID namespace a /proc that shows us is that one's, and counts as we
 * do. Return: whether the process is in /proc.
 */
static bool find_in_proc(struct target *t)
{
	if (t->proc_pid)
		return t->proc_pid > 0;
	if (stat("/proc/self/ns/pid", &own_pid_ns) < 0)
		return false;
	if (t->pidfd < 0 || own_pid_ns.st_ino == PROC_PID_INIT_INO)
		t->proc_pid = t->pid;
	else
		t->proc_pid = proc_of_pidfd(t->pidfd);
	if (t->proc_pid == -1)
		no_process(t->pid, ESRCH);
	return t->proc_pid > 0;
}

static void must_find(struct target *t)
{
	errno = ENOENT;
	must(find_in_proc(t) ? 0 : -1, N_("cannot find process %d in /proc"), t->pid);
}

int target_try_dir(struct target *t)
{
	if (t->dir < 0 && !t->closed && find_in_proc(t))
		t->dir = proc_open(t->proc_pid);
	return t->dir;
}

/* For its hint: the file @name of it could not be opened. */
static void note_failure(const struct target *t, const char *name)
{
	told_failed = (struct told_failure){ .call = "target",
					     .err = errno,
					     .type = name,
					     .fd = t->dir,
					     .pid = t->pid };
}

void target_prepare(struct target *t)
{
	if (t->dir >= 0 || t->closed)
		return;
	must_find(t);
	if (target_try_dir(t) >= 0)
		return;
	note_failure(t, "");
	die(EXIT_FAILURE, errno, N_("cannot open /proc/%d"), t->proc_pid);
}

/* PIDs come again; the inode numbers of pidfs do not, as long as the machine runs. */
static void check_inode(const struct target *t, unsigned long long inode)
{
	struct statfs fs;
	struct stat st;

	if (fstatfs(t->pidfd, &fs) < 0 || fs.f_type != PID_FS_MAGIC)
		die(EXIT_FAILURE, 0,
		    N_("PID:INODE needs Linux 6.9 or newer, where a process has an inode number"));
	if (fstat(t->pidfd, &st) < 0 || st.st_ino != inode)
		no_process(t->pid, ESRCH);
}

void target_open(struct target *t, pid_t pid, unsigned long long inode)
{
	t->pid = pid;
	t->pidfd = fd_above_stdio((int)syscall(SYS_pidfd_open, pid, 0));
	if (t->pidfd < 0 && errno != ESRCH) /* a thread that is not the first of its process */
		t->pidfd = fd_above_stdio((int)syscall(SYS_pidfd_open, pid, PIDFD_THREAD));
	int err = errno;
	if (t->pidfd < 0 && inode)
		no_process(pid, err);
	if (t->pidfd < 0) { /* before Linux 6.9; or it is a number of a /proc that is not ours */
		t->proc_pid = pid;
		t->dir = proc_open(pid);
		if (t->dir < 0 && err != ESRCH && access("/proc/self", F_OK) < 0)
			die(EXIT_FAILURE, errno, N_("cannot find process %d in /proc"), pid);
		if (t->dir < 0)
			no_process(pid, ESRCH);
	}
	if (inode)
		check_inode(t, inode);
}

void target_open_engine(struct target *t, const char *word)
{
	t->pid = engine_find(word, EXIT_FAILURE, &t->pidfd);
	if (t->pidfd >= 0)
		return;
	t->proc_pid = t->pid;
	t->dir = proc_open(t->pid);
	if (t->dir < 0)
		no_process(t->pid, ESRCH);
}

void target_open_pidfd(struct target *t, int pidfd)
{
	pid_t pid = proc_of_pidfd(pidfd);

	if (pid == -3)
		die(EXIT_FAILURE, errno, N_("cannot open %s"), "/proc/self/fdinfo");
	if (pid == -2)
		die(EXIT_FAILURE, 0, N_("descriptor %d is no pidfd"), pidfd);
	if (pid == -1)
		die(EXIT_FAILURE, ESRCH, N_("the process of pidfd %d has ended"), pidfd);
	if (pid == 0)
		die(EXIT_FAILURE, 0,
		    N_("the process of pidfd %d is in no PID namespace below ours"), pidfd);
	t->pid = t->proc_pid = pid;
	t->pidfd = (int)must(fcntl(pidfd, F_DUPFD_CLOEXEC, fd_first()),
			     N_("cannot duplicate descriptor"));
}

void target_check(const struct target *t)
{
	if (t->pidfd >= 0 && syscall(SYS_pidfd_send_signal, t->pidfd, 0, NULL, 0) < 0 &&
	    errno == ESRCH)
		no_process(t->pid, ESRCH);
}

char *target_path(const struct target *t, const char *name)
{
	return must_format("/proc/%d/%s", t->proc_pid, name);
}

/* Whether @err of a file in /proc/PID is for want of rights: whom hidepid hides is as if not there. */
static bool is_refusal(const struct target *t, int err)
{
	char word[SEEN_HIDEPID];

	return err == EACCES || err == EPERM || (err == ENOENT && seen_hidden(t->pid, word));
}

int target_open_file(struct target *t, const char *name, int flags, bool try)
{
	target_prepare(t);
	errno = EACCES; /* as it was when it was tried before target_close() */
	int fd = t->dir < 0 ? -1 : openat(t->dir, name, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0)
		return own(fd);
	int err = errno;
	if (try && is_refusal(t, err))
		return -1;
	errno = err;
	note_failure(t, name);
	die(EXIT_FAILURE, err, N_("cannot open /proc/%d/%s"), t->proc_pid, name);
}

int target_open_ns(struct target *t, const char *file, const char **path)
{
	char name[32];

	snprintf(name, sizeof(name), "ns/%s", file);
	int fd = target_open_file(t, name, O_RDONLY, false);
	*path = target_path(t, name);
	return fd;
}

/* The one of ours that is meant by "own". */
static int stat_own(const char *file, struct stat *st)
{
	char path[48];

	if (strcmp(file, "pid") == 0) {
		*st = own_pid_ns;
		return 0;
	}
	snprintf(path, sizeof(path), "/proc/self/ns/%s", file);
	return stat(path, st);
}

bool target_has_own(struct target *t, const struct kind *kind)
{
	struct stat ours, theirs;
	char path[48];

	must_find(t);
	if (stat_own(kind->proc, &ours) < 0) /* /proc shows us, so it is the kernel that has none */
		return errno == ENOENT;
	snprintf(path, sizeof(path), "/proc/%d/ns/%s", t->proc_pid, kind->proc);
	int ret = t->dir < 0 ? stat(path, &theirs)
			     : fstatat(t->dir, strstr(path, "ns/"), &theirs, 0);
	if (ret < 0 || !same_file(&ours, &theirs))
		return false;
	/* and that our children are in it too, or they would be elsewhere */
	return kind->flag != CLONE_NEWPID ||
	       (stat_own(kind->children, &ours) == 0 && same_file(&ours, &theirs));
}

/* ---- its IDs ---- */

#define MAX_STATUS (4U << 20) /* with 65,536 groups it has 600 kB */

/* The file @name of /proc/PID, whole; allocated. */
static char *read_file(struct target *t, const char *name)
{
	cleanup_close int fd = target_open_file(t, name, O_RDONLY, false);
	size_t len;
	char *text = read_all(fd, MAX_STATUS, &len);

	if (text)
		return text;
	if (errno == ESRCH)
		no_process(t->pid, ESRCH);
	die(EXIT_FAILURE, errno, N_("cannot read %s"), target_path(t, name));
}

/* The effective ID in the line @name of /proc/PID/status; there is none once the process has ended. */
static unsigned int effective_id(const struct target *t, const char *status, const char *name)
{
	const char *line = strstr(status, name);
	unsigned int id;

	if (line && sscanf(line + strlen(name), "%*u %u", &id) == 1)
		return id;
	target_check(t);
	die(EXIT_FAILURE, 0, N_("unexpected content in /proc/%d/%s"), t->proc_pid, "status");
}

/* What @outer is inside of the target's user namespace, by the file @map; 65534: not mapped. */
static unsigned int id_inside(struct target *t, const char *map, unsigned int outer)
{
	cleanup_free char *text = read_file(t, map);
	unsigned int inner, first, count, id = 65534;
	int n;

	for (const char *p = text; sscanf(p, "%u %u %u%n", &inner, &first, &count, &n) == 3; p += n)
		if (outer >= first && outer - first < count)
			id = inner + (outer - first);
	return id;
}

void target_close(struct target *t)
{
	close_fd(&t->dir);
	t->closed = true;
}

void target_ids(struct target *t, bool inside, uid_t *uid, gid_t *gid)
{
	cleanup_free char *status = read_file(t, "status");

	*uid = effective_id(t, status, "\nUid:");
	*gid = effective_id(t, status, "\nGid:");
	if (!inside || !telling())
		return;
	*uid = id_inside(t, "uid_map", *uid);
	*gid = id_inside(t, "gid_map", *gid);
}

/* ---- namespaces ---- */

/*
 * Something else than a namespace, for which setns(2) will say so. What does something when it is
 * opened, a FIFO or a device, has the root directory stand in for it.
 */
static int open_other(const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		path = "/";
	return open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static int open_file(const char *path)
{
	cleanup_close int found = nsfs_open_named(path);
	int fd;

	if (found >= 0) /* messages have numbers in them: the first that is free */
		fd = fcntl(found, F_DUPFD_CLOEXEC, fd_first());
	else
		fd = errno == EINVAL ? open_other(path) : -1;
	if (fd < 0)
		told_failed = (struct told_failure){ .call = "file", .err = errno, .path = path };
	return own((int)must(fd, N_("cannot open %s"), path));
}

static int open_id(const char *word)
{
	char *end;

	errno = 0;
	unsigned long long id = strtoull(word, &end, 10);
	if (*word < '0' || *word > '9' || *end || errno)
		die(EXIT_FAILURE, errno, N_("failed to parse nsid: %s"), word);
	int fd = nsid_open(id);
	if (fd < 0)
		told_failed = (struct told_failure){ .call = "open_by_handle_at", .err = errno };
	return (int)must(fd, N_("cannot open namespace of id %s"), word);
}

int ns_open_word(const char *word)
{
	return *word == ':' ? open_id(word + 1) : open_file(word);
}

bool ns_is(int fd, const char *path)
{
	struct stat one, other;

	return fstat(fd, &one) == 0 && stat(path, &other) == 0 && same_file(&one, &other);
}

int ns_open_socket(const struct target *t, int fd)
{
	if (t->pidfd < 0)
		die(EXIT_FAILURE, 0,
		    N_("no pidfd of process %d can be had, which --net-socket needs"), t->pid);
	cleanup_close int sock =
		(int)must(fd_above_stdio((int)syscall(SYS_pidfd_getfd, t->pidfd, fd, 0)),
			  N_("pidfd_getfd(%d, %d)"), t->pidfd, fd);
	return own((int)must(ioctl(sock, SIOCGSKNS), N_("ioctl(%d, SIOCGSKNS)"), sock));
}

int ns_open_owner(int fd)
{
	return own((int)must(ioctl(fd, NS_GET_USERNS), N_("failed to open parent namespace")));
}
