/* SPDX-License-Identifier: MIT */
/*
 * cred.h - ids, groups and capabilities of this process: the order in which they have to change.
 * How maps are made does not belong in here (idmap.h).
 */
#ifndef XNS_CRED_H
#define XNS_CRED_H

#include <sys/types.h>

#include "util.h"

/* cred_has() - whether @cap is in this process's effective set; reads only. */
bool cred_has(int cap);

/*
 * cred_drop_groups_early() - drops the supplementary groups with the rights of now: in a user
 * namespace that is joined next it may be forbidden.
 * Return: whether there is none left.
 */
bool cred_drop_groups_early(void) must_check;

/* cred_try_drop_groups() - drops them unless that is forbidden. Return: whether they are gone. */
bool cred_try_drop_groups(void);

/* cred_drop_groups() - drops them. Dies on failure. */
void cred_drop_groups(void);

/* cred_set_gid() - drops the supplementary groups, then setgid(2). Dies on failure. */
void cred_set_gid(gid_t gid);

/* cred_set_uid() - setuid(2). Dies on failure. */
void cred_set_uid(uid_t uid);

/*
 * cred_is_mapped() - whether the inner side of the open uid_map or gid_map @fd, which is closed, holds
 * @id; true where nobody can tell (-1).
 */
bool cred_is_mapped(int fd, unsigned long id);

/*
 * cred_stay_closed() - after a change of IDs or user namespace: this process is still not dumpable, also
 * where the kernel has undone that (fs.suid_dumpable is 1). Dies on failure.
 */
void cred_stay_closed(void);

/*
 * cred_keep_caps() - makes every permitted capability inheritable and ambient (Linux 4.3), so that
 * the program has it whatever its user ID is. A dry run assumes that there are all of them
 * (@assume_all), as a new user namespace gives them, or none. Dies on failure.
 */
void cred_keep_caps(bool assume_all);

#endif
