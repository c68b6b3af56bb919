/* SPDX-License-Identifier: MIT */
/* The administrator's files: /etc/subuid, the output of getsubids, /etc/passwd and group. */
#include <config.h>

#include "../../src/lib/idmap.c"
#define parse_numbers account_parse_numbers
#include "../../src/lib/account.c"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct idmap found_map;
	static const struct key keys[] = { { "xns", 0 }, { NULL, 0 }, { NULL, 64001 } };
	char *text = text_of(data, size), *rest, *one;

	for (int getsubids = 0; getsubids < 2; getsubids++) {
		FILE *f = fmemopen(text, size ? size : 1, "r");
		int n;

		found_map.n = found_map.malformed = 0;
		n = f ? read_subids(f, getsubids, "xns", 64001, &found_map) : 0;
		claim(n <= IDMAP_MAX && found_map.n <= IDMAP_MAX);
		for (int i = 0; i < found_map.n; i++) {
			const struct idrange *r = &found_map.range[i];

			claim(r->count >= 1 && (uint64_t)r->outer + r->count - 1 <= 4294967294U);
		}
		if (f)
			fclose(f);
	}
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		char *copy = strdup(text);

		for (rest = copy; (one = strsep(&rest, "\n")) != NULL;) {
			char *again = strdup(one);

			if (matches(&passwd, passwd.needed, one, &keys[i]))
				claim(*found.name && found.shell && !strchr(found.name, ':'));
			if (matches(&group, group.fields, again, &keys[i]))
				claim(*found.name && !strchr(found.name, ':'));
			free(again);
		}
		free(copy);
	}
	free(text);
	return 0;
}
