/* SPDX-License-Identifier: MIT */
/*
 * xlsns/filter.h - the expressions of --filter, over libsmartcols 2.40 or newer. With an older one
 * filter_parse() dies and says so.
 */
#ifndef XNS_XLSNS_FILTER_H
#define XNS_XLSNS_FILTER_H

#include <libsmartcols/libsmartcols.h>

#include "util.h"

/* filter_parse() - chooses the columns that @expression asks for, hidden. Dies if it is none. */
void filter_parse(const char *expression);

/* filter_assign() - tells the filter where its columns are in a table, before lines are tried. */
void filter_assign(struct libscols_table *table);

/* filter_passes() - whether the expression holds for the line, or there is none. */
bool filter_passes(struct libscols_line *line);

#endif
