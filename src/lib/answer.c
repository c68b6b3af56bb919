/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>

#include "answer.h"
#include "fd.h"
#include "search.h"
#include "sys.h"

#define MAX_ANSWER (1U << 20) /* a group of fifty thousand members */
#define SECONDS 60	      /* directories of a network take their time */

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

/* All that comes from @fd until @end, less than MAX_ANSWER, in @text. Return: whether that is all; else errno. */
static bool read_until(int fd, time_t end, char *text, size_t *len)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	*len = 0;
	while (*len < MAX_ANSWER) {
		time_t now = seconds();
		int ready = now < end ? poll(&p, 1, (int)(end - now) * 1000) : 0;
		ssize_t n = ready > 0 ? read(fd, text + *len, MAX_ANSWER - *len) : -1;

		if (n == 0) {
			text[*len] = '\0';
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
	static char text[MAX_ANSWER];
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
	all = read_until(in, seconds() + SECONDS, text, len);
	err = errno;
	kill(pid, SIGKILL); /* it has nothing to say any more, and must not keep us */
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	errno = err;
	return all ? text : NULL;
}
