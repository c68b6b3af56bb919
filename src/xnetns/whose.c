/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "fd.h"
#include "own.h"
#include "readall.h"
#include "whose.h"

/* A part of a path, between two "/": the ID stands between @begin and @end. */
static const struct rule {
	const char *engine;
	const char *parent; /* the part before it, or NULL: any */
	const char *begin, *end;
	bool hex; /* the ID is one of digits */
} containers[] = {
	{ "docker", NULL, "docker-", ".scope", true },
	{ "docker", "docker", "", "", true },
	{ "podman", NULL, "libpod-", ".scope", true },
	{ "podman", NULL, "libpod-", "", true },
	{ "crio", NULL, "crio-", ".scope", true },
	{ "crio", NULL, "crio-", "", true },
	{ "containerd", NULL, "cri-containerd-", ".scope", true },
	{ "lxc", NULL, "lxc.payload.", "", false },
	{ "lxc", "lxc.payload", "", "", false },
	{ "lxc", "lxc", "", "", false },
	{ "machine", "machine.slice", "machine-", ".scope", false },
	{ "machine", "machine.slice", "systemd-nspawn@", ".service", false },
},
  units[] = {
	  { "session", NULL, "session-", ".scope", false },
	  { "unit", NULL, "", ".service", false },
  };

/* systemd writes what is no letter as \x2d. */
static void unescape(char *s)
{
	char *to = s;
	unsigned int c;

	for (; *s; s++) {
		if (s[0] == '\\' && s[1] == 'x' && isxdigit((unsigned char)s[2]) &&
		    isxdigit((unsigned char)s[3]) && sscanf(s + 2, "%2x", &c) == 1 && c) {
			*to++ = (char)c;
			s += 3;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
}

/* What the part of @len bytes at @part says, behind the part of @parent_len bytes before it. Return: allocated, or NULL. */
static char *by_rule(const struct rule *r, const char *part, size_t len, const char *parent,
		     size_t parent_len)
{
	size_t begin = strlen(r->begin), end = strlen(r->end);
	bool keeps = strcmp(r->engine, "unit") == 0; /* the ending is of the name */
	char *word;

	if (r->parent &&
	    (strlen(r->parent) != parent_len || strncmp(r->parent, parent, parent_len) != 0))
		return NULL;
	if (len <= begin + end || strncmp(part, r->begin, begin) != 0 ||
	    strncmp(part + len - end, r->end, end) != 0)
		return NULL;
	if (r->hex && strspn(part + begin, "0123456789abcdef") != len - begin - end)
		return NULL;
	word = must_format("%s:%.*s", r->engine, (int)(len - begin - (keeps ? 0 : end)),
			   part + begin);
	if (strcmp(r->engine, "machine") == 0)
		unescape(word);
	return word;
}

static char *by_rules(const struct rule *rules, size_t n, const char *cgroup)
{
	const char *parent = "";
	size_t parent_len = 0;

	for (const char *part = cgroup; *part; part += *part == '/') {
		size_t len = strcspn(part, "/");

		for (size_t i = 0; i < n; i++) {
			char *word = by_rule(&rules[i], part, len, parent, parent_len);

			if (word)
				return word;
		}
		parent = part;
		parent_len = len;
		part += len;
	}
	return NULL;
}

char *whose_path(const char *cgroup)
{
	char *word = by_rules(containers, ARRAY_SIZE(containers), cgroup);

	return word ? word : by_rules(units, ARRAY_SIZE(units), cgroup);
}

/* Of a container on any line, of version 1 as well, if there is one. */
static char *read_whose(const char *file)
{
	cleanup_close int fd = fd_above_stdio(open(file, O_RDONLY | O_CLOEXEC));
	char text[16384], *rest = text, *line, *word, *unit = NULL;

	if (fd < 0 || read_text(fd, text, sizeof(text)) < 0)
		return NULL;
	while ((line = strsep(&rest, "\n"))) {
		char *path = strchr(line, '/');

		word = path ? by_rules(containers, ARRAY_SIZE(containers), path) : NULL;
		if (word) {
			free(unit);
			return word;
		}
		if (path && !unit)
			unit = by_rules(units, ARRAY_SIZE(units), path);
	}
	return unit;
}

char *whose(pid_t pid)
{
	static char *own;
	static bool asked;
	char file[32], *word;

	if (!asked)
		own = read_whose("/proc/self/cgroup");
	asked = true;
	snprintf(file, sizeof(file), "/proc/%d/cgroup", pid);
	word = read_whose(file);
	if (!word || !own || strcmp(word, own) != 0)
		return word;
	free(word);
	return NULL;
}
