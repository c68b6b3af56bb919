/* SPDX-License-Identifier: MIT */
/*
 * exec.h - the program: found in PATH as execvp(3) finds it, then execve(2), told or traced like each
 * call that changes the world. What a failure means does not belong in here.
 */
#ifndef XNS_EXEC_H
#define XNS_EXEC_H

#include <stddef.h>

#include "util.h"

/*
 * exec_file() - execve(2) of @file, looked for in this process's PATH when it has no slash, with
 * this process's environment; a text file without #! is run by /bin/sh, as execvp(3) does. Traced, one
 * note says where it is not.
 * Return: only on failure: -1 with errno; only told: 0.
 */
int exec_file(const char *file, char *const argv[]) must_check;

/* exec_path() - the same of a shell's path, as it stands: no search, no /bin/sh. */
int exec_path(const char *path, char *const argv[]) must_check;

/*
 * exec_possible() - is there a file that exec_file(@file) may execute? Looks only; the kernel
 * can still refuse it, for its format or its interpreter.
 * Return: 0, or -1 with the errno that execve(2) would give.
 */
int exec_possible(const char *file) must_check;

/*
 * exec_find() - the file that a search of PATH for @file finds, in @path: the first that may be executed,
 * or else the first that is there. Looks only.
 * Return: 0; or -1 with errno: EACCES, it may not be executed; ENOENT, there is none, and @path is "".
 */
int exec_find(const char *file, char *path, size_t size) must_check;

#endif
