/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "batch.h"
#include "die.h"
#include "enter.h"
#include "told.h"

#define BLANKS " \t\r\n"

/*
 * Splits a line into words, in place: quotes hold blanks together, # begins a comment.
 * Return: how many; -1: more than there is room for.
 */
static int split(char *p, char *words[], int room)
{
	int n = 0;

	for (p += strspn(p, BLANKS); *p && *p != '#'; p += strspn(p, BLANKS)) {
		const char *quote = *p == '"' ? "\"" : *p == '\'' ? "'" : NULL;

		if (n == room - 1)
			return -1;
		p += quote != NULL;
		words[n++] = p;
		p += strcspn(p, quote ? quote : BLANKS);
		if (!*p && quote) /* which also ends a batch with -force, as the peer's */
			die(EXIT_FAILURE, 0, N_("Unterminated quoted string"));
		if (*p)
			*p++ = '\0';
	}
	words[n] = NULL;
	return n;
}

enum { LONGEST_LINE = 1 << 20 };

/* A logical line; bytes that a NUL cut off count as well, or /dev/zero would be read for ever. */
static struct {
	char text[LONGEST_LINE + 1];
	size_t len, taken;
	const char *file;
	int number; /* of its last line in the file */
} line;

/* Appends a line of the file, which a NUL cuts. Return: false at the end */
static bool append_line(FILE *f)
{
	bool cut = false, any = false;
	int c = 0;

	while (c != '\n' && (c = getc_unlocked(f)) != EOF) {
		line.number += !any;
		if (++line.taken > LONGEST_LINE) /* which also ends a batch with -force */
			die(EXIT_FAILURE, 0, N_("%s:%d: the line is longer than %d bytes"),
			    line.file, line.number, LONGEST_LINE);
		any = true;
		cut = cut || c == '\0';
		if (!cut)
			line.text[line.len++] = (char)c;
	}
	line.text[line.len] = '\0';
	return any && !ferror(f);
}

/* The next logical line: one that ends in a backslash goes on. Return: false at the end */
static bool read_line(FILE *f)
{
	line.len = line.taken = 0;
	if (!append_line(f))
		return false;
	while (line.len >= 2 && strcmp(line.text + line.len - 2, "\\\n") == 0) {
		line.len -= 2;
		if (!append_line(f))
			break;
	}
	return !ferror(f);
}

/* One line in a process of its own: whatever ends it does not end the batch. */
static int run_line(struct netns_options *o, char **words)
{
	pid_t pid;

	fflush(stdout); /* or the child would print it again */
	told_about("line");
	pid = fork_command();
	if (pid == 0)
		_exit(netns_command(o, is_netns_word(words[0]) ? words + 1 : words));
	return await_command(pid);
}

int run_batch(struct netns_options *o)
{
	FILE *f = strcmp(o->batch, "-") == 0 ? stdin : fopen(o->batch, "re");
	char *words[256];
	int ret = EXIT_SUCCESS;

	if (!f)
		die(EXIT_FAILURE, errno, N_("Cannot open file \"%s\" for reading"), o->batch);
	line.file = o->batch;
	while (read_line(f)) {
		int n = split(line.text, words, ARRAY_SIZE(words));

		if (n == 0 || (n > 0 && run_line(o, words) == 0))
			continue;
		ret = EXIT_FAILURE;
		if (n < 0)
			warn_msg(N_("too many words"));
		warn_msg(N_("Command failed %s:%d"), o->batch, line.number);
		if (!o->force)
			break;
	}
	if (ferror(f))
		die(EXIT_FAILURE, errno, N_("cannot read %s"), o->batch);
	return ret;
}
