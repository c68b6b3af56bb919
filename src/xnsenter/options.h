/* SPDX-License-Identifier: MIT */
/*
 * xnsenter-opts.h - xnsenter's option table: what getopt, --help and the completions are made from.
 */
#ifndef XNS_XNSENTER_OPTS_H
#define XNS_XNSENTER_OPTS_H

#include "cli.h"

/* Ids of the options that have no letter. */
enum {
	ENTER_PIDFD = 256,
	ENTER_USER_PARENT,
	ENTER_PID_FOR_CHILDREN,
	ENTER_PRESERVE_CREDENTIALS,
	ENTER_KEEP_CAPS,
	ENTER_FORWARD_SIGNALS,
	ENTER_KILL_CHILD,
	ENTER_DIE_WITH_PARENT,
	ENTER_NEW_SESSION,
	ENTER_NO_NEW_PRIVS,
	ENTER_CLOSE_FDS,
	ENTER_DRY_RUN,
};

extern const struct cli_tool xnsenter_tool;

#endif
