/* SPDX-License-Identifier: MIT */
/*
 * proc.h - readers of /proc/PID. Everything is read through one descriptor of that directory, so
 * that it is of one process, however its number is used again meanwhile. What is made of it does
 * not belong in here.
 *
 * All of these return 0 or more, or -1 with errno. Strings are allocated; where memory for a list is short
 * they die.
 */
#ifndef XNS_PROC_H
#define XNS_PROC_H

#include <sys/types.h>

#include "kind.h"
#include "util.h"

/*
 * proc_gone() - whether an errno says no more than that a process has ended meanwhile, or that it
 * is not for us to look at.
 */
bool proc_gone(int err);

/* proc_is_there() - whether a process of our PID namespace has that number: the one question that takes no /proc. */
bool proc_is_there(pid_t pid);

/* proc_list() - the numbers in the directory @path (/proc, /proc/PID/task), ascending as in /proc. */
ssize_t proc_list(const char *path, pid_t **numbers) must_check;

/* proc_open() - /proc/PID, or /proc/TID of a thread. Return: a descriptor above 2, close-on-exec. */
int proc_open(pid_t pid) must_check;

/*
 * proc_open_thread() - the thread's below that of its process: /proc/TID/stat would sum up what all of its threads have
 * used, which takes long where they are many. Return: as proc_open().
 */
int proc_open_thread(int process, pid_t tid) must_check;

/*
 * proc_of_pidfd() - the number that a pidfd's process has in /proc, which may be that of another PID namespace
 * than ours. Return: the number; 0: it has none; -1: it has ended; -2: not a pidfd; -3 with errno: no /proc.
 */
pid_t proc_of_pidfd(int pidfd) must_check;

/*
 * proc_numbers() - calls @f for each number that is a name in the directory @fd, till it returns
 * less than 0. Return: 0; or what @f returned.
 */
int proc_numbers(int fd, int (*f)(void *arg, int number), void *arg) must_check;

/*
 * proc_put_number() - the number as text at @to, with a NUL: for who makes names by the hundred thousand. Needs: it
 * is 0 or more, and there is room for 11 bytes.
 */
void proc_put_number(char *to, int number);

/* proc_link_number() - the number in the text of a link, "socket:[123]", of which @what is the first word. */
bool proc_link_number(const char *text, const char *what, ino_t *inode);

/*
 * proc_ns_text() - the namespace in the text of a link, "net:[4026531840]".
 * Return: its kind, or NULL if it is none.
 */
const struct kind *proc_ns_text(const char *text, ino_t *inode);

/* proc_ns() - inode number of the namespace that @file ("ns/mnt") below @dir links to. */
int proc_ns(int dir, const char *file, const struct kind *kind, ino_t *inode) must_check;

int proc_uid(int dir, uid_t *uid) must_check;
int proc_ppid(int dir, pid_t *ppid) must_check;

/* proc_command() - the command line with a space for each NUL; the name if there is none. */
int proc_command(int dir, char **command) must_check;

/*
 * proc_inode() - the inode number that the pidfds of @pid have, whose directory @dir is (Linux 6.9); 0: none, or
 * /proc counts otherwise than we do.
 */
int proc_inode(int dir, pid_t pid, unsigned long long *inode) must_check;

/* proc_nspid() - its number in the innermost PID namespace. */
int proc_nspid(int dir, char **pid) must_check;

/* proc_map() - the file @name, "uid_map" or "gid_map": "inner:outer:count" a line. */
int proc_map(int dir, const char *name, char **map) must_check;

/* proc_cgroup() - its cgroup: of version 2, or else the first one that is not the root. */
int proc_cgroup(int dir, char **path) must_check;

/* proc_is_mount() - whether a mount is on @path, as of statx(2), with its @flags. Return: 1 or 0; -1 with errno. */
int proc_is_mount(int dir, const char *path, int flags) must_check;

/*
 * proc_mount() - root and target in a @line of mountinfo, which is changed; for the tools that do
 * without libmount. Return: 0, or -1 if it is none.
 */
int proc_mount(char *line, char **root, char **target) must_check;

/* proc_mounts() - calls @f with those of each of @lines. Return: 0. */
int proc_mounts(char *lines, void (*f)(void *arg, const char *root, const char *target), void *arg);

#endif
