/* SPDX-License-Identifier: MIT */
/*
 * join.h - namespaces that are joined before new ones are made (xunshare --join): the words, their
 * files, setns(2). Whose namespaces a program enters is xnsenter's.
 */
#ifndef XNS_JOIN_H
#define XNS_JOIN_H

#include "util.h"

/*
 * join_add() - one more "KIND=FILE", "KIND=:NSID", "KIND=PID" or "KIND=ENGINE:NAME"; KIND is the long
 * option's name or that of the file in /proc/PID/ns. Makes no system call. Dies if it is none of these.
 * Return: the kind's CLONE_NEW*.
 */
int join_add(const char *word);

/* join_open() - opens them all, in the namespaces of the caller. Dies on failure. */
void join_open(void);

/*
 * join_all() - joins them; @user: a user namespace is among them. That comes last where this process
 * has CAP_SYS_ADMIN, which it would lose for the others, else first, for it gives it. From before a
 * user namespace is joined till exec no process without rights outside can look into us. Dies on
 * failure.
 */
void join_all(bool user);

#endif
