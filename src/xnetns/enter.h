/* SPDX-License-Identifier: MIT */
/* enter.h - the way into a namespace, and exec. Where names are does not belong in here (dir.h). */
#ifndef XNS_XNETNS_ENTER_H
#define XNS_XNETNS_ENTER_H

#include <sys/types.h>

#include "options.h"

/*
 * netns_enter() - this process goes to the namespace @name, or that of a process, with a mount
 * namespace of its own where /sys and /etc are what @name has. Dies on failure, with 255, and of /etc
 * with 1.
 */
void netns_enter(const struct netns_options *o, const char *name, bool mounts);

/*
 * fork_command() - fork(2) for a command that this process goes on after. A dry run forks as well, for
 * the part that is told ends where the program begins. Return: as fork(2); dies on failure.
 * await_command() - waits for it. Return: its exit status, as of a shell.
 */
pid_t fork_command(void);
int await_command(pid_t pid);

#endif
