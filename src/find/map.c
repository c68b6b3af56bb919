/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>

#include "die.h"
#include "map.h"

/* The slot that holds @key, or the free one where it belongs. Needs: a free slot. */
static size_t slot_of(const struct map *m, uint64_t key)
{
	size_t i = (size_t)((key * 0x9e3779b97f4a7c15ULL) >> 32) & (m->size - 1);

	while (m->slots[i].value && m->slots[i].key != key)
		i = (i + 1) & (m->size - 1);
	return i;
}

void *map_get(const struct map *m, uint64_t key)
{
	return m->size ? m->slots[slot_of(m, key)].value : NULL;
}

static void grow(struct map *m)
{
	struct map bigger = { .size = m->size ? 2 * m->size : 64 };

	bigger.slots = must_have(calloc(bigger.size, sizeof(*bigger.slots)));
	for (size_t i = 0; i < m->size; i++)
		if (m->slots[i].value)
			bigger.slots[slot_of(&bigger, m->slots[i].key)] = m->slots[i];
	bigger.used = m->used;
	free(m->slots);
	*m = bigger;
}

void map_put(struct map *m, uint64_t key, void *value)
{
	size_t i;

	if (2 * (m->used + 1) > m->size)
		grow(m);
	i = slot_of(m, key);
	m->used += !m->slots[i].value;
	m->slots[i].key = key;
	m->slots[i].value = value;
}
