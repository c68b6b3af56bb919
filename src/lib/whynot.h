/* SPDX-License-Identifier: MIT */
/*
 * whynot.h - why a program could not be executed: what is there is looked at, and nothing of it is run or
 * loaded. It may be others' files, in another root: what could hold us is not opened, what is no regular
 * file is not read, and of the rest less than a page.
 */
#ifndef XNS_WHYNOT_H
#define XNS_WHYNOT_H

#include "util.h"

/*
 * whynot() - says why the execve(2) in told_failed failed. Return: false: there is no evidence, and no hint.
 */
bool whynot(void);

/*
 * whynot_script() - @path is no program for the kernel, and /bin/sh gets it, as of execvp(3): if it is an
 * ELF file, that will end in a riddle. Says what it is.
 */
void whynot_script(const char *path);

#endif
