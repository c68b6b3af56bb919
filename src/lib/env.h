/* SPDX-License-Identifier: MIT */
/*
 * env.h - what the program is given besides its arguments: environment and default shell.
 */
#ifndef XNS_ENV_H
#define XNS_ENV_H

#include <stddef.h>

/*
 * env_keep_only() - this process's environment from now on: of the @n comma-separated @lists of
 * names, the variables that are set; in the order they had. Dies if memory is short.
 */
void env_keep_only(const char *const lists[], size_t n);

/*
 * env_take() - this process's environment from now on is what @fd, a /proc/PID/environ, holds:
 * "NAME=value" strings, each with its NUL; others, as a process that overwrote its own may have
 * them, are left out. @path is for messages. Dies on failure.
 * Return: how many variables there are.
 */
size_t env_take(int fd, const char *path);

/*
 * env_shell() - the program when none is given: $SHELL if it is set and not empty, else the user's
 * by account.h, else /bin/sh.
 * Return: static or environment memory.
 */
const char *env_shell(void);

#endif
