/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ctype.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "cli.h"
#include "cred.h"
#include "mapper.h"
#include "nearest.h"
#include "parse.h"
#include "usermap.h"

/* What usermap_resolve() has made of the two. */
static struct {
	uint32_t inner, outer; /* of the single ID */
	struct idmap map;
	char text[IDMAP_TEXT];
} resolved[2];

static _Noreturn void too_many_mappings(void)
{
	die(EXIT_FAILURE, 0,
	    N_("too many mappings: the kernel takes %d lines, and less than a page of text"),
	    IDMAP_MAX);
}

static const char keywords[] = "auto auto-all subids all";

static bool is_map_keyword(const char *word)
{
	return parse_index(keywords, " ", word, strlen(word)) >= 0;
}

static _Noreturn void invalid_mapping(const char *word, int err)
{
	if (err == ERANGE)
		die(EXIT_FAILURE, err, N_("invalid mapping '%s'"), word);
	warn_msg(N_("invalid mapping '%s'"), word);
	if (isalpha((unsigned char)*word))
		hint_word(word, keywords);
	die_said(EXIT_FAILURE);
}

void usermap_add(struct usermap *m, const char *word)
{
	struct idrange range;

	if (!is_map_keyword(word) && idmap_parse(word, &range) < 0)
		invalid_mapping(word, errno);
	if (m->n_words == ARRAY_SIZE(m->words))
		too_many_mappings();
	m->words[m->n_words++] = word;
}

void usermap_set_single(struct usermap *m, long long inner)
{
	m->single = inner;
	m->single_given = true;
}

static void read_subordinate(const struct usermap *m, uid_t uid, struct idmap *found)
{
	const char *file = m->groups ? "/etc/subgid" : "/etc/subuid";
	const struct account *account = account_of_user(uid);
	const char *name = account ? account->name : NULL;
	const char *user = name ? name : must_format("%u", uid);
	long n = must(idmap_subordinate(file, m->groups, name, uid, found), N_("cannot read %s"),
		      file);

	if (n == 0 && found->malformed)
		die(EXIT_FAILURE, 0,
		    N_("no line matching user \"%s\" in %s: line %d is not of the form NAME:START:COUNT"),
		    user, file, found->malformed);
	if (n > 0)
		return;
	warn_msg(N_("no line matching user \"%s\" in %s"), user, file);
	mapper_hint_none(m->groups, name, uid);
	die_said(EXIT_FAILURE);
}

/* Adds what a word of --map-users says. Return: 0, or -1 with errno. */
static int resolve_word(const struct usermap *m, const char *word, uid_t uid)
{
	struct idmap *map = &resolved[m->groups].map;
	static struct idmap found;
	struct idrange range;

	if (!is_map_keyword(word))
		return idmap_parse(word, &range) < 0 ? -1 : idmap_add(map, range);
	if (strcmp(word, "all") == 0) {
		const char *path = m->groups ? "/proc/self/gid_map" : "/proc/self/uid_map";

		must(idmap_read_parent(path, &found), N_("cannot read %s"), path);
	} else {
		read_subordinate(m, uid, &found);
	}
	if (strncmp(word, "auto", 4) == 0)
		return idmap_add_auto(map, &found, strcmp(word, "auto-all") == 0,
				      m->single_given ? resolved[m->groups].inner : -1LL);
	for (int i = 0; i < found.n && (i == 0 || strcmp(word, "all") == 0); i++) {
		found.range[i].inner = found.range[i].outer;
		if (idmap_add(map, found.range[i]) < 0)
			return -1;
	}
	return 0;
}

void usermap_resolve(const struct usermap *m, uint32_t outer, uid_t uid)
{
	uint32_t inner = m->single == USERMAP_CURRENT ? outer : (uint32_t)m->single;
	struct idmap *map = &resolved[m->groups].map;
	const struct idrange *r = map->range;
	int a, b;

	resolved[m->groups].inner = inner;
	resolved[m->groups].outer = outer;
	for (size_t i = 0; i < m->n_words; i++) {
		int ret = resolve_word(m, m->words[i], uid);

		if (ret < 0 && errno == E2BIG)
			too_many_mappings();
		must(ret, N_("invalid mapping '%s'"), m->words[i]);
	}
	if (m->single_given && idmap_splice(map, inner, outer) < 0)
		too_many_mappings();
	if (idmap_overlap(map, &a, &b))
		die(EXIT_FAILURE, 0, N_("mappings overlap: '%u:%u:%u' and '%u:%u:%u'"), r[a].inner,
		    r[a].outer, r[a].count, r[b].inner, r[b].outer, r[b].count);
	if (idmap_text(map, resolved[m->groups].text) < 0)
		too_many_mappings();
}

bool usermap_is_root(const struct usermap *m)
{
	const struct idmap *map = &resolved[m->groups].map;

	for (int i = 0; i < map->n; i++)
		if (map->range[i].inner == 0)
			return map->range[i].outer == resolved[m->groups].outer;
	return false;
}

bool usermap_maps(const struct usermap *m, uint32_t outer)
{
	const struct idmap *map = &resolved[m->groups].map;

	for (int i = 0; i < map->n; i++)
		if (outer >= map->range[i].outer &&
		    outer - map->range[i].outer < map->range[i].count)
			return true;
	return false;
}

bool usermap_maker(const struct usermap *m, const uint32_t *owner, uint32_t *id)
{
	const struct idmap *map = &resolved[m->groups].map;

	if (map->n == 0 || usermap_maps(m, owner ? *owner : resolved[m->groups].outer))
		return false;
	*id = map->range[0].inner;
	for (int i = 1; i < map->n && *id != 0; i++)
		if (map->range[i].inner == 0)
			*id = 0;
	return true;
}

bool usermap_outside(const struct usermap *m)
{
	return m->n_words > 0 || (m->by_owner && m->single_given);
}

bool usermap_inside(const struct usermap *m)
{
	return m->single_given && !usermap_outside(m);
}

void usermap_write(const struct usermap *m, pid_t pid, const char *dir)
{
	char path[64], text[32];

	snprintf(path, sizeof(path), "%s/%s", dir, m->groups ? "gid_map" : "uid_map");
	if (usermap_inside(m)) {
		snprintf(text, sizeof(text), "%u %u 1", resolved[m->groups].inner,
			 resolved[m->groups].outer);
		must_write(path, text, N_("write failed %s"));
	} else if (usermap_outside(m) && !cred_has(m->groups ? CAP_SETGID : CAP_SETUID)) {
		mapper_run(m->groups, pid, &resolved[m->groups].map);
	} else if (usermap_outside(m)) {
		must_write(path, resolved[m->groups].text, N_("failed to write %s"));
	}
}

void usermap_write_again(const struct usermap *m, const char *dir)
{
	static struct idmap same;
	static char text[IDMAP_TEXT];
	char path[64];

	same = resolved[m->groups].map;
	if (same.n == 0)
		return;
	for (int i = 0; i < same.n; i++)
		same.range[i].outer = same.range[i].inner;
	snprintf(path, sizeof(path), "%s/%s", dir, m->groups ? "gid_map" : "uid_map");
	must(idmap_text(&same, text), N_("write failed %s"), path);
	must_write(path, text, N_("write failed %s"));
}
