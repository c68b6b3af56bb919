/* SPDX-License-Identifier: MIT */
/*
 * newroot.h - the program's root is put together: a new one or the one that is there, with what is
 * bound, mounted and made in it; then it is the root of the mount namespace, and the old one is gone.
 *
 * Theory of operation. Outside, each source is opened once and remembered (device and inode), so that
 * what is missing is an error before anything is made. In the new mount namespace each is opened again,
 * must be the same, and is copied as a detached tree (open_tree(2)) while nothing is changed yet: no
 * step sees what another has mounted. The new root is mounted where --prepare can see it; places in it
 * are found from its descriptor and never lead out (place.h). Last, pivot_root(2), and the old root with
 * all below it is unmounted.
 *
 * Mustn't: a path of outside be looked up after the root changed, a place by any other way than place.h.
 */
#ifndef XNS_XUNSHARE_NEWROOT_H
#define XNS_XUNSHARE_NEWROOT_H

#include "child.h"
#include "options.h"

/* newroot_open() - outside: all sources are there. Dies on failure. */
void newroot_open(const struct xunshare_options *o);

/* newroot_take_files() - the caller's descriptors, before any is opened. Dies on failure. */
void newroot_take_files(const struct steps *all);

/*
 * Sources whose IDs are mapped (Linux 5.12) take rights outside: newroot_copy_idmapped() copies them there,
 * newroot_idmap() maps them by the user namespace of the process whose directory in /proc is @proc, once that
 * has its map; the copies are shared by fork(2). Die on failure.
 */
void newroot_copy_idmapped(const struct xunshare_options *o);
void newroot_idmap(const struct xunshare_options *o, const char *proc);

/* newroot_make() - in the new mount namespace, whose propagation is set: all of it, proc too. Dies on failure. */
void newroot_make(const struct xunshare_options *o, const struct child *child);

/* newroot_let_go() - what is still open of it; for who does not execute anything. */
void newroot_let_go(void);

/* newroot_hint() - why one of these failed, where that can be found out. Return: whether it could. */
bool newroot_hint(void);

/* newroot_propagation() - what the propagation of the old mounts has to be, where @wanted is to be the new ones'. */
unsigned long newroot_propagation(const struct xunshare_options *o, unsigned long wanted);

#endif
