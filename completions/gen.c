/* SPDX-License-Identifier: MIT */
/*
 * gen DIR SHELL TOOL - print the completion script of a tool, from the shell's templates in DIR/SHELL
 *
 * Everything comes from the tool's option table, so that completion and options cannot drift. The
 * shell's part of it stands in the templates, which can be read as what they become:
 *
 *	@TOOL@		the tool's name
 *	@FLAG@		an option without an argument: the line is printed for each; and so for the
 *			other lists below. None: no line
 *	@FLAGS@		all of them on this one line, as a pattern or as words. None: no line
 *	@HELP@ ...	what else is known of the one that this line is for; see struct item
 *	. X.in		another template, here
 *
 * This program runs at build time only and is never installed.
 */
#include <config.h>

#include <ctype.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "compat.h"
#include "engine.h"
#include "kind.h"
#include "parse.h"
#include "xlsns/columns.h"
#include "xlsns/options.h"
#include "xnetns/args.h"
#include "xnetns/commands.h"
#include "xnsenter/options.h"
#include "xunshare/options.h"

/* What is known of what a template can have a line for, and the marks of it. */
enum detail { PREFIXES, WHERE, ARG, HELP, VALUES, NUMBER, WHAT /* see what_of() */, N_DETAILS };
static const char *const detail_marks[N_DETAILS] = { "PREFIXES", "WHERE",  "ARG", "HELP",
						     "VALUES",	 "NUMBER", "WHAT" };
struct item {
	const char *list; /* one of lists[] */
	const char *text; /* stands for its mark */
	const char *detail[N_DETAILS];
};

static const char *const lists[] = {
	/* options without an argument; those with one, and words */
	"FLAG", "ARGUMENT",
	/* what is offered for an option before the program or command */
	"OPTION",
	/* options that take the next word; letters that do, or the rest of theirs, or that rest only */
	"TAKER", "LETTER_TAKER", "LETTER_MAYBE",
	/* of xnetns: options before the command that take a word, and -all; commands, those that run a
	 * program, and those with options: VALUES */
	"GLOBAL", "ALL_PREFIXES", "COMMAND", "RUNNER", "OFFER",
	/* words that stand in a table: all there are; engines, with what lists their names: VALUES */
	"COLUMN", "KIND", "SIGNAL", "ENGINE"
};

static struct item items[1024];
static int n_items;
static const char *tool_name;

/* An option, or a word that is none. */
struct word {
	const char *command; /* of xnetns, whose it is; "": it stands before that; NULL: no xnetns */
	const char *names[2]; /* "-U", "--user"; NULL: no option */
	int has[2];	      /* an argument */
	bool attached;	      /* by a = only */
	int number;	      /* of a word, from 1; 0: an option */
	bool repeats;	      /* so do the words behind it */
	const char *arg, *help, *values;
};

enum shell_id { BASH, ZSH, FISH };
static const struct shell {
	const char *name;
	const char *between;		    /* two of a @FLAGS@ */
	const char *help_special, *special; /* in help, and else, need a backslash */
	const char *quote;		    /* for a ' */
} shells[] = {
	[BASH] = { "bash", "|", "", "", "'\\''" },
	[ZSH] = { "zsh", "|", "[]:\\", ":\\", "'\\''" },
	[FISH] = { "fish", " ", "\\", "\\", "\\'" },
};
static const struct shell *shell;

static const struct cli_tool *const tools[] = { &xunshare_tool, &xnsenter_tool, &xlsns_tool };

/* What completes an argument, by the words of its name in help; "name" only of xnetns. */
static const struct {
	const char *words, *what;
} arg_words[] = {
	{ "file path", "file" },  { "dir directory", "dir" }, { "uid user", "user" },
	{ "gid group", "group" }, { "pid", "pid" },	      { "namespace", "namespace" },
	{ "name", "netns" },	  { "type", "kind" },	      { "list", "column" },
	{ "kind", "join" },	  { "signal", "signal" },     { "engine", "engine" },
	{ "source", "file" },
};

static _Noreturn void fail(const char *what, const char *which)
{
	fprintf(stderr, "gen: %s: %s\n", what, which);
	exit(EXIT_FAILURE);
}

/* format() - as sprintf. Return: memory that stays until the end. */
static char *__attribute__((format(printf, 1, 2))) format(const char *fmt, ...)
{
	static char memory[8 << 20];
	static size_t used;
	char *s = memory + used;
	va_list args;

	va_start(args, fmt);
	used += vsnprintf(s, sizeof(memory) - used, fmt, args) + 1;
	va_end(args);
	if (used >= sizeof(memory))
		fail("no memory", fmt);
	return s;
}

/* joined() - @a, what is between two, and @b; @b where there is no @a yet */
static const char *joined(const char *a, const char *between, const char *b)
{
	return *a == '\0' ? b : *b == '\0' ? a : format("%s%s%s", a, between, b);
}

/* escaped() - @s with a backslash before each of @special, and ' as the shell needs it */
static const char *escaped(const char *s, const char *special)
{
	const char *out = "";

	for (; s != NULL && *s != '\0'; s++)
		out = *s == '\''		    ? format("%s%s", out, shell->quote)
		      : strchr(special, *s) != NULL ? format("%s\\%c", out, *s)
						    : format("%s%c", out, *s);
	return out;
}

static struct item *add(const char *list, const char *text)
{
	if (n_items == (int)ARRAY_SIZE(items))
		fail("too many items", list);
	items[n_items] = (struct item){ .list = list, .text = text };
	return &items[n_items++];
}

/* all_of() - the texts of the list's items, in one */
static const char *all_of(const char *list, const char *between)
{
	const char *all = "";

	for (int i = 0; i < n_items; i++)
		if (strcmp(items[i].list, list) == 0)
			all = joined(all, between, items[i].text);
	return all;
}

/* ---- what a word is ---- */

/* what_is() - what completes one of the alternatives that are @arg, by its first word that is known */
static const char *what_is(const struct word *w, const char *arg)
{
	const char *seps = "<>[]=:. ";

	for (arg += strspn(arg, seps); *arg != '\0'; arg += strspn(arg, seps)) {
		size_t len = strcspn(arg, seps);

		for (size_t i = 0; i < ARRAY_SIZE(arg_words); i++)
			if (parse_index(arg_words[i].words, " ", arg, len) >= 0 &&
			    (w->command != NULL || strcmp(arg_words[i].what, "netns") != 0))
				return arg_words[i].what;
		arg += len;
	}
	return "";
}

/*
 * what_of() - what completes the word, a name for each of its alternatives: those of arg_words; "word", one of
 * its VALUES; "link", the end of one
 */
static const char *what_of(const struct word *w)
{
	char *rest = format("%s", w->arg != NULL ? w->arg : ""), *arg;
	const char *all = "";

	if (w->values != NULL && strcmp(w->values, LINK_PARTS) == 0)
		return "link";
	while ((arg = strsep(&rest, "|")) != NULL) {
		all = joined(all, " ", what_is(w, arg));
		if (strcmp(all, "join") == 0 || strcmp(all, "signal") == 0)
			return all; /* it says all */
	}
	return w->values == NULL ? all : joined(all, " ", "word");
}

/* add_table() - the words that stand in a table, once, and what each means. Return: all of them */
static const char *add_table(const char *list)
{
	bool column = strcmp(list, "COLUMN") == 0, kind = strcmp(list, "KIND") == 0;
	int n = column ? n_columns : kind ? KIND_COUNT : KERNEL_SIGRTMIN + 1;

	for (int i = 0; i < n && (i > 0 || *all_of(list, "") == '\0'); i++) {
		const char *help = column ? columns[i].help : kind ? kinds[i].help : NULL;

		add(list, column ? columns[i].name
			  : kind ? kinds[i].proc
				 : parse_signal_name(i + 1))
			->detail[HELP] = escaped(help, shell->help_special);
	}
	return all_of(list, " ");
}

/* values_of() - its own, or for bash those of the table that completes it; the others have that as well */
static const char *values_of(const struct word *w, const char *what)
{
	static const struct {
		const char *whats, *list;
	} tables[] = { { "column", "COLUMN" }, { "kind join", "KIND" }, { "signal", "SIGNAL" } };

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		if (parse_index(tables[i].whats, " ", what, strlen(what)) >= 0) {
			const char *all = add_table(tables[i].list);

			return shell == &shells[BASH] ? all : "";
		}
	return escaped(w->values, shell->special);
}

/* add_word() - adds what stands for the word, or for its options that have @has, as @text */
static struct item *add_word(const struct word *w, int has, const char *text)
{
	const char *what = what_of(w), *values = values_of(w, what);
	struct item *item = add(has == no_argument ? "FLAG" : "ARGUMENT", text);

	item->detail[HELP] = escaped(w->help, shell->help_special);
	item->detail[WHAT] = what;
	item->detail[VALUES] = values;
	return item;
}

/* ---- how each shell is told of it ---- */

/* offered() - the names as bash offers them */
static const char *offered(const struct word *w)
{
	const char *all = "";

	for (int i = 0; i < 2; i++) {
		if (w->names[i] == NULL)
			continue;
		if (!w->attached)
			all = joined(all, " ", w->names[i]);
		if (w->names[i][1] == '-' && (w->attached || w->has[i] == optional_argument))
			all = joined(all, " ", format("%s=", w->names[i]));
	}
	return all;
}

/* add_takers() - those of its names that take the next word */
static void add_takers(const struct word *w)
{
	for (int i = 0; i < 2; i++) {
		const char *name = w->names[i];

		if (name == NULL || w->has[i] == no_argument || (w->command && *w->command == '\0'))
			continue;
		if (w->has[i] == required_argument && !w->attached)
			add("TAKER", w->command ? format("'%s %s'", w->command, name) : name);
		if (name[1] != '-')
			add(w->has[i] == required_argument ? "LETTER_TAKER" : "LETTER_MAYBE",
			    name + 1);
	}
}

/* add_bash() - as the second word that _TOOL_argument() is given */
static void add_bash(const struct word *w)
{
	const char *key = "";

	if (w->number > 0 && w->command == NULL)
		key = "--";
	else if (w->number == 1 && w->repeats)
		key = format("'%s '[1-9]*", w->command);
	else if (w->repeats) /* words 1 to number - 1 are others */
		key = format("'%s '[%d-9]|'%s '[1-9][0-9]*", w->command, w->number, w->command);
	else if (w->number > 0)
		key = format("'%s %d'", w->command, w->number);
	for (int i = 0; i < 2; i++)
		if (w->names[i] != NULL && w->has[i] != no_argument)
			key = joined(key, "|",
				     w->command ? format("'%s %s'", w->command, w->names[i])
						: w->names[i]);
	if (*key != '\0' && *what_of(w) != '\0')
		add_word(w, required_argument, key);
	if (w->number == 0 && (w->command == NULL || *w->command == '\0'))
		add("OPTION", offered(w));
}

/* zsh_arg() - the argument in a spec, but for what completes it */
static const char *zsh_arg(const struct word *w, int has)
{
	const char *name = "";

	if (has == no_argument)
		return "";
	for (const char *p = w->arg != NULL ? w->arg : "argument"; *p != '\0'; p++)
		name = strchr("<>[]", *p) ? name : format("%s%c", name, *p);
	return format("%s:%s", has == optional_argument ? ":" : "", escaped(name, ":\\"));
}

/* add_zsh() - as specs of _arguments, up to the help; see specs.in */
static void add_zsh(const struct word *w)
{
	const char *command = w->command ? format("%s ", w->command) : "";

	if (w->number > 0)
		add_word(w, required_argument,
			 w->repeats ? format("%s*", command) : format("%s%d", command, w->number))
			->detail[ARG] = zsh_arg(w, required_argument);
	for (int i = 0; i < 2; i++) {
		const char *name = w->names[i], *before = "", *behind = "";
		struct item *item;

		if (name == NULL)
			continue;
		if (w->command == NULL && w->has[i] == required_argument)
			before = "*";
		else if (w->names[!i] != NULL)
			before = format("(%s %s)", w->names[0], w->names[1]);
		if (w->has[i] != no_argument && name[1] == '-')
			behind = w->has[i] == optional_argument ? "=-" : "=";
		else if (w->has[i] != no_argument && name[2] == '\0')
			behind = w->has[i] == optional_argument ? "-" : "+";
		item = add_word(w, w->has[i], format("%s%s%s%s", command, before, name, behind));
		item->detail[ARG] = zsh_arg(w, w->has[i]);
		item->detail[HELP] = *item->detail[HELP] ? format("[%s]", item->detail[HELP]) : "";
	}
}

/* fish_where() - what __TOOL_at is asked for the word */
static const char *fish_where(const struct word *w)
{
	if (w->command == NULL)
		return w->number > 0 ? "word" : "option";
	if (w->number > 0)
		return format("%s %d %d", w->command, w->number, w->repeats ? 9999 : w->number);
	return *w->command != '\0' ? w->command : "\"\"";
}

/* add_fish() - as options of complete; both names at once where they are alike */
static void add_fish(const struct word *w)
{
	bool both = w->names[0] && w->names[1] && w->has[0] == w->has[1];
	const char *text = "", *what = what_of(w);
	const char *files = strstr(what, "file") && !strstr(what, "netns") ? " -F" : " -f";

	if (w->names[0] == NULL && w->names[1] == NULL && *what != '\0')
		add_word(w, required_argument, files)->detail[WHERE] = fish_where(w);
	for (int i = 0; i < 2; i++) {
		const char *name = w->names[i];

		if (name == NULL)
			continue;
		text = format(name[1] == '-' ? "%s -l %s"
			      : name[2]	     ? "%s -o %s"
					     : "%s -s %s",
			      text, name + (name[1] == '-' ? 2 : 1));
		if (both && i == 0)
			continue;
		text = format("%s%s%s", text, w->has[i] == required_argument ? " -r" : "",
			      w->has[i] == no_argument ? "" : files);
		add_word(w, w->has[i], text)->detail[WHERE] = fish_where(w);
		text = "";
	}
}

static void add_to_lists(const struct word *w)
{
	static void (*const adders[])(const struct word *) = {
		[BASH] = add_bash,
		[ZSH] = add_zsh,
		[FISH] = add_fish,
	};

	adders[shell - shells](w);
	add_takers(w);
}

/* ---- xunshare, xnsenter, xlsns: rows of options ---- */

static void read_tool(const struct cli_tool *tool)
{
	for (int i = 0; i < cli_rows(tool); i++) {
		struct cli_option o = cli_row(tool, i);

		if (o.help == NULL || o.name == NULL) /* an abbreviation, or a heading */
			continue;
		add_to_lists(&(struct word){ .names = { o.letter ? format("-%c", o.letter) : NULL,
							format("--%s", o.name) },
					     .has = { o.short_arg, o.long_arg },
					     .arg = o.arg,
					     .help = o.help,
					     .values = o.values });
	}
	if (tool->permutes)
		add_to_lists(&(struct word){ .number = 1, .arg = "namespace" });
}

/* ---- xnetns: options before the command, commands with options and words ---- */

/* own_words() - the words of @args that stand for themselves, "auto" of "<id>|auto" */
static const char *own_words(const char *args)
{
	const char *seps = " |[]", *all = "";

	for (args += strspn(args, seps); *args != '\0'; args += strspn(args, seps)) {
		size_t len = strcspn(args, seps);

		if (islower((unsigned char)*args))
			all = joined(all, " ", format("%.*s", (int)len, args));
		args += len;
	}
	return all;
}

/* prefixes() - each of @name, behind @dashes, that means the option or command @row */
static const char *prefixes(const char *name, const void *row, bool option, const char *dashes,
			    const char *between)
{
	const char *all = "";

	for (size_t len = 1; len <= strlen(name); len++) {
		const char *prefix = format("%.*s", (int)len, name);
		const void *found = option ? (const void *)find_global(prefix)
					   : (const void *)find_command(prefix);

		if (found == row)
			all = joined(all, between, format("%s%s", dashes, prefix));
	}
	return all;
}

/* read_global() - an option before the command, and what else means it */
static void read_global(const struct global_option *o)
{
	bool all = strcmp(o->name, "all") == 0, long_name = o->help && *o->help != '\0';
	const char *short_prefixes = prefixes(o->name, o, true, "", shell->between);
	int has = o->arg ? required_argument : no_argument;
	struct word w = {
		.command = "",
		.names = { o->letter ? format("-%c", o->letter) : NULL,
			   format("%s%s", long_name ? "--" : "-", o->name) },
		.has = { has, has },
		.arg = o->arg,
		.help = o->help,
	};

	if (o->arg != NULL)
		add("GLOBAL", o->name)->detail[PREFIXES] = short_prefixes;
	else if (all)
		add("ALL_PREFIXES", short_prefixes);
	if (o->help != NULL && shell == &shells[FISH] && o->arg != NULL) {
		/* its word is found by __xnetns_words, not by fish */
		add_to_lists(&(struct word){ .command = format("-%s", o->name), .arg = w.arg });
		w.has[0] = w.has[1] = no_argument;
	}
	if (o->help != NULL)
		add_to_lists(&w);
	if (shell == &shells[ZSH] && (o->arg != NULL || all)) /* known, but not offered */
		add_word(&w, has,
			 format(" !'{%s,%s}'", prefixes(o->name, o, true, "-", ","),
				prefixes(o->name, o, true, "--", ",")))
			->detail[ARG] = zsh_arg(&w, has);
}

/* read_words() - the words that help tells of @c */
static void read_words(const struct command *c)
{
	size_t len = strlen(c->args);
	bool repeats = len > 3 && strcmp(c->args + len - 3, "...") == 0;
	char *rest = format("%s", c->args), *arg;
	int number = 1;

	for (; (arg = strsep(&rest, " ")) != NULL && *arg != '\0'; number++) {
		struct word w = { .command = c->name, .number = number, .arg = arg };

		if (strstr(arg, "<program>") != NULL) {
			add("RUNNER", c->name)->detail[NUMBER] = format("%d", number);
			continue;
		}
		w.repeats = repeats && rest == NULL;
		if (strstr(arg, "<command>") != NULL)
			w.values = all_of("COMMAND", " ");
		if (c->run == cmd_link)
			w.values = LINK_PARTS;
		if (*own_words(arg) != '\0')
			w.values = own_words(c->args);
		if (number == c->new_name)
			w.arg = "new";
		add_to_lists(&w);
	}
}

static void add_command(const struct command *c)
{
	struct item *item = add("COMMAND", c->name);

	item->detail[PREFIXES] = prefixes(c->name, c, false, "", shell->between);
	item->detail[HELP] =
		escaped(c->help, shell == &shells[ZSH] ? "\\\"$`" : shell->help_special);
}

/* read_options() - those of @c, and all of them as what is offered */
static void read_options(const struct command *c)
{
	const char *all = "";

	for (const struct command_option *o = c->options; o->name != NULL; o++) {
		int has = o->arg == '?' ? optional_argument
			  : o->arg	? required_argument
					: no_argument;
		struct word w = { .command = c->name,
				  .names = { NULL, o->name },
				  .has = { 0, has },
				  .attached = o->arg == '=',
				  .arg = o->value,
				  .help = o->help,
				  .values = o->values };

		add_to_lists(&w);
		all = joined(all, " ", offered(&w));
	}
	if (*all != '\0')
		add("OFFER", c->name)->detail[VALUES] = all;
}

static void read_netns(void)
{
	for (int i = 0; i < n_global_options; i++)
		read_global(&global_options[i]);
	for (int i = 0; i < n_commands; i++)
		if (commands[i].args != NULL) /* else it is another name of the one before it */
			add_command(&commands[i]);
	for (int i = 0; i < n_commands; i++) {
		if (commands[i].args == NULL)
			continue;
		read_options(&commands[i]);
		read_words(&commands[i]);
	}
}

/* ---- engines ---- */

/* A daemon that does not answer must not keep the shell. */
static void read_engines(void)
{
	for (int i = 0; i < n_engines; i++)
		add("ENGINE", engines[i].prefix)->detail[VALUES] =
			engines[i].list ? format("timeout 3 %s", engines[i].list)
					: "command ls " ENGINE_NETNS;
}

/* ---- templates ---- */

/* find_mark() - the first at or behind @s, of which *@name is a copy. Return: its @, or NULL. */
static const char *find_mark(const char *s, const char **name)
{
	for (; (s = strchr(s, '@')) != NULL; s++) {
		size_t len = strspn(s + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");

		if (len == 0 || s[1 + len] != '@')
			continue;
		*name = format("%.*s", (int)len, s + 1);
		return s;
	}
	return NULL;
}

/* list_named() - the list whose mark @name is, alone or (*@all) with an S. Return: NULL: none. */
static const char *list_named(const char *name, bool *all)
{
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		*all = strcmp(name, format("%sS", lists[i])) == 0;
		if (*all || strcmp(name, lists[i]) == 0)
			return lists[i];
	}
	return NULL;
}

/* value() - what stands for the mark @name in a line for @item, which may be NULL */
static const char *value(const char *name, const struct item *item)
{
	bool all;
	const char *list = list_named(name, &all);

	if (strcmp(name, "TOOL") == 0)
		return tool_name;
	if (list != NULL && all)
		return all_of(list, shell->between);
	if (list != NULL && item != NULL && strcmp(item->list, list) == 0)
		return item->text;
	for (int i = 0; i < N_DETAILS && item != NULL; i++)
		if (strcmp(detail_marks[i], name) == 0)
			return item->detail[i] != NULL ? item->detail[i] : "";
	fail("nothing stands for this mark in its line", name);
}

static void put_line(const char *line, const struct item *item)
{
	const char *mark, *name;

	for (; (mark = find_mark(line, &name)) != NULL; line = mark + strlen(name) + 2)
		printf("%.*s%s", (int)(mark - line), line, value(name, item));
	fputs(line, stdout);
}

/* put_lines() - the line once, or once for each item of the list that it has a mark of */
static void put_lines(const char *line)
{
	const char *name, *list = NULL;
	bool all = false;

	for (const char *mark = line; list == NULL && (mark = find_mark(mark, &name)) != NULL;
	     mark += strlen(name) + 2)
		list = list_named(name, &all);
	if (list == NULL || (all && *all_of(list, "") != '\0'))
		put_line(line, NULL);
	for (int i = 0; list != NULL && !all && i < n_items; i++)
		if (strcmp(items[i].list, list) == 0)
			put_line(line, &items[i]);
}

static void put_template(const char *dir, const char *name)
{
	const char *path = format("%s/%s/%s", dir, shell->name, name);
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t size = 0, len;

	if (f == NULL)
		fail("cannot open", path);
	while (getline(&line, &size, f) > 0) {
		len = strcspn(line, "\n");
		if (strncmp(line, ". ", 2) == 0 && len > 5 &&
		    strncmp(line + len - 3, ".in", 3) == 0)
			put_template(dir, format("%.*s", (int)len - 2, line + 2));
		else if (strncmp(line, "# shellcheck ", 13) != 0)
			put_lines(line);
	}
	if (ferror(f) || fclose(f) != 0)
		fail("cannot read", path);
	free(line);
}

int main(int argc, char **argv)
{
	const struct cli_tool *tool = NULL;

	for (size_t i = 0; argc == 4 && i < ARRAY_SIZE(shells); i++)
		if (strcmp(shells[i].name, argv[2]) == 0)
			shell = &shells[i];
	tool_name = argc == 4 ? argv[3] : "";
	for (size_t i = 0; i < ARRAY_SIZE(tools); i++)
		if (strcmp(tools[i]->name, tool_name) == 0)
			tool = tools[i];
	if (shell == NULL || (tool == NULL && strcmp(tool_name, "xnetns") != 0)) {
		fputs("usage: gen DIR bash|zsh|fish TOOL\n", stderr);
		return 2;
	}
	read_engines();
	if (tool != NULL)
		read_tool(tool);
	else
		read_netns();
	put_template(argv[1], tool == NULL     ? "netns.in"
			      : tool->permutes ? "list.in"
					       : "program.in");
	return fflush(stdout) == 0 && !ferror(stdout) ? EXIT_SUCCESS : EXIT_FAILURE;
}
