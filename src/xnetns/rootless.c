/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "compat.h"
#include "cred.h"
#include "die.h"
#include "fd.h"
#include "holder.h"
#include "nsfs.h"
#include "own.h"
#include "proc.h"
#include "rootless.h"
#include "rtnl.h"
#include "search.h"
#include "seen.h"
#include "shown.h"
#include "sys.h"
#include "told.h"

#define PING_GROUPS "/proc/sys/net/ipv4/ping_group_range"

static struct {
	bool is;
	const char *variable;	 /* XDG_RUNTIME_DIR, NULL: not set */
	char run[PATH_MAX - 16]; /* the directory in which all of it is */
	char names[PATH_MAX], own_name[PATH_MAX];
	uid_t uid;
	gid_t gid;
	int own;	     /* own_name, open; -1: there is none yet */
	bool checked;	     /* @run is good */
	char seen[PATH_MAX]; /* @names as the holder sees them, for who only looks; "": not so */
	bool looks;	     /* this command is one that does */
	bool joined;
	bool elsewhere; /* in a user namespace of the user's that is none of ours */
	bool is_new;	/* we have started the holder */
	bool inside; /* this is a program that was started in there: it sees the names as they are */
	int holder;  /* the pidfd of who holds them, as it was when we joined */
} me = { .own = -1, .holder = -1 };

/* ---- where ---- */

void rootless_choose(void)
{
	me.uid = (uid_t)getauxval(AT_EUID);
	if (me.uid == 0 || is_set_id() || cred_has(CAP_SYS_ADMIN))
		return;
	me.is = true;
	me.gid = (gid_t)getauxval(AT_EGID);
	me.variable = getenv("XDG_RUNTIME_DIR");
	if (me.variable && !*me.variable)
		me.variable = NULL;
	if (me.variable)
		snprintf(me.run, sizeof(me.run), "%s", me.variable);
	else
		snprintf(me.run, sizeof(me.run), "/run/user/%u", me.uid);
	snprintf(me.names, sizeof(me.names), "%s/netns", me.run);
	snprintf(me.own_name, sizeof(me.own_name), "%s/xnetns", me.run);
}

bool rootless(void)
{
	return me.is;
}

const char *rootless_dir(void)
{
	return *me.seen ? me.seen : me.names;
}

const char *rootless_told_dir(void)
{
	return me.names;
}

/* @err: why it is of no use, 0: whose it is. Of what may be otherwise the next time there is nothing to say. */
static _Noreturn void no_place(int err)
{
	if (err == 0 || err == ENOENT || err == ENOTDIR || err == EACCES)
		hint(N_("the networks of an ordinary user are named in XDG_RUNTIME_DIR, a directory that is made at login (pam_systemd(8)); "
			"XDG_RUNTIME_DIR=DIR is any that is the user's alone"));
	die_said(EXIT_FAILURE);
}

/* The directory that is open as @fd, or could not be opened, is the user's, and nobody else may change it. */
static void check_mine(int fd, const char *path)
{
	int err = fd < 0 ? errno : 0;
	struct stat st;

	if (fd < 0 && !me.variable && strcmp(path, me.run) == 0)
		warn_err(err, N_("XDG_RUNTIME_DIR is not set, and there is no %s"), path);
	else if (fd < 0 && lstat(path, &st) == 0 && S_ISLNK(st.st_mode))
		warn_msg(N_("%s is a symbolic link, which is not followed here"), path);
	else if (fd < 0 || (fstat(fd, &st) < 0 && (err = errno) != 0))
		warn_err(err, N_("cannot open %s"), path);
	else if (st.st_uid != me.uid)
		warn_msg(N_("%s belongs to user %u, and not to user %u"), path, st.st_uid, me.uid);
	else if (st.st_mode & (S_IWGRP | S_IWOTH))
		warn_msg(N_("%s can be written to by others"), path);
	else
		return;
	no_place(err);
}

static int open_no_link(const char *path)
{
	return fd_above_stdio(open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

static void check_place(void)
{
	cleanup_close int fd = -1;

	if (me.checked)
		return;
	if (*me.run != '/') {
		warn_msg(N_("XDG_RUNTIME_DIR is no absolute path: \"%s\""), me.run);
		no_place(0);
	}
	if (me.variable && strlen(me.variable) >= sizeof(me.run)) {
		errno = ENAMETOOLONG;
		check_mine(-1, me.run);
	}
	fd = open_no_link(me.run);
	check_mine(fd, me.run);
	me.checked = true;
}

/* Opens what is below, if it is there. */
static int open_mine(const char *path)
{
	int fd;

	check_place();
	fd = open_no_link(path);
	if (fd >= 0 || errno != ENOENT)
		check_mine(fd, path);
	return fd;
}

/* Whether this process is where all of that is known already. Dies where nothing can be changed from. */
static bool is_there(void)
{
	if (me.elsewhere)
		die(EXIT_FAILURE, 0,
		    N_("names cannot be changed from within a network of another user namespace"));
	return me.joined;
}

void rootless_check(void)
{
	int fd = is_there() ? -1 : open_mine(me.names);

	close_fd(&fd);
}

bool rootless_is_name(const struct stat *st, const struct stat *dir)
{
	return holder_is_name(st, dir);
}

static void make_mine(const char *path)
{
	cleanup_close int fd = -1;

	check_place();
	if (sys_mkdir(path, 0700) < 0 && errno != EEXIST)
		die(EXIT_FAILURE, errno, N_("mkdir %s failed"), path);
	fd = open_mine(path); /* of a dry run it need not be there */
	if (fd < 0 && !telling())
		check_mine(fd, path);
}

void rootless_make_dir(void)
{
	if (!is_there())
		make_mine(me.names);
}

/* ---- who holds them ---- */

bool rootless_hint_below(void)
{
	return hint(
		N_("this process is in a user or PID namespace below the one in which %s was run; it can be run there"),
		program_invocation_short_name);
}

/* Also a program that was started in there can see them, but not go there as root. */
static void cannot_join(pid_t pid)
{
	int err = errno;

	me.inside = proc_is_mount(AT_FDCWD, me.names, AT_SYMLINK_NOFOLLOW) > 0;
	if (me.inside)
		return;
	if (pid > 0)
		warn_err(
			err,
			N_("the networks are held by process %d, to which there is no way from here"),
			pid);
	else
		warn_msg(N_(
			"the networks are held by a process of another PID namespace, to which there is no way from here"));
	if (pid < 0 || err == EPERM || err == EACCES)
		rootless_hint_below();
	die_said(EXIT_FAILURE);
}

/* The user namespace of the process was made by this user. */
static int check_owner(pid_t pid)
{
	cleanup_close int fd = -1;
	char path[32];
	uid_t owner;

	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	fd = nsfs_open_named(path);
	if (fd < 0 || ioctl(fd, NS_GET_OWNER_UID, &owner) < 0)
		return -1;
	return owner == me.uid ? 0 : fail_with(EPERM);
}

/* The working directory is looked up in there by its path. @pidfd is kept. */
static void go_to(int pidfd, pid_t pid)
{
	cleanup_free char *cwd = getcwd(NULL, 0);
	char name[20] = "pid:PID";

	if (pid)
		snprintf(name, sizeof(name), "pid:%d", pid);
	if (sys_join_own(pidfd, name, CLONE_NEWUSER | CLONE_NEWNS) < 0) {
		cannot_join(pid);
		return;
	}
	me.joined = pid > 0; /* and not only told */
	*me.seen = '\0';
	me.holder = pidfd;
	rtnl_stay(); /* the network namespace of outside is closed to who is root in here */
	told_about("join");
	if (cwd && *cwd == '/' && sys_go_back_to(cwd) < 0)
		die(EXIT_FAILURE, errno, N_("cannot change directory to %s"), cwd);
}

/* Return: its PID, with its pidfd; 0: there is none; with a pidfd of -1 and errno there is no way to it. */
static pid_t find_holder(int *pidfd)
{
	*pidfd = -1;
	if (me.own < 0)
		me.own = open_mine(me.own_name);
	while (me.own >= 0) {
		pid_t pid = holder_find(me.own);

		if (pid <= 0)
			return pid;
		*pidfd = fd_above_stdio((int)syscall(SYS_pidfd_open, pid, 0));
		if (holder_find(me.own) == pid && (*pidfd >= 0 || errno != ESRCH)) {
			if (*pidfd >= 0 && check_owner(pid) < 0)
				close_fd(pidfd);
			return pid;
		}
		close_fd(pidfd); /* it has ended just now */
	}
	return 0;
}

/* Return: whether there is a holder; and then this process is where it is, or sees what it sees. */
static bool find_and_go(void)
{
	int pidfd, n;
	pid_t pid = find_holder(&pidfd);

	if (pid == 0)
		return false;
	if (pidfd < 0) {
		cannot_join(pid);
	} else if (me.looks) {
		n = snprintf(me.seen, sizeof(me.seen), "/proc/%d/root%s", pid, me.names);
		if (n >= (int)sizeof(me.seen))
			*me.seen = '\0';
	} else {
		go_to(pidfd, pid);
	}
	if (!me.joined)
		close_fd(&pidfd);
	return true;
}

/* ---- what is lost ---- */

/* Calls for each file that has lost its namespace: prints it, or @removes it. Return: how many there are. */
static int each_lost(int dir, bool removes, FILE *f)
{
	struct stat st, of_dir;
	struct dirent *e;
	int n = 0, copy;
	DIR *d = NULL;

	must(fstat(dir, &of_dir), N_("cannot read %s"), me.names);
	copy = open_no_link(me.names);
	if (copy >= 0)
		d = fdopendir(copy); /* which has it then */
	if (!d)
		die(EXIT_FAILURE, errno, N_("cannot read %s"), me.names);
	while ((e = readdir(d))) {
		if (fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		    !holder_is_name(&st, &of_dir))
			continue;
		if (f) {
			cleanup_free char *name = must_have(shown_text(e->d_name, 0));

			fprintf(f, "%s%s", n ? " " : "", name);
		}
		if (removes) {
			told_about("lost");
			sys_unlink_at(dir, e->d_name, false);
		}
		n++;
	}
	closedir(d);
	return n;
}

/* Needs: the lock of the names, and that nobody holds them. */
static void clean_up(int dir)
{
	cleanup_free char *names = NULL;
	size_t size = 0;
	FILE *f = must_have(open_memstream(&names, &size));
	int n = each_lost(dir, true, f);

	must(fclose(f), N_("cannot allocate memory"));
	if (n > 0)
		warn_msg(N_("the process that held these networks has ended, and they with it: %s"),
			 names);
}

/* ---- going there ---- */

static void find_or_clean(bool locked)
{
	cleanup_close int dir = -1;

	if (find_and_go())
		return;
	dir = open_mine(me.names);
	if (dir < 0 || each_lost(dir, false, NULL) == 0)
		return;
	if (!locked) {
		must(sys_flock(dir, me.names), N_("cannot lock %s"), me.names);
		if (find_and_go()) /* the first name is being made just now */
			return;
	}
	clean_up(dir);
}

void rootless_join(void)
{
	if (!me.joined && !me.inside && !me.elsewhere)
		find_or_clean(false);
}

void rootless_look(void)
{
	me.looks = true;
	rootless_join();
	me.looks = false;
}

void rootless_join_locked(bool make)
{
	struct holder_place place = { me.names, me.own_name, -1, me.uid, me.gid };

	if (me.joined || me.inside || me.elsewhere)
		return;
	find_or_clean(true);
	if (!make || me.joined || me.inside)
		return;
	make_mine(me.own_name);
	place.own = me.own = open_mine(me.own_name);
	me.is_new = true;
	holder_start(&place);
	if (telling())
		go_to(-1, 0);
	else if (!find_and_go())
		die(EXIT_FAILURE, 0,
		    N_("the process that was to hold the networks has ended at once"));
}

bool rootless_is_new(void)
{
	return me.is_new;
}

/* Whether both are the same namespace. */
static bool is_same(int fd, const char *path)
{
	struct stat a, b;

	return fstat(fd, &a) == 0 && stat(path, &b) == 0 && same_file(&a, &b);
}

/* What @word is seen from here, where this process has the rights of the user outside; @is_name: it is a name. */
static int open_from_here(const char *word, pid_t holder, bool *is_name)
{
	char path[PATH_MAX];

	*is_name = *word != '/';
	if (!*is_name)
		return nsfs_open_named(word);
	if (snprintf(path, sizeof(path), "%s/%s", me.names, word) < (int)sizeof(path) &&
	    faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT) {
		*is_name = false;
		if (strspn(word, "0123456789") != strlen(word) || *word == '0')
			return -1;
		snprintf(path, sizeof(path), "/proc/%s/ns/net", word);
	} else if (holder <= 0 || snprintf(path, sizeof(path), "/proc/%d/root%s/%s", holder,
					   me.names, word) >= (int)sizeof(path)) {
		return -1;
	}
	return nsfs_open_named(path);
}

/* Before this process goes where it may not look into the holder any more. The directory stays open. */
static void keep_names(pid_t holder)
{
	char path[PATH_MAX];
	int fd = -1;

	if (snprintf(path, sizeof(path), "/proc/%d/root%s", holder, me.names) < (int)sizeof(path))
		fd = fd_above_stdio(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
	if (fd >= 0)
		snprintf(me.seen, sizeof(me.seen), "/proc/self/fd/%d", fd);
}

int rootless_enter_owner(const char *word, bool *is_name)
{
	cleanup_close int pidfd = -1, owner = -1;
	char ours[32] = "/proc/self/ns/user";
	pid_t holder;
	int fd;

	if (!me.is || me.joined || me.inside || me.elsewhere)
		return -1;
	holder = find_holder(&pidfd);
	fd = open_from_here(word, pidfd < 0 ? 0 : holder, is_name);
	owner = fd < 0 ? -1 : ioctl(fd, NS_GET_USERNS);
	if (owner >= 0 && !is_same(owner, ours)) {
		snprintf(ours, sizeof(ours), "/proc/%d/ns/user", holder);
		if (pidfd < 0 || !is_same(owner, ours)) {
			keep_names(pidfd < 0 ? 0 : holder);
			told_about("owner");
			me.elsewhere = sys_join_own(owner, "user", CLONE_NEWUSER) == 0;
		}
	}
	if (!me.elsewhere)
		close_fd(&fd);
	return fd;
}

int rootless_holder(void)
{
	return me.joined && me.holder > 0
		       ? fd_above_stdio((int)syscall(SYS_pidfd_open, me.holder, 0))
		       : -1;
}

bool rootless_joined(void)
{
	return me.joined;
}

uid_t rootless_uid(uid_t uid)
{
	return me.joined && uid == 0 ? me.uid : uid;
}

bool rootless_is_me(uid_t uid)
{
	return me.is && uid == me.uid;
}

bool rootless_holds(void)
{
	struct pollfd ended = { me.holder, POLLIN, 0 };

	if (!me.joined || poll(&ended, 1, 0) <= 0)
		return true;
	warn_msg(N_("the process that holds the networks has ended meanwhile, and they with it"));
	return false;
}

/* ---- in there ---- */

/* The group is the one that the user namespace knows, where the user has taken another (newgrp(1)). */
static gid_t known_group(void)
{
	cleanup_file FILE *f = NULL;
	unsigned int inner, outer;

	if (getegid() == 0)
		return me.gid;
	must(sys_setgid(0), N_("setgid() failed"));
	must(sys_dumpable(), N_("prctl failed")); /* or our files in /proc are root's */
	f = fopen("/proc/self/gid_map", "re");
	return f && fscanf(f, "%u %u", &inner, &outer) == 2 ? outer : me.gid;
}

bool rootless_has_one_id(void)
{
	return me.joined && !cred_is_mapped(seen_open("/proc/self/uid_map"), 1);
}

void rootless_be_oneself(void)
{
	char users[32], groups[32];
	uid_t uid = geteuid();

	if ((!me.joined && !me.elsewhere) || uid == me.uid)
		return;
	snprintf(users, sizeof(users), "%u %u 1", me.uid, uid);
	snprintf(groups, sizeof(groups), "%u 0 1", known_group());
	told_about("oneself");
	must(sys_unshare(CLONE_NEWUSER), N_("unshare failed"));
	must_write("/proc/self/uid_map", users, N_("failed to write %s"));
	must_write("/proc/self/setgroups", "deny", N_("failed to write %s"));
	must_write("/proc/self/gid_map", groups, N_("failed to write %s"));
}

/* It is no more than a convenience: where it fails, root of the user namespace can still do it. */
void rootless_let_ping(void)
{
	struct told_failure before = told_failed;
	cleanup_close int fd = -1;

	if (!me.is)
		return;
	told_about("ping");
	fd = sys_open_write(PING_GROUPS);
	told_about("ping");
	if ((fd < 0 && !telling()) || sys_write(fd, PING_GROUPS, "0 0") < 0)
		told_failed = before;
}
