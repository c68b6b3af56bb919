/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "cli.h"
#include "explain.h"
#include "nearest.h"
#include "parse.h"
#include "shown.h"
#include "told.h"
#include "wrap.h"

#define NO no_argument

/* ---- the table ---- */

static at_start const struct cli_tool *tool; /* whose options are read */

static void set_mode(const struct cli_option *row, void *at, const char *arg);
static void set_explain(const struct cli_option *row, void *at, const char *arg);
static void print_help(const struct cli_option *row, void *at, const char *arg);
static void print_version(const struct cli_option *row, void *at, const char *arg);

/* Behind the rows of each tool; the first LEARNING only of a tool that makes calls. */
enum { LEARNING = 5 };
static const struct cli_option common[] = {
	{ .help = N_("Learning:") },
	{ "dry-run", 0, NO, NO, NULL, N_("print the system calls, make none of them"),
	  .set = set_mode },
	{ "xtrace", 'x', NO, NO, NULL,
	  N_("print each system call as it is made, on standard error"), .set = set_mode },
	{ "explain", 0, NO, NO, NULL, N_("and say what each is for (alone: with --dry-run)"),
	  .set = set_explain },
	{ .help = NULL },
	{ "help", 'h', NO, NO, NULL, N_("print this help"), .set = print_help },
	{ "version", 'V', NO, NO, NULL, N_("print the version"), .set = print_version },
};

int cli_rows(const struct cli_tool *t)
{
	return (t->kinds_head ? KIND_COUNT + 1 : 0) + t->n_options + (int)ARRAY_SIZE(common) -
	       (t->makes_calls ? 0 : LEARNING);
}

static struct cli_option row_of_kind(const struct cli_tool *t, const struct kind *k)
{
	return (struct cli_option){ .name = k->name,
				    .letter = k->letter,
				    .long_arg = optional_argument,
				    .short_arg = (signed char)t->kinds_short_arg,
				    .arg = N_("file"),
				    .help = k->help,
				    .set = t->set_kind,
				    .flags = k->flag };
}

struct cli_option cli_row(const struct cli_tool *t, int i)
{
	if (t->kinds_head && i == 0)
		return (struct cli_option){ .help = t->kinds_head };
	if (t->kinds_head && i <= KIND_COUNT)
		return row_of_kind(t, &kinds[i - 1]);
	i -= t->kinds_head ? KIND_COUNT + 1 : 0;
	if (i < t->n_options)
		return t->options[i];
	return common[i - t->n_options + (t->makes_calls ? 0 : LEARNING)];
}

/* ---- help and version ---- */

static void print_option(const struct cli_option *o)
{
	bool optional = o->long_arg == optional_argument;
	char left[160], letter[] = "    ";

	if (o->letter)
		snprintf(letter, sizeof(letter), "-%c, ", o->letter);
	if (o->arg)
		snprintf(left, sizeof(left), " %s--%s%s<%s>%s", letter, o->name,
			 optional ? "[=" : " ", _(o->arg), optional ? "]" : "");
	else
		snprintf(left, sizeof(left), " %s--%s", letter, o->name);
	wrap_row(stdout, left, 31, _(o->help));
}

/* The options from row @i to the next heading, those that are used most first. Return: its row. */
static int print_group(int i)
{
	int end = i;

	while (end < cli_rows(tool) && cli_row(tool, end).name)
		end++;
	for (int first = true; first >= false; first--)
		for (int row = i; row < end; row++) {
			struct cli_option o = cli_row(tool, row);

			if (o.help && o.first == first)
				print_option(&o);
		}
	return end;
}

static void print_help(const struct cli_option *row, void *at, const char *arg)
{
	printf(_("\nUsage:\n %s %s\n\n%s\n"), program_invocation_short_name, _(tool->usage),
	       _(tool->summary));
	for (int i = 0; i < cli_rows(tool); i = print_group(i + 1)) {
		const char *heading = cli_row(tool, i).help;

		putchar('\n');
		if (heading)
			wrap_text(stdout, _(heading), 0, 0);
	}
	printf(_("\nFor more details see %s(%d).\n"), tool->name,
	       tool->section ? tool->section : 1);
	end_output();
}

/* Under a peer's name scripts read the version to learn what the tool can do. */
static void print_version(const struct cli_option *row, void *at, const char *arg)
{
	const char *name = program_invocation_short_name;
	bool as_peer = strcmp(name, tool->peer) == 0;

	if (!as_peer)
		printf(_("%s from xns %s\n"), name, PACKAGE_VERSION);
	else
		printf(_("%s from xns %s (%s compatible)\n"), name, PACKAGE_VERSION,
		       tool->compatible);
	if (as_peer && tool->features)
		printf("features: %s\n", tool->features);
	end_output();
}

/* ---- getopt_long(3) ---- */

enum { MAX_ROWS = 96, FIRST_ID = 256 /* a long option's is that of its row and this */ };

struct tables {
	struct option long_options[MAX_ROWS];
	char short_options[2 + 3 * MAX_ROWS];
};

static void build_tables(struct tables *t)
{
	char *s = t->short_options;
	int n = 0;

	if (cli_rows(tool) >= MAX_ROWS)
		abort(); /* a row that does not fit would be an option that is not there */
	if (!tool->permutes)
		*s++ = '+'; /* the first word that is no option ends them */
	for (int i = 0; i < cli_rows(tool); i++) {
		struct cli_option o = cli_row(tool, i);

		if (!o.name)
			continue;
		t->long_options[n++] = (struct option){ o.name, o.long_arg, NULL, FIRST_ID + i };
		if (!o.letter)
			continue;
		*s++ = (char)o.letter;
		for (int colons = 0; colons < o.short_arg; colons++)
			*s++ = ':';
	}
}

/* The row of what getopt_long(3) gave; -1: of no letter there is. */
static int row_of(int id)
{
	if (id >= FIRST_ID)
		return id - FIRST_ID;
	for (int i = 0; i < cli_rows(tool); i++)
		if (cli_row(tool, i).name && cli_row(tool, i).letter == id)
			return i;
	return -1;
}

/* A hint for @word, which begins no option: the nearest one. What several begin with has been listed. */
static void hint_option(const char *word)
{
	const char *name = word + 1 + (word[1] == '-');
	struct nearest n = nearest_to(name, strcspn(name, "="));

	for (int i = 0; i < cli_rows(tool); i++) {
		struct cli_option o = cli_row(tool, i);

		if (o.name && word[1] == '-' && strncmp(o.name, name, n.len) == 0)
			return;
		if (o.name && o.help)
			nearest_try(&n, o.name);
	}
	nearest_hint(&n, "--");
}

/* Whether the values of the row are all that it takes: its argument is called by them then. */
static bool takes_only_values(int i)
{
	struct cli_option o = cli_row(tool, i);

	return o.values && o.arg && strncmp(o.arg, o.values, strcspn(o.values, " ")) == 0;
}

/*
 * A hint behind getopt_long(3)'s message, which was of optopt, or of the word before optind. A letter that is
 * none may stand in a long option with one dash; it may have been the last of its word.
 */
static void hint_wrong(char *argv[])
{
	int i = optopt ? row_of(optopt) : -1;
	const char *word = argv[optind], *before = argv[optind - 1];

	if (i >= 0 && !word && takes_only_values(i))
		hint_one_of(cli_row(tool, i).values);
	else if (i < 0 && optopt && word && *word == '-' && strchr(word, optopt))
		hint_option(word);
	else if (i < 0 && *before == '-')
		hint_option(before);
}

/*
 * Lets getopt_long(3) say what is wrong, in the user's language: it is asked again from the start,
 * aloud.
 */
static _Noreturn void wrong_option(const struct tables *t, int argc, char *argv[])
{
	int c;

	use_locale();
	for (char **word = argv; *word; word++)
		shown_hide(*word); /* it quotes them as they are */
	argv[0] = program_invocation_short_name;
	opterr = 1;
	optind = 0;
	do
		c = getopt_long(argc, argv, t->short_options, t->long_options, NULL);
	while (c != '?' && c != -1);
	if (c == '?')
		hint_wrong(argv);
	fprintf(stderr, _("Try '%s --help' for more information.\n"),
		program_invocation_short_name);
	_exit(EXIT_FAILURE);
}

/* Which of those that were given a row is, or 0 */
static at_start unsigned char given[MAX_ROWS], n_given;

static int is_given(const char *name)
{
	for (int i = 0; i < cli_rows(tool); i++) {
		const char *other = cli_row(tool, i).name;

		if (given[i] && other && strcmp(other, name) == 0)
			return given[i];
	}
	return 0;
}

/* The first that implies the CLONE_ flag, or NULL. */
static const char *given_for(int flag)
{
	int first = -1;

	for (int i = 0; i < cli_rows(tool); i++)
		if (given[i] && (cli_row(tool, i).flags & flag) &&
		    (first < 0 || given[i] < given[first]))
			first = i;
	return first < 0 ? NULL : cli_row(tool, first).name;
}

void cli_note_order(const char *const order[], size_t n)
{
	for (size_t i = 0; i < n && (telling() || tracing()); i++)
		for (size_t j = i + 1; j < n; j++)
			if (is_given(order[j]) && is_given(order[j]) < is_given(order[i])) {
				told_note(
					"--%s comes before --%s, whatever the order of the options",
					order[i], order[j]);
				return;
			}
}

static at_start const char *values; /* of the row that is taken */

static void take(const struct cli_option *row, void *options, const char *arg)
{
	values = row->values;
	if (row->flags)
		*(int *)options |= row->flags;
	if (row->also)
		*(bool *)((char *)options + row->also) = true;
	if (row->set)
		row->set(row, (char *)options + row->field, arg);
}

void cli_parse(const struct cli_tool *t, int argc, char *argv[], void *options)
{
	struct tables tables = { 0 };
	int id, i;

	tool = t;
	build_tables(&tables);
	opterr = 0;
	while ((id = getopt_long(argc, argv, tables.short_options, tables.long_options, NULL)) !=
	       -1) {
		struct cli_option row;

		if (id == '?')
			wrong_option(&tables, argc, argv);
		i = row_of(id);
		row = cli_row(tool, i);
		if (row.not_with && is_given(row.not_with))
			die(EXIT_FAILURE, 0, N_("options --%s and --%s cannot be combined"),
			    row.not_with, row.name);
		if (!given[i])
			given[i] = ++n_given;
		take(&row, options, optarg);
	}
	explain_end_of_options();
}

/* ---- words ---- */

void cli_must(int ret, const char *word, const char *msgid)
{
	struct nearest n = nearest_to(word, strlen(word));

	if (ret >= 0)
		return;
	if (errno != EINVAL)
		die(EXIT_FAILURE, errno, msgid, word);
	warn_msg(msgid, word);
	nearest_try_list(&n, values ? values : "");
	nearest_hint(&n, "");
	die_said(EXIT_FAILURE);
}

uid_t cli_uid(const char *word, const char *msgid)
{
	uid_t uid = 0;

	cli_must(parse_uid(word, &uid), word, msgid);
	return uid;
}

gid_t cli_gid(const char *word, const char *msgid)
{
	gid_t gid = 0;

	cli_must(parse_gid(word, &gid), word, msgid);
	return gid;
}

long long cli_number(const char *word, long long min, long long max, const char *msgid)
{
	long long number = 0;

	cli_must(parse_number(word, min, max, &number), word, msgid);
	return number;
}

/* Of a signal that is none: with SIG, or without, as it was written. */
static _Noreturn void unknown_signal(const char *word)
{
	size_t sig = parse_same(word, "SIG", 3) ? 3 : 0;
	struct nearest n = nearest_to(word + sig, strlen(word + sig));

	warn_msg(N_("unknown signal: %s"), word);
	for (int i = 1; parse_signal_name(i); i++)
		nearest_try(&n, parse_signal_name(i));
	if (!nearest_hint(&n, sig ? "SIG" : ""))
		hint(N_("kill -l lists the signals"));
	die_said(EXIT_FAILURE);
}

int cli_signal(const char *word)
{
	int sig = parse_signal(word);

	if (sig < 0)
		unknown_signal(word);
	return sig;
}

int cli_choice(const struct cli_option *row, const char *word)
{
	int i = parse_index(row->values, " ", word, strlen(word));

	if (i >= 0)
		return i;
	warn_msg(row->msgid, word);
	hint_word(word, row->values);
	die_said(EXIT_FAILURE);
}

void cli_set_mode(bool dry)
{
	if (dry)
		told_set_mode(CALLS_TOLD);
	else if (!telling())
		told_set_mode(CALLS_TRACED);
}

/* ---- setters ---- */

static void set_mode(const struct cli_option *row, void *at, const char *arg)
{
	cli_set_mode(strcmp(row->name, "dry-run") == 0);
}

static bool is_given_word(const char *word)
{
	return strncmp(word, "--", 2) == 0 && is_given(word + 2);
}

static void set_explain(const struct cli_option *row, void *at, const char *arg)
{
	static const struct explain_words words = { is_given_word, given_for };

	explain_start(&words);
}

void cli_set_flag(const struct cli_option *row, void *at, const char *arg)
{
	*(bool *)at = true;
}

void cli_set_word(const struct cli_option *row, void *at, const char *arg)
{
	*(const char **)at = arg;
}

void cli_set_uid(const struct cli_option *row, void *at, const char *arg)
{
	*(struct given_id *)at = (struct given_id){ true, cli_uid(arg, row->msgid) };
}

void cli_set_gid(const struct cli_option *row, void *at, const char *arg)
{
	*(struct given_id *)at = (struct given_id){ true, cli_gid(arg, row->msgid) };
}

void cli_set_fd(const struct cli_option *row, void *at, const char *arg)
{
	static const char msgid[] = N_("failed to parse file descriptor: '%s'");

	*(struct given_fd *)at = (struct given_fd){ true, (int)cli_number(arg, 0, INT_MAX, msgid) };
}

void cli_set_pid(const struct cli_option *row, void *at, const char *arg)
{
	*(pid_t *)at = (pid_t)cli_number(arg, 1, INT_MAX, N_("invalid PID argument: '%s'"));
}

void cli_set_signal(const struct cli_option *row, void *at, const char *arg)
{
	*(int *)at = arg ? cli_signal(arg) : SIGKILL;
}
