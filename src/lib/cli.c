/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "parse.h"
#include "shown.h"
#include "told.h"

#define MAX_ROWS 96

static _Noreturn void try_help(void)
{
	char line[256];
	int n = snprintf(line, sizeof(line), _("Try '%s --help' for more information.\n"),
			 program_invocation_short_name);

	if (n > 0 &&
	    write(STDERR_FILENO, line, (size_t)n < sizeof(line) ? (size_t)n : sizeof(line)) < 0)
		_exit(EXIT_FAILURE);
	_exit(EXIT_FAILURE);
}

/* ---- the option table ---- */

int cli_rows(const struct cli_tool *tool)
{
	return tool->n_options + (tool->kinds_head ? KIND_COUNT + 1 : 0);
}

struct cli_option cli_row(const struct cli_tool *tool, int i)
{
	const struct kind *k;

	if (!tool->kinds_head)
		return tool->options[i];
	if (i == 0)
		return (struct cli_option){ .help = tool->kinds_head };
	if (i > KIND_COUNT)
		return tool->options[i - 1 - KIND_COUNT];
	k = &kinds[i - 1];
	return (struct cli_option){ k->name,
				    k->letter,
				    k->letter,
				    optional_argument,
				    (signed char)tool->kinds_short_arg,
				    N_("file"),
				    k->help,
				    NULL };
}

static void print_option(const struct cli_option *o)
{
	char left[80];
	const char *arg = o->arg ? _(o->arg) : NULL;
	int n = 0;

	if (o->letter)
		n = snprintf(left, sizeof(left), " -%c, --%s", o->letter, o->name);
	else
		n = snprintf(left, sizeof(left), "     --%s", o->name);
	if (arg && o->long_arg == optional_argument)
		snprintf(left + n, sizeof(left) - (size_t)n, "[=<%s>]", arg);
	else if (arg)
		snprintf(left + n, sizeof(left) - (size_t)n, " <%s>", arg);
	if (strlen(left) <= 29)
		printf("%-30s %s\n", left, _(o->help));
	else
		printf("%s\n%30s %s\n", left, "", _(o->help));
}

static _Noreturn void help(const struct cli_tool *tool)
{
	printf(_("\nUsage:\n %s %s\n\n%s\n"), program_invocation_short_name, _(tool->usage),
	       _(tool->summary));
	for (int i = 0; i < cli_rows(tool); i++) {
		struct cli_option o = cli_row(tool, i);

		if (o.name && o.help)
			print_option(&o);
		else if (o.name)
			continue;
		else if (o.help)
			printf("\n%s\n", _(o.help));
		else
			printf("\n");
	}
	printf(_("\nFor more details see %s(%d).\n"), tool->name,
	       tool->section ? tool->section : 1);
	end_output();
}

/* Under a peer's name scripts read the version to learn what the tool can do. */
static _Noreturn void version(const struct cli_tool *tool)
{
	const char *name = program_invocation_short_name;

	if (strcmp(name, tool->peer) == 0)
		printf(_("%s from xns %s (%s compatible)\n"), name, PACKAGE_VERSION,
		       tool->compatible);
	if (strcmp(name, tool->peer) == 0 && tool->features)
		printf("features: %s\n", tool->features);
	if (strcmp(name, tool->peer) != 0)
		printf(_("%s from xns %s\n"), name, PACKAGE_VERSION);
	end_output();
}

static struct option long_options[MAX_ROWS];
static char short_options[2 + 3 * MAX_ROWS];

static void build_getopt_tables(const struct cli_tool *tool)
{
	char *s = short_options;
	int n = 0;

	if (!tool->permutes)
		*s++ = '+'; /* the first word that is no option ends them */
	for (int i = 0; i < cli_rows(tool); i++) {
		struct cli_option o = cli_row(tool, i);

		if (!o.name)
			continue;
		if (n == MAX_ROWS - 1) /* the last one ends the table */
			abort();
		long_options[n++] = (struct option){ o.name, o.long_arg, NULL, o.id };
		if (!o.letter)
			continue;
		*s++ = (char)o.letter;
		for (int colons = 0; colons < o.short_arg; colons++)
			*s++ = ':';
	}
}

/*
 * Lets getopt_long(3) say what is wrong, in the user's language: it is asked again from the start,
 * aloud.
 */
static _Noreturn void wrong_option(int argc, char *argv[])
{
	int c;

	load_locale();
	for (char **word = argv; *word; word++)
		shown_hide(*word); /* it quotes them as they are */
	argv[0] = program_invocation_short_name;
	opterr = 1;
	optind = 0;
	do
		c = getopt_long(argc, argv, short_options, long_options, NULL);
	while (c != '?' && c != -1);
	try_help();
}

int cli_getopt(const struct cli_tool *tool, int argc, char *argv[])
{
	int c;

	if (!long_options[0].name)
		build_getopt_tables(tool);
	opterr = 0;
	c = getopt_long(argc, argv, short_options, long_options, NULL);
	if (c == '?')
		wrong_option(argc, argv);
	if (c == OPT_HELP)
		help(tool);
	if (c == OPT_VERSION)
		version(tool);
	return c;
}

void cli_parse(const struct cli_tool *tool, int argc, char *argv[],
	       void (*set_kind)(const struct kind *kind, const char *arg),
	       void (*set_option)(int id, const char *arg))
{
	int id;

	while ((id = cli_getopt(tool, argc, argv)) != -1) {
		const struct kind *kind = kind_by_letter(id);

		if (kind)
			set_kind(kind, optarg);
		else
			set_option(id, optarg);
	}
}

/* ---- words ---- */

int cli_parse_errno(void)
{
	return errno == EINVAL ? 0 : errno;
}

uid_t cli_uid(const char *word, const char *msgid)
{
	uid_t uid;

	if (parse_uid(word, &uid) < 0)
		die(EXIT_FAILURE, cli_parse_errno(), msgid, word);
	return uid;
}

gid_t cli_gid(const char *word, const char *msgid)
{
	gid_t gid;

	if (parse_gid(word, &gid) < 0)
		die(EXIT_FAILURE, cli_parse_errno(), msgid, word);
	return gid;
}

long long cli_number(const char *word, long long min, long long max, const char *msgid)
{
	long long number;

	if (parse_number(word, min, max, &number) < 0)
		die(EXIT_FAILURE, cli_parse_errno(), msgid, word);
	return number;
}

int cli_signal(const char *word)
{
	int sig = parse_signal(word);

	if (sig < 0)
		die(EXIT_FAILURE, 0, N_("unknown signal: %s"), word);
	return sig;
}

void cli_set_mode(bool dry)
{
	if (dry)
		told_set_mode(CALLS_TOLD);
	else if (!telling())
		told_set_mode(CALLS_TRACED);
}
