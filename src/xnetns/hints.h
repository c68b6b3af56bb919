/* SPDX-License-Identifier: MIT */
/*
 * hints.h - why a command of xnetns failed, said behind its message: what can be found out about a
 * call, a name, a file, a device. Nothing is said without evidence, and nothing is changed. Where names
 * are is dir.h's; what is common to the tools is lib's (hint.h).
 */
#ifndef XNS_XNETNS_HINTS_H
#define XNS_XNETNS_HINTS_H

#include "util.h"

/* why_call_failed() - about told_failed; for die_set_hints(), and behind a warning. */
void why_call_failed(void);

/* What stands where a namespace was looked for. */
struct sought {
	const char *dir;  /* of the names */
	const char *word; /* the name that was asked for */
	bool may_be_pid;  /* or it could have been a PID */
	bool may_be_path; /* or a path */
	bool may_be_near; /* or nearly another name */
};

/* why_not_found() - about a word for which nothing was found, or nothing that may be opened (@err). */
void why_not_found(const struct sought *s, int err);

/* why_no_namespace() - about the file @path, which was found and is no network namespace; names are in @dir. */
void why_no_namespace(const char *dir, const char *path);

/* why_not_changed() - about @file in @dir, which could not be made (@made) or removed (@err). Return: -1 */
int why_not_changed(const char *dir, const char *file, bool made, int err);

/* why_not_bound() - about the namespace in the file @source, which could not be had (@err). Return: -1 */
int why_not_bound(const char *source, int err);

/* warn_if_slave() - a hint where the mount at @dir is a slave: outside, a name in it is but a file. */
void warn_if_slave(const char *dir);

#endif
