/* SPDX-License-Identifier: MIT */
/* ID maps: ranges are read, put together, written; what the kernel would refuse is found. A range a line. */
#include <config.h>

#include "fuzz.h"
#include "idmap.h"

enum { LAST = 4294967294U };

static void check_range(const struct idrange *r)
{
	claim(r->count >= 1);
	claim((uint64_t)r->inner + r->count - 1 <= LAST &&
	      (uint64_t)r->outer + r->count - 1 <= LAST);
}

static bool share(uint32_t a, uint32_t na, uint32_t b, uint32_t nb)
{
	return (uint64_t)a < (uint64_t)b + nb && (uint64_t)b < (uint64_t)a + na;
}

/* idmap_overlap() once more, and on purpose: by ends of 64 bits, where that one subtracts */
static bool slow_overlap(const struct idmap *m)
{
	for (int i = 0; i < m->n; i++)
		for (int j = i + 1; j < m->n; j++) {
			const struct idrange *a = &m->range[i], *b = &m->range[j];

			if (share(a->inner, a->count, b->inner, b->count) ||
			    share(a->outer, a->count, b->outer, b->count))
				return true;
		}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct idmap map, other;
	char *text = text_of(data, size), *rest = text, *line, out[IDMAP_TEXT];
	int a, b;

	map.n = other.n = 0;
	while ((line = strsep(&rest, "\n")) != NULL) {
		struct idrange r = { 0 };

		if (idmap_parse(line, &r) < 0)
			continue;
		check_range(&r);
		if (idmap_add(&map, r) < 0)
			break;
	}
	claim(idmap_overlap(&map, &a, &b) == slow_overlap(&map));
	if (idmap_text(&map, out) == 0)
		claim(strlen(out) < IDMAP_TEXT);
	if (map.n > 0 && !slow_overlap(&map)) {
		struct idrange first = map.range[0];

		other = map;
		if (idmap_splice(&other, first.inner, size % 2 ? first.outer : (uint32_t)size) ==
		    0) {
			for (int i = 0; i < other.n; i++)
				check_range(&other.range[i]);
			claim(other.range[0].inner == first.inner && other.range[0].count == 1);
			claim(!slow_overlap(&other));
		}
		claim(idmap_first_outside(&map, &first) == -1);
	}
	other.n = 0;
	if (idmap_add_auto(&other, &map, true, (long long)size) == 0)
		for (int i = 0; i < other.n; i++)
			check_range(&other.range[i]);
	free(text);
	return 0;
}
