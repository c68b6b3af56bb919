/* SPDX-License-Identifier: MIT */
/*
 * told.h - the line of a call, in strace's format: its arguments, the label of the process, notes
 * between lines, the result. Whether calls are made, traced (-x) or only told (--dry-run) is known here;
 * no call is made here that changes anything.
 *
 * A line is written in one piece, from static memory: a start allocates nothing.
 */
#ifndef XNS_TOLD_H
#define XNS_TOLD_H

#include <stdbool.h>
#include <sys/types.h>

#include "util.h"

enum told_mode {
	CALLS_MADE,
	CALLS_TRACED, /* made, and each printed with its result on standard error */
	CALLS_TOLD,   /* printed on standard output, none made */
};

void told_set_mode(enum told_mode mode);

/* telling() - true if nothing is run (--dry-run). */
bool telling(void);

/* tracing() - true if each call is printed as it is made (-x). */
bool tracing(void);

/*
 * told_set_who() - the label of this process's lines ("child"), NULL for the first; static memory.
 * Return: the one till now.
 */
const char *told_set_who(const char *who);

/* told_note() - a line "# ..." among the calls, if they are printed at all; keeps errno. */
void told_note(const char *fmt, ...) printf_like(1, 2);

/*
 * told_about() - what the next call is about, where its line does not say; for explanations. Static
 * memory.
 */
void told_about(const char *what);

/* told_because() - the option that the calls from here on are made for, till it is NULL; static memory. */
void told_because(const char *option);

/* told_all() - the end of a dry run. Return: 0, or -1 with errno if a line could not be written. */
int told_all(void);

/* The last call that failed behind the door; or a reading one, noted for its hint. */
struct told_failure {
	const char *call;  /* "unshare", NULL if none failed yet */
	int err;	   /* its errno */
	unsigned long arg; /* the flags, id or signal it was given */
	const char *path;  /* the object: a mount's target, a file; the caller's memory */
	const char *type;  /* a mount's file system type, a bind's kind; what was to be written */
	int fd; /* setns: what it was given; a file of a target: its /proc/PID; clone3: a cgroup */
	pid_t pid; /* setns: the process whose pidfd that is, or 0; the target; clone3: set_tid's */
	const char *said; /* fsconfig: what the kernel says of it, or NULL */
};
extern struct told_failure told_failed;

/* ---- for the rooms that make calls: sys, exec ---- */

/* Names of flags, ended by a row without a name, in strace's order. */
struct told_flag {
	unsigned long bit;
	const char *name;
};

/*
 * told_call() - begins the line of a call, "mount(%q, %q, %q, %F, NULL)":
 *   %q  const char *       in quotes, escaped as by strace; NULL
 *   %s  const char *       as it stands
 *   %d  int   %u unsigned int   %z size_t   %x unsigned long long (hexadecimal)   %o mode_t
 *   %D  int, const char *  a descriptor with what it stands for, 3</proc/self/setgroups>; -1 stands as 3,
 *                          AT_FDCWD as itself
 *   %F  const struct told_flag *, unsigned long
 *   %K  int                CLONE_NEW* flags
 *   %S  int                a signal
 *   %V  char *const *      strings, ended by NULL, in brackets
 *   %G  size_t, const gid_t *
 * Return: whether the call is to be made.
 */
bool told_call(const char *fmt, ...);

/* told_add() - goes on with the line. */
void told_add(const char *fmt, ...);

/* told_ahead() - ends the line before the call is made, which may not come back, if calls are traced. */
void told_ahead(void);

/*
 * told_end() - the end of each call: its result is printed, a failure is remembered in told_failed under
 * the call's name. Keeps errno. Return: @ret.
 * told_end_of() - the same with what the call was given.
 */
long told_end(long ret);
long told_end_of(long ret, unsigned long arg, const char *path, const char *type);

/* ---- for explain ---- */

/*
 * told_set_explainer() - who has told_explain() say what a call is for, when its line is complete: @call,
 * of @len bytes, is that without a label; @about is what told_about() said, or "", and @because what
 * told_because() did, or NULL.
 */
typedef void told_explainer(const char *call, size_t len, const char *about, const char *because);
void told_set_explainer(told_explainer *f);

/* told_explain() - behind the line, in a row of its own each: @why, unless it is "", and @sentence. */
void told_explain(const char *why, const char *sentence);

/* ---- the file system that a dry run's chroot and chdir lead to ---- */

/* told_open() - opens @path for reading as it will be seen then. Return: descriptor; -1 with errno. */
int told_open(const char *path, int flags) must_check;
void told_chroot(const char *path);
void told_chdir(const char *path);
void told_fchdir(int fd);

/* told_assume_root() - below which directory the program will be looked for; -1: ours. */
void told_assume_root(int fd);

/*
 * told_look_up() - who opens absolute paths from now on: below a root that is put together of what was
 * told.
 */
void told_look_up(int (*open_below)(const char *path, int flags));

/* told_root() - whether it is another than ours. */
bool told_root(void);

/* told_fd() - a descriptor for one that a told call would have given; closing it is all it is for. */
int told_fd(void) must_check;

#endif
