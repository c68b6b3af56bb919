/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "cli.h"
#include "commands.h"
#include "dir.h"
#include "explain.h"
#include "nearest.h"
#include "wrap.h"
#include "parse.h"

/* ---- usage ---- */

static const char *self(const struct netns_options *o)
{
	return o->as_ip ? "ip netns" : program_invocation_short_name;
}

/* The options before the command: those that their names explain on one line, then the others. */
static void print_options(FILE *stream)
{
	const struct global_option *end = global_options + n_global_options;
	char line[512];
	size_t used = (size_t)snprintf(line, sizeof(line), "%s", _("Options:"));

	for (const struct global_option *o = global_options; o < end; o++)
		if (o->help && !*o->help)
			used += (size_t)snprintf(line + used, sizeof(line) - used,
						 o->arg ? " -%s <%s>" : " -%s", o->name,
						 o->arg ? _(o->arg) : "");
	fputc('\n', stream);
	wrap_text(stream, line, 0, 9);
	for (const struct global_option *o = global_options; o < end; o++) {
		char left[64];

		if (!o->help || !*o->help)
			continue;
		snprintf(left, sizeof(left), o->letter ? "  -%2$c, --%1$s" : "  --%1$s", o->name,
			 o->letter);
		wrap_row(stream, left, 21, _(o->help));
	}
}

/* A command, and what it takes; ip(8)'s have no options. */
static void print_command(const struct netns_options *o, const struct command *c, FILE *stream)
{
	char left[256];

	snprintf(left, sizeof(left), *c->args ? "%s %s" : "%s", c->name,
		 *c->args ? _(c->args) : "");
	fputs("  ", stream);
	wrap_text(stream, left, 2, 10);
	wrap_row(stream, "", 6, _(c->help));
	for (const struct command_option *p = c->options; p->name && !o->as_ip; p++) {
		snprintf(left, sizeof(left), p->value ? "        %s%s%s%s" : "        %s", p->name,
			 p->arg == '?' ? "[=" : " ", p->value ? _(p->value) : "",
			 p->arg == '?' ? "]" : "");
		wrap_row(stream, left, 27, _(p->help));
	}
}

static void usage(const struct netns_options *o, FILE *stream)
{
	fprintf(stream, _("Usage: %s [options] <command>\n\n"), self(o));
	for (const struct command *c = commands; c < commands + n_commands; c++)
		if (c->args)
			print_command(o, c, stream);
	print_options(stream);
	fputs(_("\nFor more details see xnetns(8).\n"), stream);
}

/* ---- the options before the command ---- */

static void set_flag(const struct global_option *row, void *at, const char *arg)
{
	*(bool *)at = true;
}

static void set_word(const struct global_option *row, void *at, const char *arg)
{
	*(const char **)at = arg;
}

/* Of the two modes, with the letter that --xtrace has */
static void set_mode(const struct global_option *row, void *at, const char *arg)
{
	cli_set_mode(row->letter != 'x');
}

/* What --explain finds reasons in: the command that runs, its options, and -netns and -batch. */
static const struct netns_options *given;
static const struct command *current;

static bool is_given(const char *word)
{
	if (strcmp(word, "--netns") == 0 || strcmp(word, "--batch") == 0)
		return word[2] == 'n' ? given->netns && !current : given->batch != NULL;
	for (const struct command_option *p = current ? current->options : NULL; p && p->name; p++)
		if (strcmp(p->name, word) == 0)
			return given->with[p->with];
	return current && strcmp(current->name, word) == 0;
}

static void set_explain(const struct global_option *row, void *at, const char *arg)
{
	static const struct explain_words words = { is_given, NULL };

	given = at;
	explain_start(&words);
}

static void print_help(const struct global_option *row, void *at, const char *arg)
{
	usage(at, stdout);
	end_output();
}

static void print_version(const struct global_option *row, void *at, const char *arg)
{
	printf(_("%s from xns %s\n"), program_invocation_short_name, PACKAGE_VERSION);
	end_output();
}

/* What has no effect here is still checked, as by the peer. */
static void check_family(const struct global_option *row, void *at, const char *arg)
{
	static const char families[] = "inet inet6 link bridge mpls";

	if (parse_index(families, " ", arg, strlen(arg)) >= 0)
		return;
	warn_msg(N_("Error: argument \"%s\" is wrong: invalid protocol family"), arg);
	hint_word(arg, families);
	die_said(EXIT_USAGE);
}

static void check_rcvbuf(const struct global_option *row, void *at, const char *arg)
{
	long long n;

	if (*arg == '-' || !parse_as_ip(arg, 0, UINT_MAX, &n))
		die(EXIT_USAGE, 0, N_("Invalid rcvbuf size '%s'"), arg);
}

static void check_color(const struct global_option *row, void *at, const char *arg)
{
	static const char when[] = "always auto never";

	arg = arg ? arg + 1 : "auto"; /* behind the = */
	if (parse_index(when, " ", arg, strlen(arg)) >= 0)
		return;
	warn_msg(N_("Option \"-color=%s\" is unknown, try \"%s -help\"."), arg,
		 program_invocation_short_name);
	hint_word(arg, when);
	die_said(EXIT_USAGE);
}

#define NO_EFFECT(word)      \
	{                    \
		.name = word \
	}
#define FLAG(member) .set = set_flag, .field = offsetof(struct netns_options, member)
#define WORD(member) .set = set_word, .field = offsetof(struct netns_options, member)

/*
 * In the order in which a prefix is looked for, which is ip(8)'s wherever two begin alike, and of
 * --help; those that change nothing here are accepted.
 */
const struct global_option global_options[] = {
	{ "loops", .arg = "n", .lack = "loop count" },
	{ "family", .arg = "n", .lack = "family type", .set = check_family },
	{ "all", .help = "", FLAG(all) },
	{ "json", .help = "", FLAG(json) },
	{ "pretty", .help = "", FLAG(pretty) },
	{ "netns", .arg = N_("name"), .help = "", WORD(netns) },
	{ "batch", .arg = N_("file"), .lack = "batch file", .is_ips = true, .help = "",
	  WORD(batch) },
	{ "force", .help = "", FLAG(force) },
	/* clang-format off */
	NO_EFFECT("4"), NO_EFFECT("6"), NO_EFFECT("0"), NO_EFFECT("M"), NO_EFFECT("B"),
	NO_EFFECT("human-readable"), NO_EFFECT("iec"), NO_EFFECT("stats"), NO_EFFECT("statistics"),
	NO_EFFECT("details"), NO_EFFECT("resolve"), NO_EFFECT("oneline"), NO_EFFECT("timestamp"),
	NO_EFFECT("tshort"),
	/* clang-format on */
	{ "Version", .is_ips = true, .set = print_version },
	NO_EFFECT("brief"),
	{ "rcvbuf", .arg = "n", .lack = "rcvbuf size", .set = check_rcvbuf },
	NO_EFFECT("Numeric"),
	{ "echo", .whole = true },
	{ "color", .set = check_color },
	/* ours, and what --help says more of */
	{ "dry-run", .whole = true, .help = N_("print the system calls, make none of them"),
	  .set = set_mode },
	{ "xtrace", 'x', .whole = true,
	  .help = N_("print each system call as it is made, on standard error"), .set = set_mode },
	{ "explain", .whole = true, .help = N_("and say what each is for (alone: with --dry-run)"),
	  .set = set_explain },
	{ "help", .is_ips = true, .help = N_("print this help"), .set = print_help },
	{ "version", 'V', .whole = true, .is_ips = true, .help = N_("print the version"),
	  .set = print_version },
};
const int n_global_options = ARRAY_SIZE(global_options);

const struct global_option *find_global(const char *word)
{
	size_t len = strncmp(word, "color=", 6) == 0 ? 5 : strlen(word);

	for (const struct global_option *o = global_options;
	     len > 0 && o < global_options + n_global_options; o++) {
		if (len == 1 && *word == o->letter)
			return o;
		if (strncmp(o->name, word, len) == 0 && (!o->whole || strlen(o->name) == len))
			return o;
	}
	return NULL;
}

static _Noreturn void missing_argument(const struct global_option *row)
{
	if (row->lack)
		die(EXIT_USAGE, 0, N_("Error: argument \"%s\" is required"), row->lack);
	die(EXIT_USAGE, 0, N_("Command line is not complete. Try option \"help\""));
}

/* @word with its dashes, as it was given */
static _Noreturn void unknown_option(const char *word)
{
	const char *name = word + strspn(word, "-");
	struct nearest n = nearest_to(name, strlen(name));
	const struct global_option *row;

	warn_msg(N_("Option \"%s\" is unknown, try \"%s -help\"."), word,
		 program_invocation_short_name);
	for (int i = 0; i < n_global_options; i++)
		if (global_options[i].help)
			nearest_try(&n, global_options[i].name);
	row = n.name ? find_global(n.name) : NULL;
	nearest_hint(&n, row && row->help && *row->help ? "--" : "-");
	die_said(EXIT_USAGE);
}

char **parse_options(struct netns_options *o, char *argv[])
{
	char **words = argv + 1;

	for (; *words && **words == '-'; words++) {
		const char *word = *words + 1 + ((*words)[1] == '-'), *arg = strchr(word, '=');
		const struct global_option *row = find_global(word);

		if (strcmp(*words, "--") == 0)
			return words + 1;
		if (o->as_ip && (!row || row->is_ips))
			return NULL;
		if (!row)
			unknown_option(*words);
		if (row->arg && !(arg = *++words))
			missing_argument(row);
		if (row->set)
			row->set(row, (char *)o + row->field, arg);
	}
	return words;
}

bool is_netns_word(const char *word)
{
	return word && strlen(word) >= 3 && strncmp("netns", word, strlen(word)) == 0;
}

/* ---- the command ---- */

/* Whether @word is this option; sets its argument, for which it may take the next word. */
static bool is_option(const struct command_option *o, char ***words, const char **arg)
{
	const char *word = **words;
	size_t len = strlen(o->name);

	if (strncmp(word, o->name, len) != 0 || (word[len] && word[len] != '='))
		return false;
	*arg = word[len] == '=' ? word + len + 1 : "";
	if (word[len] == '=' && !o->arg)
		die(EXIT_USAGE, 0, N_("option '%s' doesn't allow an argument"), o->name);
	if (o->arg == ' ' && !word[len]) {
		if (!*++*words)
			die(EXIT_USAGE, 0, N_("option '%s' requires an argument"), o->name);
		*arg = **words;
	}
	return true;
}

static _Noreturn void unknown_option_of(const struct command *c, const char *word)
{
	char all[128] = "";
	size_t used = 0;

	warn_msg(N_("unknown option of %s: '%s'"), c->name, word);
	for (const struct command_option *row = c->options; row->name; row++)
		used += (size_t)snprintf(all + used, sizeof(all) - used, "%s%s", used ? " " : "",
					 row->name);
	if (*all)
		hint_word(word, all);
	die_said(EXIT_USAGE);
}

/* What other tools call it: spelled otherwise altogether, so never near. */
static const struct synonym {
	const char *name, *words;
} synonyms[] = {
	{ "add", "create new make" }, { "delete", "rm remove destroy unlink" },
	{ "rename", "mv move" },      { "exec", "run enter shell" },
	{ "attach", "import" },
};

static void try_synonyms(struct nearest *n)
{
	for (const struct synonym *s = synonyms; s < synonyms + ARRAY_SIZE(synonyms); s++)
		if (parse_index(s->words, " ", n->word, n->len) >= 0) {
			n->name = s->name;
			n->name_len = strlen(s->name);
		}
}

static _Noreturn void unknown_command(const struct netns_options *o, const char *word)
{
	struct nearest n = nearest_to(word, strlen(word));

	warn_msg(N_("Command \"%s\" is unknown, try \"%s help\"."), word, self(o));
	for (const struct command *c = commands; c < commands + n_commands; c++)
		nearest_try(&n, c->name);
	try_synonyms(&n);
	nearest_hint(&n, "");
	die_said(EXIT_USAGE);
}

/*
 * Takes the options of @c from the front of @words. Return: what is behind them; NULL: its help is asked for.
 * ip(8) has none: there they are names.
 */
static char **take_options(struct netns_options *o, const struct command *c, char **words)
{
	for (; *words && **words == '-' && !o->as_ip; words++) {
		const struct command_option *row = c->options;
		const char *arg;

		if (strcmp(*words, "--") == 0)
			return words + 1;
		if (strcmp(*words, "--help") == 0)
			return NULL;
		while (row->name && !is_option(row, &words, &arg))
			row++;
		if (!row->name)
			unknown_option_of(c, *words);
		if (row->with == WITH_PORT && o->n_ports == MAX_PORTS)
			die(EXIT_USAGE, 0, N_("too many --port options"));
		if (row->with == WITH_PORT)
			o->port[o->n_ports++] = arg;
		if (!o->with[row->with])
			o->with[row->with] = arg;
	}
	return words;
}

/* Dies where @words are not what @c, or any command, takes. */
static void check_words(const struct netns_options *o, const struct command *c, char **words)
{
	bool stands_all = c && c->or_all && o->all;
	bool is_path = c && c->or_path && !o->as_ip && words[0] && netns_is_path(words[0]);
	int n = 0;

	while (words[n])
		n++;
	if (n > 0 && !(c && c->any_word) && !stands_all && !is_path && !netns_name_ok(words[0]))
		die(EXIT_USAGE, 0, N_("Invalid netns name \"%s\""), words[0]);
	if (c && n < c->least && !stands_all)
		die(EXIT_FAILURE, 0, N_("No netns name specified"));
	if (c && c->most && n > c->most)
		die(EXIT_FAILURE, 0, N_("extra arguments specified"));
}

/* The command that "help @name" asks for. */
static const struct command *helped(const struct netns_options *o, const char *name)
{
	const struct command *c = find_command(name);

	if (!c)
		unknown_command(o, name);
	while (!c->args)
		c--;
	return c;
}

int netns_command(struct netns_options *o, char **words)
{
	const char *name = words[0];
	const struct command *c = name ? find_command(name) : commands;
	int status;

	words += name != NULL;
	if (c)
		words = take_options(o, c, words);
	if (c && (!words || (c->run == cmd_help && *words && !o->as_ip))) {
		print_command(o, helped(o, words ? *words : c->name), stdout);
		return flush_output() ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	check_words(o, c, words);
	if (!c)
		unknown_command(o, name);
	if (c != current)
		netns_close_dir();
	current = c;
	if (c->or_path && words[0] && !o->as_ip && !(c->or_all && o->all))
		netns_ask(words[0], c->run == cmd_exec ? EXIT_USAGE : EXIT_FAILURE);
	if (c->looks)
		netns_look();
	else if (c->run != cmd_help && !c->locks)
		netns_use();
	status = c->run(o, words);
	if (status == SHOW_USAGE)
		usage(o, stderr);
	if (status == EXIT_SUCCESS)
		return flush_output() ? EXIT_SUCCESS : EXIT_FAILURE;
	fflush(stdout); /* it has said why already */
	return status == SHOW_USAGE ? EXIT_USAGE : status;
}
