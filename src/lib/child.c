/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "child.h"
#include "cli.h"
#include "compat.h"
#include "fd.h"
#include "helper.h"
#include "pair.h"
#include "readall.h"
#include "sys.h"
#include "told.h"

/*
 * Theory of operation: who forks, and what each process sees.
 *
 *   tool     what was started. Blocks the signals that it handles, and forks the child: where it
 *            has to be outside (--clone), or to wait; or where the program has to be a child, for a
 *            PID namespace is that of children. From then on it hears the child at the socket, and
 *            signals by sigwaitinfo(2), in one place.
 *   child    has the tool's namespaces, descriptors and mask. It lets go of what is to see the end
 *            of the tool alone (helpers' sockets, the tool's ends), waits for child_go() where
 *            something is done for it from outside, restores the mask, and is the program.
 *   init     the child of --init, PID 1 of the PID namespace: it forks the program, because the
 *            kernel drops what a PID 1 does not handle, and because somebody has to reap. It sees
 *            the signals that the tool sends on, and every process that ends in there.
 *   helper   is forked before all of these (helper.h), while the tool still is who it was.
 *
 * In this order, because a signal that comes between the fork and the handling of it would be lost,
 * or would end the tool alone; and because /proc may be another one as soon as the child has run.
 *
 * Should:
 * - each waits for another at a socket whose far end the other one alone holds: its death is the
 *   end of the file;
 * - what must not be lost for a send(2) that fails stand in the page they share; the socket only
 *   wakes up;
 * - whoever cannot be told, or heard, be ended and waited for: nothing goes on without what it
 *   waits for.
 *
 * Mustn't:
 * - a signal end the waiting tool before its child has it;
 * - a byte, a descriptor or a mask of ours reach the program;
 * - a stop be mirrored that no shell of ours waits for: who stops the program will continue it.
 */

/* What the two have in common, besides the socket. */
static struct {
	atomic_bool ready; /* the child has but to execute the program; and it has not failed to */
	atomic_bool first; /* the child is PID 1 of a PID namespace */
} * shared;

/* ---- the program's process ---- */

/* What the kernel means for the process itself, when it is the kernel that sends it. */
static bool is_own(int sig)
{
	static const int own[] = { SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,  SIGTRAP, SIGSYS,
				   SIGABRT, SIGPIPE, SIGTTIN, SIGTTOU, SIGIO };

	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		if (sig == own[i])
			return true;
	return false;
}

static void mask(int how, int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(how, &set, NULL);
}

/* Sets @handled and blocks it; see block_terminal_signals() for more. */
static void block_signals(struct child *c)
{
	sigemptyset(&c->handled);
	if (c->signals == SIGNALS_FORWARDED)
		sigfillset(&c->handled);
	if (c->signals == SIGNALS_IGNORED) {
		sigaddset(&c->handled, SIGINT);
		sigaddset(&c->handled, SIGTERM);
	} else {
		sigaddset(&c->handled, SIGCHLD);
	}
	sigprocmask(SIG_BLOCK, NULL, &c->old_mask);
	sigprocmask(SIG_BLOCK, &c->handled, NULL);
}

/*
 * From now on the terminal's signals reach the child as well, and it is the child's end that
 * counts. Blocked before the fork, one that came then would be lost.
 */
static void block_terminal_signals(struct child *c)
{
	static const int ends[] = { SIGINT, SIGQUIT };
	struct sigaction act;

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (!sigismember(&c->old_mask, ends[i]) && sigaction(ends[i], NULL, &act) == 0 &&
		    act.sa_handler == SIG_DFL)
			sigaddset(&c->handled, ends[i]);
	sigprocmask(SIG_BLOCK, &c->handled, NULL);
}

/* The first of stdin, stdout and stderr that is a terminal in whose foreground we are. */
static int our_terminal(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (tcgetpgrp(fd) == getpgrp())
			return fd;
	return -1;
}

/* SIGIO says when there is something to read, so that waiting for signals is all the waiting. */
static void announce(int fd)
{
	must(fcntl(fd, F_SETOWN, getpid()), N_("cannot be told of the child"));
	must(fcntl(fd, F_SETFL, O_ASYNC), N_("cannot be told of the child"));
}

void child_prepare(struct child *c, enum child_signals signals, int needs)
{
	c->signals = signals;
	if (telling())
		return;
	block_signals(c);
	if (needs & CHILD_TTY)
		c->tty = our_terminal();
	if (needs & CHILD_SYNC || signals == SIGNALS_FORWARDED)
		shared = share(sizeof(*shared));
	if (signals == SIGNALS_FORWARDED && !(needs & CHILD_INIT) && sys_proc_is_ours())
		c->proc = open_dir("/proc");
	if (c->autokill && signals == SIGNALS_FORWARDED)
		c->pending = (int)must(fd_above_stdio(signalfd(-1, &c->handled, SFD_CLOEXEC)),
				       N_("cannot be told of the child"));
	if (needs & CHILD_WATCH &&
	    !c->autokill) /* not by a pidfd: filters refuse it, and this costs no more */
		make_pair(&c->alive, &c->parent);
	if (needs & CHILD_INIT) {
		make_pair(&c->stops, &c->stops_child);
		announce(c->stops);
	}
	if (!(needs & CHILD_SYNC))
		return;
	make_pair(&c->sync, &c->sync_child);
	if (signals == SIGNALS_FORWARDED)
		announce(c->sync);
}

/* Both sides of a fork. */
static pid_t forked(struct child *c, pid_t pid)
{
	c->pid = pid;
	if (pid == 0) {
		told_set_who("child");
		helper_let_go();
		close_fd(&c->sync);
		close_fd(&c->stops);
		close_fd(&c->alive);
		close_fd(&c->proc);
		close_fd(&c->pending);
		c->sync = c->sync_child;
		c->stops = c->stops_child;
		if (shared)
			shared->first = getpid() == 1;
		return 0;
	}
	close_fd(&c->parent);
	close_fd(&c->sync_child);
	close_fd(&c->stops_child);
	if (pid > 0 && c->signals == SIGNALS_OURS && !telling())
		block_terminal_signals(c);
	return pid;
}

void child_autokill(struct child *c, bool no_new_privs)
{
	c->autokill = sys_autokill(no_new_privs);
}

pid_t child_fork(struct child *c)
{
	return forked(c, sys_fork());
}

pid_t child_clone(struct child *c, struct sys_clone *how)
{
	pid_t pid;

	how->autokill = c->autokill;
	pid = sys_clone3(how);
	if (pid > 0)
		c->pidfd = how->pidfd;
	return forked(c, pid);
}

void child_become_init(struct child *c)
{
	struct child program = CHILD_NONE;
	pid_t init = getpid();

	told_about("init");
	program.pid = (pid_t)must(sys_fork(), N_("fork failed"));
	if (program.pid == 0 || telling()) {
		told_set_who("child");
		undo_take(init);
		close_fd(&c->stops);
		return;
	}
	close_fd(&c->sync);
	close_fd(&c->parent);
	program.signals = SIGNALS_FORWARDED;
	program.handled = c->handled;
	program.stops = c->stops;
	program.tty = c->tty;
	program.reaps = true;
	int status = child_wait(&program);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

void child_follow_starter(void)
{
	static pid_t starter; /* as it was at first */

	if (!starter)
		starter = getppid();
	must(sys_pdeathsig(SIGKILL), N_("prctl failed"));
	if (!telling() && getppid() != starter) { /* it died before we could ask for the signal */
		undo_run();
		_exit(EXIT_FAILURE);
	}
}

/* In the child. Without a message where the parent is gone. */
static _Noreturn void child_alone(int err)
{
	if (err != EPIPE)
		die(EXIT_FAILURE, err, N_("the child process cannot reach %s"),
		    program_invocation_short_name);
	undo_run();
	_exit(EXIT_FAILURE);
}

void child_await_go(struct child *c)
{
	if (c->sync >= 0 && !get_byte(c->sync))
		child_alone(errno);
}

void child_die_with_parent(const struct child *c, int sig)
{
	char byte;

	if (c->autokill)
		return;
	must(sys_pdeathsig(sig), N_("prctl failed"));
	if (c->parent < 0)
		return;
	/* nobody writes there: it is the end of the file, or EAGAIN */
	if (hear(c->parent, &byte, 1, MSG_DONTWAIT) == 0)
		_exit(EXIT_FAILURE); /* it died before we could ask for the signal */
	if (errno != EAGAIN)
		child_alone(errno);
}

void child_unblock(const struct child *c)
{
	if (!telling())
		sigprocmask(SIG_SETMASK, &c->old_mask, NULL);
}

void child_ready(const struct child *c)
{
	child_unblock(c);
	if (c->sync >= 0)
		shared->ready = true;
}

void child_exec_failed(const struct child *c)
{
	if (c->sync >= 0)
		shared->ready = false;
}

/* Makes us the terminal's foreground process group again, from the background too. */
static void take_terminal(const struct child *c)
{
	mask(SIG_BLOCK, SIGTTOU);
	sys_foreground(c->tty, getpgrp());
}

/*
 * An interactive shell gives the terminal back when it ends; in a PID namespace it cannot name
 * those outside, and leaves it to a process group that is gone. A group that lives has it by right:
 * our shell's, if we are in the background.
 */
static void give_back_terminal(const struct child *c)
{
	pid_t pgrp = c->tty < 0 ? -1 : tcgetpgrp(c->tty);

	if (c->tty >= 0 && !c->reaps && (pgrp <= 0 || (kill(-pgrp, 0) < 0 && errno == ESRCH)))
		take_terminal(c);
}

static void send_to(const struct child *c, int sig)
{
	if (c->pidfd >= 0)
		sys_pidfd_kill(c->pidfd, c->pid, sig);
	else
		sys_kill(c->pid, sig);
}

/* waitpid(2) of the child, or of whoever has ended; where the kernel has reaped it, how it ended. */
static pid_t wait_child(const struct child *c, int *status, int flags)
{
	pid_t pid = waitpid(c->reaps ? -1 : c->pid, status, flags | (c->autokill ? __WALL : 0));

	if (pid >= 0 || errno != ECHILD || !c->autokill)
		return pid;
	*status = sys_end_of(c->pidfd);
	return *status < 0 ? -1 : c->pid;
}

/* It waits for what we cannot tell it, or says what we cannot hear: it is not left behind. */
static _Noreturn void give_up(struct child *c, int err)
{
	close_fd(&c->sync);
	send_to(c, SIGKILL);
	if (c->autokill)
		sys_end_of(c->pidfd);
	else
		wait_for(c->pid);
	die(EXIT_FAILURE, err, N_("cannot reach the child process"));
}

void child_go(struct child *c)
{
	/* a child that is gone already is found by child_wait() */
	if (c->sync >= 0 && !put_byte(c->sync) && errno != EPIPE)
		give_up(c, errno);
}

void child_dismiss(void *child)
{
	struct child *c = child;
	char byte;

	if (c->sync < 0)
		return;
	shutdown(c->sync, SHUT_WR);
	while (hear(c->sync, &byte, 1, 0) > 0)
		;
}

/* Whether the program has a process group of its own, which is the terminal's foreground. */
static bool holds_terminal(const struct child *c)
{
	pid_t pgrp = getpgid(c->pid);

	return c->tty >= 0 && pgrp != getpgrp() && tcgetpgrp(c->tty) == pgrp;
}

/*
 * Whether the stop is one that a shell of ours waits for. Who stops the program by SIGSTOP alone
 * will continue it alone; unless that is a shell's suspend, at a terminal in whose foreground we
 * are or it is; or where the peer, nsenter, stops as well.
 */
static bool is_for_shell(const struct child *c, int sig)
{
	if (sig != SIGSTOP || c->signals == SIGNALS_OURS || our_terminal() >= 0)
		return true;
	return c->reaps && holds_terminal(c);
}

/* We stop as the program has, and continue it when we are continued. */
static void stop_too(const struct child *c)
{
	sys_kill(getpid(), SIGSTOP);
	send_to(c, SIGCONT);
}

/*
 * An init, which cannot stop, says it to its parent; and whether the terminal has to be taken: a
 * shell that suspends itself in a PID namespace cannot give it to those outside.
 */
static void mirror_stop(const struct child *c, int sig)
{
	bool holds = c->reaps && holds_terminal(c);

	if (!is_for_shell(c, sig))
		return;
	if (c->reaps)
		say(c->stops, &holds, 1);
	else
		stop_too(c);
}

static void stop_as_init_says(const struct child *c)
{
	bool holds;

	if (c->stops < 0 || c->reaps || hear(c->stops, &holds, 1, MSG_DONTWAIT) != 1)
		return;
	if (holds && c->tty >= 0)
		take_terminal(c);
	stop_too(c);
}

/*
 * Waits for a change of the child's state, and mirrors a stop. Return: true at its end, else false.
 */
static bool child_ended(struct child *c, int flags, int *status)
{
	int tries = 0;
	pid_t pid;

	do /* an init takes whoever has ended */
		pid = wait_child(c, status, WUNTRACED | flags);
	while ((pid > 0 && pid != c->pid) || (pid < 0 && try_again(&tries)));
	if (must(pid, N_("waitpid failed")) == 0)
		return false;
	if (!WIFSTOPPED(*status))
		return true;
	mirror_stop(c, WSTOPSIG(*status));
	return false;
}

/*
 * What is not to be sent on: what the kernel has sent to us alone; and what the terminal sends,
 * which reaches its whole foreground process group: sending it on would double it.
 */
static bool is_not_for_child(const struct child *c, const siginfo_t *info)
{
	if (info->si_code <= 0) /* it comes from a process: from us if nobody reads what we write */
		return info->si_signo == SIGPIPE && info->si_pid == getpid();
	switch (info->si_signo) {
	case SIGHUP:
	case SIGCONT:
		if (getsid(0) ==
		    getpid()) /* a terminal that hangs up tells its session leader alone */
			return false;
		/* fall through */
	case SIGINT:
	case SIGQUIT:
	case SIGTSTP:
	case SIGWINCH:
		return info->si_code == SI_KERNEL && getpgid(c->pid) == getpgrp();
	default:
		return is_own(info->si_signo);
	}
}

/* Dies of @sig, without a core. */
static _Noreturn void end_by(int sig)
{
	sys_no_core();
	signal(sig, SIG_DFL);
	mask(SIG_UNBLOCK, sig);
	sys_kill(getpid(), sig);
	_exit(128 + sig); /* PID 1 of a namespace does not die of its own signals */
}

/* ---- a program that is PID 1 ---- */

/* Whether the mask @name of @status, of /proc, has the signal. */
static bool mask_has(const char *status, const char *name, int sig)
{
	const char *mask = strstr(status, name);

	return mask && strtoull(mask + strlen(name), NULL, 16) >> (sig - 1) & 1;
}

/*
 * What it neither handles nor blocks is dropped by the kernel, as PID 1 is not to die of it. Where
 * /proc is not ours, and does not tell, we take it that it is so.
 */
static bool is_dropped(const struct child *c, int sig)
{
	char path[32], text[8192] = "";

	if (c->signals != SIGNALS_FORWARDED || c->reaps || c->stops >= 0 || !shared->first)
		return false;
	snprintf(path, sizeof(path), "%d", getpid());
	if (c->proc < 0 || readlinkat(c->proc, "self", text, sizeof(text) - 1) < 0 ||
	    strcmp(text, path) != 0)
		return true;
	snprintf(path, sizeof(path), "%d/status", c->pid);
	cleanup_close int fd =
		fd_above_stdio(openat(c->proc, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC));
	if (fd < 0 || read_text(fd, text, sizeof(text)) < 0)
		return true;
	return !mask_has(text, "\nSigBlk:", sig) && !mask_has(text, "\nSigIgn:", sig) &&
	       !mask_has(text, "\nSigCgt:", sig);
}

/*
 * The signal would stop another program, and us with it if we did not wait for signals. PID 1 can
 * be stopped by SIGSTOP alone, from outside; we stop by the signal itself, so that the kernel still
 * decides that a process group that nobody could continue is not stopped.
 */
static void stop_both(const struct child *c, int sig)
{
	struct sigaction by_default = { .sa_handler = SIG_DFL }, old;

	send_to(c, SIGSTOP);
	sigaction(sig, &by_default, &old);
	sys_kill(getpid(), sig);
	mask(SIG_UNBLOCK, sig);
	mask(SIG_BLOCK, sig); /* continued */
	sigaction(sig, &old, NULL);
	send_to(c, SIGCONT);
}

/* Return: whether that is all there is to do with the signal. */
static bool is_for_first(const struct child *c, int sig)
{
	static const char msg[] =
		"SIG%s is dropped: the program is PID 1 and does not handle it; xunshare --init sends it on";

	if (!is_dropped(c, sig))
		return false;
	switch (sig) {
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
		stop_both(c, sig);
		return true;
	case SIGCONT:
	case SIGWINCH:
	case SIGURG:
		return false;
	default:
		if (sigabbrev_np(sig))
			told_note(msg, sigabbrev_np(sig));
		return false;
	}
}

/* No signal says that a child has ended that the kernel reaps. Return: false: it has. */
static bool signal_comes(const struct child *c)
{
	struct pollfd p[] = { { .fd = c->pending, .events = POLLIN },
			      { .fd = c->pidfd, .events = POLLIN } };

	return c->pending < 0 || poll(p, ARRAY_SIZE(p), -1) < 0 || !p[1].revents;
}

/* Waits for a signal and does with it as the tool wants. */
static void handle_signal(const struct child *c)
{
	siginfo_t info;

	if (!signal_comes(c))
		return;
	if (sigwaitinfo(&c->handled, &info) < 0) {
		nap();
		return;
	}
	if (info.si_signo == SIGCHLD)
		return;
	stop_as_init_says(c);
	if (is_for_first(c, info.si_signo) || is_not_for_child(c, &info))
		return;
	if (c->signals == SIGNALS_OURS)
		end_by(info.si_signo);
	send_to(c, info.si_signo);
}

static bool readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int n, tries = 0;

	do
		n = poll(&p, 1, 0);
	while (n < 0 && try_again(&tries));
	return n != 0;
}

/* What is to be sent on is, while we wait for the child to say something. */
static ssize_t hear_child(struct child *c, void *data, size_t size)
{
	while (c->signals == SIGNALS_FORWARDED && !readable(c->sync))
		handle_signal(c);
	ssize_t n = hear(c->sync, data, size, 0);
	if (n < 0)
		give_up(c, errno);
	return n;
}

/* The end of the file is the child's exec, or its own end. */
bool child_started(struct child *c)
{
	char byte;

	if (c->sync < 0)
		return true;
	while (hear_child(c, &byte, 1) > 0)
		;
	return shared->ready;
}

void child_send(const struct child *c, const void *data, size_t size)
{
	if (c->sync >= 0 && !say(c->sync, data, size))
		child_alone(errno);
}

bool child_receive(struct child *c, void *data, size_t size)
{
	return hear_child(c, data, size) == (ssize_t)size;
}

int child_wait(struct child *c)
{
	int flags = c->signals == SIGNALS_IGNORED ? 0 : WNOHANG;
	int status = 0;

	if (telling())
		return 0;
	while (!child_ended(c, flags, &status))
		if (flags)
			handle_signal(c);
	give_back_terminal(c);
	return status;
}

void child_end_as(int status)
{
	if (WIFEXITED(status))
		_exit(WEXITSTATUS(status));
	end_by(WTERMSIG(status));
}
