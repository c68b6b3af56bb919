/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "fd.h"
#include "map.h"
#include "rtnl.h"
#include "scan.h"
#include "choice.h"
#include "dot.h"

#define LONGEST_COMMAND 28

static const struct nsgraph *graph;
static const struct xlsns_options *o;

/* In a string, or in a cell of a table as of HTML. Bytes that could break the graph are shown as '?'. */
static void put_text(const char *text, size_t most, bool in_cell)
{
	for (size_t i = 0; i < most && text[i]; i++)
		if (in_cell && strchr("&<>\"", text[i]))
			printf("&#%d;", text[i]);
		else if (!in_cell && strchr("\"\\", text[i]))
			printf("\\%c", text[i]);
		else
			putchar(isprint((unsigned char)text[i]) && (text[i] & 0x80) == 0 ? text[i]
											 : '?');
	if (strlen(text) > most)
		fputs("...", stdout);
}

static bool has_ends(const struct devices *d)
{
	for (size_t i = 0; d && i < d->n_veths; i++)
		if (d->veths[i].joined)
			return true;
	return false;
}

/*
 * A row for each end of a veth pair, so that its name stands where the line begins, and in nothing's way.
 * Not the rows of shape=record: dot loses a line between two of these that stand side by side.
 */
static void put_ends(const struct devices *d)
{
	for (size_t i = 0; i < d->n_veths; i++) {
		if (!d->veths[i].joined)
			continue;
		printf("<tr><td port=\"v%d\">", d->veths[i].index);
		put_text(d->veths[i].name, sizeof(d->veths[i].name), true);
		fputs("</td></tr>", stdout);
	}
}

/* The kind, the number, and files on which it is. */
static void put_name(const struct ns *ns, bool in_cell)
{
	printf("%s %llu", ns->kind->proc, ns->inode);
	for (size_t i = 0; i < ns->n_paths && i < 3; i++) {
		fputs(in_cell ? "<br/>" : "\\n", stdout);
		put_text(ns->paths[i], 40, in_cell);
	}
}

static void put_namespace(const struct ns *ns)
{
	static const char *const colors[] = { "#cfe2f3", "#d9ead3", "#fff2cc", "#f4cccc",
					      "#d9d2e9", "#fce5cd", "#d0e0e3", "#ead1dc" };
	const char *color = colors[ns->kind - kinds];

	printf("\tns%llu [label=", ns->inode);
	if (!has_ends(ns->devices)) {
		putchar('"');
		put_name(ns, false);
		printf("\" fillcolor=\"%s\"]\n", color);
		return;
	}
	printf("<<table border=\"0\" cellborder=\"1\" cellspacing=\"0\" cellpadding=\"6\" bgcolor=\"%s\"><tr><td>",
	       color);
	put_name(ns, true);
	fputs("</td></tr>", stdout);
	put_ends(ns->devices);
	puts("</table>> shape=plaintext style=\"\" margin=0]");
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
		put_text(user, 32, false);
		fputs("\\n", stdout);
		put_text(p->command, LONGEST_COMMAND, false);
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
	struct veth *veth;
	uint64_t pair;		/* index of the one end and of the other, the lower first */
	uint64_t addresses[2];	/* of both, the lower first, where that is not enough; else 0 */
	const struct end *peer; /* the other one, of the one that comes first */
};

static struct end *ends;
static size_t n_ends;

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* Whether both could be of one pair: they stand side by side then. */
static int by_pair(const struct end *one, const struct end *other)
{
	int ret = compare(one->pair, other->pair);

	ret = ret ? ret : compare(one->addresses[0], other->addresses[0]);
	return ret ? ret : compare(one->addresses[1], other->addresses[1]);
}

/* And of these, in the order of the namespaces. */
static int in_groups(const void *a, const void *b)
{
	const struct end *one = a, *other = b;
	int ret = by_pair(one, other);

	ret = ret ? ret : compare(one->ns->inode, other->ns->inode);
	return ret ? ret : one->veth->index - other->veth->index;
}

static size_t group_size(const struct end *a)
{
	size_t n = 1;

	while (a + n < ends + n_ends && by_pair(a, a + n) == 0)
		n++;
	return n;
}

static void add_end(const struct ns *ns, struct veth *v)
{
	uint64_t low = (uint64_t)(v->index < v->peer ? v->index : v->peer);

	if ((n_ends & (n_ends - 1)) == 0) /* room for the next power of two */
		ends = must_have(reallocarray(ends, n_ends ? 2 * n_ends : 1, sizeof(*ends)));
	ends[n_ends++] = (struct end){ .ns = ns,
				       .veth = v,
				       .pair = low << 32 | ((uint64_t)v->index + v->peer - low) };
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
 * A socket of @ns, which is not open any more; only that of the one that was asked last is kept. Return: NULL:
 * it has gone meanwhile.
 */
static struct rtnl *socket_in(const struct ns *ns)
{
	static const struct ns *asked;
	static struct rtnl *rtnl;
	cleanup_close int fd = -1;

	if (asked == ns)
		return rtnl;
	rtnl_close(rtnl);
	asked = ns;
	fd = ask_again(ns);
	rtnl = fd < 0 ? NULL : rtnl_open_in(fd, "net");
	if (fd >= 0 && !rtnl)
		die(EXIT_FAILURE, errno, N_("cannot open a socket of %s"), "NETLINK_ROUTE");
	return rtnl;
}

/* The netnsid that @ns gives to @other. Return: -1: none, or one of them has gone meanwhile. */
static int nsid_in(const struct ns *ns, const struct ns *other)
{
	struct rtnl *rtnl = socket_in(ns);
	cleanup_close int fd = rtnl ? ask_again(other) : -1;
	int nsid;

	if (fd < 0)
		return -1;
	must(rtnl_nsid(rtnl, fd, &nsid), N_("request %s failed"), "RTM_GETNSID");
	return nsid;
}

static void keep_address(void *arg, const struct rtnl_link *link)
{
	*(uint64_t *)arg = link->address;
}

/*
 * Where many pairs have the same indexes, as each of a kind made in the same way has, addresses tell apart those
 * that can be one; else each would have to be tried with each. If one cannot be had, that is what is done.
 */
static void tell_apart(struct end *group, size_t n)
{
	bool known = true;

	for (struct end *a = group; a < group + n && known; a++) {
		struct rtnl *rtnl = socket_in(a->ns);
		uint64_t own = a->veth->address, other = 0;

		known = !rtnl || rtnl_link_in(rtnl, a->veth->peer_nsid, a->veth->peer, keep_address,
					      &other) == 0;
		a->addresses[0] = own < other ? own : other;
		a->addresses[1] = own < other ? other : own;
	}
	for (struct end *a = group; a < group + n && !known; a++)
		a->addresses[0] = a->addresses[1] = 0;
	qsort(group, n, sizeof(*group), in_groups);
}

/* Whether @b is where @a says that its peer is. */
static bool is_peer(const struct end *a, const struct end *b)
{
	if (b->veth->joined || a->veth->peer != b->veth->index || b->veth->peer != a->veth->index)
		return false;
	if (a->veth->peer_nsid < 0 || b->veth->peer_nsid < 0)
		return a->veth->peer_nsid == b->veth->peer_nsid && a->ns == b->ns;
	return nsid_in(a->ns, b->ns) == a->veth->peer_nsid;
}

static void join_ends(void)
{
	collect_ends();
	for (struct end *a = ends; a < ends + n_ends; a += group_size(a))
		if (group_size(a) > 2)
			tell_apart(a, group_size(a));
	for (struct end *a = ends; a < ends + n_ends; a++)
		for (struct end *b = a + 1;
		     !a->veth->joined && b < ends + n_ends && by_pair(a, b) == 0; b++)
			if (is_peer(a, b)) {
				a->veth->joined = b->veth->joined = true;
				a->peer = b;
			}
}

/* How far to the right a namespace stands, if who owns it is drawn. */
static int rank(const struct ns *ns)
{
	const struct ns *owner = nsgraph_find(graph, ns->owner);

	return owner && choice_has(o, owner) ? ns_depth(graph, owner) : 0;
}

/* Between two above one another, on the right of both, where no box is in the way. */
static void put_links(void)
{
	for (const struct end *a = ends; a < ends + n_ends; a++) {
		const struct end *b = a->peer;

		if (b)
			printf("\tns%llu:v%d:%c -> ns%llu:v%d:%c [dir=none color=blue constraint=false]\n",
			       a->ns->inode, a->veth->index, rank(a->ns) > rank(b->ns) ? 'w' : 'e',
			       b->ns->inode, b->veth->index, rank(b->ns) > rank(a->ns) ? 'w' : 'e');
	}
}

/* ---- the graph ---- */

static void put_legend(void)
{
	static const struct {
		const char *line, *means;
	} lines[] = {
		{ "", "a user or PID namespace, and one below it" },
		{ "style=dashed", "a user namespace, and one that it owns" },
		{ "dir=none color=gray", "a namespace, and the first process in it; + others" },
		{ "dir=none color=\"blue\"", "the two ends of a veth pair" },
	};

	puts("\tsubgraph cluster_legend {\n"
	     "\t\tlabel=\"lines\" labeljust=l color=gray fontname=\"sans-serif\" fontsize=9\n"
	     "\t\tnode [shape=plaintext style=\"\" fontsize=8 width=3 height=0 margin=\"0.05,0\"]");
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		printf("\t\tline%zu [label=\"\" width=0]\n"
		       "\t\tmeans%zu [label=\"%s\\l\"]\n"
		       "\t\tline%zu -> means%zu [%s]\n",
		       i, i, lines[i].means, i, i, lines[i].line);
	puts("\t}");
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
	put_legend();
	join_ends();
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
