/* SPDX-License-Identifier: MIT */
/*
 * hint.h - why did the kernel refuse? A row for each reason that can be found out (seen.h reads the
 * evidence); no evidence, no hint. What to do about a failure is said to the user, never done here. Of a process that may
 * not be looked into peek.h speaks, of a program that cannot be executed whynot.h.
 */
#ifndef XNS_HINT_H
#define XNS_HINT_H

#include <stddef.h>

#include "util.h"

/* A reason: of which calls, with a space between, and of which errno; @found looks for the evidence, and says it. */
struct hint_reason {
	const char *calls;
	int err;
	bool (*found)(void);
};

/* Security modules answer with EPERM or EACCES, whatever the kernel would: either; any errno. */
enum { HINT_REFUSED = -1, HINT_ANY = -2 };

/* hint_by() - the first of @n reasons that is one for told_failed, and has evidence. Return: whether there is one. */
bool hint_by(const struct hint_reason *reasons, size_t n);

/* hint_failed_call() - says what can be found out about told_failed; for die_set_hints(). */
void hint_failed_call(void);

/*
 * hint_use_target() - the tool joins namespaces, of the process whose /proc/PID is @dir (-1: there is
 * none; it stays open, and is evidence also where /proc is not ours any more). @maps: it is in the user
 * namespace that is joined.
 */
void hint_use_target(int dir, bool maps);

/*
 * hint_use_join() - from now on, or no longer, IDs that are set are those of a user namespace that the
 * tool has joined, and that has to be left no way but by others.
 */
void hint_use_join(bool joined);

/*
 * hint_before_joining() - looks at what can be seen of ourselves only now; if the user namespace is
 * joined after the rest, and so stays what it is.
 */
void hint_before_joining(void);

#endif
