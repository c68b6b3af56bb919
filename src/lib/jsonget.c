/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include "jsonget.h"

enum { DEEPEST = 128 };

/* Of the functions that read on: where it goes on, or NULL with errno. */
static const char *wrong(int err)
{
	errno = err;
	return NULL;
}

static const char *blanks(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

/* Behind the string that begins at @p. */
static const char *string_end(const char *p)
{
	for (p++; *p && *p != '"'; p++) {
		if ((unsigned char)*p < ' ' || (*p == '\\' && !*++p))
			return wrong(EINVAL);
	}
	return *p ? p + 1 : wrong(EINVAL);
}

/* Behind a number, true, false or null. */
static const char *word_end(const char *p)
{
	size_t len = strspn(p, "+-.0123456789abcdefghijklmnopqrstuvwxyzE");

	return len ? p + len : wrong(EINVAL);
}

/* Behind the value at @p, whatever is in it. */
static const char *value_end(const char *p)
{
	char ends[DEEPEST];
	int depth = 0;

	do {
		p = blanks(p);
		if (*p == '{' || *p == '[') {
			if (depth == DEEPEST)
				return wrong(EINVAL);
			ends[depth++] = *p++ == '{' ? '}' : ']';
		} else if (depth > 0 && *p == ends[depth - 1]) {
			depth--;
			p++;
		} else if (depth > 0 && (*p == ',' || *p == ':')) {
			p++;
		} else {
			p = *p == '"' ? string_end(p) : word_end(p);
		}
		if (!p)
			return NULL;
	} while (depth > 0);
	return p;
}

/* Behind the value at @p and the comma there, if there is one; at @end otherwise. */
static const char *next(const char *p, char end)
{
	p = value_end(p);
	if (!p)
		return NULL;
	p = blanks(p);
	if (*p == ',')
		return blanks(p + 1);
	return *p == end ? p : wrong(EINVAL);
}

/* The value of the member of the object at @p that is called so. */
static const char *member(const char *p, const char *name, size_t len)
{
	const char *found = NULL;

	if (*p != '{')
		return wrong(ENOENT);
	for (p = blanks(p + 1); *p != '}';) {
		const char *key = p + 1, *end = *p == '"' ? string_end(p) : wrong(EINVAL);

		if (!end)
			return NULL;
		p = blanks(end);
		if (*p != ':')
			return wrong(EINVAL);
		p = blanks(p + 1);
		if ((size_t)(end - 1 - key) == len && memcmp(key, name, len) == 0) {
			if (found)
				return wrong(EINVAL);
			found = p;
		}
		p = next(p, '}');
		if (!p)
			return NULL;
	}
	return found ? found : wrong(ENOENT);
}

/* A string without its quotes. */
static const char *inside(const char *p, size_t *len)
{
	const char *end = value_end(p);

	if (!end)
		return NULL;
	*len = (size_t)(end - p) - (*p == '"' ? 2 : 0);
	return p + (*p == '"');
}

static bool is_called(const char *element, const char *name)
{
	const char *value = member(element, "name", 4);
	size_t len = 0;

	if (!value || *value != '"')
		return false;
	value = inside(value, &len);
	return value && len == strlen(name) && memcmp(value, name, len) == 0;
}

/* The element of the array at @p that is meant. */
static const char *element(const char *p, const char *name)
{
	const char *found = NULL;

	for (p = blanks(p + 1); *p != ']';) {
		if (!name || is_called(p, name)) {
			if (found)
				return wrong(EEXIST);
			found = p;
		}
		p = next(p, ']');
		if (!p)
			return NULL;
	}
	return found ? found : wrong(ENOENT);
}

bool jsonget_is(const char *text)
{
	text = blanks(text);
	return *text == '{' || *text == '[';
}

const char *jsonget(const char *text, const char *path, const char *name, size_t *len)
{
	const char *p = blanks(text), *end = value_end(p);

	if (!end || *blanks(end))
		return wrong(EINVAL);
	if (*p == '[')
		p = element(p, name);
	for (size_t n; p && *path; path += n + (path[n] == '.')) {
		n = strcspn(path, ".");
		p = member(p, path, n);
	}
	return p ? inside(p, len) : NULL;
}
