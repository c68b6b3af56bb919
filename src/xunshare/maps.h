/* SPDX-License-Identifier: MIT */
/*
 * maps.h - what is written once for new user and time namespaces: the maps and setgroups, the
 * offsets of clocks. Which process writes them does not belong in here.
 */
#ifndef XNS_MAPS_H
#define XNS_MAPS_H

#include "options.h"

/*
 * maps_resolve() - makes the maps of the words, for the user @uid and the group @gid as they are
 * seen where the namespace will be made. Dies if the kernel would not take them.
 */
void maps_resolve(const struct xunshare_options *o, uid_t uid, gid_t gid);

/* Who writes which maps. */
enum {
	MAPS_INSIDE = 1,  /* a single ID of one's own, which a process in the namespace may write */
	MAPS_OUTSIDE = 2, /* all others */
};

/*
 * maps_write() - writes the maps of @sides, and setgroups with them, of the user namespace of @pid,
 * whose directory of /proc is @dir. Dies on failure.
 */
void maps_write(const struct xunshare_options *o, int sides, pid_t pid, const char *dir);

/*
 * maps_write_offsets() - writes the offsets of the time namespace whose children's @dir is of. Dies
 * on failure.
 */
void maps_write_offsets(const struct xunshare_options *o, const char *dir);

#endif
