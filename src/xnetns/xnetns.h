/* SPDX-License-Identifier: MIT */
/*
 * xnetns.h - what the files of xnetns share: the options that were given, and the handlers of its
 * commands, a file of source a topic. The table of the commands is in xnetns-opts.h.
 */
#ifndef XNS_XNETNS_H
#define XNS_XNETNS_H

#include <stdio.h>

#include "cli.h"
#include "util.h"

/* Exit statuses, as of ip(8). */
enum {
	EXIT_KERNEL = 2,  /* the kernel refused a netlink request */
	EXIT_USAGE = 255, /* and a namespace that cannot be entered */
};

/* The options before the command. */
struct options {
	bool all, json, pretty, force;
	bool as_ip; /* started as "ip": words that ip does not know are names */
	const char *netns, *batch;
};
extern struct options opt;

/* command_option() - the argument of the option @name, "" if it has none; NULL: it was not given. */
const char *command_option(const char *name);

/* netns_command() - runs the command that @words begin with. Return: the exit status. */
int netns_command(char **words);

/* The commands: @words is what follows, options taken out. Return: the exit status. */
int cmd_list(char **words);
int cmd_list_id(char **words);
int cmd_help(char **words);
int cmd_add(char **words);
int cmd_set(char **words);
int cmd_delete(char **words);
int cmd_identify(char **words);
int cmd_pids(char **words);
int cmd_exec(char **words);
int cmd_monitor(char **words);
int cmd_attach(char **words);
int cmd_link(char **words);
int cmd_holders(char **words);
int cmd_prune(char **words);
int cmd_rename(char **words);

/*
 * netns_enter() - this process goes to the namespace @name, or that of a process, with a mount
 * namespace of its own where /sys and /etc are what @name has. Dies on failure, with 255, and of /etc
 * with 1.
 */
void netns_enter(const char *name, bool mounts);

/*
 * fork_command() - fork(2) for a command that this process goes on after. A dry run forks as well, for
 * the part that is told ends where the program begins. Return: as fork(2); dies on failure.
 */
pid_t fork_command(void);

/*
 * put_name() - the name of a namespace, or a path, on standard output: as it is, as the peer does, but
 * a terminal gets it fit to be shown. put_shown() - fit to be shown wherever it goes.
 */
void put_name(const char *name);
void put_shown(const char *text);

/* usage() - the commands, on @stream. */
void usage(FILE *stream);

/* ---- as ip(8), and set-user-ID ---- */

/* is_set_id() - whether it was started with rights that its caller has not: trust nothing of his. */
bool is_set_id(void);

/*
 * drop_rights() - started with root's rights by an ordinary user, only one who could have
 * CAP_NET_ADMIN by himself keeps them; he gets the system's PATH. Another is himself again.
 */
void drop_rights(void);

/*
 * hand_over() - to ip(8) itself, for what is not ours: the next one in PATH that is not this program,
 * and none that handed over to us; of a set-user-ID program in the system's directories, as the caller.
 * forget_hops() - nobody is handed over to: what was noted of that is not the program's.
 */
_Noreturn void hand_over(char *argv[]);
void forget_hops(void);

/* ---- JSON as ip writes it: a list of flat objects ---- */

void json_begin(void);
void json_object(void); /* the next object begins */
void json_string(const char *key, const char *value);
void json_number(const char *key, long long value);
void json_end(void);

#endif
