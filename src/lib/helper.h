/* SPDX-License-Identifier: MIT */
/*
 * helper.h - a process that does one thing from outside, for one that has given up what it takes:
 * it waits, works, and undoes its work if the other fails. What the work is does not belong in
 * here.
 */
#ifndef XNS_HELPER_H
#define XNS_HELPER_H

#include <sys/types.h>

#include "util.h"

/*
 * A helper is forked before this process gives up something (its user, its namespaces), waits, and
 * then does one thing with what it still has. It ends when this process does, whatever that dies
 * of.
 */
struct helper { /* begin with HELPER_NONE */
	void (*work)(const void *arg);
	const void *arg;
	bool stays; /* it waits on after the work, to undo it if this process fails */
	pid_t pid;
	int ctl; /* our end of the socket between us, -1: none */
};
#define HELPER_NONE ((struct helper){ .ctl = -1 })

/*
 * helper_start() - forks the helper; @h must live till helper_keep() or the end. Dies on failure.
 */
void helper_start(struct helper *h, void (*work)(const void *), const void *arg, bool stays);

/*
 * helper_release() - lets it work and waits till it has. It dies with a message of its own if it
 * fails, and so does this process then, silently and with its status; and it says so if a signal
 * has killed it. A dry run calls the work here, inline. Return: false if it was never started.
 */
bool helper_release(struct helper *h);

/*
 * helper_let_go() - in every other process that is forked: helpers are to see the end of the tool
 * alone.
 */
void helper_let_go(void);

/* helper_keep() - what a helper that stays has done is to stay; waits for its end. */
void helper_keep(struct helper *h);

/*
 * helper_run() - in a helper: runs the program @argv, with the signal mask from before, and waits
 * for it. Return: its wait status, or -1 with errno; only told: 0.
 */
int helper_run(char *const argv[]) must_check;

#endif
