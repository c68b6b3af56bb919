/* SPDX-License-Identifier: MIT */
/*
 * keeper.h - the process that keeps an uplink: it starts the engine, hears whether the network is up, and ends it
 * when what it is for has ended. What the engine is told is uplink.h's; what it is for is its user's.
 *
 * Theory of operation: who forks, and what each process sees.
 *
 *   starter  forks the keeper, waits till it says that the network is up, or ends.
 *   keeper   has nothing of the starter but the namespaces to connect and what it watches; in a session of its own, so
 *            that no terminal's signal reaches it or the engine. It ends on SIGTERM, and its end is the engine's.
 *   engine   has its five descriptors (uplink.h), no signal blocked or ignored; the kernel kills it when the keeper ends.
 *
 * Should: a failure before the network is up be said with all that the engine has said, and leave nothing.
 * Mustn't: anything of the caller's (a pipe of standard output, say) be held by what stays.
 */
#ifndef XNS_KEEPER_H
#define XNS_KEEPER_H

#include <sys/types.h>

#include "uplink.h"

/* A descriptor that can be read when something has happened; @over says whether that is the end, NULL: it is. */
struct keeper_watch {
	int fd;
	bool (*over)(void *arg);
	void *arg;
};

enum { KEEPER_WATCHES = 3 };

struct keeper {
	const struct uplink *uplink; /* after uplink_find() */
	int netns, userns;	     /* -1: the engine need not join one */
	size_t n_watches;
	struct keeper_watch watch[KEEPER_WATCHES];
	void (*at_end)(void *arg); /* in the keeper, when the engine has ended; or NULL */
	void *arg;
	pid_t pid, engine; /* keeper_start() sets them */
};

/*
 * keeper_start() - returns when the network is up. The uplink goes again if this process dies (undo). Dies on failure,
 * with the engine's status where that could not be executed.
 */
void keeper_start(struct keeper *k);

#endif
