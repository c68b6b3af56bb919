/* SPDX-License-Identifier: MIT */
/*
 * args.h - xnetns's words: the options before the command, a row each; the command with its own
 * options; usage. Which commands there are is commands.h's.
 */
#ifndef XNS_XNETNS_ARGS_H
#define XNS_XNETNS_ARGS_H

#include "options.h"

struct global_option {
	const char *name;
	int letter;	  /* the short one, or 0 */
	const char *arg;  /* it takes the next word, which help calls so (N_); NULL: it does not */
	const char *lack; /* what ip(8) calls that where there is none, or NULL */
	bool whole;	  /* no prefix of it will do */
	bool is_ips;	  /* ip(8) itself has to do it, where this stands in its place */
	const char *help; /* one line (N_); "": its name says it; NULL: not shown */
	/* sets what @at points to, which is @field of the options (0: all); NULL: it has no effect */
	void (*set)(const struct global_option *row, void *at, const char *arg);
	size_t field;
};
extern const struct global_option global_options[];
extern const int n_global_options;

/* find_global() - the first that @word, without its dashes, is or begins; NULL: there is none. */
const struct global_option *find_global(const char *word);

/*
 * parse_options() - reads those before the command into @o, of which as_ip is set. Return: the first
 * word behind them; NULL: as ip, one of them is not ours. Dies of a wrong one.
 */
char **parse_options(struct netns_options *o, char *argv[]);

/* is_netns_word() - whether it is "netns", as short as ip(8) takes it. */
bool is_netns_word(const char *word);

/*
 * netns_command() - runs the command that @words begin with, writes out what it printed. Return: the
 * exit status.
 */
int netns_command(struct netns_options *o, char **words);

#endif
