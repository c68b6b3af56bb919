/* SPDX-License-Identifier: MIT */
/*
 * options.h - what xnetns was asked for. All its rooms stand on this one; how words are read does not
 * belong in here (args.h).
 */
#ifndef XNS_XNETNS_OPTIONS_H
#define XNS_XNETNS_OPTIONS_H

#include "util.h"

/* What a command ends with: exit statuses, as of ip(8), and one that asks for the usage first. */
enum {
	EXIT_KERNEL = 2,  /* the kernel refused a netlink request */
	EXIT_USAGE = 255, /* and a namespace that cannot be entered */
	SHOW_USAGE = -1,  /* its words are wrong; EXIT_USAGE it is then */
};

/* The options of commands; a row of commands[] says how each is written. */
enum with {
	WITH_ALL,
	WITH_LENGTHY,
	WITH_UP,
	WITH_IF_MISSING,
	WITH_IF_EXISTS,
	WITH_KILL,
	WITH_USER,
	WITH_NO_MOUNTS,
	WITH_ENV,
	WITH_ROOT,
	WITH_DNS,
	WITH_ENGINE,
	WITH_PORT,
	WITH_HOST_LOOPBACK,
	WITH_DOWN,
	N_WITH
};

enum { MAX_PORTS = 32 };

struct netns_options {
	bool as_ip; /* started as "ip": words that ip does not know are names */
	bool all, json, pretty, force;
	const char *netns, *batch;
	size_t n_ports;
	const char *port[MAX_PORTS]; /* of each --port */
	const char *with[N_WITH];    /* the argument, "" if it has none; NULL: it was not given */
};

/* What can be said of the end of a link, behind its name and a comma. */
#define LINK_PARTS "dev= addr= gw="

/*
 * A command: @words is what follows it, options taken out. Return: the exit status, or SHOW_USAGE.
 * Each stands in the room of its topic, and has a row of commands[].
 */
typedef int netns_run(const struct netns_options *o, char **words);
netns_run cmd_add, cmd_attach, cmd_delete, cmd_identify, cmd_monitor, cmd_pids, cmd_rename;
netns_run cmd_list, cmd_list_id, cmd_set, cmd_holders;
netns_run cmd_link, cmd_prune;
netns_run cmd_exec, cmd_uplink;

#endif
