/* SPDX-License-Identifier: MIT */
/*
 * xunshare - run a program in new namespaces: its options, then the system calls they mean, in
 * order.
 *
 * Theory of operation: who forks when, what each process sees, and why in this order.
 *
 *  1. The command line is read, and what it names is opened (files, /proc, namespaces to join,
 *     subordinate IDs): as the caller, where the caller is. Names of the inside (--root, --wd, the
 *     places of mounts) are looked up inside.
 *  2. outside_begin() forks the helpers for binds, the pid file and the uplink: they see what the caller sees,
 *     and keep the caller's rights. They wait.
 *  3. Namespaces are joined. The helper for maps and offsets is forked after that, since a map is
 *     written in the user namespace that the new one's parent is; but before we become who we are
 *     there, or --owner: that one may not write a map of several IDs.
 *  4. The new namespaces are made, in one unshare(2) where that is possible; the helper writes the
 *     maps of us. --clone: not we, but the child is in them (clone3(2)), and we are outside
 *     ourselves.
 *     The helper for the uplink starts the engine, and waits till the network is up.
 *  5. The child is forked, if anything needs one; for a PID namespace is that of children, and
 *     bound once it has a process. It waits.
 *  6. Namespaces are bound on files, from outside; then child_go().
 *  7. setup_and_exec(): the program's process does what it can do from inside alone, and says that
 *     it is ready. Its PID is told, which we know and it does not. It takes its IDs, and is the
 *     program.
 *  8. Once it is, what helpers have done stays (undo_forget()); we wait, as child.h says.
 *
 * Should:
 * - whatever fails before the program starts leave nothing behind: who made it undoes it, with the
 *   rights for it;
 * - each credential and namespace be given up as soon as no step needs it, and no sooner;
 * - a dry run tell the same calls: the parts of the other processes are called here, inline.
 *
 * Mustn't:
 * - anybody without rights outside look into us between the join of a user namespace and exec, but
 *   for the moment in which a helper opens our files (joined_show());
 * - a helper, or a descriptor of the outside, be within reach of the program;
 * - a path of the outside be used after the root, or the mount namespace, is another.
 */
#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "cred.h"
#include "die.h"
#include "fd.h"
#include "hint.h"
#include "joined.h"
#include "maps.h"
#include "options.h"
#include "outside.h"
#include "persist.h"
#include "setup.h"
#include "source.h"
#include "stepfail.h"
#include "sys.h"
#include "told.h"

/* ---- before anything is made ---- */

/* What has a name is opened in the namespaces of the caller. */
static void open_all(const struct xunshare_options *o)
{
	bool classic = strcmp(program_invocation_short_name, xunshare_tool.peer) == 0;

	if (o->steps.given)
		source_claim_files(&o->steps);
	if (o->ready.pid_file || o->ready.info.given || o->ready.block.given)
		ready_open(&o->ready);
	joined_open(o);
	if (o->steps.given)
		source_open(&o->steps);
	for (int i = 0; i < KIND_COUNT; i++)
		if (o->file[i])
			persist_check(&kinds[i], o->file[i], classic);
	if (o->flags & ~o->joins & CLONE_NEWUSER)
		maps_resolve(o, geteuid(), getegid());
}

/* ---- the new namespaces ---- */

/* The id that a mount namespace to be bound has to exceed, 0: none is. */
static uint64_t id_to_exceed(const struct xunshare_options *o)
{
	return o->file[kind_place(CLONE_NEWNS)] ? persist_mount_id() : 0;
}

static void unshare_all(const struct xunshare_options *o)
{
	uint64_t old = id_to_exceed(o);
	int later = old ? o->flags & (CLONE_NEWPID | CLONE_NEWTIME) : 0;

	if (o->flags & ~later)
		must(sys_unshare(o->flags & ~later), N_("unshare failed"));
	if (old)
		persist_younger_mount(old);
	if (later) /* only now: persist_younger_mount() may have children */
		must(sys_unshare(later), N_("unshare failed"));
}

static void make_namespaces(const struct xunshare_options *o)
{
	if (o->owner_given) {
		cred_set_gid(o->owner_gid);
		cred_set_uid(o->owner_uid);
	}
	unshare_all(o);
	if (o->joins & CLONE_NEWUSER)
		cred_stay_closed();
	joined_show(true);
	outside_maps(o, 0);
	joined_show(false);
	if (offsets_given(o) && !outside_does_offsets(o))
		maps_write_offsets(o, "/proc/self");
	outside_uplink(o);
	if (o->die_with_parent) /* new credentials cleared it */
		child_follow_starter();
}

/* ---- the child ---- */

static void fill_clone(const struct xunshare_options *o, struct sys_clone *how)
{
	bool pid = o->flags & CLONE_NEWPID;

	*how = (struct sys_clone){ .flags = o->flags, .cgroup = -1 };
	if (offsets_given(o))
		how->flags &= ~CLONE_NEWTIME;
	if (o->tid) /* the first process of a PID namespace is its 1 */
		how->tids[how->n_tids++] = pid ? 1 : o->tid;
	if (o->tid && pid)
		how->tids[how->n_tids++] = o->tid;
	if (o->cgroup)
		how->cgroup = (int)must(open_dir(o->cgroup), N_("cannot open %s"), o->cgroup);
}

/* --clone: the tool itself stays where it is. Return: as fork(2). */
static pid_t clone_child(const struct xunshare_options *o, struct child *child)
{
	uint64_t old = id_to_exceed(o);
	struct sys_clone how;

	fill_clone(o, &how);
	joined_show(true);	/* the child is as we are, and the offsets are ours to write */
	if (offsets_given(o)) { /* only before the first process is in the namespace */
		must(sys_unshare(CLONE_NEWTIME), N_("unshare failed"));
		maps_write_offsets(o, "/proc/self");
	}
	pid_t pid = (pid_t)must(child_clone(child, &how), N_("clone failed"));
	close_fd(&how.cgroup);
	if (pid > 0) {
		joined_show(false);
		if (telling())
			told_note("%d stands for the PID of the child", pid);
		return pid;
	}
	if (old)
		persist_younger_mount(old);
	if (o->persist)
		child_send(child, "", 1);
	return 0;
}

/* Return: as fork(2). */
static pid_t fork_child(const struct xunshare_options *o, struct child *child)
{
	enum child_signals signals = o->forward || o->init ? SIGNALS_FORWARDED : SIGNALS_IGNORED;
	bool sync = o->persist || o->clone || ready_telling(&o->ready);

	/* the command of --prepare is not what has no new privileges */
	if (o->clone && o->kill_signal == SIGKILL)
		child_autokill(child, o->no_new_privs && !steps_prepare(&o->steps));
	child_prepare(child, signals,
		      (sync ? CHILD_SYNC : 0) | (o->kill_signal ? CHILD_WATCH : 0) |
			      ((o->flags | o->joins) & CLONE_NEWPID ? CHILD_TTY : 0) |
			      (o->init ? CHILD_INIT : 0));
	if (o->clone)
		return clone_child(o, child);
	return (pid_t)must(child_fork(child), N_("fork failed"));
}

/* ---- the process that waits for it ---- */

/* From outside of the child's new namespaces. */
static void serve_clone(const struct xunshare_options *o, struct child *child)
{
	char byte;

	outside_maps(o, child->pid);
	outside_uplink(o);
	if (!o->persist)
		return;
	if (!telling() && !child_receive(child, &byte, 1))
		return; /* it has failed, which child_started() finds */
	outside_bind(o);
}

static void tell_ready(const struct xunshare_options *o, struct child *child)
{
	struct ready_ns ns = { 0 };

	if (!ready_telling(&o->ready))
		return;
	if (!telling() && !child_receive(child, &ns, sizeof(ns)))
		return;
	undo_push(child_dismiss, child);
	outside_tell(o, child->pid, &ns);
	child_go(child);
}

static void serve_child(const struct xunshare_options *o, struct child *child)
{
	if (o->clone)
		serve_clone(o, child);
	else
		outside_bind(o);
	child_go(child);
	tell_ready(o, child);
	if (child_started(child))
		outside_keep();
	else
		undo_run();
	undo_forget();
}

/* ---- the steps ---- */

static _Noreturn void run(const struct xunshare_options *o, char *argv[])
{
	struct child child = CHILD_NONE;

	if (o->die_with_parent)
		child_follow_starter();
	open_all(o);
	outside_begin(o);
	if (o->joins)
		joined_enter(o);
	outside_begin_maps(o);
	if (o->joins & CLONE_NEWUSER)
		joined_take_ids(o);
	if (!o->clone)
		make_namespaces(o);
	if (!o->fork) {
		outside_bind(o);
		setup_and_exec(o, &child, argv);
	}
	if (fork_child(o, &child) == 0)
		setup_and_exec(o, &child, argv);
	serve_child(o, &child);
	if (telling()) {
		told_set_who("child");
		setup_and_exec(o, &child, argv);
	}
	int status = child_wait(&child);
	ready_ended(&o->ready, child.pid, status);
	child_end_as(status);
}

static void say_why(void)
{
	if (!step_hint())
		hint_failed_call();
}

int main(int argc, char *argv[])
{
	static struct xunshare_options options;

	if (argc < 1)
		return EXIT_FAILURE; /* Linux before 5.18 allows it, and argv[1] is no word then */
	signal(SIGCHLD, SIG_DFL);    /* we wait for children, and the look-up of a name for one */
	die_set_hints(say_why);
	cli_parse(&xunshare_tool, argc, argv, &options);
	xunshare_check(&options);
	run(&options, argv + optind);
}
