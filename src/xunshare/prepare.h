/* SPDX-License-Identifier: MIT */
/*
 * prepare.h - a command of --prepare, and that it does not outlive who is killed while it runs. When it is
 * run, and where, does not belong in here.
 */
#ifndef XNS_XUNSHARE_PREPARE_H
#define XNS_XUNSHARE_PREPARE_H

#include "child.h"
#include "options.h"

struct prepare {
	const char *command;
	int dir; /* its working directory, @path for it */
	const char *path;
	const uint32_t *gid, *uid; /* who it is; NULL: we are */
	bool keep_caps;		   /* exec would take them */
};

/*
 * prepare_run() - runs it in a process of @child, which we are, and waits for it; with --kill-child it is killed,
 * with all that it has started, if we are, and what is to be undone is. Dies on failure, and of its.
 */
void prepare_run(const struct xunshare_options *o, const struct child *child,
		 const struct prepare *p);

#endif
