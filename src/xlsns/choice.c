/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "choice.h"
#include "compat.h"
#include "mountinfo.h"

static int shown[MAX_COLUMNS]; /* indexes into columns[] */
static int n_shown;
static int n_visible; /* what comes behind is there for the filter only */

/* ---- columns ---- */

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
			column_unknown(*word ? word : list, strcspn(word, ","));
		show(column);
	}
}

static const char *usual(const struct xlsns_options *o)
{
	if (o->inode_given)
		return "PID,PPID,USER,COMMAND";
	return o->kinds & CLONE_NEWNET ? "NS,TYPE,NPROCS,PID,USER,NETNSID,NSFS,COMMAND"
				       : "NS,TYPE,NPROCS,PID,USER,COMMAND";
}

bool choice_as_peer(void)
{
	return strcmp(program_invocation_short_name, xlsns_tool.peer) == 0;
}

/*
 * A list replaces what is shown, but with a + before it. Under the peer's name all columns are the
 * peer's, for scripts that count them.
 */
void choice_columns(const struct xlsns_options *o)
{
	bool adds = !o->columns || *o->columns == '+';

	for (int i = 0;
	     adds && o->all_columns && i < (choice_as_peer() ? COLUMNS_OF_PEER : n_columns); i++)
		show(i);
	if (adds && !o->all_columns)
		show_words(usual(o));
	if (o->columns && !o->columns[adds])
		die(EXIT_FAILURE, 0, N_("no column in the list: '%s'"), o->columns);
	if (o->columns)
		show_words(o->columns + adds);
	n_visible = n_shown;
}

void choice_add_hidden(int column)
{
	if (choice_place(column) < 0)
		show(column);
}

int choice_column(int place)
{
	return place < n_shown ? shown[place] : -1;
}

int choice_place(int column)
{
	for (int i = 0; i < n_shown; i++)
		if (shown[i] == column)
			return i;
	return -1;
}

bool choice_is_visible(int place)
{
	return place >= 0 && place < n_visible;
}

bool choice_tree_by_parent(const struct xlsns_options *o)
{
	return o->tree == TREE_PROCESS && choice_is_visible(choice_place(COLUMN_COMMAND));
}

/* ---- namespaces ---- */

int choice_kinds(const struct xlsns_options *o)
{
	int all = 0;

	for (int i = 0; i < KIND_COUNT; i++)
		all |= kinds[i].flag;
	return o->kinds ? o->kinds : all;
}

bool choice_has_kind(const struct xlsns_options *o, const struct ns *ns)
{
	return (choice_kinds(o) & ns->kind->flag) != 0;
}

bool choice_has(const struct xlsns_options *o, const struct ns *ns)
{
	bool listed = o->task	      ? ns->of_task
		      : o->task_netns ? ns->inode == o->task_netns
				      : !o->persistent || ns->n_procs == 0;

	return listed && choice_has_kind(o, ns);
}

/* ---- what to read ---- */

/*
 * The namespaces of one process are found by that process alone; only what the columns tell of
 * others needs a look at them.
 */
void choice_scan(const struct xlsns_options *o, struct scan *scan)
{
	*scan = (struct scan){ .kinds = choice_kinds(o),
			       .read_mounts = mountinfo_read,
			       .tasks = { o->task },
			       .inode = o->inode };
	for (int i = 0; i < n_shown; i++)
		if (!o->task || shown[i] != COLUMN_PATH) { /* the process's own, then */
			scan->facts |= columns[shown[i]].facts;
			scan->sources |= columns[shown[i]].sources;
		}
	if (!o->task) {
		scan->sources |= SCAN_EVERYWHERE | (o->threads ? SCAN_THREADS : 0);
		scan->facts |= FACT_RELATIONS;
	}
	if (o->dot)
		scan->facts |= FACT_UID | FACT_COMMAND | FACT_DEVICES;
	if (o->dot || o->tree == TREE_PARENT || o->tree == TREE_OWNER)
		scan->facts |= FACT_RELATIONS;
	else if (choice_tree_by_parent(o))
		scan->facts |= FACT_PPID;
}
