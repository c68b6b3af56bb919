/* SPDX-License-Identifier: MIT */
/* json.h - whether a text is JSON, for tests. Escapes are looked at, characters are not. */
#ifndef XNS_TESTS_JSON_H
#define XNS_TESTS_JSON_H

#include <stdbool.h>
#include <string.h>

static const char *json_value(const char *p);

static const char *json_blanks(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

static const char *json_text(const char *p)
{
	for (p++; *p && *p != '"'; p++) {
		if ((unsigned char)*p < ' ')
			return NULL;
		if (*p == '\\' && !strchr("\"\\/bfnrtu", *++p))
			return NULL;
	}
	return *p ? p + 1 : NULL;
}

static const char *json_members(const char *p, char end)
{
	for (p = json_blanks(p + 1); *p != end; p = json_blanks(p + 1)) {
		if (end == '}') {
			if (*p != '"' || !(p = json_text(p)) || *(p = json_blanks(p)) != ':')
				return NULL;
			p = json_blanks(p + 1);
		}
		p = json_value(p);
		if (!p || !(*(p = json_blanks(p)) == ',' || *p == end))
			return NULL;
		if (*p == end)
			break;
	}
	return p + 1;
}

static const char *json_value(const char *p)
{
	size_t n;

	if (*p == '"')
		return json_text(p);
	if (*p == '{' || *p == '[')
		return json_members(p, *p == '{' ? '}' : ']');
	n = strspn(p, "-+.0123456789eE");
	if (n == 0)
		n = strncmp(p, "true", 4) == 0 || strncmp(p, "null", 4) == 0 ? 4
		    : strncmp(p, "false", 5) == 0			     ? 5
									     : 0;
	return n > 0 ? p + n : NULL;
}

static bool is_json(const char *text)
{
	const char *end = json_value(json_blanks(text));

	return end && !*json_blanks(end);
}

#endif
