/* SPDX-License-Identifier: MIT */
/*
 * setup.h - the program's process, in the new namespaces: mounts, root, names, who it is, exec.
 * What is done for it from outside is in outside.h.
 */
#ifndef XNS_SETUP_H
#define XNS_SETUP_H

#include "child.h"
#include "options.h"

/*
 * setup_and_exec() - all of it; the process is @child, or the tool itself without --fork. @argv:
 * the program's.
 */
_Noreturn void setup_and_exec(const struct xunshare_options *o, struct child *child, char *argv[]);

#endif
