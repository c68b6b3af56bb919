/* SPDX-License-Identifier: MIT */
/*
 * xnsenter/open.h - all that has a name is opened, in the namespaces of the caller: the target, its
 * namespaces and those of files and ids, directories, cgroups. What is done with it does not belong in
 * here.
 */
#ifndef XNS_XNSENTER_OPEN_H
#define XNS_XNSENTER_OPEN_H

#include "options.h"
#include "target.h"

/* A run: what is open, and what the steps say to each other. Begin with ENTRY_NONE. */
struct entry {
	struct target target;
	struct {
		int fd; /* of its own, -1: none */
		const char *name;
	} ns[KIND_COUNT];
	int from_target;	 /* CLONE_NEW* that are joined by the target's pidfd */
	int joined;		 /* all that are joined */
	bool joins_targets_user; /* the user namespace that is joined is the target's */
	int root, wd, env;	 /* descriptors, -1: none */
	bool groups_gone;	 /* the supplementary groups, before a user namespace was joined */
	uid_t uid;		 /* the target's, by the user namespace that is joined */
	gid_t gid;
};
#define ENTRY_NONE ((struct entry){ .target = TARGET_NONE, .root = -1, .wd = -1, .env = -1 })

/* open_all() - opens it, and what is wrong with a name is said before anything changes. Dies on failure. */
void open_all(const struct xnsenter_options *o, struct entry *e);

/* open_name() - what @dir is called in messages and told lines; the target's: its file @of_target. */
const char *open_name(const struct entry *e, const struct dir_option *dir, const char *of_target);

/*
 * open_end() - closes the directory of the target, before a path is looked up that others had a hand
 * in: a link to /proc/self/fd would lead from theirs to ours.
 */
void open_end(struct entry *e);

#endif
