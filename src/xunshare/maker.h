/* SPDX-License-Identifier: MIT */
/*
 * maker.h - by whom files and directories are made. In a user namespace that does not map us we can make
 * nothing in a file system of its own (EOVERFLOW), but in those of outside, where we still are who we
 * were; so there are two that we can be, by the IDs for files (setfsuid(2)). What is made does not
 * belong in here.
 */
#ifndef XNS_XUNSHARE_MAKER_H
#define XNS_XUNSHARE_MAKER_H

#include "child.h"
#include "options.h"

/* maker_look() - whether there is need of another than us; we are @child if that is not NULL. */
void maker_look(const struct xunshare_options *o, const struct child *child);

/* maker_uid(), maker_gid() - that one's ID; NULL: it is ours. */
const uint32_t *maker_uid(void);
const uint32_t *maker_gid(void);

/* maker_owns() - whether what belongs to @uid of outside belongs to one of those inside. */
bool maker_owns(uid_t uid);

/* maker_become() - we are that one, if there is one. Dies on failure. */
void maker_become(void);

/*
 * maker_change() - after a call that has failed, as errno says: we are the other of the two, if it may
 * be that one who can make it. Keeps errno. Return: whether to try again.
 */
bool maker_change(void);

#endif
