/* SPDX-License-Identifier: MIT */
/*
 * pathname.h - what a path says by itself, without looking at what is there.
 */
#ifndef XNS_XUNSHARE_PATHNAME_H
#define XNS_XUNSHARE_PATHNAME_H

#include <string.h>

#include "util.h"

/* path_names_root() - whether @path has no name in it: /, /. and /.. */
static inline bool path_names_root(const char *path)
{
	size_t len;

	for (; *path; path += len) {
		path += strspn(path, "/");
		len = strcspn(path, "/");
		if (len > 2 || strspn(path, ".") < len)
			return false;
	}
	return true;
}

/* path_names_dir() - whether @path ends in a slash, and so can be no file. */
static inline bool path_names_dir(const char *path)
{
	return *path && path[strlen(path) - 1] == '/';
}

#endif
