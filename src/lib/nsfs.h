/* SPDX-License-Identifier: MIT */
/*
 * nsfs.h - opens a file that is a namespace, and nothing else: a path may lead to a FIFO or a device
 * that does something when it is opened, and another may have put it there a moment ago. Which
 * namespace it is, and what it is for, do not belong in here.
 */
#ifndef XNS_NSFS_H
#define XNS_NSFS_H

#include <sys/stat.h>

#include "util.h"

/*
 * nsfs_open() - the namespace that @path below @dir leads to; @flags: O_NOFOLLOW or 0. Needs: /proc.
 * Return: a descriptor above 2, close-on-exec; or -1 with errno, EINVAL: it is something else, which
 * was not opened.
 */
int nsfs_open(int dir, const char *path, int flags) must_check;

/*
 * nsfs_open_named() - the same of a path that the caller named, or that only the administrator can
 * change: it works without /proc as well.
 */
int nsfs_open_named(const char *path) must_check;

/* same_file() - device and inode number: the number alone may be another file's. */
bool same_file(const struct stat *a, const struct stat *b);

#endif
