/* SPDX-License-Identifier: MIT */
/*
 * uplink.h - a way out of a network namespace, as it was asked for: by which engine, a program that is a network
 * in user mode (pasta, slirp4netns); with which ports in; and the words that tell the engine so. That it runs, and
 * ends, is keeper.h's; whom programs inside ask for names is resolver.h's.
 */
#ifndef XNS_UPLINK_H
#define XNS_UPLINK_H

#include "util.h"

#define UPLINK_ENGINES "pasta slirp4netns" /* in the order in which they are looked for */
#define UPLINK_DEVICE "uplink0"

/* What comes to @outer on this side goes to @inner in the namespace. */
struct uplink_port {
	const char *word;
	char address[48]; /* of this side, "": all */
	bool is_v6, udp;
	int outer, inner;
};

struct uplink_engine;

/* Zero is: none was asked for. */
struct uplink {
	bool given;
	bool host_loopback; /* the loopback of this side can be reached */
	bool own_dns;	    /* names are asked for elsewhere */
	const char *with;   /* which engine, NULL: whichever is there */
	size_t n_ports;
	struct uplink_port *port;
	const struct uplink_engine *engine; /* uplink_find() */
	const char *path;
};

/*
 * uplink_set_engine(), uplink_add_port() - the word of the command line: one of UPLINK_ENGINES;
 * [ADDRESS:]OUTER:INNER[/udp]. They die of another with @status.
 */
void uplink_set_engine(struct uplink *u, const char *word, int status);
void uplink_add_port(struct uplink *u, const char *word, int status);

/* uplink_find() - looks for the program. Dies, with its status, where there is none, and says where it is to be had. */
void uplink_find(struct uplink *u);

/* uplink_name() - of the engine; needs uplink_find(). */
const char *uplink_name(const struct uplink *u);

/* The descriptors that the engine begins with. */
enum {
	UPLINK_NETNS = 0, /* the namespace */
	UPLINK_USERNS =
		1,	 /* the user namespace that it belongs to, if the engine has to join that */
	UPLINK_SAYS = 2, /* what it has to say */
	UPLINK_READY = 3, /* by which it says that the network is up, if not there */
	UPLINK_EXIT = 4,  /* it ends when the other end of it does */
};

/* uplink_says_ready() - whether the engine says on UPLINK_READY that it is, and has UPLINK_EXIT; else it writes its PID. */
bool uplink_says_ready(const struct uplink *u);

/* uplink_wants_api() - whether ports are asked for by a socket, once the engine runs. */
bool uplink_wants_api(const struct uplink *u);

/*
 * uplink_argv() - the engine's words; @userns: it has UPLINK_USERNS; @api: the path of that socket, or NULL.
 * Return: allocated.
 */
char **uplink_argv(const struct uplink *u, bool userns, const char *api)
	__attribute__((returns_nonnull));

/* uplink_resolv_conf() - the text of a resolv.conf for inside, by which names are asked for through the engine. Allocated. */
char *uplink_resolv_conf(const struct uplink *u) __attribute__((returns_nonnull));

#endif
