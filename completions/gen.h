/*
 * gen.h - what is common to the completions of all tools: what a word is, and how each shell completes
 * it.
 */
#ifndef XNS_GEN_H
#define XNS_GEN_H

#include "cli.h"

/* What a word is, read from the name that help shows for it. */
enum word_kind {
	WORD_ANY,
	WORD_FILE,
	WORD_DIR,
	WORD_USER,
	WORD_GROUP,
	WORD_PID,
	WORD_NAMESPACE,
	WORD_NETNS,
	WORD_VALUES,
	WORD_COLUMNS,
};

/* How each shell completes it; @ stands for the words of put_values(). */
struct action {
	const char *bash, *zsh, *fish;
};
extern const struct action actions[];

/* word_kind() - what the argument of option @o is, by the first word of its name that we know */
enum word_kind word_kind(const struct cli_option *o);

/* put_escaped() - print @s with a backslash before each of @special and ' as the shell needs it */
void put_escaped(const char *s, const char *special, const char *quote);

/* put_action() - print @action for the argument of @o, which put_values() writes for @ */
void put_action(const char *action, const struct cli_option *o, const char *special,
		const char *quote);

/* zsh_action() - what stands behind the name of option @o that takes the argument @has */
void zsh_action(const struct cli_option *o, int has);

/* Quotes words; and parts of each bash function: argv, last and cur; the program behind $program; the end. */
extern const char bash_quoted[], bash_words[], bash_program[], bash_end[];

/* The scripts for xnetns, which has commands instead of a cli_tool */
void netns_bash(void);
void netns_zsh(void);
void netns_fish(void);

#endif
