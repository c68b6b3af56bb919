/* SPDX-License-Identifier: MIT */
/*
 * cli.h - a tool's option table and what comes from it: getopt_long(3), --help, completions; and what
 * a word of the command line is. A row is all that there is to say of an option: what it sets, and
 * what it implies. What the tool does with it does not belong in here.
 */
#ifndef XNS_CLI_H
#define XNS_CLI_H

#include <getopt.h>
#include <sys/types.h>

#include "die.h"
#include "kind.h"
#include "text.h"
#include "util.h"

/*
 * One option. A row without a name is a heading (help) or an empty line (no help); the first
 * row of a table is one.
 */
struct cli_option {
	const char *name;      /* the long name */
	int letter;	       /* the short one, or 0 */
	signed char long_arg;  /* no_argument, required_argument or optional_argument */
	signed char short_arg; /* the letter's, which may differ: unshare's -u takes none */
	const char *arg;       /* the argument's name in --help, or NULL */
	const char *help;      /* one line (N_); NULL: not shown, for an abbreviation */
	const char *values;    /* words that completion offers, and cli_choice() takes, or NULL */
	/* sets what @at points to, which is @field of the tool's options; NULL: nothing */
	void (*set)(const struct cli_option *row, void *at, const char *arg);
	size_t field;	   /* offsetof() in the tool's options; 0: all of them */
	size_t also;	   /* of a bool that becomes true besides, or 0: none */
	int flags;	   /* CLONE_NEW* that it implies: the options begin with an int for them */
	const char *msgid; /* what a wrong word is called (N_), of setters that read one */
	const char *
		not_with; /* name of an option that it excludes, whose row says the same, or NULL */
	bool first;	  /* it is used most: --help has it before the others of its group */
};

struct cli_tool {
	const char *name;	/* "xunshare" */
	int section;		/* of its manual page; 0: 1 */
	const char *peer;	/* whose place it takes: "unshare" */
	const char *compatible; /* with which one: "util-linux 2.43" */
	const char *features;	/* what else scripts ask the version for, or NULL */
	const char *usage;	/* the synopsis behind the name (N_) */
	const char *summary;	/* what it does (N_) */
	const char *kinds_head; /* heading of the rows made from kinds[] (N_), or NULL: none */
	int kinds_short_arg;	/* no_argument, or optional_argument where the letters take one */
	/* sets what an option that is a namespace kind asks for; @row->flags says which */
	void (*set_kind)(const struct cli_option *row, void *options, const char *arg);
	bool permutes;	  /* options may follow other words */
	bool makes_calls; /* --dry-run and --xtrace stand in its help */
	const struct cli_option *options;
	int n_options;
};

/* cli_rows() - how many rows the tool's table has: those of kinds[] first, those of every tool last. */
int cli_rows(const struct cli_tool *tool);

/* cli_row() - row @i of the table. */
struct cli_option cli_row(const struct cli_tool *tool, int i);

/*
 * cli_parse() - reads the options into @options, in order, and sets optind. --help, --version and
 * errors end the process here.
 */
void cli_parse(const struct cli_tool *tool, int argc, char *argv[], void *options);

/*
 * cli_note_order() - a note, if options were given in another order than that of @order, in which they are
 * done, and in which it makes a difference.
 */
void cli_note_order(const char *const order[], size_t n);

/* An ID or a number that may not have been given. */
struct given_id {
	bool given;
	uint32_t id; /* a uid_t or gid_t */
};
struct given_fd {
	bool given;
	int fd;
};

/* The setters that do for most rows: of a bool, a const char *, a struct given_X, a pid_t, an int. */
void cli_set_flag(const struct cli_option *row, void *at, const char *arg);
void cli_set_word(const struct cli_option *row, void *at, const char *arg);
void cli_set_uid(const struct cli_option *row, void *at, const char *arg);
void cli_set_gid(const struct cli_option *row, void *at, const char *arg);
void cli_set_fd(const struct cli_option *row, void *at, const char *arg);
void cli_set_pid(const struct cli_option *row, void *at, const char *arg);
void cli_set_signal(const struct cli_option *row, void *at, const char *arg); /* KILL if none */

/* What a word of the command line is; on failure these die with @msgid (N_), which quotes it. */
uid_t cli_uid(const char *word, const char *msgid);
gid_t cli_gid(const char *word, const char *msgid);
long long cli_number(const char *word, long long min, long long max, const char *msgid);

/* cli_signal() - the same of a signal, with a message of its own. */
int cli_signal(const char *word);

/*
 * cli_must() - dies of @word if @ret, of a parse_X(), is negative; with what that left in errno, as far as
 * it says more than "wrong".
 */
void cli_must(int ret, const char *word, const char *msgid);

/* cli_choice() - which of the row's values, from 0; dies with its msgid of another word. */
int cli_choice(const struct cli_option *row, const char *word);

/* cli_set_mode() - for --dry-run (@dry) and --xtrace, of which the first is the stronger. */
void cli_set_mode(bool dry);

#endif
