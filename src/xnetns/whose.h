/* SPDX-License-Identifier: MIT */
/*
 * whose.h - which engine a process was started by, as far as its cgroup says it. A cgroup is only a name that an engine has given:
 * whether it is true does not belong in here, nor what engines say when they are asked (engine.h).
 */
#ifndef XNS_XNETNS_WHOSE_H
#define XNS_XNETNS_WHOSE_H

#include <sys/types.h>

#include "util.h"

/*
 * whose_path() - what the path of a cgroup says: "docker:0123456789ab…", "machine:NAME", "unit:NAME.service" and so
 * on, of containers the outermost; "session:N" of a login. Return: allocated, or NULL.
 */
char *whose_path(const char *cgroup);

/* whose() - the same of a process; NULL also if it is as of this one, or cannot be read. */
char *whose(pid_t pid);

#endif
