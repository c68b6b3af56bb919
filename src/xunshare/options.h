/* SPDX-License-Identifier: MIT */
/*
 * xunshare-opts.h - xunshare's option table: what getopt, --help and the completions are made from.
 */
#ifndef XNS_XUNSHARE_OPTS_H
#define XNS_XUNSHARE_OPTS_H

#include "cli.h"

/* Ids of the options that have no letter. */
enum {
	OPT_FORWARD_SIGNALS = 256,
	OPT_KILL_CHILD,
	OPT_MOUNT_PROC,
	OPT_MOUNT_BINFMT,
	OPT_MAP_USER,
	OPT_MAP_USERS,
	OPT_MAP_GROUP,
	OPT_MAP_GROUPS,
	OPT_MAP_AUTO,
	OPT_MAP_SUBIDS,
	OPT_OWNER,
	OPT_PROPAGATION,
	OPT_SETGROUPS,
	OPT_KEEP_CAPS,
	OPT_MONOTONIC,
	OPT_BOOTTIME,
	OPT_CLEAR_ENV,
	OPT_WHITELIST_ENV,
	OPT_INIT,
	OPT_CLONE,
	OPT_SET_TID,
	OPT_INTO_CGROUP,
	OPT_DIE_WITH_PARENT,
	OPT_NEW_SESSION,
	OPT_NO_NEW_PRIVS,
	OPT_JOIN,
	OPT_HOSTNAME,
	OPT_DOMAINNAME,
	OPT_LO_UP,
	OPT_PID_FILE,
	OPT_INFO_FD,
	OPT_BLOCK_FD,
	OPT_DRY_RUN,
};

extern const struct cli_tool xunshare_tool;

#endif
