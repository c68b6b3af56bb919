/* SPDX-License-Identifier: MIT */
/*
 * xlsns/fit.h - a table that is wider than the terminal: what its columns of free text lose, so that no line
 * wraps. What stands in them does not belong in here.
 */
#ifndef XNS_XLSNS_FIT_H
#define XNS_XLSNS_FIT_H

#include <libsmartcols/libsmartcols.h>

/*
 * fit_to_terminal() - shortens the columns that may be cut, the widest first, each cell that is too long
 * with an ellipsis; as far as it takes for the terminal on standard output. @tree: the place of the column
 * that has the tree, -1: none. Needs: the columns of choice.h, in their places.
 */
void fit_to_terminal(struct libscols_table *t, int tree);

#endif
