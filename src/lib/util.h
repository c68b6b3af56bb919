/* SPDX-License-Identifier: MIT */
/*
 * util.h - small annotations and owners that every room uses.
 * Nothing here makes a system call on its own but close(2) of what an owner holds.
 */
#ifndef XNS_UTIL_H
#define XNS_UTIL_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define printf_like(fmt, args) __attribute__((format(printf, fmt, args)))
#define must_check __attribute__((warn_unused_result))

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

#endif
