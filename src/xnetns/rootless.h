/* SPDX-License-Identifier: MIT */
/*
 * rootless.h - the networks of an ordinary user: where their names are, and the way to where they are seen. How the
 * process that holds them lives is holder.h's, what is done with names dir.h's.
 *
 * The names are files in $XDG_RUNTIME_DIR/netns. The namespaces are bound on them in a mount namespace of a user
 * namespace of this user's, which a process holds that is recorded in $XDG_RUNTIME_DIR/xnetns. A command goes there
 * first, as root of that user namespace, and does the same as root's does on /run/netns.
 */
#ifndef XNS_XNETNS_ROOTLESS_H
#define XNS_XNETNS_ROOTLESS_H

#include <sys/stat.h>

#include "util.h"

/*
 * rootless_choose() - finds out whose names are meant: those of /run/netns for who has CAP_SYS_ADMIN, or was given
 * rights by the program's file; else the user's own. rootless() - whether it is these.
 */
void rootless_choose(void);
bool rootless(void);

/* rootless_dir() - the directory of the names; rootless_told_dir() - the same as the user knows it. */
const char *rootless_dir(void);
const char *rootless_told_dir(void);

/* rootless_is_name() - whether @st, of a file in the directory @dir, is a name of ours without a namespace, and not podman's. */
bool rootless_is_name(const struct stat *st, const struct stat *dir);

/* rootless_check() - dies where there is no place for the directory, or it is not the user's alone. */
void rootless_check(void);

/* rootless_make_dir() - makes it where it is missing. Dies if that, or what it is in, is not the user's alone. */
void rootless_make_dir(void);

/*
 * rootless_join() - this process goes to where the names are seen, if there are any: once. Where whoever held them has
 * ended, it says which are gone, and removes their files.
 * rootless_look() - for who only looks: from here on rootless_dir() is where they are seen, and this process stays
 * where it is, as it is outside that all of the user's processes can be looked into.
 * rootless_join_locked() - the same for who has the lock of the names; with @make there is a process to hold them then.
 * All die on failure.
 */
void rootless_join(void);
void rootless_look(void);
void rootless_join_locked(bool make);

/*
 * rootless_enter_owner() - where the namespace @word (a name, a path, a PID; see @is_name) belongs to another user
 * namespace of the user's, as that of his container does: this process goes there, as root of that. Return: the
 * namespace; or -1, it does not, or cannot be had from here: rootless_join() then.
 */
int rootless_enter_owner(const char *word, bool *is_name) must_check;

/* rootless_is_new() - whether this process has started who holds them: no name was there. */
bool rootless_is_new(void);

/* rootless_holder() - a pidfd of who holds the names that this process has gone to; -1: root's need nobody. */
int rootless_holder(void);

/* rootless_joined() - whether it is there: it is root of the user namespace, and there is no way back. */
bool rootless_joined(void);

/* rootless_uid() - @uid as it is outside, where this process is in there and sees it as root. */
uid_t rootless_uid(uid_t uid);

/* rootless_is_me() - whether it is the ordinary user himself. */
bool rootless_is_me(uid_t uid);

/* rootless_holds() - whether what was made stays: who holds it is still there. Return: false after a message. */
bool rootless_holds(void) must_check;

/* rootless_has_one_id() - whether root is the only user in there. */
bool rootless_has_one_id(void);

/* rootless_be_oneself() - a user namespace of its own, where this process has the IDs that the user has. Dies on failure. */
void rootless_be_oneself(void);

/* rootless_hint_below() - a hint: names are not changed from where this process is. Return: true. */
bool rootless_hint_below(void);

/* rootless_let_ping() - in a new network namespace: the user may send ICMP echo requests there, as he most often may outside. */
void rootless_let_ping(void);

#endif
