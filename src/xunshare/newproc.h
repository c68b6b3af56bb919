/* SPDX-License-Identifier: MIT */
/*
 * newproc.h - the new proc of --mount-proc, where mount(2) alone does not do: for a PID namespace that only
 * children are in, and where masks over the proc of outside forbid a whole one. What it is mounted on does not
 * belong in here.
 */
#ifndef XNS_XUNSHARE_NEWPROC_H
#define XNS_XUNSHARE_NEWPROC_H

#include "options.h"

/*
 * newproc_mount() - mounts one on the directory @to, whose name is @path. Dies on failure.
 * Return: its descriptor, or -1 where a helper had to mount it, a process of that namespace: before Linux 6.18.
 */
int newproc_mount(const struct xunshare_options *o, int to, const char *path);

/*
 * newproc_mount_subset() - one with processes alone, which Linux 7.2 allows in a user namespace though that of
 * outside is masked. Return: its descriptor, or -1 with errno EPERM.
 */
int newproc_mount_subset(int to, const char *path);

#endif
