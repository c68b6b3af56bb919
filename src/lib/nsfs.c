/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/vfs.h>

#include "fd.h"
#include "nsfs.h"

bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev;
}

/* Where @path leads, which is not opened by that. Return: -1 with EINVAL if it is no namespace. */
static int find(int dir, const char *path, int flags)
{
	int place = fd_above_stdio(openat(dir, path, O_PATH | O_CLOEXEC | flags));
	struct statfs fs;

	if (place >= 0 && fstatfs(place, &fs) == 0) {
		if (fs.f_type == NSFS_MAGIC)
			return place;
		errno = EINVAL;
	}
	close_fd(&place);
	return -1;
}

/* What was found, and not what stands there now. */
static int reopen(int place)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", place);
	return fd_above_stdio(open(path, O_RDONLY | O_CLOEXEC));
}

int nsfs_open(int dir, const char *path, int flags)
{
	cleanup_close int place = find(dir, path, flags);

	return place < 0 ? -1 : reopen(place);
}

int nsfs_open_named(const char *path)
{
	cleanup_close int place = find(AT_FDCWD, path, 0);
	int fd = place < 0 ? -1 : reopen(place);
	struct stat found, opened;

	if (fd >= 0 || place < 0 || errno != ENOENT)
		return fd;
	fd = fd_above_stdio(open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
	if (fd >= 0 &&
	    (fstat(place, &found) < 0 || fstat(fd, &opened) < 0 || !same_file(&found, &opened))) {
		close_fd(&fd);
		errno = EINVAL;
	}
	return fd;
}
