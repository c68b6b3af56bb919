/* SPDX-License-Identifier: MIT */
/*
 * crowd N M - N idle processes with three descriptors each, in M namespaces (UTS and network by
 * turns), for bench/list. Like services they are orphans, whose parent is the first process. Prints
 * "ready" when all are there; they end when its standard input does.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* Waits, with /dev/null as 0 and 1 and @end as 2, till nobody can write to @end any more. */
static void idle(int end)
{
	char c;

	dup2(end, 2);
	syscall(SYS_close_range, 3, ~0U, 0);
	while (read(2, &c, 1) > 0)
		;
	_exit(0);
}

/* One process a namespace starts its share of the others, and ends. */
static void start_share(long share, int flag, int end, int write_end)
{
	close(write_end);
	if (unshare(flag) < 0)
		fail("crowd: unshare");
	for (long i = 0; i < share; i++) {
		pid_t pid = fork();

		if (pid < 0)
			fail("crowd: fork");
		if (pid == 0)
			idle(end);
	}
	_exit(0);
}

int main(int argc, char *argv[])
{
	long n = argc > 1 ? atol(argv[1]) : 100, m = argc > 2 ? atol(argv[2]) : 10;
	int end[2], out = dup(1), null = open("/dev/null", O_RDWR), status;
	char c;

	if (n < 1 || m < 1 || m > n || out < 0 || null < 0 || pipe(end) < 0)
		return 2;
	dup2(null, 1);
	for (long i = 0; i < m; i++) {
		pid_t pid = fork();

		if (pid < 0)
			fail("crowd: fork");
		if (pid == 0) {
			dup2(null, 0);
			start_share(n / m + (i < n % m), i % 2 ? CLONE_NEWNET : CLONE_NEWUTS, end[0], end[1]);
		}
		if (waitpid(pid, &status, 0) < 0 || status != 0)
			return 1;
	}
	dprintf(out, "ready\n");
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	return 0;
}
