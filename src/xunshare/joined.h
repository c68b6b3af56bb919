/* SPDX-License-Identifier: MIT */
/*
 * joined.h - who we are in a user namespace that is joined, and who may look into us there. The
 * words of --join, and setns(2), are in join.h.
 */
#ifndef XNS_JOINED_H
#define XNS_JOINED_H

#include "options.h"

/* only_joins_user() - a user namespace is joined, and no new one made in it. */
bool only_joins_user(const struct xunshare_options *o);

/* joined_open() - opens what will be joined, and the /proc of here. Dies on failure. */
void joined_open(const struct xunshare_options *o);

/*
 * joined_enter() - joins them. In a user namespace, maps of a new one are those of who we shall be
 * there. Dies on failure.
 */
void joined_enter(const struct xunshare_options *o);

/*
 * joined_take_ids() - becomes who we are there, as soon as nothing has to be done as who we were.
 * Dies on failure.
 */
void joined_take_ids(const struct xunshare_options *o);

/*
 * joined_show() - our files in /proc are root's, of the outside, as long as nobody may look into us:
 * for a helper that is not, we have to be @open while it opens them. What could be seen then is what
 * the program will show. Dies on failure.
 */
void joined_show(bool open);

/* joined_proc() - the /proc of the beginning, -1: none; closed by joined_let_go(). */
int joined_proc(void);
void joined_let_go(void);

#endif
