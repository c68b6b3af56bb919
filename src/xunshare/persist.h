/* SPDX-License-Identifier: MIT */
/*
 * persist.h - namespaces kept beyond their processes, by a bind mount of /proc/PID/ns/KIND on a
 * file.
 */
#ifndef XNS_PERSIST_H
#define XNS_PERSIST_H

#include <sys/types.h>

#include "kind.h"
#include "util.h"

/*
 * persist_check() - opens @file, if it is there, before anything is made. Dies where it is none that a
 * namespace may be bound on: it has to be empty, or, if @stack, another namespace.
 */
void persist_check(const struct kind *kind, const char *file, bool stack);

/*
 * persist_bind() - binds the namespace of @kind that process @pid made on @file, which is created
 * if absent. Puts on the undo list of this process that both go again, as far as they are still what
 * was made here. Dies on failure.
 * Needs: persist_check().
 */
void persist_bind(const struct kind *kind, pid_t pid, const char *file);

/* persist_let_go() - in a child that is not to be a way to the files: closes them. */
void persist_let_go(void);

/*
 * persist_mount_id() - the 64-bit id of this process's mount namespace (Linux 6.11).
 * Return: the id, or 0 where the kernel has none.
 */
uint64_t persist_mount_id(void);

/*
 * persist_younger_mount() - makes sure that this process's new mount namespace can be bound in the
 * one with the id @old: the kernel binds only a namespace with a larger id than the one it is bound
 * in (or there would be loops). From Linux 6.18 on ids are handed out per CPU in batches, so a
 * newer one may be smaller: then another is made, on another CPU, or after using up the batch. Dies
 * on failure.
 * Needs: the mount namespace is new and nothing was done in it yet; @old not 0.
 */
void persist_younger_mount(uint64_t old);

#endif
