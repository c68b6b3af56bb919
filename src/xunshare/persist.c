/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "cli.h"
#include "compat.h"
#include "fd.h"
#include "nsfs.h"
#include "pair.h"
#include "persist.h"
#include "sys.h"
#include "told.h"

#define ID_BATCH 4096 /* ids a CPU takes at once (Linux 6.18) */
#define MAX_CPUS 8192

union cpus {
	cpu_set_t set; /* of which glibc's holds but 1,024 */
	unsigned char room[MAX_CPUS / 8];
};

/*
 * A file of each kind, open from the check on: between that and the bind a name may come to mean another,
 * and as long as it is open no other gets its inode number.
 */
static struct file {
	bool checked;
	int fd;		   /* O_PATH, -1: it is not there yet */
	struct stat made;  /* by us, if st_ino is not 0 */
	struct stat bound; /* the namespace that we have bound on it */
	char *path;	   /* without links, for what is undone */
} files[KIND_COUNT];

/* Whether @path still names what @what was. */
static bool is_still(const char *path, const struct stat *what)
{
	struct stat st;

	return lstat(path, &st) == 0 && same_file(&st, what);
}

static void undo_create(void *arg)
{
	const struct file *f = arg;

	if (is_still(f->path, &f->made))
		sys_unlink(f->path);
}

static void undo_bind(void *arg)
{
	const struct file *f = arg;

	if (is_still(f->path, &f->bound))
		sys_umount(f->path, MNT_DETACH | UMOUNT_NOFOLLOW);
}

static int open_path(const char *file, int flags)
{
	return fd_above_stdio(open(file, O_PATH | O_CLOEXEC | flags));
}

static _Noreturn void cannot_bind(const struct kind *kind, pid_t pid, const char *file, int err)
{
	char ns[64];

	snprintf(ns, sizeof(ns), "/proc/%d/ns/%s", pid, kind->children);
	die(EXIT_FAILURE, err, N_("mount %s on %s failed"), ns, file);
}

/* Dies unless the file may carry a namespace: it is empty, or carries one and another is to be on top. */
static void check_file(const struct kind *kind, const char *file, int fd, bool stack)
{
	struct statfs fs;
	struct stat st;

	if (fstat(fd, &st) < 0 || fstatfs(fd, &fs) < 0)
		die(EXIT_FAILURE, errno, N_("cannot open %s"), file);
	if (S_ISDIR(st.st_mode))
		cannot_bind(kind, getpid(), file, ENOTDIR);
	if (fs.f_type == NSFS_MAGIC && !stack)
		die(EXIT_FAILURE, 0,
		    N_("%s is a namespace already; enter it by --join %s=%s, or by xnsenter --%s=%s"),
		    file, kind->name, file, kind->name, file);
	if (fs.f_type != NSFS_MAGIC && (!S_ISREG(st.st_mode) || st.st_size > 0))
		die(EXIT_FAILURE, 0, N_("%s is no empty file, and no namespace is bound on it"),
		    file);
}

void persist_check(const struct kind *kind, const char *file, bool stack)
{
	struct file *f = &files[kind - kinds];

	f->checked = true;
	f->fd = open_path(file, 0);
	if (f->fd >= 0)
		check_file(kind, file, f->fd, stack);
	else if (errno != ENOENT)
		cannot_bind(kind, getpid(), file, errno);
}

/* The name of @fd, without links. Return: allocated, or NULL with errno */
static char *name_of(int fd)
{
	char link[40], path[PATH_MAX];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, path, sizeof(path) - 1);
	return n < 0 ? NULL : strndup(path, (size_t)n);
}

static void create_file(const struct kind *kind, pid_t pid, const char *file)
{
	struct file *f = &files[kind - kinds];

	told_about(kind->name);
	if (sys_create(file, 0600) < 0)
		cannot_bind(kind, pid, file, errno);
	f->fd = open_path(telling() ? "/" : file, O_NOFOLLOW);
	if (telling())
		return;
	if (f->fd < 0 || fstat(f->fd, &f->made) < 0 || !(f->path = name_of(f->fd))) {
		int err = errno;
		sys_unlink(file); /* made this moment */
		cannot_bind(kind, pid, file, err);
	}
	undo_push(undo_create, f);
	check_file(kind, file, f->fd, false);
}

void persist_bind(const struct kind *kind, pid_t pid, const char *file)
{
	struct file *f = &files[kind - kinds];
	char ns[64], target[40];

	snprintf(ns, sizeof(ns), "/proc/%d/ns/%s", pid, kind->children);
	if (f->fd < 0)
		create_file(kind, pid, file);
	snprintf(target, sizeof(target), "/proc/self/fd/%d", f->fd);
	told_note("%s is %s", target, file);
	told_about(kind->name);
	if (sys_mount(ns, target, NULL, MS_BIND) < 0) {
		told_failed.path = file;
		told_failed.type = kind->proc;
		cannot_bind(kind, pid, file, errno);
	}
	if (!f->path)
		f->path = name_of(f->fd);
	if (!telling() && f->path && stat(ns, &f->bound) == 0)
		undo_push(undo_bind, f);
}

void persist_let_go(void)
{
	for (int i = 0; i < KIND_COUNT; i++)
		if (files[i].checked)
			close_fd(&files[i].fd);
}

uint64_t persist_mount_id(void)
{
	cleanup_close int fd = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	uint64_t id = 0;

	return fd < 0 || ioctl(fd, NS_GET_MNTNS_ID, &id) < 0 ? 0 : id;
}

/* Makes another mount namespace. Return: whether that is younger than the one with the id @old. */
static bool remake(uint64_t old)
{
	told_about("younger");
	must(sys_unshare(CLONE_NEWNS), N_("unshare failed"));
	return persist_mount_id() > old;
}

static bool remake_on(int cpu, uint64_t old)
{
	static union cpus one;

	memset(&one, 0, sizeof(one));
	CPU_SET_S((size_t)cpu, sizeof(one), &one.set);
	return sys_setaffinity(&one.set, sizeof(one)) == 0 && remake(old);
}

/*
 * Takes ids from this CPU's batch till it is empty, in a child, so that nothing is left of what it
 * makes. UTS namespaces are the cheapest to make. Not told one by one: they are gone before the
 * program starts.
 */
static void use_up_batch(void)
{
	told_note("the child takes up to %d namespace ids and ends", ID_BATCH);
	told_about("younger");
	pid_t pid = (pid_t)must(sys_fork(), N_("fork failed"));
	if (pid == 0) {
		for (int i = 0; i < ID_BATCH; i++)
			if (unshare(CLONE_NEWUTS) < 0)
				break;
		_exit(EXIT_SUCCESS);
	}
	wait_for(pid);
}

void persist_younger_mount(uint64_t old)
{
	static union cpus allowed;
	bool younger = false;

	if (telling() || persist_mount_id() > old)
		return;
	must(sched_getaffinity(0, sizeof(allowed), &allowed.set), N_("sched_getaffinity failed"));
	for (int cpu = 0; cpu < MAX_CPUS && !younger; cpu++)
		if (CPU_ISSET_S((size_t)cpu, sizeof(allowed), &allowed.set))
			younger = remake_on(cpu, old);
	/* pinned to the last CPU that was tried */
	for (int tries = 3; !younger && tries > 0; tries--) {
		use_up_batch();
		younger = remake(old);
	}
	sys_setaffinity(&allowed.set, sizeof(allowed));
}
