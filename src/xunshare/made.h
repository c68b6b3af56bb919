/* SPDX-License-Identifier: MIT */
/*
 * made.h - what was made in directories of outside, for a root of one's own: it goes again if this process
 * dies. Where and what is made (place.h) does not belong in here.
 */
#ifndef XNS_XUNSHARE_MADE_H
#define XNS_XUNSHARE_MADE_H

#include "compat.h" /* struct statx, which musl 1.2.3 lacks */
#include "util.h"

/*
 * made_fresh() - nothing in the file system of @fd outlives us: what is made there need not be undone.
 * made_is_fresh() - whether that was said of it.
 */
void made_fresh(int fd);
bool made_is_fresh(int fd);

/* made_note() - the entry @name, made in the directory @parent. Dies, without it, if it cannot be kept in mind. */
void made_note(int parent, const char *name, bool dir);

/* made_any() - whether there is any. */
bool made_any(void);

/* made_same() - whether both are one file on one mount; statx(2) was asked for MADE_IDENTITY. */
enum { MADE_IDENTITY = STATX_INO | STATX_MNT_ID };
bool made_same(const struct statx *a, const struct statx *b);

#endif
