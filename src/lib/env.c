/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "env.h"
#include "fd.h"
#include "own.h"
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
	told_note("the environment is that of %s: %zu variables", path, vars);
	return vars;
}

/* What is larger has been put there to keep us busy. */
#define MAX_PASSWD (16 << 20)

/*
 * The shell of @uid in /etc/passwd, without NSS, which would load modules out of a root that is not
 * ours.
 */
static const struct passwd *passwd_of_file(uid_t uid)
{
	int fd = open("/etc/passwd",
		      O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a FIFO must not hold us */
	struct stat st;
	bool usable = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		      st.st_size <= MAX_PASSWD;
	cleanup_file FILE *f = usable ? fdopen(fd, "r") : NULL;
	const struct passwd *pw = NULL;

	if (!f) {
		close_fd(&fd);
		return NULL;
	}
	while ((pw = fgetpwent(f)) && pw->pw_uid != uid)
		;
	return pw;
}

const char *env_shell(void)
{
	const char *shell = getenv("SHELL");
	const struct passwd *pw;

	if (shell && *shell)
		return shell;
	pw = sys_left_root() ? passwd_of_file(getuid()) : getpwuid(getuid());
	return pw && pw->pw_shell && *pw->pw_shell ? pw->pw_shell : "/bin/sh";
}
