/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
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
#include <grp.h>

#include "compat.h"
#include "kind.h"
#include "sys.h"

/* For 3 seconds or so: a FIFO's reader may be on its way. */
#define FIFO_TRIES 150

struct sys_failure sys_failed;

static enum sys_mode mode = SYS_RUN;
static const char *who; /* label of this process's lines */
static bool left_root;	/* chroot or a new mount namespace: see sys_left_root() */
static bool left_proc;	/* chroot, or another's mount namespace: see sys_proc_is_ours() */
static int first_fd = STDERR_FILENO + 1; /* of ours */
static int told_root = -1;		 /* a dry run's new root directory */
#define UNKNOWN (-2)			 /* told, but not there now */
static int told_cwd = -1;		 /* where a dry run's fchdir() led */
static int told_error;			 /* errno of a line that could not be written */

void sys_set_mode(enum sys_mode m)
{
	mode = m;
}

bool sys_telling(void)
{
	return mode == SYS_TELL;
}

void sys_set_who(const char *label)
{
	who = label;
}

bool sys_left_root(void)
{
	return left_root;
}

bool sys_proc_is_ours(void)
{
	return !left_proc;
}

int sys_told_all(void)
{
	errno = told_error;
	return told_error ? -1 : 0;
}

/* ---- lines ---- */

/*
 * The line under construction; what does not fit is cut. Not on the stack: it would cost each start
 * a page.
 */
static struct {
	size_t len;
	char text[8192];
} line;

static void add_args(const char *fmt, va_list args) printf_like(1, 0);
static void add(const char *fmt, ...) printf_like(1, 2);

static void add_args(const char *fmt, va_list args)
{
	int n = vsnprintf(line.text + line.len, sizeof(line.text) - line.len, fmt, args);

	line.len += n < 0 ? 0 : (size_t)n;
	if (line.len > sizeof(line.text) - 2)
		line.len = sizeof(line.text) - 2;
}

static void add(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_args(fmt, args);
	va_end(args);
}

/* A string as strace escapes it: no byte of it can be taken for a part of the line. */
static void add_escaped(const char *s)
{
	for (; *s; s++) {
		if (*s == '\n')
			add("\\n");
		else if (*s == '\t')
			add("\\t");
		else if (*s == '"' || *s == '\\')
			add("\\%c", *s);
		else if ((unsigned char)*s < ' ' || (unsigned char)*s > '~')
			add("\\%03o", (unsigned char)*s);
		else
			add("%c", *s);
	}
}

/* The same in quotes; NULL stands as NULL. */
static void add_quoted(const char *s)
{
	if (!s) {
		add("NULL");
		return;
	}
	add("\"");
	add_escaped(s);
	add("\"");
}

/* Ends the line and writes it in one piece, so that lines of several processes do not mix. */
static void put_line(void)
{
	int fd = mode == SYS_TELL ? STDOUT_FILENO : STDERR_FILENO;
	size_t done = 0;

	line.text[line.len++] = '\n';
	while (done < line.len) {
		ssize_t n = write(fd, line.text + done, line.len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			if (mode == SYS_TELL) /* a trace is nobody's result */
				told_error = errno;
			return;
		}
		done += (size_t)n;
	}
}

static void begin_line(void)
{
	line.len = 0;
	if (who)
		add("[%s] ", who);
}

void sys_note(const char *fmt, ...)
{
	char note[1024];
	va_list args;
	int saved = errno;

	if (mode == SYS_RUN)
		return;
	va_start(args, fmt);
	vsnprintf(note, sizeof(note), fmt, args);
	va_end(args);
	begin_line();
	add("# ");
	add_escaped(note);
	put_line();
	errno = saved;
}

/* Prints the call with its result if calls are traced; keeps errno. */
static void put_result(long ret)
{
	int saved = errno;

	if (mode == SYS_TRACE) {
		if (ret >= 0)
			add(" = %ld", ret);
		else if (strerrorname_np(saved))
			add(" = -1 %s (%s)", strerrorname_np(saved), strerrordesc_np(saved));
		else
			add(" = -1 errno %d (%s)", saved, strerrordesc_np(saved));
	}
	if (mode != SYS_RUN)
		put_line();
	errno = saved;
}

static long failed(const char *call, unsigned long arg, const char *path, const char *type,
		   long ret)
{
	if (ret < 0)
		sys_failed = (struct sys_failure){ call, errno, arg, path, type, -1, 0 };
	return ret;
}

/* Names of the flags set in @flags, and what is left over as a number. */
struct flag {
	unsigned long bit;
	const char *name;
};

static void add_flags(unsigned long flags, const struct flag *table, size_t n)
{
	const char *bar = "";

	for (size_t i = 0; i < n; i++) {
		if (!(flags & table[i].bit))
			continue;
		add("%s%s", bar, table[i].name);
		flags &= ~table[i].bit;
		bar = "|";
	}
	if (flags || !*bar)
		add(flags ? "%s%#lx" : "%s0", bar, flags);
}

/* Bit by bit, the order strace has. */
static void add_clone_flags(int flags)
{
	const char *bar = "";

	for (int bit = 0; bit < 31; bit++)
		for (int i = 0; i < KIND_COUNT; i++)
			if ((flags & kinds[i].flag) == 1 << bit) {
				add("%s%s", bar, kinds[i].flagname);
				bar = "|";
			}
}

/* A call whose arguments are told as they stand in @fmt. */
static void begin_call(const char *fmt, ...) printf_like(1, 2);

static void begin_call(const char *fmt, ...)
{
	va_list args;

	if (mode == SYS_RUN)
		return;
	begin_line();
	va_start(args, fmt);
	add_args(fmt, args);
	va_end(args);
}

/* "call(FD<name>": how a descriptor is shown, as of strace -y. */
static void add_descriptor(const char *call, int fd, const char *name)
{
	add("%s(%d<", call, fd);
	add_escaped(name);
	add(">");
}

/* ---- calls ---- */

int sys_unshare(int flags)
{
	int ret = 0;

	if (mode != SYS_RUN) {
		begin_line();
		add("unshare(");
		add_clone_flags(flags);
		add(")");
	}
	if (mode != SYS_TELL)
		ret = unshare(flags);
	if (ret == 0 && mode != SYS_TELL && (flags & CLONE_NEWNS))
		left_root = true;
	put_result(ret);
	return (int)failed("unshare", (unsigned long)flags, NULL, NULL, ret);
}

int sys_setns(int fd, pid_t pid, const char *name, int flags)
{
	char pid_name[20];
	int ret = 0;

	snprintf(pid_name, sizeof(pid_name), "pid:%d", pid);

	if (mode != SYS_RUN) {
		begin_line();
		add_descriptor("setns", fd, pid ? pid_name : name);
		add(", ");
		add_clone_flags(flags);
		add(")");
	}
	if (mode != SYS_TELL)
		ret = setns(fd, flags);
	if (ret == 0 && mode != SYS_TELL && (flags & CLONE_NEWNS))
		left_root = left_proc = true;
	put_result(ret);
	failed("setns", (unsigned long)flags, name, NULL, ret);
	if (ret < 0) {
		sys_failed.fd = fd;
		sys_failed.pid = pid;
	}
	return ret;
}

pid_t sys_fork(void)
{
	pid_t pid = 1;

	begin_call("fork()");
	if (mode != SYS_TELL)
		pid = fork();
	if (pid != 0)
		put_result(pid);
	return (pid_t)failed("fork", 0, NULL, NULL, pid);
}

static void tell_clone3(const struct sys_clone *c, size_t size)
{
	begin_line();
	add("clone3({flags=CLONE_PIDFD");
	if (c->flags) {
		add("|");
		add_clone_flags(c->flags);
	}
	add("%s, exit_signal=SIGCHLD", c->cgroup >= 0 ? "|CLONE_INTO_CGROUP" : "");
	for (size_t i = 0; i < c->n_tids; i++)
		add("%s%d", i ? ", " : ", set_tid=[", c->tids[i]);
	if (c->n_tids)
		add("], set_tid_size=%zu", c->n_tids);
	if (c->cgroup >= 0)
		add(", cgroup=%d", c->cgroup);
	add("}, %zu)", size);
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
	if (mode != SYS_RUN)
		tell_clone3(c, sizeof(args));
	if (mode != SYS_TELL)
		pid = syscall(SYS_clone3, &args, sizeof(args));
	if (pid == 0 && (c->flags & CLONE_NEWNS))
		left_root = true;
	if (pid != 0)
		put_result(pid);
	if (pid > 0)
		c->pidfd = sys_above_stdio(pidfd);
	return (pid_t)failed("clone3", (unsigned long)c->flags, NULL, NULL, pid);
}

/* Opens @path from the root and the working directory that were only told, if they were. */
static int open_told(const char *path, int flags)
{
	struct open_how how = { .flags = (unsigned int)flags | O_CLOEXEC,
				.resolve = RESOLVE_IN_ROOT };
	int base = *path == '/' ? told_root : told_cwd;

	if (base == UNKNOWN) {
		errno = ENOENT;
		return -1;
	}
	if (*path == '/' && base >= 0)
		return (int)syscall(SYS_openat2, base, path, &how, sizeof(how));
	return openat(base < 0 ? AT_FDCWD : base, path, flags | O_CLOEXEC);
}

/* Return: the descriptor, or UNKNOWN */
static int open_told_dir(const char *path)
{
	int fd = sys_above_stdio(open_told(path, O_PATH | O_DIRECTORY));

	return fd < 0 ? UNKNOWN : fd;
}

/*
 * Looks for an executable file the way a dry run has to: below the root directory that was only
 * told.
 * Return: 0, or -1 with errno.
 */
static int may_execute(const char *path)
{
	cleanup_close int fd = -1;
	struct stat st;

	fd = open_told(path, O_PATH);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -1;
	if (!S_ISREG(st.st_mode) || (st.st_mode & 0111) == 0) {
		errno = EACCES;
		return -1;
	}
	return told_root >= 0 ? 0 : faccessat(fd, "", X_OK, AT_EACCESS | AT_EMPTY_PATH);
}

/*
 * One execve(2). Traced, it is printed before, for it does not come back; with its result if it
 * does.
 */
static int exec_path(const char *path, char *const argv[])
{
	int vars = 0;
	int ret;

	if (mode != SYS_RUN) {
		while (environ && environ[vars])
			vars++;
		begin_line();
		add("execve(");
		add_quoted(path);
		add(", [");
		for (int i = 0; argv[i]; i++) {
			add(i ? ", " : "");
			add_quoted(argv[i]);
		}
		add("], [/* %d vars */])", vars);
	}
	if (mode == SYS_TELL) {
		put_line();
		return 0;
	}
	if (mode == SYS_TRACE && may_execute(path) == 0) {
		put_line();
		execve(path, argv, environ);
		sys_note("%s: not executed: %s", path, strerrordesc_np(errno));
		return -1;
	}
	ret = execve(path, argv, environ);
	put_result(ret);
	return ret;
}

/* The next candidate for @file in the PATH that *path points into. Return: false at the end */
static bool next_candidate(const char **path, const char *file, char *buf, size_t size)
{
	const char *end;
	int n;

	if (!*path)
		return false;
	end = strchrnul(*path, ':');
	n = snprintf(buf, size, "%.*s%s%s", (int)(end - *path), *path, end == *path ? "" : "/",
		     file);
	if (n < 0 || (size_t)n >= size)
		*buf = '\0'; /* no such file can exist: ENOENT */
	*path = *end ? end + 1 : NULL;
	return true;
}

/* exec by /bin/sh of a text file that has no #!, as execvp(3) does it. */
static int exec_script(const char *path, char *const argv[])
{
	size_t argc = 0;
	char **sh;
	int ret;

	while (argv[argc])
		argc++;
	sh = calloc(argc + 3, sizeof(*sh));
	if (!sh)
		return -1;
	sh[0] = (char *)"/bin/sh";
	sh[1] = (char *)path;
	for (size_t i = 1; i < argc; i++)
		sh[i + 1] = argv[i];
	ret = exec_path(sh[0], sh);
	free(sh);
	return ret;
}

static int exec_or_script(const char *path, char *const argv[])
{
	int ret = exec_path(path, argv);

	return ret < 0 && errno == ENOEXEC ? exec_script(path, argv) : ret;
}

/* What a search goes on after: the candidate is not there, or is no file we may run. */
static bool search_goes_on(int err)
{
	return err == ENOENT || err == ENOTDIR || err == EACCES || err == ESTALE || err == ENODEV ||
	       err == ETIMEDOUT;
}

static const char *search_path(void)
{
	const char *path = getenv("PATH");

	return path ? path : "/bin:/usr/bin"; /* execvp(3)'s default */
}

/*
 * Calls @attempt for each candidate in PATH till one succeeds or fails for good; errno as of
 * execvp(3).
 */
static int search(const char *file, char *const argv[], int (*attempt)(const char *, char *const[]))
{
	const char *path = search_path();
	static char candidate[PATH_MAX]; /* not on the stack, as the line above */
	int err = ENOENT;

	if (strchr(file, '/'))
		return attempt(file, argv);
	if (!*file || strlen(file) > NAME_MAX) {
		errno = *file ? ENAMETOOLONG : ENOENT;
		return -1;
	}
	while (next_candidate(&path, file, candidate, sizeof(candidate))) {
		if (attempt(candidate, argv) == 0)
			return 0;
		if (!search_goes_on(errno))
			return -1;
		if (errno == EACCES)
			err = EACCES;
	}
	errno = err;
	return -1;
}

static int look(const char *path, char *const argv[])
{
	(void)argv;
	return may_execute(path);
}

static int look_and_tell(const char *path, char *const argv[])
{
	return may_execute(path) < 0 ? -1 : exec_path(path, argv);
}

int sys_exec_possible(const char *file)
{
	return (int)failed("execve", 0, file, NULL, search(file, NULL, look));
}

int sys_find(const char *file, char *path, size_t size)
{
	const char *rest = search_path();
	static char candidate[PATH_MAX];
	struct stat st;

	*path = '\0';
	while (next_candidate(&rest, file, candidate, sizeof(candidate))) {
		if (stat(candidate, &st) < 0 || !S_ISREG(st.st_mode))
			continue; /* also what is in a directory that we may not search */
		if (access(candidate, X_OK) == 0) {
			snprintf(path, size, "%s", candidate);
			return 0;
		}
		if (!*path)
			snprintf(path, size, "%s", candidate);
	}
	errno = *path ? EACCES : ENOENT;
	return -1;
}

int sys_exec(const char *file, char *const argv[])
{
	if (mode != SYS_TELL)
		return (int)failed("execve", 0, file, NULL, search(file, argv, exec_or_script));
	if (search(file, argv, look_and_tell) < 0) {
		if (errno == ENOENT)
			sys_note("%s is not to be found now; assumed to be there by then", file);
		else
			sys_note("%s cannot be looked at now (%s); assumed to be there by then",
				 file, strerror(errno));
		return exec_path(file, argv);
	}
	return 0;
}

int sys_exec_path(const char *path, char *const argv[])
{
	return (int)failed("execve", 0, path, NULL, exec_path(path, argv));
}

/* In strace's order. */
static const struct flag mount_flags[] = {
	{ MS_RDONLY, "MS_RDONLY" }, { MS_NOSUID, "MS_NOSUID" },	  { MS_NODEV, "MS_NODEV" },
	{ MS_NOEXEC, "MS_NOEXEC" }, { MS_REMOUNT, "MS_REMOUNT" }, { MS_BIND, "MS_BIND" },
	{ MS_REC, "MS_REC" },	    { MS_PRIVATE, "MS_PRIVATE" }, { MS_SLAVE, "MS_SLAVE" },
	{ MS_SHARED, "MS_SHARED" },
};

int sys_mount(const char *source, const char *target, const char *type, unsigned long flags)
{
	int ret = 0;

	if (mode != SYS_RUN) {
		begin_line();
		add("mount(");
		add_quoted(source);
		add(", ");
		add_quoted(target);
		add(", ");
		add_quoted(type);
		add(", ");
		add_flags(flags, mount_flags, ARRAY_SIZE(mount_flags));
		add(", NULL)");
	}
	if (mode != SYS_TELL)
		ret = mount(source, target, type, flags, NULL);
	put_result(ret);
	return (int)failed("mount", flags, target, type, ret);
}

/* A call with one path and, if @flags is not NULL, its flags as text. */
static void begin_path_call(const char *call, const char *path, const char *flags)
{
	if (mode == SYS_RUN)
		return;
	begin_line();
	add("%s(", call);
	add_quoted(path);
	if (flags)
		add(", %s", flags);
	add(")");
}

int sys_umount(const char *target, int flags)
{
	static const struct flag names[] = { { MNT_DETACH, "MNT_DETACH" },
					     { UMOUNT_NOFOLLOW, "UMOUNT_NOFOLLOW" } };
	int ret = 0;

	if (mode != SYS_RUN) {
		begin_line();
		add("umount2(");
		add_quoted(target);
		add(", ");
		add_flags((unsigned long)flags, names, ARRAY_SIZE(names));
		add(")");
	}
	if (mode != SYS_TELL)
		ret = umount2(target, flags);
	put_result(ret);
	return (int)failed("umount2", (unsigned long)flags, target, NULL, ret);
}

/* ---- mounts by descriptor (Linux 5.2) ---- */

/* What stands for a descriptor that a told call would have given; closing it is all it is for. */
static int told_descriptor(void)
{
	return sys_above_stdio(open("/", O_PATH | O_CLOEXEC));
}

static int fs_config(int fd, const char *type, unsigned int cmd, const char *key, const char *value)
{
	long ret = 0;

	if (mode != SYS_RUN) {
		begin_line();
		add_descriptor("fsconfig", fd, type);
		add(", %s, ",
		    cmd == FSCONFIG_SET_STRING ? "FSCONFIG_SET_STRING" : "FSCONFIG_CMD_CREATE");
		add_quoted(key);
		add(", ");
		add_quoted(value);
		add(", 0)");
	}
	if (mode != SYS_TELL)
		ret = syscall(SYS_fsconfig, fd, cmd, key, value, 0);
	put_result(ret);
	return (int)failed("fsconfig", cmd, key, type, ret);
}

int sys_mount_detached(const char *type, const char *source, unsigned int attr)
{
	static const struct flag names[] = { { MOUNT_ATTR_RDONLY, "MOUNT_ATTR_RDONLY" },
					     { MOUNT_ATTR_NOSUID, "MOUNT_ATTR_NOSUID" },
					     { MOUNT_ATTR_NODEV, "MOUNT_ATTR_NODEV" },
					     { MOUNT_ATTR_NOEXEC, "MOUNT_ATTR_NOEXEC" } };
	cleanup_close int fs = -1;
	int fd;

	begin_path_call("fsopen", type, "FSOPEN_CLOEXEC");
	fs = mode == SYS_TELL ? told_descriptor()
			      : sys_above_stdio((int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC));
	put_result(fs);
	if (failed("fsopen", 0, NULL, type, fs) < 0 ||
	    fs_config(fs, type, FSCONFIG_SET_STRING, "source", source) < 0 ||
	    fs_config(fs, type, FSCONFIG_CMD_CREATE, NULL, NULL) < 0)
		return -1;
	if (mode != SYS_RUN) {
		begin_line();
		add_descriptor("fsmount", fs, type);
		add(", FSMOUNT_CLOEXEC, ");
		add_flags(attr, names, ARRAY_SIZE(names));
		add(")");
	}
	fd = mode == SYS_TELL
		     ? told_descriptor()
		     : sys_above_stdio((int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, attr));
	put_result(fd);
	return (int)failed("fsmount", attr, NULL, type, fd);
}

int sys_clone_mount(const char *path)
{
	int fd;

	if (mode != SYS_RUN) {
		begin_line();
		add("open_tree(AT_FDCWD, ");
		add_quoted(path);
		add(", OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC|AT_RECURSIVE)");
	}
	if (mode == SYS_TELL)
		fd = told_descriptor();
	else
		fd = sys_above_stdio(
			(int)syscall(SYS_open_tree, AT_FDCWD, path,
				     OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE));
	put_result(fd);
	return (int)failed("open_tree", 0, path, NULL, fd);
}

static int move_mount_to(int fd, const char *name, const char *target, unsigned int beneath)
{
	unsigned int flags = MOVE_MOUNT_F_EMPTY_PATH | beneath;
	long ret = 0;

	if (mode != SYS_RUN) {
		begin_line();
		add_descriptor("move_mount", fd, name);
		add(", \"\", AT_FDCWD, ");
		add_quoted(target);
		add(", MOVE_MOUNT_F_EMPTY_PATH%s)", beneath ? "|MOVE_MOUNT_BENEATH" : "");
	}
	if (mode != SYS_TELL)
		ret = syscall(SYS_move_mount, fd, "", AT_FDCWD, target, flags);
	put_result(ret);
	return (int)failed("move_mount", flags, target, NULL, ret);
}

int sys_move_mount(int fd, const char *name, const char *target)
{
	return move_mount_to(fd, name, target, 0);
}

int sys_move_mount_beneath(int fd, const char *name, const char *target)
{
	return move_mount_to(fd, name, target, MOVE_MOUNT_BENEATH);
}

/* ---- files ---- */

int sys_mkdir(const char *path, mode_t dir_mode)
{
	int ret = 0;

	if (mode != SYS_RUN) {
		begin_line();
		add("mkdir(");
		add_quoted(path);
		add(", %#03o)", dir_mode);
	}
	if (mode != SYS_TELL)
		ret = mkdir(path, dir_mode);
	put_result(ret);
	return (int)failed("mkdir", 0, path, NULL, ret);
}

int sys_flock(int fd, const char *path)
{
	int ret = 0;

	if (mode != SYS_RUN) {
		begin_line();
		add_descriptor("flock", fd < 0 ? STDERR_FILENO + 1 : fd, path);
		add(", LOCK_EX)");
	}
	if (mode != SYS_TELL)
		do
			ret = flock(fd, LOCK_EX);
		while (ret < 0 && errno == EINTR);
	put_result(ret);
	return (int)failed("flock", 0, path, NULL, ret);
}

int sys_open_write(const char *path)
{
	int fd;

	if (mode != SYS_RUN) {
		begin_line();
		add("openat(AT_FDCWD, ");
		add_quoted(path);
		add(", O_WRONLY|O_CLOEXEC)");
	}
	fd = open(path, (mode == SYS_TELL ? O_PATH : O_WRONLY) | O_CLOEXEC);
	fd = sys_above_stdio(fd);
	put_result(fd);
	if (mode == SYS_TELL && fd < 0)
		errno = 0;
	return (int)failed("openat", 0, path, NULL, fd);
}

int sys_open_special(const char *path)
{
	static const struct timespec pause = { 0, 20000000 };
	int fd = -1;

	if (mode != SYS_RUN) {
		begin_line();
		add("openat(AT_FDCWD, ");
		add_quoted(path);
		add(", O_WRONLY|O_NOCTTY|O_APPEND|O_NONBLOCK|O_CLOEXEC)");
	}
	for (int i = 0; mode != SYS_TELL && i < FIFO_TRIES; i++) {
		fd = open(path, O_WRONLY | O_APPEND | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
		if (fd >= 0 || errno != ENXIO)
			break;
		nanosleep(&pause, NULL);
	}
	fd = mode == SYS_TELL ? told_descriptor() : sys_above_stdio(fd);
	put_result(fd);
	return (int)failed("openat", 0, path, NULL, fd);
}

int sys_write(int fd, const char *path, const char *text)
{
	size_t len = strlen(text);
	ssize_t ret = (ssize_t)len;

	if (mode != SYS_RUN) {
		begin_line();
		add_descriptor("write", fd < 0 ? STDERR_FILENO + 1 : fd, path);
		add(", ");
		add_quoted(text);
		add(", %zu)", len);
	}
	if (mode != SYS_TELL)
		ret = write(fd, text, len);
	put_result(ret);
	if (ret >= 0 && (size_t)ret < len) {
		errno = EIO;
		ret = -1;
	}
	return failed("write", 0, path, NULL, ret) < 0 ? -1 : 0;
}

int sys_create(const char *path, mode_t file_mode)
{
	int fd = 3;

	if (mode != SYS_RUN) {
		begin_line();
		add("openat(AT_FDCWD, ");
		add_quoted(path);
		add(", O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, %#03o)", file_mode);
	}
	if (mode != SYS_TELL)
		fd = sys_above_stdio(
			open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, file_mode));
	put_result(fd);
	if (fd >= 0 && mode != SYS_TELL)
		close(fd);
	return failed("openat", 0, path, NULL, fd) < 0 ? -1 : 0;
}

int sys_create_at(int dir, const char *dir_name, const char *name, mode_t file_mode)
{
	int fd = -1;

	if (mode != SYS_RUN) {
		begin_line();
		add_descriptor("openat", dir, dir_name);
		add(", ");
		add_quoted(name);
		add(", O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, %#03o)", file_mode);
	}
	if (mode != SYS_TELL)
		fd = sys_above_stdio(
			openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, file_mode));
	put_result(fd);
	if (mode == SYS_TELL)
		errno = 0;
	return mode == SYS_TELL ? -1 : (int)failed("openat", 0, name, NULL, fd);
}

int sys_unlink_at(int dir, const char *name)
{
	int ret = 0;

	if (mode != SYS_RUN) {
		begin_line();
		add("unlinkat(%d, ", dir);
		add_quoted(name);
		add(", 0)");
	}
	if (mode != SYS_TELL)
		ret = unlinkat(dir, name, 0);
	put_result(ret);
	return (int)failed("unlinkat", 0, name, NULL, ret);
}

int sys_rename_at(int dir, const char *dir_name, const char *from, const char *to)
{
	int ret = 0;

	if (mode != SYS_RUN) {
		begin_line();
		add_descriptor("renameat", dir, dir_name);
		add(", ");
		add_quoted(from);
		add(", %d<", dir);
		add_escaped(dir_name);
		add(">, ");
		add_quoted(to);
		add(")");
	}
	if (mode != SYS_TELL)
		ret = renameat(dir, from, dir, to);
	put_result(ret);
	return (int)failed("renameat", 0, to, NULL, ret);
}

int sys_unlink(const char *path)
{
	int ret = 0;

	begin_path_call("unlink", path, NULL);
	if (mode != SYS_TELL)
		ret = unlink(path);
	put_result(ret);
	return (int)failed("unlink", 0, path, NULL, ret);
}

int sys_chroot(const char *path)
{
	int ret = 0;

	begin_path_call("chroot", path, NULL);
	if (mode != SYS_TELL)
		ret = chroot(path);
	else
		told_root = strcmp(path, ".") == 0 && told_cwd >= 0 ? told_cwd
								    : open_told_dir(path);
	if (ret == 0 && mode != SYS_TELL)
		left_root = left_proc = true;
	put_result(ret);
	return (int)failed("chroot", 0, path, NULL, ret);
}

int sys_chdir(const char *path)
{
	int ret = 0;

	begin_path_call("chdir", path, NULL);
	if (mode != SYS_TELL)
		ret = chdir(path);
	else
		told_cwd = open_told_dir(path);
	put_result(ret);
	return (int)failed("chdir", 0, path, NULL, ret);
}

int sys_fchdir(int fd, const char *name)
{
	int ret = 0;

	if (mode != SYS_RUN) {
		begin_line();
		add_descriptor("fchdir", fd, name);
		add(")");
	}
	if (mode != SYS_TELL)
		ret = fchdir(fd);
	else
		told_cwd = fcntl(fd, F_DUPFD_CLOEXEC,
				 64); /* the numbers that are told stay as they are */
	put_result(ret);
	return (int)failed("fchdir", 0, name, NULL, ret);
}

void sys_assume_root(int fd)
{
	told_root = fd;
}

int sys_drop_groups(void)
{
	int ret = 0;

	begin_call("setgroups(0, NULL)");
	if (mode != SYS_TELL)
		ret = setgroups(0, NULL);
	put_result(ret);
	return (int)failed("setgroups", 0, NULL, NULL, ret);
}

int sys_setgroups(size_t n, const gid_t *groups)
{
	int ret = 0;

	if (n == 0)
		return sys_drop_groups();
	if (mode != SYS_RUN) {
		begin_line();
		add("setgroups(%zu, [", n);
		for (size_t i = 0; i < n; i++)
			add("%s%u", i ? ", " : "", groups[i]);
		add("])");
	}
	if (mode != SYS_TELL)
		ret = setgroups(n, groups);
	put_result(ret);
	return (int)failed("setgroups", n, NULL, NULL, ret);
}

int sys_setgid(gid_t gid)
{
	int ret = 0;

	begin_call("setgid(%u)", gid);
	if (mode != SYS_TELL)
		ret = setgid(gid);
	put_result(ret);
	return (int)failed("setgid", gid, NULL, NULL, ret);
}

int sys_setuid(uid_t uid)
{
	int ret = 0;

	begin_call("setuid(%u)", uid);
	if (mode != SYS_TELL)
		ret = setuid(uid);
	put_result(ret);
	return (int)failed("setuid", uid, NULL, NULL, ret);
}

int sys_setresgid(gid_t gid)
{
	int ret = 0;

	begin_call("setresgid(%u, %u, %u)", gid, gid, gid);
	if (mode != SYS_TELL)
		ret = setresgid(gid, gid, gid);
	put_result(ret);
	return (int)failed("setresgid", gid, NULL, NULL, ret);
}

int sys_setresuid(uid_t uid)
{
	int ret = 0;

	begin_call("setresuid(%u, %u, %u)", uid, uid, uid);
	if (mode != SYS_TELL)
		ret = setresuid(uid, uid, uid);
	put_result(ret);
	return (int)failed("setresuid", uid, NULL, NULL, ret);
}

static unsigned long long cap_set(uint32_t low, uint32_t high)
{
	return (unsigned long long)high << 32 | low;
}

int sys_capset(const struct __user_cap_data_struct *data)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	int ret = 0;

	begin_call("capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, "
		   "{effective=%#llx, permitted=%#llx, inheritable=%#llx})",
		   cap_set(data[0].effective, data[1].effective),
		   cap_set(data[0].permitted, data[1].permitted),
		   cap_set(data[0].inheritable, data[1].inheritable));
	if (mode != SYS_TELL)
		ret = (int)syscall(SYS_capset, &head, data);
	put_result(ret);
	return (int)failed("capset", 0, NULL, NULL, ret);
}

int sys_ambient_raise(int cap)
{
	int ret = 0;

	begin_call("prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, %d, 0, 0)", cap);
	if (mode != SYS_TELL)
		ret = prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, (unsigned long)cap, 0UL, 0UL);
	put_result(ret);
	return (int)failed("prctl", (unsigned long)cap, NULL, NULL, ret);
}

/* prctl(2) with one argument, which @text names. */
static int do_prctl(int option, unsigned long arg, const char *text)
{
	int ret = 0;

	begin_call("prctl(%s)", text);
	if (mode != SYS_TELL)
		ret = prctl(option, arg, 0UL, 0UL, 0UL);
	put_result(ret);
	return (int)failed("prctl", arg, NULL, NULL, ret);
}

int sys_not_dumpable(void)
{
	return do_prctl(PR_SET_DUMPABLE, 0, "PR_SET_DUMPABLE, SUID_DUMP_DISABLE");
}

int sys_dumpable(void)
{
	return do_prctl(PR_SET_DUMPABLE, 1, "PR_SET_DUMPABLE, SUID_DUMP_USER");
}

int sys_keep_caps(void)
{
	return do_prctl(PR_SET_KEEPCAPS, 1, "PR_SET_KEEPCAPS, 1");
}

int sys_no_new_privs(void)
{
	return do_prctl(PR_SET_NO_NEW_PRIVS, 1, "PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0");
}

pid_t sys_setsid(void)
{
	pid_t ret = 0;

	begin_call("setsid()");
	if (mode != SYS_TELL)
		ret = setsid();
	put_result(ret);
	return (pid_t)failed("setsid", 0, NULL, NULL, ret);
}

int sys_close_range(unsigned int first, unsigned int last)
{
	int ret = 0;

	begin_call("close_range(%u, %u, 0)", first, last);
	if (mode != SYS_TELL)
		ret = (int)syscall(SYS_close_range, first, last, 0);
	put_result(ret);
	return (int)failed("close_range", first, NULL, NULL, ret);
}

static const char *signal_name(int sig)
{
	static char buf[24];
	const char *abbrev = sigabbrev_np(sig);

	if (abbrev)
		snprintf(buf, sizeof(buf), "SIG%s", abbrev);
	else if (sig >= SIGRTMIN && sig <= SIGRTMAX)
		snprintf(buf, sizeof(buf), "SIGRT_%d", sig - KERNEL_SIGRTMIN);
	else
		snprintf(buf, sizeof(buf), "%d", sig);
	return buf;
}

int sys_pdeathsig(int sig)
{
	int ret = 0;

	begin_call("prctl(PR_SET_PDEATHSIG, %s)", signal_name(sig));
	if (mode != SYS_TELL)
		ret = prctl(PR_SET_PDEATHSIG, (unsigned long)sig);
	put_result(ret);
	return (int)failed("prctl", (unsigned long)sig, NULL, NULL, ret);
}

int sys_kill(pid_t pid, int sig)
{
	int ret = 0;

	begin_call("kill(%d, %s)", pid, signal_name(sig));
	if (mode == SYS_TRACE && pid == getpid()) {
		put_line(); /* it may not come back */
		return kill(pid, sig);
	}
	if (mode != SYS_TELL)
		ret = kill(pid, sig);
	put_result(ret);
	return (int)failed("kill", (unsigned long)sig, NULL, NULL, ret);
}

int sys_pidfd_kill(int pidfd, pid_t pid, int sig)
{
	int ret = 0;

	begin_call("pidfd_send_signal(%d<pid:%d>, %s, NULL, 0)", pidfd, pid, signal_name(sig));
	if (mode != SYS_TELL)
		ret = (int)syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0);
	put_result(ret);
	return (int)failed("pidfd_send_signal", (unsigned long)sig, NULL, NULL, ret);
}

int sys_no_core(void)
{
	static const struct rlimit none = { 0, 0 };
	int ret = 0;

	begin_call("prlimit64(0, RLIMIT_CORE, {rlim_cur=0, rlim_max=0}, NULL)");
	if (mode != SYS_TELL)
		ret = setrlimit(RLIMIT_CORE, &none);
	put_result(ret);
	return (int)failed("prlimit64", 0, NULL, NULL, ret);
}

int sys_setaffinity(const cpu_set_t *set, size_t size)
{
	int ret = 0;

	begin_call("sched_setaffinity(0, %zu, [/* %d CPUs */])", size, CPU_COUNT_S(size, set));
	if (mode != SYS_TELL)
		ret = sched_setaffinity(0, size, set);
	put_result(ret);
	return (int)failed("sched_setaffinity", 0, NULL, NULL, ret);
}

int sys_rtnl(int fd, const void *request, size_t len, const char *fmt, ...)
{
	long ret = (long)len;
	va_list args;

	if (mode != SYS_RUN) {
		begin_line();
		add_descriptor("sendto", fd < 0 ? STDERR_FILENO + 1 : fd, "NETLINK_ROUTE");
		add(", {");
		va_start(args, fmt);
		add_args(fmt, args);
		va_end(args);
		add("}, %zu, 0, NULL, 0)", len);
	}
	if (mode != SYS_TELL)
		ret = send(fd, request, len, 0);
	put_result(ret);
	return failed("sendto", 0, NULL, "NETLINK_ROUTE", ret) < 0 ? -1 : 0;
}

/* sethostname(2) and setdomainname(2). */
static int set_name(const char *call, int (*set)(const char *, size_t), const char *name)
{
	size_t len = strlen(name);
	int ret = 0;

	if (mode != SYS_RUN) {
		begin_line();
		add("%s(", call);
		add_quoted(name);
		add(", %zu)", len);
	}
	if (mode != SYS_TELL)
		ret = set(name, len);
	put_result(ret);
	return (int)failed(call, 0, name, NULL, ret);
}

int sys_sethostname(const char *name)
{
	return set_name("sethostname", sethostname, name);
}

int sys_setdomainname(const char *name)
{
	return set_name("setdomainname", setdomainname, name);
}

int sys_lo_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	cleanup_close int fd = -1; /* of a family that every kernel has */
	int ret = 0;

	fd = sys_above_stdio(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	if (fd < 0)
		return -1;
	begin_call("ioctl(%d, SIOCSIFFLAGS, {ifr_name=\"lo\", ifr_flags=IFF_UP})", fd);
	if (mode != SYS_TELL)
		ret = ioctl(fd, SIOCSIFFLAGS, &request);
	put_result(ret);
	return (int)failed("ioctl", 0, "lo", NULL, ret);
}

int sys_foreground(int fd, pid_t pgrp)
{
	int ret = 0;

	begin_call("ioctl(%d, TIOCSPGRP, [%d])", fd, pgrp);
	if (mode != SYS_TELL)
		ret = tcsetpgrp(fd, pgrp);
	put_result(ret);
	return (int)failed("ioctl", 0, NULL, NULL, ret);
}

void sys_load_nothing(void)
{
	left_root = true;
}

void sys_set_first_fd(int fd)
{
	first_fd = fd;
}

int sys_first_fd(void)
{
	return first_fd;
}

int sys_above_stdio(int fd)
{
	int moved, saved;

	if (fd < 0 || fd >= first_fd)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, first_fd);
	saved = errno;
	close(fd);
	errno = saved;
	return moved;
}
