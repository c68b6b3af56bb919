/* SPDX-License-Identifier: MIT */
/*
 * answer.h - what a program says that is asked to look something up: getent(1), getsubids(1), through which NSS
 * works without being loaded into this process; an engine's program (engine.h). It changes nothing, so it is run even for a dry run, and no line
 * tells of it. What the answer means, and whether to believe it, do not belong in here.
 */
#ifndef XNS_ANSWER_H
#define XNS_ANSWER_H

#include <stddef.h>

#include "util.h"

enum {
	ANSWER_SAID = 4096, /* how much of its standard error is kept */
};

/* What a program answered that is asked by answer_ask(). */
struct answer {
	char *text; /* all of its standard output, with a NUL behind; static memory, till the next one */
	size_t len;		/* without that NUL */
	int status;		/* its wait status */
	char said[ANSWER_SAID]; /* what its standard error began with */
	bool open_line;		/* what was passed on of it has no end of a line */
};

/*
 * answer_of() - what @argv, found in PATH, writes to standard output within a minute, with a NUL behind. It is ended
 * then, if it has not ended. Nothing is run where that would be with rights that PATH does not come with, or no
 * more in the caller's places (sys_can_ask()).
 * Return: static memory, till the next one; the length without that NUL in @len; or NULL with errno, which is ENOENT
 * where there is no such program, or none may be run.
 */
char *answer_of(const char *const argv[], size_t *len) must_check;

/*
 * answer_ask() - runs @argv, found in PATH, till it ends, for @ms milliseconds at most: in a process group of its
 * own, all of which is killed if it takes longer, or if we are. It reads nothing; what it writes to standard error is
 * passed on as it comes, unless @quiet. SIGCHLD may be ignored or blocked.
 * Return: 0; or -1 with errno: ENOENT: there is no such program; ENOEXEC, ...: it cannot be run; EPERM: none may be, with
 * rights that PATH does not come with, or no more in the caller's places; ETIMEDOUT; E2BIG: it is a megabyte
 * or more.
 */
int answer_ask(const char *const argv[], int ms, bool quiet, struct answer *a) must_check;

#endif
