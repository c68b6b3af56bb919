/*
 * gen SHELL TOOL - print the completion script of a tool for bash, zsh or fish
 *
 * Everything comes from the tool's option table, so that completion and options cannot drift; that
 * of xnetns, which has commands, is netns.c's.
 * This program runs at build time only and is never installed.
 */
#include <config.h>

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"
#include "kind.h"
#include "xlsns/columns.h"
#include "xlsns/options.h"
#include "xnsenter/options.h"
#include "xunshare/options.h"

const struct action actions[] = {
	[WORD_ANY] = { "words=''", " ", "-f" },
	[WORD_FILE] = { "compopt -o filenames; words=$(compgen -f -- \"$1\")", "_files", "-F" },
	[WORD_DIR] = { "compopt -o filenames; words=$(compgen -d -- \"$1\")", "_files -/",
		       "-f -a '(__fish_complete_directories)'" },
	[WORD_USER] = { "words=$(compgen -u | tr '\\n' '\\0' | _xns_quoted \"$1\")", "_users",
			"-f -a '(__fish_complete_users)'" },
	[WORD_GROUP] = { "words=$(compgen -g | tr '\\n' '\\0' | _xns_quoted \"$1\")", "_groups",
			 "-f -a '(__fish_complete_groups)'" },
	[WORD_PID] = { "words=$(cd /proc && compgen -d -X '*[!0-9]*' -- \"$1\")", "_pids",
		       "-f -a '(__fish_complete_pids)'" },
	[WORD_NAMESPACE] = { "words=$(compgen -W \"$(xlsns -rno NS 2>/dev/null)\" -- \"$1\")",
			     "($(xlsns -rno NS 2>/dev/null))",
			     "-f -a '(command -q xlsns; and xlsns -rno NS 2>/dev/null)'" },
	[WORD_NETNS] = { "words=$(shopt -s nullglob dotglob; cd /run/netns 2>/dev/null && "
			 "printf '%s\\0' * | _xns_quoted \"$1\")",
			 "_files -W /run/netns", "-f -a '(command ls /run/netns 2>/dev/null)'" },
	[WORD_VALUES] = { "words=$(compgen -W '@' -- \"$1\")", "(@)", "-f -a '@'" },
	/* Each word behind a comma, or behind a + before them all */
	[WORD_COLUMNS] = { "compopt -o nospace; name=${1##*[,+]}\n"
			   "\t\twords=$(compgen -P \"${1%\"$name\"}\" -W '@' -- \"${name^^}\")",
			   "{compset -P +; _values -s , column @}", "-f -a '(__xns_list @)'" },
};

/* The rows of the one tool this run is about; see read_rows(). */
static struct cli_option rows[256];
static int n_rows;

static const struct cli_tool *const tools[] = {
	&xunshare_tool,
	&xnsenter_tool,
	&xlsns_tool,
};

static const struct {
	const char *word;
	enum word_kind kind;
} arg_words[] = {
	{ "file", WORD_FILE },		 { "path", WORD_FILE },	  { "dir", WORD_DIR },
	{ "directory", WORD_DIR },	 { "uid", WORD_USER },	  { "user", WORD_USER },
	{ "gid", WORD_GROUP },		 { "group", WORD_GROUP }, { "pid", WORD_PID },
	{ "namespace", WORD_NAMESPACE }, { "netns", WORD_NETNS }, { "type", WORD_VALUES },
	{ "list", WORD_COLUMNS },
};

/* The one word that a tool takes which runs no program, as if it were an option's argument. */
static const struct cli_option namespace_word = { .arg = "namespace" };

enum word_kind word_kind(const struct cli_option *o)
{
	const char *seps = "|<>[]=:,. ";
	const char *p;

	if (o->values != NULL)
		return WORD_VALUES;
	if (o->arg == NULL)
		return WORD_ANY;
	for (p = o->arg + strspn(o->arg, seps); *p != '\0'; p += strspn(p, seps)) {
		size_t i, len = strcspn(p, seps);

		for (i = 0; i < ARRAY_SIZE(arg_words); i++)
			if (strlen(arg_words[i].word) == len &&
			    strncmp(arg_words[i].word, p, len) == 0)
				return arg_words[i].kind;
		p += len;
	}
	return WORD_ANY;
}

/* is_option() - whether row @o of a table is an option, not a heading or a mere abbreviation */
static bool is_option(const struct cli_option *o)
{
	return o->help != NULL && o->name != NULL;
}

void put_escaped(const char *s, const char *special, const char *quote)
{
	for (; s != NULL && *s != '\0'; s++) {
		if (*s == '\'')
			fputs(quote, stdout);
		else if (strchr(special, *s) != NULL)
			printf("\\%c", *s);
		else
			putchar(*s);
	}
}

static void put_columns(void)
{
	for (int i = 0; i < n_columns; i++)
		printf("%s%s", i > 0 ? " " : "", columns[i].name);
}

static void put_kinds(void)
{
	for (int i = 0; i < KIND_COUNT; i++)
		printf("%s%s", i > 0 ? " " : "", kinds[i].proc);
}

/* put_values() - the words of option @o: its own, or columns or types of namespaces */
static void put_values(const struct cli_option *o, const char *special, const char *quote)
{
	if (o->values != NULL)
		put_escaped(o->values, special, quote);
	else if (word_kind(o) == WORD_COLUMNS)
		put_columns();
	else
		put_kinds();
}

void put_action(const char *action, const struct cli_option *o, const char *special,
		const char *quote)
{
	for (; *action != '\0'; action++) {
		if (*action == '@')
			put_values(o, special, quote);
		else
			putchar(*action);
	}
}

/* --- bash --- */

const char bash_quoted[] =
	"# Of the words on standard input, each before a NUL, those that begin as $1, quoted: names are not\n"
	"# code. Behind an open quote only what needs none.\n"
	"_xns_quoted()\n"
	"{\n"
	"	local typed=$1 word\n"
	"	[[ $1 == [\\'\\\"]* ]] && typed=${1:1} || typed=${1//\\\\/}\n"
	"	while IFS= read -r -d '' word; do\n"
	"		[[ -n $word && $word == \"$typed\"* ]] || continue\n"
	"		if [[ $1 != [\\'\\\"]* ]]; then printf '%q\\n' \"$word\"\n"
	"		elif [[ $word != *[\\'\\\"\\\\\\$\\`!]* && $word != *[[:cntrl:]]* ]]; then printf '%s\\n' \"$word\"; fi\n"
	"	done\n"
	"}\n\n";

/* bash_names() - the long names, or the letters, whose argument is of kind @has, as a case pattern */
static bool bash_names(int has, bool long_names)
{
	bool any = false;

	for (int i = 0; i < n_rows; i++) {
		const struct cli_option *o = &rows[i];

		if (!is_option(o))
			continue;
		if (long_names && o->name != NULL && o->long_arg == has) {
			printf("%s--%s", any ? "|" : "", o->name);
			any = true;
		} else if (!long_names && o->letter != 0 && o->short_arg == has) {
			printf("%s%c", any ? "|" : "", o->letter);
			any = true;
		}
	}
	return any;
}

/* bash_values() - one case for each option with an argument: what completes it */
static void bash_values(void)
{
	for (int i = 0; i < n_rows; i++) {
		const struct cli_option *o = &rows[i];
		bool by_name = o->name != NULL && o->long_arg != no_argument;
		bool by_letter = o->letter != 0 && o->short_arg != no_argument;

		if (!is_option(o) || (!by_name && !by_letter))
			continue;
		fputs("\t", stdout);
		if (by_name)
			printf("--%s", o->name);
		if (by_letter)
			printf("%s-%c", by_name ? "|" : "", o->letter);
		fputs(") ", stdout);
		put_action(actions[word_kind(o)].bash, o, "", "'\\''");
		puts(" ;;");
	}
}

const char bash_words[] =
	"	# The words as the shell sees them: bash splits them at = and : too.\n"
	"	local line=${COMP_LINE:0:COMP_POINT} argv=() i word cur words opt='' want='' name letters\n"
	"	for ((i = 0; i <= COMP_CWORD; i++)); do\n"
	"		word=${COMP_WORDS[i]}\n"
	"		if ((i == 0)) || [[ $line == [[:blank:]]* ]]; then\n"
	"			line=${line#\"${line%%[![:blank:]]*}\"}\n"
	"			argv+=(\"\")\n"
	"		fi\n"
	"		((i == COMP_CWORD)) && word=$line\n"
	"		argv[${#argv[@]} - 1]+=$word\n"
	"		line=${line#\"$word\"}\n"
	"	done\n"
	"	local last=$((${#argv[@]} - 1))\n"
	"	cur=${argv[last]}\n"
	"	COMPREPLY=()\n"
	"\n";

static const char bash_walk[] =
	"	# Where the program begins, or the words that are no options\n"
	"	local program=0\n"
	"	for ((i = 1; i < last; i++)); do\n"
	"		word=${argv[i]} want=''\n"
	"		case $word in\n"
	"		--) program=$((i + 1)); break ;;\n"
	"		--*=*) ;;\n";

static const char bash_letters[] =
	"		-?*)\n"
	"			letters=${word#-}\n"
	"			while [[ -n $letters ]]; do\n"
	"				name=${letters:0:1} letters=${letters:1}\n"
	"				case $name in\n";

static const char bash_next[] =
	"		esac\n"
	"		if [[ -n $want ]] && ((++i == last)); then opt=$want; fi\n"
	"	done\n";

static const char bash_namespace[] =
	"	if [[ -z $opt ]] && { ((program > 0)) || [[ $cur != -* ]]; }; then opt=--; fi\n";

static const char bash_program_now[] =
	"	if [[ -z $opt ]] && ((program == 0)) && [[ $cur != -* ]]; then program=$last; fi\n";

const char bash_program[] =
	"	if ((program > 0 && program == last)); then\n"
	"		compopt -o filenames\n"
	"		mapfile -t COMPREPLY < <(compgen -c -- \"$cur\"; [[ $cur == */* ]] && compgen -d -- "
	"\"$cur\")\n"
	"		return\n"
	"	elif ((program > 0)); then\n"
	"		# The program's own completion, where bash-completion is there to find it\n"
	"		for ((i = program; i < ${#COMP_WORDS[@]}; i++)); do\n"
	"			[[ ${COMP_WORDS[i]} == \"${argv[program]}\" ]] && break\n"
	"		done\n"
	"		if declare -F _comp_command_offset >/dev/null; then _comp_command_offset \"$i\"\n"
	"		elif declare -F _command_offset >/dev/null; then _command_offset \"$i\"\n"
	"		else compopt -o default; fi\n"
	"		return\n"
	"	fi\n";

static const char bash_attached[] =
	"\n"
	"	# The argument of a long option behind its =, or of a letter in the same word\n"
	"	if [[ -z $opt && $cur == --*=* ]]; then\n"
	"		opt=${cur%%=*} cur=${cur#*=}\n"
	"		[[ $COMP_WORDBREAKS == *=* ]] || prefix=$opt=\n"
	"	elif [[ -z $opt && $cur == -[!-]?* ]]; then\n"
	"		opt=${cur:0:2} prefix=$opt cur=${cur:2}\n"
	"	fi\n";

const char bash_end[] =
	"	[[ -n $words ]] && mapfile -t COMPREPLY < <(while IFS= read -r word; do\n"
	"		printf '%s\\n' \"$prefix$word\"; done <<<\"$words\")\n"
	"	if [[ $COMP_WORDBREAKS == *:* && $cur == *:* ]]; then\n"
	"		COMPREPLY=(\"${COMPREPLY[@]#\"${cur%\"${cur##*:}\"}\"}\")\n"
	"	fi\n"
	"}\n";

static void bash(const struct cli_tool *tool)
{
	printf("# bash completion for %s; made from its option table\n\n", tool->name);
	fputs(bash_quoted, stdout);
	printf("# What completes the argument $1 of option $2, into words\n_%s_argument()\n{\n",
	       tool->name);
	puts("\tcase $2 in");
	bash_values();
	if (tool->permutes)
		printf("\t--) %s ;;\n", actions[word_kind(&namespace_word)].bash);
	puts("\t*) words='' ;;\n\tesac\n}\n");

	printf("_%s()\n{\n\tlocal prefix=''\n", tool->name);
	fputs(bash_words, stdout);
	fputs(bash_walk, stdout);
	fputs("\t\t", stdout);
	if (!bash_names(required_argument, true))
		fputs("'", stdout);
	puts(") want=$word ;;\n\t\t--*) ;;");
	fputs(bash_letters, stdout);
	fputs("\t\t\t\t", stdout);
	if (!bash_names(required_argument, false))
		fputs("''", stdout);
	puts(") [[ -n $letters ]] || want=-$name; break ;;");
	fputs("\t\t\t\t", stdout);
	if (!bash_names(optional_argument, false))
		fputs("''", stdout);
	puts(") break ;;\n\t\t\t\tesac\n\t\t\tdone ;;");
	if (!tool->permutes)
		puts("\t\t*) program=$i; break ;;");
	fputs(bash_next, stdout);
	fputs(tool->permutes ? bash_namespace : bash_program_now, stdout);
	if (!tool->permutes)
		fputs(bash_program, stdout);
	fputs(bash_attached, stdout);

	printf("\tif [[ -n $opt ]]; then\n\t\t_%s_argument \"$cur\" \"$opt\"\n", tool->name);
	puts("\telse\n\t\twords=$(compgen -W '");
	for (int i = 0; i < n_rows; i++) {
		const struct cli_option *o = &rows[i];

		if (!is_option(o))
			continue;
		fputs("\t\t\t", stdout);
		if (o->letter != 0)
			printf("-%c ", o->letter);
		if (o->name != NULL)
			printf("--%s", o->name);
		if (o->name != NULL && o->long_arg == optional_argument)
			printf(" --%s=", o->name);
		putchar('\n');
	}
	puts("\t\t\t' -- \"$cur\")");
	puts("\t\t[[ $words == *= ]] && compopt -o nospace\n\tfi");
	fputs(bash_end, stdout);
	printf("complete -F _%s %s\n", tool->name, tool->name);
}

/* --- zsh --- */

void zsh_action(const struct cli_option *o, int has)
{
	if (has == no_argument)
		return;
	fputs(has == optional_argument ? "::" : ":", stdout);
	put_escaped(o->arg != NULL ? o->arg : "argument", ":\\", "'\\''");
	putchar(':');
	put_action(actions[word_kind(o)].zsh, o, ":\\", "'\\''");
}

static void zsh_spec(const struct cli_option *o, bool long_name)
{
	int has = long_name ? o->long_arg : o->short_arg;

	fputs("\t'", stdout);
	if (has == required_argument)
		putchar('*');
	else if (o->name != NULL && o->letter != 0)
		printf("(-%c --%s)", o->letter, o->name);
	if (long_name)
		printf("--%s%s", o->name,
		       has == no_argument	  ? ""
		       : has == optional_argument ? "=-"
						  : "=");
	else
		printf("-%c%s", o->letter,
		       has == no_argument	  ? ""
		       : has == optional_argument ? "-"
						  : "+");
	putchar('[');
	put_escaped(o->help, "[]:\\", "'\\''");
	putchar(']');
	zsh_action(o, has);
	puts("' \\");
}

static void zsh(const struct cli_tool *tool)
{
	printf("#compdef %s\n# made from %s's option table\n\n", tool->name, tool->name);
	printf("_arguments -s -S%s \\\n", tool->permutes ? "" : " -A '-*'");
	for (int i = 0; i < n_rows; i++) {
		const struct cli_option *o = &rows[i];

		if (!is_option(o))
			continue;
		if (o->letter != 0)
			zsh_spec(o, false);
		if (o->name != NULL)
			zsh_spec(o, true);
	}
	if (!tool->permutes) {
		puts("\t'(-)1:program:_command_names -e' \\\n\t'*::argument:_normal'");
		return;
	}
	fputs("\t'1", stdout);
	zsh_action(&namespace_word, required_argument);
	puts("'");
}

/* --- fish --- */

static void fish_line(const struct cli_tool *tool, const struct cli_option *o, bool letter,
		      bool name, int has)
{
	printf("complete -c %s", tool->name);
	if (!tool->permutes)
		printf(" -n '__%s_no_program'", tool->name);
	if (letter)
		printf(" -s %c", o->letter);
	if (name)
		printf(" -l %s", o->name);
	fputs(has == required_argument ? " -r " : " ", stdout);
	put_action(has == no_argument ? "-f" : actions[word_kind(o)].fish, o, "\\", "\\'");
	fputs(" -d '", stdout);
	put_escaped(o->help, "\\", "\\'");
	puts("'");
}

/* fish_required() - the options that take the next word, as fish tests them */
static void fish_required(void)
{
	for (int i = 0; i < n_rows; i++) {
		const struct cli_option *o = &rows[i];

		if (!is_option(o))
			continue;
		if (o->letter != 0 && o->short_arg == required_argument)
			printf(" -%c", o->letter);
		if (o->name != NULL && o->long_arg == required_argument)
			printf(" --%s", o->name);
	}
}

/* What the action of WORD_COLUMNS needs */
static const char fish_list[] =
	"# __xns_list WORD... - each word, behind what is there up to a comma, or a + before them all\n"
	"function __xns_list\n"
	"\tset -l arg (string replace -r '^(--[^=]*=|-[a-z]*)' '' -- (commandline -ct))\n"
	"\tset -l head (string match -r '^.*[,+]' -- $arg)\n"
	"\tprintf '%s\\n' \"$head\"$argv\n"
	"end\n\n";

static bool has_columns(void)
{
	for (int i = 0; i < n_rows; i++)
		if (is_option(&rows[i]) && word_kind(&rows[i]) == WORD_COLUMNS)
			return true;
	return false;
}

/* fish_program() - completes the program, and tells whether there is one */
static void fish_program(const struct cli_tool *tool)
{
	printf("# __%s_words - the words from the program on, nothing while there is none\n"
	       "function __%s_words\n"
	       "\tset -l words (commandline -opc)\n"
	       "\tset -e words[1]\n"
	       "\twhile set -q words[1]\n"
	       "\t\tswitch $words[1]\n"
	       "\t\t\tcase --\n"
	       "\t\t\t\tset -e words[1]\n"
	       "\t\t\t\tbreak\n"
	       "\t\t\tcase '-*'\n"
	       "\t\t\t\tif contains -- $words[1]",
	       tool->name, tool->name);
	fish_required();
	printf("\n"
	       "\t\t\t\t\tset -e words[1]\n"
	       "\t\t\t\tend\n"
	       "\t\t\t\tset -e words[1]\n"
	       "\t\t\tcase '*'\n"
	       "\t\t\t\tbreak\n"
	       "\t\tend\n"
	       "\tend\n"
	       "\tstring escape -- $words\n"
	       "end\n\n"
	       "function __%s_no_program\n"
	       "\ttest -z \"$(__%s_words)\"\n"
	       "end\n\n",
	       tool->name, tool->name);
	printf("complete -c %s -n "
	       "'__%s_no_program; and not string match -q -- \"-*\" (commandline -ct)' "
	       "-x -a '(__fish_complete_command)'\n",
	       tool->name, tool->name);
	printf("complete -c %s -n 'not __%s_no_program' "
	       "-x -a '(complete -C (string join -- \" \" (__%s_words) (commandline -ct)))'\n",
	       tool->name, tool->name, tool->name);
}

static void fish(const struct cli_tool *tool)
{
	printf("# fish completion for %s; made from its option table\n\n", tool->name);
	if (has_columns())
		fputs(fish_list, stdout);
	if (tool->permutes)
		printf("complete -c %s -n 'not string match -q -- \"-*\" (commandline -ct)' %s\n",
		       tool->name, actions[word_kind(&namespace_word)].fish);
	else
		fish_program(tool);
	for (int i = 0; i < n_rows; i++) {
		const struct cli_option *o = &rows[i];

		if (!is_option(o))
			continue;
		if (o->letter != 0 && o->name != NULL && o->short_arg == o->long_arg) {
			fish_line(tool, o, true, true, o->long_arg);
			continue;
		}
		if (o->letter != 0)
			fish_line(tool, o, true, false, o->short_arg);
		if (o->name != NULL)
			fish_line(tool, o, false, true, o->long_arg);
	}
}

/* read_rows() - fill rows with the table of @tool, the kinds of namespaces included */
static void read_rows(const struct cli_tool *tool)
{
	n_rows = cli_rows(tool);
	if (n_rows > (int)ARRAY_SIZE(rows))
		abort();
	for (int i = 0; i < n_rows; i++)
		rows[i] = cli_row(tool, i);
}

static const struct {
	const char *name;
	void (*print)(const struct cli_tool *tool);
	void (*print_netns)(void);
} shells[] = {
	{ "bash", bash, netns_bash },
	{ "zsh", zsh, netns_zsh },
	{ "fish", fish, netns_fish },
};

/* print_script() - Return: false where there is no such shell or tool. */
static bool print_script(const char *shell, const char *name)
{
	for (size_t s = 0; s < ARRAY_SIZE(shells); s++) {
		if (strcmp(shells[s].name, shell) != 0)
			continue;
		if (strcmp(name, "xnetns") == 0) {
			shells[s].print_netns();
			return true;
		}
		for (size_t t = 0; t < ARRAY_SIZE(tools); t++) {
			if (strcmp(tools[t]->name, name) != 0)
				continue;
			read_rows(tools[t]);
			shells[s].print(tools[t]);
			return true;
		}
	}
	return false;
}

int main(int argc, char **argv)
{
	if (argc == 3 && print_script(argv[1], argv[2]))
		return fflush(stdout) == 0 && !ferror(stdout) ? EXIT_SUCCESS : EXIT_FAILURE;
	fputs("usage: gen bash|zsh|fish TOOL\n", stderr);
	return 2;
}
