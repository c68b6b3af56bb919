/* SPDX-License-Identifier: MIT */
/*
 * jsonget.h - a value in JSON that a program has answered with: by the names that lead to it. Pure; it allocates
 * nothing, and does not recurse. Writing JSON does not belong in here, nor what a value means.
 *
 * What is looked through has to be JSON as far as brackets and strings go; a name that stands twice in one object
 * is none of these, for nobody could say which is meant.
 */
#ifndef XNS_JSONGET_H
#define XNS_JSONGET_H

#include "util.h"

/* jsonget_is() - whether @text begins as an object or an array does. */
bool jsonget_is(const char *text);

/*
 * jsonget() - the value at @path, names with a "." between them, in @text, which ends in a NUL. An array stands
 * for the one element that it has; with @name, for the one whose member "name" is that string.
 * Return: the value's first byte, its length in @len, of a string without the quotes; or NULL with errno: EINVAL:
 * it is no JSON; ENOENT: there is no such value; EEXIST: there are several.
 */
const char *jsonget(const char *text, const char *path, const char *name, size_t *len) must_check;

#endif
