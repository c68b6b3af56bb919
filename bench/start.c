/* SPDX-License-Identifier: MIT */
/*
 * start ROUNDS COMMAND... - how long each COMMAND takes from its start to its end, in nanoseconds.
 *
 * A COMMAND is one word, split at spaces. Each round starts every command once, in an order shuffled anew, so
 * that none always follows the same other one. A tenth as many rounds are run before, unmeasured.
 * Prints a line a command: MEDIAN MINIMUM COMMAND. What the commands print is dropped.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_WORDS 48

extern char **environ;
static posix_spawn_file_actions_t quiet; /* what a command prints goes nowhere */

struct command {
	char **place; /* in the argument vector */
	char *argv[MAX_WORDS + 1];
	long long *ns;
};

static void *get_memory(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		err(1, "calloc");
	return p;
}

static void split(struct command *c, char **place)
{
	char *copy = get_memory(strlen(*place) + 1), *save;
	int n = 0;

	strcpy(copy, *place);
	c->place = place;
	for (char *word = strtok_r(copy, " ", &save); word && n < MAX_WORDS;
	     word = strtok_r(NULL, " ", &save))
		c->argv[n++] = word;
	if (n == 0)
		errx(1, "an empty command");
}

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* One start, by vfork and exec, to the end. */
static long long run(const struct command *c)
{
	long long begin = now();
	int status;
	pid_t pid;

	if (posix_spawn(&pid, c->argv[0], &quiet, NULL, c->argv, environ) != 0)
		errx(1, "cannot start %s", *c->place);
	if (waitpid(pid, &status, 0) < 0 || status != 0)
		errx(1, "%s: wait status %#x", *c->place, status);
	return now() - begin;
}

static void shuffle(struct command *commands, int n)
{
	for (int i = n - 1; i > 0; i--) {
		int j = rand() % (i + 1);
		struct command swap = commands[i];

		commands[i] = commands[j];
		commands[j] = swap;
	}
}

static int compare_place(const void *a, const void *b)
{
	const struct command *x = a, *y = b;

	return (x->place > y->place) - (x->place < y->place);
}

static int compare(const void *a, const void *b)
{
	long long x = *(const long long *)a, y = *(const long long *)b;

	return (x > y) - (x < y);
}

int main(int argc, char *argv[])
{
	int rounds = argc > 2 ? atoi(argv[1]) : 0;
	int n = argc - 2;
	struct command *commands;

	if (rounds < 1)
		errx(1, "usage: start ROUNDS COMMAND...");
	if (posix_spawn_file_actions_init(&quiet) != 0 ||
	    posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) != 0)
		errx(1, "posix_spawn_file_actions");
	commands = get_memory((size_t)n * sizeof(*commands));
	for (int i = 0; i < n; i++) {
		split(&commands[i], &argv[i + 2]);
		commands[i].ns = get_memory((size_t)rounds * sizeof(long long));
	}
	for (int round = -rounds / 10; round < rounds; round++) {
		shuffle(commands, n);
		for (int i = 0; i < n; i++) {
			long long ns = run(&commands[i]);

			if (round >= 0)
				commands[i].ns[round] = ns;
		}
	}
	qsort(commands, (size_t)n, sizeof(*commands), compare_place);
	for (int i = 0; i < n; i++) {
		struct command *c = &commands[i];

		qsort(c->ns, (size_t)rounds, sizeof(long long), compare);
		printf("%lld %lld %s\n", (c->ns[(rounds - 1) / 2] + c->ns[rounds / 2]) / 2,
		       c->ns[0], *c->place);
	}
	return 0;
}
