/* SPDX-License-Identifier: MIT */
/*
 * target.h - the ways to name a namespace: a process (its PID, its pidfd), a file, an id, a socket
 * of the process, the parent of a user namespace. What is done with the namespaces does not belong
 * in here. Everything dies with a message on failure.
 */
#ifndef XNS_TARGET_H
#define XNS_TARGET_H

#include <sys/types.h>

#include "kind.h"
#include "util.h"

/*
 * The process whose namespaces are meant. Its pidfd stands for it from the first to the last use;
 * /proc/PID is opened once, after it, and is that process's if the pidfd still is: setns(2) of the
 * pidfd tells, or target_check().
 */
struct target {
	pid_t pid; /* 0: none */
	int pidfd; /* -1: none; a thread before Linux 6.9, or a filter: then @dir stands for it */
	pid_t proc_pid; /* its number in /proc; 0: not asked yet */
	int dir;	/* /proc/PID, -1: not open */
	bool closed;	/* and not to be opened again */
};
#define TARGET_NONE ((struct target){ .pidfd = -1, .dir = -1 })

/* target_open() - by PID and, unless it is 0, the inode number that its pidfd has (Linux 6.9). */
void target_open(struct target *t, pid_t pid, unsigned long long inode);

/* target_open_engine() - by a name that an engine knows ("docker:web", engine.h). */
void target_open_engine(struct target *t, const char *word);

/* target_open_pidfd() - by an inherited pidfd, which stays as it is; ours is a copy. */
void target_open_pidfd(struct target *t, int pidfd);

/*
 * target_check() - dies if what was opened below /proc need not be the target's: the process has
 * ended since, and its PID may be another's.
 */
void target_check(const struct target *t);

/*
 * target_try_dir() - opens /proc/PID if it is not open yet. Return: its descriptor, the target's, or
 * -1 if there is none.
 */
int target_try_dir(struct target *t);

/* target_prepare() - the same, for what is read later; before the mount namespace changes. */
void target_prepare(struct target *t);

/*
 * target_open_file() - opens @name below /proc/PID with @flags. Return: the descriptor, above 2 and
 * close-on-exec; or, where rights are missing (hidepid=invisible says ENOENT then) and @try, -1 with errno.
 */
int target_open_file(struct target *t, const char *name, int flags, bool try);

/* target_open_ns() - the same of ns/@file, whose name is @path then. Return: the descriptor. */
int target_open_ns(struct target *t, const char *file, const char **path);

/*
 * target_close() - closes /proc/PID: before any path is looked up in another's root, where it could
 * lead back out through /proc/self/fd.
 */
void target_close(struct target *t);

/* target_path() - "/proc/PID/NAME", for messages and told lines. Return: the caller's memory. */
char *target_path(const struct target *t, const char *name);

/*
 * target_has_own() - whether the target's namespace of this kind is the one we are in; true also
 * where the kernel has no such kind. What cannot be seen counts as another.
 */
bool target_has_own(struct target *t, const struct kind *kind);

/*
 * target_ids() - the target's effective user and group ID, as the user namespace shows them that
 * this process is in by now; a dry run works out what @inside the target's will be shown.
 */
void target_ids(struct target *t, bool inside, uid_t *uid, gid_t *gid);

/* The descriptors of these are above 2 and close-on-exec. */

/* ns_open_word() - a namespace's file; or, as ":" and an id, the one with this 64-bit id (Linux 6.19). */
int ns_open_word(const char *word);

/* ns_is() - whether the namespace @fd is the one that @path shows. */
bool ns_is(int fd, const char *path);

/* ns_open_socket() - the network namespace of the target's socket @fd (Linux 5.6). */
int ns_open_socket(const struct target *t, int fd);

/*
 * ns_open_owner() - the user namespace that owns @fd; of a user namespace: its parent (Linux 4.9).
 */
int ns_open_owner(int fd);

#endif
