/* SPDX-License-Identifier: MIT */
/*
 * resolver.h - whom libc asks for names of hosts, in a mount namespace of one's own: by a resolv.conf that is made
 * for it, and by nobody else. The daemons of outside that libc asks (nscd, systemd-resolved, avahi) are reached by
 * sockets in the file system, which no network namespace keeps apart: those are covered; of the services in
 * nsswitch.conf that ask daemons, hosts keeps none. Where the answers come from does not belong in here.
 */
#ifndef XNS_RESOLVER_H
#define XNS_RESOLVER_H

#include "util.h"

/*
 * resolver_text() - a resolv.conf of the servers in @list, "ADDRESS[,ADDRESS...]". Dies of another word with @status.
 * Return: allocated.
 */
char *resolver_text(const char *list, int status) __attribute__((returns_nonnull));

/*
 * resolver_make() - makes the files, in a file system that is mounted nowhere then: @text as resolv.conf, and what
 * resolver_put() needs. Needs: a mount namespace of one's own, from which mounts do not go out. Dies on failure.
 */
void resolver_make(const char *text);

/*
 * resolver_put() - mounts them below the directory @root, by what @find gives for a path in it: an O_PATH descriptor; or
 * -1 with errno. A link at its end need not be followed if @nofollow: it is then mounted on itself. Dies on failure, also
 * where there is no place for resolv.conf.
 */
typedef int resolver_find(int root, const char *path, bool nofollow);
void resolver_put(int root, resolver_find *find);

/* resolver_find_in() - for a root that is there. */
resolver_find resolver_find_in;

/* resolver_asks_outside() - what of outside would be asked, were nothing covered: static memory; NULL: nothing. */
const char *resolver_asks_outside(void);

#endif
