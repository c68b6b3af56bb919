/* SPDX-License-Identifier: MIT */
/*
 * outside.h - what has to be done from outside of the new namespaces, or by who we were: maps,
 * offsets, binds, the pid file, the uplink. Here it is known which of that helpers do, when these are forked
 * and released; the work itself is that of maps.h, persist.h, ready.h and keeper.h.
 */
#ifndef XNS_OUTSIDE_H
#define XNS_OUTSIDE_H

#include "options.h"

/*
 * outside_begin() - as who we are at first, in the namespaces of the caller: forks the helpers for
 * the binds, for the pid file and for the uplink. Dies on failure.
 */
void outside_begin(const struct xunshare_options *o);

/*
 * outside_begin_maps() - forks the one for maps and offsets, in the user namespace that the new
 * one's parent will be.
 */
void outside_begin_maps(const struct xunshare_options *o);

/*
 * outside_does_maps() - whether that helper writes whatever has to be written for a new user
 * namespace.
 */
bool outside_does_maps(const struct xunshare_options *o);

/* outside_does_offsets() - whether it writes the offsets of this process's time namespace. */
bool outside_does_offsets(const struct xunshare_options *o);

/*
 * outside_maps() - all that is to be written from outside is, now. @child: with --clone, who is in the
 * new namespaces. Dies on failure.
 */
void outside_maps(const struct xunshare_options *o, pid_t child);

/*
 * outside_bind() - the namespaces are bound on their files, from outside or here. Dies on failure.
 */
void outside_bind(const struct xunshare_options *o);

/* outside_uplink() - the network of the new namespace has its way out, if one was asked for. Dies on failure. */
void outside_uplink(const struct xunshare_options *o);

/* outside_tell() - says the program's PID, in the file and on the descriptor. Dies on failure. */
void outside_tell(const struct xunshare_options *o, pid_t pid, const struct ready_ns *ns);

/* outside_waits() - whether a helper has done what it alone can undo. */
bool outside_waits(void);

/* outside_keep() - what helpers have done stays. */
void outside_keep(void);

#endif
