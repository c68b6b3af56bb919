/* SPDX-License-Identifier: MIT */
/*
 * cgroup.h - joining the cgroups of a process: each hierarchy it is in, version 1 and 2. Making
 * cgroups does not belong in here. Everything dies with a message on failure.
 */
#ifndef XNS_CGROUP_H
#define XNS_CGROUP_H

#include "target.h"

/*
 * cgroup_open() - opens cgroup.procs of each cgroup of @t in which this process is not already; by
 * the mounts that are seen here, so before the mount or cgroup namespace changes.
 */
void cgroup_open(struct target *t);

/* cgroup_join() - moves this process there; closes the files. */
void cgroup_join(void);

/* cgroup_close() - closes the files, in a process that stays where it is. */
void cgroup_close(void);

/*
 * cgroup_leave_vrf() - moves this process out of the cgroup "vrf/NAME" that ip-vrf(8) put it in: its
 * sockets would be bound to a device that another network namespace does not have.
 */
void cgroup_leave_vrf(void);

#endif
