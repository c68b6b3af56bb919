/* SPDX-License-Identifier: MIT */
/*
 * xlsns/table.h - what was found as a table, a tree, JSON or raw rows, by libsmartcols. Which columns and
 * rows there are is chosen in choice.h and filter.h.
 */
#ifndef XNS_XLSNS_TABLE_H
#define XNS_XLSNS_TABLE_H

#include <libsmartcols/libsmartcols.h>

#include "options.h"
#include "scan.h"

/*
 * table_print() - prints the namespaces, or the processes of the one that was asked for. Dies if that is
 * not there.
 */
void table_print(const struct xlsns_options *o, const struct scan *scan);

/* table_new() - an empty table that looks as the options want it. Dies if memory is short. */
struct libscols_table *table_new(const struct xlsns_options *o, const char *name);

/* table_enough() - dies if @ret is below 0: libsmartcols fails to build a table only where memory is short. */
void table_enough(int ret);

/* table_out() - prints it. Dies if that fails. */
void table_out(struct libscols_table *t);

/* table_print_columns() - prints what columns there are. */
void table_print_columns(const struct xlsns_options *o);

#endif
