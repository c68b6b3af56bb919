/* SPDX-License-Identifier: MIT */
/* t_cli - a table of options that is too long for cli.c's aborts, and loses none. Silent unless a case fails. */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"

#define ROWS 200

static struct cli_option rows[ROWS];
static char names[ROWS][8];

/* How a process ends that parses "--oN", the last of @n options. */
static int parse_last_of(int n)
{
	static const struct rlimit none = { 0, 0 };
	struct {
		int flags;
		bool last;
	} given = { 0 };
	struct cli_tool tool = { .name = "t", .peer = "p", .options = rows, .n_options = n };
	char word[12];
	char *argv[] = { (char *)"t", word, NULL };
	int status = -1;
	pid_t pid;

	rows[n - 1].set = cli_set_flag;
	rows[n - 1].field = (size_t)((char *)&given.last - (char *)&given);
	snprintf(word, sizeof(word), "--%.7s", names[n - 1]);
	pid = fork();
	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &none);
		cli_parse(&tool, 2, argv, &given);
		_exit(given.last ? 0 : 1);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -1;
	return status;
}

int main(void)
{
	int failed = 0, status;

	for (int i = 0; i < ROWS; i++) {
		snprintf(names[i], sizeof(names[i]), "o%d", i);
		rows[i] = (struct cli_option){ .name = names[i], .help = "" };
	}
	for (int n = 1; n <= ROWS; n++) {
		status = parse_last_of(n);
		if (status == 0 || (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT))
			continue;
		failed++;
		printf("t_cli: the last of %d options: wait status %#x\n", n, (unsigned int)status);
	}
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
