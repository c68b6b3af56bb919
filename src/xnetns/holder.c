/* SPDX-License-Identifier: MIT */
/*
 * The process that holds an ordinary user's networks. Three are there while it is started: the command, which has the
 * lock of the names and waits; one between, which ends when all is well, so that the holder is nobody's child; and
 * the holder, in a session, a user and a mount namespace of its own.
 *
 * Should:
 * - whoever is killed, the others end: each waits at a socket whose far end the other one alone holds;
 * - it be known by the kernel and no file's word: it has a lock of POSIX's, which ends with it, and of which the
 *   kernel tells whose it is;
 * - it have all it needs before it has that lock, so that one that is found works;
 * - it end with the last name, and with the command that started it where that leaves none: under the lock of the names,
 *   as another may be making one.
 *
 * Mustn't:
 * - anything of the caller's be open in it, his working directory be busy, his terminal's signals reach it;
 * - it wake up but for a name that goes.
 */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "account.h"
#include "die.h"
#include "exec.h"
#include "fd.h"
#include "holder.h"
#include "mapper.h"
#include "pair.h"
#include "seen.h"
#include "sys.h"
#include "told.h"

#define LOCK_FILE "holder"
#define SHOWN_FILE "xnetns/holder" /* in messages */

pid_t holder_find(int own)
{
	cleanup_close int fd = fd_above_stdio(
		openat(own, LOCK_FILE, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fd < 0 && errno == ENOENT)
		return 0;
	must(fd < 0 ? -1 : fcntl(fd, F_GETLK, &l), N_("cannot open %s"), SHOWN_FILE);
	if (l.l_type == F_UNLCK)
		return 0;
	return l.l_pid > 0 ? l.l_pid : -1;
}

/* ---- its life ---- */

/* Its descriptors, and none besides. */
enum { STARTER = 3, CHANGES, LOCK, READY, FIRST_FREE };

/* The mode is ip(8)'s and ours. What podman, whose names are in this place too, has made is not for us. */
bool holder_is_name(const struct stat *st, const struct stat *dir)
{
	return S_ISREG(st->st_mode) && (st->st_mode & 07777) == 0 && st->st_size == 0 &&
	       st->st_dev == dir->st_dev;
}

/* As getdents64(2) gives it. */
struct entry {
	uint64_t ino;
	int64_t off;
	unsigned short len;
	unsigned char type;
	char name[];
};

/*
 * Calls @f with each file of the directory, and what it is, till it returns true. Without malloc(3), and with little
 * memory.
 */
static bool any_file(int dir, bool (*f)(int dir, const char *name, const struct stat *st,
					const struct stat *of_dir))
{
	_Alignas(struct entry) char buffer[2048];
	struct stat of_dir, st;
	long n;

	if (lseek(dir, 0, SEEK_SET) < 0 || fstat(dir, &of_dir) < 0)
		return true; /* nobody knows */
	while ((n = syscall(SYS_getdents64, dir, buffer, sizeof(buffer))) > 0)
		for (long at = 0; at < n;) {
			struct entry *e = (struct entry *)(buffer + at);

			at += e->len;
			if (fstatat(dir, e->name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
			    strcmp(e->name, "..") != 0 && f(dir, e->name, &st, &of_dir))
				return true;
		}
	return n < 0;
}

static bool is_mounted(int dir, const char *name, const struct stat *st, const struct stat *of_dir)
{
	return st->st_dev != of_dir->st_dev;
}

/* Whoever was to mount on it has been killed. */
static bool remove_empty(int dir, const char *name, const struct stat *st,
			 const struct stat *of_dir)
{
	if (holder_is_name(st, of_dir))
		sys_unlink_at(dir, name, false);
	return false;
}

static int open_names(const char *names)
{
	return fd_above_stdio(open(names, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

static bool is_gone(int err)
{
	return err == ENOENT || err == ENOTDIR || err == ELOOP;
}

/*
 * Under the lock of the names. Return: false, with the lock as it is, if there is nothing to hold any more. The directory
 * is opened again under it: who had it before us may have bound it on itself, and what is mounted there is not seen
 * from beneath.
 */
static bool has_names(const char *names)
{
	int lock = open_names(names), dir = -1;
	bool has;

	if (lock < 0)
		return !is_gone(errno);
	if (sys_flock(lock, names) == 0)
		dir = open_names(names);
	has = dir < 0 ? !is_gone(errno) : any_file(dir, is_mounted);
	if (!has && dir >= 0)
		any_file(dir, remove_empty);
	close_fd(&dir);
	if (has)
		close_fd(&lock);
	return has;
}

static _Noreturn void hold(const char *names)
{
	_Alignas(struct inotify_event) char buffer[1024];
	struct pollfd wait[] = { { STARTER, POLLIN, 0 }, { CHANGES, POLLIN, 0 } };

	do {
		if (poll(wait, ARRAY_SIZE(wait), -1) < 0)
			continue;
		if (wait[0].revents) { /* the command has ended, whatever it has come to */
			close(STARTER);
			wait[0].fd = -1;
		}
		if (wait[1].revents && read(CHANGES, buffer, sizeof(buffer)) < 0 && errno != EINTR)
			break;
	} while (wait[0].fd >= 0 || has_names(names));
	close(LOCK); /* before that of the names goes, with this process */
	_exit(EXIT_SUCCESS);
}

/* ---- its start ---- */

static _Noreturn void gone_on(void)
{
	_exit(EXIT_FAILURE); /* the other one is gone, or has said why */
}

static _Noreturn void no_inotify(void)
{
	static const char file[] = "/proc/sys/fs/inotify/max_user_instances";
	int err = errno;
	long limit;

	warn_err(err, N_("inotify_init failed"));
	if (err == EMFILE && seen_number(file, &limit))
		hint(N_("%s is %ld; that is reached"), file, limit);
	die_said(EXIT_FAILURE);
}

/* All that can fail comes before the lock, by which it is found. */
static void settle(const struct holder_place *p, int starter, int ready)
{
	int fds[] = { starter, -1, -1, ready };

	told_about("holder");
	must(sys_chdir("/"), N_("cannot change directory to %s"), "/");
	fds[2] = (int)must(sys_open_lock(p->own, p->own_name, LOCK_FILE), N_("cannot open %s"),
			   SHOWN_FILE);
	if (!telling()) {
		fds[1] = inotify_init1(IN_CLOEXEC);
		if (fds[1] < 0)
			no_inotify();
		must(inotify_add_watch(fds[1], p->names,
				       IN_DELETE | IN_MOVED_FROM | IN_DELETE_SELF | IN_MOVE_SELF |
					       IN_ONLYDIR | IN_DONT_FOLLOW),
		     N_("inotify_add_watch failed"));
		for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
			fds[i] = (int)must(fcntl(fds[i], F_DUPFD_CLOEXEC, FIRST_FREE),
					   N_("cannot duplicate descriptor"));
		for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
			must(dup2(fds[i], STARTER + (int)i), N_("cannot duplicate descriptor"));
	}
	told_about("holder");
	must(sys_close_range(FIRST_FREE, ~0U), N_("cannot close the descriptors"));
	must(sys_set_lock(telling() ? fds[2] : LOCK, LOCK_FILE), N_("cannot lock %s"), SHOWN_FILE);
}

static void enter_new(void)
{
	told_about("holder");
	must(sys_setsid(), N_("setsid failed"));
	told_about("holder");
	must(sys_unshare(CLONE_NEWUSER | CLONE_NEWNS), N_("unshare failed"));
}

static _Noreturn void be_holder(const struct holder_place *p, int starter, int ready)
{
	prctl(PR_SET_NAME, "xnetns-holder"); /* as ps(1) shows it */
	enter_new();
	if (!put_byte(ready) || !get_byte(ready))
		gone_on();
	settle(p, starter, ready);
	for (int fd = 0; fd < STARTER; fd++)
		close(fd);
	if (!put_byte(READY))
		gone_on();
	close(READY);
	hold(p->names);
}

/* ---- its IDs ---- */

/* Root inside is oneself, and the others are the subordinate IDs. Return: false if there are none. */
static bool find_ids(const struct holder_place *p, bool groups, struct idmap *map)
{
	static struct idmap found;
	const struct account *user = account_of_user(p->uid);

	return idmap_subordinate(groups ? "/etc/subgid" : "/etc/subuid", groups,
				 user ? user->name : NULL, p->uid, &found) > 0 &&
	       idmap_add_auto(map, &found, true, 0) == 0 &&
	       idmap_splice(map, 0, groups ? p->gid : p->uid) == 0;
}

static void write_one(pid_t pid, const char *file, uint32_t id)
{
	char path[40], text[32];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	snprintf(text, sizeof(text), "0 %u 1", id);
	must_write(path, file[0] == 's' ? "deny" : text, N_("failed to write %s"));
}

static void write_maps(const struct holder_place *p, pid_t pid)
{
	static struct idmap users, groups;

	if (mapper_works() && find_ids(p, false, &users) && find_ids(p, true, &groups)) {
		mapper_run(false, pid, &users);
		mapper_run(true, pid, &groups);
		return;
	}
	write_one(pid, "uid_map", p->uid);
	write_one(pid, "setgroups", 0);
	write_one(pid, "gid_map", p->gid);
}

/* ---- the two before it ---- */

/* The holder has ended, and said why, unless a signal ended it. */
static _Noreturn void holder_failed(pid_t pid)
{
	int status = (int)must(wait_for(pid), N_("waitpid failed"));

	if (WIFSIGNALED(status))
		die(EXIT_FAILURE, 0,
		    N_("the process that was to hold the networks was killed by signal %d"),
		    WTERMSIG(status));
	_exit(WEXITSTATUS(status) ? WEXITSTATUS(status) : EXIT_FAILURE);
}

/* The process between. It comes back only where all is told. */
static void start(const struct holder_place *p, int command, int starter)
{
	int sync = -1, ready = -1;
	pid_t pid;

	if (!telling())
		make_pair(&sync, &ready);
	told_about("holder");
	pid = (pid_t)must(sys_fork(), N_("fork failed"));
	if (pid == 0) {
		close_fd(&command);
		close_fd(&sync);
		be_holder(p, starter, ready);
	}
	if (telling()) {
		enter_new();
		write_maps(p, pid);
		settle(p, starter, ready);
		return;
	}
	close_fd(&command);
	close_fd(&starter);
	close_fd(&ready);
	if (!get_byte(sync))
		holder_failed(pid);
	write_maps(p, pid);
	if (!put_byte(sync) || !get_byte(sync))
		holder_failed(pid);
	_exit(EXIT_SUCCESS);
}

void holder_start(const struct holder_place *p)
{
	static int command = -1; /* open till this process ends */
	int starter = -1, status;
	pid_t pid;

	if (!telling())
		make_pair(&command, &starter);
	told_about("holder");
	pid = (pid_t)must(sys_fork(), N_("fork failed"));
	if (pid == 0 || telling()) {
		const char *old = told_set_who("helper");

		start(p, command, starter);
		told_set_who(old);
		return;
	}
	close_fd(&starter);
	status = (int)must(wait_for(pid), N_("waitpid failed"));
	if (WIFSIGNALED(status))
		die(EXIT_FAILURE, 0,
		    N_("the process that was to hold the networks was killed by signal %d"),
		    WTERMSIG(status));
	if (status != 0)
		die_said(WEXITSTATUS(status));
}
