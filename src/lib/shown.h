/* SPDX-License-Identifier: MIT */
/*
 * shown.h - text of others, made fit to be shown: names, paths and command lines must not steer a
 * terminal, nor turn the direction of what stands around them. How a table, JSON or a graph is built
 * does not belong in here.
 */
#ifndef XNS_SHOWN_H
#define XNS_SHOWN_H

#include "util.h"

/* utf8_length() - bytes of the UTF-8 character at @s, which ends in a NUL. Return: 0: it is none. */
size_t utf8_length(const char *s);

/*
 * shown_unfit() - bytes of the character at @s if it is not fit to be shown: a control character of
 * ASCII or of Latin-1 (U+0080 to U+009F, also as a byte), a line or paragraph separator, one that
 * changes the direction. Return: 0: it is fit. @code: which it is.
 */
size_t shown_unfit(const char *s, unsigned int *code);

/* What stays as it is, for who sees to it himself. */
enum {
	SHOWN_KEEP_ASCII = 1, /* control characters of ASCII */
	SHOWN_KEEP_WIDE = 2,  /* characters of several bytes */
};

/*
 * shown_text() - a copy in which each of them, and each byte that is no character, is written out: \x1b,
 * \u202e; but what @keep (SHOWN_KEEP_*) says. Return: allocated; NULL: there is no memory.
 */
char *shown_text(const char *text, unsigned int keep) must_check;

/* shown_hide() - in place, a '?' for each; bytes that are no characters stay. */
void shown_hide(char *text);

#endif
