/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "cli.h"
#include "env.h"
#include "parse.h"
#include "readall.h"
#include "sys.h"
#include "told.h"

void env_keep_only(const char *const lists[], size_t n)
{
	size_t vars = 0, kept = 0;
	char **left;

	while (environ && environ[vars])
		vars++;
	left = must_have(calloc(vars + 1, sizeof(*left)));
	for (size_t v = 0; v < vars; v++)
		for (size_t i = 0; i < n; i++)
			if (parse_index(lists[i], ",", environ[v], strcspn(environ[v], "=")) >= 0) {
				left[kept++] = environ[v];
				break;
			}
	environ = left;
	told_note("the environment is cleared; %zu of %zu variables are left", kept, vars);
}

/* exec(3) takes 6 MiB, so no process starts with more; what says so has made it up. */
#define MAX_ENVIRON (32U << 20)

size_t env_take(int fd, const char *path)
{
	static char *text; /* what the variables point into from now on */
	size_t len, strings = 0, vars = 0;
	char **list;

	text = read_all(fd, MAX_ENVIRON, &len);
	if (!text)
		die(EXIT_FAILURE, errno, N_("cannot read %s"), path);
	for (size_t i = 0; i < len; i += strlen(text + i) + 1)
		strings++;
	list = must_have(calloc(strings + 1, sizeof(*list)));
	for (size_t i = 0; i < len; i += strlen(text + i) + 1)
		if (strchr(text + i, '='))
			list[vars++] = text + i;
	environ = list;
	sys_load_nothing();
	sys_ask_nothing(); /* PATH is theirs */
	told_note("the environment is that of %s: %zu variables", path, vars);
	return vars;
}

const char *env_shell(void)
{
	const char *shell = getenv("SHELL");
	const struct account *user;

	if (shell && *shell)
		return shell;
	user = account_of_user(getuid());
	return user && *user->shell ? user->shell : "/bin/sh";
}
