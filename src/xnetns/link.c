/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cred.h"
#include "die.h"
#include "dir.h"
#include "engine.h"
#include "fd.h"
#include "hints.h"
#include "json.h"
#include "nearest.h"
#include "nsfs.h"
#include "own.h"
#include "parse.h"
#include "rootless.h"
#include "rtnl.h"
#include "shown.h"
#include "told.h"

/*
 * The device group of a pair that is not whole yet. It is given as the pair is made, in the same
 * request, which an alias cannot be; so whenever a kill comes, prune finds it.
 */
#define PENDING_GROUP 0x786e7370

#define MAX_ADDRESSES 16
#define OWN "."

/* One side of the link, as the command line says it. */
struct side {
	struct rtnl_end end;
	struct rtnl_address addresses[MAX_ADDRESSES], gateway;
	size_t n_addresses;
	bool has_gateway;
	struct rtnl *rtnl;
};

/* ---- words ---- */

static void parse_address(const char *word, bool with_prefix, struct rtnl_address *a)
{
	char text[sizeof(a->text)], *prefix = text;
	long long bits;
	bool ok = strlen(word) < sizeof(text);

	a->family = strchr(word, ':') ? AF_INET6 : AF_INET;
	bits = a->family == AF_INET6 ? 128 : 32;
	snprintf(a->text, sizeof(a->text), "%s", word);
	memcpy(text, a->text, sizeof(text));
	strsep(&prefix, "/");
	if (ok && prefix)
		ok = with_prefix && parse_number(prefix, 0, bits, &bits) == 0;
	a->prefix = (unsigned int)bits;
	if (!ok || inet_pton(a->family, text, a->bytes) != 1)
		die(EXIT_USAGE, 0, N_("invalid address: '%s'"), word);
}

/* A % would be the kernel's: "veth%d" asks for a name that it chooses, and we would not know which. */
static void set_device(struct side *side, const char *word)
{
	bool ok = *word && strlen(word) < sizeof(side->end.device) && strcmp(word, ".") != 0 &&
		  strcmp(word, "..") != 0;

	for (const char *p = word; *p; p++)
		ok = ok && *p != '/' && *p != ':' && *p != '%' && !isspace((unsigned char)*p);
	if (!ok)
		die(EXIT_USAGE, 0, N_("invalid device name: '%s'"), word);
	memcpy(side->end.device, word, strlen(word) + 1);
}

static _Noreturn void unknown_part(const char *part)
{
	struct nearest n = nearest_to(part, strcspn(part, "=") + (strchr(part, '=') != NULL));

	warn_msg(N_("unknown part of a link: '%s'"), part);
	nearest_try_list(&n, LINK_PARTS);
	if (!nearest_hint(&n, ""))
		hint_one_of(LINK_PARTS);
	die_said(EXIT_USAGE);
}

/* "NAME,dev=DEVICE,addr=ADDRESS/N,gw=ADDRESS", which is changed. */
static void parse_side(char *word, struct side *side)
{
	char *part;

	side->end.netns = -1;
	side->end.name = strsep(&word, ",");
	if (strcmp(side->end.name, OWN) != 0 && !netns_is_path(side->end.name) &&
	    !netns_name_ok(side->end.name))
		die(EXIT_USAGE, 0, N_("Invalid netns name \"%s\""), side->end.name);
	while ((part = strsep(&word, ","))) {
		if (strncmp(part, "dev=", 4) == 0) {
			set_device(side, part + 4);
		} else if (strncmp(part, "gw=", 3) == 0) {
			parse_address(part + 3, false, &side->gateway);
			side->has_gateway = true;
		} else if (strncmp(part, "addr=", 5) == 0) {
			if (side->n_addresses == MAX_ADDRESSES)
				die(EXIT_USAGE, 0, N_("too many addresses: '%s'"), part + 5);
			parse_address(part + 5, true, &side->addresses[side->n_addresses++]);
		} else {
			unknown_part(part);
		}
	}
}

/* A device without a name is called as the namespace that it leads to. */
static void name_device(struct side *side, const struct side *other)
{
	if (*side->end.device)
		return;
	snprintf(side->end.device, sizeof(side->end.device), "%.15s",
		 strcmp(other->end.name, OWN) == 0 ? "host"
		 : netns_is_path(other->end.name)  ? strrchr(other->end.name, '/') + 1
		 : engine_named(other->end.name)   ? engine_name(other->end.name)
						   : other->end.name);
	for (char *p = side->end.device; *p; p++)
		if (*p == ':' || *p == '%' || isspace((unsigned char)*p))
			*p = '_';
}

/* ---- link ---- */

/* It takes rights over it to put a device there. */
static _Noreturn void own_is_closed(const char *other)
{
	warn_msg(N_("this network namespace cannot be linked to by an ordinary user"));
	if (netns_name_ok(other) && strcmp(other, OWN) != 0)
		hint(N_("%s uplink %s gives \"%s\" a way out"), program_invocation_short_name,
		     other, other);
	die_said(EXIT_FAILURE);
}

static void open_side(const struct netns_options *o, struct side *side)
{
	bool is_name, is_own = strcmp(side->end.name, OWN) == 0;

	side->end.netns = is_own ? netns_open_own()
				 : netns_open_any(side->end.name, EXIT_FAILURE, &is_name);
	if (side->end.netns < 0) {
		die_about_proc();
		netns_die(o, EXIT_FAILURE, errno, N_("Cannot open network namespace \"%s\""),
			  side->end.name);
	}
	side->rtnl = rtnl_open_in(side->end.netns, side->end.name);
	if (side->rtnl)
		return;
	die_about_proc(); /* which knows the way back */
	die(EXIT_FAILURE, errno, N_("setting the network namespace \"%s\" failed"), side->end.name);
}

/* What the kernel refused, in its own words if it has any; the pair goes. */
static _Noreturn void refused(const struct side sides[2], const struct side *side, const char *what)
{
	const char *words = rtnl_error(side->rtnl);
	char reason[300];

	snprintf(reason, sizeof(reason), "%s%s%s", strerror(errno), words ? ": " : "",
		 words ? words : "");
	if (rtnl_delete_link(sides[0].rtnl, sides[0].end.device) < 0)
		warn_err(errno, N_("cannot delete device %s in \"%s\""), sides[0].end.device,
			 sides[0].end.name);
	die(EXIT_KERNEL, 0, N_("cannot add %s in \"%s\": %s"), what, side->end.name, reason);
}

static bool is_one_place(const struct rtnl_end *a, const struct rtnl_end *b)
{
	struct stat x, y;

	return fstat(a->netns, &x) == 0 && fstat(b->netns, &y) == 0 && same_file(&x, &y);
}

/* Which end it is, and what the kernel said. */
static void why_no_pair(const struct side sides[2], int err)
{
	const struct rtnl_end *a = &sides[0].end, *b = &sides[1].end;
	char words[256];

	snprintf(words, sizeof(words), "%s", rtnl_error(sides[0].rtnl) ?: "");
	if (err == EPERM && !cred_has(CAP_NET_ADMIN))
		hint(N_("%s is missing"), "CAP_NET_ADMIN");
	else if (err == EEXIST && strcmp(a->device, b->device) == 0 && is_one_place(a, b))
		hint(N_("both ends are called %s in one namespace: %s,dev=NAME calls one otherwise"),
		     a->device, b->name);
	for (int i = 0; err == EEXIST && i < 2; i++)
		if (rtnl_has_link(sides[i].rtnl, sides[i].end.device))
			hint(N_("\"%s\" has a device %s: %s,dev=NAME calls this one otherwise"),
			     sides[i].end.name, sides[i].end.device, sides[i].end.name);
	if (*words)
		hint(N_("the kernel says: %s"), words);
}

static void set_up(struct side sides[2], struct side *side)
{
	for (size_t i = 0; i < side->n_addresses; i++)
		if (rtnl_add_address(side->rtnl, side->end.device, &side->addresses[i]) < 0)
			refused(sides, side, side->addresses[i].text);
	if (rtnl_set_up(side->rtnl, side->end.device) < 0)
		refused(sides, side, side->end.device);
}

int cmd_link(const struct netns_options *o, char **words)
{
	struct side sides[2] = { 0 };
	const struct rtnl_end *a = &sides[0].end, *b = &sides[1].end;

	if (!words[0] || !words[1] || words[2])
		die(EXIT_USAGE, 0, N_("link takes two namespaces"));
	for (int i = 0; i < 2; i++)
		parse_side(words[i], &sides[i]);
	for (int i = 0; i < 2; i++)
		name_device(&sides[i], &sides[!i]);
	for (int i = 0; i < 2 && rootless(); i++)
		if (strcmp(sides[i].end.name, OWN) == 0)
			own_is_closed(sides[!i].end.name);
	for (int i = 0; i < 2; i++)
		netns_ask(sides[i].end.name, EXIT_FAILURE);
	netns_lock(false); /* prune waits */
	for (int i = 0; i < 2; i++)
		open_side(o, &sides[i]);
	if (rtnl_add_veth(sides[0].rtnl, a, b, PENDING_GROUP) < 0) {
		int err = errno;

		warn_err(err, N_("cannot make device %s in \"%s\" and %s in \"%s\""), a->device,
			 a->name, b->device, b->name);
		why_no_pair(sides, err);
		die_said(EXIT_KERNEL);
	}
	for (int i = 0; i < 2; i++)
		set_up(sides, &sides[i]);
	for (int i = 0; i < 2; i++)
		if (rtnl_await_up(sides[i].rtnl, sides[i].end.device) < 0)
			refused(sides, &sides[i], sides[i].end.device);
	for (int i = 0; i < 2; i++)
		if (sides[i].has_gateway &&
		    rtnl_add_default_route(sides[i].rtnl, sides[i].end.device, &sides[i].gateway) <
			    0)
			refused(sides, &sides[i], sides[i].gateway.text);
	if (rtnl_set_group(sides[0].rtnl, sides[0].end.device, 0) < 0)
		refused(sides, &sides[0], sides[0].end.device);
	for (int i = 0; i < 2; i++) {
		rtnl_close(sides[i].rtnl);
		close_fd(&sides[i].end.netns);
	}
	return EXIT_SUCCESS;
}

/* ---- prune ---- */

struct pending {
	char devices[64][16];
	size_t n;
};

static void keep_pending(void *arg, const struct rtnl_link *link)
{
	struct pending *p = arg;

	if (link->group == PENDING_GROUP && p->n < ARRAY_SIZE(p->devices))
		snprintf(p->devices[p->n++], sizeof(p->devices[0]), "%s", link->name);
}

/* A device in the namespace @name, or that name (NULL). */
static void print_pruned(const char *device, const char *name)
{
	cleanup_free char *fit_device = NULL, *fit_name = NULL;

	if (json_object()) {
		json_string("device", device);
		json_string(device ? "netns" : "name", name);
		return;
	}
	fit_name = must_have(shown_text(name, false));
	fit_device = must_have(shown_text(device ? device : "", false));
	if (device)
		printf(_("device %s in %s\n"), fit_device, fit_name);
	else
		printf(_("name %s\n"), fit_name);
}

/* Return: how many there were, or -1 after a message. */
static int prune_some(struct rtnl *rtnl, const char *name)
{
	struct pending pending = { .n = 0 };

	if (!rtnl || rtnl_links(rtnl, keep_pending, &pending) < 0) {
		die_about_proc();
		return warn_err(errno, N_("cannot list the devices of \"%s\""), name);
	}
	for (size_t i = 0; i < pending.n; i++) {
		if (rtnl_delete_link(rtnl, pending.devices[i]) < 0)
			return warn_err(errno, N_("cannot delete device %s in \"%s\""),
					pending.devices[i], name);
		print_pruned(pending.devices[i], name);
	}
	return (int)pending.n;
}

/* Return: -1 after a message. */
static int prune_devices(int netns, const char *name)
{
	struct rtnl *rtnl = rtnl_open_in(netns, name);
	int n;

	if (!rtnl && errno == EPERM && rootless())
		return 0; /* of a container of the user's: no link of ours ends there */
	do
		n = prune_some(rtnl, name);
	while (n > 0 && !telling());
	rtnl_close(rtnl);
	return n < 0 ? -1 : 0;
}

static int prune_name(const struct netns_options *o, const char *name)
{
	cleanup_free char *path = netns_path(name);
	enum netns_state state = netns_state(path);
	int stale = state == NETNS_STALE ? netns_is_stale(path) : 0;
	cleanup_close int fd = state == NETNS_LIVE ? netns_open(name) : -1;

	if (state == NETNS_UNKNOWN || stale < 0 || (state == NETNS_LIVE && fd < 0))
		return warn_err(errno, N_("cannot open %s"), path);
	if (stale > 0 && netns_delete(name) < 0)
		return -1;
	if (stale > 0)
		print_pruned(NULL, name);
	return fd < 0 ? 0 : prune_devices(fd, name);
}

int cmd_prune(const struct netns_options *o, char **words)
{
	cleanup_close int own = -1;
	int ret;

	if (words[0])
		die(EXIT_USAGE, 0, N_("extra arguments specified"));
	netns_lock(false);
	json_begin(o);
	ret = netns_each(o, prune_name);
	if (!rootless()) { /* a link of an ordinary user's has no end here */
		own = netns_open_own();
		if (own < 0)
			warn_err(errno, N_("cannot open %s"), "/proc/self/ns/net");
		if (own < 0 || prune_devices(own, OWN) < 0)
			ret = EXIT_FAILURE;
	}
	json_end();
	return ret;
}
