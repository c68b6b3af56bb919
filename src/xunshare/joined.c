/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>

#include "child.h"
#include "cred.h"
#include "die.h"
#include "fd.h"
#include "hint.h"
#include "join.h"
#include "joined.h"
#include "maps.h"
#include "sys.h"
#include "told.h"

static struct {
	uid_t uid;
	gid_t gid;
	bool groups_gone;
	bool shows; /* we have to be dumpable for a moment when a new one's maps are written */
	int proc;
} there = { .proc = -1 };

bool only_joins_user(const struct xunshare_options *o)
{
	return (o->joins & CLONE_NEWUSER) && !(o->flags & CLONE_NEWUSER);
}

void joined_open(const struct xunshare_options *o)
{
	if (o->joins & (CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID))
		there.proc = open_dir("/proc");
	if (o->joins)
		join_open();
}

int joined_proc(void)
{
	return there.proc;
}

void joined_let_go(void)
{
	close_fd(&there.proc);
}

/* Whether the map of the user namespace that we are in has @id; true where nobody can tell. */
static bool is_there(const char *map, unsigned int id)
{
	return cred_is_mapped(fd_above_stdio(openat(there.proc, map, O_RDONLY | O_CLOEXEC)), id);
}

/*
 * Root there, as that is not who has our ID outside. Where there is none: who the command line
 * names (@given); or who we are, if that is somebody there too. Else it is refused, when we try to
 * be root.
 */
static unsigned int choose_id(const char *map, bool given, unsigned int id, unsigned int ours)
{
	if (is_there(map, 0))
		return 0;
	return given ? id : is_there(map, ours) ? ours : 0;
}

void joined_enter(const struct xunshare_options *o)
{
	bool only = only_joins_user(o);

	if (!(o->joins & CLONE_NEWUSER)) {
		join_all(false);
		return;
	}
	there.shows = (geteuid() != 0 && !only) || (o->clone && offsets_given(o));
	there.groups_gone = cred_drop_groups_early();
	join_all(true);
	if (telling())
		told_note(
			"the maps of the user namespace that is joined are assumed to be those of here");
	there.gid = choose_id("self/gid_map", only && o->gid.given, o->gid.id, getegid());
	there.uid = choose_id("self/uid_map", only && o->uid.given, o->uid.id, geteuid());
	if (!only)
		maps_resolve(o, there.uid, there.gid); /* in the terms of that one */
}

void joined_take_ids(const struct xunshare_options *o)
{
	hint_use_join(true);
	if (!there.groups_gone)
		cred_drop_groups();
	must(sys_setgid(there.gid), N_("setgid() failed"));
	cred_set_uid(there.uid);
	hint_use_join(only_joins_user(o));
	cred_stay_closed();
	if (o->die_with_parent) /* new credentials cleared it */
		child_follow_starter();
}

void joined_show(bool open)
{
	if (there.shows)
		must(open ? sys_dumpable() : sys_not_dumpable(), N_("prctl failed"));
}
