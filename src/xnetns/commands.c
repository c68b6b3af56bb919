/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include "commands.h"
#include "text.h"
#include "uplink.h"

int cmd_help(const struct netns_options *o, char **words)
{
	return SHOW_USAGE;
}

/* In the order in which a prefix is looked for, and of --help */
const struct command commands[] = {
	{ "list", cmd_list, "", N_("the names, and the IDs that are assigned to them"),
	  .options = { { WITH_ALL, "--all",
			 .help = N_("also those of container engines, and those without a name") },
		       { WITH_LENGTHY, "-l",
			 .help = N_("sorted; with --all a table of what is known of each") } } },
	{ .name = "show", .run = cmd_list },
	{ .name = "lst", .run = cmd_list },
	{ "list-id", cmd_list_id, N_("[target-nsid <n>] [nsid <n>]"),
	  .help = N_("the IDs that this namespace has given to others") },
	{ "help", cmd_help, N_("[<command>]"),
	  .help = N_("print this, or what it says of a command") },
	{ "add", cmd_add, N_("<name>..."), N_("make namespaces"), .least = 1, .locks = true,
	  .new_name = 1,
	  .options = { { WITH_UP, "--up", .help = N_("with their loopback device up") },
		       { WITH_IF_MISSING, "--if-missing",
			 .help = N_("without an error where there is one already") } } },
	{ "set", cmd_set, N_("<name>|<pid>|<file>|<engine>:<name> <id>|auto"),
	  N_("assign an ID to a namespace"), .least = 1, .or_path = true },
	{ "delete", cmd_delete, N_("<name>..."), N_("take names away, or with -all each"),
	  .least = 1, .or_all = true, .locks = true,
	  .options = { { WITH_IF_EXISTS, "--if-exists",
			 .help = N_("without an error where there is none") },
		       { WITH_KILL, "--kill", '?', N_("signal"),
			 N_("end what runs inside first (TERM)"), "TERM KILL HUP INT QUIT" } } },
	{ "identify", cmd_identify, N_("[<pid>|<file>|<engine>:<name>]"),
	  N_("the names of the namespace of a process"), .most = 1, .or_path = true,
	  .looks = true },
	{ "pids", cmd_pids, N_("<name>|<file>|<engine>:<name>"), N_("the processes in a namespace"),
	  .least = 1, .most = 1, .or_path = true, .looks = true },
	{ "exec", cmd_exec, N_("<name>|<pid>|<file>|<engine>:<name> <program>..."),
	  N_("run a program in a namespace, or with -all in each"), .least = 1, .or_all = true,
	  .or_path = true, .locks = true,
	  .options = { { WITH_USER, "--user", ' ', N_("user"), .help = N_("as this user") },
		       { WITH_NO_MOUNTS, "--no-mounts",
			 .help = N_("with /sys and /etc as they are") },
		       { WITH_ENV, "--env", .help = N_("with NETNS=<name> in its environment") },
		       { WITH_DNS, "--dns", ' ', N_("address,..."),
			 .help = N_("ask these for hosts, and no daemon of outside") },
		       { WITH_ROOT, "--root", .help = N_("an ordinary user is root in there") } } },
	{ "monitor", cmd_monitor, "", .help = N_("tell of names that come and go") },
	{ "attach", cmd_attach, N_("<name> <pid>|<file>|<engine>:<name>"),
	  N_("give a name to the namespace of a process, a file or a container"), .locks = true,
	  .new_name = 1 },
	/* what ip(8) does not have comes behind what it has */
	{ "link", cmd_link,
	  N_("<name>[,dev=<device>][,addr=<address>/<n>][,gw=<address>] <name>..."),
	  N_("join two namespaces by a veth pair; . is this one"), .any_word = true,
	  .locks = true },
	{ "uplink", cmd_uplink, N_("<name>"), N_("give a namespace a way out"), .least = 1,
	  .most = 1, .locks = true,
	  .options = { { WITH_ENGINE, "--with", ' ', "pasta|slirp4netns",
			 N_("by this engine, or the one that is there"), UPLINK_ENGINES },
		       { WITH_PORT, "--port", ' ', N_("[address:]outer:inner[/udp]"),
			 .help = N_("forward this port of outside to the one inside") },
		       { WITH_HOST_LOOPBACK, "--host-loopback",
			 .help = N_("the loopback of outside can be reached, by the gateway") },
		       { WITH_DOWN, "--down", .help = N_("take it away again") } } },
	{ "holders", cmd_holders, N_("<name>|<file>|<engine>:<name>"),
	  N_("what keeps a namespace alive"), .least = 1, .most = 1, .or_path = true,
	  .looks = true },
	{ "prune", cmd_prune, "", .help = N_("remove what a kill has left behind"), .locks = true },
	{ "rename", cmd_rename, N_("<name> <name>"), N_("change a name"), .locks = true,
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
