/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <libsmartcols/libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "choice.h"
#include "filter.h"
#include "fit.h"
#include "map.h"
#include "own.h"
#include "shown.h"
#include "table.h"

struct table {
	const struct xlsns_options *o;
	const struct scan *scan;
	struct libscols_table *scols;
	struct map lines; /* by inode number of a namespace, or PID */
	struct map done;  /* namespaces that have a line, or were filtered out */
};

void table_enough(int ret)
{
	if (ret < 0)
		must_have(NULL);
}

/* ---- the table ---- */

struct libscols_table *table_new(const struct xlsns_options *o, const char *name)
{
	struct libscols_table *t = must_have(scols_new_table());

	scols_table_enable_json(t, o->json);
	scols_table_enable_raw(t, o->raw);
	scols_table_enable_noheadings(t, o->no_headings);
	scols_table_set_name(t, name);
	return t;
}

/* The column in which the tree is drawn, -1: none. */
static int tree_column(const struct xlsns_options *o)
{
	if (o->tree == TREE_NONE)
		return -1;
	if (o->tree == TREE_PROCESS)
		return COLUMN_COMMAND;
	return o->inode_given ? -1 : COLUMN_NS;
}

static void add_column(struct table *t, int place)
{
	const struct xlsns_options *o = t->o;
	const struct column *c = &columns[choice_column(place)];
	struct libscols_column *cl;
	int flags = c->flags | (choice_is_visible(place) ? 0 : SCOLS_FL_HIDDEN);

	if (c - columns == tree_column(o))
		flags = (flags | SCOLS_FL_TREE) & ~SCOLS_FL_RIGHT;
	if (o->no_truncate || c != &columns[COLUMN_COMMAND]) /* the others by fit.c alone */
		flags &= ~SCOLS_FL_TRUNC;
	if (o->no_wrap || o->raw || (o->json && c->type != SCOLS_JSON_ARRAY_STRING))
		flags &= ~SCOLS_FL_WRAP;
	cl = must_have(scols_table_new_column(t->scols, c->name, c->width, flags));
	scols_column_set_json_type(cl, c->type);
	if (flags & SCOLS_FL_WRAP) {
		scols_column_set_wrapfunc(cl, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
		scols_column_set_safechars(cl, "\n");
	}
}

static bool is_one_line(const struct xlsns_options *o, const struct column *c)
{
	if (!column_is_list(c) || (o->json && c->type == SCOLS_JSON_ARRAY_STRING))
		return false;
	return o->no_wrap || o->raw || o->json;
}

/*
 * libsmartcols writes out the control characters itself, in a raw row all that is not ASCII, and a
 * table's cell may have several lines: the rest is done here.
 */
static char *fit_cell(const struct xlsns_options *o, const struct column *c, char *text)
{
	cleanup_free char *unfit = NULL;

	if (text && !o->json && !o->raw) {
		unfit = text;
		text = must_have(shown_text(unfit, SHOWN_KEEP_ASCII));
	}
	for (char *p = text; p && *p && is_one_line(o, c); p++)
		if (*p == '\n')
			*p = ',';
	return text;
}

/* The line of a row, below @parent (NULL: on its own); NULL if the filter leaves it out. */
static struct libscols_line *add_line(struct table *t, const struct row *row,
				      struct libscols_line *parent)
{
	struct libscols_line *line = must_have(scols_table_new_line(t->scols, parent));
	int column;

	for (int i = 0; (column = choice_column(i)) >= 0; i++) {
		char *text = fit_cell(t->o, &columns[column], columns[column].text(row));

		if (text)
			table_enough(scols_line_refer_data(line, (size_t)i, text));
	}
	if (filter_passes(line))
		return line;
	if (parent)
		scols_line_remove_child(parent, line);
	scols_table_remove_line(t->scols, line);
	return NULL;
}

/* The same below the line of the process's parent, if that is what the tree shows. */
static void add_process_line(struct table *t, const struct row *row)
{
	const struct process *p = row->process;
	struct libscols_line *line, *parent = NULL;

	if (p && choice_tree_by_parent(t->o))
		parent = map_get(&t->lines, (uint64_t)p->ppid);
	line = add_line(t, row, parent);
	if (p && line) /* of several it is the newest */
		map_put(&t->lines, (uint64_t)p->pid, line);
}

/* ---- rows: namespaces ---- */

static struct row row_of(const struct table *t, const struct ns *ns, const struct process *p)
{
	return (struct row){ .graph = &t->scan->graph,
			     .ns = ns,
			     .process = p,
			     .path_pid = ns->of_task ? t->o->task
					 : p	     ? p->pid
						     : 0,
			     .json = t->o->json };
}

static struct libscols_line *add_below_namespace(struct table *t, const struct ns *ns);

/* Return: the line of the namespace of this inode number, if it is to have one. */
static struct libscols_line *line_above(struct table *t, ino_t inode)
{
	const struct ns *ns = nsgraph_find(&t->scan->graph, inode);

	return ns && choice_has_kind(t->o, ns) ? add_below_namespace(t, ns) : NULL;
}

/*
 * A namespace below its parent or owner, which comes before it, and even where it is not listed for
 * itself. In the parents' tree the owner does so too, in the owners' the parent keeps its own place:
 * with numbers that are used again, either may be the greater one.
 */
static struct libscols_line *add_below_namespace(struct table *t, const struct ns *ns)
{
	struct libscols_line *line, *parent = NULL, *owner;
	struct row row = row_of(t, ns, ns->first);

	if (map_get(&t->done, ns->inode))
		return map_get(&t->lines, ns->inode);
	map_put(&t->done, ns->inode, t);
	if (t->o->tree == TREE_PARENT)
		parent = line_above(t, ns->parent);
	owner = line_above(t, ns->owner);
	line = add_line(t, &row, t->o->tree == TREE_OWNER ? owner : parent);
	if (line)
		map_put(&t->lines, ns->inode, line);
	return line;
}

static void add_namespaces(struct table *t)
{
	for (size_t i = 0; i < t->scan->graph.n; i++) {
		const struct ns *ns = t->scan->graph.nodes[i];
		struct row row = row_of(t, ns, ns->first);

		if (!choice_has(t->o, ns))
			continue;
		if (t->o->tree == TREE_PARENT || t->o->tree == TREE_OWNER)
			add_below_namespace(t, ns);
		else
			add_process_line(t, &row);
	}
}

/* ---- rows: the processes in a namespace ---- */

static void add_processes(struct table *t)
{
	const struct ns *ns = nsgraph_find(&t->scan->graph, t->o->inode);

	if (!ns || !choice_has_kind(t->o, ns))
		die(EXIT_FAILURE, 0, N_("not found namespace: %llu"),
		    (unsigned long long)t->o->inode);
	for (size_t i = 0; i < t->scan->n_members; i++) {
		struct row row = row_of(t, ns, t->scan->members[i]);

		add_process_line(t, &row);
	}
}

/* ---- --list-columns ---- */

void table_print_columns(const struct xlsns_options *o)
{
	struct libscols_table *table = table_new(o, "lsns-columns");

	scols_table_enable_noheadings(table, true);
	must_have(scols_table_new_column(table, "holder", 0, SCOLS_FL_RIGHT));
	must_have(scols_table_new_column(table, "type", 0, 0));
	must_have(scols_table_new_column(table, "description", 0, 0));
	for (int i = 0; i < n_columns; i++) {
		struct libscols_line *line = must_have(scols_table_new_line(table, NULL));
		const char *type = columns[i].type == SCOLS_JSON_NUMBER ? "<integer>" : "<string>";

		table_enough(scols_line_set_data(line, 0, columns[i].name));
		table_enough(scols_line_set_data(line, 1, type));
		table_enough(scols_line_set_data(line, 2, _(columns[i].help)));
	}
	table_out(table);
}

/* ---- print ---- */

/*
 * In JSON what is not fit to be shown is written as JSON does; it stands in strings only. Of ASCII
 * libsmartcols has done it.
 */
static void print_json(struct libscols_table *table)
{
	cleanup_free char *text = NULL;
	unsigned int code;

	if (scols_print_table_to_string(table, &text) < 0)
		die(EXIT_FAILURE, 0, N_("cannot print the table"));
	for (const char *s = text; *s;) {
		size_t len = utf8_length(s) ? utf8_length(s) : 1;

		if ((unsigned char)*s >= 0x80 && shown_unfit(s, &code))
			printf("\\u%04x", code);
		else
			fwrite(s, 1, len, stdout);
		s += len;
	}
}

void table_out(struct libscols_table *t)
{
	if (scols_print_table(t) < 0)
		die(EXIT_FAILURE, 0, N_("cannot print the table"));
}

void table_print(const struct xlsns_options *o, const struct scan *scan)
{
	struct table t = { .o = o, .scan = scan, .scols = table_new(o, "namespaces") };

	for (int i = 0; choice_column(i) >= 0; i++)
		add_column(&t, i);
	filter_assign(t.scols);
	if (o->inode_given)
		add_processes(&t);
	else
		add_namespaces(&t);
	if (isatty(STDOUT_FILENO) && !o->json && !o->raw && !o->no_truncate && !choice_as_peer())
		fit_to_terminal(t.scols, choice_place(tree_column(o)));
	if (o->json)
		print_json(t.scols);
	else
		table_out(t.scols);
}
