/* SPDX-License-Identifier: MIT */
/*
 * answer.h - what a program says that is asked to look something up: getent(1), getsubids(1), through which NSS
 * works without being loaded into this process. It changes nothing, so it is run even for a dry run, and no line
 * tells of it. What the answer means, and whether to believe it, do not belong in here.
 */
#ifndef XNS_ANSWER_H
#define XNS_ANSWER_H

#include <stddef.h>

#include "util.h"

/*
 * answer_of() - what @argv, found in PATH, writes to standard output within a minute, with a NUL behind. It is ended
 * then, if it has not ended. Nothing is run where that would be with rights that PATH does not come with, or no
 * more in the caller's places (sys_can_ask()).
 * Return: static memory, till the next one; the length without that NUL in @len; or NULL with errno, which is ENOENT
 * where there is no such program, or none may be run.
 */
char *answer_of(const char *const argv[], size_t *len) must_check;

#endif
