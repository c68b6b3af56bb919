/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "compat.h"
#include "die.h"
#include "nearest.h"
#include "pathname.h"
#include "steps.h"

static _Noreturn void wrong(const struct step *s, const char *msgid)
{
	die(EXIT_FAILURE, 0, msgid, s->option, s->word);
}

static struct step *add_step(struct steps *all, enum step_kind kind, const struct cli_option *row,
			     const char *word)
{
	struct step *s;

	all->step = must_have(reallocarray(all->step, all->n + 1, sizeof(*all->step)));
	s = &all->step[all->n++];
	*s = (struct step){ .kind = kind, .option = row->name, .word = word };
	all->given = true;
	return s;
}

/*
 * The part of *rest up to one of the @ends, without the backslashes that protect them and themselves;
 * *rest is behind the end then, which is *end, or NULL. Return: allocated
 */
static char *take_part(const char **rest, const char *ends, char *end)
{
	char *part = must_have(malloc(strlen(*rest) + 1)), *out = part;
	const char *in = *rest;

	while (*in && !strchr(ends, *in)) {
		if (*in == '\\' && in[1] && (in[1] == '\\' || strchr(":,", in[1])))
			in++;
		*out++ = *in++;
	}
	*out = '\0';
	*end = *in;
	*rest = *in ? in + 1 : NULL;
	return part;
}

static char *take_place(const struct step *s, char *place)
{
	if (*place != '/')
		wrong(s, N_("--%s '%s': the place inside is no absolute path"));
	if (strlen(place) >= PATH_MAX)
		wrong(s, N_("--%s '%s': the place inside is too long"));
	return place;
}

static char *take_source(const struct step *s, char *source)
{
	if (!*source)
		wrong(s, N_("--%s '%s': there is no source"));
	return source;
}

/* ---- the words behind a place ---- */

/* What a word sets; of a file system's own, which takes the value, the rest is 0. */
struct step_word {
	const char *name;
	unsigned long set, clear;
	size_t flag;  /* of a bool, or 0 */
	size_t value; /* of a char *, for "name=value" */
	bool fs;      /* handed on to the file system, as "name=value" */
};

#define ATTRIBUTES                                                                            \
	{ "ro", .set = MOUNT_ATTR_RDONLY }, { "rw", .clear = MOUNT_ATTR_RDONLY },             \
		{ "nosuid", .set = MOUNT_ATTR_NOSUID }, { "nodev", .set = MOUNT_ATTR_NODEV }, \
	{                                                                                     \
		"noexec", .set = MOUNT_ATTR_NOEXEC                                            \
	}

static const struct step_word bind_words[] = {
	ATTRIBUTES,
	{ "norec", .flag = offsetof(struct step, alone) },
	{ "idmap", .flag = offsetof(struct step, idmap) },
	{ "optional", .flag = offsetof(struct step, optional) },
	{ .name = NULL },
};

static const struct step_word tmpfs_words[] = {
	ATTRIBUTES,
	{ "size", .fs = true },
	{ "mode", .fs = true },
	{ "nr_inodes", .fs = true },
	{ "huge", .fs = true },
	{ .name = NULL },
};

static const struct step_word overlay_words[] = {
	ATTRIBUTES,
	{ "upper", .value = offsetof(struct step, upper) },
	{ "work", .value = offsetof(struct step, work) },
	{ .name = NULL },
};

static void take_option(struct step *s, char *key, char *value)
{
	size_t n = 0;

	while (s->options[n])
		n += 2;
	if (n == 2 * MAX_STEP_OPTIONS)
		wrong(s, N_("--%s '%s': too many options"));
	s->options[n] = key;
	s->options[n + 1] = value;
}

static _Noreturn void unknown_word(const struct step *s, const struct step_word *words,
				   const char *word)
{
	char names[128] = "";

	warn_msg(N_("--%s '%s': unknown option '%s'"), s->option, s->word, word);
	for (; words->name; words++)
		sprintf(strchr(names, '\0'), "%s%s", *names ? " " : "", words->name);
	hint_word(word, names);
	die_said(EXIT_FAILURE);
}

static _Noreturn void wrong_value(const struct step *s, const char *word, bool takes)
{
	warn_msg(N_("--%s '%s': unknown option '%s'"), s->option, s->word, word);
	if (takes)
		hint(N_("it takes a value: %s=..."), word);
	else
		hint(N_("it takes no value"));
	die_said(EXIT_FAILURE);
}

/* The kernel takes what is left of numbers that are too large: of a mode, of what overflows. */
static bool is_out_of_range(const char *key, const char *value)
{
	static const char units[] = "kmgtpe";
	bool mode = strcmp(key, "mode") == 0;
	unsigned long long n;
	const char *unit;
	char *end;

	if (!strchr("0123456789", *value))
		return false;
	errno = 0;
	n = strtoull(value, &end, mode ? 8 : 10);
	if (mode)
		return !*end && n > 07777;
	if (*end == '%')
		return n > 1000000;
	unit = *end ? strchr(units, *end | 0x20) : NULL;
	return errno || n > (unsigned long long)LLONG_MAX >> (unit ? 10 * (unit - units + 1) : 0);
}

static void take_word(struct step *s, const struct step_word *words, char *word)
{
	const struct step_word *all = words;
	char *value = strchr(word, '=');

	if (value)
		*value++ = '\0';
	for (; words->name; words++) {
		if (strcmp(words->name, word) != 0)
			continue;
		if ((words->fs || words->value) != (value && *value) || (value && !*value))
			wrong_value(s, word, words->fs || words->value);
		if (words->fs && is_out_of_range(word, value))
			die(EXIT_FAILURE, ERANGE, "--%s '%s': %s", s->option, s->word, word);
		s->set = (s->set | words->set) & ~words->clear;
		s->clear = (s->clear | words->clear) & ~words->set;
		if (words->flag)
			*(bool *)((char *)s + words->flag) = true;
		if (words->value)
			*(char **)((char *)s + words->value) = value;
		if (words->fs)
			take_option(s, word, value);
		return;
	}
	unknown_word(s, all, word);
}

static void take_words(struct step *s, const struct step_word *words, const char *rest)
{
	char end;

	while (rest)
		take_word(s, words, take_part(&rest, ",", &end));
}

/* ---- setters ---- */

void steps_set_new_root(const struct cli_option *row, void *at, const char *arg)
{
	struct steps *all = at;

	if (arg && !*arg)
		die(EXIT_FAILURE, 0, N_("--%s '%s': there is no source"), row->name, arg);
	all->given = all->fresh = true;
	all->dir = arg;
}

void steps_set_read_only(const struct cli_option *row, void *at, const char *arg)
{
	struct steps *all = at;

	all->given = all->read_only = true;
}

/* SOURCE[:PLACE][:OPTION,...]: what begins with a slash is a place. */
void steps_add_bind(const struct cli_option *row, void *at, const char *arg)
{
	struct step *s = add_step(at, STEP_BIND, row, arg);
	const char *rest = arg;
	char end;

	s->source = take_source(s, take_part(&rest, ":", &end));
	s->place = s->source;
	if (rest && *rest == ':') /* the same place, and options */
		rest++;
	else if (rest && *rest == '/')
		s->place = take_part(&rest, ":", &end);
	take_place(s, s->place);
	take_words(s, bind_words, rest);
}

void steps_add_tmpfs(const struct cli_option *row, void *at, const char *arg)
{
	struct step *s = add_step(at, STEP_TMPFS, row, arg);
	const char *rest = arg;
	char end;

	s->set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
	s->place = take_place(s, take_part(&rest, ":", &end));
	take_words(s, tmpfs_words, rest);
}

/* LOWER[:PLACE][,upper=DIR,work=DIR] */
void steps_add_overlay(const struct cli_option *row, void *at, const char *arg)
{
	struct step *s = add_step(at, STEP_OVERLAY, row, arg);
	const char *rest = arg;
	char end;

	s->source = take_source(s, take_part(&rest, ":,", &end));
	s->place = s->source;
	if (end == ':')
		s->place = take_part(&rest, ":,", &end);
	take_place(s, s->place);
	take_words(s, overlay_words, rest);
	if (!s->upper != !s->work)
		wrong(s, N_("--%s '%s': upper= and work= need one another"));
}

/* PLACE alone */
static void take_place_alone(struct step *s)
{
	const char *rest = s->word;
	char end;

	s->place = take_place(s, take_part(&rest, ":", &end));
	if (rest)
		wrong(s, N_("--%s '%s': a colon is written as \\:"));
}

void steps_add_dev(const struct cli_option *row, void *at, const char *arg)
{
	take_place_alone(add_step(at, STEP_DEV, row, arg ? arg : "/dev"));
}

void steps_add_dir(const struct cli_option *row, void *at, const char *arg)
{
	take_place_alone(add_step(at, STEP_DIR, row, arg));
}

/* FIRST:PLACE */
static void take_pair(struct step *s)
{
	const char *rest = s->word;
	char end;

	s->source = take_source(s, take_part(&rest, ":", &end));
	if (!rest)
		wrong(s, N_("--%s '%s': there is no place, behind a colon"));
	s->place = take_place(s, take_part(&rest, ":", &end));
	if (rest)
		wrong(s, N_("--%s '%s': a colon is written as \\:"));
}

void steps_add_symlink(const struct cli_option *row, void *at, const char *arg)
{
	take_pair(add_step(at, STEP_SYMLINK, row, arg));
}

void steps_add_file(const struct cli_option *row, void *at, const char *arg)
{
	struct step *s = add_step(at, STEP_FILE, row, arg);

	take_pair(s);
	s->number =
		(int)cli_number(s->source, 0, INT_MAX, N_("failed to parse file descriptor: '%s'"));
}

void steps_add_prepare(const struct cli_option *row, void *at, const char *arg)
{
	add_step(at, STEP_PREPARE, row, arg)->source = (char *)arg;
}

bool steps_idmap(const struct steps *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->step[i].idmap)
			return true;
	return false;
}

bool steps_prepare(const struct steps *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->step[i].kind == STEP_PREPARE)
			return true;
	return false;
}

bool steps_on_root(const struct steps *all)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct step *s = &all->step[i];

		if (s->place && s->kind <= STEP_DEV && path_names_root(s->place))
			return true;
	}
	return false;
}
