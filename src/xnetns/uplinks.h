/* SPDX-License-Identifier: MIT */
/*
 * uplinks.h - the uplinks of named namespaces: who keeps which, as it is recorded beside the names, in /run/xnetns or the
 * user's own directory; their end. How one is kept is keeper.h's, what it is made of uplink.h's.
 *
 * A record is a file that is called as the namespace's inode number, so that another name of it changes nothing: the PID and
 * the start time of the keeper, and what resolv.conf is inside. A keeper that is gone has none.
 */
#ifndef XNS_XNETNS_UPLINKS_H
#define XNS_XNETNS_UPLINKS_H

#include <sys/types.h>

#include "options.h"

/* uplinks_inode() - of the namespace of that name, if an uplink is recorded for it; 0: none is. */
ino_t uplinks_inode(const char *name);

/* uplinks_end_unnamed() - its uplink ends, unless another name leads there. Returns when it has. */
void uplinks_end_unnamed(ino_t inode);

/* uplinks_resolv_conf() - of the namespace @fd. Return: allocated; NULL: it has no uplink. */
char *uplinks_resolv_conf(int fd);

#endif
