/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>

#include "readall.h"

#define MAX_INTERRUPTIONS 1000

ssize_t read_text(int fd, char *text, size_t size)
{
	size_t len = 0;
	int interruptions = 0;

	while (len + 1 < size) {
		ssize_t n = read(fd, text + len, size - len - 1);

		if (n == 0)
			break;
		if (n > 0)
			len += (size_t)n;
		else if (errno != EINTR || ++interruptions > MAX_INTERRUPTIONS)
			return -1;
	}
	text[len] = '\0';
	return (ssize_t)len;
}

char *read_all(int fd, size_t max, size_t *len)
{
	size_t size = 8192;
	char *text = NULL;

	*len = 0;
	do {
		char *more = realloc(text, size);
		if (!more)
			break;
		text = more;
		ssize_t n = read_text(fd, text + *len, size - *len);
		if (n < 0)
			break;
		*len += (size_t)n;
		if (*len + 1 < size) { /* what is kept takes no more than it needs */
			more = realloc(text, *len + 1);
			return more ? more : text;
		}
		size *= 2;
		errno = E2BIG;
	} while (size <= max);
	free(text);
	return NULL;
}
