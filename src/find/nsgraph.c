/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "compat.h"
#include "die.h"
#include "nsgraph.h"

const char *const holder_words[] = { [HELD_FD] = "fd",
				     [HELD_SOCKET] = "socket",
				     [HELD_MOUNT] = "mount",
				     [HELD_FOR_CHILDREN] = "for_children",
				     [HELD_THREAD] = "thread" };

static void add_node(struct nsgraph *g, struct ns *ns)
{
	if (g->n == g->room) {
		g->room = g->room ? 2 * g->room : 64;
		g->nodes = must_have(reallocarray(g->nodes, g->room, sizeof(struct ns *)));
	}
	map_put(&g->by_inode, ns->inode, ns);
	g->nodes[g->n++] = ns;
}

struct ns *nsgraph_node(struct nsgraph *g, ino_t inode, const struct kind *kind)
{
	struct ns *ns = map_get(&g->by_inode, inode);

	if (!ns) {
		ns = must_have(calloc(1, sizeof(*ns)));
		ns->inode = inode;
		ns->netnsid = NETNSID_UNKNOWN;
		add_node(g, ns);
	}
	if (!ns->related) /* of one that has gone before it was asked, another kind may use the number */
		ns->kind = kind;
	return ns;
}

struct ns *nsgraph_find(const struct nsgraph *g, ino_t inode)
{
	return inode ? map_get(&g->by_inode, inode) : NULL;
}

/* Adds what another thread has counted of the same namespace. */
static void add_counts(struct ns *ns, const struct ns *from)
{
	ns->n_procs += from->n_procs;
	if (from->first && (!ns->first || from->first->pid < ns->first->pid))
		ns->first = from->first;
	ns->has_child |= from->has_child;
	for (size_t i = 0; i < from->n_holders; i++)
		ns_add_holder(ns, &from->holders[i]);
}

void nsgraph_merge(struct nsgraph *g, struct nsgraph *from)
{
	for (size_t i = 0; i < from->n; i++) {
		struct ns *other = from->nodes[i];
		struct ns *ns = nsgraph_find(g, other->inode);

		if (!ns) {
			add_node(g, other);
		} else if (other->related && !ns->related) {
			add_counts(other, ns);
			*ns = *other;
		} else {
			add_counts(ns, other);
		}
	}
}

static int by_inode(const void *a, const void *b)
{
	const struct ns *one = *(struct ns *const *)a, *other = *(struct ns *const *)b;

	return (one->inode > other->inode) - (one->inode < other->inode);
}

static int by_pid(const void *a, const void *b)
{
	const struct holder *one = a, *other = b;

	if (one->pid != other->pid)
		return one->pid < other->pid ? -1 : 1;
	if (one->how != other->how)
		return one->how < other->how ? -1 : 1;
	return one->path ? strcmp(one->path, other->path) : one->fd - other->fd;
}

void nsgraph_sort(struct nsgraph *g)
{
	if (g->n > 0)
		qsort(g->nodes, g->n, sizeof(struct ns *), by_inode);
	for (size_t i = 0; i < g->n; i++)
		if (g->nodes[i]->n_holders > 0)
			qsort(g->nodes[i]->holders, g->nodes[i]->n_holders, sizeof(struct holder),
			      by_pid);
}

void ns_add_path(struct ns *ns, const char *path)
{
	ns->paths = must_have(reallocarray(ns->paths, ns->n_paths + 1, sizeof(char *)));
	ns->paths[ns->n_paths++] = must_have(strdup(path));
}

void ns_add_holder(struct ns *ns, const struct holder *holder)
{
	ns->holders = must_have(reallocarray(ns->holders, ns->n_holders + 1, sizeof(*holder)));
	ns->holders[ns->n_holders++] = *holder;
}

bool ns_owner_uid(const struct nsgraph *g, const struct ns *ns, uid_t *uid)
{
	if (ns->kind->flag != CLONE_NEWUSER)
		ns = nsgraph_find(g, ns->owner);
	if (!ns || !ns->has_owner_uid)
		return false;
	*uid = ns->owner_uid;
	return true;
}

int ns_depth(const struct nsgraph *g, const struct ns *ns)
{
	int depth = 0;

	if (ns->kind->flag != CLONE_NEWUSER && ns->kind->flag != CLONE_NEWPID)
		return -1;
	while ((ns = nsgraph_find(g, ns->parent)))
		depth++;
	return depth;
}
