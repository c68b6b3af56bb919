/* SPDX-License-Identifier: MIT */
/*
 * place.h - places below a root that is not ours yet: found and made without ever leaving it, whatever
 * links are there. What is mounted on them does not belong in here.
 *
 * A root is given by a descriptor of its directory, which may be O_PATH. A dry run makes no place, so what
 * was told is kept in mind: places made, trees that are mounted, links.
 */
#ifndef XNS_XUNSHARE_PLACE_H
#define XNS_XUNSHARE_PLACE_H

#include "util.h"

/*
 * place_find() - what @path, which is absolute, leads to below @root.
 * Return: an O_PATH descriptor; -1 with errno, ENOENT also where a part of the way is missing.
 */
int place_find(int root, const char *path) must_check;

/*
 * place_make() - the same; what is missing of the way is made (0755), and at its end a directory if @dir,
 * else an empty file. It goes again if this process dies (made.h). Linux 5.6.
 * Return: as place_find(); ENOTDIR or EISDIR where it is of the other kind.
 */
int place_make(int root, const char *path, bool dir) must_check;

/*
 * place_parent() - the directory in which @path is to be made, made if it is missing; *dir is its path,
 * *name the last part of @path, "." where that is no name; both are allocated. Return: as place_find().
 */
int place_parent(int root, const char *path, char **dir, const char **name) must_check;

/* place_is_root() - whether @fd, found for @path, is the root itself. */
bool place_is_root(int root, int fd, const char *path);

/*
 * place_told() - in a dry run: @path is now the tree of @fd, or something empty (-1); or a link to @target.
 * @path and @target live as long as the process.
 */
void place_told(const char *path, int fd, const char *target);

/* place_look_up() - from now on a dry run looks for the program below @root. */
void place_look_up(int root);

#endif
