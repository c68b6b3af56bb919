/* SPDX-License-Identifier: MIT */
/*
 * mapper.h - newuidmap(1) and newgidmap(1), which write the map of who may not; and what to do where they,
 * or /etc/subuid and /etc/subgid, do not give that. What the map is does not belong in here.
 */
#ifndef XNS_MAPPER_H
#define XNS_MAPPER_H

#include <sys/types.h>

#include "idmap.h"

/* mapper_run() - runs the one for users, or @groups. Where it fails this process ends as it did. */
void mapper_run(bool groups, pid_t pid, const struct idmap *map);

/* mapper_works() - whether both are there, and get the rights that they take; for who can do without. Looks only. */
bool mapper_works(void);

/* mapper_hint_none() - how @user, whom /etc/subuid, or for @groups /etc/subgid, gives nothing, gets some. */
void mapper_hint_none(bool groups, const char *user, uid_t uid);

#endif
