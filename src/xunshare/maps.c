/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "die.h"
#include "maps.h"

/* Subordinate IDs are those of the user for whom the namespace is made. */
void maps_resolve(const struct xunshare_options *o, uid_t uid, gid_t gid)
{
	uid_t owner = o->owner_given ? o->owner_uid : uid;

	usermap_resolve(&o->users, uid, owner);
	usermap_resolve(&o->groups, gid, owner);
}

/*
 * setgroups can be denied only before there is a group map, and has to be where that is written
 * without a capability outside.
 */
void maps_write(const struct xunshare_options *o, int sides, pid_t pid, const char *dir)
{
	bool users = sides & (usermap_outside(&o->users) ? MAPS_OUTSIDE : MAPS_INSIDE);
	bool groups = sides & (usermap_outside(&o->groups) ? MAPS_OUTSIDE : MAPS_INSIDE);
	bool deny = groups && (o->setgroups == SETGROUPS_DENY || usermap_inside(&o->groups));
	char path[64];

	snprintf(path, sizeof(path), "%s/setgroups", dir);
	if (deny && sides == MAPS_OUTSIDE)
		must_write(path, "deny", N_("write failed %s"));
	if (users)
		usermap_write(&o->users, pid, dir);
	if (deny && sides != MAPS_OUTSIDE)
		must_write(path, "deny", N_("write failed %s"));
	if (groups)
		usermap_write(&o->groups, pid, dir);
	if (o->setgroups == SETGROUPS_ALLOW && (sides & MAPS_INSIDE))
		must_write(path, "allow", N_("write failed %s"));
}

void maps_write_offsets(const struct xunshare_options *o, const char *dir)
{
	char path[64], text[128] = "";
	size_t n = 0;

	snprintf(path, sizeof(path), "%s/timens_offsets", dir);
	if (o->monotonic.given)
		n = (size_t)snprintf(text, sizeof(text), "monotonic %lld %ld\n",
				     (long long)o->monotonic.time.tv_sec,
				     o->monotonic.time.tv_nsec);
	if (o->boottime.given)
		snprintf(text + n, sizeof(text) - n, "boottime %lld %ld\n",
			 (long long)o->boottime.time.tv_sec, o->boottime.time.tv_nsec);
	must_write(path, text, N_("failed to write to %s"));
}
