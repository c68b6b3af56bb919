/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
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
#include "sys.h"
#include "target.h"

static int own(int fd)
{
	return (int)must(sys_above_stdio(fd), N_("cannot duplicate descriptor"));
}

/* ---- a process ---- */

static _Noreturn void no_such_process(pid_t pid)
{
	die(EXIT_FAILURE, ESRCH, N_("failed to obtain a valid file descriptor for PID %d"), pid);
}

/*
 * A PID means one process to the kernel, by our PID namespace, and another to a /proc that was
 * mounted in another.
 */
static bool proc_is_ours(void)
{
	char self[16] = "";

	return readlink("/proc/self", self, sizeof(self) - 1) > 0 && atoi(self) == getpid();
}

static void check_proc(const struct target *t)
{
	if (t->pidfd >= 0 && !proc_is_ours())
		die(EXIT_FAILURE, 0,
		    N_("PID %d is another process in /proc, which is that of another PID namespace; mount ours there"),
		    t->pid);
}

/* Return: the descriptor, or -1 with errno */
static int open_dir(const struct target *t)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d", t->pid);
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

int target_open_dir(struct target *t)
{
	int fd;

	if (t->dir >= 0)
		return t->dir;
	fd = open_dir(t);
	if (fd < 0)
		die(EXIT_FAILURE, errno, N_("cannot open /proc/%d"), t->pid);
	return t->dir = own(fd);
}

void target_prepare(struct target *t)
{
	if (!t->prepared) {
		target_open_dir(t);
		check_proc(t);
	}
	t->prepared = true;
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
		no_such_process(t->pid);
}

void target_open(struct target *t, pid_t pid, unsigned long long inode)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	t->pid = pid;
	snprintf(t->name, sizeof(t->name), "pid:%d", pid);
	if (fd < 0 && errno == ESRCH) { /* or it is one of a /proc that is not ours */
		t->dir = open_dir(t);
		if (t->dir < 0 || inode)
			no_such_process(pid);
		t->dir = own(t->dir);
		return;
	}
	if (fd < 0) /* a thread that is not the first of its process */
		fd = (int)syscall(SYS_pidfd_open, pid, PIDFD_THREAD);
	if (fd < 0 && inode)
		die(EXIT_FAILURE, errno, N_("pidfd_open failed"));
	if (fd < 0) {
		target_open_dir(t);
		return;
	}
	t->pidfd = own(fd);
	if (inode)
		check_inode(t, inode);
}

void target_open_pidfd(struct target *t, int pidfd)
{
	char path[40];
	char line[128];
	FILE *f;
	int pid = 0;
	bool found = false;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
	f = fopen(path, "re");
	while (f && !found && fgets(line, sizeof(line), f))
		found = sscanf(line, "Pid: %d", &pid) == 1;
	if (f)
		fclose(f);
	if (!found)
		die(EXIT_FAILURE, 0, N_("descriptor %d is no pidfd"), pidfd);
	if (pid < 0)
		die(EXIT_FAILURE, ESRCH, N_("the process of pidfd %d has ended"), pidfd);
	if (pid == 0)
		die(EXIT_FAILURE, 0,
		    N_("the process of pidfd %d is in no PID namespace below ours"), pidfd);
	t->pid = pid;
	t->pidfd = pidfd;
	snprintf(t->name, sizeof(t->name), "pid:%d", pid);
}

void target_check(const struct target *t)
{
	if (t->pidfd >= 0 && syscall(SYS_pidfd_send_signal, t->pidfd, 0, NULL, 0) < 0 &&
	    errno == ESRCH)
		no_such_process(t->pid);
}

char *target_path(const struct target *t, const char *name)
{
	char *path;

	if (asprintf(&path, "/proc/%d/%s", t->pid, name) < 0)
		die(EXIT_FAILURE, errno, N_("cannot allocate memory"));
	return path;
}

int target_open_file(struct target *t, const char *name, int flags, bool try)
{
	int fd;

	target_prepare(t);
	errno = EACCES; /* what it was when it was tried before target_close() */
	fd = t->dir < 0 ? -1 : openat(t->dir, name, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 && try && (errno == EACCES || errno == EPERM))
		return -1;
	if (fd < 0) {
		sys_failed = (struct sys_failure){ .call = "target",
						   .err = errno,
						   .path = t->name,
						   .type = name };
		die(EXIT_FAILURE, errno, N_("cannot open /proc/%d/%s"), t->pid, name);
	}
	return own(fd);
}

bool target_has_own(struct target *t, const struct kind *kind)
{
	struct stat ours, theirs;
	char path[48];
	int ret;

	snprintf(path, sizeof(path), "/proc/self/ns/%s", kind->proc);
	ret = stat(path, &ours);
	if (ret < 0 && errno == ENOENT && access("/proc/self/ns", F_OK) == 0)
		return true;
	if (ret < 0)
		die(EXIT_FAILURE, errno, N_("cannot read %s"), path);
	/* in the initial PID namespace /proc shows us only if it is that one's */
	if (kind->flag == CLONE_NEWPID && ours.st_ino != PROC_PID_INIT_INO)
		check_proc(t);
	snprintf(path, sizeof(path), "/proc/%d/ns/%s", t->pid, kind->proc);
	if (t->dir < 0)
		ret = stat(path, &theirs);
	else
		ret = fstatat(t->dir, strstr(path, "ns/"), &theirs, 0);
	return ret == 0 && theirs.st_ino == ours.st_ino && theirs.st_dev == ours.st_dev;
}

/* ---- its IDs ---- */

static FILE *open_text(struct target *t, const char *name)
{
	FILE *f = fdopen(target_open_file(t, name, O_RDONLY, false), "r");

	if (f)
		return f;
	die(EXIT_FAILURE, errno, N_("cannot allocate memory"));
}

/* The effective ID in the line @name of /proc/PID/status; there is none once the process has ended. */
static unsigned int effective_id(const struct target *t, FILE *status, const char *name)
{
	char line[512];
	unsigned int id;

	rewind(status);
	while (fgets(line, sizeof(line), status))
		if (strncmp(line, name, strlen(name)) == 0 &&
		    sscanf(line + strlen(name), "%*u %u", &id) == 1)
			return id;
	target_check(t);
	die(EXIT_FAILURE, 0, N_("unexpected content in /proc/%d/%s"), t->pid, "status");
}

/* What @outer is inside of the target's user namespace, by the file @map; 65534: not mapped. */
static unsigned int id_inside(struct target *t, const char *map, unsigned int outer)
{
	FILE *f = open_text(t, map);
	unsigned int inner, first, count, id = 65534;

	while (fscanf(f, "%u %u %u", &inner, &first, &count) == 3)
		if (outer >= first && outer - first < count)
			id = inner + (outer - first);
	fclose(f);
	return id;
}

void target_close(struct target *t)
{
	close_fd(&t->dir);
}

void target_ids(struct target *t, bool inside, uid_t *uid, gid_t *gid)
{
	FILE *f = open_text(t, "status");

	*uid = effective_id(t, f, "Uid:");
	*gid = effective_id(t, f, "Gid:");
	fclose(f);
	if (!inside || !sys_telling())
		return;
	*uid = id_inside(t, "uid_map", *uid);
	*gid = id_inside(t, "gid_map", *gid);
}

/* ---- namespaces ---- */

int ns_open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC); /* it may be a FIFO */

	if (fd < 0)
		die(EXIT_FAILURE, errno, N_("cannot open %s"), path);
	return own(fd);
}

int ns_open_id(const char *word)
{
	struct { /* a file handle of nsfs, of which the id is enough from Linux 6.19 on */
		unsigned int bytes;
		int type;
		uint64_t id;
		uint32_t ns_type, ns_inode;
	} handle = { 16, FILEID_NSFS, 0, 0, 0 };
	cleanup_close int nsfs = -1;
	char *end;
	int fd;

	errno = 0;
	handle.id = strtoull(word, &end, 10);
	if (*word < '0' || *word > '9' || *end || errno)
		die(EXIT_FAILURE, errno, N_("failed to parse nsid: %s"), word);
	nsfs = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC); /* for the file system it is on */
	if (nsfs < 0)
		die(EXIT_FAILURE, errno, N_("cannot open %s"), "/proc/self/ns/user");
	fd = (int)syscall(SYS_open_by_handle_at, nsfs, &handle, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		sys_failed = (struct sys_failure){ .call = "open_by_handle_at", .err = errno };
		die(EXIT_FAILURE, errno, N_("cannot open namespace of id %s"), word);
	}
	return own(fd);
}

int ns_open_socket(const struct target *t, int fd)
{
	cleanup_close int sock = -1;
	int ns;

	if (t->pidfd < 0)
		die(EXIT_FAILURE, 0,
		    N_("no pidfd of process %d can be had, which --net-socket needs"), t->pid);
	sock = (int)syscall(SYS_pidfd_getfd, t->pidfd, fd, 0);
	if (sock < 0)
		die(EXIT_FAILURE, errno, N_("pidfd_getfd(%d, %d)"), t->pidfd, fd);
	ns = ioctl(sock, SIOCGSKNS);
	if (ns < 0)
		die(EXIT_FAILURE, errno, N_("ioctl(%d, SIOCGSKNS)"), sock);
	return own(ns);
}

int ns_open_owner(int fd)
{
	int owner = ioctl(fd, NS_GET_USERNS);

	if (owner < 0)
		die(EXIT_FAILURE, errno, N_("failed to open parent namespace"));
	return own(owner);
}
