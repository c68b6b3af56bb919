/* SPDX-License-Identifier: MIT */
/*
 * xnetns - named network namespaces: the options, the commands, batch files, and the hand-over to
 * ip(8) of what is not ours. What a command does stands in the xnetns-*.c of its topic.
 */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "mnl.h"
#include "dir.h"
#include "sys.h"
#include "commands.h"
#include "told.h"
#include "xnetns.h"

struct options opt;

static int (*const handlers[])(char **words) = {
	[CMD_LIST] = cmd_list,	       [CMD_LIST_ID] = cmd_list_id, [CMD_HELP] = cmd_help,
	[CMD_ADD] = cmd_add,	       [CMD_SET] = cmd_set,	    [CMD_DELETE] = cmd_delete,
	[CMD_IDENTIFY] = cmd_identify, [CMD_PIDS] = cmd_pids,	    [CMD_EXEC] = cmd_exec,
	[CMD_MONITOR] = cmd_monitor,   [CMD_ATTACH] = cmd_attach,   [CMD_LINK] = cmd_link,
	[CMD_HOLDERS] = cmd_holders,   [CMD_PRUNE] = cmd_prune,	    [CMD_RENAME] = cmd_rename,
};

static const char *self(void)
{
	return opt.as_ip ? "ip netns" : program_invocation_short_name;
}

/* The options before the command: those that their names explain on one line, then the others. */
static void print_options(FILE *stream)
{
	const struct global_option *end = global_options + n_global_options;

	fputs(_("\nOptions:"), stream);
	for (const struct global_option *o = global_options; o < end; o++) {
		if (!o->help || *o->help)
			continue;
		fprintf(stream, " -%s", o->name);
		if (o->arg)
			fprintf(stream, " <%s>", _(o->arg));
	}
	fputc('\n', stream);
	for (const struct global_option *o = global_options; o < end; o++) {
		char letter[] = "-x, ";

		if (!o->help || !*o->help)
			continue;
		letter[1] = (char)o->letter;
		fprintf(stream, "  %s--%-*s %s\n", o->letter ? letter : "", o->letter ? 12 : 16,
			o->name, _(o->help));
	}
}

void usage(FILE *stream)
{
	fprintf(stream, _("Usage: %s [options] <command>\n\n"), self());
	for (const struct command *c = commands; c < commands + n_commands; c++) {
		if (!c->args)
			continue;
		fprintf(stream, "  %s %s\n      %s\n", c->name, _(c->args), _(c->help));
		for (const struct command_option *o = c->options; o->name && !opt.as_ip; o++) {
			char left[64];

			snprintf(left, sizeof(left), o->value ? "%s%s%s%s" : "%s", o->name,
				 o->arg == '?' ? "[=" : " ", o->value ? _(o->value) : "",
				 o->arg == '?' ? "]" : "");
			fprintf(stream, "        %-18s %s\n", left, _(o->help));
		}
	}
	print_options(stream);
	fputs(_("\nFor more details see xnetns(8).\n"), stream);
}

int cmd_help(char **words)
{
	(void)words;
	usage(stderr);
	return EXIT_USAGE;
}

/* ---- options of a command ---- */

static struct {
	const char *name, *arg;
} given[4];

const char *command_option(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(given); i++)
		if (given[i].name && strcmp(given[i].name, name) == 0)
			return given[i].arg;
	return NULL;
}

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

/* Takes the options of @c from the front of @words. ip(8) has none: there they are names. */
static char **take_options(const struct command *c, char **words)
{
	int n = 0;

	memset(given, 0, sizeof(given));
	for (; *words && **words == '-' && !opt.as_ip; words++) {
		const struct command_option *o = c->options;
		const char *arg;

		if (strcmp(*words, "--") == 0)
			return words + 1;
		while (o->name && !is_option(o, &words, &arg))
			o++;
		if (!o->name)
			die(EXIT_USAGE, 0, N_("unknown option of %s: '%s'"), c->name, *words);
		if (n < (int)ARRAY_SIZE(given)) {
			given[n].name = o->name;
			given[n++].arg = arg;
		}
	}
	return words;
}

/*
 * Whether the first word behind the command has to be fit for a name, as the peer asks of each; but
 * with -all there is none.
 */
static bool names_first(const struct command *c)
{
	if (!c)
		return true;
	return c->id != CMD_LINK && !(opt.all && (c->id == CMD_EXEC || c->id == CMD_DELETE));
}

int netns_command(char **words)
{
	const struct command *c = words[0] ? find_command(words[0]) : commands;
	const char *command = words[0];

	words += words[0] != NULL;
	if (c)
		words = take_options(c, words);
	if (words[0] && names_first(c) && !netns_name_ok(words[0])) {
		warn_msg(N_("Invalid netns name \"%s\""), words[0]);
		return EXIT_USAGE;
	}
	if (c)
		return handlers[c->id](words);
	warn_msg(N_("Command \"%s\" is unknown, try \"%s help\"."), command, self());
	return EXIT_USAGE;
}

/* ---- the options before the command ---- */

static _Noreturn void print_version(void)
{
	if (opt.as_ip)
		printf("ip utility, iproute2-7.0.0 compatible, xns %s\n", PACKAGE_VERSION);
	else
		printf(_("%s from xns %s\n"), program_invocation_short_name, PACKAGE_VERSION);
	end_output();
}

static void set_global(int id, const char *arg)
{
	switch (id) {
	case OPT_ALL:
		opt.all = true;
		break;
	case OPT_JSON:
		opt.json = true;
		break;
	case OPT_PRETTY:
		opt.pretty = true;
		break;
	case OPT_FORCE:
		opt.force = true;
		break;
	case OPT_NETNS:
		opt.netns = arg;
		break;
	case OPT_BATCH:
		opt.batch = arg;
		break;
	case OPT_DRY_RUN:
	case OPT_XTRACE:
		cli_set_mode(id == OPT_DRY_RUN);
		break;
	case OPT_VERSION:
		print_version();
	case OPT_HELP:
		usage(stdout);
		end_output();
	}
}

static bool is_netns_word(const char *word)
{
	return word && strlen(word) >= 3 && strncmp("netns", word, strlen(word)) == 0;
}

static _Noreturn void missing_argument(const struct global_option *o)
{
	static const struct {
		const char *option, *what;
	} names[] = { { "loops", "loop count" },
		      { "family", "family type" },
		      { "rcvbuf", "rcvbuf size" },
		      { "batch", "batch file" } };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i].option, o->name) == 0)
			die(EXIT_USAGE, 0, N_("Error: argument \"%s\" is required"), names[i].what);
	die(EXIT_USAGE, 0, N_("Command line is not complete. Try option \"help\""));
}

/* What has no effect here is still checked, as by the peer. */
static void check_argument(const struct global_option *o, const char *word, const char *arg)
{
	static const char *const families[] = { "inet", "inet6", "link", "bridge", "mpls" };
	char *end;
	unsigned long n;
	bool ok;

	if (arg && strcmp(o->name, "family") == 0) {
		ok = false;
		for (size_t i = 0; i < ARRAY_SIZE(families); i++)
			ok = ok || strcmp(families[i], arg) == 0;
		if (!ok)
			die(EXIT_USAGE, 0,
			    N_("Error: argument \"%s\" is wrong: invalid protocol family"), arg);
	} else if (arg && strcmp(o->name, "rcvbuf") == 0) {
		errno = 0;
		n = strtoul(arg, &end, 0);
		if (!*arg || *arg == '-' || *end || errno || n > UINT_MAX)
			die(EXIT_USAGE, 0, N_("Invalid rcvbuf size '%s'"), arg);
	} else if (strcmp(o->name, "color") == 0 && strchr(word, '=')) {
		word = strchr(word, '=') + 1;
		if (strcmp(word, "always") != 0 && strcmp(word, "auto") != 0 &&
		    strcmp(word, "never") != 0)
			die(EXIT_USAGE, 0, N_("Option \"-color=%s\" is unknown, try \"%s -help\"."),
			    word, program_invocation_short_name);
	}
}

/* Return: the first word behind the options. */
static char **parse_options(char *argv[])
{
	char **words = argv + 1;

	for (; *words && **words == '-'; words++) {
		const char *word = *words + 1;
		const struct global_option *o;

		word += *word == '-';
		if (!*word && (*words)[1] == '-')
			return words + 1;
		o = find_global(word);
		if (!o && opt.as_ip)
			hand_over(argv);
		if (!o)
			die(EXIT_USAGE, 0, N_("Option \"%s\" is unknown, try \"%s -help\"."),
			    *words, program_invocation_short_name);
		if (opt.as_ip && (o->id == OPT_BATCH || o->id == OPT_HELP || o->id == OPT_VERSION))
			hand_over(argv);
		if (o->arg && !words[1])
			missing_argument(o);
		check_argument(o, word, o->arg ? words[1] : NULL);
		words += o->arg != NULL;
		set_global(o->id, *words);
	}
	return words;
}

/* ---- batch ---- */

/*
 * Splits a line into words, in place: quotes hold blanks together, # begins a comment.
 * Return: how many; -1: more than there is room for.
 */
static int split(char *p, char *words[], int room)
{
	int n = 0;

	for (;;) {
		p += strspn(p, " \t\r\n");
		if (!*p || *p == '#')
			break;
		if (n == room - 1)
			return -1;
		if (*p == '"' || *p == '\'') {
			char quote = *p++;

			words[n++] = p;
			p += strcspn(p, quote == '"' ? "\"" : "'");
			if (!*p) /* which also ends a batch with -force, as the peer's */
				die(EXIT_FAILURE, 0, N_("Unterminated quoted string"));
		} else {
			words[n++] = p;
			p += strcspn(p, " \t\r\n");
		}
		if (!*p)
			break;
		*p++ = '\0';
	}
	words[n] = NULL;
	return n;
}

/* A logical line; bytes that a NUL cut off count as well, or /dev/zero would be read for ever. */
static struct {
	char *text;
	size_t len, room, taken;
	const char *file;
	int number; /* of its last line in the file */
} line;

enum { LONGEST_LINE = 1 << 20 };

static void append(char c)
{
	if (line.len + 1 >= line.room) {
		line.room = 2 * line.room + 256;
		line.text = must_have(realloc(line.text, line.room));
	}
	line.text[line.len++] = c;
	line.text[line.len] = '\0';
}

/* Appends a line of the file, which a NUL cuts. Return: false at the end */
static bool append_line(FILE *f)
{
	bool cut = false, any = false;
	int c = 0;

	while (c != '\n' && (c = getc_unlocked(f)) != EOF) {
		if (!any)
			line.number++;
		if (++line.taken > LONGEST_LINE) /* which also ends a batch with -force */
			die(EXIT_FAILURE, 0, N_("%s:%d: the line is longer than %d bytes"),
			    line.file, line.number, LONGEST_LINE);
		any = true;
		cut = cut || c == '\0';
		if (!cut)
			append((char)c);
	}
	return any && !ferror(f);
}

/* The next logical line: one that ends in a backslash goes on. Return: false at the end */
static bool read_line(FILE *f)
{
	line.len = line.taken = 0;
	append('\0');
	line.len = 0;
	if (!append_line(f))
		return false;
	while (line.len >= 2 && strcmp(line.text + line.len - 2, "\\\n") == 0) {
		line.text[line.len -= 2] = '\0';
		if (!append_line(f))
			break;
	}
	return !ferror(f);
}

/* The exit status of a command that ended with @status, once what it printed is written. */
static int printed(int status)
{
	if (status == EXIT_SUCCESS)
		return flush_output() ? EXIT_SUCCESS : EXIT_FAILURE;
	fflush(stdout); /* it has said why already */
	return status;
}

/* One line in a process of its own: whatever ends it does not end the batch. */
static int run_line(char **words)
{
	pid_t pid;
	int status;

	fflush(stdout); /* or the child would print it again */
	pid = fork_command();
	if (pid == 0) {
		status = netns_command(is_netns_word(words[0]) ? words + 1 : words);
		_exit(printed(status));
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die(EXIT_FAILURE, errno, N_("waitpid failed"));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int run_batch(const char *file)
{
	bool is_stdin = strcmp(file, "-") == 0;
	FILE *f = is_stdin ? stdin : fopen(file, "re");
	char *words[256];
	int ret = EXIT_SUCCESS;

	if (!f)
		die(EXIT_FAILURE, errno, N_("Cannot open file \"%s\" for reading"), file);
	line.file = file;
	while (read_line(f)) {
		int n = split(line.text, words, ARRAY_SIZE(words));

		if (n == 0)
			continue;
		if (n > 0 && run_line(words) == 0)
			continue;
		ret = EXIT_FAILURE;
		if (n < 0)
			warn_msg(N_("too many words"));
		warn_msg(N_("Command failed %s:%d"), file, line.number);
		if (!opt.force)
			break;
	}
	if (ferror(f))
		die(EXIT_FAILURE, errno, N_("cannot read %s"), file);
	return ret;
}

/* ---- main ---- */

int main(int argc, char *argv[])
{
	static char out[65536];
	char **words;
	int ret;

	if (argc < 1)
		return EXIT_FAILURE; /* Linux before 5.18 allows it */
	signal(SIGCHLD, SIG_DFL);    /* we wait for children, as does ip(8) */
	drop_rights();
	setvbuf(stdout, out, _IOFBF, sizeof(out)); /* a list goes out in one piece */
	die_set_bare();
	opt.as_ip = strcmp(program_invocation_short_name, "ip") == 0;
	if (opt.as_ip || is_set_id())
		sys_load_nothing(); /* ip's messages are English everywhere, and scripts read them */
	words = parse_options(argv);
	if (opt.as_ip && !is_netns_word(words[0]))
		hand_over(argv);
	forget_hops();
	if (opt.netns) {
		mnl(); /* nothing is loaded in another mount namespace */
		netns_enter(opt.netns, true);
	}
	if (opt.batch)
		ret = run_batch(opt.batch);
	else
		ret = netns_command(is_netns_word(words[0]) && opt.as_ip ? words + 1 : words);
	if (ret == EXIT_SUCCESS && told_all() < 0)
		die(EXIT_FAILURE, errno, N_("write error"));
	return printed(ret);
}
