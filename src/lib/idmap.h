/* SPDX-License-Identifier: MIT */
/*
 * idmap.h - the contents of /proc/PID/uid_map and gid_map: ranges, subordinate ids, splicing,
 * checks. Pure but for reading files and asking getsubids(1). Who writes a map, and messages, are
 * the tool's.
 */
#ifndef XNS_IDMAP_H
#define XNS_IDMAP_H

#include "util.h"

/* The kernel takes 340 lines since Linux 4.15, in one write of less than a page. */
#define IDMAP_MAX 340

struct idrange {
	uint32_t inner; /* first id inside the new namespace */
	uint32_t outer; /* first id outside, as the writer sees it */
	uint32_t count; /* at least 1; neither end goes past 4294967294 */
	uint32_t room;	/* how many ids it may take inside, if more than count; else 0 */
};

struct idmap {
	struct idrange range[IDMAP_MAX];
	int n;
	int malformed; /* idmap_subordinate() sets it */
};

/*
 * idmap_add() - appends a range. Return: 0, or -1 with errno E2BIG (more lines than the kernel
 * takes).
 */
int idmap_add(struct idmap *map, struct idrange range) must_check;

/*
 * idmap_parse() - "inner:outer:count", or the old "outer,inner,count".
 * Return: 0, or -1 with errno EINVAL (not of that form) or ERANGE (a number, or the end of a
 * range).
 */
int idmap_parse(const char *word, struct idrange *out) must_check;

/*
 * idmap_read_parent() - the ids this process's user namespace has, each mapped to itself; from
 * @path ("/proc/self/uid_map" or gid_map).
 * Return: 0, or -1 with errno.
 */
int idmap_read_parent(const char *path, struct idmap *map) must_check;

/*
 * idmap_subordinate() - the ranges that /etc/subuid or /etc/subgid (@file) give to the user
 * with @user as name (may be NULL) or @uid, in the file's order; if there is none,
 * those that getsubids(1) finds (@groups: getsubids -g), which asks NSS.
 * Sets outer and count of each range; inner is 0. A line that cannot be read gives none; @found->malformed
 * is the first such line of the user's in @file, 0: there is none.
 * Return: how many (0: none), or -1 with errno.
 */
int idmap_subordinate(const char *file, bool groups, const char *user, unsigned long uid,
		      struct idmap *found) must_check;

/* How many subordinate IDs useradd(8) gives, and from which on, if login.defs says nothing else. */
enum { IDMAP_USUAL = 65536, IDMAP_USUAL_FIRST = 100000 };

/* idmap_free() - the first of as many that neither /etc/subuid nor /etc/subgid gives to anybody; 0: none. */
uint32_t idmap_free(void);

/* idmap_first_outside() - the first outer ID of @range that is in none of @map's. Return: -1 if all are. */
long long idmap_first_outside(const struct idmap *map, const struct idrange *range);

/*
 * idmap_add_auto() - appends the first of the @subordinate ranges, or @all of them, inside from 0
 * on and one behind the other. Room is left for @single (an id that idmap_splice() will put in; -1:
 * none), so that no subordinate id is lost to it.
 * Return: 0, or -1 with errno E2BIG or ERANGE.
 */
int idmap_add_auto(struct idmap *map, const struct idmap *subordinate, bool all,
		   long long single) must_check;

/*
 * idmap_splice() - puts the one id @inner, mapped from @outer, in front of @map. Where a range held
 * one of the two, its other ids close up, and one more is lost only where the sides have come out
 * unequal.
 * Return: 0, or -1 with errno E2BIG.
 */
int idmap_splice(struct idmap *map, uint32_t inner, uint32_t outer) must_check;

/*
 * idmap_overlap() - finds two ranges that share an id inside or outside.
 * Return: true, with their numbers in @a and @b; false: there are none.
 */
bool idmap_overlap(const struct idmap *map, int *a, int *b);

/* A page less one: the most that the kernel takes in one write, and the NUL. */
#define IDMAP_TEXT 4096

/*
 * idmap_text() - the map as the kernel reads it, a line a range.
 * Return: 0, or -1 with errno E2BIG if it is longer than one write may be.
 */
int idmap_text(const struct idmap *map, char text[IDMAP_TEXT]) must_check;

#endif
