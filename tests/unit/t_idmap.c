/* SPDX-License-Identifier: MIT */
/* t_idmap - ID maps: parsing, subordinate ids, splicing, overlaps, limits. Silent unless a case fails. */
#include "config.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idmap.h"

#define NO_ID (-1LL)
#define LAST 4294967294U

static int failed;

static void fail(const char *fmt, ...) printf_like(1, 2);

static void fail(const char *fmt, ...)
{
	va_list args;

	failed++;
	printf("t_idmap: ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
}

static void check_errno(const char *what, const char *detail, int ret, int err)
{
	if (ret >= 0)
		fail("%s %s: accepted, expected %s", what, detail, strerror(err));
	else if (errno != err)
		fail("%s %s: %s, expected %s", what, detail, strerror(errno), strerror(err));
}

/* ---- maps as text, "inner:outer:count inner:outer:count" ---- */

#define SHOWN 512

static const char *show(const struct idmap *map, char text[SHOWN])
{
	size_t len = 0;

	*text = '\0';
	for (int i = 0; i < map->n && len < SHOWN; i++)
		len += (size_t)snprintf(text + len, SHOWN - len, "%s%u:%u:%u", i ? " " : "",
					map->range[i].inner, map->range[i].outer,
					map->range[i].count);
	return text;
}

static void check_map(const char *what, const char *detail, const struct idmap *map,
		      const char *expected)
{
	char text[SHOWN];

	if (strcmp(show(map, text), expected) != 0)
		fail("%s %s: got \"%s\", expected \"%s\"", what, detail, text, expected);
}

/* Reads such a text, with idmap_parse(). */
static void read_map(struct idmap *map, const char *text)
{
	char copy[SHOWN], *save;

	map->n = 0;
	snprintf(copy, sizeof(copy), "%s", text);
	for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		struct idrange range;

		if (idmap_parse(word, &range) < 0 || idmap_add(map, range) < 0)
			fail("the test's own map %s", text);
	}
}

/* ---- idmap_parse ---- */

static void test_parse(void)
{
	static const struct {
		const char *word, *expected;
		int err;
	} cases[] = {
		{ "0:1:2", "0:1:2", 0 },
		{ "1,0,2", "0:1:2", 0 },
		{ "0:0:1", "0:0:1", 0 },
		{ "+1:+2:+3", "1:2:3", 0 },
		{ "010:020:030", "10:20:30", 0 },
		{ "0:0:4294967295", "0:0:4294967295", 0 },
		{ "4294967294:0:1", "4294967294:0:1", 0 },
		{ "0:4294967294:1", "0:4294967294:1", 0 },
		{ "1:0:4294967294", "1:0:4294967294", 0 },
		{ "0:0:4294967296", NULL, ERANGE },
		{ "1:0:4294967295", NULL, ERANGE },
		{ "0:1:4294967295", NULL, ERANGE },
		{ "4294967294:0:2", NULL, ERANGE },
		{ "4294967295:0:1", NULL, ERANGE },
		{ "0:4294967295:1", NULL, ERANGE },
		{ "0:0:99999999999", NULL, ERANGE },
		{ "0:99999999999999999999:1", NULL, ERANGE },
		{ "0:0:0", NULL, ERANGE },
		{ "0,0,0", NULL, ERANGE },
		{ "-1:0:1", NULL, ERANGE },
		{ "0:-1:1", NULL, ERANGE },
		{ "0:0:-1", NULL, ERANGE },
		{ "", NULL, EINVAL },
		{ "0", NULL, EINVAL },
		{ "0:0", NULL, EINVAL },
		{ "0:0:", NULL, EINVAL },
		{ ":0:1", NULL, EINVAL },
		{ "0::1", NULL, EINVAL },
		{ "::", NULL, EINVAL },
		{ "0:0:1:", NULL, EINVAL },
		{ "0:0:1:1", NULL, EINVAL },
		{ "0,0", NULL, EINVAL },
		{ "0,0,1,1", NULL, EINVAL },
		{ "0:0,1", NULL, EINVAL },
		{ "0,0:1", NULL, EINVAL },
		{ " 0:0:1", NULL, EINVAL },
		{ "0: 0:1", NULL, EINVAL },
		{ "0:0:1 ", NULL, EINVAL },
		{ "0:0:1x", NULL, EINVAL },
		{ "0x0:0:1", NULL, EINVAL },
		{ "root:0:1", NULL, EINVAL },
		{ "auto", NULL, EINVAL },
		{ "000000000000000000000000000000000000000000000000000000000000000:0:1", NULL,
		  EINVAL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct idmap map = { .n = 1 };
		int ret = idmap_parse(cases[i].word, &map.range[0]);

		if (cases[i].err)
			check_errno("idmap_parse", cases[i].word, ret, cases[i].err);
		else if (ret < 0)
			fail("idmap_parse %s: %s", cases[i].word, strerror(errno));
		else
			check_map("idmap_parse", cases[i].word, &map, cases[i].expected);
	}
}

/* ---- idmap_splice ---- */

static void test_splice(void)
{
	static const struct {
		const char *map;
		unsigned int inner, outer;
		const char *expected;
	} cases[] = {
		/* neither side is touched */
		{ "", 0, 1000, "0:1000:1" },
		{ "1:100000:10", 0, 1000, "0:1000:1 1:100000:10" },
		{ "1:100000:10", 11, 1000, "11:1000:1 1:100000:10" },
		{ "1:100000:10", 4242, 1000, "4242:1000:1 1:100000:10" },
		{ "5:300000:100", 4, 0, "4:0:1 5:300000:100" },
		{ "5:300000:100", 105, 0, "105:0:1 5:300000:100" },
		/* an inner id goes: the ids behind it move up by one outer id */
		{ "0:300000:100", 0, 0, "0:0:1 1:300000:99" },
		{ "5:300000:100", 5, 0, "5:0:1 6:300000:99" },
		{ "5:300000:100", 50, 0, "50:0:1 5:300000:45 51:300045:54" },
		{ "5:300000:100", 104, 0, "104:0:1 5:300000:99" },
		{ "0:300000:1", 0, 0, "0:0:1" },
		{ "0:300000:2", 0, 0, "0:0:1 1:300000:1" },
		/* an outer id goes */
		{ "5:0:100", 0, 0, "0:0:1 5:1:99" },
		{ "5:1000:100", 0, 1050, "0:1050:1 5:1000:50 55:1051:49" },
		{ "5:1000:100", 0, 1099, "0:1099:1 5:1000:99" },
		{ "7:1000:1", 0, 1000, "0:1000:1" },
		/* both, at the same place and at others: nothing is lost */
		{ "0:0:100", 0, 0, "0:0:1 1:1:99" },
		{ "0:0:100", 50, 50, "50:50:1 0:0:50 51:51:49" },
		{ "0:0:100", 50, 0, "50:0:1 0:1:50 51:51:49" },
		{ "0:0:100", 0, 50, "0:50:1 1:0:50 51:51:49" },
		{ "0:0:100", 99, 0, "99:0:1 0:1:99" },
		{ "0:0:4294967295", 0, 0, "0:0:1 1:1:4294967294" },
		{ "0:0:4294967295", LAST, LAST, "4294967294:4294967294:1 0:0:4294967294" },
		{ "0:0:4294967295", LAST, 0, "4294967294:0:1 0:1:4294967294" },
		/* several ranges, each for itself */
		{ "0:100:40 40:1000:100", 50, 0, "50:0:1 0:100:40 40:1000:10 51:1010:89" },
		{ "0:100:40 40:1000:100", 5, 1005,
		  "5:1005:1 0:100:5 6:105:34 40:1000:5 45:1006:94" },
		{ "3:10:1 5:20:1", 3, 20, "3:20:1" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct idmap map;
		char what[64];

		snprintf(what, sizeof(what), "%u %u into", cases[i].inner, cases[i].outer);
		read_map(&map, cases[i].map);
		if (idmap_splice(&map, cases[i].inner, cases[i].outer) < 0)
			fail("idmap_splice %s \"%s\": %s", what, cases[i].map, strerror(errno));
		else
			check_map(what, cases[i].map, &map, cases[i].expected);
	}
}

static void test_splice_full(void)
{
	struct idmap map = { .n = 0 };

	for (unsigned int i = 0; i < IDMAP_MAX; i++)
		if (idmap_add(&map, (struct idrange){ 10 * i, 10 * i, 2, 0 }) < 0)
			fail("idmap_add: no room for line %u", i);
	check_errno("idmap_add", "line 341", idmap_add(&map, (struct idrange){ 9, 9, 1, 0 }),
		    E2BIG);
	check_errno("idmap_splice", "line 341", idmap_splice(&map, 5, 5), E2BIG);
}

/* Small ranges of every kind against the definition, id by id: the inner and the outer ids less the one, paired in order. */
static unsigned int random_state = 1;

static unsigned int random_below(unsigned int n)
{
	random_state = random_state * 1103515245 + 12345;
	return (random_state >> 16) % n;
}

#define SMALL 64

/* outer[inner] + 1, 0 for an id that is not mapped. Return: whether no id stands in two ranges. */
static bool expand(const struct idmap *map, unsigned int outer[SMALL])
{
	bool used[SMALL] = { false };

	memset(outer, 0, SMALL * sizeof(*outer));
	for (int i = 0; i < map->n; i++)
		for (unsigned int k = 0; k < map->range[i].count; k++) {
			unsigned int in = map->range[i].inner + k, out = map->range[i].outer + k;

			if (in >= SMALL || out >= SMALL || outer[in] || used[out])
				return false;
			outer[in] = out + 1;
			used[out] = true;
		}
	return true;
}

static void expect_splice(const struct idmap *map, unsigned int inner, unsigned int outer,
			  unsigned int expected[SMALL])
{
	memset(expected, 0, SMALL * sizeof(*expected));
	expected[inner] = outer + 1;
	for (int i = 0; i < map->n; i++) {
		const struct idrange *r = &map->range[i];
		unsigned int in = r->inner, in_end = in + (r->room ? r->room : r->count);
		unsigned int out = r->outer, out_end = out + r->count;

		for (;;) {
			in += in == inner;
			out += out == outer;
			if (in >= in_end || out >= out_end)
				break;
			expected[in++] = ++out;
		}
	}
}

/* Two ranges that do not overlap, somewhere below SMALL; sometimes one has room for the id. */
static void random_map(struct idmap *map, unsigned int *inner, unsigned int *outer)
{
	unsigned int a = 1 + random_below(12), b = 1 + random_below(12);
	unsigned int at = random_below(8), behind = at + a + 1 + random_below(4);
	unsigned int from = random_below(8), from_b = from + a + random_below(4);
	bool swap = random_below(2);

	*inner = random_below(SMALL / 2);
	*outer = random_below(SMALL / 2);
	*map = (struct idmap){ .n = 2 };
	map->range[0] = (struct idrange){ at, from, a, 0 };
	map->range[1] = (struct idrange){ behind, from_b, b, 0 };
	if (swap) {
		map->range[0].outer = from + b + random_below(4);
		map->range[1].outer = from;
	}
	if (*inner >= at && *inner <= at + a && random_below(2))
		map->range[0].room = a + 1;
	map->n = 1 + (int)random_below(2);
}

static void test_splice_random(void)
{
	for (int round = 0; round < 20000; round++) {
		unsigned int expected[SMALL], got[SMALL];
		unsigned int inner, outer;
		struct idmap map, before;
		char text[SHOWN];
		int a, b;

		random_map(&map, &inner, &outer);
		before = map;
		expect_splice(&map, inner, outer, expected);
		show(&map, text);
		if (idmap_splice(&map, inner, outer) < 0) {
			fail("idmap_splice %u %u into \"%s\": no room", inner, outer, text);
			continue;
		}
		if (!expand(&map, got) || idmap_overlap(&map, &a, &b))
			fail("idmap_splice %u %u into \"%s\": ids stand twice", inner, outer, text);
		if (map.range[0].inner != inner || map.range[0].outer != outer ||
		    map.range[0].count != 1)
			fail("idmap_splice %u %u into \"%s\": the id is not first", inner, outer,
			     text);
		if (memcmp(got, expected, sizeof(got)) != 0)
			fail("idmap_splice %u %u into \"%s\" (room %u): not all ids in order",
			     inner, outer, text, before.range[0].room);
		if (failed > 5)
			return;
	}
}

/* ---- idmap_add_auto ---- */

static void test_auto(void)
{
	static const struct {
		const char *subordinate; /* outer:outer:count */
		bool all;
		long long single;
		const char *spliced; /* with outer id 1000, if single is an id */
	} cases[] = {
		{ "0:100000:100", false, NO_ID, "0:100000:100" },
		{ "0:100000:100", false, 0, "0:1000:1 1:100000:100" },
		{ "0:100000:100", false, 5, "5:1000:1 0:100000:5 6:100005:95" },
		{ "0:100000:100", false, 99, "99:1000:1 0:100000:99 100:100099:1" },
		{ "0:100000:100", false, 100, "100:1000:1 0:100000:100" },
		{ "0:100000:100", false, 1000, "1000:1000:1 0:100000:100" },
		{ "0:100000:1", false, NO_ID, "0:100000:1" },
		{ "0:100000:1", false, 0, "0:1000:1 1:100000:1" },
		{ "0:100000:100 0:200000:10", false, NO_ID, "0:100000:100" },
		{ "0:100000:100 0:200000:10", false, 0, "0:1000:1 1:100000:100" },
		{ "0:100000:100 0:200000:10", true, NO_ID, "0:100000:100 100:200000:10" },
		{ "0:100000:100 0:200000:10", true, 0, "0:1000:1 1:100000:100 101:200000:10" },
		{ "0:100000:100 0:200000:10", true, 100, "100:1000:1 0:100000:100 101:200000:10" },
		{ "0:100000:100 0:200000:10", true, 105,
		  "105:1000:1 0:100000:100 100:200000:5 106:200005:5" },
		{ "0:10:1 0:20:1 0:30:1", true, 1, "1:1000:1 0:10:1 2:20:1 3:30:1" },
		{ "0:0:4294967295", false, NO_ID, "0:0:4294967295" },
		{ "0:0:4294967295", false, 0, "0:1000:1 1:0:1000 1001:1001:4294966294" },
		{ "", false, NO_ID, "" },
		{ "", true, 5, "5:1000:1" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct idmap subordinate, map = { .n = 0 };
		char what[64];

		snprintf(what, sizeof(what), "idmap_add_auto all=%d single=%lld", cases[i].all,
			 cases[i].single);
		read_map(&subordinate, cases[i].subordinate);
		if (idmap_add_auto(&map, &subordinate, cases[i].all, cases[i].single) < 0 ||
		    (cases[i].single != NO_ID &&
		     idmap_splice(&map, (uint32_t)cases[i].single, 1000) < 0))
			fail("%s %s: %s", what, cases[i].subordinate, strerror(errno));
		else
			check_map(what, cases[i].subordinate, &map, cases[i].spliced);
	}
}

static void test_auto_limits(void)
{
	struct idmap subordinate, map = { .n = 0 };

	read_map(&subordinate, "0:0:4294967295 0:0:1");
	check_errno("idmap_add_auto", "more than all ids",
		    idmap_add_auto(&map, &subordinate, true, NO_ID), ERANGE);
	read_map(&subordinate, "0:0:1");
	map.n = IDMAP_MAX;
	check_errno("idmap_add_auto", "a full map", idmap_add_auto(&map, &subordinate, true, NO_ID),
		    E2BIG);
}

/* ---- idmap_overlap ---- */

static void test_overlap(void)
{
	static const struct {
		const char *map;
		int a, b; /* -1: none */
	} cases[] = {
		{ "", -1, -1 },
		{ "0:0:4294967295", -1, -1 },
		{ "0:100:10 10:200:10", -1, -1 },
		{ "10:200:10 0:100:10", -1, -1 },
		{ "0:100:10 10:110:10", -1, -1 },
		{ "0:100:10 9:200:10", 0, 1 },
		{ "9:200:10 0:100:10", 0, 1 },
		{ "0:100:10 10:109:10", 0, 1 },
		{ "0:109:10 10:100:10", 0, 1 },
		{ "0:100:10 5:200:1", 0, 1 },
		{ "5:200:1 0:100:10", 0, 1 },
		{ "0:100:1 1:200:1 2:300:1 1:400:1", 1, 3 },
		{ "0:0:4294967295 0:0:4294967295", 0, 1 },
		{ "4294967294:0:1 4294967294:1:1", 0, 1 },
		{ "4294967293:0:1 4294967294:1:1", -1, -1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct idmap map;
		int a = -1, b = -1;

		read_map(&map, cases[i].map);
		if (!idmap_overlap(&map, &a, &b))
			a = b = -1;
		if (a != cases[i].a || b != cases[i].b)
			fail("idmap_overlap \"%s\": %d and %d, expected %d and %d", cases[i].map, a,
			     b, cases[i].a, cases[i].b);
	}
}

/* ---- idmap_text ---- */

static void test_text(void)
{
	char text[IDMAP_TEXT];
	struct idmap map;

	read_map(&map, "0:1000:1 1:100000:65536");
	if (idmap_text(&map, text) < 0 || strcmp(text, "0 1000 1\n1 100000 65536\n") != 0)
		fail("idmap_text: \"%s\"", text);
	read_map(&map, "");
	if (idmap_text(&map, text) < 0 || *text)
		fail("idmap_text of an empty map");
}

/* The kernel takes 4095 characters: 315 lines of 13. */
static void test_text_limit(void)
{
	char text[IDMAP_TEXT];
	struct idmap map = { .n = 0 };

	for (unsigned int i = 0; i < IDMAP_MAX; i++)
		map.range[map.n++] = (struct idrange){ i, i, 1, 0 };
	if (idmap_text(&map, text) < 0)
		fail("idmap_text: 340 short lines: %s", strerror(errno));
	for (unsigned int i = 0; i < IDMAP_MAX; i++)
		map.range[i] = (struct idrange){ 1000 + i, 10000 + i, 1, 0 };
	check_errno("idmap_text", "340 lines of 13 characters", idmap_text(&map, text), E2BIG);
	while (map.n > 0 && idmap_text(&map, text) < 0)
		map.n--;
	if (map.n != 315 || strlen(text) != 4095)
		fail("idmap_text: %d lines of 13 characters fit, expected 315", map.n);
	map.range[0].inner += 10000;
	check_errno("idmap_text", "4096 characters", idmap_text(&map, text), E2BIG);
}

/* ---- files ---- */

static char path[PATH_MAX];

static void write_file(const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) == EOF || fclose(f) == EOF) {
		perror(path);
		exit(99);
	}
}

static void test_subordinate(void)
{
	/* No @user where nothing is to be found: else getsubids(1) would be asked, about this machine. */
	static const struct {
		const char *text, *user;
		unsigned long uid;
		const char *expected;
	} cases[] = {
		{ "xns:100000:65536\n", "xns", 1000, "0:100000:65536" },
		{ "xns:100000:65536", "xns", 1000, "0:100000:65536" },
		{ "1000:100000:65536\n", "xns", 1000, "0:100000:65536" },
		{ "1000:100000:65536\n", NULL, 1000, "0:100000:65536" },
		{ "xns:100000:65536\n", NULL, 1000, "" },
		{ "a:1:2\nxns:100000:10\nb:3:4\n1000:200000:20\nxns:300000:30\n", "xns", 1000,
		  "0:100000:10 0:200000:20 0:300000:30" },
		{ "# a comment\n\nxns:5:6\n#xns:7:8\n# xns:9:10\n", "xns", 1000, "0:5:6" },
		/* no number has white space behind it, for shadow's programs neither */
		{ "xns:5:6 \nxns:7:8\t# so\nxns:9:10\r\nxns:5:5\n", "xns", 1000, "0:5:5" },
		{ "xnsx:1:1\nxn:2:2\n xns:3:3\nxns :4:4\nxns:5:5\n", "xns", 1000, "0:5:5" },
		{ "xns:x:1\nxns:1:x\nxns:1\nxns\nxns:\nxns::\nxns::1\nxns:1:\nxns:1:2:3\nxns:5:5\n",
		  "xns", 1000, "0:5:5" },
		{ "xns:-1:1\nxns:1:-1\nxns:1:0\nxns:0x1:1\nxns: 1:1\nxns:5:5\n", "xns", 1000,
		  "0:5:5" },
		{ "xns:4294967294:1\nxns:4294967294:2\nxns:4294967295:1\nxns:1:4294967296\n", "xns",
		  1000, "0:4294967294:1" },
		{ "xns:0:4294967295\nxns:1:4294967295\n", "xns", 1000, "0:0:4294967295" },
		{ "01000:5:5\n10000:6:6\n100:7:7\n", NULL, 1000, "0:5:5" },
		{ "0:5:5\nxns:6:6\n", NULL, 0, "0:5:5" },
		{ "xns:6:6\nroot:5:5\n", "root", 0, "0:5:5" },
		{ "", NULL, 1000, "" },
		{ "\n\n\n", NULL, 1000, "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct idmap found = { .n = 17 };
		int n;

		write_file(cases[i].text);
		n = idmap_subordinate(path, false, cases[i].user, cases[i].uid, &found);
		if (n < 0 || n != found.n)
			fail("idmap_subordinate \"%s\": %d", cases[i].text, n);
		else
			check_map("idmap_subordinate", cases[i].text, &found, cases[i].expected);
	}
}

static void test_subordinate_files(void)
{
	struct idmap found;
	FILE *f = fopen(path, "w");
	int n = idmap_subordinate("/nonexistent/subuid", false, NULL, 1000, &found);

	if (n != 0 || found.n != 0)
		fail("idmap_subordinate: a file that is absent: %d", n);
	check_errno("idmap_subordinate", "below a file",
		    idmap_subordinate("/proc/self/status/subuid", false, NULL, 1000, &found),
		    ENOTDIR);
	for (int i = 0; f && i <= IDMAP_MAX; i++)
		fprintf(f, "xns:%d:1\n", 10 * i);
	if (!f || fclose(f) == EOF)
		fail("%s: %s", path, strerror(errno));
	check_errno("idmap_subordinate", "341 ranges",
		    idmap_subordinate(path, false, "xns", 1000, &found), E2BIG);
}

static void test_read_parent(void)
{
	struct idmap map;

	write_file("         0          0 4294967295\n");
	if (idmap_read_parent(path, &map) < 0)
		fail("idmap_read_parent: %s", strerror(errno));
	check_map("idmap_read_parent", "of the first namespace", &map, "0:0:4294967295");
	write_file(
		"         0       1000          1\n         1     100000      65536\n    100000          5          1\n");
	if (idmap_read_parent(path, &map) < 0)
		fail("idmap_read_parent: %s", strerror(errno));
	check_map("idmap_read_parent", "of a nested one", &map, "0:0:1 1:1:65536 100000:100000:1");
	write_file("");
	if (idmap_read_parent(path, &map) < 0)
		fail("idmap_read_parent: %s", strerror(errno));
	check_map("idmap_read_parent", "of one without a map", &map, "");
	check_errno("idmap_read_parent", "no file", idmap_read_parent("/nonexistent/uid_map", &map),
		    ENOENT);
}

static void test_outside(void)
{
	static const struct {
		struct idrange range;
		long long first;
	} cases[] = {
		{ { 0, 100, 10, 0 }, -1 },	  { { 0, 95, 10, 0 }, 95 },
		{ { 0, 100, 11, 0 }, -1 },	  { { 0, 115, 6, 0 }, 120 },
		{ { 0, 119, 1, 0 }, -1 },	  { { 0, 120, 1, 0 }, 120 },
		{ { 0, 99, 30, 0 }, 99 },	  { { 0, 100, 40, 0 }, 120 },
		{ { 0, 4294967290U, 5, 0 }, -1 }, { { 0, 4294967289U, 2, 0 }, 4294967289LL },
	};
	/* the second begins where the first ends, and stands before it */
	static const struct idmap map = {
		.range = { { 0, 110, 10, 0 }, { 0, 100, 10, 0 }, { 0, 4294967290U, 5, 0 } },
		.n = 3
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		long long first = idmap_first_outside(&map, &cases[i].range);

		if (first != cases[i].first)
			fail("idmap_first_outside(%u:%u): %lld", cases[i].range.outer,
			     cases[i].range.count, first);
	}
}

int main(void)
{
	const char *dir = getenv("TMPDIR");
	int fd;

	snprintf(path, sizeof(path), "%s/xns-t_idmap-XXXXXX", dir ? dir : "/tmp");
	fd = mkstemp(path);
	if (fd < 0) {
		perror(path);
		return 99;
	}
	close(fd);
	test_parse();
	test_splice();
	test_splice_full();
	test_splice_random();
	test_auto();
	test_auto_limits();
	test_overlap();
	test_text();
	test_text_limit();
	test_subordinate();
	test_subordinate_files();
	test_read_parent();
	test_outside();
	unlink(path);
	return failed ? 1 : 0;
}
