/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "search.h"

/* The saved IDs are the effective ones when a program is started. */
bool is_set_id(void)
{
	return getauxval(AT_SECURE) || getauxval(AT_UID) != getauxval(AT_EUID) ||
	       getauxval(AT_GID) != getauxval(AT_EGID);
}

const char *search_path(void)
{
	const char *path = getenv("PATH");

	return path ? path : "/bin:/usr/bin"; /* execvp(3)'s default */
}

bool search_next(const char **path, const char *file, char *buf, size_t size)
{
	const char *end;
	int n;

	if (!*path)
		return false;
	end = strchrnul(*path, ':');
	n = snprintf(buf, size, "%.*s%s%s", (int)(end - *path), *path, end == *path ? "" : "/",
		     file);
	if (n < 0 || (size_t)n >= size)
		*buf = '\0'; /* no such file can exist: ENOENT */
	*path = *end ? end + 1 : NULL;
	return true;
}
