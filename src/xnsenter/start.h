/* SPDX-License-Identifier: MIT */
/*
 * xnsenter/start.h - the program's process: what it is given before exec. Which namespaces it is in by
 * then does not belong in here.
 */
#ifndef XNS_XNSENTER_START_H
#define XNS_XNSENTER_START_H

#include "child.h"
#include "open.h"

/*
 * setup_program() - sets up this process, which has been @forked or not, and executes the words @argv.
 * Dies on failure.
 */
_Noreturn void setup_program(const struct xnsenter_options *o, struct entry *e, struct child *child,
			     bool forked, char *argv[]);

#endif
