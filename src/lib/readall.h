/* SPDX-License-Identifier: MIT */
/*
 * readall.h - reading till the end of the file, whatever one read(2) gives; a signal that comes meanwhile
 * means nothing. What is in the file does not belong in here.
 */
#ifndef XNS_READALL_H
#define XNS_READALL_H

#include <sys/types.h>

#include "util.h"

/*
 * read_all() - all that @fd gives, with a NUL behind.
 * Return: allocated, the length without that NUL in @len; or NULL with errno (E2BIG: it is @max bytes or more).
 */
char *read_all(int fd, size_t max, size_t *len) must_check;

/* read_text() - the same into @text, as much as fits. Return: the length, or -1 with errno. */
ssize_t read_text(int fd, char *text, size_t size) must_check;

#endif
