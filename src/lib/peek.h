/* SPDX-License-Identifier: MIT */
/*
 * peek.h - why a process may not be looked into: it has ended and nobody has asked for it yet, /proc hides it, or it is
 * another's. What was to be done with it does not belong in here.
 */
#ifndef XNS_PEEK_H
#define XNS_PEEK_H

#include <sys/types.h>

#include "util.h"

/*
 * hint_process() - says why @err comes of a file of process @pid, or of entering it; @dir is its /proc/PID, -1: that could
 * not be opened. Return: false: there is no evidence.
 */
bool hint_process(pid_t pid, int dir, int err);

/* hint_hidden() - says that process @pid is there and /proc hides it. Return: false: it is not so. */
bool hint_hidden(pid_t pid);

#endif
