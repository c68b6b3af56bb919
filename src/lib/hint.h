/* SPDX-License-Identifier: MIT */
/*
 * hint.h - why did the kernel refuse? A probe for each reason that can be found out; no evidence,
 * no hint. Probes read only. What to do about a failure is said to the user, never done here.
 */
#ifndef XNS_HINT_H
#define XNS_HINT_H

/* hint_failed_call() - says what can be found out about sys_failed; for cli_set_hints(). */
void hint_failed_call(void);

/*
 * hint_joins_user() - a user namespace is joined next, that of the process whose /proc/PID is @dir
 * (which stays open, and whose maps are evidence), or of none that is known: -1.
 */
void hint_joins_user(int dir);

/*
 * hint_mapper() - why newuidmap(1) or newgidmap(1) (@program) ended with an error: not installed,
 * without its privilege, or not what /etc/subuid (@file) gives. @status: its wait status.
 */
void hint_mapper(const char *program, const char *file, int status);

#endif
