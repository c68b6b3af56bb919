/* SPDX-License-Identifier: MIT */
/*
 * xlsns/diff.h - the namespaces of two processes side by side: which ones they share, and how the others
 * are related.
 */
#ifndef XNS_XLSNS_DIFF_H
#define XNS_XLSNS_DIFF_H

#include "options.h"

/* diff_print() - prints those of o->diff, of the wanted kinds. Dies if one of both cannot be looked at. */
void diff_print(const struct xlsns_options *o);

#endif
