/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "batch.h"
#include "die.h"
#include "dir.h"
#include "enter.h"
#include "fd.h"
#include "pair.h"
#include "told.h"

#define BLANKS " \t\r\n"

enum { TOO_MANY = -1, UNTERMINATED = -2 }; /* what a line can be besides words */

/*
 * Splits a line into words, in place: quotes hold blanks together, # begins a comment.
 * Return: how many; or TOO_MANY for the room, or UNTERMINATED.
 */
static int split(char *p, char *words[], int room)
{
	int n = 0;

	for (p += strspn(p, BLANKS); *p && *p != '#'; p += strspn(p, BLANKS)) {
		const char *quote = *p == '"' ? "\"" : *p == '\'' ? "'" : NULL;

		if (n == room - 1)
			return TOO_MANY;
		p += quote != NULL;
		words[n++] = p;
		p += strcspn(p, quote ? quote : BLANKS);
		if (!*p && quote)
			return UNTERMINATED;
		if (*p)
			*p++ = '\0';
	}
	words[n] = NULL;
	return n;
}

enum { LONGEST_LINE = 1 << 20, PIECE = 4096 };

/* ---- the file ---- */

/* What is read of it. The child has what its parent has read, and reads nothing itself. */
static struct {
	char bytes[16 * PIECE];
	size_t piece; /* how much is read at once */
	size_t at, end;
	int fd, err;
	bool is_child, cut; /* the child's: a line goes on in what is not read yet */
} input;

/* A logical line; bytes that a NUL cut off count as well, or /dev/zero would be read for ever. */
static struct {
	char text[LONGEST_LINE + 1];
	size_t len, taken;
	int number; /* of its last line in the file */
} line;

/*
 * How far the lines are done: a child may end at any of them, and its parent goes on behind it, so it
 * stands where both see it.
 */
static struct place {
	size_t at; /* of what is read: behind the line */
	int number;
	bool failed; /* this line, or one before */
} * place;

/*
 * A program that a line runs reads on where we have stopped reading: standard input is read in pieces
 * of stdio, as by the peer.
 */
static void open_input(const char *file)
{
	if (strcmp(file, "-") != 0)
		input.fd = fd_above_stdio(open(file, O_RDONLY | O_CLOEXEC));
	if (input.fd < 0)
		die(EXIT_FAILURE, errno, N_("Cannot open file \"%s\" for reading"), file);
	input.piece = input.fd != STDIN_FILENO ? sizeof(input.bytes) : PIECE;
}

/* Return: false at the end of the file; in the child, of what is read of it */
static bool read_more(void)
{
	ssize_t n;

	input.cut = input.is_child;
	if (input.is_child)
		return false;
	n = read(input.fd, input.bytes, input.piece);
	input.err = n < 0 ? errno : 0;
	input.at = 0;
	input.end = n < 0 ? 0 : (size_t)n;
	return n > 0;
}

static int next_byte(void)
{
	if (input.at == input.end && !read_more())
		return EOF;
	return (unsigned char)input.bytes[input.at++];
}

/* Appends a line of the file, which a NUL cuts. Return: false at the end */
static bool append_line(const char *file)
{
	bool cut = false, any = false;
	int c = 0;

	while (c != '\n' && (c = next_byte()) != EOF) {
		line.number += !any;
		if (++line.taken > LONGEST_LINE) /* which also ends a batch with -force */
			die(EXIT_FAILURE, 0, N_("%s:%d: the line is longer than %d bytes"), file,
			    line.number, LONGEST_LINE);
		any = true;
		cut = cut || c == '\0';
		if (!cut)
			line.text[line.len++] = (char)c;
	}
	line.text[line.len] = '\0';
	return any && !input.err;
}

/* The next logical line: one that ends in a backslash goes on. Return: false at the end */
static bool read_line(const char *file)
{
	line.len = line.taken = 0;
	if (!append_line(file))
		return false;
	while (line.len >= 2 && strcmp(line.text + line.len - 2, "\\\n") == 0) {
		line.len -= 2;
		if (!append_line(file))
			break;
	}
	return !input.err && !input.cut;
}

/* The words of the next line that has any. Return: as split(); 0: there is none */
static int next_words(const char *file, char *words[], int room)
{
	int n = 0;

	while (n == 0 && read_line(file))
		n = split(line.text, words, room);
	return n;
}

/* ---- the lines ---- */

static void line_begins(void)
{
	place->at = input.at;
	place->number = line.number;
}

static void line_failed(const struct netns_options *o)
{
	warn_msg(N_("Command failed %s:%d"), o->batch, place->number);
	place->failed = true;
}

/*
 * Behind a line, in the child: whether the next one finds everything as this one has. Where it does
 * not, or the parent has gone, who would begin no other line, this child ends.
 */
static bool is_as_before(pid_t parent, int own)
{
	die_anew();
	return netns_come_back(own) && !ferror(stdout) && getppid() == parent;
}

/*
 * In a process of its own, which whatever ends a line ends: this line, and those behind it as far as
 * they are read. Where the calls are printed, each has a process for itself, and nothing to go back to.
 */
static _Noreturn void run_lines(struct netns_options *o, char **words, int room, pid_t parent)
{
	const struct netns_options given = *o; /* a line adds its own */
	bool alone = telling() || tracing();
	int own = alone ? -1 : netns_open_own();

	input.is_child = true;
	do {
		*o = given;
		line_begins();
		if (netns_command(o, words + is_netns_word(words[0])) != 0)
			line_failed(o);
	} while (!alone && (!place->failed || o->force) && is_as_before(parent, own) &&
		 next_words(o->batch, words, room) > 0);
	_exit(EXIT_SUCCESS);
}

/* What stands there is no command at all. Where a quote is open, nobody knows what is one behind it. */
static void refuse_line(const struct netns_options *o, int what)
{
	if (what == UNTERMINATED) /* which also ends a batch with -force, as the peer's */
		die(EXIT_FAILURE, 0, N_("Unterminated quoted string"));
	warn_msg(N_("too many words"));
	line_failed(o);
}

int run_batch(struct netns_options *o)
{
	pid_t self = getpid(); /* known to the child before that could be another */
	char *words[256];
	int n;

	open_input(o->batch);
	place = share(sizeof(*place));
	while ((!place->failed || o->force) &&
	       (n = next_words(o->batch, words, ARRAY_SIZE(words))) != 0) {
		pid_t pid;

		line_begins();
		if (n < 0) {
			refuse_line(o, n);
			continue;
		}
		fflush(stdout); /* or the child would print it again */
		told_about("line");
		pid = fork_command();
		if (pid == 0)
			run_lines(o, words, ARRAY_SIZE(words), self);
		if (await_command(pid) != 0)
			line_failed(o);
		input.at = place->at;
		line.number = place->number;
	}
	if (input.err)
		die(EXIT_FAILURE, input.err, N_("cannot read %s"), o->batch);
	if (input.fd == STDIN_FILENO && input.at < input.end) /* whoever reads it next */
		lseek(input.fd, (off_t)input.at - (off_t)input.end, SEEK_CUR);
	return place->failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
