/* SPDX-License-Identifier: MIT */
/* t_mountinfo - lines of mountinfo, some of which are none. Silent unless a case fails. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xlsns/mountinfo.h"

static char got[1024];

static void note(void *arg, const char *root, const char *target)
{
	(void)arg;
	snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s %s;", root ? root : "NULL",
		 target ? target : "NULL");
}

int main(void)
{
	static const struct {
		const char *lines, *expected;
	} cases[] = {
		{ "30 20 0:4 net:[4026532281] /run/netns/a\\040b rw shared:9 - nsfs nsfs rw\n",
		  "net:[4026532281] /run/netns/a b;" },
		{ "\n - nsfs \n", "" },
		{ "30\n", "" },
		{ "a - nsfs b\n", "" },
		{ "30 nsfs rw\n", "" },
		{ "30 20 0:4 net:[4026532281]\n", "" },
		{ "30 20 0:4 - nsfs nsfs rw\n31 20 0:4 net:[1] /b rw - nsfs nsfs rw\n",
		  "net:[1] /b;" },
	};
	int failed = 0;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char lines[256];

		snprintf(lines, sizeof(lines), "%s", cases[i].lines);
		got[0] = '\0';
		if (mountinfo_read(lines, note, NULL) < 0 || strcmp(got, cases[i].expected) != 0) {
			printf("t_mountinfo: %s: got \"%s\"\n", cases[i].lines, got);
			failed++;
		}
	}
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
