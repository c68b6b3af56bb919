/* SPDX-License-Identifier: MIT */
/*
 * sys.h - the one door: every call of ours that changes the world goes through here, and is run,
 * run and traced (-x), or only told (--dry-run); the line of a call is made by told.h, and what it is for
 * stands in explain.c, a row at least for each.
 *
 * What counts as changing the world, and is therefore told:
 *   unshare setns fork clone3 execve setsid close_range sched_setaffinity, prlimit64 with a new value, kill and
 *   pidfd_send_signal (another process, or ourselves), ioctl(TIOCSPGRP);
 *   mount umount2 open_tree fsopen fsconfig fsmount move_mount mount_setattr pivot_root chroot chdir fchdir;
 *   openat for writing or creating and write to what it opened, mkdir mkdirat rmdir symlinkat fchownat unlink unlinkat
 *   renameat flock, fcntl(F_SETLK);
 *   setgroups setgid setuid setfsgid setfsuid setregid setreuid setresgid setresuid capset, prctl (PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER,
 *   PR_CAP_AMBIENT_RAISE, PR_SET_DUMPABLE, PR_SET_KEEPCAPS, PR_SET_NO_NEW_PRIVS);
 *   sethostname setdomainname, ioctl(SIOCSIFFLAGS), sendto of a netlink request that is no mere question.
 * Exceptions: the thousands of namespaces that persist.c makes and drops to use up a batch of ids, in a child of its own,
 * are told as one note. A program that answer.c asks is a question, though it is started, and ended if it does not end:
 * it is not told, and run for a dry run too. A dry run of several commands of xnetns forks for each, to tell it there.
 * A dry run joins the namespaces that hold an ordinary user's networks all the same: the names are to be seen in there
 * alone, and it is no one's state but this process's.
 * What does not count: reading, signal 0, pipes between our own processes, signal masks and dispositions, the umask,
 * waiting, closing, exiting.
 *
 * Each sys_X() returns what X(2) returns, with errno; a failure is remembered in told_failed, for
 * the hints. What a failure means, and messages, do not belong in here.
 */
#ifndef XNS_SYS_H
#define XNS_SYS_H

#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "util.h"

/*
 * sys_left_root() - true once the root or the mount namespace changed: load nothing by path any
 * more.
 */
bool sys_left_root(void);

/*
 * sys_proc_is_ours() - false once /proc may be what others have put there: after chroot(2), or
 * setns(2) of a mount namespace.
 */
bool sys_proc_is_ours(void);

/*
 * sys_can_ask() - false once a program that is run to look something up would not be what the caller gets: the root,
 * or the mount or user namespace, is another; or would be the first process of a PID namespace.
 */
bool sys_can_ask(void);

/* sys_made_user() - true once we are in a user namespace that was made here. */
bool sys_made_user(void);

int sys_unshare(int flags) must_check;

/*
 * sys_setns() - setns(2) of @fd, a namespace's file with its name for told lines, or the pidfd of
 * @pid (Linux 5.8), which is 0 else. @name is static memory or lives as long as the process.
 */
int sys_setns(int fd, pid_t pid, const char *name, int flags) must_check;

/*
 * sys_join_own() - setns(2) of namespaces of a user's own, that were made from his: what is loaded there is what would
 * be loaded here. @fd is a namespace's file called @name, or a pidfd, of which the name is "pid:N"; -1: it is only told,
 * else a dry run goes there as well.
 * sys_go_back_to() - chdir(2) to where this process was before; so does a dry run.
 */
int sys_join_own(int fd, const char *name, int flags) must_check;
int sys_go_back_to(const char *cwd) must_check;

/*
 * sys_fork() - fork(2).
 * Return: as fork(2); only told: 1, "the parent", who then calls the child's part inline.
 */
pid_t sys_fork(void) must_check;

/* What sys_clone3() makes; zero is the default of each but the cgroup. */
struct sys_clone {
	int flags;	   /* CLONE_NEW* */
	pid_t tids[2];	   /* the child's PID in its PID namespace and in the ones around it */
	size_t n_tids;	   /* how many are chosen (Linux 5.5) */
	int cgroup;	   /* directory of the cgroup that it begins in (Linux 5.7); -1: ours */
	uint64_t autokill; /* 0, or what sys_autokill() gave */
	int pidfd;	   /* set in the parent: the child's, above 2 and close-on-exec */
};

/*
 * sys_clone3() - clone3(2) (Linux 5.3) that forks: the child alone is in the new namespaces.
 * Return: as sys_fork().
 */
pid_t sys_clone3(struct sys_clone *c) must_check;

/*
 * sys_autokill() - whether a child of clone3(2) can be one that the kernel kills when its pidfd is closed,
 * as it is when we end (Linux 7.1). It reaps it too: waitpid(2), with __WALL, tells of its stops and then
 * gives ECHILD; how it ended is what sys_end_of() says. Without CAP_SYS_ADMIN it takes @no_new_privs.
 * Return: the flags for that, or 0.
 */
uint64_t sys_autokill(bool no_new_privs);

/* sys_end_of() - the wait status of the process of @pidfd, which has been reaped (Linux 6.15); or -1 with errno. */
int sys_end_of(int pidfd);

int sys_mount(const char *source, const char *target, const char *type,
	      unsigned long flags) must_check;
int sys_umount(const char *target, int flags);

/*
 * sys_open_write() - openat(2) of an existing file for writing.
 * Return: a descriptor above 2, close-on-exec; or -1 with errno. Only told: an O_PATH one or, where
 * the file will exist only then, -1 with errno 0.
 */
int sys_open_write(const char *path);

/*
 * sys_open_special() - openat(2) of a FIFO or a device for writing, without waiting for its other side
 * and without making it our terminal; but for three seconds a reader of a FIFO may come.
 * Return: a descriptor above 2, close-on-exec; or -1 with errno (ENXIO: nobody reads).
 */
int sys_open_special(const char *path) must_check;

/*
 * sys_write() - one write(2) of @text to @fd, which sys_open_write(@path) gave.
 * Return: 0 if all was taken, or -1 with errno.
 */
int sys_write(int fd, const char *path, const char *text) must_check;

/* sys_write_bytes() - the same of @len bytes; a zero byte stands behind them, where the told ones end. */
int sys_write_bytes(int fd, const char *path, const char *bytes, size_t len) must_check;

/*
 * sys_create() - makes the empty regular file @path, of @mode less umask.
 * Return: 0, or -1 with errno (EEXIST: it was there).
 */
int sys_create(const char *path, mode_t mode) must_check;
int sys_unlink(const char *path);

/*
 * sys_create_at(), sys_rename_at() - the same of a @name in the directory @dir, whose path is @dir_name.
 * Return: the descriptor for sys_write(), only told -1 with errno 0; 0.
 */
int sys_create_at(int dir, const char *dir_name, const char *name, mode_t mode);
int sys_unlink_at(int dir, const char *name, bool is_dir);
int sys_rename_at(int dir, const char *dir_name, const char *from, const char *to) must_check;
int sys_mkdir(const char *path, mode_t mode) must_check; /* of just that mode, whatever the umask */
int sys_rmdir(const char *path);
int sys_chown_at(int dir, const char *dir_name, const char *name, uid_t uid, gid_t gid) must_check;
int sys_mkdir_at(int dir, const char *dir_name, const char *name, mode_t mode) must_check;
int sys_symlink_at(const char *target, int dir, const char *dir_name, const char *name) must_check;

/*
 * sys_open_lock() - openat(2) of the file @name in @dir for sys_set_lock(), made for its owner alone, whatever
 * the umask, where there is none; no symbolic link is followed. Return: a descriptor above 2, close-on-exec; or -1 with errno.
 * sys_set_lock() - a lock of this process alone on it (F_SETLK), which ends with the process or when it closes any
 * descriptor of the file; F_GETLK tells others who has it.
 */
int sys_open_lock(int dir, const char *dir_name, const char *name) must_check;
int sys_set_lock(int fd, const char *path) must_check;

/* sys_flock() - waits for the exclusive lock of @fd, of the directory or file @path. */
int sys_flock(int fd, const char *path) must_check;

/*
 * sys_mount_detached() - a new file system of @type that is mounted nowhere yet (Linux 5.2), with
 * @source as its source and the attributes @attr (MOUNT_ATTR_*).
 * sys_clone_mount() - the same of a copy of what is mounted on @path, with all below.
 * Return: a descriptor above 2, close-on-exec; or -1 with errno.
 */
int sys_mount_detached(const char *type, const char *source, unsigned int attr) must_check;
int sys_clone_mount(const char *path) must_check;

/*
 * sys_move_mount() - mounts what sys_mount_detached() or sys_clone_mount() gave on @target; on a
 * symbolic link itself where @target is one.
 */
int sys_move_mount(int fd, const char *name, const char *target) must_check;

/* sys_move_mount_beneath() - the same beneath what is mounted on @target (Linux 6.5). */
int sys_move_mount_beneath(int fd, const char *name, const char *target) must_check;

/*
 * The same by descriptors, with names for told lines: nothing is looked up a second time.
 *
 * sys_mount_with() - as sys_mount_detached(), with @options, pairs of a key and a value, which is NULL for a
 * flag, ended by a NULL; what the kernel has to say of a wrong one is in told_failed.said then.
 * sys_mount_proc() - a proc, of the PID namespace @of (Linux 6.18), which @name leads to, or with -1 of ours.
 * sys_clone_tree() - a copy of what is mounted on @fd, with all below if @recursive.
 * sys_attach() - mounts it on the place @to.
 * sys_mount_attr() - sets and clears attributes of the mount @fd, and of those below if @recursive; @userns
 * is the descriptor of the user namespace for MOUNT_ATTR_IDMAP, which makes them private too, or -1
 * (Linux 5.12).
 * sys_tree_namespace() - a new mount namespace whose root is a copy of @fd and what is below (Linux 7.0).
 * Return: its descriptor, above 2, close-on-exec; or -1 with errno.
 * sys_has_tree_namespace() - whether this kernel has that.
 * sys_pivot_root() - pivot_root(".", "."): the working directory, a mount, becomes the root, with the old one
 * on top of it; the next call has to be sys_umount(".", MNT_DETACH).
 */
int sys_mount_with(const char *type, const char *source, const char *const *options,
		   unsigned int attr) must_check;
int sys_mount_proc(int of, const char *name, const char *const *options,
		   unsigned int attr) must_check;
int sys_clone_tree(int fd, const char *name, bool recursive) must_check;
int sys_attach(int fd, const char *name, int to, const char *to_name) must_check;
int sys_mount_attr(int fd, const char *name, unsigned long set, unsigned long clear, int userns,
		   bool recursive) must_check;
int sys_tree_namespace(int fd, const char *name) must_check;
bool sys_has_tree_namespace(void);
int sys_pivot_root(void) must_check;

/*
 * sys_rtnl() - sends @request, of @len bytes, on the route netlink socket @fd; @fmt describes it in a
 * told line. Return: 0, or -1 with errno.
 */
int sys_rtnl(int fd, const void *request, size_t len, const char *fmt, ...) must_check
	printf_like(4, 5);

int sys_chroot(const char *path) must_check;
int sys_chdir(const char *path) must_check;

/* sys_fchdir() - fchdir(2); a dry run keeps in mind where, for a chroot("."). */
int sys_fchdir(int fd, const char *name) must_check;

int sys_setgroups(size_t n, const gid_t *groups) must_check;
int sys_setgid(gid_t gid) must_check;
int sys_setuid(uid_t uid) must_check;

/*
 * sys_setfsgid(), sys_setfsuid() - by whom files are made, till exec; the kernel lets go of the death signal, and of
 * dumpable. Return: 0, or -1 with errno.
 */
int sys_setfsgid(gid_t gid) must_check;
int sys_setfsuid(uid_t uid) must_check;

/* sys_same_gids(), sys_same_uids() - by the effective one again. */
int sys_same_gids(void) must_check;
int sys_same_uids(void) must_check;

/* sys_setresgid(), sys_setresuid() - the real, effective and saved one. */
int sys_setresgid(gid_t gid) must_check;
int sys_setresuid(uid_t uid) must_check;

/* sys_capset() - this process's capability sets; two elements, version 3. */
int sys_capset(const struct __user_cap_data_struct *data) must_check;
int sys_ambient_raise(int cap) must_check;

/* sys_keep_caps() - the next setuid(2) leaves the permitted capabilities. */
int sys_keep_caps(void) must_check;

/* sys_not_dumpable() - till the next exec no process without rights outside can look into us. */
int sys_not_dumpable(void) must_check;

/* sys_dumpable() - who has our IDs, or rights over our user namespace, may look into us again. */
int sys_dumpable(void) must_check;
int sys_no_new_privs(void) must_check;

/* sys_setsid() - setsid(2). Return: as setsid(2); only told: 0. */
pid_t sys_setsid(void) must_check;

/* sys_close_range() - closes the descriptors from @first to @last (Linux 5.9). */
int sys_close_range(unsigned int first, unsigned int last) must_check;

/* sys_pdeathsig() - the signal this process gets when its parent dies; 0: none. */
int sys_pdeathsig(int sig) must_check;

/* sys_subreaper() - whose parent has ended, of those that we have started, is our child from then on. */
int sys_subreaper(void) must_check;
int sys_kill(pid_t pid, int sig);

/* sys_pidfd_kill() - pidfd_send_signal(2) (Linux 5.1) to @pid, which @pidfd stands for. */
int sys_pidfd_kill(int pidfd, pid_t pid, int sig);
int sys_no_core(void);
/* sys_limit_files() - RLIMIT_NOFILE; a dry run too has the limit if it is @more. */
int sys_limit_files(const struct rlimit *limit, bool more) must_check;
int sys_setaffinity(const cpu_set_t *set, size_t size);

int sys_sethostname(const char *name) must_check;
int sys_setdomainname(const char *name) must_check;

/* sys_lo_up() - the loopback device of this network namespace is up, and has its addresses. */
int sys_lo_up(void) must_check;

/* sys_foreground() - makes @pgrp the foreground process group of the terminal @fd. */
int sys_foreground(int fd, pid_t pgrp);

/*
 * sys_load_nothing() - the environment has become another's: no locale, no NSS module, which it could
 * name, is loaded any more; as after sys_left_root().
 */
void sys_load_nothing(void);

/* sys_ask_nothing() - PATH has become another's: sys_can_ask() is false from now on. */
void sys_ask_nothing(void);

#endif
