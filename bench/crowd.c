/* SPDX-License-Identifier: MIT */
/*
 * crowd N M - N idle processes with three descriptors each, in M namespaces (UTS and network by
 * turns), for bench/list; prints "ready" when all are there, and ends them when its standard input
 * does.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void idle(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

/* One process a namespace forks its share of the others. */
static void keeper(long share, int flag, int ready)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (unshare(flag) < 0) {
		perror("crowd: unshare");
		exit(1);
	}
	for (long i = 1; i < share; i++) {
		pid_t pid = fork();

		if (pid < 0) {
			perror("crowd: fork");
			exit(1);
		}
		if (pid == 0) {
			close(ready);
			idle();
		}
	}
	close(ready);
	idle();
}

int main(int argc, char *argv[])
{
	long n = argc > 1 ? atol(argv[1]) : 100, m = argc > 2 ? atol(argv[2]) : 10;
	int ready[2], status;
	char c;

	if (n < 1 || m < 1 || m > n || pipe(ready) < 0)
		return 2;
	for (long i = 0; i < m; i++) {
		pid_t pid = fork();

		if (pid < 0) {
			perror("crowd: fork");
			return 1;
		}
		if (pid == 0) {
			close(ready[0]);
			keeper(n / m + (i < n % m), i % 2 ? CLONE_NEWNET : CLONE_NEWUTS, ready[1]);
		}
	}
	close(ready[1]);
	if (read(ready[0], &c, 1) != 0) /* the end: each process has closed its copy */
		return 1;
	close(ready[0]);
	if (waitpid(-1, &status, WNOHANG) != 0) {
		fputs("crowd: a process has ended\n", stderr);
		return 1;
	}
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	return 0; /* and all get their death signal, from parent to child */
}
