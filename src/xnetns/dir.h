/* SPDX-License-Identifier: MIT */
/*
 * dir.h - the directory of named network namespaces, /run/netns, which ip(8), podman, CNI,
 * containerd and others share, or an ordinary user's own (rootless.h): regular files that carry mounts of namespaces.
 * It is changed under flock(2) of the directory, and holds nothing else. This is the one place that knows where it is.
 * What a namespace is good for does not belong in here.
 *
 * Of the functions that change it each says on standard error what failed, and returns -1.
 */
#ifndef XNS_XNETNS_DIR_H
#define XNS_XNETNS_DIR_H

#include <sys/stat.h>
#include <time.h>

#include "options.h"

const char *netns_dir(void);

/*
 * netns_use() - before any of these, for who does not take the lock: the names are to be seen. netns_look() - the same
 * for who enters none, mounts nothing, and has to see processes.
 */
void netns_use(void);
void netns_look(void);

/* netns_name_ok() - whether it can be the name of a file there: not empty, ".", "..", with a "/". */
bool netns_name_ok(const char *name);

/* netns_path() - the path of its file. Return: allocated. */
char *netns_path(const char *name);

/*
 * netns_open() - the namespace of this name. Return: a descriptor above 2, close-on-exec; or -1 with
 * errno, EINVAL: the file carries none.
 */
int netns_open(const char *name) must_check;

/* netns_is_path() - whether a word is a path, where a command takes one for a namespace. */
bool netns_is_path(const char *word);

/*
 * netns_open_any() - the same; or of a path, or of the process whose PID @word is, or that an engine knows by it
 * (engine.h; dies with @status if it does not), if there is no such name; says in @is_name whether it is one.
 * netns_open_own() - of this process.
 */
int netns_open_any(const char *word, int status, bool *is_name) must_check;
int netns_open_own(void) must_check;

/*
 * netns_engine() - @word names a process by an engine: that one's /proc/PID/ns/net is in @path. Dies with
 * @status if there is none. Return: whether it does. netns_ask() - the same before it is needed: where engines can be asked, and
 * nobody waits for a lock, of a @word that may be a name, too. netns_engine_gone() - dies if one of them has ended since.
 */
enum { NETNS_OF_PID = 40 };
bool netns_engine(const char *word, int status, char path[NETNS_OF_PID]);
void netns_ask(const char *word, int status);

/* netns_plain() - @word as it is without engines: a name, a number, or a path, as which @path serves. Dies with @status. */
const char *netns_plain(const char *word, int status, char path[NETNS_OF_PID]);
void netns_engine_gone(int status);

/* netns_word() - the name in "netns:NAME", if @word is no name itself; else @word. */
const char *netns_word(const char *word);

/* What the word for a namespace can be; to ip(8) it is a name. */
enum netns_word { ONLY_NAME, OR_PATH, OR_PATH_OR_PID };

/* netns_why() - behind a message about the namespace @word, of @err: what can be found out. Return: -1 */
int netns_why(const char *word, int err, enum netns_word what);

/*
 * netns_die() - says that the namespace of a name, path or PID could not be had, with @msgid (N_), and
 * why; exits.
 */
_Noreturn void netns_die(const struct netns_options *o, int status, int err, const char *msgid,
			 const char *word);

/*
 * netns_stat() - of the namespace of a name or path. Dies where there is none, or no such (EINVAL), with
 * @msgid (N_), and says why.
 */
void netns_stat(const struct netns_options *o, const char *word, const char *msgid,
		struct stat *st);

/* parse_as_ip() - a number in ip(8)'s way, in whatever base. Return: whether it is one in that range. */
bool parse_as_ip(const char *word, long long min, long long max, long long *n) must_check;

/* leads_nowhere() - whether an errno says that nothing is there, and not that nobody could look. */
bool leads_nowhere(int err);

enum netns_state {
	NETNS_GONE,  /* there is no such file */
	NETNS_LIVE,  /* it carries a namespace, or a symbolic link leads to one */
	NETNS_STALE, /* it carries none: someone was killed, or it is of another mount namespace */
	NETNS_UNKNOWN, /* it could not be looked at, for the reason in errno */
};

/* netns_state() - of the file at @path. Reads only. */
enum netns_state netns_state(const char *path);

/* now_ms() - milliseconds by this clock. */
long long now_ms(clockid_t clock);

/*
 * netns_is_stale() - whether it is a regular file that carries none, and that nobody is about to mount
 * on: ip(8) makes the file first, without the lock, so a young one is given a second. Return: 1 or 0;
 * -1 with errno if it could not be looked at.
 */
int netns_is_stale(const char *path);

/*
 * netns_names() - the names in the directory, in its order; none where there is no directory. Return: how
 * many; dies if it cannot be read. @names and the strings are allocated.
 * netns_keep_name() - a copy of @name is the one behind the @n that there are.
 */
size_t netns_names(char ***names);
void netns_keep_name(char ***names, size_t n, const char *name);
void netns_free_names(char **names, size_t n);

/* netns_each() - calls @f with each. Return: EXIT_FAILURE if it did for one of them less than 0. */
typedef int netns_step(const struct netns_options *o, const char *name);
int netns_each(const struct netns_options *o, netns_step *f);

/* netns_make_dir() - makes the directory if there is none. Dies if it cannot, as netns_lock(). */
void netns_make_dir(void);

/*
 * netns_lock() - waits for the lock, which lasts till the end of the command. With @make the directory
 * and its mount are made where they are missing; without, there may be none.
 * netns_close_dir() - the directory is not kept open for the next command that locks it: whatever comes now
 * may take its time, and keep others from unmounting it.
 */
void netns_lock(bool make);
void netns_close_dir(void);

/*
 * netns_add() - a new namespace of this name, in which this process is then; with @up its loopback
 * device is up. netns_attach() - a name for the namespace that the file @source is. Need: the lock. A
 * stale file of that name is replaced.
 */
int netns_add(const char *name, bool up) must_check;
int netns_attach(const char *name, const char *source) must_check;

/*
 * netns_delete() - takes the name away, with all that is mounted on it; of a symbolic link nothing
 * else. Needs: the lock.
 */
int netns_delete(const char *name) must_check;

/* netns_rename() - Needs: the lock. */
int netns_rename(const char *old, const char *name) must_check;

/*
 * netns_come_back() - a command has ended, and this process is to do another: the lock goes, and the
 * namespace that netns_add() has gone to is left for @own, a descriptor or -1. Return: false if that
 * cannot be had, or netns_spent() was called: another process has to do it.
 * netns_spent() - by a command that keeps memory, as it is the last thing most processes of ours do.
 */
bool netns_come_back(int own) must_check;
void netns_spent(void);

#endif
