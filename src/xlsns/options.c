/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "compat.h"
#include "options.h"

#define NO no_argument
#define REQ required_argument
#define OPT optional_argument
#define AT(field) offsetof(struct xlsns_options, field)

static void set_type(const struct cli_option *row, void *options, const char *word)
{
	struct xlsns_options *o = options;

	(void)row;
	for (const struct kind *k = kinds; k < kinds + KIND_COUNT; k++)
		if (strcmp(k->proc, word) == 0) {
			o->kinds |= k->flag;
			return;
		}
	die(EXIT_FAILURE, 0, N_("unknown namespace type: %s"), word);
}

static void set_tree(const struct cli_option *row, void *at, const char *word)
{
	static const struct {
		const char *name;
		enum tree tree;
	} words[] = { { "owner", TREE_OWNER },
		      { "parent", TREE_PARENT },
		      { "process", TREE_PROCESS } };

	(void)row;
	word = word ? word : "owner";
	word += word[0] == '='; /* -T=owner is -Towner */
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(words[i].name, word) == 0) {
			*(enum tree *)at = words[i].tree;
			return;
		}
	die(EXIT_FAILURE, 0, N_("unknown tree type: %s"), word);
}

/*
 * The order of the rows is that of --help, and of the names that an ambiguous abbreviation lists.
 */
static const struct cli_option options[] = {
	{ .help = N_("Which ones:") },
	{ "task", 'p', REQ, REQ, N_("pid"), N_("the namespaces of this process only"), NULL,
	  .set = cli_set_pid, .field = AT(task), .not_with = "persistent" },
	{ "type", 't', REQ, REQ, N_("type"), N_("namespaces of this type; can be repeated"), NULL,
	  .set = set_type }, /* its words are those of kinds[] */
	{ "persistent", 'P', NO, NO, NULL, N_("namespaces that no process is in"), NULL,
	  .set = cli_set_flag, .field = AT(persistent), .not_with = "task" },
	{ "filter", 'Q', REQ, REQ, N_("expr"),
	  N_("those that an expression of scols-filter(5) is true for"), .set = cli_set_word,
	  .field = AT(filter) },
	{ "threads", 0, NO, NO, NULL,
	  N_("look at each thread, which can be in namespaces of its own"), .set = cli_set_flag,
	  .field = AT(threads) },

	{ .help = N_("What of them:") },
	{ "output", 'o', REQ, REQ, N_("list"),
	  N_("these columns; with a + before them, beside the usual ones"), .set = cli_set_word,
	  .field = AT(columns) },
	{ "output-all", 0, NO, NO, NULL, N_("each column there is"), .set = cli_set_flag,
	  .field = AT(all_columns) },

	{ .help = N_("How:") },
	{ "tree", 'T', OPT, OPT, N_("relation"),
	  N_("as a tree by parent, owner or process (owner)"), "parent owner process",
	  .set = set_tree, .field = AT(tree) },
	{ "list", 'l', NO, NO, NULL, N_("as a list, without a tree"), .set = cli_set_flag,
	  .field = AT(list) },
	{ "json", 'J', NO, NO, NULL, N_("as JSON"), .set = cli_set_flag, .field = AT(json),
	  .not_with = "raw" },
	{ "raw", 'r', NO, NO, NULL, N_("fields with one space between, for scripts"), NULL,
	  .set = cli_set_flag, .field = AT(raw), .not_with = "json" },
	{ "dot", 0, NO, NO, NULL,
	  N_("as a graph for dot(1): owners, parents, processes, network links"), NULL,
	  .set = cli_set_flag, .field = AT(dot) },
	{ "notruncate", 'u', NO, NO, NULL, N_("do not cut a column at the terminal's edge"), NULL,
	  .set = cli_set_flag, .field = AT(no_truncate) },
	{ "noheadings", 'n', NO, NO, NULL, N_("without a line of headings"), .set = cli_set_flag,
	  .field = AT(no_headings) },
	{ "nowrap", 'W', NO, NO, NULL, N_("each namespace on one line"), .set = cli_set_flag,
	  .field = AT(no_wrap) },

	{ .help = NULL },
	{ "list-columns", 'H', NO, NO, NULL, N_("list the columns"), .set = cli_set_flag,
	  .field = AT(list_columns) },
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

void xlsns_check(struct xlsns_options *o, char *const words[])
{
	if (words[0]) {
		o->inode_given = true;
		o->inode = (ino_t)cli_number(words[0], 0, LLONG_MAX,
					     N_("invalid namespace argument: '%s'"));
	}
	if (o->inode_given && o->task)
		die(EXIT_FAILURE, 0, N_("--task is mutually exclusive with <namespace>"));
	if (o->dot && (o->filter || o->inode_given))
		die(EXIT_FAILURE, 0, N_("options %s and %s cannot be combined"), "--dot",
		    o->filter ? "--filter" : "<namespace>");
	if (o->tree == TREE_NONE && !o->list && (!o->all_columns || o->inode_given))
		o->tree = TREE_PROCESS;
}
