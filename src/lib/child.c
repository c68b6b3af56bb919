/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "child.h"
#include "cli.h"
#include "sys.h"

/* ---- one byte between two processes of ours; their end is seen as end of file ---- */

static void make_pair(int pair[2])
{
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), N_("socketpair failed"));
	for (int i = 0; i < 2; i++)
		pair[i] = (int)must(sys_above_stdio(pair[i]), N_("cannot duplicate descriptor"));
}

static bool get_byte(int fd)
{
	char byte;
	ssize_t n;

	do
		n = read(fd, &byte, 1);
	while (n < 0 && errno == EINTR);
	return n == 1;
}

static bool put_byte(int fd)
{
	ssize_t n;

	do
		n = send(fd, "", 1, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n == 1;
}

static int wait_for(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 0;
	return status;
}

/* ---- helpers ---- */

static sigset_t mask_before_helper;

/*
 * Those that run. Every other process we fork lets go of them: they are to see the end of this one
 * alone.
 */
static struct helper *helpers[4];
static size_t n_helpers;

static void close_helpers(void)
{
	for (size_t i = 0; i < n_helpers; i++)
		close_fd(&helpers[i]->ctl);
}

static _Noreturn void helper_main(struct helper *h)
{
	if (!get_byte(h->ctl))
		_exit(EXIT_FAILURE);
	h->work(h->arg);
	if (put_byte(h->ctl) && (!h->stays || get_byte(h->ctl)))
		_exit(EXIT_SUCCESS);
	undo_run();
	_exit(EXIT_FAILURE);
}

/* We die: it sees the end of the socket, and undoes what it did; we wait till it has. */
static void helper_abandon(void *arg)
{
	struct helper *h = arg;

	close_fd(&h->ctl);
	wait_for(h->pid);
}

void helper_start(struct helper *h, void (*work)(void *), void *arg, bool stays)
{
	int pair[2] = { -1, -1 };
	sigset_t all;

	*h = (struct helper){ work, arg, stays, 0, -1 };
	if (n_helpers == ARRAY_SIZE(helpers))
		die(EXIT_FAILURE, E2BIG, N_("fork failed"));
	if (!sys_telling())
		make_pair(pair);
	sigfillset(&all);
	/* Ctrl-C must not end it before it has undone its work. */
	sigprocmask(SIG_BLOCK, &all, &mask_before_helper);
	h->pid = (pid_t)must(sys_fork(), N_("fork failed"));
	if (h->pid == 0) {
		sys_set_who("helper");
		close_helpers();
		close(pair[0]);
		h->ctl = pair[1];
		helper_main(h);
	}
	sigprocmask(SIG_SETMASK, &mask_before_helper, NULL);
	if (sys_telling())
		return;
	close(pair[1]);
	h->ctl = pair[0];
	helpers[n_helpers++] = h;
	undo_push(helper_abandon, h);
}

void helper_release(struct helper *h)
{
	int err, status;

	if (sys_telling()) {
		sys_set_who("helper");
		h->work(h->arg);
		sys_set_who(NULL);
		return;
	}
	err = put_byte(h->ctl) ? 0 : errno;
	if (!err && get_byte(h->ctl)) {
		if (!h->stays)
			helper_abandon(h);
		return;
	}
	close_fd(&h->ctl);
	status = wait_for(h->pid);
	if (WIFSIGNALED(status))
		die(EXIT_FAILURE, 0, N_("helper process was killed by signal %d"),
		    WTERMSIG(status));
	if (err && err != EPIPE)
		die(EXIT_FAILURE, err, N_("cannot reach the helper process"));
	undo_run();
	_exit(WEXITSTATUS(status) ? WEXITSTATUS(status) : EXIT_FAILURE);
}

void helper_keep(struct helper *h)
{
	if (h->ctl < 0)
		return;
	put_byte(h->ctl);
	helper_abandon(h);
}

/* EACCES may mean no more than a directory of PATH that we may not search. */
static _Noreturn void not_run(const char *program)
{
	char path[PATH_MAX];
	int err = errno;

	if (err == EACCES && sys_find(program, path, sizeof(path)) < 0)
		err = errno;
	die(err == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXEC, err, N_("failed to execute %s"),
	    program);
}

int child_run(char *const argv[])
{
	pid_t pid = sys_fork();
	int status;

	if (pid < 0)
		return -1;
	if (pid == 0 || sys_telling()) {
		const char *label = sys_telling() ? "helper" : NULL;

		sys_set_who(argv[0]);
		if (!sys_telling())
			sigprocmask(SIG_SETMASK, &mask_before_helper, NULL);
		if (sys_exec(argv[0], argv) < 0)
			not_run(argv[0]);
		sys_set_who(label);
		return 0;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

/* ---- the program's process ---- */

/* Signals that a supervisor sends on: all that can be caught but that of its child. */
static void forwarded_signals(sigset_t *set)
{
	sigfillset(set);
	sigdelset(set, SIGCHLD);
}

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

/* Whether the signal would end us, as it does by default. */
static bool is_default(int sig)
{
	struct sigaction act;

	return sigaction(sig, NULL, &act) == 0 && act.sa_handler == SIG_DFL;
}

/* Sets @handled and blocks it; see block_terminal_signals() for more. */
static void block_signals(struct child *c)
{
	sigemptyset(&c->handled);
	if (c->signals == SIGNALS_FORWARDED)
		forwarded_signals(&c->handled);
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
 * From now on the terminal's signals reach the child as well, and it is the child's end that counts.
 * Blocked before the fork, one that came then would be lost.
 */
static void block_terminal_signals(struct child *c)
{
	static const int ends[] = { SIGINT, SIGQUIT };

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (!sigismember(&c->old_mask, ends[i]) && is_default(ends[i]))
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
	int pair[2] = { -1, -1 };

	c->signals = signals;
	if (sys_telling())
		return;
	block_signals(c);
	if (needs & CHILD_TTY)
		c->tty = our_terminal();
	if (needs & CHILD_WATCH) {
		int fd = (int)must(syscall(SYS_pidfd_open, getpid(), 0), N_("pidfd_open failed"));

		c->parent = (int)must(sys_above_stdio(fd), N_("cannot duplicate descriptor"));
	}
	if (needs & CHILD_INIT) {
		make_pair(pair);
		c->stops = pair[0];
		c->stops_child = pair[1];
		announce(c->stops);
	}
	if (!(needs & CHILD_SYNC))
		return;
	make_pair(pair);
	c->sync = pair[0];
	c->sync_child = pair[1];
	if (signals == SIGNALS_FORWARDED)
		announce(c->sync);
}

/* Both sides of a fork. */
static pid_t forked(struct child *c, pid_t pid)
{
	c->pid = pid;
	if (pid == 0) {
		sys_set_who("child");
		close_helpers();
		close_fd(&c->sync);
		close_fd(&c->stops);
		c->sync = c->sync_child;
		c->stops = c->stops_child;
		return 0;
	}
	close_fd(&c->sync_child);
	close_fd(&c->stops_child);
	if (pid > 0 && c->signals == SIGNALS_OURS && !sys_telling())
		block_terminal_signals(c);
	return pid;
}

pid_t child_fork(struct child *c)
{
	return forked(c, sys_fork());
}

pid_t child_clone(struct child *c, struct sys_clone *how)
{
	pid_t pid = sys_clone3(how);

	if (pid > 0)
		c->pidfd = how->pidfd;
	return forked(c, pid);
}

void child_become_init(struct child *c)
{
	struct child program = CHILD_NONE;
	int status;

	program.pid = (pid_t)must(sys_fork(), N_("fork failed"));
	if (program.pid == 0 || sys_telling()) {
		sys_set_who("child");
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
	status = child_wait(&program);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

void child_follow_starter(void)
{
	static pid_t starter; /* as it was at first */

	if (!starter)
		starter = getppid();
	must(sys_pdeathsig(SIGKILL), N_("prctl failed"));
	if (!sys_telling() &&
	    getppid() != starter) { /* it died before we could ask for the signal */
		undo_run();
		_exit(EXIT_FAILURE);
	}
}

void child_await_go(struct child *c)
{
	if (c->sync >= 0 && !get_byte(c->sync))
		_exit(EXIT_FAILURE);
}

void child_die_with_parent(struct child *c, int sig)
{
	struct pollfd p = { .fd = c->parent, .events = POLLIN };

	must(sys_pdeathsig(sig), N_("prctl failed"));
	if (c->parent >= 0 && poll(&p, 1, 0) > 0)
		_exit(EXIT_FAILURE); /* it died before we could ask for the signal */
}

void child_unblock(const struct child *c)
{
	if (!sys_telling())
		sigprocmask(SIG_SETMASK, &c->old_mask, NULL);
}

void child_ready(const struct child *c)
{
	child_unblock(c);
	if (c->sync >= 0)
		put_byte(c->sync);
}

void child_exec_failed(const struct child *c)
{
	if (c->sync >= 0)
		put_byte(c->sync);
}

void child_go(struct child *c)
{
	if (c->sync >= 0)
		put_byte(c->sync); /* a child that is gone already is found by child_wait() */
}

/* Makes us the terminal's foreground process group again, from the background too. */
static void take_terminal(const struct child *c)
{
	sigset_t ttou;

	sigemptyset(&ttou);
	sigaddset(&ttou, SIGTTOU);
	sigprocmask(SIG_BLOCK, &ttou, NULL);
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

	if (c->tty < 0 || c->reaps || (pgrp > 0 && (kill(-pgrp, 0) == 0 || errno != ESRCH)))
		return;
	take_terminal(c);
}

static void send_to(const struct child *c, int sig)
{
	if (c->pidfd >= 0)
		sys_pidfd_kill(c->pidfd, c->pid, sig);
	else
		sys_kill(c->pid, sig);
}

/* Whether the program has a process group of its own, which is the terminal's foreground. */
static bool holds_terminal(const struct child *c)
{
	pid_t pgrp = getpgid(c->pid);

	return c->tty >= 0 && pgrp != getpgrp() && tcgetpgrp(c->tty) == pgrp;
}

/*
 * Whether the stop is one that a shell of ours waits for. Who stops the program by SIGSTOP alone will
 * continue it alone; unless that is a shell's suspend, at a terminal in whose foreground we are or it is;
 * or where the peer, nsenter, stops as well.
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
 * An init, which cannot stop, says it to its parent; and whether the terminal has to be taken: a shell
 * that suspends itself in a PID namespace cannot give it to those outside.
 */
static void mirror_stop(const struct child *c, int sig)
{
	bool holds = c->reaps && holds_terminal(c);

	if (!is_for_shell(c, sig))
		return;
	if (c->reaps)
		send(c->stops, &holds, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	else
		stop_too(c);
}

static void stop_as_init_says(const struct child *c)
{
	bool holds;

	if (c->stops < 0 || c->reaps || recv(c->stops, &holds, 1, MSG_DONTWAIT) != 1)
		return;
	if (holds && c->tty >= 0)
		take_terminal(c);
	stop_too(c);
}

/*
 * Waits for a change of the child's state, and mirrors a stop.
 * Return: true at its end, else false.
 */
static bool child_ended(struct child *c, int flags, int *status)
{
	pid_t pid;

	do /* an init takes whoever has ended */
		pid = waitpid(c->reaps ? -1 : c->pid, status, WUNTRACED | flags);
	while (pid > 0 && pid != c->pid);
	if (pid < 0 && errno != EINTR)
		die(EXIT_FAILURE, errno, N_("waitpid failed"));
	if (pid <= 0)
		return false;
	if (!WIFSTOPPED(*status))
		return true;
	mirror_stop(c, WSTOPSIG(*status));
	return false;
}

/*
 * What is not to be sent on: what the kernel has sent to us alone; and what the terminal sends, which
 * reaches its whole foreground process group: sending it on would double it.
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
	sigset_t set;

	sys_no_core();
	signal(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	sys_kill(getpid(), sig);
	_exit(128 + sig); /* PID 1 of a namespace does not die of its own signals */
}

/* Waits for a signal and does with it as the tool wants. */
static void handle_signal(const struct child *c)
{
	siginfo_t info;

	if (sigwaitinfo(&c->handled, &info) < 0 || info.si_signo == SIGCHLD)
		return;
	stop_as_init_says(c);
	if (is_not_for_child(c, &info))
		return;
	if (c->signals == SIGNALS_OURS)
		end_by(info.si_signo);
	send_to(c, info.si_signo);
}

static bool readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) != 0;
}

/* What is to be sent on is, while we wait for the child to say something. */
static bool get_byte_of(struct child *c)
{
	while (c->signals == SIGNALS_FORWARDED && !readable(c->sync))
		handle_signal(c);
	return get_byte(c->sync);
}

/* A byte when it is ready, the end of file at its exec; or another byte when that failed. */
bool child_started(struct child *c)
{
	if (c->sync < 0)
		return true;
	return get_byte_of(c) && !get_byte_of(c);
}

bool child_send(const struct child *c, const void *data, size_t size)
{
	return c->sync < 0 || send(c->sync, data, size, MSG_NOSIGNAL) == (ssize_t)size;
}

bool child_receive(struct child *c, void *data, size_t size)
{
	while (c->signals == SIGNALS_FORWARDED && !readable(c->sync))
		handle_signal(c);
	return recv(c->sync, data, size, MSG_WAITALL) == (ssize_t)size;
}

int child_wait(struct child *c)
{
	int flags = c->signals == SIGNALS_IGNORED ? 0 : WNOHANG;
	int status = 0;

	if (sys_telling())
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
