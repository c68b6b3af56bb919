/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compat.h"
#include "engine.h"
#include "options.h"
#include "parse.h"
#include "told.h"

#define NO no_argument
#define REQ required_argument
#define OPT optional_argument
#define AT(field) offsetof(struct xnsenter_options, field)
#define FLAG(name) .set = cli_set_flag, .field = AT(name)

/* ---- setters of this tool alone ---- */

/* "=FILE" and "FILE" are the same, for -u as for --uts. */
static const char *without_equals(const char *word)
{
	return word && *word == '=' ? word + 1 : word;
}

static void set_kind(const struct cli_option *row, void *options, const char *word)
{
	struct xnsenter_options *o = options;

	if (word)
		o->word[kind_place(row->flags)] = without_equals(word);
}

/* "docker:web", or the network namespace "netns:blue", which has no process. */
static void set_engine(struct xnsenter_options *o, const char *word)
{
	engine_check(word);
	o->engine = word;
}

/* "PID" or "PID:INODE", or what an engine knows. */
static void set_target(const struct cli_option *row, void *options, const char *word)
{
	struct xnsenter_options *o = options;
	const char *colon = strchrnul(word, ':');
	long long pid = 0, inode = 0;
	char head[16];
	int ret = -1;

	if (o->target_given)
		die(EXIT_FAILURE, 0, N_("--target can be given once only: '%s'"), word);
	o->target_given = true;
	if (engine_named(word)) {
		set_engine(o, word);
		return;
	}
	errno = ERANGE;
	if ((size_t)snprintf(head, sizeof(head), "%.*s", (int)(colon - word), word) < sizeof(head))
		ret = parse_number(head, 1, INT_MAX, &pid);
	if (ret == 0 && *colon)
		ret = parse_number(colon + 1, 1, LLONG_MAX, &inode);
	if (ret < 0 && errno == EINVAL && *colon) {
		warn_msg(N_("invalid PID argument: '%s'"), word);
		engine_hint(word);
		die_said(EXIT_FAILURE);
	}
	cli_must(ret, word, N_("invalid PID argument: '%s'"));
	o->pid = (pid_t)pid;
	o->inode = (unsigned long long)inode;
}

static void set_id(const struct cli_option *row, void *at, const char *word)
{
	struct id_option *id = at;

	id->from = strcmp(word, "follow") == 0 ? TARGETS : GIVEN;
	if (id->from == GIVEN)
		id->id = row->letter == 'S' ? cli_uid(word, row->msgid) : cli_gid(word, row->msgid);
}

static void set_dir(const struct cli_option *row, void *at, const char *word)
{
	*(struct dir_option *)at =
		(struct dir_option){ word ? GIVEN : TARGETS, without_equals(word) };
}

/* ---- the table ---- */

/*
 * The order of the rows is that of --help, and of the names that an ambiguous abbreviation lists.
 */
static const struct cli_option options[] = {
	{ "all", 'a', .help = N_("all of the target's that are not the caller's own"), FLAG(all),
	  .first = true },

	{ .help = N_("Which ones:") },
	{ "target", 't', REQ, REQ, N_("pid[:inode]|engine:name"),
	  N_("the process they are taken from"), NULL, .set = set_target },
	{ "pidfd", 0, REQ, NO, N_("fd"), N_("the same by an inherited pidfd, instead of --target"),
	  .set = cli_set_fd, .field = AT(pidfd) },
	{ "net-socket", 'N', REQ, REQ, N_("fd"), N_("the network namespace of the target's socket"),
	  .set = cli_set_fd, .field = AT(socket), .flags = CLONE_NEWNET },
	{ "user-parent", .help = N_("the parent of the user namespace"), FLAG(user_parent) },
	{ "pid-for-children", .help = N_("the PID namespace that the target's next child gets"),
	  FLAG(pid_for_children), .flags = CLONE_NEWPID },

	{ .help = N_("Users and groups:") },
	{ "setuid", 'S', REQ, REQ, N_("uid|follow"),
	  N_("user ID of the program (in a user namespace 0); follow: the target's"), "follow",
	  .set = set_id, .field = AT(uid), .msgid = N_("failed to parse uid: '%s'") },
	{ "setgid", 'G', REQ, REQ, N_("gid|follow"),
	  N_("group ID of the program, the same way; drops other groups"), "follow", .set = set_id,
	  .field = AT(gid), .msgid = N_("failed to parse gid: '%s'") },
	{ "preserve-credentials", .help = N_("leave user, group and other groups as they are"),
	  FLAG(preserve) },
	{ "keep-caps", .help = N_("the program keeps the capabilities of the user namespace"),
	  FLAG(keep_caps) },

	{ .help = N_("The rest of the target:") },
	{ "root", 'r', OPT, OPT, N_("dir"), N_("root directory: dir, or the target's"), NULL,
	  .set = set_dir, .field = AT(root) },
	{ "wd", 'w', OPT, OPT, N_("dir"),
	  N_("working directory: dir as seen from here, or the target's"), .set = set_dir,
	  .field = AT(wd) },
	{ "wdns", 'W', OPT, OPT, N_("dir"), N_("working directory: dir as seen from inside"), NULL,
	  .set = set_dir, .field = AT(wdns) },
	{ "env", 'e', .help = N_("the target's environment"), FLAG(env) },
	{ "join-cgroup", 'c', .help = N_("join the target's cgroups"), FLAG(join_cgroup) },
	{ "follow-context", 'Z', .help = N_("the target's SELinux context"), FLAG(context) },

	{ .help = N_("The program:") },
	{ "no-fork", 'F',
	  .help = N_("execute it in place; without this it is a child where it enters "
		     "a PID namespace"),
	  FLAG(no_fork) },
	{ "no-", FLAG(no_fork) }, /* abbreviations of the peer's */
	{ "no", FLAG(no_fork) },
	{ "e", FLAG(env) },
	{ "forward-signals",
	  .help = N_("run it as a child, and send it the signals that arrive here"),
	  FLAG(forward) },
	{ "kill-child", 0, OPT, NO, N_("signal"),
	  N_("run it as a child, and kill it when this process dies (KILL)"),
	  "KILL TERM HUP INT QUIT", .set = cli_set_signal, .field = AT(kill_signal) },
	{ "die-with-parent",
	  .help = N_("all of it dies when the process that started this one does"),
	  FLAG(die_with_parent) },
	{ "new-session",
	  .help = N_("run it as a child in a session of its own, without our terminal"),
	  FLAG(new_session) },
	{ "no-new-privs", .help = N_("it gains no rights by set-user-ID programs"),
	  FLAG(no_new_privs) },
	{ "close-fds", .help = N_("it inherits no descriptors but 0, 1 and 2"), FLAG(close_fds) },
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
	.set_kind = set_kind,
	.makes_calls = true,
	.options = options,
	.n_options = ARRAY_SIZE(options),
};

/* ---- what only all of them together can be wrong in ---- */

/* The kinds that are to be the target's. */
int xnsenter_wanted_of_target(const struct xnsenter_options *o)
{
	int flags = o->flags;

	for (int i = 0; i < KIND_COUNT; i++)
		if (o->word[i])
			flags &= ~kinds[i].flag;
	if (o->socket.given)
		flags &= ~CLONE_NEWNET;
	if (o->pid_for_children)
		flags &= ~CLONE_NEWPID;
	return flags;
}

static void check_target(const struct xnsenter_options *o)
{
	static const char msgid[] = N_("neither filename nor target pid supplied for %s");
	const struct {
		bool asked;
		const char *what;
	} rest[] = {
		{ o->root.from == TARGETS, "root" },
		{ o->wd.from == TARGETS, "cwd" },
		{ o->env, "environ" },
		{ o->uid.from == TARGETS, "uid" },
		{ o->gid.from == TARGETS, "gid" },
		{ o->join_cgroup, "cgroup" },
	};

	if (o->target_given && o->pidfd.given)
		die(EXIT_FAILURE, 0, N_("options --target and --pidfd cannot be combined"));
	if (o->target_given || o->pidfd.given)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(rest); i++)
		if (rest[i].asked)
			die(EXIT_FAILURE, 0, msgid, rest[i].what);
	if (xnsenter_wanted_of_target(o) || o->all || o->socket.given || o->pid_for_children ||
	    (o->user_parent && !o->flags))
		die(EXIT_FAILURE, 0, N_("no target PID specified"));
}

/* The network namespace "netns:NAME" is no process, and has nothing else. */
static void take_netns(struct xnsenter_options *o)
{
	int net = kind_place(CLONE_NEWNET), user = kind_place(CLONE_NEWUSER);
	const char *path = engine_netns(o->engine);

	/* the user namespace is its owner, which only an ordinary user's own is not in already */
	if (((o->flags & CLONE_NEWNET) && (o->flags & CLONE_NEWUSER) && !o->word[user]) ||
	    (o->all && !engine_is_shared(path))) {
		o->flags &= ~CLONE_NEWUSER;
		o->user_parent = true;
	}
	if (o->all)
		o->flags |= CLONE_NEWNET;
	o->all = false;
	for (int i = 0; i < KIND_COUNT; i++)
		if (xnsenter_wanted_of_target(o) & ~CLONE_NEWNET & kinds[i].flag)
			die(EXIT_FAILURE, 0, N_("%s is a network, without a %s namespace"),
			    o->engine, kinds[i].name);
	if (o->pidfd.given)
		die(EXIT_FAILURE, 0, N_("options --target and --pidfd cannot be combined"));
	if ((o->flags & CLONE_NEWNET) && !o->word[net])
		o->word[net] = path;
	o->target_given = false;
}

void xnsenter_check(struct xnsenter_options *o)
{
	if (o->engine && engine_is_netns(o->engine))
		take_netns(o);
	if (o->wd.from && o->wdns.from)
		die(EXIT_FAILURE, 0, N_("options --wd and --wdns cannot be combined"));
	if (o->pid_for_children && o->word[kind_place(CLONE_NEWPID)])
		die(EXIT_FAILURE, 0, N_("options %s cannot be combined"),
		    "--pid=FILE and --pid-for-children");
	if (o->no_fork && (o->forward || o->kill_signal || o->new_session))
		die(EXIT_FAILURE, 0, N_("options --no-fork and %s cannot be combined"),
		    o->forward	     ? "--forward-signals"
		    : o->kill_signal ? "--kill-child"
				     : "--new-session");
	check_target(o);
	if (!o->flags && !o->all && !o->user_parent) {
		warn_msg(N_("no namespace specified"));
		hint(N_("-a enters all that differ from the caller's, of the process that -t names"));
		die_said(EXIT_FAILURE);
	}
	if (o->wdns.from && !o->wdns.dir)
		told_note("--wdns has no effect without a directory");
}
