/* SPDX-License-Identifier: MIT */
/*
 * nearest.h - what a word that is not known may have been meant for: the name that is nearest to it, and
 * the hints that say so behind the message. Which names there are does not belong in here.
 */
#ifndef XNS_NEAREST_H
#define XNS_NEAREST_H

#include "util.h"

/* The word, and the nearest name so far; name is NULL while none is near. */
struct nearest {
	const char *word;
	size_t len; /* of the part of it that counts */
	const char *name;
	size_t name_len;
	int distance;
};

/* nearest_to() - begins with @len bytes of @word, of any kind and length. */
struct nearest nearest_to(const char *word, size_t len);

/*
 * nearest_try() - takes @name if it is near, and nearer than what was tried before. Near is what one
 * slip makes of it: a letter too many, too few, another, or two in the wrong order, whatever their case; two
 * slips of six letters, three of ten. So is a word of three letters or more that it begins with.
 */
void nearest_try(struct nearest *n, const char *name);

/* nearest_try_list() - the same of each of the @names, which have blanks between them. */
void nearest_try_list(struct nearest *n, const char *names);

/* nearest_hint() - the hint "did you mean NAME?", with @before in front of it. Return: whether one is near. */
bool nearest_hint(const struct nearest *n, const char *before);

/* hint_one_of() - the hint that lists @names, which have blanks between them. */
void hint_one_of(const char *names);

/* hint_word() - the one of the two that there is for a @word that is none of @names. */
void hint_word(const char *word, const char *names);

/*
 * hint_kind() - the same for a word of @len bytes that is no kind of namespace; with @before in front of
 * it the nearest alone.
 */
void hint_kind(const char *word, size_t len, const char *before);

#endif
