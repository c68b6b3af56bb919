/* SPDX-License-Identifier: MIT */
/*
 * xunshare/options.h - what xunshare's command line asks for. What is done for it does not belong in here.
 */
#ifndef XNS_XUNSHARE_OPTIONS_H
#define XNS_XUNSHARE_OPTIONS_H

#include <time.h>

#include "cli.h"
#include "ready.h"
#include "steps.h"
#include "uplink.h"
#include "usermap.h"

#define BINFMT_DIR "/proc/sys/fs/binfmt_misc" /* unless another is given */

enum { MAX_ENV_LISTS = 64 };

enum setgroups { SETGROUPS_UNSET, SETGROUPS_DENY, SETGROUPS_ALLOW };

struct given_offset {
	bool given;
	struct timespec time;
};

/* Zero is the default of each, so that it costs a start nothing. */
struct xunshare_options {
	int flags;		      /* CLONE_NEW*; the first, see cli.h */
	const char *file[KIND_COUNT]; /* where the namespace is bound, or NULL */
	bool persist;		      /* any of these */
	bool fork, no_fork, forward, keep_caps, clear_env;
	int kill_signal; /* 0: none */
	const char *proc, *binfmt, *interp, *root, *wd;
	bool propagation_given;
	unsigned long propagation; /* MS_*, 0: unchanged; if given, else private */
	enum setgroups setgroups;
	bool owner_given;
	uid_t owner_uid;
	gid_t owner_gid;
	struct given_id uid, gid;
	struct given_offset monotonic, boottime;
	bool init, clone, die_with_parent, new_session, no_new_privs, no_userns, lo_up;
	int joins; /* CLONE_NEW* that are joined before */
	const char *hostname, *domainname, *cgroup;
	pid_t tid; /* 0: any */
	struct ready ready;
	struct steps steps;
	struct uplink uplink;
	const char *dns; /* addresses, NULL: not given */
	size_t n_env_names;
	const char *env_names[MAX_ENV_LISTS];
	struct usermap users, groups; /* the large ones last: what a start touches is one page */
};

extern const struct cli_tool xunshare_tool;

/* offsets_given() - clocks of the time namespace are shifted. */
bool offsets_given(const struct xunshare_options *o);

/* children_join_pid() - a PID namespace is joined, and not by the program itself (--no-fork). */
bool children_join_pid(const struct xunshare_options *o);

/*
 * xunshare_check() - what only all of them together can be wrong in; dies of it, and notes what has no
 * effect.
 */
void xunshare_check(struct xunshare_options *o);

#endif
