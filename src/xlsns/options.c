/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ctype.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine.h"
#include "fd.h"
#include "nearest.h"
#include "nsfs.h"
#include "options.h"
#include "own.h"
#include "parse.h"

#define NO no_argument
#define REQ required_argument
#define OPT optional_argument
#define AT(field) offsetof(struct xlsns_options, field)
#define FLAG(name) .set = cli_set_flag, .field = AT(name)

static void set_type(const struct cli_option *row, void *options, const char *word)
{
	struct xlsns_options *o = options;

	for (const struct kind *k = kinds; k < kinds + KIND_COUNT; k++)
		if (strcmp(k->proc, word) == 0) {
			o->kinds |= k->flag;
			return;
		}
	warn_msg(N_("unknown namespace type: %s"), word);
	hint_kind(word, strlen(word), "");
	die_said(EXIT_FAILURE);
}

static void set_tree(const struct cli_option *row, void *at, const char *word)
{
	static const enum tree trees[] = { TREE_PARENT, TREE_OWNER, TREE_PROCESS };

	word = word ? word : "owner";
	*(enum tree *)at = trees[cli_choice(row, word + (*word == '='))]; /* -T=owner is -Towner */
}

/* "PID", or what an engine knows. */
static void take_process(const char *word, pid_t *pid, const char **engine)
{
	long long number = 0;
	int ret;

	*engine = engine_named(word) ? word : NULL;
	*pid = 0;
	if (*engine) {
		engine_check(word);
		return;
	}
	ret = parse_number(word, 1, INT_MAX, &number);
	if (ret < 0 && errno == EINVAL && strchr(word, ':')) {
		warn_msg(N_("invalid PID argument: '%s'"), word);
		engine_hint(word);
		die_said(EXIT_FAILURE);
	}
	cli_must(ret, word, N_("invalid PID argument: '%s'"));
	*pid = (pid_t)number;
}

static void set_task(const struct cli_option *row, void *options, const char *word)
{
	struct xlsns_options *o = options;

	take_process(word, &o->task, &o->task_engine);
}

static void set_diff(const struct cli_option *row, void *options, const char *word)
{
	struct xlsns_options *o = options;

	take_process(word, &o->diff[0], &o->diff_engine[0]);
}

/*
 * The order of the rows is that of --help, and of the names that an ambiguous abbreviation lists.
 */
static const struct cli_option options[] = {
	{ .help = N_("Which ones:") },
	{ "task", 'p', REQ, REQ, N_("pid|engine:name"), N_("the namespaces of this process only"),
	  NULL, .set = set_task, .not_with = "persistent" },
	{ "diff", 0, REQ, NO, N_("pid|engine:name"),
	  N_("its namespaces beside those of the next such word"), .set = set_diff },
	{ "type", 't', REQ, REQ, N_("type"), N_("namespaces of this type; can be repeated"), NULL,
	  .set = set_type, .first = true }, /* its words are those of kinds[] */
	{ "persistent", 'P', .help = N_("namespaces that no process is in"), FLAG(persistent),
	  .not_with = "task" },
	{ "filter", 'Q', REQ, REQ, N_("expr"),
	  N_("those that an expression of scols-filter(5) is true for"), .set = cli_set_word,
	  .field = AT(filter) },
	{ "threads", .help = N_("look at each thread, which can be in namespaces of its own"),
	  FLAG(threads) },

	{ .help = N_("What of them:") },
	{ "output", 'o', REQ, REQ, N_("list"),
	  N_("these columns; with a + before them, beside the usual ones"), .set = cli_set_word,
	  .field = AT(columns) },
	{ "output-all", .help = N_("each column there is"), FLAG(all_columns) },

	{ .help = N_("How:") },
	{ "tree", 'T', OPT, OPT, N_("relation"),
	  N_("as a tree by parent, owner or process (owner)"), "parent owner process",
	  .set = set_tree, .field = AT(tree), .msgid = N_("unknown tree type: %s"), .first = true },
	{ "list", 'l', .help = N_("as a list, without a tree"), FLAG(list) },
	{ "json", 'J', .help = N_("as JSON"), FLAG(json), .not_with = "raw", .first = true },
	{ "raw", 'r', .help = N_("fields with one space between, for scripts"), FLAG(raw),
	  .not_with = "json", .first = true },
	{ "dot", .help = N_("as a graph for dot(1): owners, parents, processes, network links"),
	  FLAG(dot) },
	{ "notruncate", 'u', .help = N_("do not cut a column at the terminal's edge"),
	  FLAG(no_truncate) },
	{ "noheadings", 'n', .help = N_("without a line of headings"), FLAG(no_headings),
	  .first = true },
	{ "nowrap", 'W', .help = N_("each namespace on one line"), FLAG(no_wrap) },

	{ .help = NULL },
	{ "list-columns", 'H', .help = N_("list the columns"), FLAG(list_columns) },
};

const struct cli_tool xlsns_tool = {
	.name = "xlsns",
	.section = 8,
	.peer = "lsns",
	.compatible = "util-linux 2.43",
	.usage = N_("[options] [<namespace>]"),
	.summary = N_("List namespaces, who holds and who owns them."),
	.permutes = true,
	.options = options,
	.n_options = ARRAY_SIZE(options),
};

/* ---- what only all of them together can be wrong in ---- */

/* A kind is an argument of --type. */
static _Noreturn void no_inode(const char *word)
{
	warn_msg(N_("invalid namespace argument: '%s'"), word);
	hint_kind(word, strlen(word), "--type ");
	die_said(EXIT_FAILURE);
}

static void check_diff(struct xlsns_options *o, char *const words[])
{
	const struct {
		bool given;
		const char *name;
	} others[] = { { o->task || o->task_engine, "--task" },
		       { o->persistent, "--persistent" },
		       { o->filter, "--filter" },
		       { o->threads, "--threads" },
		       { o->columns, "--output" },
		       { o->all_columns, "--output-all" },
		       { o->tree != TREE_NONE, "--tree" },
		       { o->dot, "--dot" } };

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (others[i].given)
			die(EXIT_FAILURE, 0, N_("options %s and %s cannot be combined"), "--diff",
			    others[i].name);
	if (!words[0] || words[1])
		die(EXIT_FAILURE, 0, N_("--diff takes two PIDs"));
	take_process(words[0], &o->diff[1], &o->diff_engine[1]);
}

void xlsns_check(struct xlsns_options *o, char *const words[])
{
	if (o->diff[0] || o->diff_engine[0]) {
		check_diff(o, words);
		return;
	}
	if (words[0]) {
		o->inode_given = true;
		if (isalpha((unsigned char)*words[0]))
			no_inode(words[0]);
		o->inode = (ino_t)cli_number(words[0], 0, LLONG_MAX,
					     N_("invalid namespace argument: '%s'"));
	}
	if (o->inode_given && (o->task || o->task_engine))
		die(EXIT_FAILURE, 0, N_("--task is mutually exclusive with <namespace>"));
	if (o->dot && (o->filter || o->inode_given))
		die(EXIT_FAILURE, 0, N_("options %s and %s cannot be combined"), "--dot",
		    o->filter ? "--filter" : "<namespace>");
	if (o->tree == TREE_NONE && !o->list && (!o->all_columns || o->inode_given))
		o->tree = TREE_PROCESS;
}

/* ---- processes that engines name ---- */

static int held[3] = { -1, -1, -1 }; /* their pidfds: of the task, and of the two of --diff */

static void find(const char *word, pid_t *pid, int *pidfd)
{
	if (word)
		*pid = engine_find(word, EXIT_FAILURE, pidfd);
}

/* Return: whether the task is a network that is no process's. */
static bool find_netns(struct xlsns_options *o)
{
	cleanup_free char *path = NULL;
	cleanup_close int fd = -1;
	struct stat st;

	if (!o->task_engine || !engine_is_netns(o->task_engine))
		return false;
	path = engine_netns(o->task_engine);
	fd = nsfs_open_named(path);
	must(fd < 0 ? fd : fstat(fd, &st), N_("cannot open %s"), path);
	if (o->kinds && !(o->kinds & CLONE_NEWNET))
		die(EXIT_FAILURE, 0, N_("%s has no namespace of that type"), o->task_engine);
	o->task_netns = st.st_ino;
	return true;
}

void xlsns_find(struct xlsns_options *o)
{
	if (!find_netns(o))
		find(o->task_engine, &o->task, &held[0]);
	for (int i = 0; i < 2; i++) {
		if (o->diff_engine[i] && engine_is_netns(o->diff_engine[i]))
			die(EXIT_FAILURE, 0, N_("%s is a network, and no process"),
			    o->diff_engine[i]);
		find(o->diff_engine[i], &o->diff[i], &held[i + 1]);
	}
}

void xlsns_found(const struct xlsns_options *o)
{
	const char *const words[] = { o->task_engine, o->diff_engine[0], o->diff_engine[1] };
	const pid_t pids[] = { o->task, o->diff[0], o->diff[1] };

	for (size_t i = 0; i < ARRAY_SIZE(held); i++)
		if (held[i] >= 0)
			engine_gone(words[i], EXIT_FAILURE, pids[i], held[i]);
}
