/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>

#include "cgroup.h"
#include "compat.h"
#include "fd.h"
#include "hint.h"
#include "open.h"
#include "proc.h"
#include "told.h"

/* ---- namespaces ---- */

/* A namespace with a descriptor of its own, which takes the place of one that was there. */
static void keep_ns(struct entry *e, int place, int fd, const char *name)
{
	close_fd(&e->ns[place].fd);
	e->ns[place].fd = fd;
	e->ns[place].name = name;
}

static void open_ns_of_target(struct entry *e, int place, const char *file)
{
	const char *name;
	int fd = target_open_ns(&e->target, file, &name);

	keep_ns(e, place, fd, name);
}

/* The parent of the user namespace that was named, or of the target's, or the owner of the first. */
static void open_user_parent(struct entry *e)
{
	int user = kind_place(CLONE_NEWUSER), base = user;

	for (int i = 0; e->ns[base].fd < 0 && !e->target.pid && i < KIND_COUNT; i++)
		if (e->ns[i].fd >= 0)
			base = i;
	if (e->ns[base].fd < 0)
		open_ns_of_target(e, user, kinds[user].proc);
	keep_ns(e, user, ns_open_owner(e->ns[base].fd),
		must_format("parent of %s", e->ns[base].name));
}

/* --all: what is the caller's own is left out, for an ordinary user could not join it. */
static int others_of_target(const struct xnsenter_options *o, struct entry *e, int flags)
{
	int user = kind_place(CLONE_NEWUSER);

	if (e->ns[user].fd >= 0 && o->user_parent && ns_is(e->ns[user].fd, "/proc/self/ns/user"))
		close_fd(&e->ns[user].fd);
	for (int i = 0; i < KIND_COUNT; i++)
		if (!o->word[i] && !(o->flags & kinds[i].flag) && e->ns[i].fd < 0 &&
		    !(o->user_parent && i == user) && !target_has_own(&e->target, &kinds[i]))
			flags |= kinds[i].flag;
	return flags;
}

/* Whether the user namespace that was named by a file is the target's; only a dry run has to know. */
static bool is_targets_user(const struct entry *e)
{
	int fd = e->ns[kind_place(CLONE_NEWUSER)].fd;

	return telling() && e->target.pid && fd >= 0 &&
	       ns_is(fd, target_path(&e->target, "ns/user"));
}

/* Those that have a name of their own; a socket takes the place of a file that --net named. */
static void open_named(const struct xnsenter_options *o, struct entry *e)
{
	for (int i = 0; i < KIND_COUNT; i++) {
		const char *word = o->word[i];

		e->ns[i].fd = -1;
		if (word)
			keep_ns(e, i, ns_open_word(word), word);
	}
	if (o->socket.given)
		keep_ns(e, kind_place(CLONE_NEWNET), ns_open_socket(&e->target, o->socket.fd),
			"net");
	if (o->pid_for_children)
		open_ns_of_target(e, kind_place(CLONE_NEWPID), "pid_for_children");
	if (o->user_parent)
		open_user_parent(e);
}

static void open_namespaces(const struct xnsenter_options *o, struct entry *e)
{
	open_named(o, e);
	e->from_target = xnsenter_wanted_of_target(o);
	if (o->user_parent)
		e->from_target &= ~CLONE_NEWUSER;
	if (o->all)
		e->from_target = others_of_target(o, e, e->from_target);
	e->joined = e->from_target;
	for (int i = 0; i < KIND_COUNT; i++) {
		if (e->target.pidfd < 0 && (e->from_target & kinds[i].flag))
			open_ns_of_target(e, i, kinds[i].proc);
		if (e->ns[i].fd >= 0)
			e->joined |= kinds[i].flag;
	}
	e->joins_targets_user = (e->from_target & CLONE_NEWUSER) || is_targets_user(e);
	if (e->target.pidfd < 0)
		e->from_target = 0;
}

/* ---- directories ---- */

const char *open_name(const struct entry *e, const struct dir_option *dir, const char *of_target)
{
	return dir->from == GIVEN ? dir->dir : target_path(&e->target, of_target);
}

/* Return: -1 if none is asked for. */
static int open_place(struct entry *e, const struct dir_option *dir, const char *of_target)
{
	if (dir->from == NONE)
		return -1;
	if (dir->from == TARGETS)
		return target_open_file(&e->target, of_target, O_PATH, false);
	int fd = (int)must(open(dir->dir, O_PATH | O_CLOEXEC), N_("cannot open %s"), dir->dir);
	return (int)must(fd_above_stdio(fd), N_("cannot duplicate descriptor"));
}

/* ---- what the kernel makes of it ---- */

/* And who writes the options may not think of. */
static void note_surprises(const struct xnsenter_options *o, const struct entry *e)
{
	static const char *const order[] = { "join-cgroup", "root", "wdns", "setuid" };

	cli_note_order(order, ARRAY_SIZE(order));
	if (o->keep_caps && !(e->joined & CLONE_NEWUSER))
		told_note("--keep-caps has no effect without a user namespace");
	if ((e->joined & CLONE_NEWPID) && o->no_fork)
		told_note("--no-fork: the program is not in the PID namespace, its children are");
	if ((e->joined & CLONE_NEWPID) && !(e->joined & CLONE_NEWNS) && !o->root.from)
		told_note("--pid without --mount: /proc still shows the processes of here");
	/* what is no mount is nowhere the root of a mount namespace, either */
	if (e->root >= 0 && (telling() || tracing()) &&
	    proc_is_mount(e->root, "", AT_EMPTY_PATH) == 0)
		told_note(
			"--root is a chroot: who has CAP_SYS_CHROOT can leave it, and no user namespace can "
			"be made in it");
}

/* ---- all of it ---- */

void open_all(const struct xnsenter_options *o, struct entry *e)
{
	struct target *t = &e->target;

	if (o->pidfd.given)
		target_open_pidfd(t, o->pidfd.fd);
	else if (o->engine && o->target_given)
		target_open_engine(t, o->engine);
	else if (o->target_given)
		target_open(t, o->pid, o->inode);
	open_namespaces(o, e);
	e->root = open_place(e, &o->root, "root");
	e->wd = open_place(e, &o->wd, "cwd");
	if (o->env) /* later, with other rights, if it cannot be now */
		e->env = target_open_file(t, "environ", O_RDONLY, true);
	if (o->join_cgroup)
		cgroup_open(t);
	note_surprises(o, e);
	if (o->uid.from == TARGETS || o->gid.from == TARGETS) /* which is read after joining */
		target_prepare(t);
	hint_use_target(e->joins_targets_user ? target_try_dir(t) : t->dir, e->joins_targets_user);
}

void open_end(struct entry *e)
{
	hint_use_target(-1, false);
	target_close(&e->target);
}
