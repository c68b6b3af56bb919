/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "options.h"

#define NO no_argument
#define REQ required_argument
#define OPT optional_argument

/*
 * The order of the rows is that of --help, and of the names that an ambiguous abbreviation lists.
 */
static const struct cli_option options[] = {
	{ .help = N_("Which ones:") },
	{ "task", 'p', 'p', REQ, REQ, N_("pid"), N_("the namespaces of this process only"), NULL },
	{ "type", 't', 't', REQ, REQ, N_("type"), N_("namespaces of this type; can be repeated"),
	  NULL }, /* its words are those of kinds[] */
	{ "persistent", 'P', 'P', NO, NO, NULL, N_("namespaces that no process is in"), NULL },
	{ "filter", 'Q', 'Q', REQ, REQ, N_("expr"),
	  N_("those that an expression of scols-filter(5) is true for"), NULL },
	{ "threads", 0, LIST_THREADS, NO, NO, NULL,
	  N_("look at each thread, which can be in namespaces of its own"), NULL },

	{ .help = N_("What of them:") },
	{ "output", 'o', 'o', REQ, REQ, N_("list"),
	  N_("these columns; with a + before them, beside the usual ones"), NULL },
	{ "output-all", 0, LIST_OUTPUT_ALL, NO, NO, NULL, N_("each column there is"), NULL },

	{ .help = N_("How:") },
	{ "tree", 'T', 'T', OPT, OPT, N_("relation"),
	  N_("as a tree by parent, owner or process (owner)"), "parent owner process" },
	{ "list", 'l', 'l', NO, NO, NULL, N_("as a list, without a tree"), NULL },
	{ "json", 'J', 'J', NO, NO, NULL, N_("as JSON"), NULL },
	{ "raw", 'r', 'r', NO, NO, NULL, N_("fields with one space between, for scripts"), NULL },
	{ "dot", 0, LIST_DOT, NO, NO, NULL,
	  N_("as a graph for dot(1): owners, parents, processes, network links"), NULL },
	{ "notruncate", 'u', 'u', NO, NO, NULL, N_("do not cut a column at the terminal's edge"),
	  NULL },
	{ "noheadings", 'n', 'n', NO, NO, NULL, N_("without a line of headings"), NULL },
	{ "nowrap", 'W', 'W', NO, NO, NULL, N_("each namespace on one line"), NULL },

	{ .help = NULL },
	{ "list-columns", 'H', 'H', NO, NO, NULL, N_("list the columns"), NULL },
	{ "help", 'h', OPT_HELP, NO, NO, NULL, N_("print this help"), NULL },
	{ "version", 'V', OPT_VERSION, NO, NO, NULL, N_("print the version"), NULL },
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
