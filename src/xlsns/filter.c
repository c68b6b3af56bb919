/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "choice.h"
#include "filter.h"

#ifdef HAVE_SCOLS_NEW_FILTER

static struct libscols_filter *filter;

/* The next name in the expression. Return: NULL at the end, where the iterator goes. */
static const char *next_name(struct libscols_iter *iter)
{
	const char *name;

	if (scols_filter_next_holder(filter, iter, &name, 0) == 0)
		return name;
	scols_free_iter(iter);
	return NULL;
}

void filter_parse(const char *expression)
{
	struct libscols_iter *iter;
	const char *name, *why;

	filter = scols_new_filter(NULL);
	if (!filter)
		die(EXIT_FAILURE, ENOMEM, N_("failed to initialize filter"));
	if (scols_filter_parse_string(filter, expression) != 0) {
		why = scols_filter_get_errmsg(filter);
		die(EXIT_FAILURE, 0, N_("failed to parse \"%s\": %s"), expression, why ? why : "");
	}
	iter = must_have(scols_new_iter(SCOLS_ITER_FORWARD));
	while ((name = next_name(iter))) {
		int column = column_find(name, strlen(name));

		if (column < 0)
			column_unknown(name, strlen(name));
		choice_add_hidden(column);
	}
}

void filter_assign(struct libscols_table *table)
{
	struct libscols_iter *iter;
	const char *name;

	if (!filter)
		return;
	iter = must_have(scols_new_iter(SCOLS_ITER_FORWARD));
	while ((name = next_name(iter))) {
		int place = choice_place(column_find(name, strlen(name)));
		struct libscols_column *cl = scols_table_get_column(table, (size_t)place);

		if (!cl || scols_filter_assign_column(filter, iter, name, cl) != 0)
			die(EXIT_FAILURE, 0, N_("failed to initialize filter"));
	}
}

bool filter_passes(struct libscols_line *line)
{
	int passes = 1;

	if (filter && scols_line_apply_filter(line, filter, &passes) != 0)
		die(EXIT_FAILURE, 0, N_("failed to apply the filter"));
	return passes != 0;
}

#else

void filter_parse(const char *expression)
{
	die(EXIT_FAILURE, 0,
	    N_("--filter needs libsmartcols 2.40 or newer, and this was built with %s"),
	    LIBSMARTCOLS_VERSION);
}

void filter_assign(struct libscols_table *table)
{
}

bool filter_passes(struct libscols_line *line)
{
	return true;
}

#endif
