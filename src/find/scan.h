/* SPDX-License-Identifier: MIT */
/*
 * scan.h - finds namespaces: by processes and threads, descriptors, sockets, mounts, ancestors and
 * owners, and listns(2). Everything goes into one graph. What is shown of it does not belong in
 * here.
 *
 * What vanishes meanwhile, or is not for us to see, is left out; anything else that cannot be read
 * ends the tool with a message, as the list would be short without a word.
 */
#ifndef XNS_SCAN_H
#define XNS_SCAN_H

#include <sys/types.h>

#include "ask.h"

/* What to look at. */
enum scan_source {
	SCAN_PROCESSES = 1 << 0,   /* all of them, and the namespace of each link in their ns */
	SCAN_DESCRIPTORS = 1 << 1, /* with sockets; needs SCAN_PROCESSES */
	SCAN_THREADS = 1 << 2,	   /* those in other namespaces than their process */
	SCAN_OWN_MOUNTS = 1 << 3,  /* of this mount namespace, with the paths */
	SCAN_MOUNTS = 1 << 4,	   /* of each mount namespace that a process is in */
	SCAN_LISTNS = 1 << 5,	   /* what listns(2) tells, where the kernel has it */
	SCAN_EVERYWHERE = 0x3f & ~SCAN_THREADS,
};

/* Called with the root, "net:[4026531840]", and the target of each mount. */
typedef void scan_mount(void *arg, const char *root, const char *target);

struct scan {
	int kinds;	      /* CLONE_NEW* of those that are wanted; others may be found too */
	unsigned int sources; /* SCAN_* */
	unsigned int facts;   /* FACT_* */
	pid_t tasks[2];	      /* mark the namespaces of these processes; 0: none */
	ino_t inode;	      /* keep each process in this namespace; 0: none */
	/*
	 * Reads lines of mountinfo, which it may change: by libmount, for the tool that has it.
	 * Return: 0, or -1 with errno.
	 */
	int (*read_mounts)(char *lines, scan_mount *f, void *arg);

	struct nsgraph graph;
	struct process **members; /* of @inode, in the order of their PIDs */
	size_t n_members;

	/* scan.c's own */
	struct map sockets; /* by inode number: those that were asked for their namespace */
	dev_t nsfs;	    /* the file system of namespaces */
	ino_t own_mnt;	    /* our mount namespace */
	pid_t own_pid;
	bool counts; /* the kernel tells how many descriptors a process has */
};

/* scan_run() - fills the graph, sorted. What it finds lives till the end of the tool. */
void scan_run(struct scan *s);

#endif
