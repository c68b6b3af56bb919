/* SPDX-License-Identifier: MIT */
/*
 * fd.h - descriptors of ours: who owns one, and that none is 0, 1 or 2. What they are opened for does
 * not belong in here.
 */
#ifndef XNS_FD_H
#define XNS_FD_H

#include <errno.h>
#include <unistd.h>

#include "util.h"

/* Closes *fd unless it is -1, which is "none" (0 is a descriptor like any other); keeps errno. */
static inline void close_fd(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = saved;
}

/* int cleanup_close fd = -1: owned by this scope; hand over by setting it to -1. */
#define cleanup_close __attribute__((cleanup(close_fd)))

/*
 * fd_above_stdio() - moves @fd above 2: nothing of ours is ever taken for stdin, stdout or stderr.
 * Needs: @fd is ours and close-on-exec, or -1 (passed through, with errno).
 * Return: the descriptor, or -1 with errno (@fd is closed).
 */
int fd_above_stdio(int fd) must_check;

/* open_dir() - for what is opened below it; where it is does not change. Return: as above. */
int open_dir(const char *path) must_check;

/*
 * fd_open_below() - openat2(2) of @path from the directory @dir on, with the RESOLVE_ flags @resolve: which of them
 * keep it below. Asked again while the kernel cannot say that it stays there, for others rename.
 * Return: as above.
 */
int fd_open_below(int dir, const char *path, int flags, unsigned long long resolve) must_check;

/* fd_set_first() - from now on descriptors of ours are @fd or more, so that those below can go. */
void fd_set_first(int fd);
int fd_first(void);

#endif
