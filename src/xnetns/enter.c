/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>

#include "account.h"
#include "cgroup.h"
#include "cli.h"
#include "compat.h"
#include "cred.h"
#include "dir.h"
#include "enter.h"
#include "exec.h"
#include "fd.h"
#include "json.h"
#include "pair.h"
#include "own.h"
#include "proc.h"
#include "resolver.h"
#include "rootless.h"
#include "sys.h"
#include "told.h"
#include "uplinks.h"

/* ---- /sys ---- */

/* What is mounted below /sys and has to be there again. */
static const char *const kept_mounts[] = { "/sys/fs/cgroup", "/sys/fs/bpf" };

/* Also where nobody knows: a copy of what is no mount does no harm. */
static bool may_be_mount(const char *path)
{
	int is = proc_is_mount(AT_FDCWD, path, 0);

	return is < 0 ? errno != ENOENT && errno != ENOTDIR : is;
}

/*
 * The old one goes when the new one is in its place, beneath it. Where a kernel before 6.5 or a
 * locked mount does not allow that, the old one stays beneath the new one.
 */
static int put_sys(int fd)
{
	if (!rootless_joined() && may_be_mount("/sys") &&
	    sys_move_mount_beneath(fd, "sysfs", "/sys") == 0)
		return sys_umount("/sys", MNT_DETACH);
	return sys_move_mount(fd, "sysfs", "/sys");
}

/* A copy, -1 where there is nothing to keep, or after a warning. */
static int keep_mount(const char *path)
{
	int fd = may_be_mount(path) ? sys_clone_mount(path) : -2;

	if (fd == -1)
		warn_err(errno, N_("mount of %s failed"), path);
	return fd < 0 ? -1 : fd;
}

/*
 * /sys shows the devices of the network namespace it was mounted in. Whatever of it fails, there is a
 * /sys, if there was one.
 */
static void remount_sys(const char *name)
{
	int kept[ARRAY_SIZE(kept_mounts)];
	cleanup_close int fd = -1;
	struct statvfs old;
	int ret = statvfs("/sys", &old);

	if (ret == 0)
		ret = fd = sys_mount_detached("sysfs", name,
					      old.f_flag & ST_RDONLY ? MOUNT_ATTR_RDONLY : 0);
	if (ret < 0) {
		warn_err(errno, N_("mount of /sys failed"));
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		kept[i] = keep_mount(kept_mounts[i]);
	ret = put_sys(fd);
	if (ret < 0)
		warn_err(errno, N_("mount of /sys failed"));
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
		if (ret == 0 && kept[i] >= 0 &&
		    sys_move_mount(kept[i], kept_mounts[i], kept_mounts[i]) < 0)
			warn_err(errno, N_("mount of %s failed"), kept_mounts[i]);
		close_fd(&kept[i]);
	}
}

/* ---- /etc ---- */

/*
 * On the name in /etc itself, also where that is a symbolic link, dangling or not: what it leads to is
 * others'. Where there is no such name the program runs without it, as with the peer; for any other
 * reason it would ask, say, another resolver than the one it was given.
 */
static void bind_etc(const char *source, const char *target)
{
	struct stat st;
	bool is_there = lstat(target, &st) == 0 || errno != ENOENT;
	int ret, fd;

	if (!is_there || !S_ISLNK(st.st_mode)) {
		ret = sys_mount(source, target, "none", MS_BIND);
	} else {
		fd = sys_clone_mount(source);
		ret = fd < 0 ? -1 : sys_move_mount(fd, source, target);
		close_fd(&fd);
	}
	if (ret < 0 && (is_there || errno != ENOENT))
		die(EXIT_FAILURE, errno, N_("Bind %s -> %s failed"), source, target);
	if (ret < 0)
		warn_err(errno, N_("Bind %s -> %s failed"), source, target);
}

static void bind_each_of(const char *dir)
{
	char source[8192], target[4096];
	struct dirent *entry;
	struct stat st;
	DIR *d;

	d = opendir(dir);
	if (!d && (errno == ENOENT || errno == ENOTDIR) && lstat(dir, &st) < 0 &&
	    (errno == ENOENT || errno == ENOTDIR))
		return;
	if (!d)
		die(EXIT_FAILURE, errno, N_("cannot open %s"), dir);
	while (errno = 0, (entry = readdir(d))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(source, sizeof(source), "%s/%s", dir, entry->d_name);
		snprintf(target, sizeof(target), "/etc/%s", entry->d_name);
		bind_etc(source, target);
	}
	if (errno)
		die(EXIT_FAILURE, errno, N_("cannot read %s"), dir);
	closedir(d);
}

/* HOME may still be another's, as setpriv and sudo leave it: nothing in there is his. */
static bool is_his(const char *dir)
{
	struct stat st;

	return stat(dir, &st) == 0 && st.st_uid == geteuid();
}

/* An ordinary user's own files come on top of the administrator's. */
static void bind_all_etc(const char *name)
{
	const char *config = rootless() ? getenv("XDG_CONFIG_HOME") : NULL;
	const char *home = rootless() ? getenv("HOME") : NULL;
	char dir[4096];

	snprintf(dir, sizeof(dir), "/etc/netns/%s", name);
	if (!rootless() || faccessat(AT_FDCWD, dir, R_OK | X_OK, AT_EACCESS) == 0 ||
	    errno != EACCES) /* what is not for him is of root's network of that name */
		bind_each_of(dir);
	if (config && *config == '/')
		snprintf(dir, sizeof(dir), "%s/netns/%s", config, name);
	else if (home && *home == '/' && is_his(home))
		snprintf(dir, sizeof(dir), "%s/.config/netns/%s", home, name);
	else
		return;
	bind_each_of(dir);
}

/* ---- names of hosts ---- */

/*
 * The text of the resolv.conf that is made for the namespace @fd; NULL: none is. An uplink has one, unless @name has its own
 * file.
 */
static char *resolv_conf(const struct netns_options *o, const char *name, int fd)
{
	cleanup_free char *own = must_format("/etc/netns/%s/resolv.conf", name);

	if (o->with[WITH_DNS])
		return resolver_text(o->with[WITH_DNS], EXIT_USAGE);
	return access(own, F_OK) == 0 ? NULL : uplinks_resolv_conf(fd);
}

static void put_resolver(const struct netns_options *o, const char *text)
{
	cleanup_close int root = open_dir("/");

	must(root, N_("cannot open %s"), "/");
	told_because(o->with[WITH_DNS] ? "dns" : NULL);
	resolver_make(text);
	resolver_put(root, resolver_find_in);
	told_because(NULL);
}

/* What libc asks by the file system leads out of any network; said where a person reads it. */
static void note_outside(const struct netns_options *o)
{
	bool printed = telling() || tracing();
	const char *asked;

	if (o->as_ip || (!printed && !isatty(STDERR_FILENO)))
		return;
	asked = resolver_asks_outside();
	if (asked && printed)
		told_note("hosts are asked for outside as well: %s; --dns keeps that in", asked);
	else if (asked)
		hint(N_("hosts are asked for outside as well: %s; --dns keeps that in"), asked);
}

/* ---- enter ---- */

/* An ordinary user's own that is of another user namespace. Return: as rootless_enter_owner(). */
static int enter_owner(const char *name, bool *is_name)
{
	char path[NETNS_OF_PID];
	int fd;

	if (!rootless())
		return -1;
	fd = rootless_enter_owner(netns_plain(name, EXIT_USAGE, path), is_name);
	if (fd >= 0)
		netns_engine_gone(EXIT_USAGE);
	return fd;
}

void netns_enter(const struct netns_options *o, const char *name, bool mounts)
{
	bool is_name = true;
	cleanup_close int fd = enter_owner(name, &is_name);
	cleanup_free char *text = NULL;
	char path[4096]; /* as it is told */

	if (fd < 0) {
		is_name = true;
		netns_use();
		fd = o->as_ip ? netns_open(name) : netns_open_any(name, EXIT_USAGE, &is_name);
	}
	if (is_name && !o->as_ip)
		name = netns_word(name);
	if (netns_is_path(name) && !is_name)
		snprintf(path, sizeof(path), "%s", name);
	else if (is_name || !netns_engine(name, EXIT_USAGE, path))
		snprintf(path, sizeof(path), "%s/%s%s",
			 !is_name     ? "/proc"
			 : rootless() ? rootless_told_dir()
				      : netns_dir(),
			 name, is_name ? "" : "/ns/net");
	if (fd < 0 && errno != EINVAL)
		netns_die(o, EXIT_USAGE, errno, N_("Cannot open network namespace \"%s\""), name);
	/* one that carries none was not opened: the peer's words */
	if (fd < 0 || sys_setns(fd, 0, path, CLONE_NEWNET) < 0)
		netns_die(o, EXIT_USAGE, errno, N_("setting the network namespace \"%s\" failed"),
			  name);
	if (!mounts)
		return;
	text = resolv_conf(o, name, fd);
	if (sys_unshare(CLONE_NEWNS) < 0)
		die(EXIT_USAGE, errno, N_("unshare failed"));
	if (sys_mount("", "/", "none", MS_SLAVE | MS_REC) < 0)
		die(EXIT_USAGE, errno, N_("\"mount --make-rslave /\" failed"));
	remount_sys(name);
	if (is_name) /* a path, or a process, has nothing in /etc/netns */
		bind_all_etc(name);
	if (text)
		put_resolver(o, text);
	else
		note_outside(o);
}

/* ---- exec ---- */

/* Who runs it; asked of NSS before the mount namespace is another. */
struct identity {
	uid_t uid;
	gid_t gid;
	gid_t groups[64];
	int n_groups;
};

static void look_up(const char *word, struct identity *id)
{
	const struct account *user;

	id->uid = cli_uid(word, N_("failed to parse uid: '%s'"));
	user = account_of_user(id->uid);
	id->gid = user ? user->gid : id->uid;
	id->n_groups = ARRAY_SIZE(id->groups);
	/* Groups are of all sources together, which NSS knows in the process alone. */
	if (!user)
		id->n_groups = 0;
	else if (getgrouplist(user->name, user->gid, id->groups, &id->n_groups) < 0)
		die(EXIT_FAILURE, 0, N_("user '%s' is in too many groups"), word);
}

static void become(const struct identity *id)
{
	must(sys_setgroups((size_t)id->n_groups, id->groups), N_("setgroups failed"));
	must(sys_setgid(id->gid), N_("setgid() failed"));
	cred_set_uid(id->uid);
}

/* In place: the process keeps its PID. */
static _Noreturn void exec_in(const struct netns_options *o, const char *name, char **argv)
{
	const char *user = o->with[WITH_USER];
	struct identity id;

	if (user)
		look_up(user, &id);
	if (user && rootless_is_me(id.uid))
		user = NULL;
	cgroup_leave_vrf();
	netns_enter(o, name, !o->with[WITH_NO_MOUNTS]);
	if (user)
		become(&id);
	else if (!o->with[WITH_ROOT])
		rootless_be_oneself();
	if (o->with[WITH_ENV])
		must(setenv("NETNS", name, 1), N_("cannot allocate memory"));
	fflush(stdout);
	must(exec_file(argv[0], argv), N_("exec of \"%s\" failed"), argv[0]);
	must(told_all(), N_("write error"));
	_exit(EXIT_SUCCESS); /* only told */
}

pid_t fork_command(void)
{
	pid_t pid = sys_fork();

	if (pid >= 0 && telling())
		pid = fork();
	must(pid, N_("fork failed"));
	if (pid == 0)
		told_set_who("child");
	return pid;
}

int await_command(pid_t pid)
{
	int status = (int)must(wait_for(pid), N_("waitpid failed"));

	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* One after another, whatever each ends with. */
static int exec_in_all(const struct netns_options *o, char **argv)
{
	int ret = EXIT_SUCCESS;
	char **names;
	size_t n;

	netns_look(); /* each goes there by itself */
	n = netns_names(&names);
	for (size_t i = 0; i < n; i++) {
		pid_t pid;

		fputs("\nnetns: ", stdout);
		put_name(names[i]);
		putchar('\n');
		if (ret == EXIT_SUCCESS && !flush_output())
			ret = EXIT_FAILURE;
		pid = fork_command();
		if (pid == 0)
			exec_in(o, names[i], argv);
		await_command(pid);
	}
	netns_free_names(names, n);
	return ret;
}

int cmd_exec(const struct netns_options *o, char **words)
{
	if (o->with[WITH_DNS])
		free(resolver_text(o->with[WITH_DNS], EXIT_USAGE)); /* it dies of a wrong one */
	if (o->with[WITH_DNS] && o->with[WITH_NO_MOUNTS])
		die(EXIT_USAGE, 0, N_("options %s cannot be combined"), "--dns and --no-mounts");
	if (!words[!o->all])
		die(EXIT_FAILURE, 0, N_("No command specified"));
	if (o->all)
		return exec_in_all(o, words);
	exec_in(o, words[0], words + 1);
}
