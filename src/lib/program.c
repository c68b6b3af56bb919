/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "env.h"
#include "exec.h"
#include "program.h"
#include "told.h"

struct program program_of(char *argv[])
{
	static char *shell_argv[2];
	const char *file, *base;

	if (argv[0])
		return (struct program){ argv[0], argv, false };
	file = env_shell();
	base = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
	shell_argv[0] = must_format("-%s", base);
	return (struct program){ file, shell_argv, true };
}

void program_failed(const struct program *p, const struct child *child)
{
	int err = errno;

	child_exec_failed(child);
	die(err == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXEC, err, N_("failed to execute %s"),
	    p->file);
}

void program_exec(const struct program *p, const struct child *child)
{
	int ret = p->is_path ? exec_path(p->file, p->argv) : exec_file(p->file, p->argv);

	if (ret < 0)
		program_failed(p, child);
	if (told_all() < 0)
		die(EXIT_FAILURE, errno, N_("write error"));
	_exit(EXIT_SUCCESS); /* only told */
}
