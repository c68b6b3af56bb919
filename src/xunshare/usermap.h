/* SPDX-License-Identifier: MIT */
/*
 * usermap.h - the maps of a new user namespace: as the command line asks for them, resolved to
 * ranges, and written. The arithmetic of ranges is in idmap.h; which namespaces there are is the
 * tool's.
 */
#ifndef XNS_USERMAP_H
#define XNS_USERMAP_H

#include <sys/types.h>

#include "idmap.h"

/* One of the two maps. Begin with zero, and .groups set for the group map. */
struct usermap {
	bool groups;
	bool by_owner; /* the process changes its user before it makes the namespace */
	bool single_given;
	long long single; /* the inner ID of the current user or group, or USERMAP_CURRENT */
	size_t n_words;
	const char *words[IDMAP_MAX + 1]; /* a range or a keyword each, the caller's memory */
};

/*
 * usermap_add() - one more "inner:outer:count", "outer,inner,count", "auto", "auto-all", "subids"
 * or "all". Dies if it is none of these.
 */
void usermap_add(struct usermap *m, const char *word);

/*
 * usermap_set_single() - the current user or group is to be @inner in the namespace; or what it is
 * outside.
 */
#define USERMAP_CURRENT (-1)
void usermap_set_single(struct usermap *m, long long inner);

/*
 * usermap_resolve() - makes the map of the words and the single ID, which stands for @outer
 * outside; subordinate IDs are those of @uid. Reads only. Dies if the map is not one that the
 * kernel can take.
 */
void usermap_resolve(const struct usermap *m, uint32_t outer, uid_t uid);

/*
 * usermap_is_root() - the current user or group is ID 0 in the namespace. Needs: usermap_resolve().
 */
bool usermap_is_root(const struct usermap *m);

/*
 * usermap_maker() - the ID by which something can be made in the user namespace where the one that we are is not
 * mapped: 0 if it is, else the first of the map. @owner: who we are if that is another than the current user or
 * group, else NULL. Needs: usermap_resolve(). Return: false if there is no need, or no map.
 */
bool usermap_maker(const struct usermap *m, const uint32_t *owner, uint32_t *id);

/* usermap_maps() - whether the ID @outer of outside is mapped. Needs: usermap_resolve(). */
bool usermap_maps(const struct usermap *m, uint32_t outer);

/* usermap_outside() - the map has to be written by a helper that stays outside of the namespace. */
bool usermap_outside(const struct usermap *m);

/* usermap_inside() - it is a single ID of one's own, which a process in the namespace may write. */
bool usermap_inside(const struct usermap *m);

/*
 * usermap_write() - writes the map, if there is one, of process @pid, whose directory of /proc is
 * @dir: one of a single ID as it is, any other by newuidmap(1) or newgidmap(1) where this process
 * lacks the capability. Without a capability outside, the group map needs setgroups denied before.
 * Dies on failure.
 * Needs: usermap_resolve().
 */
void usermap_write(const struct usermap *m, pid_t pid, const char *dir);

/*
 * usermap_write_again() - of a namespace nested in the one with this map: each of its IDs is the same there.
 * Dies on failure.
 */
void usermap_write_again(const struct usermap *m, const char *dir);

#endif
