/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "fd.h"
#include "idmap.h"
#include "own.h"
#include "parse.h"
#include "readall.h"

#define IDS 4294967295LL /* ids are 0 … 4294967294 */

int idmap_add(struct idmap *map, struct idrange range)
{
	if (map->n == IDMAP_MAX)
		return fail_with(E2BIG);
	map->range[map->n++] = range;
	return 0;
}

/* @count numbers with @sep between them, the last of which is not 0; cuts @p. Return: 0, or -1 with errno. */
static int parse_numbers(char *p, char sep, int count, long long n[])
{
	for (int i = 0; i < count; i++) {
		char *end = strchr(p, sep);

		errno = EINVAL;
		if ((i + 1 < count) != (end != NULL))
			return -1;
		if (end)
			*end = '\0';
		if (parse_number(p, i + 1 == count, IDS, &n[i]) < 0)
			return -1;
		p = end ? end + 1 : p;
	}
	return 0;
}

int idmap_parse(const char *word, struct idrange *out)
{
	char sep = strchr(word, ':') ? ':' : ',';
	long long n[3];
	char buf[64];

	errno = EINVAL;
	if ((size_t)snprintf(buf, sizeof(buf), "%s", word) >= sizeof(buf) ||
	    parse_numbers(buf, sep, 3, n) < 0)
		return -1;
	if (n[0] + n[2] > IDS || n[1] + n[2] > IDS)
		return fail_with(ERANGE);
	*out = (struct idrange){ (uint32_t)n[sep == ','], (uint32_t)n[sep == ':'], (uint32_t)n[2],
				 0 };
	return 0;
}

int idmap_read_parent(const char *path, struct idmap *map)
{
	/* three numbers of 11 characters and a space, and the line's end */
	static char text[IDMAP_MAX * 36];
	cleanup_close int fd = fd_above_stdio(open(path, O_RDONLY | O_CLOEXEC));
	unsigned int inner, outer, count;
	int ret = 0, n;

	map->n = 0;
	if (fd < 0 || read_text(fd, text, sizeof(text)) < 0)
		return -1;
	for (const char *p = text;
	     ret == 0 && sscanf(p, "%u %u %u%n", &inner, &outer, &count, &n) == 3; p += n)
		ret = idmap_add(map, (struct idrange){ inner, inner, count, 0 });
	return ret;
}

/* Splits "owner:start:count", with @sep, in place; owner's end is cut. Return: whether it is that. */
static bool subid_line(char *line, char sep, struct idrange *out)
{
	long long n[2];

	line[strcspn(line, "\n")] = '\0'; /* no other white space: so do shadow's own programs */
	char *start = strchr(line, sep);
	if (!start)
		return false;
	*start++ = '\0';
	if (parse_numbers(start, sep, 2, n) < 0 || n[0] + n[1] > IDS)
		return false;
	*out = (struct idrange){ 0, (uint32_t)n[0], (uint32_t)n[1], 0 };
	return true;
}

static bool owned_by(const char *owner, const char *user, unsigned long uid)
{
	long long n;

	return (user && strcmp(owner, user) == 0) ||
	       (parse_number(owner, 0, IDS - 1, &n) == 0 && (unsigned long)n == uid);
}

/* Lines of /etc/subuid, or of getsubids(1): "0: USER START COUNT". */
static int read_subids(FILE *f, bool getsubids, const char *user, unsigned long uid,
		       struct idmap *found)
{
	cleanup_free char *line = NULL;
	struct idrange range;
	size_t size = 0;
	int ret = 0;

	for (int n = 1; ret == 0 && getline(&line, &size, f) > 0; n++) {
		char *space = getsubids ? strchr(line, ' ') : NULL;
		char *l = space ? space + 1 : line;
		bool is_range = subid_line(l, getsubids ? ' ' : ':', &range);

		if (!owned_by(l, user, uid))
			continue;
		if (is_range)
			ret = idmap_add(found, range);
		else if (!getsubids && !found->malformed)
			found->malformed = n;
	}
	return ret < 0 || ferror(f) ? -1 : found->n;
}

/*
 * getsubids(1) of the shadow package asks NSS. Where there is no such program, there are no such ids.
 */
static int ask_getsubids(bool groups, const char *user, unsigned long uid, struct idmap *found)
{
	const char *const argv[] = { "getsubids", groups ? "-g" : user, groups ? user : NULL,
				     NULL };
	size_t len = 0;
	char *text = answer_of(argv, &len);
	cleanup_file FILE *f = text && len ? fmemopen(text, len, "r") : NULL;

	return f ? read_subids(f, true, user, uid, found) : 0;
}

int idmap_subordinate(const char *file, bool groups, const char *user, unsigned long uid,
		      struct idmap *found)
{
	cleanup_file FILE *f = fopen(file, "re");

	found->n = found->malformed = 0;
	int ret = f ? read_subids(f, false, user, uid, found) : errno == ENOENT ? 0 : -1;
	return ret == 0 && user ? ask_getsubids(groups, user, uid, found) : ret;
}

/* The end of a range in @file that has any of those from @first on; 0: there is none. */
static long long taken_until(const char *file, long long first)
{
	cleanup_file FILE *f = fopen(file, "re");
	cleanup_free char *line = NULL;
	struct idrange r;
	size_t size = 0;

	while (f && getline(&line, &size, f) > 0)
		if (subid_line(line, ':', &r) && r.outer < first + IDMAP_USUAL &&
		    first < (long long)r.outer + r.count)
			return (long long)r.outer + r.count;
	return 0;
}

uint32_t idmap_free(void)
{
	long long first = IDMAP_USUAL_FIRST, end = first;

	while (end && first + IDMAP_USUAL <= IDS) {
		end = taken_until("/etc/subuid", first);
		if (!end)
			end = taken_until("/etc/subgid", first);
		if (end)
			first = end;
	}
	return end ? 0 : (uint32_t)first;
}

long long idmap_first_outside(const struct idmap *map, const struct idrange *range)
{
	long long id = range->outer, end = id + range->count;

	for (int i = 0; i < map->n && id < end; i++) {
		const struct idrange *r = &map->range[i];

		if (id >= r->outer && id < (long long)r->outer + r->count) {
			id = (long long)r->outer + r->count;
			i = -1; /* the next may be anywhere */
		}
	}
	return id < end ? id : -1;
}

int idmap_add_auto(struct idmap *map, const struct idmap *subordinate, bool all, long long single)
{
	long long next = 0;

	for (int i = 0; i < subordinate->n && (all || i == 0); i++) {
		struct idrange r = subordinate->range[i];

		r.inner = (uint32_t)next;
		r.room = r.count;
		if (single >= next && single < next + r.count && r.room < UINT32_MAX)
			r.room++;
		next += r.room;
		if (next > IDS)
			return fail_with(ERANGE);
		if (idmap_add(map, r) < 0)
			return -1;
	}
	return 0;
}

/* How far ids may run from *at: to @end, or to the one that is taken, which is stepped over. */
static long long run(long long *at, long long end, long long taken)
{
	*at += *at == taken;
	return taken > *at && taken < end ? taken - *at : end - *at;
}

/* Pairs the inner with the outer ids of @r, in order, less the one that is taken on each side. */
static int splice_range(struct idmap *map, struct idrange r, uint32_t inner, uint32_t outer)
{
	long long i = r.inner, i_end = i + (r.room ? r.room : r.count);
	long long o = r.outer, o_end = o + r.count;

	for (;;) {
		long long in = run(&i, i_end, inner), out = run(&o, o_end, outer);
		long long n = in < out ? in : out;

		if (n <= 0)
			return 0;
		if (idmap_add(map, (struct idrange){ (uint32_t)i, (uint32_t)o, (uint32_t)n, 0 }) <
		    0)
			return -1;
		i += n;
		o += n;
	}
}

int idmap_splice(struct idmap *map, uint32_t inner, uint32_t outer)
{
	static struct idmap old; /* six kilobytes: not on the stack */

	old = *map;
	map->range[0] = (struct idrange){ inner, outer, 1, 0 };
	map->n = 1;
	for (int i = 0; i < old.n; i++)
		if (splice_range(map, old.range[i], inner, outer) < 0)
			return -1;
	return 0;
}

static bool overlaps(uint32_t a, uint32_t na, uint32_t b, uint32_t nb)
{
	return a < b ? b - a < na : a - b < nb;
}

bool idmap_overlap(const struct idmap *map, int *a, int *b)
{
	for (int i = 0; i < map->n; i++)
		for (int j = i + 1; j < map->n; j++) {
			const struct idrange *x = &map->range[i], *y = &map->range[j];

			*a = i;
			*b = j;
			if (overlaps(x->inner, x->count, y->inner, y->count) ||
			    overlaps(x->outer, x->count, y->outer, y->count))
				return true;
		}
	return false;
}

int idmap_text(const struct idmap *map, char text[IDMAP_TEXT])
{
	size_t len = 0;

	text[0] = '\0';
	for (int i = 0; i < map->n; i++) {
		const struct idrange *r = &map->range[i];

		len += (size_t)snprintf(text + len, IDMAP_TEXT - len, "%u %u %u\n", r->inner,
					r->outer, r->count);
		if (len >= IDMAP_TEXT)
			return fail_with(E2BIG);
	}
	return 0;
}
