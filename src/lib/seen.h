/* SPDX-License-Identifier: MIT */
/*
 * seen.h - the evidence: what can be read of the kernel's settings, of this process, its namespaces and
 * mounts. Nothing is changed here, and nothing said; what it means does not belong in here.
 *
 * /proc is read as long as it is ours: what others put there could lie, and a FIFO would hold us. What
 * cannot be read is evidence for nothing.
 */
#ifndef XNS_SEEN_H
#define XNS_SEEN_H

#include <stdio.h>
#include <sys/types.h>

#include "util.h"

/* seen_open() - the file of /proc. Return: a descriptor, or -1 with errno; 0: /proc is not ours. */
int seen_open(const char *path) must_check;

/* seen_number() - the number in the file. Return: false if there is none. */
bool seen_number(const char *path, long *value);

/* seen_status() - field @name ("Seccomp:") of @file, /proc/self/status or another's, as text. */
bool seen_status(const char *file, const char *name, char *value, size_t size);

/* seen_label() - what a security module calls this process; false where there is none. */
bool seen_label(char *label, size_t size);

/* seen_before() - the running kernel is older than that; its @release then is filled in. */
bool seen_before(int major, int minor, char release[65]);

/* seen_chroot() - / is no mount point, as after chroot into a plain directory. False says nothing. */
bool seen_chroot(void);

/* seen_empty() - the file, which is closed, is there and holds nothing. */
bool seen_empty(int fd);

/* seen_ns() - the inode number of /proc/self/ns/@kind, 0: not known. */
ino_t seen_ns(const char *kind);

/* seen_owner() - the same of the user namespace that owns it; 0 also if that is one of our ancestors'. */
ino_t seen_owner(const char *kind);

/* seen_outermost() - we are in the initial user namespace. */
bool seen_outermost(void);

/* seen_below() - the namespace @fd, of users or PIDs, is @inode or one below it. */
bool seen_below(int fd, ino_t inode);

/* seen_is() - @fd has that inode number. */
bool seen_is(int fd, ino_t inode);

/* What is needed here of a line of /proc/self/mountinfo; octal escapes stand as they are. */
struct seen_mount {
	char target[1024];
	char type[64];
	char options[256]; /* the file system's */
	bool shared;
};

/* seen_next_mount() - reads a line of @f. Return: false at the end. */
bool seen_next_mount(FILE *f, struct seen_mount *m);

/* seen_mount_of() - the mount that @path is on, by the longest target that starts it. */
bool seen_mount_of(const char *path, struct seen_mount *found);

/* How long "hidepid=invisible" can be. */
enum { SEEN_HIDEPID = 32 };

/* seen_hidden() - process @pid is there, and /proc, by its option @word, keeps it from us. */
bool seen_hidden(pid_t pid, char word[SEEN_HIDEPID]);

#endif
