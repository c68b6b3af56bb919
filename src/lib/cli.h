/* SPDX-License-Identifier: MIT */
/*
 * cli.h - a tool's option table and what comes from it: getopt_long(3), --help, completions; and what a
 * word of the command line is. What an option means does not belong in here.
 */
#ifndef XNS_CLI_H
#define XNS_CLI_H

#include <getopt.h>
#include <sys/types.h>

#include "die.h"
#include "kind.h"
#include "text.h"
#include "util.h"

/* One option. A row without a name is a heading (help) or an empty line (no help). */
struct cli_option {
	const char *name;      /* the long name */
	int letter;	       /* the short one, or 0 */
	int id;		       /* what the tool switches on: the letter, or a number above 255 */
	signed char long_arg;  /* no_argument, required_argument or optional_argument */
	signed char short_arg; /* the letter's, which may differ: unshare's -u takes none */
	const char *arg;       /* the argument's name in --help, or NULL */
	const char *help;      /* one line (N_); NULL: not shown, for an abbreviation */
	const char *values;    /* words that completion offers, or NULL */
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
	bool permutes;		/* options may follow other words */
	const struct cli_option *options;
	int n_options;
};

/* Ids of the options that every tool has and cli_getopt() answers itself. */
enum { OPT_HELP = 'h', OPT_VERSION = 'V' };

/* cli_rows() - how many rows the tool's table has, those of kinds[] (the first ones) included. */
int cli_rows(const struct cli_tool *tool);

/* cli_row() - row @i of the table; a kind's id is its letter. */
struct cli_option cli_row(const struct cli_tool *tool, int i);

/*
 * cli_getopt() - the next option, as getopt_long(3) with the tool's table; sets optarg and optind.
 * --help, --version and errors end the process here.
 * Return: the option's id, -1 at the first word that is no option.
 */
int cli_getopt(const struct cli_tool *tool, int argc, char *argv[]);

/*
 * cli_parse() - calls @set_kind for each option that is a namespace kind and @set_option with the
 * id of each other one, in order; sets optind.
 */
void cli_parse(const struct cli_tool *tool, int argc, char *argv[],
	       void (*set_kind)(const struct kind *kind, const char *arg),
	       void (*set_option)(int id, const char *arg));

/* What a word of the command line is; on failure these die with @msgid (N_), which quotes it. */
uid_t cli_uid(const char *word, const char *msgid);
gid_t cli_gid(const char *word, const char *msgid);
long long cli_number(const char *word, long long min, long long max, const char *msgid);

/* cli_signal() - the same of a signal, with a message of its own. */
int cli_signal(const char *word);

/* cli_parse_errno() - what parse_X() left in errno, as far as it says more than "wrong". */
int cli_parse_errno(void);

/* cli_set_mode() - for --dry-run (@dry) and --xtrace, of which the first is the stronger. */
void cli_set_mode(bool dry);

#endif
