/* SPDX-License-Identifier: MIT */
/*
 * inject.c - run a tool under ptrace(2), and let one of its system calls fail.
 *
 *	inject [-u UID] -l FILE COMMAND...           write a line PROCESS:CALL:N:ERROR for each fault to try
 *	inject [-u UID] -f PROCESS:CALL:N:ERROR -o FILE COMMAND...
 *
 * ERROR may be KILL: the process is killed as it makes the call.
 *
 * PROCESS counts the processes and threads of the tool from 0, in the order in which they began; N counts that
 * one's calls of this name from 1. Counted is what a process does from the end of the loader, which ends with
 * munmap(2) of its cache, until it executes a program. strace could inject too, but counts per process without
 * telling them apart, and takes three times as long.
 *
 * FILE gets "status S" or "signal S", or "hang" after 15 seconds; and before it "missed", if the fault's call
 * was not made.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT 15 /* seconds until it hangs */

struct error {
	const char *name;
	int err;
};

/* What can happen in life, two of each call. */
/* clang-format off */
#define CALL(name, first, second) \
	{ SYS_##name, #name, { { #first, first }, { #second, second } } }
#define ONCE(name, first) \
	{ SYS_##name, #name, { { #first, first }, { NULL, 0 } } }
/* Calls that cannot fail as the tools use them, or whose failure is the C library's own affair */
#define NEVER(name) \
	{ SYS_##name, #name, { { NULL, 0 }, { NULL, 0 } } }
/* clang-format on */

/* Newer than the C library's table: the same number on all machines */
#ifndef SYS_statmount
#define SYS_statmount 457
#define SYS_listmount 458
#endif
#ifndef SYS_listns
#define SYS_listns 470
#endif

static const struct call {
	int nr;
	const char *name;
	struct error errors[2];
} calls[] = {
#ifdef SYS_access
	CALL(access, EIO, EACCES),
	CALL(chmod, EPERM, EROFS),
	CALL(dup2, EMFILE, EBUSY),
	CALL(fork, EAGAIN, ENOMEM),
	CALL(mkdir, ENOSPC, EROFS),
	CALL(open, EMFILE, EIO),
	CALL(poll, EINTR, ENOMEM),
	CALL(readlink, EIO, ENOMEM),
	CALL(rename, ENOSPC, EIO),
	CALL(rmdir, EBUSY, EROFS),
	CALL(stat, EIO, ENOMEM),
	CALL(symlink, ENOSPC, EROFS),
	CALL(unlink, EROFS, EIO),
	CALL(vfork, EAGAIN, ENOMEM),
	NEVER(arch_prctl),
	NEVER(getpgrp),
#endif
	CALL(bind, ENOMEM, EADDRINUSE),
	CALL(capget, EPERM, EINVAL),
	CALL(capset, EPERM, EINVAL),
	CALL(chdir, EIO, EACCES),
	CALL(chroot, EPERM, ENOMEM),
	CALL(clone, EAGAIN, ENOMEM),
	CALL(clone3, EAGAIN, ENOMEM),
	CALL(close_range, EMFILE, ENOMEM),
	CALL(connect, ENOENT, EAGAIN),
	CALL(dup, EMFILE, EIO),
	CALL(dup3, EMFILE, EBUSY),
	CALL(epoll_create1, EMFILE, ENOMEM),
	CALL(epoll_ctl, ENOMEM, ENOSPC),
	CALL(epoll_pwait, EINTR, EIO),
	CALL(execve, ENOMEM, EACCES),
	CALL(faccessat, EIO, EACCES),
	CALL(faccessat2, EIO, EACCES),
	CALL(fchdir, EIO, EACCES),
	CALL(fchmod, EPERM, EIO),
	CALL(fchmodat, EPERM, EIO),
	CALL(fchown, EPERM, EIO),
	CALL(fchownat, EPERM, EIO),
	CALL(fcntl, EMFILE, EINTR),
	CALL(flock, ENOLCK, EINTR),
	CALL(fsconfig, ENOMEM, EBUSY),
	CALL(fsmount, EMFILE, EPERM),
	CALL(fsopen, EMFILE, EPERM),
	CALL(fstat, EIO, ENOMEM),
	CALL(fstatfs, EIO, ENOMEM),
	CALL(fsync, EIO, ENOSPC),
	CALL(ftruncate, EIO, ENOSPC),
	CALL(getcwd, ENOMEM, ENOENT),
	CALL(getdents64, EIO, ENOMEM),
	CALL(getsockname, ENOBUFS, ENOMEM),
	CALL(getsockopt, ENOBUFS, ENOMEM),
	CALL(inotify_add_watch, ENOSPC, ENOMEM),
	CALL(inotify_init1, EMFILE, ENOMEM),
	CALL(ioctl, EMFILE, EIO),
	CALL(kill, EPERM, EAGAIN),
	CALL(linkat, ENOSPC, EROFS),
	CALL(listmount, ENOMEM, ENOSYS),
	CALL(listns, ENOMEM, ENOSYS),
	CALL(lseek, EIO, EINVAL),
	CALL(mkdirat, ENOSPC, EROFS),
	CALL(mount, ENOMEM, EPERM),
	CALL(mount_setattr, ENOMEM, EPERM),
	CALL(move_mount, ENOMEM, EPERM),
	CALL(newfstatat, EIO, ENOMEM),
	CALL(open_tree, EMFILE, EPERM),
	CALL(openat, EMFILE, EIO),
	CALL(openat2, EMFILE, EIO),
	CALL(pidfd_getfd, EMFILE, EPERM),
	CALL(pidfd_open, EMFILE, EPERM),
	CALL(pidfd_send_signal, EPERM, EAGAIN),
	CALL(pipe2, EMFILE, ENFILE),
	CALL(pivot_root, EPERM, EBUSY),
	CALL(ppoll, EINTR, ENOMEM),
	CALL(prctl, EPERM, EINVAL),
	CALL(pread64, EIO, EINTR),
	CALL(prlimit64, EPERM, EINVAL),
	CALL(pwrite64, ENOSPC, EIO),
	CALL(read, EIO, EINTR),
	CALL(readlinkat, EIO, ENOMEM),
	CALL(recvfrom, ENOBUFS, EINTR),
	CALL(recvmmsg, ENOBUFS, EINTR),
	CALL(recvmsg, ENOBUFS, EINTR),
	CALL(renameat, ENOSPC, EIO),
	CALL(renameat2, ENOSPC, EIO),
	CALL(sched_getaffinity, EINVAL, EPERM),
	CALL(sched_setaffinity, EINVAL, EPERM),
	CALL(sendmmsg, ENOBUFS, ENOMEM),
	CALL(sendmsg, ENOBUFS, ENOMEM),
	CALL(sendto, ENOBUFS, ENOMEM),
	CALL(setdomainname, EPERM, ENOMEM),
	CALL(setfsgid, EPERM, EINVAL),
	CALL(setfsuid, EPERM, EINVAL),
	CALL(setgid, EPERM, EINVAL),
	CALL(setgroups, EPERM, ENOMEM),
	CALL(sethostname, EPERM, ENOMEM),
	CALL(setns, ENOMEM, EPERM),
	CALL(setregid, EPERM, EINVAL),
	CALL(setresgid, EPERM, EINVAL),
	CALL(setresuid, EPERM, EAGAIN),
	CALL(setreuid, EPERM, EAGAIN),
	CALL(setuid, EPERM, EAGAIN),
	CALL(setsockopt, ENOMEM, ENOBUFS),
	CALL(signalfd4, EMFILE, ENOMEM),
	CALL(socket, EMFILE, ENOBUFS),
	CALL(socketpair, EMFILE, ENOBUFS),
	CALL(statfs, EIO, ENOMEM),
	CALL(statmount, ENOMEM, ENOSYS),
	CALL(statx, EIO, ENOMEM),
	CALL(symlinkat, ENOSPC, EROFS),
	CALL(timerfd_create, EMFILE, ENOMEM),
	CALL(umount2, EBUSY, EPERM),
	CALL(unlinkat, EROFS, EIO),
	CALL(unshare, ENOSPC, ENOMEM),
	CALL(wait4, EINTR, ECHILD),
	CALL(waitid, EINTR, ECHILD),
	CALL(write, ENOSPC, EINTR),
	CALL(writev, ENOSPC, EINTR),
	ONCE(close, EIO),
	ONCE(setsid, EPERM),
	ONCE(mmap, ENOMEM),
	ONCE(mprotect, ENOMEM),
	NEVER(brk), /* the allocator takes mmap() in its place */
	NEVER(clock_gettime),
	NEVER(clock_nanosleep),
	NEVER(exit),
	NEVER(exit_group),
	NEVER(futex),
	NEVER(getegid),
	NEVER(geteuid),
	NEVER(getgid),
	NEVER(getgroups),
	NEVER(getpid),
	NEVER(getppid),
	NEVER(getrandom),
	NEVER(getresgid),
	NEVER(getresuid),
	NEVER(gettid),
	NEVER(getuid),
	NEVER(madvise),
	NEVER(mremap),
	NEVER(munmap),
	NEVER(rseq),
	NEVER(rt_sigaction),
	NEVER(rt_sigprocmask),
	NEVER(rt_sigreturn),
	NEVER(rt_sigtimedwait),
	NEVER(rt_sigsuspend),
	NEVER(sched_yield),
	NEVER(set_robust_list),
	NEVER(set_tid_address),
	NEVER(sigaltstack),
	NEVER(sysinfo),
	NEVER(tgkill),
	NEVER(umask),
	NEVER(uname),
};
#define CALLS ((int)(sizeof(calls) / sizeof(*calls)))

static struct process {
	pid_t tid;
	bool ours;    /* it is in the tool's code: the loader is through */
	bool failing; /* between the entry and the exit of the call that fails */
	int seen[CALLS];
} processes[4096];
static int process_count;

static struct {
	int process, call, n, err;
} fault = { .call = -1 };
static FILE *list;
static bool hit, lacking;
static pid_t tool;
static volatile sig_atomic_t timed_out;

static int find_call(const char *name)
{
	for (int i = 0; i < CALLS; i++) {
		if (strcmp(calls[i].name, name) == 0)
			return i;
	}
	errx(2, "no call %s in the table", name);
}

static void parse_fault(const char *word)
{
	char call[32], name[32];

	if (sscanf(word, "%d:%31[^:]:%d:%31s", &fault.process, call, &fault.n, name) != 4)
		errx(2, "%s: want PROCESS:CALL:N:ERROR", word);
	fault.call = find_call(call);
	if (strcmp(name, "KILL") == 0)
		fault.err = -1;
	for (int i = 0; i < 2; i++) {
		const struct error *e = &calls[fault.call].errors[i];

		if (e->name && strcmp(e->name, name) == 0)
			fault.err = e->err;
	}
	if (fault.err == 0)
		errx(2, "%s: not an error of this call in the table", word);
}

static struct process *process_of(pid_t tid)
{
	for (int i = process_count - 1; i >= 0; i--) {
		if (processes[i].tid == tid)
			return &processes[i];
	}
	if (process_count == sizeof(processes) / sizeof(*processes))
		errx(2, "too many processes");
	memset(&processes[process_count], 0, sizeof(*processes));
	processes[process_count].tid = tid;
	/* The first begins with the loader, those it makes are in the midst of it. */
	processes[process_count].ours = process_count > 0;
	return &processes[process_count++];
}

/* The call that a stopped process is about to make becomes none. */
static void skip_call(pid_t tid)
{
#if defined(__x86_64__)
	struct user_regs_struct regs;
	struct iovec all = { &regs, sizeof(regs) };

	ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &all);
	regs.orig_rax = -1;
	ptrace(PTRACE_SETREGSET, tid, NT_PRSTATUS, &all);
#elif defined(__aarch64__)
	int none = -1;
	struct iovec nr = { &none, sizeof(none) };

	ptrace(PTRACE_SETREGSET, tid, NT_ARM_SYSTEM_CALL, &nr);
#else
#error "how a call is skipped is known of x86-64 and arm64 alone"
#endif
}

static void set_result(pid_t tid, long value)
{
	struct user_regs_struct regs;
	struct iovec all = { &regs, sizeof(regs) };

	ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &all);
#if defined(__x86_64__)
	regs.rax = value;
#elif defined(__aarch64__)
	regs.regs[0] = value;
#endif
	ptrace(PTRACE_SETREGSET, tid, NT_PRSTATUS, &all);
}

static void write_faults(const struct process *p, int call)
{
	for (int i = 0; i < 2 && calls[call].errors[i].name; i++)
		fprintf(list, "%d:%s:%d:%s\n", (int)(p - processes), calls[call].name,
			p->seen[call], calls[call].errors[i].name);
}

static void entered(struct process *p, long nr)
{
	int call = 0;

	if (!p->ours) {
		p->ours = nr == SYS_munmap;
		return;
	}
	while (call < CALLS && calls[call].nr != nr)
		call++;
	if (call == CALLS) {
		warnx("call %ld is not in the table of tests/faults/inject.c", nr);
		lacking = true;
		return;
	}
	p->seen[call]++;
	if (list)
		write_faults(p, call);
	if (hit || call != fault.call || p - processes != fault.process || p->seen[call] != fault.n)
		return;
	hit = true;
	if (fault.err < 0) {
		kill(p->tid, SIGKILL);
		return;
	}
	p->failing = true;
	/* What is closed is closed, whatever close() says of it. */
	if (nr != SYS_close)
		skip_call(p->tid);
}

static void left(struct process *p)
{
	if (!p->failing)
		return;
	p->failing = false;
	set_result(p->tid, -fault.err);
}

/* A stop of a process; tells how it goes on. */
static void stopped(struct process *p, int status)
{
	struct __ptrace_syscall_info info;
	int signal = WSTOPSIG(status), event = status >> 16, deliver = 0;

	if (signal == (SIGTRAP | 0x80)) {
		if (ptrace(PTRACE_GET_SYSCALL_INFO, p->tid, sizeof(info), &info) > 0) {
			if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
				entered(p, info.entry.nr);
			else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
				left(p);
		}
	} else if (event == PTRACE_EVENT_EXEC && p->ours) {
		ptrace(PTRACE_DETACH, p->tid, 0, 0);
		p->tid = p->tid == tool ? p->tid : -1;
		return;
	} else if (event == PTRACE_EVENT_STOP && signal != SIGTRAP) {
		ptrace(PTRACE_LISTEN, p->tid, 0, 0);
		return;
	} else if (event == 0) {
		deliver = signal;
	}
	/* Between the entry and the exit of the call that fails there is one more stop. */
	ptrace(hit && !p->failing ? PTRACE_CONT : PTRACE_SYSCALL, p->tid, 0, deliver);
}

static void on_alarm(int signal)
{
	(void)signal;
	timed_out = 1;
}

/* Until the tool has ended; returns its status. */
static int watch(void)
{
	int status;
	pid_t tid;

	for (;;) {
		tid = waitpid(-1, &status, __WALL);
		if (tid < 0 && errno == EINTR && timed_out)
			return -1;
		if (tid < 0 && errno == EINTR)
			continue;
		if (tid < 0)
			err(2, "waitpid");
		if (WIFSTOPPED(status))
			stopped(process_of(tid), status);
		else if (tid == tool)
			return status;
	}
}

static void start(char **command, long uid)
{
	struct sigaction on = { .sa_handler = on_alarm };
	int hold[2];
	char c;

	if (pipe2(hold, O_CLOEXEC) < 0 || (tool = fork()) < 0)
		err(2, "fork");
	if (tool == 0) {
		close(hold[1]);
		if (read(hold[0], &c, 1) != 0)
			_exit(2);
		if (uid && (setgroups(0, NULL) < 0 || setresgid(uid, uid, uid) < 0 ||
			    setresuid(uid, uid, uid) < 0))
			err(2, "setresuid");
		execvp(command[0], command);
		err(2, "%s", command[0]);
	}
	if (ptrace(PTRACE_SEIZE, tool, 0,
		   PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK |
			   PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE) < 0)
		err(2, "ptrace");
	/* It stands in read(2): once it is traced by the call it goes on. */
	ptrace(PTRACE_INTERRUPT, tool, 0, 0);
	sigaction(SIGALRM, &on, NULL);
	alarm(LIMIT);
	close(hold[1]);
	close(hold[0]);
}

int main(int argc, char **argv)
{
	FILE *out = stderr;
	long uid = 0;
	int opt, status;

	while ((opt = getopt(argc, argv, "+u:l:f:o:")) != -1) {
		if (opt == 'u')
			uid = atol(optarg);
		else if (opt == 'l')
			list = fopen(optarg, "we");
		else if (opt == 'f')
			parse_fault(optarg);
		else if (opt == 'o')
			out = fopen(optarg, "we");
		else
			return 2;
	}
	if (optind == argc || !out)
		errx(2, "usage");
	start(argv + optind, uid);
	status = watch();
	if (fault.call >= 0 && !hit)
		fprintf(out, "missed ");
	if (status == -1) {
		fprintf(out, "hang\n");
		for (int i = 0; i < process_count; i++) {
			if (processes[i].tid > 0)
				kill(processes[i].tid, SIGKILL);
		}
	} else if (WIFSIGNALED(status)) {
		fprintf(out, "signal %d\n", WTERMSIG(status));
	} else {
		fprintf(out, "status %d\n", WEXITSTATUS(status));
	}
	return lacking ? 2 : 0;
}
