/* SPDX-License-Identifier: MIT */
/* lines.h - command lines by chance, from the tools' option tables. What they do is hunt.c's. */
#ifndef XNS_HUNT_LINES_H
#define XNS_HUNT_LINES_H

#include <stdbool.h>
#include <stdint.h>

enum { MAX_WORDS = 64 };

struct line {
	int tool;	  /* xunshare, xnsenter, xlsns, xnetns: the name in tool_names[] */
	const char *name; /* argv[0]: that, or the classic name */
	char *argv[MAX_WORDS + 1];
	int argc;
	bool as_user; /* run by an ordinary user */
	int in, out;  /* what standard input and output are: IN_*, OUT_* */
	const char *lc_all;
	char *batch; /* what the file /w/batch holds */
	/* what is known of it, for who judges */
	bool dry, waits;
	int ends_with; /* the program's status, if it says RAN; -1: not known */
};

enum { XUNSHARE, XNSENTER, XLSNS, XNETNS, N_TOOLS };
enum { IN_NULL, IN_TEXT, IN_CLOSED, N_IN };
enum { OUT_FILE, OUT_FULL, OUT_CLOSED, OUT_AND_ERR_CLOSED, N_OUT };
extern const char *const tool_names[N_TOOLS];

/* Processes of the world, for which words of lines stand; see hunt.c. */
enum { TARGET_PLAIN, TARGET_UTS, TARGET_USER, TARGET_PID, TARGET_USERS, N_TARGETS };

/* line_make() - the line @number of the run @seed, the same each time. Its words live till the next. */
void line_make(struct line *l, uint64_t seed, uint64_t number, const int targets[N_TARGETS]);

#endif
