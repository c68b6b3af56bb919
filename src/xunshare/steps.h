/* SPDX-License-Identifier: MIT */
/*
 * steps.h - what --new-root, --bind and their kin ask for, step by step in the order of the command
 * line. How it is made (newroot.h) does not belong in here.
 */
#ifndef XNS_XUNSHARE_STEPS_H
#define XNS_XUNSHARE_STEPS_H

#include <sys/types.h>

#include "cli.h"

enum { MAX_STEP_OPTIONS = 8 };

/* What a step does; the table of newroot.c has a function for each. */
enum step_kind {
	STEP_BIND,
	STEP_TMPFS,
	STEP_OVERLAY,
	STEP_DEV,
	STEP_DIR,
	STEP_SYMLINK,
	STEP_FILE,
	STEP_PREPARE,
};

struct step {
	enum step_kind kind;
	const char *option, *word; /* as they stand on the command line */
	char *source;		   /* a path of outside; a link's target; NULL: none */
	char *place;		   /* a path below the new root; NULL: none */
	char *upper, *work;	   /* of an overlay, NULL: temporary ones */
	unsigned long set, clear;  /* MOUNT_ATTR_* */
	bool alone;		   /* without the mounts below */
	bool optional;		   /* the source may be missing */
	bool idmap;
	const char *options[2 * MAX_STEP_OPTIONS + 1]; /* of its file system: pairs, then NULL */
	int number;				       /* a descriptor of the caller's */
};

/* Zero is: nothing of the kind was asked for. */
struct steps {
	bool given;	 /* any of them was */
	bool fresh;	 /* --new-root */
	const char *dir; /* its directory, NULL: a tmpfs */
	bool read_only;
	size_t n;
	struct step *step;
};

/* steps_idmap() - whether the IDs of a source are to be mapped. */
bool steps_idmap(const struct steps *all);

/* steps_prepare() - whether a command is to be run before the program. */
bool steps_prepare(const struct steps *all);

/* steps_on_root() - whether something is to be mounted on the root itself. */
bool steps_on_root(const struct steps *all);

/* Setters of rows, of a struct steps; they die of what is no such word. */
void steps_set_new_root(const struct cli_option *row, void *at, const char *arg);
void steps_set_read_only(const struct cli_option *row, void *at, const char *arg);
void steps_add_bind(const struct cli_option *row, void *at, const char *arg);
void steps_add_tmpfs(const struct cli_option *row, void *at, const char *arg);
void steps_add_overlay(const struct cli_option *row, void *at, const char *arg);
void steps_add_dev(const struct cli_option *row, void *at, const char *arg);
void steps_add_dir(const struct cli_option *row, void *at, const char *arg);
void steps_add_symlink(const struct cli_option *row, void *at, const char *arg);
void steps_add_file(const struct cli_option *row, void *at, const char *arg);
void steps_add_prepare(const struct cli_option *row, void *at, const char *arg);

#endif
