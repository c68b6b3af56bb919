/* SPDX-License-Identifier: MIT */
/*
 * search.h - where a program may be: the files that a search of PATH tries. Whether they can be executed
 * does not belong in here (exec.h, whynot.h).
 */
#ifndef XNS_SEARCH_H
#define XNS_SEARCH_H

#include "util.h"

/* is_set_id() - whether we were started with rights that our caller has not: trust nothing of his, no PATH. */
bool is_set_id(void);

/* search_path() - PATH of this process, or what execvp(3) takes without one. */
const char *search_path(void);

/*
 * search_next() - the next candidate for @file, in @buf, of the PATH that *@path points into; "" where it
 * would be too long to exist. Return: false at the end.
 */
bool search_next(const char **path, const char *file, char *buf, size_t size);

#endif
