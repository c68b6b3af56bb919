/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>

#include "compat.h"
#include "die.h"
#include "engine.h"
#include "fd.h"
#include "mnl.h"
#include "dir.h"
#include "hints.h"
#include "nsfs.h"
#include "own.h"
#include "parse.h"
#include "rootless.h"
#include "rtnl.h"
#include "sys.h"
#include "told.h"

#define DIR_PATH "/run/netns"
#define DIR_PARENT "/run"
#define OWN_NET "/proc/self/ns/net"

/*
 * ip(8) makes the file first and mounts on it then, without the lock. A file without a namespace
 * that is younger than this may be on its way.
 */
enum { YOUNG_MS = 1000 };

const char *netns_dir(void)
{
	return rootless() ? rootless_dir() : DIR_PATH;
}

void netns_use(void)
{
	if (rootless())
		rootless_join();
}

void netns_look(void)
{
	if (rootless())
		rootless_look();
}

bool netns_name_ok(const char *name)
{
	return *name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && !strchr(name, '/') &&
	       strlen(name) <= NAME_MAX;
}

char *netns_path(const char *name)
{
	return must_format("%s/%s", netns_dir(), name);
}

/* The device of nsfs, which is one for all namespaces; 0: there is no /proc, which shows it. */
static dev_t nsfs_device(void)
{
	static dev_t nsfs;
	struct stat st;

	if (!nsfs && stat(OWN_NET, &st) == 0)
		nsfs = st.st_dev;
	return nsfs;
}

static bool is_of_nsfs(const char *path)
{
	cleanup_close int fd = fd_above_stdio(open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC));
	struct statfs fs;

	return fd >= 0 && fstatfs(fd, &fs) == 0 && fs.f_type == NSFS_MAGIC;
}

/* By the device it is a call, where statfs(2) of what is no link takes three. */
static bool is_mounted(const char *path)
{
	dev_t nsfs = nsfs_device();
	struct stat st;

	if (!nsfs)
		return is_of_nsfs(path);
	return lstat(path, &st) == 0 && st.st_dev == nsfs;
}

/*
 * What is mounted in the directory itself, which nobody changes who may not mount there, is opened as it
 * is: the way of nsfs_open_named(), by which no link and nothing else is trusted, takes twice as long.
 */
static int open_mounted(const char *path)
{
	int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int fd = is_mounted(path) ? fd_above_stdio(open(path, flags)) : -1;
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) < 0 || st.st_dev != nsfs_device()))
		close_fd(&fd);
	return fd;
}

/* The path of its file, without malloc(3), for what a script or a batch does many times. */
static int put_path(char path[PATH_MAX], const char *name)
{
	if (strlen(netns_dir()) + 1 + strlen(name) >= PATH_MAX)
		return fail_with(ENAMETOOLONG);
	strcpy(stpcpy(stpcpy(path, netns_dir()), "/"), name);
	return 0;
}

int netns_open(const char *name)
{
	char path[PATH_MAX];
	int fd;

	if (put_path(path, name) < 0)
		return -1;
	fd = open_mounted(path);
	return fd < 0 ? nsfs_open_named(path) : fd;
}

bool netns_is_path(const char *word)
{
	return *word == '/';
}

/* ---- what engines know ---- */

static struct known {
	char *word;
	pid_t pid;
	int pidfd;
} known[8];
static size_t n_known;

/* The PID of a word that an engine knew, as text. */
static bool pid_of(const char *word, char *pid, size_t size)
{
	for (const struct known *k = known; k < known + n_known; k++)
		if (strcmp(k->word, word) == 0) {
			snprintf(pid, size, "%d", k->pid);
			return true;
		}
	return false;
}

int netns_why(const char *word, int err, enum netns_word what)
{
	cleanup_free char *path = netns_is_path(word) ? must_have(strdup(word)) : netns_path(word);
	char pid[16];

	if (pid_of(word, pid, sizeof(pid)))
		word = pid;
	if (err == EINVAL)
		why_no_namespace(netns_dir(), path);
	else if (err == EPERM)
		why_call_failed();
	else
		why_not_found(&(struct sought){ netns_dir(), word, what == OR_PATH_OR_PID,
						what != ONLY_NAME, true },
			      err);
	return -1;
}

_Noreturn void netns_die(const struct netns_options *o, int status, int err, const char *msgid,
			 const char *word)
{
	warn_err(err, msgid, word);
	netns_why(word, err, o->as_ip ? ONLY_NAME : OR_PATH_OR_PID);
	die_said(status);
}

bool parse_as_ip(const char *word, long long min, long long max, long long *n)
{
	char *end;

	errno = 0;
	*n = strtoll(word, &end, 0);
	return *word && !*end && !errno && *n >= min && *n <= max;
}

/* As strict as the peer: no sign, no zero in front. */
static int open_process(const char *word)
{
	long long pid;
	char path[40];

	if (*word < '1' || *word > '9' || parse_number(word, 1, INT_MAX, &pid) < 0)
		return fail_with(ENOENT);
	snprintf(path, sizeof(path), "/proc/%lld/ns/net", pid);
	return fd_above_stdio(open(path, O_RDONLY | O_CLOEXEC));
}

static void let_go(struct known *k)
{
	free(k->word);
	close_fd(&k->pidfd);
}

/* Each is asked for once in a command; what is more than there is room for is not held till the end. */
static struct known *find_known(const char *word, int status)
{
	struct known *k = known;

	while (k < known + n_known && strcmp(k->word, word) != 0)
		k++;
	if (k < known + n_known)
		return k;
	if (n_known == ARRAY_SIZE(known)) {
		k = &known[--n_known];
		let_go(k);
	}
	k->pid = engine_find(word, status, &k->pidfd);
	k->word = must_have(strdup(word));
	n_known++;
	return k;
}

static bool is_file(const char *word)
{
	cleanup_free char *path = netns_path(word);
	struct stat st;

	return lstat(path, &st) == 0;
}

const char *netns_word(const char *word)
{
	return !netns_is_path(word) && engine_is_netns(word) && !is_file(word) ? engine_name(word)
									       : word;
}

bool netns_engine(const char *word, int status, char path[NETNS_OF_PID])
{
	if (!engine_named(word) || engine_is_netns(word))
		return false;
	snprintf(path, NETNS_OF_PID, "/proc/%d/ns/net", find_known(word, status)->pid);
	return true;
}

const char *netns_plain(const char *word, int status, char path[NETNS_OF_PID])
{
	if (!netns_is_path(word) && !(netns_name_ok(word) && is_file(word)) &&
	    netns_engine(word, status, path))
		return path;
	return netns_word(word);
}

void netns_ask(const char *word, int status)
{
	char path[NETNS_OF_PID];

	netns_plain(word, status, path);
}

void netns_engine_gone(int status)
{
	for (const struct known *k = known; k < known + n_known; k++)
		engine_gone(k->word, status, k->pid, k->pidfd);
}

/* Not by its number any more: the process is still the one that is held. */
static int open_engine(const char *path, int status)
{
	int fd = fd_above_stdio(open(path, O_RDONLY | O_CLOEXEC));

	netns_engine_gone(status);
	return fd;
}

int netns_open_any(const char *word, int status, bool *is_name)
{
	char path[NETNS_OF_PID];
	int fd;

	*is_name = !netns_is_path(word);
	if (!*is_name)
		return nsfs_open_named(word);
	word = netns_word(word);
	fd = netns_open(word);
	*is_name = fd >= 0 || errno != ENOENT;
	if (*is_name)
		return fd;
	return netns_engine(word, status, path) ? open_engine(path, status) : open_process(word);
}

static int stat_netns(const char *word, bool ask, struct stat *st)
{
	char path[NETNS_OF_PID];
	bool is_engine = ask && !(netns_name_ok(word) && is_file(word)) &&
			 netns_engine(word, EXIT_FAILURE, path);
	cleanup_close int fd = is_engine	     ? open_engine(path, EXIT_FAILURE)
			       : netns_is_path(word) ? nsfs_open_named(word)
						     : netns_open(netns_word(word));

	if (fd < 0)
		return -1;
	return ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNET /* Linux 4.11 */
		       ? fstat(fd, st)
		       : fail_with(EINVAL);
}

void netns_stat(const struct netns_options *o, const char *word, const char *msgid, struct stat *st)
{
	int err = stat_netns(word, !o->as_ip, st) < 0 ? errno : 0;

	if (!err)
		return;
	warn_err(err, msgid, word);
	netns_why(word, err, o->as_ip ? ONLY_NAME : OR_PATH);
	die_said(EXIT_FAILURE);
}

int netns_open_own(void)
{
	return fd_above_stdio(open(OWN_NET, O_RDONLY | O_CLOEXEC));
}

bool leads_nowhere(int err)
{
	return err == ENOENT || err == ENOTDIR || err == ELOOP;
}

enum netns_state netns_state(const char *path)
{
	cleanup_close int fd = fd_above_stdio(open(path, O_PATH | O_CLOEXEC));
	struct statfs fs;

	if (fd < 0 && leads_nowhere(errno)) /* or it is a link that does */
		return faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ? NETNS_STALE
		       : leads_nowhere(errno)					 ? NETNS_GONE
										 : NETNS_UNKNOWN;
	if (fd < 0 || fstatfs(fd, &fs) < 0)
		return NETNS_UNKNOWN;
	return fs.f_type == NSFS_MAGIC ? NETNS_LIVE : NETNS_STALE;
}

/* ---- the directory ---- */

void netns_keep_name(char ***names, size_t n, const char *name)
{
	enum { STEP = 256 };

	if (n % STEP == 0)
		*names = must_have(reallocarray(*names, n + STEP, sizeof(char *)));
	(*names)[n] = must_have(strdup(name));
}

/*
 * In an ordinary user's directory podman has names as well, which are mounted elsewhere: they are neither ours to
 * tell of, nor to remove. In /run/netns, where all see the same, there are none.
 */
static bool is_anothers(int dir, const char *name)
{
	struct stat st, of_dir;

	return rootless() && fstat(dir, &of_dir) == 0 &&
	       fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
	       st.st_dev == of_dir.st_dev && !rootless_is_name(&st, &of_dir);
}

size_t netns_names(char ***names)
{
	DIR *dir = opendir(netns_dir());
	struct dirent *entry;
	size_t n = 0;

	*names = NULL;
	if (!dir && errno == ENOENT)
		return 0;
	while (dir && (errno = 0, (entry = readdir(dir))))
		if (netns_name_ok(entry->d_name) && !is_anothers(dirfd(dir), entry->d_name))
			netns_keep_name(names, n++, entry->d_name);
	if (!dir || errno)
		die(EXIT_FAILURE, errno, N_("cannot read %s"), netns_dir());
	closedir(dir);
	return n;
}

void netns_free_names(char **names, size_t n)
{
	while (n > 0)
		free(names[--n]);
	free(names);
}

int netns_each(const struct netns_options *o, netns_step *f)
{
	int ret = EXIT_SUCCESS;
	char **names;
	size_t n = netns_names(&names);

	for (size_t i = 0; i < n; i++)
		if (f(o, names[i]) < 0)
			ret = EXIT_FAILURE;
	netns_free_names(names, n);
	return ret;
}

/* Of a link the mount is on what it leads to. */
static void unmount_dir(void *arg)
{
	cleanup_free char *dir = realpath(netns_dir(), NULL);

	sys_umount(dir ? dir : netns_dir(), MNT_DETACH | UMOUNT_NOFOLLOW);
}

/*
 * A name that is mounted here is to be seen, and its end as well, in every mount namespace that was
 * made from this one. Where /run is shared, the bind is made private first, or it would come back
 * on top of itself.
 */
static void share_dir(void)
{
	bool is_new = rootless() && rootless_is_new(); /* nothing is mounted there yet */

	if (!is_new && sys_mount("", netns_dir(), "none", MS_SHARED | MS_REC) == 0)
		return;
	if (!is_new && errno != EINVAL)
		die(EXIT_FAILURE, errno, N_("mount --make-shared %s failed"), netns_dir());
	must(sys_mount(netns_dir(), netns_dir(), "none", MS_BIND | MS_REC),
	     N_("mount --bind %s %s failed"), netns_dir(), netns_dir());
	undo_push(unmount_dir, NULL);
	if (sys_mount("", netns_dir(), "none", MS_PRIVATE) < 0 ||
	    sys_mount("", netns_dir(), "none", MS_SHARED | MS_REC) < 0)
		die(EXIT_FAILURE, errno, N_("mount --make-shared %s failed"), netns_dir());
	undo_forget();
}

void netns_make_dir(void)
{
	int err;

	if (rootless()) {
		rootless_make_dir();
		return;
	}
	err = sys_mkdir(DIR_PATH, 0755) < 0 ? errno : 0;
	if (!err || err == EEXIST)
		return;
	warn_err(err, N_("mkdir %s failed"), DIR_PATH);
	why_not_changed(DIR_PARENT, DIR_PATH, true, err);
	die_said(EXIT_FAILURE);
}

static int lock = -1; /* the directory, which the next command of a batch may lock as well */

/* Whether it is what the command before has locked: not one that was removed since. */
static bool is_still_there(void)
{
	struct stat st;

	return lock >= 0 && fstat(lock, &st) == 0 && st.st_nlink > 0;
}

/* Return: false if there is none, which only @make minds. */
static bool open_lock(bool make)
{
	close_fd(&lock);
	lock = fd_above_stdio(open(netns_dir(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	if (lock < 0 && !make && (errno == ENOENT || errno == ENOTDIR))
		return false; /* what is done below it will say so */
	if (lock < 0 && !telling())
		die(EXIT_FAILURE, errno, N_("Cannot open netns runtime directory \"%s\""),
		    netns_dir());
	return true;
}

void netns_close_dir(void)
{
	close_fd(&lock);
}

void netns_lock(bool make)
{
	if (make)
		netns_make_dir();
	else if (rootless())
		rootless_check();
	if (!is_still_there() && !open_lock(make))
		return;
	must(sys_flock(lock, netns_dir()), N_("cannot lock %s"), netns_dir());
	if (rootless())
		rootless_join_locked(make);
	if (make)
		share_dir();
}

/* ---- a name ---- */

static long long begun; /* when this command has first looked at how old a file is, 0: not yet */

long long now_ms(clockid_t clock)
{
	struct timespec t = { 0 };

	clock_gettime(clock, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/*
 * Milliseconds since the file was made. Of one that was made in the future, as the clock was set back,
 * it is known only for how long this command has been looking at files.
 */
static long long age(const struct stat *st)
{
	long long made = st->st_ctim.tv_sec * 1000LL + st->st_ctim.tv_nsec / 1000000;
	long long now = now_ms(CLOCK_REALTIME);

	if (begun == 0)
		begun = now_ms(CLOCK_MONOTONIC);
	return now < made ? now_ms(CLOCK_MONOTONIC) - begun : now - made;
}

int netns_is_stale(const char *path)
{
	enum netns_state state;
	struct stat st;

	while ((state = netns_state(path)) == NETNS_STALE) {
		if (lstat(path, &st) < 0)
			return leads_nowhere(errno) ? 0 : -1;
		if (!S_ISREG(st.st_mode) || (rootless() && !rootless_is_name(&st, &st)))
			return 0;
		if (age(&st) >= YOUNG_MS)
			return 1;
		nanosleep(&(struct timespec){ 0, 20000000 }, NULL);
	}
	return state == NETNS_UNKNOWN ? -1 : 0;
}

/*
 * Makes the file that is to carry the namespace; one that carries none serves as well, and is not @made.
 * Under the lock nobody of ours is between this and the mount.
 */
static int make_file(const char *path, bool *made)
{
	int err, stale;

	*made = sys_create(path, 0) == 0;
	if (*made)
		return 0;
	err = errno;
	stale = err == EEXIST ? netns_is_stale(path) : 0;
	if (stale <= 0) {
		err = stale < 0 ? errno : err;
		warn_err(err, N_("Cannot create namespace file \"%s\""), path);
		return why_not_changed(netns_dir(), path, true, err);
	}
	told_note("%s has no namespace: it is replaced", path);
	return 0;
}

/* In the new namespace @name. */
static int loopback_up(const char *name)
{
	struct rtnl *rtnl = telling() ? NULL : rtnl_open();
	int ret = -1;

	if (rtnl || telling())
		ret = rtnl_set_up(rtnl, "lo");
	if (ret < 0) {
		warn_err(errno, N_("cannot set %s up in \"%s\""), "lo", name);
		if (rtnl)
			why_call_failed();
	}
	rtnl_close(rtnl);
	return ret;
}

static bool moved; /* this process is in a namespace that it has made */

/* What comes next in this command is another new one, or the end: the way back is netns_come_back(). */
static int make_namespace(const char *name, bool up)
{
	if (sys_unshare(CLONE_NEWNET) < 0) {
		warn_err(errno, N_("Failed to create a new network namespace \"%s\""), name);
		why_call_failed();
		return -1;
	}
	moved = true;
	rootless_let_ping();
	return up ? loopback_up(name) : 0;
}

/*
 * Whether the file is a network namespace, or is not there, which the mount will say. Return: -1 after
 * a message.
 */
static int check_netns(const char *file)
{
	enum netns_state state = netns_state(file);
	cleanup_close int fd = -1;

	if (state == NETNS_GONE)
		return 0;
	if (state == NETNS_LIVE)
		fd = nsfs_open_named(file);
	if (state == NETNS_UNKNOWN || (state == NETNS_LIVE && fd < 0)) {
		int err = errno;

		warn_err(err, N_("cannot open %s"), file);
		return why_not_bound(file, err);
	}
	if (fd >= 0 && ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNET) /* Linux 4.11 */
		return 0;
	warn_msg(N_("%s is no network namespace"), file);
	why_no_namespace(netns_dir(), file);
	return -1;
}

/* The file at @path carries the namespace @source, NULL: a new one; or is not there, or as it was. */
static int put_name_on(const char *source, const char *name, bool up, const char *path, bool *made)
{
	const char *file = source ? source : OWN_NET;

	if (make_file(path, made) < 0)
		return -1;
	if ((source ? check_netns(source) : make_namespace(name, up)) == 0) {
		int err = sys_mount(file, path, "none", MS_BIND) < 0 ? errno : 0;

		if (!err)
			return 0;
		warn_err(err, N_("Bind %s -> %s failed"), file, path);
		why_not_bound(file, err);
	}
	if (*made)
		sys_unlink(path);
	return -1;
}

int netns_add(const char *name, bool up)
{
	cleanup_free char *path = netns_path(name);
	bool made;

	if (up && !telling())
		mnl(); /* which dies where it cannot be loaded: before anything is made */
	return put_name_on(NULL, name, up, path, &made);
}

int netns_attach(const char *name, const char *source)
{
	cleanup_free char *path = netns_path(name);
	bool made;

	return put_name_on(source, name, false, path, &made);
}

/* All that is mounted on the file of @name, and the file itself if that is to go, too. */
static int take_away(const char *name, const char *path, bool file)
{
	bool more;
	int err;

	do { /* what something is still mounted on does not go */
		more = is_mounted(path) && sys_umount(path, MNT_DETACH | UMOUNT_NOFOLLOW) == 0 &&
		       !telling();
		if (file && sys_unlink(path) == 0)
			return 0;
		err = file ? errno : 0;
	} while (more && (!file || err == EBUSY));
	if (!file)
		return 0;
	warn_err(err, N_("Cannot remove namespace file \"%s\""), path);
	return err == ENOENT ? netns_why(name, err, ONLY_NAME)
			     : why_not_changed(netns_dir(), path, false, err);
}

int netns_delete(const char *name)
{
	char path[PATH_MAX];

	if (put_path(path, name) < 0)
		return warn_err(errno, N_("Cannot remove namespace file \"%s\""), name);
	return take_away(name, path, true);
}

int netns_rename(const char *old, const char *name)
{
	cleanup_free char *from = netns_path(old), *to = netns_path(name);
	enum netns_state state = netns_state(from);
	bool made;

	if (state != NETNS_LIVE && !telling()) {
		int err = state == NETNS_GONE ? ENOENT : state == NETNS_STALE ? EINVAL : errno;

		warn_err(err, N_("Cannot open network namespace \"%s\""), old);
		return netns_why(old, err, ONLY_NAME);
	}
	if (put_name_on(from, name, false, to, &made) < 0)
		return -1;
	if (take_away(old, from, true) == 0)
		return 0;
	if (netns_state(from) == NETNS_LIVE && take_away(name, to, made) == 0)
		told_note("%s keeps its name", old);
	return -1;
}

/* ---- the next command ---- */

static bool spent;

void netns_spent(void)
{
	spent = true;
}

bool netns_come_back(int own)
{
	begun = 0;
	if (lock >= 0 && flock(lock, LOCK_UN) < 0)
		close_fd(&lock);
	while (n_known > 0)
		let_go(&known[--n_known]);
	if (moved)
		moved = own < 0 || sys_setns(own, 0, OWN_NET, CLONE_NEWNET) < 0;
	return !moved && !spent && !rootless(); /* who holds them may have ended by then */
}
