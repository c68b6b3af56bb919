/* SPDX-License-Identifier: MIT */
/*
 * explain.h - --explain: what each call means, in one sentence, and the option that asked for it. What
 * surprises in a command line is said by notes, where that is known.
 */
#ifndef XNS_EXPLAIN_H
#define XNS_EXPLAIN_H

#include "util.h"

/* How the sentences find the option: a tool's command line. */
struct explain_words {
	/* whether the word, "--pid" or a command, was given */
	bool (*given)(const char *word);
	/* the long name of the first option given that implies this CLONE_ flag, or NULL; NULL: none does */
	const char *(*given_for)(int flag);
};

/* explain_start() - from now on each line of a call has its explanation behind it; @words: static memory. */
void explain_start(const struct explain_words *words);

/* explain_end_of_options() - explanations alone are those of a dry run. */
void explain_end_of_options(void);

#endif
