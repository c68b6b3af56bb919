/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/sched.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include "compat.h"
#include "fd.h"
#include "sys.h"
#include "told.h"

/*
 * Each of these tells its line (told_call), makes the call unless it is only told, and ends the line
 * with the result (told_end): nothing else happens here but what a dry run has to assume.
 */

/* For 3 seconds or so: a FIFO's reader may be on its way. */
enum { FIFO_TRIES = 150 };

static bool left_root; /* see sys_left_root() */
static bool left_proc; /* see sys_proc_is_ours() */

bool sys_left_root(void)
{
	return left_root;
}

bool sys_proc_is_ours(void)
{
	return !left_proc;
}

void sys_load_nothing(void)
{
	left_root = true;
}

/* ---- namespaces and processes ---- */

int sys_unshare(int flags)
{
	int ret = 0;

	if (told_call("unshare(%K)", flags)) {
		ret = unshare(flags);
		left_root |= ret == 0 && (flags & CLONE_NEWNS);
	}
	return (int)told_end_of(ret, (unsigned long)flags, NULL, NULL);
}

int sys_setns(int fd, pid_t pid, const char *name, int flags)
{
	char pid_name[20];
	int ret = 0;

	snprintf(pid_name, sizeof(pid_name), "pid:%d", pid);
	if (told_call("setns(%D, %K)", fd, pid ? pid_name : name, flags)) {
		ret = setns(fd, flags);
		if (ret == 0 && (flags & CLONE_NEWNS))
			left_root = left_proc = true;
	}
	if (told_end_of(ret, (unsigned long)flags, name, NULL) < 0) {
		told_failed.fd = fd;
		told_failed.pid = pid;
	}
	return ret;
}

pid_t sys_fork(void)
{
	pid_t pid = 1;

	if (told_call("fork()"))
		pid = fork();
	return pid == 0 ? 0 : (pid_t)told_end(pid);
}

static bool told_clone3(const struct sys_clone *c, size_t size)
{
	bool make = told_call("clone3({flags=CLONE_PIDFD");

	if (c->flags)
		told_add("|%K", c->flags);
	told_add("%s, exit_signal=SIGCHLD", c->cgroup >= 0 ? "|CLONE_INTO_CGROUP" : "");
	for (size_t i = 0; i < c->n_tids; i++)
		told_add("%s%d", i ? ", " : ", set_tid=[", c->tids[i]);
	if (c->n_tids)
		told_add("], set_tid_size=%z", c->n_tids);
	if (c->cgroup >= 0)
		told_add(", cgroup=%d", c->cgroup);
	told_add("}, %z)", size);
	return make;
}

pid_t sys_clone3(struct sys_clone *c)
{
	int pidfd = -1;
	struct clone_args args = {
		.flags = CLONE_PIDFD | (unsigned int)c->flags,
		.pidfd = (uintptr_t)&pidfd,
		.exit_signal = SIGCHLD,
		.set_tid = c->n_tids ? (uintptr_t)c->tids : 0,
		.set_tid_size = c->n_tids,
	};
	long pid = 1;

	if (c->cgroup >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (unsigned int)c->cgroup;
	}
	if (told_clone3(c, sizeof(args)))
		pid = syscall(SYS_clone3, &args, sizeof(args));
	if (pid == 0) {
		left_root |= (c->flags & CLONE_NEWNS) != 0;
		return 0;
	}
	told_end_of(pid, (unsigned long)c->flags, NULL, NULL);
	if (pid > 0)
		c->pidfd = fd_above_stdio(pidfd);
	return (pid_t)pid;
}

pid_t sys_setsid(void)
{
	return (pid_t)told_end(told_call("setsid()") ? setsid() : 0);
}

int sys_setaffinity(const cpu_set_t *set, size_t size)
{
	bool make = told_call("sched_setaffinity(0, %z, [/* %d CPUs */])", size,
			      CPU_COUNT_S(size, set));

	return (int)told_end(make ? sched_setaffinity(0, size, set) : 0);
}

int sys_no_core(void)
{
	static const struct rlimit none = { 0, 0 };
	bool make = told_call("prlimit64(0, RLIMIT_CORE, {rlim_cur=0, rlim_max=0}, NULL)");

	return (int)told_end(make ? setrlimit(RLIMIT_CORE, &none) : 0);
}

int sys_close_range(unsigned int first, unsigned int last)
{
	bool make = told_call("close_range(%u, %u, 0)", first, last);

	return (int)told_end(make ? syscall(SYS_close_range, first, last, 0) : 0);
}

/* ---- signals ---- */

int sys_kill(pid_t pid, int sig)
{
	if (!told_call("kill(%d, %S)", pid, sig))
		return (int)told_end(0);
	if (!tracing() || pid != getpid())
		return (int)told_end(kill(pid, sig));
	told_ahead();
	return kill(pid, sig);
}

int sys_pidfd_kill(int pidfd, pid_t pid, int sig)
{
	bool make = told_call("pidfd_send_signal(%d<pid:%d>, %S, NULL, 0)", pidfd, pid, sig);

	return (int)told_end(make ? syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0) : 0);
}

int sys_foreground(int fd, pid_t pgrp)
{
	bool make = told_call("ioctl(%d, TIOCSPGRP, [%d])", fd, pgrp);

	return (int)told_end(make ? tcsetpgrp(fd, pgrp) : 0);
}

/* ---- mounts ---- */

static const struct told_flag mount_flags[] = {
	{ MS_RDONLY, "MS_RDONLY" },
	{ MS_NOSUID, "MS_NOSUID" },
	{ MS_NODEV, "MS_NODEV" },
	{ MS_NOEXEC, "MS_NOEXEC" },
	{ MS_REMOUNT, "MS_REMOUNT" },
	{ MS_BIND, "MS_BIND" },
	{ MS_REC, "MS_REC" },
	{ MS_PRIVATE, "MS_PRIVATE" },
	{ MS_SLAVE, "MS_SLAVE" },
	{ MS_SHARED, "MS_SHARED" },
	{ 0, NULL },
};

static const struct told_flag umount_flags[] = {
	{ MNT_DETACH, "MNT_DETACH" },
	{ UMOUNT_NOFOLLOW, "UMOUNT_NOFOLLOW" },
	{ 0, NULL },
};

static const struct told_flag mount_attributes[] = {
	{ MOUNT_ATTR_RDONLY, "MOUNT_ATTR_RDONLY" },
	{ MOUNT_ATTR_NOSUID, "MOUNT_ATTR_NOSUID" },
	{ MOUNT_ATTR_NODEV, "MOUNT_ATTR_NODEV" },
	{ MOUNT_ATTR_NOEXEC, "MOUNT_ATTR_NOEXEC" },
	{ 0, NULL },
};

int sys_mount(const char *source, const char *target, const char *type, unsigned long flags)
{
	bool make =
		told_call("mount(%q, %q, %q, %F, NULL)", source, target, type, mount_flags, flags);

	return (int)told_end_of(make ? mount(source, target, type, flags, NULL) : 0, flags, target,
				type);
}

int sys_umount(const char *target, int flags)
{
	bool make = told_call("umount2(%q, %F)", target, umount_flags, (unsigned long)flags);

	return (int)told_end_of(make ? umount2(target, flags) : 0, (unsigned long)flags, target,
				NULL);
}

static int fs_open(const char *type)
{
	bool make = told_call("fsopen(%q, FSOPEN_CLOEXEC)", type);
	int fd = make ? fd_above_stdio((int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC)) : told_fd();

	return (int)told_end_of(fd, 0, NULL, type);
}

static int fs_config(int fd, const char *type, unsigned int cmd, const char *key, const char *value)
{
	bool make = told_call("fsconfig(%D, %s, %q, %q, 0)", fd, type,
			      cmd == FSCONFIG_SET_STRING ? "FSCONFIG_SET_STRING"
							 : "FSCONFIG_CMD_CREATE",
			      key, value);

	return (int)told_end_of(make ? syscall(SYS_fsconfig, fd, cmd, key, value, 0) : 0, cmd, key,
				type);
}

static int fs_mount(int fs, const char *type, unsigned int attr)
{
	bool make = told_call("fsmount(%D, FSMOUNT_CLOEXEC, %F)", fs, type, mount_attributes,
			      (unsigned long)attr);
	int fd = make ? fd_above_stdio((int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, attr))
		      : told_fd();

	return (int)told_end_of(fd, attr, NULL, type);
}

int sys_mount_detached(const char *type, const char *source, unsigned int attr)
{
	cleanup_close int fs = fs_open(type);

	if (fs < 0 || fs_config(fs, type, FSCONFIG_SET_STRING, "source", source) < 0 ||
	    fs_config(fs, type, FSCONFIG_CMD_CREATE, NULL, NULL) < 0)
		return -1;
	return fs_mount(fs, type, attr);
}

int sys_clone_mount(const char *path)
{
	static const int flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE;
	bool make = told_call(
		"open_tree(AT_FDCWD, %q, OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC|AT_RECURSIVE)", path);
	int fd = make ? fd_above_stdio((int)syscall(SYS_open_tree, AT_FDCWD, path, flags))
		      : told_fd();

	return (int)told_end_of(fd, 0, path, NULL);
}

static int move_mount_to(int fd, const char *name, const char *target, unsigned int beneath)
{
	unsigned int flags = MOVE_MOUNT_F_EMPTY_PATH | beneath;
	bool make = told_call("move_mount(%D, \"\", AT_FDCWD, %q, MOVE_MOUNT_F_EMPTY_PATH%s)", fd,
			      name, target, beneath ? "|MOVE_MOUNT_BENEATH" : "");
	long ret = make ? syscall(SYS_move_mount, fd, "", AT_FDCWD, target, flags) : 0;

	return (int)told_end_of(ret, flags, target, NULL);
}

int sys_move_mount(int fd, const char *name, const char *target)
{
	return move_mount_to(fd, name, target, 0);
}

int sys_move_mount_beneath(int fd, const char *name, const char *target)
{
	return move_mount_to(fd, name, target, MOVE_MOUNT_BENEATH);
}

/* ---- root and working directory ---- */

int sys_chroot(const char *path)
{
	int ret = 0;

	if (!told_call("chroot(%q)", path)) {
		told_chroot(path);
	} else {
		ret = chroot(path);
		if (ret == 0)
			left_root = left_proc = true;
	}
	return (int)told_end_of(ret, 0, path, NULL);
}

int sys_chdir(const char *path)
{
	int ret = 0;

	if (told_call("chdir(%q)", path))
		ret = chdir(path);
	else
		told_chdir(path);
	return (int)told_end_of(ret, 0, path, NULL);
}

int sys_fchdir(int fd, const char *name)
{
	int ret = 0;

	if (told_call("fchdir(%D)", fd, name))
		ret = fchdir(fd);
	else
		told_fchdir(fd);
	return (int)told_end_of(ret, 0, name, NULL);
}

/* ---- files ---- */

int sys_mkdir(const char *path, mode_t mode)
{
	bool make = told_call("mkdir(%q, %o)", path, mode);

	return (int)told_end_of(make ? mkdir(path, mode) : 0, 0, path, NULL);
}

int sys_flock(int fd, const char *path)
{
	int ret = 0;

	if (told_call("flock(%D, LOCK_EX)", fd, path))
		do
			ret = flock(fd, LOCK_EX);
		while (ret < 0 && errno == EINTR);
	return (int)told_end_of(ret, 0, path, NULL);
}

int sys_open_write(const char *path)
{
	bool make = told_call("openat(AT_FDCWD, %q, O_WRONLY|O_CLOEXEC)", path);
	int fd = fd_above_stdio(open(path, (make ? O_WRONLY : O_PATH) | O_CLOEXEC));

	told_end_of(fd, 0, path, NULL);
	if (!make && fd < 0)
		errno = 0;
	return fd;
}

int sys_open_special(const char *path)
{
	static const struct timespec pause = { 0, 20000000 };
	static const int flags = O_WRONLY | O_APPEND | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
	bool make = told_call(
		"openat(AT_FDCWD, %q, O_WRONLY|O_NOCTTY|O_APPEND|O_NONBLOCK|O_CLOEXEC)", path);
	int fd = -1;

	for (int i = 0; make && i < FIFO_TRIES; i++) {
		fd = open(path, flags);
		if (fd >= 0 || errno != ENXIO)
			break;
		nanosleep(&pause, NULL);
	}
	return (int)told_end_of(make ? fd_above_stdio(fd) : told_fd(), 0, path, NULL);
}

int sys_write(int fd, const char *path, const char *text)
{
	size_t len = strlen(text);
	bool make = told_call("write(%D, %q, %z)", fd, path, text, len);
	ssize_t ret = make ? write(fd, text, len) : (ssize_t)len;

	if (told_end_of(ret, 0, path, NULL) < 0)
		return -1;
	if ((size_t)ret == len)
		return 0;
	errno = EIO;
	return -1;
}

int sys_create(const char *path, mode_t mode)
{
	static const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
	bool make = told_call("openat(AT_FDCWD, %q, O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, %o)", path,
			      mode);
	int fd = make ? fd_above_stdio(open(path, flags, mode)) : 0;

	told_end_of(fd, 0, path, NULL);
	if (fd < 0)
		return -1;
	if (make)
		close_fd(&fd);
	return 0;
}

int sys_create_at(int dir, const char *dir_name, const char *name, mode_t mode)
{
	static const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
	bool make = told_call("openat(%D, %q, O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, %o)", dir,
			      dir_name, name, mode);
	int fd = make ? fd_above_stdio(openat(dir, name, flags, mode)) : 0;

	told_end_of(fd, 0, name, NULL);
	if (make)
		return fd;
	errno = 0;
	return -1;
}

int sys_unlink(const char *path)
{
	return (int)told_end_of(told_call("unlink(%q)", path) ? unlink(path) : 0, 0, path, NULL);
}

int sys_unlink_at(int dir, const char *name)
{
	bool make = told_call("unlinkat(%d, %q, 0)", dir, name);

	return (int)told_end_of(make ? unlinkat(dir, name, 0) : 0, 0, name, NULL);
}

int sys_rename_at(int dir, const char *dir_name, const char *from, const char *to)
{
	bool make = told_call("renameat(%D, %q, %D, %q)", dir, dir_name, from, dir, dir_name, to);

	return (int)told_end_of(make ? renameat(dir, from, dir, to) : 0, 0, to, NULL);
}

/* ---- credentials ---- */

int sys_drop_groups(void)
{
	return (int)told_end(told_call("setgroups(0, NULL)") ? setgroups(0, NULL) : 0);
}

int sys_setgroups(size_t n, const gid_t *groups)
{
	bool make;

	if (n == 0)
		return sys_drop_groups();
	make = told_call("setgroups(%z, %G)", n, n, groups);
	return (int)told_end_of(make ? setgroups(n, groups) : 0, n, NULL, NULL);
}

int sys_setgid(gid_t gid)
{
	return (int)told_end_of(told_call("setgid(%u)", gid) ? setgid(gid) : 0, gid, NULL, NULL);
}

int sys_setuid(uid_t uid)
{
	return (int)told_end_of(told_call("setuid(%u)", uid) ? setuid(uid) : 0, uid, NULL, NULL);
}

int sys_setresgid(gid_t gid)
{
	bool make = told_call("setresgid(%u, %u, %u)", gid, gid, gid);

	return (int)told_end_of(make ? setresgid(gid, gid, gid) : 0, gid, NULL, NULL);
}

int sys_setresuid(uid_t uid)
{
	bool make = told_call("setresuid(%u, %u, %u)", uid, uid, uid);

	return (int)told_end_of(make ? setresuid(uid, uid, uid) : 0, uid, NULL, NULL);
}

static unsigned long long cap_set(uint32_t low, uint32_t high)
{
	return (unsigned long long)high << 32 | low;
}

int sys_capset(const struct __user_cap_data_struct *data)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	bool make = told_call("capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, "
			      "{effective=%x, permitted=%x, inheritable=%x})",
			      cap_set(data[0].effective, data[1].effective),
			      cap_set(data[0].permitted, data[1].permitted),
			      cap_set(data[0].inheritable, data[1].inheritable));

	return (int)told_end(make ? syscall(SYS_capset, &head, data) : 0);
}

int sys_ambient_raise(int cap)
{
	bool make = told_call("prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, %d, 0, 0)", cap);

	return (int)told_end(
		make ? prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, (unsigned long)cap, 0UL, 0UL)
		     : 0);
}

int sys_not_dumpable(void)
{
	bool make = told_call("prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE)");

	return (int)told_end(make ? prctl(PR_SET_DUMPABLE, 0UL, 0UL, 0UL, 0UL) : 0);
}

int sys_dumpable(void)
{
	bool make = told_call("prctl(PR_SET_DUMPABLE, SUID_DUMP_USER)");

	return (int)told_end(make ? prctl(PR_SET_DUMPABLE, 1UL, 0UL, 0UL, 0UL) : 0);
}

int sys_keep_caps(void)
{
	bool make = told_call("prctl(PR_SET_KEEPCAPS, 1)");

	return (int)told_end(make ? prctl(PR_SET_KEEPCAPS, 1UL, 0UL, 0UL, 0UL) : 0);
}

int sys_no_new_privs(void)
{
	bool make = told_call("prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)");

	return (int)told_end(make ? prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) : 0);
}

int sys_pdeathsig(int sig)
{
	bool make = told_call("prctl(PR_SET_PDEATHSIG, %S)", sig);

	return (int)told_end(make ? prctl(PR_SET_PDEATHSIG, (unsigned long)sig) : 0);
}

/* ---- names and networks ---- */

int sys_sethostname(const char *name)
{
	size_t len = strlen(name);
	bool make = told_call("sethostname(%q, %z)", name, len);

	return (int)told_end_of(make ? sethostname(name, len) : 0, 0, name, NULL);
}

int sys_setdomainname(const char *name)
{
	size_t len = strlen(name);
	bool make = told_call("setdomainname(%q, %z)", name, len);

	return (int)told_end_of(make ? setdomainname(name, len) : 0, 0, name, NULL);
}

int sys_lo_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	cleanup_close int fd = -1; /* of a family that every kernel has */
	bool make;

	fd = fd_above_stdio(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	if (fd < 0)
		return -1;
	make = told_call("ioctl(%d, SIOCSIFFLAGS, {ifr_name=\"lo\", ifr_flags=IFF_UP})", fd);
	return (int)told_end_of(make ? ioctl(fd, SIOCSIFFLAGS, &request) : 0, 0, "lo", NULL);
}

int sys_rtnl(int fd, const void *request, size_t len, const char *fmt, ...)
{
	char message[1024];
	va_list args;
	bool make;

	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	make = told_call("sendto(%D, {%s}, %z, 0, NULL, 0)", fd, "NETLINK_ROUTE", message, len);
	return told_end_of(make ? send(fd, request, len, 0) : (long)len, 0, NULL, "NETLINK_ROUTE") <
			       0
		       ? -1
		       : 0;
}
