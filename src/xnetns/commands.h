/* SPDX-License-Identifier: MIT */
/*
 * xnetns-opts.h - xnetns's commands with their options, and the options before the command: what its
 * command line, --help and the completions are made from. What a command does is in xnetns.h.
 */
#ifndef XNS_XNETNS_OPTS_H
#define XNS_XNETNS_OPTS_H

#include "util.h"

enum command_id {
	CMD_LIST,
	CMD_LIST_ID,
	CMD_HELP,
	CMD_ADD,
	CMD_SET,
	CMD_DELETE,
	CMD_IDENTIFY,
	CMD_PIDS,
	CMD_EXEC,
	CMD_MONITOR,
	CMD_ATTACH,
	CMD_LINK,
	CMD_HOLDERS,
	CMD_PRUNE,
	CMD_RENAME,
};

/* An option of a command, "--up" or "--kill[=SIG]". */
struct command_option {
	const char *name;
	char arg; /* 0: none, '=': behind an =, '?': the same, may be missing; ' ': the next word */
	const char *value; /* its argument, in help */
	const char *help;
	const char *values; /* words that completion offers, or NULL */
};

struct command {
	const char *name;
	enum command_id id;
	const char *args; /* in help (N_); NULL: another name of the command before it */
	const char *help;
	struct command_option options[4];
	bool no_name; /* its first word is no name of a namespace */
	int new_name; /* which of its words is a name that there is not yet, from 1; 0: none */
};
extern const struct command commands[];
extern const int n_commands;

/* find_command() - the first whose name begins with @word; NULL: there is none. */
const struct command *find_command(const char *word);

/* Ids of the options before the command. */
enum {
	OPT_NO_EFFECT = 256,
	OPT_ALL,
	OPT_JSON,
	OPT_PRETTY,
	OPT_NETNS,
	OPT_BATCH,
	OPT_FORCE,
	OPT_DRY_RUN,
	OPT_XTRACE,
	OPT_HELP,
	OPT_VERSION,
};

struct global_option {
	const char *name;
	int letter; /* the short one, or 0 */
	int id;
	const char *arg;  /* it takes the next word, which help calls so (N_); NULL: it does not */
	bool whole;	  /* no prefix of it will do */
	const char *help; /* one line (N_); "": its name says it; NULL: not shown */
};
extern const struct global_option global_options[];
extern const int n_global_options;

/* find_global() - the first that @word, without its dashes, is or begins; NULL: there is none. */
const struct global_option *find_global(const char *word);

#endif
