/* SPDX-License-Identifier: MIT */
/*
 * xnetns - named network namespaces. main reads the options and hands over to ip(8) what is not ours;
 * below it are batch and ip, then args and commands, then a room for each topic, then options.
 */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "batch.h"
#include "die.h"
#include "enter.h"
#include "explain.h"
#include "hints.h"
#include "ip.h"
#include "mnl.h"
#include "rootless.h"
#include "search.h"
#include "sys.h"
#include "told.h"

int main(int argc, char *argv[])
{
	static char out[65536];
	struct netns_options o = { .as_ip = strcmp(program_invocation_short_name, "ip") == 0 };
	char **words;
	int ret;

	if (argc < 1)
		return EXIT_FAILURE; /* Linux before 5.18 allows it */
	signal(SIGCHLD, SIG_DFL);    /* we wait for children, as does ip(8) */
	drop_rights();
	setvbuf(stdout, out, _IOFBF, sizeof(out)); /* a list goes out in one piece */
	die_set_bare();
	die_set_hints(why_call_failed);
	if (o.as_ip || is_set_id())
		sys_load_nothing(); /* ip's messages are English everywhere, and scripts read them */
	words = parse_options(&o, argv);
	explain_end_of_options();
	if (o.as_ip && (!words || !is_netns_word(words[0])))
		hand_over(argv);
	forget_hops();
	if (!o.as_ip)
		rootless_choose();
	if (o.netns) {
		mnl(); /* nothing is loaded in another mount namespace */
		netns_enter(&o, o.netns, true);
	}
	ret = o.batch ? run_batch(&o) : netns_command(&o, o.as_ip ? words + 1 : words);
	if (ret == EXIT_SUCCESS)
		must(told_all(), N_("write error"));
	return ret;
}
