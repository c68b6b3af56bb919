/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>

#include "cgroup.h"
#include "cred.h"
#include "env.h"
#include "fd.h"
#include "program.h"
#include "start.h"
#include "sys.h"
#include "told.h"

/* Who wants to keep them keeps them also where the kernel would not let them go. */
static void drop_groups(const struct xnsenter_options *o, const struct entry *e)
{
	if (e->groups_gone)
		return;
	if (o->preserve)
		cred_try_drop_groups();
	else
		cred_drop_groups();
}

/* Return: whether they were changed. */
static bool set_ids(const struct xnsenter_options *o, const struct entry *e)
{
	bool root = (e->joined & CLONE_NEWUSER) && !o->preserve;
	uid_t uid = o->uid.from == TARGETS ? e->uid : o->uid.id; /* 0 if it was not given */
	gid_t gid = o->gid.from == TARGETS ? e->gid : o->gid.id;

	if (root || o->gid.from) {
		drop_groups(o, e);
		must(sys_setgid(gid), N_("setgid() failed"));
	}
	if (root || o->uid.from) {
		if (o->keep_caps && (e->joined & CLONE_NEWUSER) && uid != 0)
			must(sys_keep_caps(), N_("prctl failed"));
		cred_set_uid(uid);
	}
	return root || o->gid.from || o->uid.from;
}

static void take_environment(struct entry *e)
{
	if (e->env < 0 && telling()) {
		told_note("the environment of process %d can be read only by then", e->target.pid);
		return;
	}
	if (e->env < 0)
		e->env = target_open_file(&e->target, "environ", O_RDONLY, false);
	if (env_take(e->env, target_path(&e->target, "environ")) == 0)
		target_check(&e->target); /* it is empty as well once the process has ended */
	close_fd(&e->env);
}

/* Our parent, or if there is none of ours the process that started us. */
static void watch_parent(const struct xnsenter_options *o, struct child *child, bool forked)
{
	if (forked && o->kill_signal)
		child_die_with_parent(child, o->kill_signal);
	else if (!forked && o->die_with_parent)
		child_follow_starter();
}

_Noreturn void setup_program(const struct xnsenter_options *o, struct entry *e, struct child *child,
			     bool forked, char *argv[])
{
	watch_parent(o, child, forked);
	if (o->join_cgroup)
		cgroup_join();
	if (o->new_session)
		must(sys_setsid(), N_("setsid failed"));
	if (set_ids(o, e)) /* new credentials cleared it */
		watch_parent(o, child, forked);
	if (e->joined & CLONE_NEWUSER)
		cred_stay_closed();
	if (o->keep_caps && (e->joined & CLONE_NEWUSER))
		cred_keep_caps(true);
	if (o->env)
		take_environment(e);
	if (o->no_new_privs)
		must(sys_no_new_privs(), N_("prctl failed"));
	open_end(e);
	struct program p = program_of(argv);
	if (forked)
		child_ready(child);
	program_exec(&p, child);
}
