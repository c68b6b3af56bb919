/* SPDX-License-Identifier: MIT */
/*
 * nsid.h - the 64-bit ids that the kernel gives to namespaces, which never come again. Inode
 * numbers, and the ids that a network namespace has for its peers (rtnl.h), do not belong in here.
 */
#ifndef XNS_NSID_H
#define XNS_NSID_H

#include "util.h"

/*
 * nsid_of() - the id of the open namespace @fd (Linux 6.18; of a mount namespace 6.11).
 * Return: 0, or -1 with errno (ENOTTY: the kernel has none).
 */
int nsid_of(int fd, uint64_t *id) must_check;

/*
 * nsid_open() - the namespace with this id (Linux 6.19). Needs: /proc.
 * Return: a descriptor above 2, close-on-exec; or -1 with errno (ESTALE: none has it, or the kernel
 * wants more than the id).
 */
int nsid_open(uint64_t id) must_check;

/*
 * nsid_list() - the next ids behind @last, ascending, at most @n; those that the caller may see
 * (Linux 6.19).
 * Return: how many, 0 at the end; or -1 with errno (ENOSYS: an older kernel).
 */
ssize_t nsid_list(uint64_t last, uint64_t *ids, size_t n) must_check;

#endif
