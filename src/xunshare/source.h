/* SPDX-License-Identifier: MIT */
/*
 * source.h - what --new-root, --bind and their kin take from outside: paths, devices, the caller's
 * descriptors. Each path is looked at outside, so that what is missing is an error before anything is made;
 * in the new mount namespace it has to be the same file, and is opened, or copied as a detached tree
 * (open_tree(2)), before anything is changed there. Where it is put (newroot.h) does not belong in here.
 */
#ifndef XNS_XUNSHARE_SOURCE_H
#define XNS_XUNSHARE_SOURCE_H

#include "options.h"

struct source {
	const char *path; /* NULL: there is none */
	int fd;		  /* O_PATH, or of its detached copy; -1: not taken yet */
	dev_t dev;
	ino_t ino;
	uid_t uid; /* its owner, outside */
	bool dir;
};

/* The sources that a step can have; the devices are those of --dev, below /dev. */
enum {
	OF_STEP,
	OF_UPPER,
	OF_WORK,
	OF_DEVICES,
	OF_CONSOLE = OF_DEVICES + 6,
	N_SOURCES,
};

/* source_of() - of step @i. Needs: source_open(). */
struct source *source_of(size_t i, int which);

/* source_of_root() - that of --new-root=DIR. */
struct source *source_of_root(void);

/* source_claim_files() - the caller's descriptors (--file), before any of ours is opened. Dies on failure. */
void source_claim_files(const struct steps *all);

/* source_open() - outside: all are there. Dies on failure. */
void source_open(const struct steps *all);

/*
 * Those whose IDs are mapped (Linux 5.12) take rights outside: source_copy_idmapped() copies them there,
 * source_idmap() maps them by the user namespace of the process whose directory in /proc is @proc, once that
 * has its map; the copies are shared by fork(2). Die on failure.
 */
void source_copy_idmapped(const struct steps *all);
void source_idmap(const struct steps *all, const char *proc);

/* source_take() - in the new mount namespace: the others. Dies on failure. */
void source_take(const struct steps *all);

/* source_drop() - when all are where they belong: closes them. */
void source_drop(const struct steps *all);

#endif
