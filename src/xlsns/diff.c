/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <libsmartcols/libsmartcols.h>

#include "choice.h"
#include "compat.h"
#include "diff.h"
#include "table.h"

/* ---- how two are related ---- */

static const struct ns *parent_of(const struct nsgraph *g, const struct ns *ns)
{
	return nsgraph_find(g, ns->parent);
}

static const struct ns *above(const struct nsgraph *g, const struct ns *ns, int levels)
{
	while (levels-- > 0)
		ns = parent_of(g, ns);
	return ns;
}

/* What @one is to @other, of a kind that has parents; they may lead to what nobody tells us of. */
static const char *relation(const struct nsgraph *g, const struct ns *one, const struct ns *other)
{
	int deeper;

	if (!one || !other)
		return "unknown";
	deeper = ns_depth(g, other) - ns_depth(g, one);
	if (above(g, other, deeper) == above(g, one, -deeper))
		return deeper == 0   ? "same"
		       : deeper == 1 ? "parent"
		       : deeper > 1  ? "ancestor"
		       : deeper < -1 ? "descendant"
				     : "child";
	if (one->parent && one->parent == other->parent)
		return "sibling";
	if (above(g, one, ns_depth(g, one)) == above(g, other, ns_depth(g, other)))
		return "apart";
	return "unknown";
}

/* ---- a row of each kind ---- */

enum { TYPE, NS1, NS2, SAME, RELATION, OWNERS };

static const struct {
	const char *name;
	int flags, type;
} heads[] = {
	[TYPE] = { "TYPE", 0, SCOLS_JSON_STRING },
	[NS1] = { "NS1", SCOLS_FL_RIGHT, SCOLS_JSON_NUMBER },
	[NS2] = { "NS2", SCOLS_FL_RIGHT, SCOLS_JSON_NUMBER },
	[SAME] = { "SAME", 0, SCOLS_JSON_BOOLEAN },
	[RELATION] = { "RELATION", 0, SCOLS_JSON_STRING },
	[OWNERS] = { "OWNERS", 0, SCOLS_JSON_STRING },
};

/* The namespace of this kind that process @which is in; NULL: none, as a zombie. */
static const struct ns *find(const struct nsgraph *g, const struct kind *kind, unsigned int which)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->nodes[i]->kind == kind && (g->nodes[i]->of_task & 1U << which))
			return g->nodes[i];
	return NULL;
}

static void put(struct libscols_line *line, size_t column, const char *text)
{
	table_enough(scols_line_set_data(line, column, text));
}

static void put_inode(struct libscols_line *line, size_t column, const struct ns *ns)
{
	if (ns)
		table_enough(scols_line_refer_data(line, column, must_format("%llu", ns->inode)));
}

static void add_row(struct libscols_table *t, const struct nsgraph *g, const struct kind *kind)
{
	const struct ns *one = find(g, kind, 0), *other = find(g, kind, 1);
	struct libscols_line *line;

	if (!one && !other)
		return;
	line = must_have(scols_table_new_line(t, NULL));
	put(line, TYPE, kind->proc);
	put_inode(line, NS1, one);
	put_inode(line, NS2, other);
	put(line, SAME, one == other ? "yes" : "no");
	if (!one || !other || one == other)
		return;
	if (ns_depth(g, one) >= 0)
		put(line, RELATION, relation(g, one, other));
	if (kind->flag != CLONE_NEWUSER) /* of which it is the parent */
		put(line, OWNERS,
		    relation(g, nsgraph_find(g, one->owner), nsgraph_find(g, other->owner)));
}

void diff_print(const struct xlsns_options *o)
{
	struct libscols_table *t = table_new(o, "namespaces");
	struct scan scan = { .kinds = choice_kinds(o),
			     .tasks = { o->diff[0], o->diff[1] },
			     .facts = FACT_RELATIONS };

	scan_run(&scan);
	xlsns_found(o);
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
		struct libscols_column *cl =
			must_have(scols_table_new_column(t, heads[i].name, 0, heads[i].flags));

		scols_column_set_json_type(cl, heads[i].type);
	}
	for (int i = 0; i < KIND_COUNT; i++)
		if (scan.kinds & kinds[i].flag)
			add_row(t, &scan.graph, &kinds[i]);
	table_out(t);
}
