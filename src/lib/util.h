/* SPDX-License-Identifier: MIT */
/*
 * util.h - small annotations that every room uses. Nothing here makes a system call.
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

/*
 * Of a variable that each start reads or writes: it stands with the others in a page that the loader has
 * written to. Between the buffers of .bss each would cost a page fault, of which a start has a hundred.
 */
#define at_start __attribute__((section(".data.at_start")))

/* fail_with() - sets errno. Return: -1, for who returns that with it. */
static inline int fail_with(int err)
{
	errno = err;
	return -1;
}

#endif
