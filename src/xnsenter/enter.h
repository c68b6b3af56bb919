/* SPDX-License-Identifier: MIT */
/*
 * xnsenter/enter.h - into what open.h has opened: namespaces, then root and working directory. What the
 * program's process is given besides does not belong in here (start.h). All of it dies on failure.
 */
#ifndef XNS_XNSENTER_ENTER_H
#define XNS_XNSENTER_ENTER_H

#include "open.h"

/* join_context() - the SELinux context that the program will have: the target's. */
void join_context(struct entry *e);

/*
 * join_all() - joins the namespaces, then reads of the target what shows itself with the rights, and in
 * the terms, of where we are then.
 */
void join_all(const struct xnsenter_options *o, struct entry *e);

/* join_places() - changes root and working directory. */
void join_places(const struct xnsenter_options *o, struct entry *e);

#endif
