/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "options.h"

#define NO no_argument
#define REQ required_argument
#define OPT optional_argument

/*
 * The order of the rows is that of --help, and of the names that an ambiguous abbreviation lists.
 */
static const struct cli_option options[] = {
	{ "all", 'a', 'a', NO, NO, NULL, N_("all of the target's that are not the caller's own"),
	  NULL },

	{ .help = N_("Which ones:") },
	{ "target", 't', 't', REQ, REQ, N_("pid[:inode]"), N_("the process they are taken from"),
	  NULL },
	{ "pidfd", 0, ENTER_PIDFD, REQ, NO, N_("fd"),
	  N_("the same by an inherited pidfd, instead of --target"), NULL },
	{ "net-socket", 'N', 'N', REQ, REQ, N_("fd"),
	  N_("the network namespace of the target's socket"), NULL },
	{ "user-parent", 0, ENTER_USER_PARENT, NO, NO, NULL, N_("the parent of the user namespace"),
	  NULL },
	{ "pid-for-children", 0, ENTER_PID_FOR_CHILDREN, NO, NO, NULL,
	  N_("the PID namespace that the target's next child gets"), NULL },

	{ .help = N_("Users and groups:") },
	{ "setuid", 'S', 'S', REQ, REQ, N_("uid|follow"),
	  N_("user ID of the program (in a user namespace 0); follow: the target's"), NULL },
	{ "setgid", 'G', 'G', REQ, REQ, N_("gid|follow"),
	  N_("group ID of the program, the same way; drops other groups"), NULL },
	{ "preserve-credentials", 0, ENTER_PRESERVE_CREDENTIALS, NO, NO, NULL,
	  N_("leave user, group and other groups as they are"), NULL },
	{ "keep-caps", 0, ENTER_KEEP_CAPS, NO, NO, NULL,
	  N_("the program keeps the capabilities of the user namespace"), NULL },

	{ .help = N_("The rest of the target:") },
	{ "root", 'r', 'r', OPT, OPT, N_("dir"), N_("root directory: dir, or the target's"), NULL },
	{ "wd", 'w', 'w', OPT, OPT, N_("dir"),
	  N_("working directory: dir as seen from here, or the target's"), NULL },
	{ "wdns", 'W', 'W', OPT, OPT, N_("dir"), N_("working directory: dir as seen from inside"),
	  NULL },
	{ "env", 'e', 'e', NO, NO, NULL, N_("the target's environment"), NULL },
	{ "join-cgroup", 'c', 'c', NO, NO, NULL, N_("join the target's cgroups"), NULL },
	{ "follow-context", 'Z', 'Z', NO, NO, NULL, N_("the target's SELinux context"), NULL },

	{ .help = N_("The program:") },
	{ "no-fork", 'F', 'F', NO, NO, NULL,
	  N_("execute it in place; without this it is a child where it enters a PID namespace"),
	  NULL },
	{ "no-", 0, 'F', NO, NO, NULL, NULL, NULL }, /* an abbreviation of the peer's */
	{ "no", 0, 'F', NO, NO, NULL, NULL, NULL },
	{ "forward-signals", 0, ENTER_FORWARD_SIGNALS, NO, NO, NULL,
	  N_("run it as a child, and send it the signals that arrive here"), NULL },
	{ "kill-child", 0, ENTER_KILL_CHILD, OPT, NO, N_("signal"),
	  N_("run it as a child, and kill it when this process dies (KILL)"),
	  "KILL TERM HUP INT QUIT" },
	{ "die-with-parent", 0, ENTER_DIE_WITH_PARENT, NO, NO, NULL,
	  N_("all of it dies when the process that started this one does"), NULL },
	{ "new-session", 0, ENTER_NEW_SESSION, NO, NO, NULL,
	  N_("run it as a child in a session of its own, without our terminal"), NULL },
	{ "no-new-privs", 0, ENTER_NO_NEW_PRIVS, NO, NO, NULL,
	  N_("it gains no rights by set-user-ID programs"), NULL },
	{ "close-fds", 0, ENTER_CLOSE_FDS, NO, NO, NULL,
	  N_("it inherits no descriptors but 0, 1 and 2"), NULL },

	{ .help = N_("Learning:") },
	{ "dry-run", 0, ENTER_DRY_RUN, NO, NO, NULL,
	  N_("print the system calls, make none of them"), NULL },
	{ "xtrace", 'x', 'x', NO, NO, NULL,
	  N_("print each system call as it is made, on standard error"), NULL },
	{ .help = NULL },
	{ "help", 'h', OPT_HELP, NO, NO, NULL, N_("print this help"), NULL },
	{ "version", 'V', OPT_VERSION, NO, NO, NULL, N_("print the version"), NULL },
};

const struct cli_tool xnsenter_tool = {
	.name = "xnsenter",
	.peer = "nsenter",
	.compatible = "util-linux 2.43",
	.features = "cgroup, keep-caps, nsid, pidfd, pidfd-inode, selinux, socket, user-parent",
	.usage = N_("[options] [<program> [<argument>...]]"),
	.summary = N_("Run a program in the namespaces of other processes."),
	.kinds_head = N_("Namespaces, of the target; or of a file, or by their id (=:<id>):"),
	.kinds_short_arg = optional_argument,
	.options = options,
	.n_options = ARRAY_SIZE(options),
};
