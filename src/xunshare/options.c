/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "account.h"
#include "compat.h"
#include "join.h"
#include "options.h"
#include "parse.h"
#include "pathname.h"
#include "resolver.h"
#include "told.h"

#define NO no_argument
#define REQ required_argument
#define OPT optional_argument
#define AT(field) offsetof(struct xunshare_options, field)
#define FLAG(name) .set = cli_set_flag, .field = AT(name)
#define WORD(name) .set = cli_set_word, .field = AT(name)
#define STEP(setter) .set = setter, .field = AT(steps), .flags = CLONE_NEWNS

/* ---- setters of this tool alone ---- */

static void set_kind(const struct cli_option *row, void *options, const char *file)
{
	struct xunshare_options *o = options;

	if (!file)
		return;
	o->file[kind_place(row->flags)] = file;
	o->persist = true;
}

/* Every kind that this kernel has. */
static void set_all_kinds(const struct cli_option *row, void *options, const char *arg)
{
	struct xunshare_options *o = options;
	char path[64];

	must(access("/proc/self/ns", F_OK), N_("cannot read %s"), "/proc/self/ns");
	for (int i = 0; i < KIND_COUNT; i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i].proc);
		if (access(path, F_OK) == 0 || errno != ENOENT)
			o->flags |= kinds[i].flag;
	}
}

static void set_join(const struct cli_option *row, void *options, const char *word)
{
	struct xunshare_options *o = options;

	o->joins |= join_add(word);
}

static void set_proc(const struct cli_option *row, void *at, const char *dir)
{
	*(const char **)at = dir ? dir : "/proc";
}

/*
 * Without a directory of its own, binfmt_misc is mounted below /proc, which then has to be new too.
 */
static void set_binfmt(const struct cli_option *row, void *options, const char *dir)
{
	struct xunshare_options *o = options;

	if (dir || !o->binfmt)
		o->binfmt = dir ? dir : BINFMT_DIR;
	if (!dir && !o->proc)
		o->proc = "/proc";
}

static void set_interp(const struct cli_option *row, void *options, const char *definition)
{
	struct xunshare_options *o = options;

	if (!o->binfmt)
		set_binfmt(row, options, NULL);
	o->interp = definition;
}

static void set_propagation(const struct cli_option *row, void *options, const char *word)
{
	static const unsigned long modes[] = { MS_REC | MS_SLAVE, MS_REC | MS_SHARED,
					       MS_REC | MS_PRIVATE, 0 };
	struct xunshare_options *o = options;

	o->propagation = modes[cli_choice(row, word)];
	o->propagation_given = true;
}

static void set_setgroups(const struct cli_option *row, void *at, const char *word)
{
	*(enum setgroups *)at = cli_choice(row, word) == 0 ? SETGROUPS_ALLOW : SETGROUPS_DENY;
}

static void set_owner(const struct cli_option *row, void *options, const char *word)
{
	struct xunshare_options *o = options;

	cli_must(parse_owner(word, &o->owner_uid, &o->owner_gid), word,
		 N_("failed to parse owner: '%s'"));
	o->owner_given = o->users.by_owner = o->groups.by_owner = true;
}

static void set_offset(const struct cli_option *row, void *at, const char *word)
{
	struct given_offset *offset = at;

	cli_must(parse_offset(word, &offset->time), word, row->msgid);
	offset->given = true;
}

static void add_env_names(const struct cli_option *row, void *options, const char *list)
{
	struct xunshare_options *o = options;

	if (o->n_env_names == MAX_ENV_LISTS)
		die(EXIT_FAILURE, 0, N_("too many --whitelist-env options: '%s'"), list);
	o->env_names[o->n_env_names++] = list;
}

static void set_uplink(const struct cli_option *row, void *at, const char *engine)
{
	uplink_set_engine(at, engine, EXIT_FAILURE);
}

static void add_port(const struct cli_option *row, void *at, const char *word)
{
	uplink_add_port(at, word, EXIT_FAILURE);
}

/* ---- maps: of one of the two, or of both ---- */

static void map_one(const struct cli_option *row, void *at, const char *word)
{
	bool user = row->field == AT(users);

	usermap_set_single(at, user ? cli_uid(word, row->msgid) : cli_gid(word, row->msgid));
}

static void map_range(const struct cli_option *row, void *at, const char *word)
{
	usermap_add(at, word);
}

/* --map-auto, --map-subids */
static void map_both(const struct cli_option *row, void *options, const char *arg)
{
	struct xunshare_options *o = options;
	const char *word = row->name + strlen("map-");

	usermap_add(&o->users, word);
	usermap_add(&o->groups, word);
}

/* --map-root-user, --map-current-user */
static void map_self(const struct cli_option *row, void *options, const char *arg)
{
	struct xunshare_options *o = options;
	long long inner = row->letter == 'r' ? 0 : USERMAP_CURRENT;

	usermap_set_single(&o->users, inner);
	usermap_set_single(&o->groups, inner);
}

/* ---- the table ---- */

/*
 * The order of the rows is that of --help, and of the names that an ambiguous abbreviation lists.
 * Those of the kinds, -m to -T, are made of kinds[] (kind.c) by cli.c, and stand before these.
 */
static const struct cli_option options[] = {
	{ "all", 'a', .help = N_("all of these that the kernel has"), .set = set_all_kinds },

	{ "join", 0, REQ, NO, N_("kind=file|:id|pid|engine:name"),
	  N_("join this one before the new ones are made"), .set = set_join },
	{ "hostname", 0, REQ, NO, N_("name"), N_("host name (implies --uts)"), WORD(hostname),
	  .flags = CLONE_NEWUTS },
	{ "domainname", 0, REQ, NO, N_("name"), N_("NIS domain name (implies --uts)"),
	  WORD(domainname), .flags = CLONE_NEWUTS },
	{ "lo-up", .help = N_("the loopback device is up (implies --net)"), FLAG(lo_up),
	  .flags = CLONE_NEWNET },

	{ "uplink", 0, OPT, NO, "pasta|slirp4netns",
	  N_("a way out, by this engine or the one that is there (implies --net --mount)"),
	  UPLINK_ENGINES, .set = set_uplink, .field = AT(uplink),
	  .flags = CLONE_NEWNET | CLONE_NEWNS },
	{ "port", 0, REQ, NO, N_("[address:]outer:inner[/udp]"),
	  N_("forward this port of outside to the one inside (with --uplink)"), .set = add_port,
	  .field = AT(uplink) },
	{ "host-loopback",
	  .help = N_("the loopback of outside can be reached, by the gateway (with --uplink)"),
	  FLAG(uplink.host_loopback) },
	{ "dns", 0, REQ, NO, N_("address,..."),
	  N_("ask these for hosts, and no daemon of outside (implies --mount)"), WORD(dns),
	  .flags = CLONE_NEWNS },

	{ .help = N_("Mounts:") },
	{ "mount-proc", 0, OPT, NO, N_("dir"),
	  N_("mount a new proc on dir, /proc if not given (implies --mount)"), .set = set_proc,
	  .field = AT(proc), .flags = CLONE_NEWNS, .first = true },
	{ "mount-binfmt", 0, OPT, NO, N_("dir"),
	  N_("mount a binfmt_misc of its own (implies --user --mount)"), .set = set_binfmt,
	  .flags = CLONE_NEWNS | CLONE_NEWUSER },
	{ "load-interp", 'l', REQ, REQ, N_("definition"),
	  N_("register an interpreter there (implies --mount-binfmt)"), .set = set_interp,
	  .flags = CLONE_NEWNS | CLONE_NEWUSER },
	{ "propagation", 0, REQ, NO, "slave|shared|private|unchanged",
	  N_("mount propagation in the new mount namespace (private)"),
	  "slave shared private unchanged", .set = set_propagation,
	  .msgid = N_("unsupported propagation mode: %s") },
	{ "root", 'R', REQ, REQ, N_("dir"), N_("root directory of the program"), WORD(root),
	  .first = true },
	{ "wd", 'w', REQ, REQ, N_("dir"), N_("working directory of the program"), WORD(wd),
	  .first = true },

	{ .help = N_("The root, in this order (each implies --mount):") },
	{ "new-root", 0, OPT, NO, N_("dir"),
	  N_("the root is dir, or an empty tmpfs; the old one is gone"), STEP(steps_set_new_root) },
	{ "bind", 0, REQ, NO, N_("source[:place][:option,...]"),
	  N_("source of outside stands at place; ro, idmap, optional, ..."), STEP(steps_add_bind) },
	{ "tmpfs", 0, REQ, NO, N_("place[:size=n,...]"), N_("an empty file system in memory"),
	  STEP(steps_add_tmpfs) },
	{ "overlay", 0, REQ, NO, N_("lower[:place][,upper=dir,work=dir]"),
	  N_("lower, but what is written goes to upper, or nowhere"), STEP(steps_add_overlay) },
	{ "dev", 0, OPT, NO, N_("place"), N_("a small /dev"), STEP(steps_add_dev) },
	{ "dir", 0, REQ, NO, N_("place"), N_("a directory"), STEP(steps_add_dir) },
	{ "symlink", 0, REQ, NO, N_("target:place"), N_("a symbolic link"),
	  STEP(steps_add_symlink) },
	{ "file", 0, REQ, NO, N_("fd:place"), N_("a file with what the descriptor gives"),
	  STEP(steps_add_file) },
	{ "read-only", 0, NO, NO, NULL, N_("the root is read-only, after all of these"),
	  STEP(steps_set_read_only) },
	{ "prepare", 0, REQ, NO, N_("command"),
	  N_("run it there as root, after all of these (implies --fork)"), STEP(steps_add_prepare),
	  .also = AT(fork) },

	{ .help = N_("Users and groups:") },
	{ "map-user", 0, REQ, NO, N_("uid"), N_("map the current user to uid (implies --user)"),
	  .set = map_one, .field = AT(users), .flags = CLONE_NEWUSER,
	  .msgid = N_("failed to parse uid '%s'") },
	{ "map-users", 0, REQ, NO, N_("inner:outer:count"),
	  N_("map a range of user IDs; or auto, auto-all, subids, all"), "auto auto-all subids all",
	  .set = map_range, .field = AT(users), .flags = CLONE_NEWUSER },
	{ "map-group", 0, REQ, NO, N_("gid"), N_("map the current group to gid (implies --user)"),
	  .set = map_one, .field = AT(groups), .flags = CLONE_NEWUSER,
	  .msgid = N_("failed to parse gid '%s'") },
	{ "map-groups", 0, REQ, NO, N_("inner:outer:count"),
	  N_("map a range of group IDs; or auto, auto-all, subids, all"),
	  "auto auto-all subids all", .set = map_range, .field = AT(groups),
	  .flags = CLONE_NEWUSER },
	{ "map-root-user", 'r',
	  .help = N_("map the current user and group to root (implies --user)"), .set = map_self,
	  .flags = CLONE_NEWUSER, .first = true },
	{ "map-current-user", 'c',
	  .help = N_("map the current user and group to themselves (implies --user)"),
	  .set = map_self, .flags = CLONE_NEWUSER, .first = true },
	{ "map-auto", .help = N_("--map-users=auto --map-groups=auto"), .set = map_both,
	  .flags = CLONE_NEWUSER, .first = true },
	{ "map-subids", .help = N_("--map-users=subids --map-groups=subids"), .set = map_both,
	  .flags = CLONE_NEWUSER },
	{ "owner", 0, REQ, NO, N_("uid:gid"), N_("owner of the user namespace (implies --user)"),
	  .set = set_owner, .flags = CLONE_NEWUSER },
	{ "setgroups", 0, REQ, NO, "allow|deny",
	  N_("whether setgroups(2) works in the user namespace"), "allow deny",
	  .set = set_setgroups, .field = AT(setgroups),
	  .msgid = N_("unsupported --setgroups argument '%s'") },
	{ "disable-userns", .help = N_("no user namespace can be made inside (implies --user)"),
	  FLAG(no_userns), .flags = CLONE_NEWUSER },
	{ "keep-caps", .help = N_("the program keeps the capabilities of the user namespace"),
	  FLAG(keep_caps) },
	{ "setuid", 'S', REQ, REQ, N_("uid"), N_("user ID of the program, in the namespace"),
	  .set = cli_set_uid, .field = AT(uid), .msgid = N_("failed to parse uid: '%s'") },
	{ "setgid", 'G', REQ, REQ, N_("gid"), N_("group ID of the program; drops other groups"),
	  .set = cli_set_gid, .field = AT(gid), .msgid = N_("failed to parse gid: '%s'") },

	{ .help = N_("The program:") },
	{ "fork", 'f', .help = N_("run it as a child, and wait for it"), FLAG(fork),
	  .first = true },
	{ "no-fork", .help = N_("where --join pid would imply --fork: its children are in there"),
	  FLAG(no_fork) },
	{ "forward-signals", .help = N_("send it the signals that arrive here (implies --fork)"),
	  FLAG(forward), .also = AT(fork) },
	{ "kill-child", 0, OPT, NO, N_("signal"),
	  N_("kill it when this process dies (KILL; implies --fork)"), "KILL TERM HUP INT QUIT",
	  .set = cli_set_signal, .field = AT(kill_signal), .also = AT(fork), .first = true },
	{ "die-with-parent",
	  .help = N_("all of it dies when the process that started this one does"),
	  FLAG(die_with_parent) },
	{ "init",
	  .help = N_("run it under a small PID 1 that reaps, and sends it signals "
		     "(implies --pid --fork)"),
	  FLAG(init), .also = AT(fork), .flags = CLONE_NEWPID, .first = true },
	{ "clone", .help = N_("make the namespaces by clone3(2), for it alone (implies --fork)"),
	  FLAG(clone), .also = AT(fork) },
	{ "set-tid", 0, REQ, NO, N_("pid"), N_("its PID (with --clone)"), .set = cli_set_pid,
	  .field = AT(tid) },
	{ "into-cgroup", 0, REQ, NO, N_("dir"), N_("the cgroup that it begins in (with --clone)"),
	  WORD(cgroup) },
	{ "new-session",
	  .help = N_("in a session of its own, without our terminal (implies --fork)"),
	  FLAG(new_session), .also = AT(fork) },
	{ "no-new-privs", .help = N_("it gains no rights by set-user-ID programs"),
	  FLAG(no_new_privs) },
	{ "monotonic", 0, REQ, NO, N_("seconds"), N_("shift CLOCK_MONOTONIC in the time namespace"),
	  .set = set_offset, .field = AT(monotonic),
	  .msgid = N_("failed to parse monotonic offset: '%s'") },
	{ "boottime", 0, REQ, NO, N_("seconds"), N_("shift CLOCK_BOOTTIME in the time namespace"),
	  .set = set_offset, .field = AT(boottime),
	  .msgid = N_("failed to parse boottime offset: '%s'") },
	{ "clear-env", .help = N_("start it with an empty environment"), FLAG(clear_env) },
	{ "whitelist-env", 0, REQ, NO, N_("name,..."),
	  N_("with only these variables (implies --clear-env)"), .set = add_env_names,
	  .also = AT(clear_env) },

	{ .help = N_("Readiness:") },
	{ "pid-file", 0, REQ, NO, N_("file"),
	  N_("write its PID there when all but its start is done"), WORD(ready.pid_file) },
	{ "info-fd", 0, REQ, NO, N_("fd"),
	  N_("write JSON there: then the PID and namespaces, at the end the status"),
	  .set = cli_set_fd, .field = AT(ready.info) },
	{ "block-fd", 0, REQ, NO, N_("fd"), N_("start it when there is a byte, or the end of file"),
	  .set = cli_set_fd, .field = AT(ready.block) },
};

const struct cli_tool xunshare_tool = {
	.name = "xunshare",
	.peer = "unshare",
	.compatible = "util-linux 2.43",
	.features = "clear-env, forward-signals, load-interp, owner, time, whitelist-env",
	.usage = N_("[options] [<program> [<argument>...]]"),
	.summary = N_("Run a program in new namespaces."),
	.kinds_head = N_("New namespaces; with a file they stay when the program has ended:"),
	.kinds_short_arg = no_argument,
	.set_kind = set_kind,
	.makes_calls = true,
	.options = options,
	.n_options = ARRAY_SIZE(options),
};

/* ---- what only all of them together can be wrong in ---- */

bool offsets_given(const struct xunshare_options *o)
{
	return o->monotonic.given || o->boottime.given;
}

bool children_join_pid(const struct xunshare_options *o)
{
	return (o->joins & CLONE_NEWPID) && !o->fork;
}

/* What the kernel makes of the options, and who writes them may not think of. */
static void note_surprises(const struct xunshare_options *o)
{
	static const char *const order[] = {
		"join", "user", "root", "wd", "mount-proc", "mount-binfmt", "load-interp", "setuid"
	};
	bool pid = o->fork && ((o->flags | o->joins) & CLONE_NEWPID);

	cli_note_order(order, ARRAY_SIZE(order));
	if (children_join_pid(o))
		told_note(
			"--no-fork: the program is not in the PID namespace, its children are; in a proc of that it "
			"is not to be found, and /proc/self leads nowhere");
	if ((o->flags & CLONE_NEWPID) && !o->fork)
		told_note(
			"--pid without --fork: the program is not in the PID namespace, its children are; "
			"when the first of them has ended, it cannot fork any more");
	if (pid && !o->proc && !o->root && !o->steps.fresh)
		told_note("--pid without --mount-proc: /proc still shows the processes of outside");
	if (o->proc && children_join_pid(o))
		pid = true;
	if (o->proc && !pid && (o->flags & CLONE_NEWUSER))
		told_note(
			"the new proc will be refused: it is that of the PID namespace of outside, in which a new "
			"user namespace gives no rights (--pid --fork)");
	else if (o->proc && !pid)
		told_note(
			"the new proc shows the processes of outside, as the program is in no new PID namespace "
			"(--pid --fork)");
	if (o->root && strcmp(o->root, "/") != 0)
		told_note(
			"--root is a chroot: who has CAP_SYS_CHROOT can leave it, and no user namespace can "
			"be made in it; --new-root is none");
}

void xunshare_check(struct xunshare_options *o)
{
	const char *pid_file = o->file[kind_place(CLONE_NEWPID)];

	if (o->no_fork && o->fork)
		die(EXIT_FAILURE, 0, N_("options %s cannot be combined"),
		    "--no-fork and --fork, --kill-child, ...");
	if ((o->joins & CLONE_NEWPID) && !o->no_fork) /* its children are there */
		o->fork = true;
	if (o->flags & CLONE_NEWUSER)
		o->groups.groups = true;
	if (offsets_given(o) && !(o->flags & CLONE_NEWTIME))
		die(EXIT_FAILURE, 0,
		    N_("options --monotonic and --boottime require unsharing of a time namespace (-T)"));
	if (o->setgroups == SETGROUPS_ALLOW && usermap_inside(&o->groups))
		die(EXIT_FAILURE, 0,
		    N_("options --setgroups=allow and --map-group are mutually exclusive"));
	if (pid_file && !o->fork)
		die(EXIT_FAILURE, 0,
		    N_("--pid=%s needs --fork: a PID namespace can be bound only once it has a process"),
		    pid_file);
	if (o->die_with_parent && o->fork && !o->kill_signal)
		o->kill_signal = SIGKILL;
	if (!o->uplink.given && (o->uplink.n_ports || o->uplink.host_loopback))
		die(EXIT_FAILURE, 0, N_("options --port and --host-loopback need --uplink"));
	o->uplink.own_dns = o->dns;
	if (o->dns)
		free(resolver_text(o->dns, EXIT_FAILURE)); /* it dies of a wrong one */
	if (o->uplink.given)
		uplink_find(&o->uplink);
	if (!o->clone && (o->tid || o->cgroup))
		die(EXIT_FAILURE, 0, N_("options --set-tid and --into-cgroup need --clone"));
	if (o->clone && o->owner_given)
		die(EXIT_FAILURE, 0, N_("options %s cannot be combined"), "--clone and --owner");
	if (steps_on_root(&o->steps) && !o->root)
		o->steps.fresh = true;
	if (o->steps.given && (o->joins & CLONE_NEWNS))
		die(EXIT_FAILURE, 0, N_("options %s cannot be combined"),
		    "--join mnt and --new-root, --bind, ...");
	if (o->steps.given && o->proc && *o->proc != '/')
		die(EXIT_FAILURE, 0, N_("--%s '%s': the place inside is no absolute path"),
		    "mount-proc", o->proc);
	if (o->no_userns && o->root && !path_names_root(o->root)) /* none can be made in a chroot */
		die(EXIT_FAILURE, 0, N_("options %s cannot be combined"),
		    "--disable-userns and --root");
	if (o->steps.fresh && o->root)
		die(EXIT_FAILURE, 0, N_("options %s cannot be combined"), "--new-root and --root");
	if (steps_idmap(&o->steps) && !(o->flags & CLONE_NEWUSER))
		die(EXIT_FAILURE, 0, N_("--bind with idmap needs --user"));
	note_surprises(o);
	if (o->propagation_given && !(o->flags & CLONE_NEWNS))
		told_note("--propagation has no effect without a mount namespace");
	if (o->keep_caps && !((o->flags | o->joins) & CLONE_NEWUSER))
		told_note("--keep-caps has no effect without a user namespace");
	if (o->forward && !o->init && (o->flags & CLONE_NEWPID))
		told_note(
			"signals that the program, PID 1, does not handle are dropped; --init sends them on");
}
