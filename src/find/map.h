/* SPDX-License-Identifier: MIT */
/*
 * map.h - a hash table from a number (an inode number, a PID) to a pointer: what a scan has seen
 * is looked up in O(1). What is stored belongs to the caller.
 */
#ifndef XNS_MAP_H
#define XNS_MAP_H

#include "util.h"

struct map {
	struct {
		uint64_t key;
		void *value; /* NULL: free */
	} * slots;
	size_t size; /* a power of two, or 0 */
	size_t used;
};

/* map_get() - the value of @key. Return: it, or NULL. */
void *map_get(const struct map *m, uint64_t key);

/* map_put() - sets the value, which is not NULL, of @key. Dies if memory is short. */
void map_put(struct map *m, uint64_t key, void *value);

#endif
