/* SPDX-License-Identifier: MIT */
/*
 * xnsenter/options.h - what xnsenter's command line asks for. What is done for it does not belong in here.
 */
#ifndef XNS_XNSENTER_OPTIONS_H
#define XNS_XNSENTER_OPTIONS_H

#include "cli.h"

/* A directory or an ID is the target's, or what the word says. */
enum source { NONE, TARGETS, GIVEN };

struct dir_option {
	enum source from;
	const char *dir;
};

struct id_option {
	enum source from;
	unsigned int id; /* a uid_t or a gid_t */
};

/* Zero is the default of each. */
struct xnsenter_options {
	int flags;		      /* CLONE_NEW* that were asked for one by one; see cli.h */
	const char *word[KIND_COUNT]; /* a path, or ":" and an id; NULL: the target's */
	bool all, user_parent, pid_for_children;
	bool target_given;
	const char *engine; /* the target as an engine names it, or NULL: */
	pid_t pid;	    /* 0: none */
	unsigned long long inode;
	struct given_fd pidfd, socket;
	struct id_option uid, gid;
	struct dir_option root, wd;
	struct dir_option wdns; /* a NULL dir: as it is */
	bool preserve, keep_caps, env, join_cgroup, context;
	bool no_fork, forward, die_with_parent, new_session, no_new_privs, close_fds;
	int kill_signal; /* 0: none */
};

extern const struct cli_tool xnsenter_tool;

/* xnsenter_wanted_of_target() - the CLONE_NEW* that are to be the target's. */
int xnsenter_wanted_of_target(const struct xnsenter_options *o);

/*
 * xnsenter_check() - what only all of them together can be wrong in; dies of it, and notes what has no
 * effect.
 */
void xnsenter_check(struct xnsenter_options *o);

#endif
