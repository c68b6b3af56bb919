/* SPDX-License-Identifier: MIT */
/*
 * program.h - the last step of a tool: the program it was given, or the user's shell, is executed.
 */
#ifndef XNS_PROGRAM_H
#define XNS_PROGRAM_H

#include "child.h"
#include "util.h"

struct program {
	const char *file; /* what is executed */
	char **argv;
	bool is_path; /* a shell of ours: as it stands, not to be looked for in PATH */
};

/* program_of() - the words @argv, up to NULL; if there is none, a login shell (env_shell()). */
struct program program_of(char *argv[]);

/* program_failed() - dies with errno, the message and the status for a program that was not run. */
_Noreturn void program_failed(const struct program *p, const struct child *child);

/* program_exec() - executes it; does not return, not from a dry run either. */
_Noreturn void program_exec(const struct program *p, const struct child *child);

#endif
