/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "compat.h"
#include "map.h"
#include "rtnl.h"
#include "xlsns-columns.h"
#include "xlsns-dot.h"

#define LONGEST_COMMAND 28

static const struct nsgraph *graph;
static bool (*is_drawn)(const struct ns *ns);

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

	printf("\tns%llu [label=\"%s %llu", (unsigned long long)ns->inode, ns->kind->proc,
	       (unsigned long long)ns->inode);
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

	if (parent && is_drawn(parent))
		printf("\tns%llu -> ns%llu [label=\"parent of\"]\n",
		       (unsigned long long)parent->inode, (unsigned long long)ns->inode);
	if (owner && owner != parent && is_drawn(owner))
		printf("\tns%llu -> ns%llu [style=dashed]\n", (unsigned long long)owner->inode,
		       (unsigned long long)ns->inode);
}

/* The first process of a namespace stands for all that are in it. */
static void put_process(const struct ns *ns, struct map *put)
{
	const struct process *p = ns->first;
	char *user;

	if (!p)
		return;
	if (!map_get(put, (uint64_t)p->pid)) {
		if (map_put(put, (uint64_t)p->pid, put) < 0)
			die(EXIT_FAILURE, errno, N_("cannot allocate memory"));
		user = user_name(p->uid);
		printf("\tp%d [shape=ellipse label=\"%d ", p->pid, p->pid);
		put_text(user, 32);
		fputs("\\n", stdout);
		put_text(p->command, LONGEST_COMMAND);
		puts("\"]");
		free(user);
	}
	printf("\tns%llu -> p%d [dir=none color=gray", (unsigned long long)ns->inode, p->pid);
	if (ns->n_procs > 1)
		printf(" label=\"+%u\"", ns->n_procs - 1);
	puts("]");
}

/* ---- veth ---- */

/* One end of a veth pair. */
struct end {
	const struct ns *ns;
	struct rtnl *rtnl; /* of that namespace */
	char *name;
	int index, peer, peer_nsid;
	bool joined;
};

static struct end *ends;
static size_t n_ends;

struct reader {
	const struct ns *ns;
	struct rtnl *rtnl;
};

static void keep_end(void *arg, const struct rtnl_link *link)
{
	const struct reader *reader = arg;

	if (!link->kind || strcmp(link->kind, "veth") != 0 || link->peer == 0)
		return;
	ends = reallocarray(ends, n_ends + 1, sizeof(*ends));
	if (!ends)
		die(EXIT_FAILURE, errno, N_("cannot allocate memory"));
	ends[n_ends++] = (struct end){ .ns = reader->ns,
				       .rtnl = reader->rtnl,
				       .name = strdup(link->name),
				       .index = link->index,
				       .peer = link->peer,
				       .peer_nsid = link->peer_nsid };
}

/* Whether @b is where @a says that its peer is. */
static bool is_peer(const struct end *a, const struct end *b)
{
	int nsid;

	if (a == b || b->joined || a->peer != b->index || b->peer != a->index)
		return false;
	if (a->peer_nsid < 0)
		return a->ns == b->ns;
	return rtnl_nsid(a->rtnl, b->ns->fd, &nsid) == 0 && nsid == a->peer_nsid;
}

static void put_links(void)
{
	for (size_t i = 0; i < graph->n; i++) {
		struct reader reader = { graph->nodes[i], NULL };

		if (reader.ns->fd < 0 || !is_drawn(reader.ns))
			continue;
		reader.rtnl = rtnl_open_in(reader.ns->fd, "net");
		if (!reader.rtnl && errno == EPERM)
			continue; /* not ours to know */
		if (!reader.rtnl || rtnl_links(reader.rtnl, keep_end, &reader) < 0)
			die(EXIT_FAILURE, errno, N_("cannot list the devices of namespace %llu"),
			    (unsigned long long)reader.ns->inode);
	}
	for (struct end *a = ends; a < ends + n_ends; a++)
		for (struct end *b = a + 1; b < ends + n_ends; b++)
			if (is_peer(a, b)) {
				a->joined = b->joined = true;
				printf("\tns%llu -> ns%llu [dir=both arrowhead=dot arrowtail=dot "
				       "color=blue constraint=false taillabel=\"",
				       (unsigned long long)a->ns->inode,
				       (unsigned long long)b->ns->inode);
				put_text(a->name, 16);
				fputs("\" headlabel=\"", stdout);
				put_text(b->name, 16);
				puts("\"]");
				break;
			}
}

void dot_print(const struct nsgraph *g, bool (*drawn)(const struct ns *ns))
{
	struct map put = { 0 };

	graph = g;
	is_drawn = drawn;
	puts("digraph namespaces {\n"
	     "\trankdir=LR\n"
	     "\tnode [shape=box style=filled fillcolor=white fontname=\"sans-serif\" fontsize=10]\n"
	     "\tedge [fontname=\"sans-serif\" fontsize=8]");
	for (size_t i = 0; i < g->n; i++)
		if (is_drawn(g->nodes[i]))
			put_namespace(g->nodes[i]);
	for (size_t i = 0; i < g->n; i++)
		if (is_drawn(g->nodes[i])) {
			put_relations(g->nodes[i]);
			put_process(g->nodes[i], &put);
		}
	put_links();
	puts("}");
}
