/* SPDX-License-Identifier: MIT */
/*
 * xlsns - list namespaces: what is asked for is chosen, what is needed for it is read, then printed.
 */
#include "config.h"

#include <stdlib.h>

#include "choice.h"
#include "diff.h"
#include "dot.h"
#include "filter.h"
#include "options.h"
#include "scan.h"
#include "table.h"

int main(int argc, char *argv[])
{
	struct xlsns_options o = { 0 };
	struct scan scan;

	if (argc < 1)
		return EXIT_FAILURE; /* Linux before 5.18 allows it */
	cli_parse(&xlsns_tool, argc, argv, &o);
	xlsns_check(&o, argv + optind);
	xlsns_find(&o);
	use_locale(); /* tables are drawn in its letters */
	if (o.list_columns) {
		table_print_columns(&o);
		end_output();
	}
	if (o.diff[0]) {
		diff_print(&o);
		end_output();
	}
	choice_columns(&o);
	if (o.filter)
		filter_parse(o.filter);
	choice_scan(&o, &scan);
	scan_run(&scan);
	xlsns_found(&o);
	if (o.dot)
		dot_print(&o, &scan.graph);
	else
		table_print(&o, &scan);
	end_output();
}
