/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "compat.h"
#include "fd.h"
#include "map.h"
#include "rtnl.h"
#include "scan.h"
#include "choice.h"
#include "dot.h"

#define LONGEST_COMMAND 28

static const struct nsgraph *graph;
static const struct xlsns_options *o;

/* A string in double quotes; of commands, bytes that could break the graph are shown as '?'. */
static void put_text(const char *text, size_t most)
{
	for (size_t i = 0; i < most && text[i]; i++)
		if (text[i] == '"' || text[i] == '\\')
			printf("\\%c", text[i]);
		else
			putchar(isprint((unsigned char)text[i]) && (text[i] & 0x80) == 0 ? text[i]
											 : '?');
	if (strlen(text) > most)
		fputs("...", stdout);
}

static void put_namespace(const struct ns *ns)
{
	static const char *const colors[] = { "#cfe2f3", "#d9ead3", "#fff2cc", "#f4cccc",
					      "#d9d2e9", "#fce5cd", "#d0e0e3", "#ead1dc" };

	printf("\tns%llu [label=\"%s %llu", ns->inode, ns->kind->proc, ns->inode);
	for (size_t i = 0; i < ns->n_paths && i < 3; i++) {
		fputs("\\n", stdout);
		put_text(ns->paths[i], 40);
	}
	printf("\" fillcolor=\"%s\"]\n", colors[ns->kind - kinds]);
}

static void put_relations(const struct ns *ns)
{
	const struct ns *parent = nsgraph_find(graph, ns->parent);
	const struct ns *owner = nsgraph_find(graph, ns->owner);

	if (parent && choice_has(o, parent))
		printf("\tns%llu -> ns%llu [label=\"parent of\"]\n", parent->inode, ns->inode);
	if (owner && owner != parent && choice_has(o, owner))
		printf("\tns%llu -> ns%llu [style=dashed]\n", owner->inode, ns->inode);
}

/* The first process of a namespace stands for all that are in it. */
static void put_process(const struct ns *ns, struct map *put)
{
	const struct process *p = ns->first;
	char *user;

	if (!p)
		return;
	if (!map_get(put, (uint64_t)p->pid)) {
		map_put(put, (uint64_t)p->pid, put);
		user = user_name(p->uid);
		printf("\tp%d [shape=ellipse label=\"%d ", p->pid, p->pid);
		put_text(user, 32);
		fputs("\\n", stdout);
		put_text(p->command, LONGEST_COMMAND);
		puts("\"]");
		free(user);
	}
	printf("\tns%llu -> p%d [dir=none color=gray", ns->inode, p->pid);
	if (ns->n_procs > 1)
		printf(" label=\"+%u\"", ns->n_procs - 1);
	puts("]");
}

/* ---- veth ---- */

/* The end of a veth pair. */
struct end {
	const struct ns *ns;
	const struct veth *veth;
	uint64_t pair; /* index of the one end and of the other, the lower first */
	bool joined;
};

static struct end *ends;
static size_t n_ends;

/* Those that could be of one pair are side by side; of these, in the order of the namespaces. */
static int in_groups(const void *a, const void *b)
{
	const struct end *one = a, *other = b;

	if (one->pair != other->pair)
		return one->pair < other->pair ? -1 : 1;
	if (one->ns != other->ns)
		return one->ns->inode < other->ns->inode ? -1 : 1;
	return one->veth->index - other->veth->index;
}

static void add_end(const struct ns *ns, const struct veth *v)
{
	uint64_t low = (uint64_t)(v->index < v->peer ? v->index : v->peer);

	if ((n_ends & (n_ends - 1)) == 0) /* room for the next power of two */
		ends = must_have(reallocarray(ends, n_ends ? 2 * n_ends : 1, sizeof(*ends)));
	ends[n_ends++] =
		(struct end){ ns, v, low << 32 | ((uint64_t)v->index + v->peer - low), false };
}

static void collect_ends(void)
{
	for (size_t i = 0; i < graph->n; i++) {
		const struct devices *d = graph->nodes[i]->devices;

		for (size_t j = 0; d && choice_has(o, graph->nodes[i]) && j < d->n_veths; j++)
			add_end(graph->nodes[i], &d->veths[j]);
	}
	if (n_ends > 0)
		qsort(ends, n_ends, sizeof(*ends), in_groups);
}

/*
 * The netnsid that @ns gives to @other. Neither is open any more, and only the socket of the one that
 * was asked last is kept. Return: -1: none, or one of them has gone meanwhile.
 */
static int nsid_in(const struct ns *ns, const struct ns *other)
{
	static const struct ns *asked;
	static struct rtnl *rtnl;
	cleanup_close int fd = -1;
	int nsid;

	if (asked != ns) {
		rtnl_close(rtnl);
		asked = ns;
		fd = ask_again(ns);
		rtnl = fd < 0 ? NULL : rtnl_open_in(fd, "net");
		if (fd >= 0 && !rtnl)
			die(EXIT_FAILURE, errno, N_("cannot open a socket of %s"), "NETLINK_ROUTE");
		close_fd(&fd);
	}
	fd = rtnl ? ask_again(other) : -1;
	if (fd < 0)
		return -1;
	must(rtnl_nsid(rtnl, fd, &nsid), N_("request %s failed"), "RTM_GETNSID");
	return nsid;
}

/* Whether @b is where @a says that its peer is. */
static bool is_peer(const struct end *a, const struct end *b)
{
	if (b->joined || a->veth->peer != b->veth->index || b->veth->peer != a->veth->index)
		return false;
	if (a->veth->peer_nsid < 0 || b->veth->peer_nsid < 0)
		return a->veth->peer_nsid == b->veth->peer_nsid && a->ns == b->ns;
	return nsid_in(a->ns, b->ns) == a->veth->peer_nsid;
}

static void put_link(const struct end *a, const struct end *b)
{
	printf("\tns%llu -> ns%llu [dir=both arrowhead=dot arrowtail=dot color=blue "
	       "constraint=false taillabel=\"",
	       a->ns->inode, b->ns->inode);
	put_text(a->veth->name, 16);
	fputs("\" headlabel=\"", stdout);
	put_text(b->veth->name, 16);
	puts("\"]");
}

static void put_links(void)
{
	collect_ends();
	for (struct end *a = ends; a < ends + n_ends; a++)
		for (struct end *b = a + 1; !a->joined && b < ends + n_ends && a->pair == b->pair;
		     b++)
			if (is_peer(a, b)) {
				a->joined = b->joined = true;
				put_link(a, b);
			}
}

void dot_print(const struct xlsns_options *options, const struct nsgraph *g)
{
	struct map put = { 0 };

	graph = g;
	o = options;
	puts("digraph namespaces {\n"
	     "\trankdir=LR\n"
	     "\tnode [shape=box style=filled fillcolor=white fontname=\"sans-serif\" fontsize=10]\n"
	     "\tedge [fontname=\"sans-serif\" fontsize=8]");
	for (size_t i = 0; i < g->n; i++)
		if (choice_has(o, g->nodes[i]))
			put_namespace(g->nodes[i]);
	for (size_t i = 0; i < g->n; i++)
		if (choice_has(o, g->nodes[i])) {
			put_relations(g->nodes[i]);
			put_process(g->nodes[i], &put);
		}
	put_links();
	puts("}");
}
