/* SPDX-License-Identifier: MIT */
/*
 * xlsns-filter.h - the expressions of --filter, over libsmartcols 2.40 or newer. With an older one
 * filter_parse() dies and says so.
 */
#ifndef XNS_XLSNS_FILTER_H
#define XNS_XLSNS_FILTER_H

#include <libsmartcols/libsmartcols.h>

#include "util.h"

/* filter_parse() - dies if @expression is none, or has a name for which @column_of returns -1. */
void filter_parse(const char *expression, int (*column_of)(const char *name));

/* filter_needs() - calls @need with each column that the expression asks for, as @column_of gave it. */
void filter_needs(void (*need)(int column));

/*
 * filter_assign() - tells the filter where its columns are in a table, before lines are tried.
 * @column_in returns the table's own, or NULL.
 */
void filter_assign(struct libscols_column *(*column_in)(int column));

/* filter_passes() - whether the expression holds for the line, or there is none. */
bool filter_passes(struct libscols_line *line);

#endif
