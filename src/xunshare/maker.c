/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "maker.h"
#include "sys.h"

static struct {
	const struct xunshare_options *o; /* NULL: no namespace is new that may not map us */
	const struct child *child;
	bool uid_given, gid_given;
	uint32_t uid, gid;
	bool active;
} maker;

void maker_look(const struct xunshare_options *o, const struct child *child)
{
	if (!(o->flags & CLONE_NEWUSER))
		return;
	maker.o = o;
	maker.child = child;
	maker.gid_given =
		usermap_maker(&o->groups, o->owner_given ? &o->owner_gid : NULL, &maker.gid);
	maker.uid_given =
		usermap_maker(&o->users, o->owner_given ? &o->owner_uid : NULL, &maker.uid);
}

const uint32_t *maker_uid(void)
{
	return maker.uid_given ? &maker.uid : NULL;
}

const uint32_t *maker_gid(void)
{
	return maker.gid_given ? &maker.gid : NULL;
}

bool maker_owns(uid_t uid)
{
	return maker.o && usermap_maps(&maker.o->users, uid);
}

/* What the kernel has let go of with the IDs. */
static void hold_again(void)
{
	must(sys_dumpable(), N_("prctl failed"));
	if (maker.child && maker.o->kill_signal)
		child_die_with_parent(maker.child, maker.o->kill_signal);
	if (!maker.child && maker.o->die_with_parent)
		child_follow_starter();
}

void maker_become(void)
{
	if (maker.active || (!maker.gid_given && !maker.uid_given))
		return;
	maker.active = true;
	if (maker.gid_given)
		must(sys_setfsgid(maker.gid), N_("setgid() failed"));
	if (maker.uid_given)
		must(sys_setfsuid(maker.uid), N_("setuid() failed"));
	hold_again();
}

/* Who we are cannot be named inside; but these take the ID for files back to the effective one. */
static void step_back(void)
{
	if ((maker.uid_given && sys_same_uids() < 0) || (maker.gid_given && sys_same_gids() < 0))
		return;
	maker.active = false;
	hold_again();
}

bool maker_change(void)
{
	int saved = errno;
	bool was = maker.active;

	if (saved == EOVERFLOW)
		maker_become();
	else if (was && (saved == EACCES || saved == EPERM))
		step_back();
	errno = saved;
	return maker.active != was;
}
