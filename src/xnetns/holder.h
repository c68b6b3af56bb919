/* SPDX-License-Identifier: MIT */
/*
 * holder.h - the process that holds an ordinary user's networks: how it is started, how it is found, and its life.
 * Where the names are, and who goes there, do not belong in here (rootless.h).
 */
#ifndef XNS_XNETNS_HOLDER_H
#define XNS_XNETNS_HOLDER_H

#include <sys/stat.h>
#include <sys/types.h>

#include "util.h"

struct holder_place {
	const char *names;    /* the directory of the names */
	const char *own_name; /* the directory of what is our own, */
	int own;	      /* open */
	uid_t uid;	      /* whose they are */
	gid_t gid;
};

/* holder_find() - its PID, by the lock it has in the directory @own; 0: there is none; -1: it is in a PID namespace that is not ours. */
pid_t holder_find(int own);

/*
 * holder_start() - starts it. Needs: the lock of the names; that there is none. It ends when no name is left, but not
 * before this process has. Dies on failure.
 */
void holder_start(const struct holder_place *place);

/*
 * holder_is_name() - whether @st, of a file in the directory @dir, is one of our names that carries a namespace no more,
 * or not yet, and nothing of another's.
 */
bool holder_is_name(const struct stat *st, const struct stat *dir);

#endif
