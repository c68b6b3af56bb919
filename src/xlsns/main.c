/* SPDX-License-Identifier: MIT */
/*
 * xlsns - list namespaces: its options, what they need to be read, and a table of it.
 */
#include "config.h"

#include <libsmartcols/libsmartcols.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "compat.h"
#include "kind.h"
#include "map.h"
#include "mountinfo.h"
#include "parse.h"
#include "scan.h"
#include "shown.h"
#include "columns.h"
#include "dot.h"
#include "filter.h"
#include "options.h"

#define MAX_COLUMNS 128

static struct xlsns_options o;

static struct scan scan;
static int shown[MAX_COLUMNS]; /* indexes into columns[] */
static int n_shown;
static int n_visible; /* what comes behind is there for the filter only */

/* ---- which columns ---- */

static void show(int column)
{
	if (n_shown == MAX_COLUMNS)
		die(EXIT_FAILURE, 0, N_("too many columns"));
	shown[n_shown++] = column;
}

static void show_words(const char *list)
{
	for (const char *word = list; word; word = strchr(word, ',')) {
		int column;

		word += word != list;
		column = column_find(word, strcspn(word, ","));
		if (column < 0)
			die(EXIT_FAILURE, 0, N_("unknown column: %s"), *word ? word : list);
		show(column);
	}
}

static void show_usual(void)
{
	static const int usual[] = { COLUMN_NS,	  COLUMN_TYPE,	  COLUMN_NPROCS, COLUMN_PID,
				     COLUMN_USER, COLUMN_NETNSID, COLUMN_NSFS,	 COLUMN_COMMAND };
	static const int of_processes[] = { COLUMN_PID, COLUMN_PPID, COLUMN_USER, COLUMN_COMMAND };

	for (size_t i = 0; o.inode_given && i < ARRAY_SIZE(of_processes); i++)
		show(of_processes[i]);
	for (size_t i = 0; !o.inode_given && i < ARRAY_SIZE(usual); i++) {
		bool of_net = usual[i] == COLUMN_NETNSID || usual[i] == COLUMN_NSFS;

		if (!of_net || (o.kinds & CLONE_NEWNET))
			show(usual[i]);
	}
}

/*
 * A list replaces what is shown, but with a + before it. Under the peer's name all columns are the
 * peer's, for scripts that count them.
 */
static void choose_columns(void)
{
	bool as_peer = strcmp(program_invocation_short_name, xlsns_tool.peer) == 0;
	bool adds = !o.columns || *o.columns == '+';

	for (int i = 0; adds && o.all_columns && i < n_columns; i++)
		if (!as_peer || !columns[i].ours)
			show(i);
	if (adds && !o.all_columns)
		show_usual();
	if (o.columns && !o.columns[adds])
		die(EXIT_FAILURE, 0, N_("no column in the list: '%s'"), o.columns);
	if (o.columns)
		show_words(o.columns + adds);
	n_visible = n_shown;
}

static int column_named(const char *name)
{
	return column_find(name, strlen(name));
}

static int place_of(int column)
{
	for (int i = 0; i < n_shown; i++)
		if (shown[i] == column)
			return i;
	return -1;
}

static bool is_visible(int column)
{
	int place = place_of(column);

	return place >= 0 && place < n_visible;
}

static void show_hidden(int column)
{
	if (place_of(column) < 0)
		show(column);
}

/* ---- what to read ---- */

/*
 * The namespaces of one process are found by that process alone; only what the columns tell of
 * others needs a look at them.
 */
static void choose_scan(void)
{
	unsigned int everywhere = SCAN_PROCESSES | SCAN_DESCRIPTORS | SCAN_OWN_MOUNTS |
				  SCAN_MOUNTS | SCAN_LISTNS;

	if (!o.kinds)
		for (int i = 0; i < KIND_COUNT; i++)
			o.kinds |= kinds[i].flag;
	scan.kinds = o.kinds;
	scan.read_mounts = mountinfo_read;
	scan.task = o.task;
	scan.inode = o.inode;
	for (int i = 0; i < n_shown; i++)
		if (!o.task || shown[i] != COLUMN_PATH) { /* the process's own, then */
			scan.facts |= columns[shown[i]].facts;
			scan.sources |= columns[shown[i]].sources;
		}
	if (!o.task) {
		scan.sources |= everywhere | (o.threads ? SCAN_THREADS : 0);
		scan.facts |= FACT_RELATIONS;
	}
	if (o.dot)
		scan.facts |= FACT_UID | FACT_COMMAND | FACT_DEVICES;
	if (o.dot || o.tree == TREE_PARENT || o.tree == TREE_OWNER)
		scan.facts |= FACT_RELATIONS;
	else if (o.tree == TREE_PROCESS && is_visible(COLUMN_COMMAND))
		scan.facts |= FACT_PPID;
}

/* ---- the table ---- */

static _Noreturn void out_of_memory(void)
{
	die(EXIT_FAILURE, ENOMEM, N_("cannot allocate memory"));
}

static struct libscols_table *table;
static struct map lines; /* by inode number of a namespace, or PID */
static struct map done;	 /* namespaces that have a line, or were filtered out */

static struct libscols_table *new_table(const char *name)
{
	struct libscols_table *t = scols_new_table();

	if (!t)
		out_of_memory();
	scols_table_enable_json(t, o.json);
	scols_table_enable_raw(t, o.raw);
	scols_table_enable_noheadings(t, o.no_headings);
	scols_table_set_name(t, name);
	return t;
}

/* The column in which the tree is drawn, -1: none. */
static int tree_column(void)
{
	if (o.tree == TREE_NONE)
		return -1;
	if (o.tree == TREE_PROCESS)
		return COLUMN_COMMAND;
	return o.inode_given ? -1 : COLUMN_NS;
}

static void add_column(int place)
{
	const struct column *c = &columns[shown[place]];
	struct libscols_column *cl;
	int flags = c->flags | (place < n_visible ? 0 : SCOLS_FL_HIDDEN);

	if (c - columns == tree_column())
		flags = (flags | SCOLS_FL_TREE) & ~SCOLS_FL_RIGHT;
	if (o.no_truncate)
		flags &= ~SCOLS_FL_TRUNC;
	if (o.no_wrap || o.raw || (o.json && c->type != SCOLS_JSON_ARRAY_STRING))
		flags &= ~SCOLS_FL_WRAP;
	cl = scols_table_new_column(table, c->name, c->width, flags);
	if (!cl)
		out_of_memory();
	scols_column_set_json_type(cl, c->type);
	if (flags & SCOLS_FL_WRAP) {
		scols_column_set_wrapfunc(cl, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
		scols_column_set_safechars(cl, "\n");
	}
}

static bool is_one_line(const struct column *c)
{
	if (!column_is_list(c) || (o.json && c->type == SCOLS_JSON_ARRAY_STRING))
		return false;
	return o.no_wrap || o.raw || o.json;
}

/*
 * libsmartcols writes out the control characters itself, in a raw row all that is not ASCII, and a
 * table's cell may have several lines: the rest is done here.
 */
static char *fit_cell(char *text)
{
	char *fit;

	if (!text || o.json || o.raw)
		return text;
	fit = must_have(shown_text(text, true));
	free(text);
	return fit;
}

static void on_one_line(char *text)
{
	for (; *text; text++)
		if (*text == '\n')
			*text = ',';
}

static struct libscols_column *column_in_table(int column)
{
	return scols_table_get_column(table, (size_t)place_of(column));
}

/* The line of a row, below @parent (NULL: on its own); NULL if the filter leaves it out. */
static struct libscols_line *add_line(const struct row *row, struct libscols_line *parent)
{
	struct libscols_line *line = scols_table_new_line(table, parent);

	if (!line)
		out_of_memory();
	for (int i = 0; i < n_shown; i++) {
		const struct column *c = &columns[shown[i]];
		char *text = fit_cell(c->text(row));

		if (text && is_one_line(c))
			on_one_line(text);
		if (text && scols_line_refer_data(line, (size_t)i, text) < 0)
			out_of_memory();
	}
	if (filter_passes(line))
		return line;
	if (parent)
		scols_line_remove_child(parent, line);
	scols_table_remove_line(table, line);
	return NULL;
}

static void remember(uint64_t key, struct libscols_line *line)
{
	if (line && map_put(&lines, key, line) < 0)
		out_of_memory();
}

/* ---- rows: namespaces ---- */

static bool is_listed(const struct ns *ns)
{
	if (o.task)
		return ns->of_task;
	return !o.persistent || ns->n_procs == 0;
}

static bool is_wanted_kind(const struct ns *ns)
{
	return (o.kinds & ns->kind->flag) != 0;
}

static bool is_drawn(const struct ns *ns)
{
	return is_listed(ns) && is_wanted_kind(ns);
}

static struct row row_of(const struct ns *ns)
{
	struct row row = { .graph = &scan.graph, .ns = ns, .process = ns->first, .json = o.json };

	row.path_pid = ns->of_task ? o.task : ns->first ? ns->first->pid : 0;
	return row;
}

static struct libscols_line *add_below_namespace(const struct ns *ns);

/* Return: the line of the namespace of this inode number, if it is to have one. */
static struct libscols_line *line_above(ino_t inode)
{
	const struct ns *ns = nsgraph_find(&scan.graph, inode);

	return ns && is_wanted_kind(ns) ? add_below_namespace(ns) : NULL;
}

/*
 * A namespace below its parent or owner, which comes before it, and even where it is not listed for
 * itself. In the parents' tree the owner does so too, in the owners' the parent keeps its own place:
 * with numbers that are used again, either may be the greater one.
 */
static struct libscols_line *add_below_namespace(const struct ns *ns)
{
	struct libscols_line *line, *parent = NULL, *owner;
	struct row row = row_of(ns);

	if (map_get(&done, ns->inode))
		return map_get(&lines, ns->inode);
	if (map_put(&done, ns->inode, &done) < 0)
		out_of_memory();
	if (o.tree == TREE_PARENT)
		parent = line_above(ns->parent);
	owner = line_above(ns->owner);
	line = add_line(&row, o.tree == TREE_OWNER ? owner : parent);
	remember(ns->inode, line);
	return line;
}

/*
 * Below the line of its process's parent: the newest one, as each namespace of that parent has one.
 */
static void add_below_process(const struct ns *ns)
{
	struct row row = row_of(ns);
	struct libscols_line *parent = NULL;

	if (ns->first && o.tree == TREE_PROCESS && is_visible(COLUMN_COMMAND))
		parent = map_get(&lines, (uint64_t)ns->first->ppid);
	parent = add_line(&row, parent);
	if (ns->first)
		remember((uint64_t)ns->first->pid, parent);
}

static void add_namespaces(void)
{
	for (size_t i = 0; i < scan.graph.n; i++) {
		const struct ns *ns = scan.graph.nodes[i];

		if (!is_drawn(ns))
			continue;
		if (o.tree == TREE_PARENT || o.tree == TREE_OWNER)
			add_below_namespace(ns);
		else
			add_below_process(ns);
	}
}

/* ---- rows: the processes in a namespace ---- */

static void add_processes(void)
{
	const struct ns *ns = nsgraph_find(&scan.graph, o.inode);

	if (!ns || !is_wanted_kind(ns))
		die(EXIT_FAILURE, 0, N_("not found namespace: %llu"), (unsigned long long)o.inode);
	for (size_t i = 0; i < scan.n_members; i++) {
		const struct process *p = scan.members[i];
		struct row row = { .graph = &scan.graph,
				   .ns = ns,
				   .process = p,
				   .path_pid = p->pid,
				   .json = o.json };
		struct libscols_line *parent = NULL;

		if (o.tree == TREE_PROCESS && is_visible(COLUMN_COMMAND))
			parent = map_get(&lines, (uint64_t)p->ppid);
		remember((uint64_t)p->pid, add_line(&row, parent));
	}
}

/* ---- --list-columns ---- */

static void print_columns(void)
{
	static const struct {
		const char *name;
		int flags;
	} heads[] = { { "holder", SCOLS_FL_RIGHT }, { "type", 0 }, { "description", 0 } };

	table = new_table("lsns-columns");
	scols_table_enable_noheadings(table, true);
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		if (!scols_table_new_column(table, heads[i].name, 0, heads[i].flags))
			out_of_memory();
	for (int i = 0; i < n_columns; i++) {
		struct libscols_line *line = scols_table_new_line(table, NULL);
		const char *type = columns[i].type == SCOLS_JSON_NUMBER ? "<integer>" : "<string>";

		if (!line || scols_line_set_data(line, 0, columns[i].name) < 0 ||
		    scols_line_set_data(line, 1, type) < 0 ||
		    scols_line_set_data(line, 2, _(columns[i].help)) < 0)
			out_of_memory();
	}
	scols_print_table(table);
}

/* ---- print ---- */

/*
 * In JSON what is not fit to be shown is written as JSON does; it stands in strings only. Of ASCII
 * libsmartcols has done it.
 */
static void print_json(void)
{
	char *text;
	unsigned int code;

	if (scols_print_table_to_string(table, &text) < 0)
		die(EXIT_FAILURE, 0, N_("cannot print the table"));
	for (const char *s = text; *s;) {
		size_t len = (unsigned char)*s < 0x80 ? 0 : shown_unfit(s, &code);

		if (len)
			printf("\\u%04x", code);
		else
			putchar(*s);
		s += len ? len : 1;
	}
	free(text);
}

static void print_table(void)
{
	if (o.json)
		print_json();
	else if (scols_print_table(table) < 0)
		die(EXIT_FAILURE, 0, N_("cannot print the table"));
}

int main(int argc, char *argv[])
{
	if (argc < 1)
		return EXIT_FAILURE; /* Linux before 5.18 allows it */
	cli_parse(&xlsns_tool, argc, argv, &o);
	xlsns_check(&o, argv + optind);
	use_locale(); /* tables are drawn in its letters */
	if (o.list_columns) {
		print_columns();
		end_output();
	}
	choose_columns();
	if (o.filter) {
		filter_parse(o.filter, column_named);
		filter_needs(show_hidden);
	}
	choose_scan();
	scan_run(&scan);
	if (o.dot) {
		dot_print(&scan.graph, is_drawn);
		end_output();
	}

	table = new_table("namespaces");
	for (int i = 0; i < n_shown; i++)
		add_column(i);
	filter_assign(column_in_table);
	if (o.inode_given)
		add_processes();
	else
		add_namespaces();
	print_table();
	end_output();
}
