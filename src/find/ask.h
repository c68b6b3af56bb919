/* SPDX-License-Identifier: MIT */
/*
 * ask.h - what the kernel says of one namespace and of those above it; and how each was opened, and can
 * be again. Where namespaces are looked for does not belong in here (scan.h).
 *
 * What vanishes meanwhile, or is not for us to see, is left out; these die of anything else.
 */
#ifndef XNS_ASK_H
#define XNS_ASK_H

#include "nsgraph.h"

/* What to find out of each namespace, and of the first process in it. */
enum scan_fact {
	FACT_RELATIONS = 1 << 0, /* parent and owner, which are found by it too */
	FACT_OWNER_UID = 1 << 1,
	FACT_ID = 1 << 2,
	FACT_NETNSID = 1 << 3,
	FACT_HOLDERS = 1 << 4,
	FACT_PPID = 1 << 5,
	FACT_UID = 1 << 6,
	FACT_COMMAND = 1 << 7,
	FACT_NSPID = 1 << 8,
	FACT_MAPS = 1 << 9,
	FACT_CGROUP = 1 << 10,
	FACT_PIDINO = 1 << 11,
	FACT_DEVICES = 1 << 12, /* of network namespaces, which are entered for it */
};

/*
 * is_trouble() - whether an errno is of us, who cannot open any more, or of a disk; and does not say that
 * there is nothing, or nothing for us.
 */
bool is_trouble(int err);

_Noreturn void fail_namespace(unsigned long long inode);

/*
 * ask_link() - enters the namespace @inode of this kind, and finds out what is wanted (@g->facts) of it and
 * of those above it, once; through the link @file below @dir, which is /proc/@pid, if that still leads
 * there. Return: its node; of a kind that is not known (NULL) only if the kernel knows it: else NULL.
 */
struct ns *ask_link(struct nsgraph *g, ino_t inode, const struct kind *kind, pid_t pid, int dir,
		    const char *file);

/* ask_mount() - the same through what is mounted on @path below the root of process @pid, 0: ours. */
struct ns *ask_mount(struct nsgraph *g, ino_t inode, const struct kind *kind, pid_t pid,
		     const char *path) __attribute__((returns_nonnull));

/*
 * ask_open() - enters the namespace that is open as @fd, which is closed, of a @kind that may not be known
 * (NULL), and asks. @way is how it was opened. Return: its node; NULL: its kind is not known to us.
 */
struct ns *ask_open(struct nsgraph *g, int fd, const struct kind *kind, struct way way);

/*
 * ask_socket() - the same through the socket @number of process @pid; its pidfd is opened if it is -1, and the
 * caller's. Return: 0, and the network namespace in @ns, NULL: we may not know; -1 with errno: it is no
 * descriptor there.
 */
int ask_socket(struct nsgraph *g, int *pidfd, pid_t pid, int number, struct ns **ns) must_check;

/*
 * ask_again() - opens a network namespace once more; none is kept open, as there may be more of them than
 * descriptors. Needs: FACT_DEVICES. Return: a descriptor above 2, close-on-exec; -1: it, or who had it
 * open, is not there any more.
 */
int ask_again(const struct ns *ns) must_check;

#endif
