/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include "cli.h"
#include "commands.h"

/* In the order in which a prefix is looked for, and of --help */
const struct command commands[] = {
	{ .name = "list",
	  .id = CMD_LIST,
	  .args = "",
	  .help = N_("the names, and the IDs that are assigned to them"),
	  .options = { { "--all", 0, NULL,
			 N_("also those of container engines, and those without a name"), NULL },
		       { "-l", 0, NULL, N_("sorted; with --all a table of what is known of each"),
			 NULL } } },
	{ .name = "show", .id = CMD_LIST },
	{ .name = "lst", .id = CMD_LIST },
	{ .name = "list-id",
	  .id = CMD_LIST_ID,
	  .args = N_("[target-nsid <n>] [nsid <n>]"),
	  .help = N_("the IDs that this namespace has given to others"),
	  .no_name = true },
	{ .name = "help", .id = CMD_HELP, .args = "", .help = N_("print this"), .no_name = true },
	{ .name = "add",
	  .id = CMD_ADD,
	  .args = N_("<name>..."),
	  .help = N_("make namespaces"),
	  .options = { { "--up", 0, NULL, N_("with their loopback device up"), NULL },
		       { "--if-missing", 0, NULL, N_("without an error where there is one already"),
			 NULL } },
	  .new_name = 1 },
	{ .name = "set",
	  .id = CMD_SET,
	  .args = N_("<name>|<pid> <id>|auto"),
	  .help = N_("assign an ID to a namespace") },
	{ .name = "delete",
	  .id = CMD_DELETE,
	  .args = N_("<name>..."),
	  .help = N_("take names away, or with -all each"),
	  .options = { { "--if-exists", 0, NULL, N_("without an error where there is none"), NULL },
		       { "--kill", '?', N_("signal"), N_("end what runs inside first (TERM)"),
			 "TERM KILL HUP INT QUIT" } } },
	{ .name = "identify",
	  .id = CMD_IDENTIFY,
	  .args = N_("[<pid>]"),
	  .help = N_("the names of the namespace of a process"),
	  .no_name = true },
	{ .name = "pids",
	  .id = CMD_PIDS,
	  .args = N_("<name>"),
	  .help = N_("the processes in a namespace") },
	{ .name = "exec",
	  .id = CMD_EXEC,
	  .args = N_("<name>|<pid> <program>..."),
	  .help = N_("run a program in a namespace, or with -all in each"),
	  .options = { { "--user", ' ', N_("user"), N_("as this user"), NULL },
		       { "--no-mounts", 0, NULL, N_("with /sys and /etc as they are"), NULL },
		       { "--env", 0, NULL, N_("with NETNS=<name> in its environment"), NULL } } },
	{ .name = "monitor",
	  .id = CMD_MONITOR,
	  .args = "",
	  .help = N_("tell of names that come and go"),
	  .no_name = true },
	{ .name = "attach",
	  .id = CMD_ATTACH,
	  .args = N_("<name> <pid>|<file>"),
	  .help = N_("give a name to the namespace of a process, or of a file"),
	  .new_name = 1 },
	/* what ip(8) does not have comes behind what it has */
	{ .name = "link",
	  .id = CMD_LINK,
	  .args = N_("<name>[,dev=<device>][,addr=<address>/<n>][,gw=<address>] <name>..."),
	  .help = N_("join two namespaces by a veth pair; . is this one"),
	  .no_name = true },
	{ .name = "holders",
	  .id = CMD_HOLDERS,
	  .args = N_("<name>"),
	  .help = N_("what keeps a namespace alive") },
	{ .name = "prune",
	  .id = CMD_PRUNE,
	  .args = "",
	  .help = N_("remove what a kill has left behind"),
	  .no_name = true },
	{ .name = "rename",
	  .id = CMD_RENAME,
	  .args = N_("<name> <name>"),
	  .help = N_("change a name"),
	  .new_name = 2 },
};
const int n_commands = ARRAY_SIZE(commands);

const struct command *find_command(const char *word)
{
	for (const struct command *c = commands; *word && c < commands + n_commands; c++)
		if (strncmp(c->name, word, strlen(word)) == 0)
			return c;
	return NULL;
}

/*
 * In the order in which a prefix is looked for, which is ip(8)'s wherever two begin alike, and of
 * --help; those that change nothing here are accepted.
 */
const struct global_option global_options[] = {
	{ "loops", 0, OPT_NO_EFFECT, "n", false, NULL },
	{ "family", 0, OPT_NO_EFFECT, "n", false, NULL },
	{ "all", 0, OPT_ALL, NULL, false, "" },
	{ "json", 0, OPT_JSON, NULL, false, "" },
	{ "pretty", 0, OPT_PRETTY, NULL, false, "" },
	{ "netns", 0, OPT_NETNS, N_("name"), false, "" },
	{ "batch", 0, OPT_BATCH, N_("file"), false, "" },
	{ "force", 0, OPT_FORCE, NULL, false, "" },
	{ "4", 0, OPT_NO_EFFECT, NULL, false, NULL },
	{ "6", 0, OPT_NO_EFFECT, NULL, false, NULL },
	{ "0", 0, OPT_NO_EFFECT, NULL, false, NULL },
	{ "M", 0, OPT_NO_EFFECT, NULL, false, NULL },
	{ "B", 0, OPT_NO_EFFECT, NULL, false, NULL },
	{ "human-readable", 0, OPT_NO_EFFECT, NULL, false, NULL },
	{ "iec", 0, OPT_NO_EFFECT, NULL, false, NULL },
	{ "stats", 0, OPT_NO_EFFECT, NULL, false, NULL },
	{ "statistics", 0, OPT_NO_EFFECT, NULL, false, NULL },
	{ "details", 0, OPT_NO_EFFECT, NULL, false, NULL },
	{ "resolve", 0, OPT_NO_EFFECT, NULL, false, NULL },
	{ "oneline", 0, OPT_NO_EFFECT, NULL, false, NULL },
	{ "timestamp", 0, OPT_NO_EFFECT, NULL, false, NULL },
	{ "tshort", 0, OPT_NO_EFFECT, NULL, false, NULL },
	{ "Version", 0, OPT_VERSION, NULL, false, NULL },
	{ "brief", 0, OPT_NO_EFFECT, NULL, false, NULL },
	{ "rcvbuf", 0, OPT_NO_EFFECT, "n", false, NULL },
	{ "Numeric", 0, OPT_NO_EFFECT, NULL, false, NULL },
	{ "echo", 0, OPT_NO_EFFECT, NULL, true, NULL },
	{ "color", 0, OPT_NO_EFFECT, NULL, false, NULL },
	/* ours, and what --help says more of */
	{ "dry-run", 0, OPT_DRY_RUN, NULL, true, N_("print the system calls, make none of them") },
	{ "xtrace", 'x', OPT_XTRACE, NULL, true,
	  N_("print each system call as it is made, on standard error") },
	{ "help", 0, OPT_HELP, NULL, false, N_("print this help") },
	{ "version", 'V', OPT_VERSION, NULL, true, N_("print the version") },
};
const int n_global_options = ARRAY_SIZE(global_options);

const struct global_option *find_global(const char *word)
{
	size_t len = strlen(word);

	if (strncmp(word, "color=", 6) == 0)
		len = 5;
	for (const struct global_option *o = global_options;
	     len > 0 && o < global_options + n_global_options; o++) {
		if (len == 1 && *word == o->letter)
			return o;
		if (strncmp(o->name, word, len) == 0 && (!o->whole || strlen(o->name) == len))
			return o;
	}
	return NULL;
}
