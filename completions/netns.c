/*
 * netns.c - completion scripts for xnetns: the options before the command, the command, its own
 * options and words. All from the tables of xnetns-opts.c; what a word is stands in its help.
 */
#include <config.h>

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"
#include "xnetns/commands.h"

/* The words of one command, each as if it were an option's argument; see read_words(). */
static struct cli_option words[4];
static int n_words;
static bool repeats; /* the last one does */
static int program;  /* which of them is one, from 1, or 0 */

/* argument() - @arg as if it were an option's: where help has a name, it is that of a namespace */
static struct cli_option argument(const char *arg, const char *values)
{
	return (struct cli_option){ .arg = strstr(arg, "name") ? "netns" : arg, .values = values };
}

/* read_values() - the words of @args that stand for themselves, "auto" of "<id>|auto" */
static void read_values(const char *args, char *values, size_t size)
{
	const char *seps = " |[]";

	*values = '\0';
	for (args += strspn(args, seps); *args != '\0'; args += strspn(args, seps)) {
		size_t len = strcspn(args, seps), used = strlen(values);

		if (islower((unsigned char)*args))
			snprintf(values + used, size - used, "%s%.*s", used > 0 ? " " : "",
				 (int)len, args);
		args += len;
	}
}

/* read_words() - fill words with those that help tells of @c */
static void read_words(const struct command *c)
{
	static char args[128], values[64];
	const char *all = c->args != NULL ? c->args : "";
	char own[64];

	n_words = program = 0;
	repeats = strlen(all) > 3 && strcmp(all + strlen(all) - 3, "...") == 0;
	read_values(all, values, sizeof(values));
	snprintf(args, sizeof(args), "%s", all);
	for (char *word = strtok(args, " "); word != NULL; word = strtok(NULL, " ")) {
		if (n_words == (int)ARRAY_SIZE(words))
			abort();
		read_values(word, own, sizeof(own));
		words[n_words++] = argument(word, NULL);
		if (*own != '\0')
			words[n_words - 1] = argument("word", values);
		if (n_words == c->new_name)
			words[n_words - 1].arg = "new";
		if (strstr(word, "<program>") != NULL)
			program = n_words;
	}
}

/* command_prefixes() - each word that means @c, with @between two */
static void command_prefixes(const struct command *c, const char *between)
{
	const char *sep = "";
	char prefix[32];

	for (size_t len = 1; len <= strlen(c->name); len++) {
		snprintf(prefix, sizeof(prefix), "%.*s", (int)len, c->name);
		if (find_command(prefix) != c)
			continue;
		printf("%s%s", sep, prefix);
		sep = between;
	}
}

/* global_prefixes() - the same of the option @o, each behind @dashes */
static void global_prefixes(const struct global_option *o, const char *dashes, const char *between)
{
	const char *sep = "";
	char prefix[32];

	for (size_t len = 1; len <= strlen(o->name); len++) {
		snprintf(prefix, sizeof(prefix), "%.*s", (int)len, o->name);
		if (find_global(prefix) != o)
			continue;
		printf("%s%s%s", sep, dashes, prefix);
		sep = between;
	}
}

static struct cli_option option_argument(const struct command_option *o)
{
	return argument(o->value != NULL ? o->value : "", o->values);
}

/* --- bash --- */

/* bash_argument() - the rest of a case: what completes @o */
static void bash_argument(const struct cli_option *o)
{
	put_action(actions[word_kind(o)].bash, o, "", "'\\''");
	puts(" ;;");
}

/* bash_arguments() - the cases for the arguments of @c's options, and for its words */
static void bash_arguments(const struct command *c)
{
	for (const struct command_option *o = c->options; o->name != NULL; o++) {
		struct cli_option arg = option_argument(o);

		if (o->arg == 0)
			continue;
		printf("\t'%s %s') ", c->name, o->name);
		bash_argument(&arg);
	}
	read_words(c);
	for (int i = 0; i < n_words && i + 1 != program; i++) {
		if (word_kind(&words[i]) == WORD_ANY)
			continue;
		printf("\t'%s '", c->name);
		fputs(repeats && i + 1 == n_words ? "*" : "", stdout);
		if (!repeats || i + 1 < n_words)
			printf("%d", i + 1);
		fputs(") ", stdout);
		bash_argument(&words[i]);
	}
}

static const char bash_before[] =
	"	# The options before the command; opt is what is completed, n the number of the word\n"
	"	local command='' n=1 program=0\n"
	"	for ((i = 1; i < last; i++)); do\n"
	"		[[ ${argv[i]} == -* ]] || break\n"
	"		word=${argv[i]#-}\n"
	"		case ${word#-} in\n";

static const char bash_command[] = "		esac\n"
				   "	done\n"
				   "\n"
				   "	# The command, its options and its words\n"
				   "	if [[ -z $opt ]] && ((i < last)); then\n"
				   "		case ${argv[i]} in\n";

static const char bash_options[] = "		*) command=- ;;\n"
				   "		esac\n"
				   "		for ((i++; i < last; i++)); do\n"
				   "			word=\"$command ${argv[i]}\"\n"
				   "			case $word in\n";

static const char bash_rest[] =
	"			*\\ -*) ;;\n"
	"			*) break ;;\n"
	"			esac\n"
	"		done\n"
	"		if [[ -z $opt ]] && { ((i < last)) || [[ $cur != -* ]]; }; then\n"
	"			((n += last - i))\n"
	"			opt=\"$command $n\"\n"
	"		fi\n";

static const char bash_attached[] =
	"\n"
	"	# The argument of an option behind its =\n"
	"	if [[ -z $opt && $cur == --*=* ]]; then\n"
	"		[[ $COMP_WORDBREAKS == *=* ]] || prefix=${cur%%=*}=\n"
	"		opt=\"$command ${cur%%=*}\" cur=${cur#*=}\n"
	"	fi\n"
	"	if [[ -n $opt ]]; then\n"
	"		_xnetns_argument \"$cur\" \"$opt\"\n"
	"	else\n"
	"		case $command:$cur in\n";

static const char bash_choice[] = "		*) words='' ;;\n"
				  "		esac\n"
				  "		words=$(compgen -W \"$words\" -- \"$cur\")\n"
				  "		[[ $words == *= ]] && compopt -o nospace\n"
				  "	fi\n";

/* bash_walk() - finds the command, and which of its words or options is to be completed */
static void bash_walk(void)
{
	fputs(bash_before, stdout);
	for (int i = 0; i < n_global_options; i++) {
		const struct global_option *o = &global_options[i];

		if (o->arg == NULL && o->id != OPT_ALL)
			continue;
		fputs("\t\t", stdout);
		global_prefixes(o, "", "|");
		if (o->id == OPT_ALL) /* stands for the name */
			puts(") n=2 ;;");
		else
			printf(") ((++i == last)) && opt=-%s ;;\n", o->name);
	}
	fputs(bash_command, stdout);
	for (int i = 0; i < n_commands; i++) {
		fputs("\t\t", stdout);
		command_prefixes(&commands[i], "|");
		printf(") command=%s ;;\n", commands[i].name);
	}
	fputs(bash_options, stdout);
	for (int i = 0; i < n_commands; i++)
		for (const struct command_option *o = commands[i].options; o->name != NULL; o++)
			if (o->arg == ' ')
				printf("\t\t\t'%s %s') ((++i == last)) && opt=$word ;;\n",
				       commands[i].name, o->name);
	fputs(bash_rest, stdout);
	for (int i = 0; i < n_commands; i++) {
		read_words(&commands[i]);
		if (program > 0)
			printf("\t\t[[ $opt == '%s '[0-9]* ]] && ((n >= %d)) && "
			       "program=$((last - n + %d)) opt=''\n",
			       commands[i].name, program, program);
	}
	puts("\tfi");
}

void netns_bash(void)
{
	puts("# bash completion for xnetns; made from its tables\n");
	fputs(bash_quoted, stdout);
	puts("# What completes the word $1, which is $2: \"COMMAND NUMBER\", or behind an option");
	puts("_xnetns_argument()\n{\n\tcase $2 in");
	for (int i = 0; i < n_global_options; i++) {
		const struct global_option *o = &global_options[i];
		struct cli_option arg;

		if (o->arg == NULL || o->help == NULL)
			continue;
		arg = argument(o->arg, NULL);
		printf("\t-%s) ", o->name);
		bash_argument(&arg);
	}
	for (int i = 0; i < n_commands; i++)
		bash_arguments(&commands[i]);
	puts("\t*) words='' ;;\n\tesac\n}\n");

	puts("_xnetns()\n{\n\tlocal prefix=''");
	fputs(bash_words, stdout);
	bash_walk();
	fputs(bash_program, stdout);
	fputs(bash_attached, stdout);
	fputs("\t\t:-*) words='", stdout);
	for (int i = 0; i < n_global_options; i++) {
		const struct global_option *o = &global_options[i];

		if (o->help == NULL)
			continue;
		if (o->letter != 0)
			printf("-%c ", o->letter);
		printf("%s%s ", *o->help != '\0' ? "--" : "-", o->name);
	}
	fputs("' ;;\n\t\t:*) words='", stdout);
	for (int i = 0; i < n_commands; i++)
		if (commands[i].args != NULL)
			printf("%s ", commands[i].name);
	puts("' ;;");
	for (int i = 0; i < n_commands; i++) {
		if (commands[i].options[0].name == NULL)
			continue;
		printf("\t\t%s:*) words='", commands[i].name);
		for (const struct command_option *o = commands[i].options; o->name != NULL; o++) {
			printf("%s ", o->arg == '=' ? "" : o->name);
			if (o->arg == '=' || o->arg == '?')
				printf("%s= ", o->name);
		}
		puts("' ;;");
	}
	fputs(bash_choice, stdout);
	fputs(bash_end, stdout);
	puts("complete -F _xnetns xnetns");
}

/* --- zsh --- */

static void zsh_help(const char *help)
{
	if (*help == '\0')
		return;
	putchar('[');
	put_escaped(help, "[]:\\", "'\\''");
	putchar(']');
}

/* zsh_global() - the specs of an option before the command, and of what else means it */
static void zsh_global(const struct global_option *o)
{
	struct cli_option arg = argument(o->arg != NULL ? o->arg : "", NULL);
	int has = o->arg != NULL ? required_argument : no_argument;

	if (o->help != NULL && o->letter != 0) {
		printf("\t'(--%s)-%c", o->name, o->letter);
		zsh_help(o->help);
		puts("' \\");
	}
	if (o->help != NULL) {
		printf("\t'%s%s", *o->help != '\0' ? "--" : "-", o->name);
		zsh_help(o->help);
		zsh_action(&arg, has);
		puts("' \\");
	}
	if (o->arg == NULL && o->id != OPT_ALL)
		return;
	fputs("\t'!'{", stdout); /* known, but not offered */
	global_prefixes(o, "-", ",");
	putchar(',');
	global_prefixes(o, "--", ",");
	fputs("}'", stdout);
	zsh_action(&arg, has);
	puts("' \\");
}

/* zsh_command() - the case of @c: its options and words */
static void zsh_command(const struct command *c)
{
	read_words(c);
	if (c->options[0].name == NULL && n_words == 0)
		return;
	putchar('\t');
	command_prefixes(c, "|");
	puts(")");
	if (program > 0) {
		fputs("\t\t(( $#all )) || names=('1", stdout);
		zsh_action(&words[0], required_argument);
		puts("')");
	}
	puts("\t\t_arguments -S -A '-*' \\");
	for (const struct command_option *o = c->options; o->name != NULL; o++) {
		struct cli_option arg = option_argument(o);

		printf("\t\t\t'%s%s", o->name, o->arg == '?' ? "=-" : o->arg != 0 ? "=" : "");
		zsh_help(o->help);
		zsh_action(&arg, o->arg == '?' ? optional_argument
				 : o->arg != 0 ? required_argument
					       : no_argument);
		puts("' \\");
	}
	for (int i = 0; i < n_words && program == 0; i++) {
		if (repeats && i + 1 == n_words)
			fputs("\t\t\t'*", stdout);
		else
			printf("\t\t\t'%d", i + 1);
		zsh_action(&words[i], required_argument);
		puts("' \\");
	}
	if (program > 0)
		puts("\t\t\t$names '*:::program:_normal' \\");
	puts("\t\t\t&& ret=0 ;;");
}

void netns_zsh(void)
{
	puts("#compdef xnetns\n# made from xnetns's tables\n");
	puts("local curcontext=$curcontext state line ret=1 all names=()");
	puts("typeset -A opt_args\n_arguments -C -A '-*' \\");
	for (int i = 0; i < n_global_options; i++)
		zsh_global(&global_options[i]);
	fputs("\t'1:command:((", stdout);
	for (int i = 0; i < n_commands; i++) {
		if (commands[i].args == NULL)
			continue;
		printf("\n\t\t%s\\:\"", commands[i].name);
		put_escaped(commands[i].help, "\\\"$`", "'\\''");
		putchar('"');
	}
	puts("))' \\\n\t'*::argument:->command' && ret=0");
	puts("[[ $state == command ]] || return ret\n");
	puts("# -all stands for the name of a namespace");
	puts("all=(${(k)opt_args[(I)-(|-)a(|l|ll)]})\ncase $words[1] in");
	for (int i = 0; i < n_commands; i++)
		zsh_command(&commands[i]);
	puts("esac\nreturn ret");
}

/* --- fish --- */

static void fish_help(const char *help)
{
	if (*help != '\0') {
		fputs(" -d '", stdout);
		put_escaped(help, "\\", "\\'");
		putchar('\'');
	}
	putchar('\n');
}

/* fish_words() - the functions that tell where on the line we are */
static void fish_words(void)
{
	puts("# __xnetns_words - the number of the word behind the command, the command, its words\n"
	     "function __xnetns_words\n"
	     "\tset -l words (commandline -opc)\n"
	     "\tset -l n 1\n"
	     "\tset -l name\n"
	     "\tset -e words[1]\n"
	     "\twhile string match -q -- '-*' \"$words[1]\"\n"
	     "\t\tset -l word (string replace -r '^--?' '' -- $words[1])\n"
	     "\t\tset -e words[1]\n"
	     "\t\tswitch \"$word\"");
	for (int i = 0; i < n_global_options; i++) {
		const struct global_option *o = &global_options[i];

		if (o->arg == NULL && o->id != OPT_ALL)
			continue;
		fputs("\t\t\tcase ", stdout);
		global_prefixes(o, "", " ");
		if (o->id == OPT_ALL)
			puts("\n\t\t\t\tset n 2 # it stands for the name");
		else
			printf("\n\t\t\t\tset -q words[1]; and set -e words[1]; or set name -%s\n",
			       o->name);
	}
	puts("\t\tend\n\tend\n\tswitch \"$words[1]\"");
	for (int i = 0; i < n_commands; i++) {
		fputs("\t\tcase ", stdout);
		command_prefixes(&commands[i], " ");
		printf("\n\t\t\tset name %s\n", commands[i].name);
	}
	puts("\t\tcase '?*'\n\t\t\tset name -\n\tend\n"
	     "\tset -q words[1]; and set -e words[1]\n"
	     "\twhile string match -q -- '-*' \"$words[1]\"");
	fputs("\t\tcontains -- \"$name $words[1]\"", stdout);
	for (int i = 0; i < n_commands; i++)
		for (const struct command_option *o = commands[i].options; o->name != NULL; o++)
			if (o->arg == ' ')
				printf(" '%s %s'", commands[i].name, o->name);
	puts("; and set -q words[2]; and set -e words[2]\n"
	     "\t\tset -e words[1]\n"
	     "\tend\n"
	     "\tprintf '%s\\n' (math $n + (count $words)) \"$name\" $words\n"
	     "end\n");
	puts("# __xnetns_at COMMAND [FIRST LAST] - whether one of these words of it is to be completed,\n"
	     "# or the first thing behind it\n"
	     "function __xnetns_at\n"
	     "\tset -l words (__xnetns_words)\n"
	     "\ttest \"$words[2]\" = \"$argv[1]\"; or return\n"
	     "\tif set -q argv[2]\n"
	     "\t\ttest $words[1] -ge $argv[2] -a $words[1] -le $argv[3]\n"
	     "\telse\n"
	     "\t\ttest (count $words) -eq 2\n"
	     "\tend\n"
	     "end\n");
}

static void fish_global(const struct global_option *o)
{
	struct cli_option arg = argument(o->arg != NULL ? o->arg : "", NULL);

	if (o->help == NULL)
		return;
	fputs("complete -c xnetns -n '__xnetns_at \"\"'", stdout);
	if (o->letter != 0)
		printf(" -s %c", o->letter);
	printf(" -%c %s", *o->help != '\0' ? 'l' : 'o', o->name);
	fish_help(o->help);
	if (o->arg == NULL)
		return;
	printf("complete -c xnetns -n '__xnetns_at -%s' ", o->name);
	put_action(actions[word_kind(&arg)].fish, &arg, "\\", "\\'");
	putchar('\n');
}

static void fish_command(const struct command *c)
{
	if (c->args != NULL) {
		printf("complete -c xnetns -n '__xnetns_at \"\"' -a %s", c->name);
		fish_help(c->help);
	}
	for (const struct command_option *o = c->options; o->name != NULL; o++) {
		struct cli_option arg = option_argument(o);

		printf("complete -c xnetns -n '__xnetns_at %s' ", c->name);
		printf(o->name[1] == '-' ? "-l %s" : "-s %s",
		       o->name + (o->name[1] == '-' ? 2 : 1));
		if (o->arg != 0) {
			fputs(o->arg == '?' ? " " : " -r ", stdout);
			put_action(actions[word_kind(&arg)].fish, &arg, "\\", "\\'");
		}
		fish_help(o->help);
	}
	read_words(c);
	for (int i = 0; i < n_words && i + 1 != program; i++) {
		if (word_kind(&words[i]) == WORD_ANY)
			continue;
		printf("complete -c xnetns -n '__xnetns_at %s %d %d' ", c->name, i + 1,
		       repeats && i + 1 == n_words ? 9999 : i + 1);
		put_action(actions[word_kind(&words[i])].fish, &words[i], "\\", "\\'");
		putchar('\n');
	}
	if (program == 0)
		return;
	printf("complete -c xnetns -n '__xnetns_at %s %d %d' -a '(__fish_complete_command)'\n",
	       c->name, program, program);
	printf("complete -c xnetns -n '__xnetns_at %s %d 9999' -a '(__xnetns_program %d)'\n",
	       c->name, program + 1, program);
}

static const char fish_program[] =
	"# __xnetns_program NUMBER - the own completion of the program, which is this word\n"
	"function __xnetns_program\n"
	"\tset -l words (__xnetns_words)\n"
	"\tset words (string escape -- $words[(math $argv[1] - $words[1])..])\n"
	"\tcomplete -C (string join -- ' ' $words (commandline -ct))\n"
	"end\n\n";

void netns_fish(void)
{
	puts("# fish completion for xnetns; made from its tables\n");
	fish_words();
	fputs(fish_program, stdout);
	puts("complete -c xnetns -f");
	for (int i = 0; i < n_global_options; i++)
		fish_global(&global_options[i]);
	for (int i = 0; i < n_commands; i++)
		fish_command(&commands[i]);
}
