/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>

#include "cli.h"
#include "filter.h"

#ifdef HAVE_SCOLS_NEW_FILTER

static struct libscols_filter *filter;
static int (*find)(const char *name);

/* Calls @f with each name in the expression, and its column. */
static void for_each_name(void (*f)(struct libscols_iter *iter, const char *name, int column))
{
	struct libscols_iter *iter = scols_new_iter(SCOLS_ITER_FORWARD);
	const char *name;

	if (!iter)
		die(EXIT_FAILURE, ENOMEM, N_("failed to initialize filter"));
	while (scols_filter_next_holder(filter, iter, &name, 0) == 0)
		f(iter, name, find(name));
	scols_free_iter(iter);
}

static void check_name(struct libscols_iter *iter, const char *name, int column)
{
	(void)iter;
	if (column < 0)
		die(EXIT_FAILURE, 0, N_("unknown column: %s"), name);
}

void filter_parse(const char *expression, int (*column_of)(const char *name))
{
	const char *why;

	find = column_of;
	filter = scols_new_filter(NULL);
	if (!filter)
		die(EXIT_FAILURE, ENOMEM, N_("failed to initialize filter"));
	if (scols_filter_parse_string(filter, expression) != 0) {
		why = scols_filter_get_errmsg(filter);
		die(EXIT_FAILURE, 0, N_("failed to parse \"%s\": %s"), expression, why ? why : "");
	}
	for_each_name(check_name);
}

static void (*need_column)(int column);

static void need_name(struct libscols_iter *iter, const char *name, int column)
{
	(void)iter, (void)name;
	need_column(column);
}

void filter_needs(void (*need)(int column))
{
	need_column = need;
	if (filter)
		for_each_name(need_name);
}

static struct libscols_column *(*find_in_table)(int column);

static void assign_name(struct libscols_iter *iter, const char *name, int column)
{
	struct libscols_column *cl = find_in_table(column);

	if (!cl || scols_filter_assign_column(filter, iter, name, cl) != 0)
		die(EXIT_FAILURE, 0, N_("failed to initialize filter"));
}

void filter_assign(struct libscols_column *(*column_in)(int column))
{
	find_in_table = column_in;
	if (filter)
		for_each_name(assign_name);
}

bool filter_passes(struct libscols_line *line)
{
	int passes = 1;

	if (filter && scols_line_apply_filter(line, filter, &passes) != 0)
		die(EXIT_FAILURE, 0, N_("failed to apply the filter"));
	return passes != 0;
}

#else

void filter_parse(const char *expression, int (*column_of)(const char *name))
{
	(void)expression, (void)column_of;
	die(EXIT_FAILURE, 0,
	    N_("--filter needs libsmartcols 2.40 or newer, and this was built with %s"),
	    LIBSMARTCOLS_VERSION);
}

void filter_needs(void (*need)(int column))
{
	(void)need;
}

void filter_assign(struct libscols_column *(*column_in)(int column))
{
	(void)column_in;
}

bool filter_passes(struct libscols_line *line)
{
	(void)line;
	return true;
}

#endif
