/* SPDX-License-Identifier: MIT */
/*
 * xlsns/dot.h - the graph of namespaces in Graphviz's language: owners, parents, processes, and the
 * veth links between network namespaces.
 */
#ifndef XNS_XLSNS_DOT_H
#define XNS_XLSNS_DOT_H

#include "nsgraph.h"
#include "options.h"

/*
 * dot_print() - prints the graph of those that are chosen. Needs: FACT_RELATIONS, FACT_UID, FACT_COMMAND
 * and FACT_DEVICES of a scan.
 */
void dot_print(const struct xlsns_options *options, const struct nsgraph *g);

#endif
