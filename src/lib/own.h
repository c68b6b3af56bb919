/* SPDX-License-Identifier: MIT */
/*
 * own.h - what a scope owns besides descriptors (fd.h): memory and streams, which go at its end
 * whatever the way out. Hand over by setting the variable to NULL. errno stays as it is.
 */
#ifndef XNS_OWN_H
#define XNS_OWN_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static inline void free_owned(void *at)
{
	int saved = errno;

	free(*(void **)at);
	errno = saved;
}

static inline void close_owned(FILE **f)
{
	int saved = errno;

	if (*f)
		fclose(*f);
	errno = saved;
}

/* cleanup_free char *text = NULL; */
#define cleanup_free __attribute__((cleanup(free_owned)))

/* cleanup_file FILE *f = NULL; */
#define cleanup_file __attribute__((cleanup(close_owned)))

#endif
