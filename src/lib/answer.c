/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "answer.h"
#include "fd.h"
#include "search.h"
#include "sys.h"

#define MAX_ANSWER (1U << 20) /* a group of fifty thousand members */
#define SECONDS 60	      /* directories of a network take their time */

static char answered[MAX_ANSWER];

/* Starts it with standard output on @out. Return: its PID, or -1 with errno. */
static pid_t start(const char *const argv[], int out)
{
	posix_spawn_file_actions_t actions;
	pid_t pid = -1;
	int err = posix_spawn_file_actions_init(&actions);

	if (err == 0) {
		err = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
		if (err == 0 && access("/dev/null", W_OK) == 0) /* a bare root has none */
			err = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
							       O_WRONLY, 0);
		if (err == 0)
			err = posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)argv,
					   environ);
		posix_spawn_file_actions_destroy(&actions);
	}
	errno = err == EACCES ? ENOENT : err; /* or a directory of PATH may not be searched */
	return err == 0 ? pid : -1;
}

static time_t seconds(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* All that comes from @fd until @end, less than MAX_ANSWER, in @into. Return: whether that is all; else errno. */
static bool read_until(int fd, time_t end, char *into, size_t *len)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	*len = 0;
	while (*len < MAX_ANSWER) {
		time_t now = seconds();
		int ready = now < end ? poll(&p, 1, (int)(end - now) * 1000) : 0;
		ssize_t n = ready > 0 ? read(fd, into + *len, MAX_ANSWER - *len) : -1;

		if (n == 0) {
			into[*len] = '\0';
			return true;
		}
		if (ready == 0)
			errno = ETIMEDOUT;
		if (n < 0 && errno != EINTR)
			return false;
		*len += n > 0 ? (size_t)n : 0;
	}
	errno = E2BIG;
	return false;
}

char *answer_of(const char *const argv[], size_t *len)
{
	cleanup_close int in = -1;
	int out[2], err;
	pid_t pid = -1;
	bool all;

	errno = ENOENT;
	if (!sys_can_ask() || is_set_id() || pipe2(out, O_CLOEXEC) < 0)
		return NULL;
	in = fd_above_stdio(out[0]);
	out[1] = fd_above_stdio(out[1]);
	if (in >= 0 && out[1] >= 0)
		pid = start(argv, out[1]);
	close_fd(&out[1]);
	if (pid < 0)
		return NULL;
	all = read_until(in, seconds() + SECONDS, answered, len);
	err = errno;
	kill(pid, SIGKILL); /* it has nothing to say any more, and must not keep us */
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	errno = err;
	return all ? answered : NULL;
}

/* ---- one that is waited for, and whose standard error is heard ---- */

/* The program while it runs. */
struct asked {
	pid_t pid;
	int out, err; /* our ends of its pipes, -1: at their end */
	int pidfd;    /* -1: none can be had */
	int signals;  /* to see those that would end us */
	sigset_t old_mask;
	struct sigaction old_chld;
	long long end; /* when its time is over */
	size_t said;
	bool quiet;
};

static long long milliseconds(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/*
 * What would end us waits till the program is ended, too; what is ignored or blocked does not end us. An ignored
 * SIGCHLD would take its status away.
 */
static void hold_signals(struct asked *q)
{
	static const int fatal[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	struct sigaction now, plain = { .sa_handler = SIG_DFL };
	sigset_t held;

	sigemptyset(&held);
	sigaction(SIGCHLD, &plain, &q->old_chld);
	sigprocmask(SIG_SETMASK, NULL, &q->old_mask);
	for (size_t i = 0; i < ARRAY_SIZE(fatal); i++)
		if (sigaction(fatal[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN &&
		    !sigismember(&q->old_mask, fatal[i]))
			sigaddset(&held, fatal[i]);
	sigprocmask(SIG_BLOCK, &held, NULL);
	q->signals = fd_above_stdio(signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK));
}

static void release_signals(struct asked *q)
{
	close_fd(&q->signals);
	sigaction(SIGCHLD, &q->old_chld, NULL);
	sigprocmask(SIG_SETMASK, &q->old_mask, NULL);
}

/* It gets our signal mask, but for SIGCHLD, which it may wait for. Return: 0 or errno. */
static int set_attributes(posix_spawnattr_t *attr, const struct asked *q)
{
	sigset_t mask = q->old_mask, plain;
	int err = posix_spawnattr_setflags(attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
							 POSIX_SPAWN_SETSIGDEF);

	sigdelset(&mask, SIGCHLD);
	sigemptyset(&plain);
	sigaddset(&plain, SIGCHLD);
	if (err == 0)
		err = posix_spawnattr_setpgroup(attr, 0);
	if (err == 0)
		err = posix_spawnattr_setsigmask(attr, &mask);
	return err ? err : posix_spawnattr_setsigdefault(attr, &plain);
}

/* Return: 0 or errno. */
static int set_actions(posix_spawn_file_actions_t *actions, int out, int err_end)
{
	int err = 0;

	if (access("/dev/null", R_OK) == 0) /* a bare root has none */
		err = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY,
						       0);
	if (err == 0)
		err = posix_spawn_file_actions_adddup2(actions, out, STDOUT_FILENO);
	return err ? err : posix_spawn_file_actions_adddup2(actions, err_end, STDERR_FILENO);
}

/* Return: 0 or errno. */
static int spawn(struct asked *q, const char *const argv[], int out, int err_end)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	int err = posix_spawn_file_actions_init(&actions);

	if (err)
		return err;
	err = posix_spawnattr_init(&attr);
	if (err == 0) {
		err = set_attributes(&attr, q);
		err = err ? err : set_actions(&actions, out, err_end);
		if (err == 0)
			err = posix_spawnp(&q->pid, argv[0], &actions, &attr, (char *const *)argv,
					   environ);
		posix_spawnattr_destroy(&attr);
	}
	posix_spawn_file_actions_destroy(&actions);
	return err;
}

/* A pipe that neither end of is below 3, and whose first is not waited for. */
static int make_pipe(int *ours, int *theirs)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	*ours = fd_above_stdio(ends[0]);
	*theirs = fd_above_stdio(ends[1]);
	if (*ours < 0 || *theirs < 0)
		return -1;
	return fcntl(*ours, F_SETFL, O_NONBLOCK);
}

/* Return: 0, or -1 with errno. */
static int begin(struct asked *q, const char *const argv[])
{
	cleanup_close int out = -1, err_end = -1;
	int err;

	if (make_pipe(&q->out, &out) < 0 || make_pipe(&q->err, &err_end) < 0)
		return -1;
	err = spawn(q, argv, out, err_end);
	if (err)
		return fail_with(err);
	q->pidfd = fd_above_stdio((int)syscall(SYS_pidfd_open, q->pid, 0)); /* Linux 5.3 */
	return 0;
}

/* It has ended, and can be waited for. */
static bool has_ended(const struct asked *q)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, (id_t)q->pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid;
}

/* All that is there of its answer; -1 with errno if that is too much. */
static int take_answer(struct asked *q, struct answer *a)
{
	ssize_t n = 1;

	while (q->out >= 0 && n > 0) {
		n = read(q->out, answered + a->len, MAX_ANSWER - a->len);
		a->len += n > 0 ? (size_t)n : 0;
		if (a->len == MAX_ANSWER)
			return fail_with(E2BIG);
		if (n == 0)
			close_fd(&q->out);
	}
	return 0;
}

/* Who does not read our standard error does not hold us for longer; there is room for a piece, then. */
static bool can_write(const struct asked *q)
{
	struct pollfd p = { .fd = STDERR_FILENO, .events = POLLOUT };
	long long left = q->end - milliseconds();

	return left > 0 && poll(&p, 1, (int)left) > 0 && !(p.revents & POLLNVAL);
}

/* The same of its standard error, once; with what cannot be written to ours nobody is left to be told. */
static bool take_said(struct asked *q, struct answer *a)
{
	char piece[4096];
	ssize_t n = q->err < 0 ? -1 : read(q->err, piece, sizeof(piece));
	size_t room = sizeof(a->said) - 1 - q->said, keep;

	if (n == 0)
		close_fd(&q->err);
	if (n <= 0)
		return false;
	keep = (size_t)n < room ? (size_t)n : room;
	memcpy(a->said + q->said, piece, keep);
	q->said += keep;
	a->open_line = !q->quiet && piece[n - 1] != '\n';
	return q->quiet || (can_write(q) && write(STDERR_FILENO, piece, (size_t)n) > 0);
}

/* Till it has ended; what runs on behind it, with its pipes, is not waited for. Return: 0, or -1 with errno. */
static int listen_to(struct asked *q, struct answer *a)
{
	enum { SLICE = 20 }; /* milliseconds, where the kernel does not tell of its end */
	bool ended;

	do {
		struct pollfd p[] = { { q->out, POLLIN, 0 },
				      { q->err, POLLIN, 0 },
				      { q->pidfd, POLLIN, 0 },
				      { q->signals, POLLIN, 0 } };
		long long left = q->end - milliseconds();

		if (left <= 0)
			return fail_with(ETIMEDOUT);
		if (q->pidfd < 0 && left > SLICE)
			left = SLICE;
		if (poll(p, ARRAY_SIZE(p), (int)left) < 0 && errno != EINTR)
			return -1;
		if (p[3].revents)
			return fail_with(EINTR);
		ended = has_ended(q);
		if (take_answer(q, a) < 0)
			return -1;
		while (take_said(q, a) && milliseconds() < q->end)
			;
	} while (!ended);
	return 0;
}

int answer_ask(const char *const argv[], int ms, bool quiet, struct answer *a)
{
	struct asked q = { .out = -1, .err = -1, .pidfd = -1, .end = milliseconds() + ms };
	int ret, err;

	*a = (struct answer){ .text = answered };
	q.quiet = quiet;
	if (!sys_can_ask() || is_set_id())
		return fail_with(EPERM);
	hold_signals(&q);
	ret = begin(&q, argv);
	if (ret == 0)
		ret = listen_to(&q, a);
	err = errno;
	if (ret < 0 && q.pid)
		kill(-q.pid, SIGKILL); /* not waited for yet, it keeps its number */
	while (q.pid && waitpid(q.pid, &a->status, 0) < 0 && errno == EINTR)
		;
	answered[a->len < MAX_ANSWER ? a->len : MAX_ANSWER - 1] = '\0';
	close_fd(&q.out);
	close_fd(&q.err);
	close_fd(&q.pidfd);
	release_signals(&q); /* and one that was held is the end, here */
	return ret < 0 ? fail_with(err) : 0;
}
