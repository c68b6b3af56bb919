/* SPDX-License-Identifier: MIT */
/*
 * newroot.h - the program's root is put together: a new one or the one that is there, with what is
 * bound, mounted and made in it; then it is the root of the mount namespace, and the old one is gone.
 *
 * Theory of operation. All sources are taken before anything is changed (source.h): no step sees what
 * another has mounted. The new root is mounted where --prepare can see it; places in it are found from its
 * descriptor and never lead out (place.h). Last, pivot_root(2), and the old root with all below it is
 * unmounted; or from Linux 7.0 on a mount namespace is made of what has been put together, and joined.
 *
 * Mustn't: a path of outside be looked up after the root changed, a place by any other way than place.h.
 */
#ifndef XNS_XUNSHARE_NEWROOT_H
#define XNS_XUNSHARE_NEWROOT_H

#include "child.h"
#include "options.h"

/*
 * newroot_make() - in the new mount namespace, whose propagation is set: all of it, proc too. Dies on
 * failure. Needs: maker_look().
 */
void newroot_make(const struct xunshare_options *o, const struct child *child);

/* newroot_let_go() - what is still open of it; for who does not execute anything. */
void newroot_let_go(void);

/* newroot_propagation() - what the propagation of the old mounts has to be, where @wanted is to be the new ones'. */
unsigned long newroot_propagation(const struct xunshare_options *o, unsigned long wanted);

#endif
