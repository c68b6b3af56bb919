/* SPDX-License-Identifier: MIT */
/*
 * engine.h - targets by name: "docker:web" is the process that the program docker says it is. Which engines there
 * are, what each is asked, and where the PID stands in its answer, is one table. What is done with the process does not
 * belong in here. Everything dies with a message on failure.
 */
#ifndef XNS_ENGINE_H
#define XNS_ENGINE_H

#include <sys/types.h>

#include "util.h"

/* Where named network namespaces are, as ip(8) has it; "netns:NAME" is one of them. */
#define ENGINE_NETNS "/run/netns"

struct engine {
	const char *prefix;  /* in front of the colon */
	const char *args[6]; /* of the program, which is the first; "%" in one stands for the name */
	const char *package;	/* the one that the program is in, of Debian */
	const char *path;	/* names in its JSON that lead to the PID, "." between them */
	const char *key;	/* what stands in front of the "=", in an answer that is lines */
	const char *state;	/* the same to the state, "=", and what that is if it runs */
	const char *none;	/* what it says of a name it does not know: any, "|" between them */
	const char *several;	/* the same if there are several */
	const char *by_name[5]; /* asks for the ID of a name that it does not know, or none */
	const char *socket;	/* of the daemon, which it is told if there is that file, or NULL */
	const char *host;	/* the variable by which it asks another machine, or NULL */
	bool picks;	  /* the answer may be an array, of which the one called so is meant */
	bool silent;	  /* it answers nothing if that does not run */
	const char *list; /* lists the names that run, first on their lines, for completion; NULL */
};
extern const struct engine engines[];
extern const int n_engines;

/* engine_named() - whether @word names a target so: it begins with a known prefix and a colon. Makes no call. */
bool engine_named(const char *word);

/* engine_check() - dies of what cannot be a name behind the colon. Makes no call. */
void engine_check(const char *word);

/* engine_name() - what is behind the colon. */
const char *engine_name(const char *word);

/*
 * engine_is_netns() - whether @word is "netns:NAME", which is no process; dies of what cannot be that name. Makes no
 * call. engine_netns() - its path: that of a name in ENGINE_NETNS, or of an ordinary user's own (xnetns(8)), which is
 * seen below the process that holds them. Return: allocated. engine_is_shared() - whether such a path is of the first.
 */
bool engine_is_netns(const char *word);
char *engine_netns(const char *word);
bool engine_is_shared(const char *path);

/*
 * engine_find() - asks for the process, holds it, and asks again: it must be the same. Needs: engine_named(), and no
 * "netns:". On failure the tool ends with @status.
 * Return: its PID; its pidfd in @pidfd, the caller's, which is -1 where there are none (a filter of system calls).
 */
pid_t engine_find(const char *word, int status, int *pidfd);

/* engine_gone() - dies if that process has ended: what was opened by its PID may be another's. */
void engine_gone(const char *word, int status, pid_t pid, int pidfd);

/* engine_hint() - what a @word with a colon may have been meant for that no engine is named by. Return: whether there is a hint. */
bool engine_hint(const char *word);

#endif
