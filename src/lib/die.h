/* SPDX-License-Identifier: MIT */
/*
 * die.h - what a tool says, and the ways to end: messages in the user's language, hints, the undo list,
 * exit statuses. What has failed, and why, does not belong in here; but that there is no /proc, which any message may be
 * about, is said by each of them.
 */
#ifndef XNS_DIE_H
#define XNS_DIE_H

#include "text.h"
#include "util.h"

/* Exit statuses, as of the peers and of env(1). */
enum {
	EXIT_CANNOT_EXEC = 126, /* the program is there and could not be run */
	EXIT_NOT_FOUND = 127,	/* the program is not there */
};

/*
 * use_locale() - loads the locale now, for who prints tables or numbers: how wide a letter is
 * depends on it.
 */
void use_locale(void);

/*
 * flush_output() - writes what was printed. A closed standard output is no error, as with the peers; a
 * full disk is one. Return: false after a message.
 */
bool flush_output(void) must_check;

/* end_output() - the end of a tool that has printed something, and failed at most in that. */
_Noreturn void end_output(void);

/* die_set_hints() - what die() calls after its message to say the kernel's reason. */
void die_set_hints(void (*hints)(void));

/* die_set_alone() - what die() calls before its message, while there are threads: the others wait there. */
void die_set_alone(void (*alone)(void));

/* warn_msg() - "NAME: MESSAGE" on standard error. Return: -1, for what has failed by it. */
int warn_msg(const char *msgid, ...) printf_like(1, 2);

/* warn_err() - the same with ": " and the text of @err. */
int warn_err(int err, const char *msgid, ...) printf_like(2, 3);

/*
 * die_about_proc() - the next message is of a file of /proc, and does not name it: where it is missing, a hint says
 * that /proc is not mounted, as of a message that names one.
 */
void die_about_proc(void);

/* die_set_bare() - from now on messages but hints stand without "NAME: ", as the peer's do. */
void die_set_bare(void);

/* hint() - "NAME: hint: MESSAGE" on standard error. Return: true, for who asks whether there was one. */
bool hint(const char *msgid, ...) printf_like(1, 2);

/*
 * die() - warn_msg(), with ": " and the text of @err if it is not 0; then the hints, the undo list,
 * exit(@status). The msgid is marked N_ where it stands and translated here, as in all of these.
 */
_Noreturn void die(int status, int err, const char *msgid, ...) printf_like(3, 4);

/* die_said() - the end of who has said why by warn_msg(), and by hints of his own. */
_Noreturn void die_said(int status);

/* must() - @ret, unless it is negative: then die(EXIT_FAILURE, errno, ...). */
long must(long ret, const char *msgid, ...) printf_like(2, 3);

/* must_have() - @p, which is allocated memory, unless it is NULL: then dies of that. */
void *must_have(void *p) __attribute__((returns_nonnull));

/* must_format() - as asprintf(3). Return: allocated; dies where there is no memory. */
char *must_format(const char *fmt, ...) printf_like(1, 2) __attribute__((returns_nonnull));

/* must_open_write() - sys_open_write(), but dies if that fails. Return: only told it may be -1. */
int must_open_write(const char *path);

/*
 * must_write() - opens the file of /proc, gives it @text in one write, closes it. Dies if that
 * fails, of the write with @msgid (N_), which has one %s, for @path.
 */
void must_write(const char *path, const char *text, const char *msgid);

/*
 * The undo list: what has to go again if this process dies. Only the process that put an entry in
 * runs it, last first. Up to 32 entries; @arg must live as long.
 */
void undo_push(void (*undo)(void *arg), void *arg);

/* undo_take() - the entries of the process @from, which has forked us, are ours. */
void undo_take(pid_t from);

/* undo_forget() - all is well: what was made stays. */
void undo_forget(void);

/* die_anew() - what failed till now, and was to be undone, is nothing to what is done next. */
void die_anew(void);

/* undo_run() - runs the list of this process and empties it. */
void undo_run(void);

#endif
