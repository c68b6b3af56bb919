/* SPDX-License-Identifier: MIT */
/* xnetns: exec, and the way into a namespace. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <linux/magic.h>

#include "cgroup.h"
#include "compat.h"
#include "cred.h"
#include "netnsdir.h"
#include "sys.h"
#include "xnetns.h"

/* ---- /sys ---- */

/* What is mounted below /sys and has to be there again. */
static const char *const kept_mounts[] = { "/sys/fs/cgroup", "/sys/fs/bpf" };

static bool is_mount_point(const char *path)
{
	struct statx st;

	return statx(AT_FDCWD, path, 0, 0, &st) == 0 && (st.stx_attributes & STATX_ATTR_MOUNT_ROOT);
}

/*
 * /sys shows the devices of the network namespace it was mounted in. The new one is made before the
 * old one goes: where it cannot be had, the old one stays.
 */
static void remount_sys(const char *name)
{
	int kept[ARRAY_SIZE(kept_mounts)];
	cleanup_close int fd = -1;
	struct statvfs old;
	bool read_only = statvfs("/sys", &old) == 0 && (old.f_flag & ST_RDONLY);

	fd = sys_mount_detached("sysfs", name, read_only ? MOUNT_ATTR_RDONLY : 0);
	if (fd < 0) {
		warn_err(errno, N_("mount of /sys failed"));
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		kept[i] = is_mount_point(kept_mounts[i]) ? sys_clone_mount(kept_mounts[i]) : -1;
	if (sys_umount("/sys", MNT_DETACH) < 0 && errno != EINVAL) /* EINVAL: it is no mount */
		warn_err(errno, N_("mount of /sys failed"));
	if (sys_move_mount(fd, "sysfs", "/sys") < 0)
		warn_err(errno, N_("mount of /sys failed"));
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
		if (kept[i] >= 0 && sys_move_mount(kept[i], kept_mounts[i], kept_mounts[i]) < 0)
			warn_err(errno, N_("mount of %s failed"), kept_mounts[i]);
		close_fd(&kept[i]);
	}
}

/* ---- /etc ---- */

/*
 * On the name in /etc itself, also where that is a symbolic link, dangling or not: what it leads to is
 * others'.
 */
static void bind_etc(const char *source, const char *target)
{
	struct stat st;
	int ret, fd;

	if (lstat(target, &st) < 0 || !S_ISLNK(st.st_mode)) {
		ret = sys_mount(source, target, "none", MS_BIND);
	} else {
		fd = sys_clone_mount(source);
		ret = fd < 0 ? -1 : sys_move_mount(fd, source, target);
		close_fd(&fd);
	}
	if (ret < 0)
		warn_err(errno, N_("Bind %s -> %s failed"), source, target);
}

static void bind_all_etc(const char *name)
{
	char dir[4096], source[8192], target[4096];
	struct dirent *entry;
	DIR *d;

	snprintf(dir, sizeof(dir), "/etc/netns/%s", name);
	d = opendir(dir);
	while (d && (entry = readdir(d))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(source, sizeof(source), "%s/%s", dir, entry->d_name);
		snprintf(target, sizeof(target), "/etc/%s", entry->d_name);
		bind_etc(source, target);
	}
	if (d)
		closedir(d);
}

/* ---- enter ---- */

void netns_enter(const char *name, bool mounts)
{
	cleanup_close int fd = netns_open(name);
	char path[4096]; /* as it is told */

	snprintf(path, sizeof(path), "%s/%s", netns_dir(), name);
	if (fd < 0)
		die(EXIT_USAGE, errno, N_("Cannot open network namespace \"%s\""), name);
	if (sys_setns(fd, 0, path, CLONE_NEWNET) < 0)
		die(EXIT_USAGE, errno, N_("setting the network namespace \"%s\" failed"), name);
	if (!mounts)
		return;
	if (sys_unshare(CLONE_NEWNS) < 0)
		die(EXIT_USAGE, errno, N_("unshare failed"));
	if (sys_mount("", "/", "none", MS_SLAVE | MS_REC) < 0)
		die(EXIT_USAGE, errno, N_("\"mount --make-rslave /\" failed"));
	remount_sys(name);
	bind_all_etc(name);
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
	const struct passwd *pw;

	id->uid = cli_uid(word, N_("failed to parse uid: '%s'"));
	pw = getpwuid(id->uid);
	id->gid = pw ? pw->pw_gid : id->uid;
	id->n_groups = ARRAY_SIZE(id->groups);
	if (!pw)
		id->n_groups = 0;
	else if (getgrouplist(pw->pw_name, pw->pw_gid, id->groups, &id->n_groups) < 0)
		die(EXIT_FAILURE, 0, N_("user '%s' is in too many groups"), word);
}

static void become(const struct identity *id)
{
	if (sys_setgroups((size_t)id->n_groups, id->groups) < 0)
		die(EXIT_FAILURE, errno, N_("setgroups failed"));
	if (sys_setgid(id->gid) < 0)
		die(EXIT_FAILURE, errno, N_("setgid() failed"));
	cred_set_uid(id->uid);
}

/* In place: the process keeps its PID. */
static _Noreturn void exec_in(const char *name, char **argv)
{
	const char *user = command_option("--user");
	struct identity id;

	if (user)
		look_up(user, &id);
	cgroup_leave_vrf();
	netns_enter(name, !command_option("--no-mounts"));
	if (user)
		become(&id);
	if (command_option("--env") && setenv("NETNS", name, 1) < 0)
		die(EXIT_FAILURE, errno, N_("cannot allocate memory"));
	fflush(stdout);
	if (sys_exec(argv[0], argv) < 0)
		die(EXIT_FAILURE, errno, N_("exec of \"%s\" failed"), argv[0]);
	if (sys_told_all() < 0)
		die(EXIT_FAILURE, errno, N_("write error"));
	_exit(EXIT_SUCCESS); /* only told */
}

pid_t fork_command(void)
{
	pid_t pid = sys_fork();

	if (pid >= 0 && sys_telling())
		pid = fork();
	if (pid < 0)
		die(EXIT_FAILURE, errno, N_("fork failed"));
	if (pid == 0)
		sys_set_who("child");
	return pid;
}

/* One after another, whatever each ends with. */
static int exec_in_all(char **argv)
{
	char **names;
	ssize_t n = netns_names(&names);

	if (n < 0)
		die(EXIT_FAILURE, errno, N_("cannot read %s"), netns_dir());
	for (ssize_t i = 0; i < n; i++) {
		int status;
		pid_t pid;

		printf("\nnetns: %s\n", names[i]);
		fflush(stdout);
		pid = fork_command();
		if (pid == 0)
			exec_in(names[i], argv);
		while (waitpid(pid, &status, 0) < 0)
			if (errno != EINTR)
				die(EXIT_FAILURE, errno, N_("waitpid failed"));
	}
	return EXIT_SUCCESS;
}

int cmd_exec(char **words)
{
	if (!opt.all && !words[0]) {
		warn_msg(N_("No netns name specified"));
		return EXIT_FAILURE;
	}
	if (!words[!opt.all]) {
		warn_msg(N_("No command specified"));
		return EXIT_FAILURE;
	}
	if (opt.all)
		return exec_in_all(words);
	exec_in(words[0], words + 1);
}
