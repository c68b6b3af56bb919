/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/sched.h>
#include <net/if.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/fsuid.h>
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
 * with the result (told_end_of): nothing else happens here but what a dry run has to assume.
 *
 * DEFINE() is one that is nothing else: its name and parameters, how the call is made, what it gives
 * when it is only told, what told_failed keeps of it, and its line. With TOLD() the row says all of
 * that; CALL() gives 0 when it is only told, OPENS() a descriptor.
 */
#define DEFINE(name, params, made, told, n, path, type, ...)                                  \
	int name params                                                                       \
	{                                                                                     \
		return (int)told_end_of(told_call(__VA_ARGS__) ? made : told, n, path, type); \
	}
#define TOLD(name, params, made, told, ...) DEFINE(name, params, made, told, __VA_ARGS__)
#define CALL(name, params, made, ...) DEFINE(name, params, made, 0, __VA_ARGS__)
#define OPENS(name, params, made, ...) \
	DEFINE(name, params, fd_above_stdio((int)made), told_fd(), __VA_ARGS__)

/* What is kept: nothing; a number; a file; or all there is. */
#define NOTHING 0, NULL, NULL
#define NUMBER(n) (unsigned long)(n), NULL, NULL
#define FILE_(path) 0, path, NULL
#define ALL(n, path, type) (unsigned long)(n), path, type

/* For 3 seconds or so: a FIFO's reader may be on its way. */
enum { FIFO_TRIES = 150 };

static at_start bool left_root; /* see sys_left_root() */
static at_start bool left_proc; /* see sys_proc_is_ours() */
static at_start bool made_user; /* see sys_made_user() */
static at_start bool gone;	/* see sys_can_ask() */
static at_start bool english;	/* see sys_load_nothing() */

bool sys_left_root(void)
{
	return left_root || english;
}

bool sys_proc_is_ours(void)
{
	return !left_proc;
}

bool sys_made_user(void)
{
	return made_user;
}

bool sys_can_ask(void)
{
	return !left_root && !gone;
}

void sys_load_nothing(void)
{
	english = true;
}

void sys_ask_nothing(void)
{
	gone = true;
}

/* Return: @ret, of a call that has changed the @root, and what /proc is, unless it has failed. */
static int leaving(int ret, bool root, bool proc)
{
	left_root |= ret == 0 && root;
	left_proc |= ret == 0 && proc;
	return ret;
}

/* ---- namespaces and processes ---- */

/* Return: @ret, of a call that has put us, or our children, in namespaces of these kinds, unless it has failed; also if told. */
static int going(int ret, int flags)
{
	gone |= ret == 0 && (flags & (CLONE_NEWNS | CLONE_NEWUSER | CLONE_NEWPID));
	return ret;
}

/* Return: @ret, of a call that has put us in new namespaces, unless it has failed. */
static int making(int ret, int flags)
{
	made_user |= ret == 0 && (flags & CLONE_NEWUSER);
	return leaving(going(ret, flags), flags & CLONE_NEWNS, false);
}

TOLD(sys_unshare, (int flags), making(unshare(flags), flags), going(0, flags), NUMBER(flags),
     "unshare(%K)", flags)

int sys_setns(int fd, pid_t pid, const char *name, int flags)
{
	bool mounts = flags & CLONE_NEWNS;
	char pid_name[20];
	int ret = 0;

	snprintf(pid_name, sizeof(pid_name), "pid:%d", pid);
	if (told_call("setns(%D, %K)", fd, pid ? pid_name : name, flags))
		ret = leaving(setns(fd, flags), mounts, mounts);
	if (told_end_of(going(ret, flags), ALL(flags, name, NULL)) < 0) {
		told_failed.fd = fd;
		told_failed.pid = pid;
	}
	return ret;
}

int sys_join_own(int fd, const char *name, int flags)
{
	int ret = 0;

	told_call("setns(%D, %K)", fd, name, flags);
	if (fd >= 0)
		ret = setns(fd, flags);
	if (told_end_of(ret, ALL(flags, NULL, NULL)) < 0)
		told_failed.fd = fd;
	return ret;
}

int sys_go_back_to(const char *cwd)
{
	told_call("chdir(%q)", cwd);
	return (int)told_end_of(chdir(cwd), FILE_(cwd));
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
	told_add("%s%s", c->cgroup >= 0 ? "|CLONE_INTO_CGROUP" : "",
		 c->autokill & CLONE_NNP ? "|CLONE_NNP" : "");
	told_add("%s", c->autokill ? "|CLONE_AUTOREAP|CLONE_PIDFD_AUTOKILL, exit_signal=0"
				   : ", exit_signal=SIGCHLD");
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
		.flags = CLONE_PIDFD | (unsigned int)c->flags | c->autokill,
		.pidfd = (uintptr_t)&pidfd,
		.exit_signal = c->autokill ? 0 : SIGCHLD,
		.set_tid = c->n_tids ? (uintptr_t)c->tids : 0,
		.set_tid_size = c->n_tids,
	};
	long pid = 1;

	if (c->cgroup >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (unsigned int)c->cgroup;
	}
	going(0, c->flags); /* the child is */
	if (told_clone3(c, sizeof(args)))
		pid = syscall(SYS_clone3, &args, sizeof(args));
	if (pid == 0)
		return making(0, c->flags);
	if (told_end_of(pid, NUMBER(c->flags)) < 0) {
		told_failed.fd = c->cgroup;
		told_failed.pid = c->n_tids ? c->tids[c->n_tids - 1] : 0;
	} else {
		c->pidfd = fd_above_stdio(pidfd);
	}
	return (pid_t)pid;
}

/* It has nowhere to write the pidfd, so it is only looked at. */
static bool clone_would(uint64_t flags)
{
	struct clone_args args = { .flags = CLONE_PIDFD | flags };

	return syscall(SYS_clone3, &args, sizeof(args)) < 0 && errno == EFAULT;
}

uint64_t sys_autokill(bool no_new_privs)
{
	const uint64_t flags = CLONE_AUTOREAP | CLONE_PIDFD_AUTOKILL;

	if (clone_would(flags))
		return flags;
	return no_new_privs && clone_would(flags | CLONE_NNP) ? flags | CLONE_NNP : 0;
}

int sys_end_of(int pidfd)
{
	/* struct pidfd_info, as it was at first */
	struct {
		uint64_t mask, cgroup;
		uint32_t ids[11];
		int32_t status;
	} info = { .mask = 1 << 3 /* PIDFD_INFO_EXIT */ };
	struct pollfd p = { .fd = pidfd };

	while (poll(&p, 1, -1) < 0) /* for POLLHUP */
		if (errno != EINTR)
			return -1;
	if (ioctl(pidfd, _IOWR(0xff, 11, info) /* PIDFD_GET_INFO */, &info) < 0)
		return -1;
	return info.mask & 1 << 3 ? info.status : fail_with(ESRCH);
}

CALL(sys_setsid, (void), setsid(), NOTHING, "setsid()")
CALL(sys_setaffinity, (const cpu_set_t *set, size_t size), sched_setaffinity(0, size, set), NOTHING,
     "sched_setaffinity(0, %z, [/* %d CPUs */])", size, CPU_COUNT_S(size, set))
CALL(sys_no_core, (void), setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 }), NOTHING,
     "prlimit64(0, RLIMIT_CORE, {rlim_cur=0, rlim_max=0}, NULL)")
TOLD(sys_limit_files, (const struct rlimit *limit, bool more), setrlimit(RLIMIT_NOFILE, limit),
     more ? setrlimit(RLIMIT_NOFILE, limit) : 0, NUMBER(limit->rlim_cur),
     "prlimit64(0, RLIMIT_NOFILE, {rlim_cur=%z, rlim_max=%z}, NULL)", (size_t)limit->rlim_cur,
     (size_t)limit->rlim_max)
CALL(sys_close_range, (unsigned int first, unsigned int last),
     syscall(SYS_close_range, first, last, 0), NOTHING, "close_range(%u, %u, 0)", first, last)

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

/* A process that is only told has no pidfd: the number is then as of other descriptors that are. */
CALL(sys_pidfd_kill, (int pidfd, pid_t pid, int sig),
     syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0), NOTHING,
     "pidfd_send_signal(%d<pid:%d>, %S, NULL, 0)", pidfd < 0 ? STDERR_FILENO + 1 : pidfd, pid, sig)
CALL(sys_foreground, (int fd, pid_t pgrp), tcsetpgrp(fd, pgrp), NOTHING,
     "ioctl(%d, TIOCSPGRP, [%d])", fd, pgrp)

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
	{ MOUNT_ATTR_RDONLY, "MOUNT_ATTR_RDONLY" }, { MOUNT_ATTR_NOSUID, "MOUNT_ATTR_NOSUID" },
	{ MOUNT_ATTR_NODEV, "MOUNT_ATTR_NODEV" },   { MOUNT_ATTR_NOEXEC, "MOUNT_ATTR_NOEXEC" },
	{ MOUNT_ATTR_IDMAP, "MOUNT_ATTR_IDMAP" },   { 0, NULL },
};

CALL(sys_mount, (const char *source, const char *target, const char *type, unsigned long flags),
     mount(source, target, type, flags, NULL), ALL(flags, target, type),
     "mount(%q, %q, %q, %F, NULL)", source, target, type, mount_flags, flags)
CALL(sys_umount, (const char *target, int flags), umount2(target, flags), ALL(flags, target, NULL),
     "umount2(%q, %F)", target, umount_flags, (unsigned long)flags)

static int fs_open(const char *type);
static int fs_config(int fd, const char *type, unsigned int cmd, const char *key,
		     const char *value);
static int fs_config_fd(int fs, const char *type, const char *key, int fd, const char *name);
static int fs_mount(int fs, const char *type, unsigned int attr);

static const char *const fs_commands[] = {
	[FSCONFIG_SET_FLAG] = "FSCONFIG_SET_FLAG",
	[FSCONFIG_SET_STRING] = "FSCONFIG_SET_STRING",
	[FSCONFIG_CMD_CREATE] = "FSCONFIG_CMD_CREATE",
};

OPENS(fs_open, (const char *type), syscall(SYS_fsopen, type, FSOPEN_CLOEXEC), ALL(0, NULL, type),
      "fsopen(%q, FSOPEN_CLOEXEC)", type)
CALL(fs_config, (int fd, const char *type, unsigned int cmd, const char *key, const char *value),
     syscall(SYS_fsconfig, fd, cmd, key, value, 0), ALL(cmd, key, type),
     "fsconfig(%D, %s, %q, %q, 0)", fd, type, fs_commands[cmd], key, value)
CALL(fs_config_fd, (int fs, const char *type, const char *key, int fd, const char *name),
     syscall(SYS_fsconfig, fs, FSCONFIG_SET_FD, key, NULL, fd), ALL(FSCONFIG_SET_FD, key, type),
     "fsconfig(%D, FSCONFIG_SET_FD, %q, NULL, %D)", fs, type, key, fd, name)
OPENS(fs_mount, (int fs, const char *type, unsigned int attr),
      syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, attr), ALL(attr, NULL, type),
      "fsmount(%D, FSMOUNT_CLOEXEC, %F)", fs, type, mount_attributes, (unsigned long)attr)

/* What the kernel has to say of a failure, an "e TEXT", is remembered; keeps errno. */
static int fs_failed(int fs)
{
	static char said[256];
	int saved = errno;
	ssize_t n;

	while ((n = read(fs, said, sizeof(said) - 1)) > 0) {
		said[n] = '\0';
		said[strcspn(said, "\n")] = '\0';
		if (strncmp(said, "e ", 2) == 0)
			told_failed.said = said + 2;
	}
	return fail_with(saved);
}

static int fs_make(int fs, const char *type, const char *source, int pidns, const char *name,
		   const char *const *options)
{
	if (fs_config(fs, type, FSCONFIG_SET_STRING, "source", source) < 0)
		return -1;
	if (pidns >= 0 && fs_config_fd(fs, type, "pidns", pidns, name) < 0)
		return -1;
	for (; options && *options; options += 2) {
		unsigned int cmd = options[1] ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG;

		if (fs_config(fs, type, cmd, options[0], options[1]) < 0)
			return -1;
	}
	return fs_config(fs, type, FSCONFIG_CMD_CREATE, NULL, NULL);
}

int sys_mount_with(const char *type, const char *source, const char *const *options,
		   unsigned int attr)
{
	cleanup_close int fs = fs_open(type);

	if (fs < 0)
		return -1;
	if (fs_make(fs, type, source, -1, NULL, options) < 0)
		return fs_failed(fs);
	return fs_mount(fs, type, attr);
}

int sys_mount_proc(int of, const char *name, const char *const *options, unsigned int attr)
{
	cleanup_close int fs = fs_open("proc");

	if (fs < 0)
		return -1;
	if (fs_make(fs, "proc", "proc", of, name, options) < 0)
		return fs_failed(fs);
	return fs_mount(fs, "proc", attr);
}

int sys_mount_detached(const char *type, const char *source, unsigned int attr)
{
	return sys_mount_with(type, source, NULL, attr);
}

#define TREE_FLAGS (OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH)
#define PLACE_FLAGS (MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH)

OPENS(sys_clone_tree, (int fd, const char *name, bool recursive),
      syscall(SYS_open_tree, fd, "", TREE_FLAGS | (recursive ? AT_RECURSIVE : 0)),
      ALL(recursive, name, NULL),
      "open_tree(%D, \"\", OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC|AT_EMPTY_PATH%s)", fd, name,
      recursive ? "|AT_RECURSIVE" : "")
OPENS(sys_tree_namespace, (int fd, const char *name),
      syscall(SYS_open_tree, fd, "",
	      OPEN_TREE_NAMESPACE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | AT_RECURSIVE),
      FILE_(name),
      "open_tree(%D, \"\", OPEN_TREE_NAMESPACE|OPEN_TREE_CLOEXEC|AT_EMPTY_PATH|AT_RECURSIVE)", fd,
      name)

/* Flags are looked at before descriptors. */
bool sys_has_tree_namespace(void)
{
	return syscall(SYS_open_tree, -1, "", OPEN_TREE_NAMESPACE | AT_EMPTY_PATH) < 0 &&
	       errno == EBADF;
}

CALL(sys_attach, (int fd, const char *name, int to, const char *to_name),
     syscall(SYS_move_mount, fd, "", to, "", PLACE_FLAGS), FILE_(to_name),
     "move_mount(%D, \"\", %D, \"\", MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_T_EMPTY_PATH)", fd, name,
     to, to_name)

int sys_mount_attr(int fd, const char *name, unsigned long set, unsigned long clear, int userns,
		   bool recursive)
{
	unsigned int flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);
	struct mount_attr attr = { .attr_set = set,
				   .attr_clr = clear,
				   .propagation = userns < 0 ? 0 : MS_PRIVATE,
				   .userns_fd = userns < 0 ? 0 : (unsigned int)userns };
	bool make = told_call("mount_setattr(%D, \"\", AT_EMPTY_PATH%s, {attr_set=%F, attr_clr=%F, "
			      "propagation=%s, userns_fd=%d}, %z)",
			      fd, name, recursive ? "|AT_RECURSIVE" : "", mount_attributes, set,
			      mount_attributes, clear, userns < 0 ? "0" : "MS_PRIVATE",
			      (int)attr.userns_fd, sizeof(attr));
	long ret = make ? syscall(SYS_mount_setattr, fd, "", flags, &attr, sizeof(attr)) : 0;

	return (int)told_end_of(ret, ALL(set | clear, name, NULL));
}

OPENS(sys_clone_mount, (const char *path),
      syscall(SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE),
      FILE_(path), "open_tree(AT_FDCWD, %q, OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC|AT_RECURSIVE)", path)
CALL(sys_move_mount, (int fd, const char *name, const char *target),
     syscall(SYS_move_mount, fd, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH), FILE_(target),
     "move_mount(%D, \"\", AT_FDCWD, %q, MOVE_MOUNT_F_EMPTY_PATH)", fd, name, target)
CALL(sys_move_mount_beneath, (int fd, const char *name, const char *target),
     syscall(SYS_move_mount, fd, "", AT_FDCWD, target,
	     MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_BENEATH),
     FILE_(target),
     "move_mount(%D, \"\", AT_FDCWD, %q, MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_BENEATH)", fd, name,
     target)

/* ---- root and working directory ---- */

TOLD(sys_chroot, (const char *path), leaving(chroot(path), true, true), (told_chroot(path), 0),
     FILE_(path), "chroot(%q)", path)
TOLD(sys_pivot_root, (void), leaving((int)syscall(SYS_pivot_root, ".", "."), true, true),
     (told_chroot("."), 0), FILE_("."), "pivot_root(\".\", \".\")")
TOLD(sys_chdir, (const char *path), chdir(path), (told_chdir(path), 0), FILE_(path), "chdir(%q)",
     path)
TOLD(sys_fchdir, (int fd, const char *name), fchdir(fd), (told_fchdir(fd), 0), FILE_(name),
     "fchdir(%D)", fd, name)

/* ---- files ---- */

/*
 * What the umask would take is not taken: 0755 is for all to look into, 0700 for who makes it. Once it is known that the
 * umask would take nothing of that, it is left alone: a batch comes here for each line.
 */
static int make_dir(const char *path, mode_t mode)
{
	static mode_t known; /* 0 says nothing: somebody may have set it for a while */
	mode_t mask;
	int ret;

	if (known && !(known & mode))
		return mkdir(path, mode);
	mask = umask(0);
	ret = mkdir(path, mode);
	umask(mask);
	known = mask;
	return ret;
}

static int open_lock(int dir, const char *name)
{
	mode_t mask = umask(0);
	int fd = openat(dir, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	umask(mask);
	return fd;
}

CALL(sys_mkdir, (const char *path, mode_t mode), make_dir(path, mode), FILE_(path), "mkdir(%q, %o)",
     path, mode)

CALL(sys_rmdir, (const char *path), rmdir(path), FILE_(path), "rmdir(%q)", path)

CALL(sys_mkdir_at, (int dir, const char *dir_name, const char *name, mode_t mode),
     mkdirat(dir, name, mode), FILE_(name), "mkdirat(%D, %q, %o)", dir, dir_name, name, mode)
CALL(sys_chown_at, (int dir, const char *dir_name, const char *name, uid_t uid, gid_t gid),
     fchownat(dir, name, uid, gid, AT_SYMLINK_NOFOLLOW), FILE_(name),
     "fchownat(%D, %q, %u, %u, AT_SYMLINK_NOFOLLOW)", dir, dir_name, name, uid, gid)
CALL(sys_symlink_at, (const char *target, int dir, const char *dir_name, const char *name),
     symlinkat(target, dir, name), FILE_(name), "symlinkat(%q, %D, %q)", target, dir, dir_name,
     name)

OPENS(sys_open_lock, (int dir, const char *dir_name, const char *name), open_lock(dir, name),
      FILE_(name), "openat(%D, %q, O_RDWR|O_CREAT|O_NOFOLLOW|O_CLOEXEC, 0600)", dir, dir_name, name)
CALL(sys_set_lock, (int fd, const char *path),
     fcntl(fd, F_SETLK, &((struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET })), FILE_(path),
     "fcntl(%D, F_SETLK, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=0, l_len=0})", fd, path)

int sys_flock(int fd, const char *path)
{
	int ret = 0;

	if (told_call("flock(%D, LOCK_EX)", fd, path))
		do
			ret = flock(fd, LOCK_EX);
		while (ret < 0 && errno == EINTR);
	return (int)told_end_of(ret, FILE_(path));
}

int sys_open_write(const char *path)
{
	bool make = told_call("openat(AT_FDCWD, %q, O_WRONLY|O_CLOEXEC)", path);
	int fd = fd_above_stdio(open(path, (make ? O_WRONLY : O_PATH) | O_CLOEXEC));

	told_end_of(fd, FILE_(path));
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
	return (int)told_end_of(make ? fd_above_stdio(fd) : told_fd(), FILE_(path));
}

int sys_write(int fd, const char *path, const char *text)
{
	return sys_write_bytes(fd, path, text, strlen(text));
}

int sys_write_bytes(int fd, const char *path, const char *text, size_t len)
{
	bool make = told_call("write(%D, %q, %z)", fd, path, text, len);
	ssize_t ret = make ? write(fd, text, len) : (ssize_t)len;

	if (told_end_of(ret, ALL(0, path, text)) < 0)
		return -1;
	if ((size_t)ret == len)
		return 0;
	return fail_with(EIO);
}

int sys_create_at(int dir, const char *dir_name, const char *name, mode_t mode)
{
	static const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
	bool make = told_call("openat(%D, %q, O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, %o)", dir,
			      dir_name, name, mode);
	int fd = make ? fd_above_stdio(openat(dir, name, flags, mode)) : 0;

	told_end_of(fd, FILE_(name));
	if (make)
		return fd;
	errno = 0;
	return -1;
}

int sys_create(const char *path, mode_t mode)
{
	cleanup_close int fd = sys_create_at(AT_FDCWD, NULL, path, mode);

	return fd >= 0 || telling() ? 0 : -1;
}

CALL(sys_unlink, (const char *path), unlink(path), FILE_(path), "unlink(%q)", path)
CALL(sys_unlink_at, (int dir, const char *name, bool is_dir),
     unlinkat(dir, name, is_dir ? AT_REMOVEDIR : 0), FILE_(name), "unlinkat(%d, %q, %s)", dir, name,
     is_dir ? "AT_REMOVEDIR" : "0")
CALL(sys_rename_at, (int dir, const char *dir_name, const char *from, const char *to),
     renameat(dir, from, dir, to), FILE_(to), "renameat(%D, %q, %D, %q)", dir, dir_name, from, dir,
     dir_name, to)

/* ---- credentials ---- */

CALL(sys_setgroups, (size_t n, const gid_t *groups), setgroups(n, groups), NUMBER(n),
     "setgroups(%z, %G)", n, n, groups)
CALL(sys_setgid, (gid_t gid), setgid(gid), NUMBER(gid), "setgid(%u)", gid)
CALL(sys_setuid, (uid_t uid), setuid(uid), NUMBER(uid), "setuid(%u)", uid)
CALL(sys_setresgid, (gid_t gid), setresgid(gid, gid, gid), NUMBER(gid), "setresgid(%u, %u, %u)",
     gid, gid, gid)
CALL(sys_setresuid, (uid_t uid), setresuid(uid, uid, uid), NUMBER(uid), "setresuid(%u, %u, %u)",
     uid, uid, uid)

/* These give what it was, whether they change it or not. */
static int fs_id_is(int now, unsigned int id)
{
	return telling() || (unsigned int)now == id ? 0 : fail_with(EPERM);
}

int sys_setfsgid(gid_t gid)
{
	bool make = told_call("setfsgid(%u)", gid);

	told_end_of(make ? setfsgid(gid) : 0, NUMBER(gid));
	return fs_id_is(make ? setfsgid((gid_t)-1) : 0, gid);
}

int sys_setfsuid(uid_t uid)
{
	bool make = told_call("setfsuid(%u)", uid);

	told_end_of(make ? setfsuid(uid) : 0, NUMBER(uid));
	return fs_id_is(make ? setfsuid((uid_t)-1) : 0, uid);
}

CALL(sys_same_gids, (void), setregid((gid_t)-1, (gid_t)-1), NOTHING, "setregid(-1, -1)")
CALL(sys_same_uids, (void), setreuid((uid_t)-1, (uid_t)-1), NOTHING, "setreuid(-1, -1)")

static unsigned long long cap_set(uint32_t low, uint32_t high)
{
	return (unsigned long long)high << 32 | low;
}

CALL(sys_capset, (const struct __user_cap_data_struct *data),
     syscall(SYS_capset, &(struct __user_cap_header_struct){ _LINUX_CAPABILITY_VERSION_3, 0 },
	     data),
     NOTHING,
     "capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, "
     "{effective=%x, permitted=%x, inheritable=%x})",
     cap_set(data[0].effective, data[1].effective), cap_set(data[0].permitted, data[1].permitted),
     cap_set(data[0].inheritable, data[1].inheritable))
CALL(sys_ambient_raise, (int cap),
     prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, (unsigned long)cap, 0UL, 0UL), NOTHING,
     "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, %d, 0, 0)", cap)
CALL(sys_not_dumpable, (void), prctl(PR_SET_DUMPABLE, 0UL, 0UL, 0UL, 0UL), NOTHING,
     "prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE)")
CALL(sys_dumpable, (void), prctl(PR_SET_DUMPABLE, 1UL, 0UL, 0UL, 0UL), NOTHING,
     "prctl(PR_SET_DUMPABLE, SUID_DUMP_USER)")
CALL(sys_keep_caps, (void), prctl(PR_SET_KEEPCAPS, 1UL, 0UL, 0UL, 0UL), NOTHING,
     "prctl(PR_SET_KEEPCAPS, 1)")
CALL(sys_no_new_privs, (void), prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL), NOTHING,
     "prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)")
CALL(sys_pdeathsig, (int sig), prctl(PR_SET_PDEATHSIG, (unsigned long)sig), NOTHING,
     "prctl(PR_SET_PDEATHSIG, %S)", sig)
CALL(sys_subreaper, (void), prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL), NOTHING,
     "prctl(PR_SET_CHILD_SUBREAPER, 1)")

/* ---- names and networks ---- */

CALL(sys_sethostname, (const char *name), sethostname(name, strlen(name)), FILE_(name),
     "sethostname(%q, %z)", name, strlen(name))
CALL(sys_setdomainname, (const char *name), setdomainname(name, strlen(name)), FILE_(name),
     "setdomainname(%q, %z)", name, strlen(name))

int sys_lo_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	cleanup_close int fd = -1; /* of a family that every kernel has */
	bool make;

	fd = fd_above_stdio(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	if (fd < 0)
		return -1;
	make = told_call("ioctl(%d, SIOCSIFFLAGS, {ifr_name=\"lo\", ifr_flags=IFF_UP})", fd);
	return (int)told_end_of(make ? ioctl(fd, SIOCSIFFLAGS, &request) : 0, FILE_("lo"));
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
