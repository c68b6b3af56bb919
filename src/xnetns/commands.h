/* SPDX-License-Identifier: MIT */
/*
 * commands.h - xnetns's commands, a row each, which carries its function: what the command line,
 * --help and the completions are made from. What a command does stands in the room of its topic.
 */
#ifndef XNS_XNETNS_COMMANDS_H
#define XNS_XNETNS_COMMANDS_H

#include "options.h"

/* An option of a command, "--up" or "--kill[=SIG]". */
struct command_option {
	enum with with;
	const char *name;
	char arg; /* 0: none, '=': behind an =, '?': the same, may be missing; ' ': the next word */
	const char *value; /* its argument, in help */
	const char *help;
	const char *values; /* words that completion offers, or NULL */
};

struct command {
	const char *name;
	netns_run *run;
	const char *args; /* in help (N_); NULL: another name of the command before it */
	const char *help;
	struct command_option options[6];
	int least, most; /* how many words it needs, the first a name; and takes, 0: any number */
	bool or_all;	 /* with -all it needs none, and the first is no name */
	bool any_word;	 /* the first need not be fit for a name, as ip(8) asks of each */
	bool or_path;	 /* the first may be a path, but not as ip */
	bool locks;	 /* it takes the lock of the names, or goes there, itself */
	bool looks;	 /* it needs to see the names, and no more */
	int new_name;	 /* which of its words is a name that there is not yet, from 1; 0: none */
};
extern const struct command commands[];
extern const int n_commands;

/* cmd_help() - asks for the usage. */
netns_run cmd_help;

/* find_command() - the first whose name begins with @word; NULL: there is none. */
const struct command *find_command(const char *word);

#endif
