/* SPDX-License-Identifier: MIT */
/*
 * xlsns-opts.h - xlsns's option table: what getopt, --help and the completions are made from.
 */
#ifndef XNS_XLSNS_OPTS_H
#define XNS_XLSNS_OPTS_H

#include "cli.h"

/* Ids of the options that have no letter. */
enum {
	LIST_OUTPUT_ALL = 256,
	LIST_THREADS,
	LIST_DOT,
};

extern const struct cli_tool xlsns_tool;

#endif
