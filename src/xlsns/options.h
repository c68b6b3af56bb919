/* SPDX-License-Identifier: MIT */
/*
 * xlsns/options.h - what xlsns's command line asks for. What is done for it does not belong in here.
 */
#ifndef XNS_XLSNS_OPTIONS_H
#define XNS_XLSNS_OPTIONS_H

#include "cli.h"

enum tree { TREE_NONE, TREE_PROCESS, TREE_PARENT, TREE_OWNER };

/* Zero is the default of each. */
struct xlsns_options {
	int kinds; /* CLONE_NEW*; 0: all */
	pid_t task;
	pid_t diff[2]; /* 0: not asked for */
	/* the same as an engine names them, or NULL; a network that is none's stands for the task */
	const char *task_engine, *diff_engine[2];
	ino_t task_netns; /* 0: none */
	bool inode_given;
	ino_t inode; /* the namespace whose processes are listed */
	const char *filter;
	const char *columns;
	bool persistent, threads, all_columns, list, json, raw, dot;
	bool no_truncate, no_headings, no_wrap, list_columns;
	enum tree tree;
};

extern const struct cli_tool xlsns_tool;

/*
 * xlsns_check() - takes the @words behind the options, and what only all of them together can be wrong
 * in; dies of it.
 */
void xlsns_check(struct xlsns_options *o, char *const words[]);

/* xlsns_find() - asks for the processes that engines name; xlsns_found() - they are still there. They die otherwise. */
void xlsns_find(struct xlsns_options *o);
void xlsns_found(const struct xlsns_options *o);

#endif
