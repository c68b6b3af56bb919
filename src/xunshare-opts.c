/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "xunshare-opts.h"

#define NO no_argument
#define REQ required_argument
#define OPT optional_argument

/*
 * The order of the rows is that of --help, and of the names that an ambiguous abbreviation lists.
 */
static const struct cli_option options[] = {
	{ "all", 'a', 'a', NO, NO, NULL, N_("all of these that the kernel has"), NULL },

	{ .help = N_("Mounts:") },
	{ "mount-proc", 0, OPT_MOUNT_PROC, OPT, NO, N_("dir"),
	  N_("mount a new proc on dir, /proc if not given (implies --mount)"), NULL },
	{ "mount-binfmt", 0, OPT_MOUNT_BINFMT, OPT, NO, N_("dir"),
	  N_("mount a binfmt_misc of its own (implies --user --mount)"), NULL },
	{ "load-interp", 'l', 'l', REQ, REQ, N_("definition"),
	  N_("register an interpreter there (implies --mount-binfmt)"), NULL },
	{ "propagation", 0, OPT_PROPAGATION, REQ, NO, "slave|shared|private|unchanged",
	  N_("mount propagation in the new mount namespace (private)"),
	  "slave shared private unchanged" },
	{ "root", 'R', 'R', REQ, REQ, N_("dir"), N_("root directory of the program"), NULL },
	{ "wd", 'w', 'w', REQ, REQ, N_("dir"), N_("working directory of the program"), NULL },

	{ .help = N_("Users and groups:") },
	{ "map-user", 0, OPT_MAP_USER, REQ, NO, N_("uid"),
	  N_("map the current user to uid (implies --user)"), NULL },
	{ "map-users", 0, OPT_MAP_USERS, REQ, NO, N_("inner:outer:count"),
	  N_("map a range of user IDs; or auto, auto-all, subids, all"),
	  "auto auto-all subids all" },
	{ "map-group", 0, OPT_MAP_GROUP, REQ, NO, N_("gid"),
	  N_("map the current group to gid (implies --user)"), NULL },
	{ "map-groups", 0, OPT_MAP_GROUPS, REQ, NO, N_("inner:outer:count"),
	  N_("map a range of group IDs; or auto, auto-all, subids, all"),
	  "auto auto-all subids all" },
	{ "map-root-user", 'r', 'r', NO, NO, NULL,
	  N_("map the current user and group to root (implies --user)"), NULL },
	{ "map-current-user", 'c', 'c', NO, NO, NULL,
	  N_("map the current user and group to themselves (implies --user)"), NULL },
	{ "map-auto", 0, OPT_MAP_AUTO, NO, NO, NULL, N_("--map-users=auto --map-groups=auto"),
	  NULL },
	{ "map-subids", 0, OPT_MAP_SUBIDS, NO, NO, NULL,
	  N_("--map-users=subids --map-groups=subids"), NULL },
	{ "owner", 0, OPT_OWNER, REQ, NO, N_("uid:gid"),
	  N_("owner of the user namespace (implies --user)"), NULL },
	{ "setgroups", 0, OPT_SETGROUPS, REQ, NO, "allow|deny",
	  N_("whether setgroups(2) works in the user namespace"), "allow deny" },
	{ "keep-caps", 0, OPT_KEEP_CAPS, NO, NO, NULL,
	  N_("the program keeps the capabilities of the user namespace"), NULL },
	{ "setuid", 'S', 'S', REQ, REQ, N_("uid"), N_("user ID of the program, in the namespace"),
	  NULL },
	{ "setgid", 'G', 'G', REQ, REQ, N_("gid"),
	  N_("group ID of the program; drops other groups"), NULL },

	{ .help = N_("The program:") },
	{ "fork", 'f', 'f', NO, NO, NULL, N_("run it as a child, and wait for it"), NULL },
	{ "forward-signals", 0, OPT_FORWARD_SIGNALS, NO, NO, NULL,
	  N_("send it the signals that arrive here (implies --fork)"), NULL },
	{ "kill-child", 0, OPT_KILL_CHILD, OPT, NO, N_("signal"),
	  N_("kill it when this process dies (KILL; implies --fork)"), "KILL TERM HUP INT QUIT" },
	{ "monotonic", 0, OPT_MONOTONIC, REQ, NO, N_("seconds"),
	  N_("shift CLOCK_MONOTONIC in the time namespace"), NULL },
	{ "boottime", 0, OPT_BOOTTIME, REQ, NO, N_("seconds"),
	  N_("shift CLOCK_BOOTTIME in the time namespace"), NULL },
	{ "clear-env", 0, OPT_CLEAR_ENV, NO, NO, NULL, N_("start it with an empty environment"),
	  NULL },
	{ "whitelist-env", 0, OPT_WHITELIST_ENV, REQ, NO, N_("name,..."),
	  N_("with only these variables (implies --clear-env)"), NULL },

	{ .help = N_("Learning:") },
	{ "dry-run", 0, OPT_DRY_RUN, NO, NO, NULL, N_("print the system calls, make none of them"),
	  NULL },
	{ "xtrace", 'x', 'x', NO, NO, NULL,
	  N_("print each system call as it is made, on standard error"), NULL },
	{ .help = NULL },
	{ "help", 'h', OPT_HELP, NO, NO, NULL, N_("print this help"), NULL },
	{ "version", 'V', OPT_VERSION, NO, NO, NULL, N_("print the version"), NULL },
};

const struct cli_tool xunshare_tool = {
	.name = "xunshare",
	.peer = "unshare",
	.compatible = "util-linux 2.43",
	.usage = N_("[options] [<program> [<argument>...]]"),
	.summary = N_("Run a program in new namespaces."),
	.kinds_head = N_("New namespaces; with a file they stay when the program has ended:"),
	.kinds_short_arg = no_argument,
	.options = options,
	.n_options = ARRAY_SIZE(options),
};
