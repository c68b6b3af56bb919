/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "die.h"
#include "exec.h"
#include "fd.h"
#include "keeper.h"
#include "own.h"
#include "pair.h"
#include "search.h"
#include "sys.h"
#include "told.h"

enum { SECONDS = 10, MAX_SAID = 1 << 16 };

static sigset_t mask_before;

/* What the keeper has open. */
static struct {
	int starter;	 /* the socket to it, till the network is up */
	int says, ready; /* our ends */
	int end;	 /* the engine sees that of this one */
	int signals, pidfd;
} at = { -1, -1, -1, -1, -1, -1 };

static struct {
	size_t len;
	char text[MAX_SAID + 1]; /* what the engine has said; the rest is lost */
} said;

/* ---- descriptors ---- */

static void make_pipe(int *reads, int *writes)
{
	int fd[2];

	must(pipe2(fd, O_CLOEXEC), N_("pipe failed"));
	*reads = (int)must(fd_above_stdio(fd[0]), N_("cannot duplicate descriptor"));
	*writes = (int)must(fd_above_stdio(fd[1]), N_("cannot duplicate descriptor"));
}

/* Nothing else above 2 is open then: neither the caller's, nor what others of ours see the end of. */
static void keep_only(int *const fds[], int n)
{
	const int first = STDERR_FILENO + 1;

	for (int i = 0; i < n && !telling(); i++)
		*fds[i] = (int)must(fcntl(*fds[i], F_DUPFD_CLOEXEC, first + n),
				    N_("cannot duplicate descriptor"));
	for (int i = 0; i < n && !telling(); i++)
		*fds[i] = (int)must(dup3(*fds[i], first + i, O_CLOEXEC),
				    N_("cannot duplicate descriptor"));
	told_about("keeper");
	must(sys_close_range((unsigned int)(first + n), UINT_MAX), N_("close_range failed"));
}

static void drop_inherited(struct keeper *k)
{
	int *fds[3 + KEEPER_WATCHES], n = 0;

	fds[n++] = &at.starter;
	fds[n++] = &k->netns;
	if (k->userns >= 0)
		fds[n++] = &k->userns;
	for (size_t i = 0; i < k->n_watches; i++)
		fds[n++] = &k->watch[i].fd;
	keep_only(fds, n);
}

/* ---- the engine ---- */

/* A descriptor of ours becomes this one of the engine's. */
static void give(int fd, int as)
{
	must(dup2(fd, as), N_("cannot duplicate descriptor"));
}

/* pasta takes an ignored SIGPIPE for a failure. */
static void default_signals(void)
{
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void give_all(const struct keeper *k, int says, int ready, int end)
{
	int from[] = { k->netns, k->userns >= 0 ? k->userns : k->netns, says, ready, end };
	int n = ready >= 0 ? 5 : 3;

	for (int i = 0; i < n; i++) /* none is where another is to be */
		from[i] = (int)must(fcntl(from[i], F_DUPFD_CLOEXEC, 16),
				    N_("cannot duplicate descriptor"));
	for (int i = 0; i < n; i++)
		give(from[i], i);
}

static void run_engine(const struct keeper *k, pid_t keeper, const char *api, int says, int ready,
		       int end)
{
	const struct uplink *u = k->uplink;
	const char *who = told_set_who("engine");
	int err;

	told_about("engine");
	must(sys_pdeathsig(SIGKILL), N_("prctl failed"));
	if (!telling()) {
		if (getppid() != keeper)
			_exit(EXIT_FAILURE);
		setpgid(0, 0);
		default_signals();
		give_all(k, says, ready, end);
	}
	told_about("engine");
	must(sys_close_range(uplink_says_ready(u) ? UPLINK_EXIT + 1 : UPLINK_SAYS + 1, UINT_MAX),
	     N_("close_range failed"));
	told_about("engine");
	if (exec_path(u->path, uplink_argv(u, k->userns >= 0, api)) < 0) {
		err = errno;
		told_failed.type = NULL; /* it is no shell */
		die(err == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXEC, err,
		    N_("failed to execute %s"), u->path);
	}
	told_set_who(who);
}

static pid_t fork_engine(const struct keeper *k, const char *api)
{
	int says = -1, ready = -1, end = -1;
	pid_t keeper = getpid(), pid;

	if (!telling()) {
		make_pipe(&at.says, &says);
		if (uplink_says_ready(k->uplink)) {
			make_pipe(&at.ready, &ready);
			make_pipe(&end, &at.end);
		}
	}
	told_about("engine");
	pid = (pid_t)must(sys_fork(), N_("fork failed"));
	if (pid == 0 || telling()) {
		run_engine(k, keeper, api, says, ready, end);
		return pid;
	}
	close_fd(&says);
	close_fd(&ready);
	close_fd(&end);
	at.pidfd = (int)must(fd_above_stdio((int)syscall(SYS_pidfd_open, pid, 0)),
			     N_("pidfd_open failed"));
	return pid;
}

/* And what it has started, if that stays. Return: its wait status, as it was if it has ended itself. */
static int end_engine(struct keeper *k)
{
	int status;

	told_about("engine");
	sys_pidfd_kill(at.pidfd, k->engine, SIGKILL);
	if (telling())
		return 0;
	status = wait_for(k->engine);
	if (kill(-k->engine, 0) == 0)
		sys_kill(-k->engine, SIGKILL);
	k->engine = 0;
	return status;
}

static void undo_engine(void *arg)
{
	struct keeper *k = arg;

	if (k->engine)
		end_engine(k);
}

/* ---- what it says ---- */

/* A line of the text that is @word; which is taken out. */
static bool take_line(const char *word)
{
	size_t len = strlen(word);
	char *p = said.text;

	while ((p = strstr(p, word))) {
		if ((p == said.text || p[-1] == '\n') && p[len] == '\n') {
			memmove(p, p + len + 1, said.len - (size_t)(p - said.text) - len);
			said.len -= len + 1;
			return true;
		}
		p += len;
	}
	return false;
}

/* Reads what there is. Return: false at the end. */
static bool hear_engine(void)
{
	char rest[4096];
	size_t room = MAX_SAID - said.len;
	ssize_t n = room ? read(at.says, said.text + said.len, room)
			 : read(at.says, rest, sizeof(rest));

	if (n < 0)
		return errno == EINTR;
	for (size_t i = 0; room && i < (size_t)n; i++) /* or it would hide what is behind */
		if (!said.text[said.len + i])
			said.text[said.len + i] = '?';
	said.len += room ? (size_t)n : 0;
	said.text[said.len] = '\0';
	return n > 0;
}

/* What the engine has said goes where our messages go; of one that is up, only what -x has printed. */
static void pass_on(bool all)
{
	for (char *line = said.text, *end; *line; line = end) {
		end = strchrnul(line, '\n');
		end += *end == '\n';
		if (all || (tracing() && strncmp(line, "[engine] ", 9) == 0))
			fwrite(line, 1, (size_t)(end - line), stderr);
	}
	if (all && said.len && said.text[said.len - 1] != '\n')
		fputc('\n', stderr);
	fflush(stderr);
}

/* ---- till the network is up ---- */

static long long now(void)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* It has ended, and said why. */
static _Noreturn void engine_failed(struct keeper *k)
{
	const char *name = uplink_name(k->uplink);
	int status = end_engine(k);

	pass_on(true);
	if (WIFSIGNALED(status))
		die(EXIT_FAILURE, 0, N_("%s was killed by signal %d"), name, WTERMSIG(status));
	if (WEXITSTATUS(status) == EXIT_CANNOT_EXEC || WEXITSTATUS(status) == EXIT_NOT_FOUND) {
		undo_run();
		_exit(WEXITSTATUS(status)); /* it was not executed, and has said so */
	}
	warn_msg(N_("%s failed with status %d"), name, WEXITSTATUS(status));
	if (access("/dev/net/tun", R_OK | W_OK) < 0)
		hint(N_("it makes its device by /dev/net/tun, which this process may not use: %s"),
		     strerror(errno));
	die_said(EXIT_FAILURE);
}

static _Noreturn void no_answer(struct keeper *k)
{
	struct pollfd more = { .fd = at.says, .events = POLLIN };

	end_engine(k);
	while (poll(&more, 1, 0) > 0 && hear_engine())
		;
	pass_on(true);
	die(EXIT_FAILURE, 0, N_("%s has not said within %d seconds that the network is up"),
	    uplink_name(k->uplink), SECONDS);
}

/* Whether one of what is watched says that this is the end. */
static bool is_over(const struct keeper *k, const struct pollfd *polled)
{
	for (size_t i = 0; i < k->n_watches; i++) {
		const struct keeper_watch *w = &k->watch[i];

		if (polled[i].revents && (!w->over || w->over(w->arg)))
			return true;
	}
	return false;
}

enum { POLL_SAYS = KEEPER_WATCHES, POLL_SIGNALS, POLL_READY, POLL_STARTER, N_POLLED };

static int poll_all(const struct keeper *k, struct pollfd polled[N_POLLED], int timeout)
{
	const int ours[] = { at.says, at.signals, at.ready, at.starter };

	for (int i = 0; i < N_POLLED; i++)
		polled[i] = (struct pollfd){ .fd = -1, .events = POLLIN };
	for (size_t i = 0; i < k->n_watches; i++)
		polled[i].fd = k->watch[i].fd;
	for (size_t i = 0; i < ARRAY_SIZE(ours); i++)
		polled[POLL_SAYS + i].fd = ours[i];
	return poll(polled, N_POLLED, timeout);
}

static bool is_ready(const struct keeper *k, const struct pollfd *polled)
{
	char word[16];

	if (polled[POLL_READY].revents) {
		ssize_t n = read(at.ready, word, 1);

		if (n <= 0)
			close_fd(&at.ready); /* it has ended, which we see at the other one */
		return n > 0;
	}
	snprintf(word, sizeof(word), "%d", k->engine);
	return !uplink_says_ready(k->uplink) && take_line(word);
}

static void await_ready(struct keeper *k)
{
	long long end = now() + SECONDS * 1000, left;
	struct pollfd polled[N_POLLED];

	while ((left = end - now()) > 0) {
		if (poll_all(k, polled, (int)left) <= 0)
			continue;
		if (polled[POLL_SAYS].revents && !hear_engine())
			engine_failed(k);
		if (is_ready(k, polled)) {
			pass_on(false);
			return;
		}
		if (polled[POLL_SIGNALS].revents || polled[POLL_STARTER].revents ||
		    is_over(k, polled)) {
			undo_run();
			_exit(EXIT_FAILURE); /* nobody waits for it any more */
		}
	}
	no_answer(k);
}

/* ---- ports by a socket ---- */

static char api_dir[64], api_path[80];

/* Once: the name may be another's afterwards. */
static void remove_api(void *arg)
{
	if (!*api_dir)
		return;
	told_about("api");
	sys_unlink(api_path);
	told_about("api");
	sys_rmdir(api_dir);
	*api_dir = '\0';
}

/* In a directory that nobody else can look into. */
static void make_api_dir(void)
{
	static const char *const places[] = { "/run", "/tmp" };
	const char *own = is_set_id() ? NULL : getenv("XDG_RUNTIME_DIR");
	const char *place = own && *own == '/' && strlen(own) < 32 && access(own, W_OK) == 0
				    ? own
				    : places[access(places[0], W_OK) < 0];
	int ret = -1;

	for (int i = 0; ret < 0 && i < 100; i++) {
		snprintf(api_dir, sizeof(api_dir), "%s/.xns-uplink-%d.%d", place, getpid(), i);
		told_about("api");
		ret = sys_mkdir(api_dir, 0700);
		if (ret < 0 && errno != EEXIST)
			break;
	}
	must(ret, N_("cannot make %s"), api_dir);
	snprintf(api_path, sizeof(api_path), "%s/api", api_dir);
}

static int connect_api(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = fd_above_stdio(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
	const struct timeval limit = { SECONDS, 0 };

	must(fd, N_("cannot reach %s"), api_path);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", api_path);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	must(connect(fd, (struct sockaddr *)&address, sizeof(address)), N_("cannot reach %s"),
	     api_path);
	return fd;
}

static void forward_port(const struct keeper *k, const struct uplink_port *p)
{
	cleanup_close int fd = connect_api();
	char text[1024];
	ssize_t n;

	snprintf(
		text, sizeof(text),
		"{\"execute\":\"add_hostfwd\",\"arguments\":{\"proto\":\"%s\",\"host_addr\":\"%s\","
		"\"host_port\":%d,\"guest_port\":%d}}",
		p->udp ? "udp" : "tcp", *p->address ? p->address : "0.0.0.0", p->outer, p->inner);
	if (!say(fd, text, strlen(text)) || shutdown(fd, SHUT_WR) < 0)
		die(EXIT_FAILURE, errno, N_("cannot reach %s"), api_path);
	n = must(hear(fd, text, sizeof(text) - 1, 0), N_("cannot reach %s"), api_path);
	text[n] = '\0';
	if (!strstr(text, "\"return\"")) {
		warn_msg(N_("--port '%s': %s cannot forward it"), p->word, uplink_name(k->uplink));
		fprintf(stderr, "%s%s", text, n && text[n - 1] == '\n' ? "" : "\n");
		die_said(EXIT_FAILURE);
	}
}

/* ---- the process ---- */

static void handle_signals(void)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	at.signals =
		(int)must(fd_above_stdio(signalfd(-1, &ends, SFD_CLOEXEC)), N_("signalfd failed"));
}

/* Whoever reads what the caller writes is to see its end. */
static void leave_stdio(void)
{
	fflush(stderr);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		dup3(at.says, fd, O_CLOEXEC);
}

/* Till it is over. */
static void keep(struct keeper *k)
{
	struct pollfd polled[N_POLLED];

	close_fd(&at.ready);
	at.ready = at.pidfd; /* what it says now is that it has ended */
	do {
		if (poll_all(k, polled, -1) <= 0)
			continue;
		said.len = 0;
		if (polled[POLL_SAYS].revents && !hear_engine())
			close_fd(&at.says);
	} while (!polled[POLL_READY].revents && !polled[POLL_SIGNALS].revents &&
		 !is_over(k, polled));
}

static void bring_up(struct keeper *k)
{
	const struct uplink *u = k->uplink;

	if (uplink_wants_api(u)) {
		make_api_dir();
		undo_push(remove_api, NULL);
	}
	k->engine = fork_engine(k, uplink_wants_api(u) ? api_path : NULL);
	if (telling()) {
		told_note(
			"%d stands for the PID of %s; its network is up before anything else is done",
			k->engine, uplink_name(u));
	} else {
		undo_push(undo_engine, k);
		await_ready(k);
	}
	for (size_t i = 0; uplink_wants_api(u) && i < u->n_ports && !telling(); i++)
		forward_port(k, &u->port[i]);
	if (uplink_wants_api(u))
		remove_api(NULL);
}

static void run_keeper(struct keeper *k)
{
	drop_inherited(k);
	told_about("keeper");
	must(sys_setsid(), N_("setsid failed"));
	told_about("keeper");
	must(sys_chdir("/"), N_("cannot change directory to %s"), "/");
	if (!telling())
		handle_signals();
	bring_up(k);
	if (telling()) {
		told_note("this process waits till what it is for has ended");
		end_engine(k);
		return;
	}
	if (!say(at.starter, &k->engine, sizeof(k->engine))) {
		undo_run();
		_exit(EXIT_FAILURE);
	}
	close_fd(&at.starter);
	leave_stdio();
	keep(k);
	end_engine(k);
	if (k->at_end)
		k->at_end(k->arg);
	_exit(EXIT_SUCCESS);
}

/* ---- who starts it ---- */

static void stop_keeper(void *arg)
{
	struct keeper *k = arg;

	sys_kill(k->pid, SIGTERM);
	wait_for(k->pid);
}

static _Noreturn void keeper_failed(const struct keeper *k)
{
	int status = (int)must(wait_for(k->pid), N_("waitpid failed"));

	if (WIFSIGNALED(status))
		die(EXIT_FAILURE, 0, N_("helper process was killed by signal %d"),
		    WTERMSIG(status));
	undo_run(); /* it has said why */
	_exit(WEXITSTATUS(status) ? WEXITSTATUS(status) : EXIT_FAILURE);
}

void keeper_start(struct keeper *k)
{
	cleanup_close int ours = -1;
	sigset_t all;

	if (!telling())
		make_pair(&ours, &at.starter);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &mask_before);
	told_about("keeper");
	k->pid = (pid_t)must(sys_fork(), N_("fork failed"));
	if (k->pid == 0 || telling()) {
		const char *who = told_set_who("keeper");

		run_keeper(k);
		told_set_who(who);
	}
	sigprocmask(SIG_SETMASK, &mask_before, NULL);
	close_fd(&at.starter);
	if (telling())
		return;
	if (hear(ours, &k->engine, sizeof(k->engine), 0) != sizeof(k->engine))
		keeper_failed(k);
	undo_push(stop_keeper, k);
}
