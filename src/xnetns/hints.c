/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

#include "compat.h"
#include "cred.h"
#include "die.h"
#include "fd.h"
#include "hint.h"
#include "hints.h"
#include "kind.h"
#include "nearest.h"
#include "nsfs.h"
#include "own.h"
#include "peek.h"
#include "proc.h"
#include "rootless.h"
#include "seen.h"
#include "told.h"

/* ---- a call ---- */

/* Whether the mount namespace is owned by another user namespace than ours; or by one that was made, ours. */
static bool mounts_are_anothers(void)
{
	ino_t own = seen_ns("user");

	return own && seen_ns("mnt") && seen_owner("mnt") != own;
}

static bool mounts_are_ones_own(void)
{
	ino_t own = seen_ns("user");

	return own && !seen_outermost() && seen_owner("mnt") == own;
}

/* Whether a user namespace of one's own gives rights: there may be none, or one without. */
static bool may_have_a_userns(void)
{
	static const struct {
		const char *path;
		long refuses;
	} settings[] = {
		{ "/proc/sys/user/max_user_namespaces", 0 },
		{ "/proc/sys/kernel/unprivileged_userns_clone", 0 },
		{ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 1 },
	};
	long value;

	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		if (seen_number(settings[i].path, &value) && value == settings[i].refuses)
			return false;
	return !seen_chroot();
}

/* Where it is no more than rights that lack, they can be had in namespaces of one's own. */
static bool no_right_to_mount(void)
{
	if (!cred_has(CAP_SYS_ADMIN) && rootless()) /* what an ordinary user runs in his networks */
		return rootless_hint_below();
	if (!cred_has(CAP_SYS_ADMIN) && !may_have_a_userns())
		return hint(N_("%s is missing"), "CAP_SYS_ADMIN");
	if (!cred_has(CAP_SYS_ADMIN))
		return hint(N_(
			"CAP_SYS_ADMIN is missing; it is to be had in a user and a mount namespace of one's own: "
			"unshare -rm, then mount -t tmpfs tmpfs /run"));
	return mounts_are_anothers() &&
	       hint(N_("the mount namespace belongs to another user namespace; make one, too: "
		       "unshare -rm, then mount -t tmpfs tmpfs /run"));
}

static bool no_right_to_enter(void)
{
	ino_t own = seen_ns("user");
	cleanup_close int owner = ioctl(told_failed.fd, NS_GET_USERNS);
	bool is_anothers = owner < 0 ? errno == EPERM : own && !seen_is(owner, own);

	/* an ancestor's; another's, which may be one below ours, where we have every right */
	if (is_anothers && !(cred_has(CAP_SYS_ADMIN) && own && seen_below(owner, own)))
		return hint(
			N_("the %s namespace belongs to another user namespace, and may be joined by "
			   "who has CAP_SYS_ADMIN there"),
			"net");
	return !cred_has(CAP_SYS_ADMIN) && hint(N_("%s is missing"), "CAP_SYS_ADMIN");
}

static bool no_right_to_unshare(void)
{
	return !(told_failed.arg & CLONE_NEWUSER) && !cred_has(CAP_SYS_ADMIN) &&
	       no_right_to_mount();
}

static bool no_mount_point(void)
{
	return strcmp(told_failed.path, "/") == 0 && seen_chroot() &&
	       hint(N_("the root directory is a chroot and no mount point: bind it on itself before the "
		       "chroot (mount --bind DIR DIR), or use exec --no-mounts"));
}

/* A user of a user's network. */
static bool no_such_id(void)
{
	return rootless_has_one_id() &&
	       hint(N_("an ordinary user is root in his networks, and root is the only user there: it takes subordinate IDs of his in "
		       "/etc/subuid and /etc/subgid, and newuidmap, when the first name is made, to have more"));
}

void why_call_failed(void)
{
	static const struct hint_reason reasons[] = {
		{ "mount umount2", HINT_REFUSED, no_right_to_mount },
		{ "mount", EINVAL, no_mount_point },
		{ "unshare", HINT_REFUSED, no_right_to_unshare },
		{ "setns", HINT_REFUSED, no_right_to_enter },
		{ "setgroups setgid setuid", HINT_ANY, no_such_id },
	};

	if (!hint_by(reasons, ARRAY_SIZE(reasons)))
		hint_failed_call(); /* what any tool can say of it */
}

/* ---- a name ---- */

/* Calls @f with each mount of a namespace that we see, till it returns true. */
static bool each_mount(bool (*f)(void *arg, const char *root, const char *target), void *arg)
{
	cleanup_file FILE *f_mounts = fopen("/proc/self/mountinfo", "re");
	cleanup_free char *line = NULL;
	char *root, *target;
	size_t size = 0;

	while (f_mounts && getline(&line, &size, f_mounts) > 0)
		if (strstr(line, " - nsfs ") && proc_mount(line, &root, &target) == 0 &&
		    f(arg, root, target))
			return true;
	return false;
}

/* A name that others keep elsewhere: Docker has /run/docker/netns. */
static bool is_elsewhere(void *arg, const char *root, const char *target)
{
	const struct sought *s = arg;
	const char *name = strrchr(target, '/');

	if (!name || strcmp(name + 1, s->word) != 0 || strncmp(root, "net:", 4) != 0)
		return false;
	return s->may_be_path ? hint(N_("there is %s, which is not in %s: give the whole path"),
				     target, s->dir)
			      : hint(N_("there is %s, which is not in %s"), target, s->dir);
}

/* A word that is the number of a process: what is to be said of that. */
static bool is_process(const char *word, int err)
{
	cleanup_close int dir = -1;
	char *end;
	long pid = strtol(word, &end, 10);

	if (!isdigit((unsigned char)*word) || *end || pid <= 0 || pid > INT32_MAX)
		return false;
	if (!proc_is_there((pid_t)pid))
		return hint(N_("there is no process %ld"), pid);
	dir = proc_open((pid_t)pid);
	return hint_process((pid_t)pid, dir, err);
}

/* The nearest of the names that there are. */
static void find_near(const struct sought *s)
{
	struct nearest near = nearest_to(s->word, strlen(s->word));
	DIR *dir = opendir(s->dir);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (*entry->d_name != '.')
			nearest_try(&near, entry->d_name);
	nearest_hint(&near, "");
	if (dir)
		closedir(dir); /* and the name that was near is gone */
}

void why_not_found(const struct sought *s, int err)
{
	if (s->may_be_pid && is_process(s->word, err))
		return;
	if (err == ENOENT && !each_mount(is_elsewhere, (void *)s) && s->may_be_near)
		find_near(s);
}

/* The same of the process whose file @path is. */
static bool is_of_process(const char *path, int err)
{
	char pid[16];

	return sscanf(path, "/proc/%15[0-9]/ns/net", pid) == 1 && is_process(pid, err);
}

int why_not_bound(const char *source, int err)
{
	if (!is_of_process(source, err) && err == told_failed.err) /* and none that was got over */
		why_call_failed();
	return -1;
}

/* Of the names that prune looks at. */
static bool is_name_in(const char *dir, const char *path)
{
	size_t len = strlen(dir);

	return strncmp(path, dir, len) == 0 && path[len] == '/' && !strchr(path + len + 1, '/');
}

void why_no_namespace(const char *dir, const char *path)
{
	cleanup_close int fd = nsfs_open_named(path);
	int err = fd < 0 ? errno : 0;
	const struct kind *kind = fd < 0 ? NULL : kind_by_flag(ioctl(fd, NS_GET_NSTYPE));
	struct stat st;

	if (kind && kind->flag != CLONE_NEWNET)
		hint(N_("%s is a namespace of another kind, %s"), path, kind->name);
	else if (err == EINVAL && lstat(path, &st) == 0 && S_ISREG(st.st_mode))
		hint(is_name_in(dir, path)
			     ? N_("no namespace is mounted on %s; xnetns prune removes such files")
			     : N_("no namespace is mounted on %s"),
		     path);
	else if (err)
		is_of_process(path, err);
}

/* ---- a file ---- */

static const char *lock_of(const char *file)
{
	struct statx st;

	if (statx(AT_FDCWD, file, AT_SYMLINK_NOFOLLOW, STATX_TYPE, &st) < 0)
		return NULL;
	return st.stx_attributes & STATX_ATTR_IMMUTABLE ? "i"
	       : st.stx_attributes & STATX_ATTR_APPEND	? "a"
							: NULL;
}

static bool is_locked(const char *file)
{
	const char *letter = lock_of(file);

	return letter &&
	       hint(N_("%s has the attribute %s: chattr -%s takes it away"), file, letter, letter);
}

static bool is_mounted_over(const char *file)
{
	struct statfs fs;
	struct statx st;

	if (statx(AT_FDCWD, file, AT_SYMLINK_NOFOLLOW, STATX_TYPE, &st) < 0 ||
	    !(st.stx_attributes & STATX_ATTR_MOUNT_ROOT) || statfs(file, &fs) < 0)
		return false;
	return fs.f_type == NSFS_MAGIC
		       ? no_right_to_mount()
		       : hint(N_("something else than a namespace is mounted on %s: umount takes it away"),
			      file);
}

int why_not_changed(const char *dir, const char *file, bool made, int err)
{
	uid_t uid = geteuid();
	struct stat d, f;

	if (err == EBUSY)
		is_mounted_over(file);
	if ((err != EPERM && err != EACCES) || is_locked(file) || is_locked(dir) ||
	    stat(dir, &d) < 0)
		return -1;
	if (faccessat(AT_FDCWD, dir, W_OK | X_OK, AT_EACCESS) < 0) {
		hint(N_("%s belongs to user %u, and user %u may not write to it"), dir, d.st_uid,
		     uid);
		if (made && !no_right_to_mount() && mounts_are_ones_own())
			hint(N_("this mount namespace is one's own: mount -t tmpfs tmpfs /run"));
	} else if ((d.st_mode & S_ISVTX) && lstat(file, &f) == 0 && f.st_uid != uid &&
		   d.st_uid != uid && !cred_has(CAP_FOWNER)) {
		hint(N_("%s belongs to user %u, and in %s only the owner removes a file (the sticky bit)"),
		     file, f.st_uid, dir);
	}
	return -1;
}

/* ---- a mount that is not seen outside ---- */

/*
 * Whether the mount is known to be no slave (Linux 6.8): then mountinfo, a line for each mount, need not
 * be read.
 */
static bool has_no_master(const char *dir)
{
	struct {
		uint32_t size, spare;
		uint64_t mount, what;
	} request = { .size = sizeof(request), .what = STATMOUNT_MNT_BASIC };
	struct {
		uint64_t size, what, before[9], master, behind[52];
	} answer;
	struct statx st;

	if (statx(AT_FDCWD, dir, 0, STATX_MNT_ID_UNIQUE, &st) < 0 ||
	    !(st.stx_mask & STATX_MNT_ID_UNIQUE))
		return false;
	request.mount = st.stx_mnt_id;
	return syscall(SYS_statmount, &request, &answer, sizeof(answer), 0) == 0 &&
	       (answer.what & STATMOUNT_MNT_BASIC) && answer.master == 0;
}

void warn_if_slave(const char *dir)
{
	cleanup_file FILE *f = NULL;
	cleanup_free char *line = NULL;
	char *dash, *master;
	size_t size = 0;
	struct statx st;

	if (has_no_master(dir) || statx(AT_FDCWD, dir, 0, STATX_MNT_ID, &st) < 0 ||
	    !(st.stx_mask & STATX_MNT_ID))
		return; /* before Linux 5.8 */
	f = fopen("/proc/self/mountinfo", "re");
	while (f && getline(&line, &size, f) > 0 && strtoull(line, NULL, 10) != st.stx_mnt_id)
		;
	dash = line ? strstr(line, " - ") : NULL;
	master = line ? strstr(line, " master:") : NULL;
	if (dash && master && master < dash && strtoull(line, NULL, 10) == st.stx_mnt_id)
		hint(N_("%s is a slave here of the same mount in another mount namespace: there, the name is "
			"a file without a namespace"),
		     dir);
}
