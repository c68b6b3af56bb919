/* SPDX-License-Identifier: MIT */
/*
 * xlsns/choice.h - what of all that there is is shown: which columns, which namespaces; and what has to be
 * read for it. How it looks does not belong in here (table.h, dot.h).
 */
#ifndef XNS_XLSNS_CHOICE_H
#define XNS_XLSNS_CHOICE_H

#include "columns.h"
#include "options.h"

enum { MAX_COLUMNS = 128 };

/* choice_as_peer() - whether the tool runs under the peer's name, whose tables are the peer's to a byte. */
bool choice_as_peer(void);

/* choice_columns() - chooses columns, once. Dies if a list names one that there is not, or too many. */
void choice_columns(const struct xlsns_options *o);

/* choice_add_hidden() - one more column, which is there for the filter only. Dies if it is too many. */
void choice_add_hidden(int column);

/* choice_column() - the column at @place. Return: its index in columns[]; -1: there is none any more. */
int choice_column(int place);

/* choice_place() - the place of the column, hidden or not. Return: -1: it has none. */
int choice_place(int column);

bool choice_is_visible(int place);

/* choice_scan() - tells the scan what to read for all that was chosen. */
void choice_scan(const struct xlsns_options *o, struct scan *scan);

/* choice_kinds() - CLONE_NEW* of those that are wanted. */
int choice_kinds(const struct xlsns_options *o);

/* choice_has_kind() - whether it is of a wanted kind; choice_has() - and one that is wanted for itself. */
bool choice_has_kind(const struct xlsns_options *o, const struct ns *ns);
bool choice_has(const struct xlsns_options *o, const struct ns *ns);

/* choice_tree_by_parent() - whether a process stands below its parent. */
bool choice_tree_by_parent(const struct xlsns_options *o);

#endif
