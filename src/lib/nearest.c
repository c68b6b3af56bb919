/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "die.h"
#include "kind.h"
#include "nearest.h"
#include "parse.h"

enum { LONGEST = 32 /* no name is longer, nor is a word that is near one */ };

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* How many slips make the one of the other, each of which has at most LONGEST bytes. */
static int distance(const char *a, size_t na, const char *b, size_t nb)
{
	int d[LONGEST + 1][LONGEST + 1];

	for (size_t i = 0; i <= na; i++)
		d[i][0] = (int)i;
	for (size_t j = 0; j <= nb; j++)
		d[0][j] = (int)j;
	for (size_t i = 1; i <= na; i++)
		for (size_t j = 1; j <= nb; j++) {
			bool same = parse_lower(a[i - 1]) == parse_lower(b[j - 1]);

			d[i][j] = least(d[i - 1][j], d[i][j - 1]) + 1;
			d[i][j] = least(d[i][j], d[i - 1][j - 1] + !same);
			if (i > 1 && j > 1 && parse_lower(a[i - 1]) == parse_lower(b[j - 2]) &&
			    parse_lower(a[i - 2]) == parse_lower(b[j - 1]))
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	return d[na][nb];
}

static int slips_of(size_t len)
{
	return len < 3 ? 0 : len < 6 ? 1 : len < 10 ? 2 : 3;
}

struct nearest nearest_to(const char *word, size_t len)
{
	return (struct nearest){ .word = word, .len = len, .distance = slips_of(len) + 1 };
}

static void try_part(struct nearest *n, const char *name, size_t len)
{
	int slips;

	if (n->len > LONGEST || len > LONGEST)
		return;
	slips = distance(n->word, n->len, name, len);
	if (n->len >= 3 && len > n->len && parse_same(n->word, name, n->len))
		slips = least(slips, 1);
	if (slips >= n->distance)
		return;
	n->distance = slips;
	n->name = name;
	n->name_len = len;
}

void nearest_try(struct nearest *n, const char *name)
{
	try_part(n, name, strlen(name));
}

void nearest_try_list(struct nearest *n, const char *names)
{
	for (names += strspn(names, " "); *names; names += strspn(names, " ")) {
		size_t len = strcspn(names, " ");

		try_part(n, names, len);
		names += len;
	}
}

bool nearest_hint(const struct nearest *n, const char *before)
{
	return n->name && hint(N_("did you mean %s%.*s?"), before, (int)n->name_len, n->name);
}

void hint_one_of(const char *names)
{
	hint(N_("one of these: %s"), names);
}

void hint_word(const char *word, const char *names)
{
	struct nearest n = nearest_to(word, strlen(word));

	nearest_try_list(&n, names);
	if (!nearest_hint(&n, ""))
		hint_one_of(names);
}

void hint_kind(const char *word, size_t len, const char *before)
{
	struct nearest n = nearest_to(word, len);
	char all[128];
	size_t used = 0;

	for (int i = 0; i < KIND_COUNT; i++) {
		nearest_try(&n, kinds[i].proc);
		nearest_try(&n, kinds[i].name);
		if (n.name == kinds[i].name) {
			n.name = kinds[i].proc;
			n.name_len = strlen(n.name);
		}
		used += (size_t)snprintf(all + used, sizeof(all) - used, "%s%s", i ? " " : "",
					 kinds[i].proc);
	}
	if (!nearest_hint(&n, before) && !*before)
		hint_one_of(all);
}
