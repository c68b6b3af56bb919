/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "json.h"
#include "own.h"
#include "shown.h"

void put_shown(const char *text)
{
	cleanup_free char *fit = must_have(shown_text(text, false));

	fputs(fit, stdout);
}

static bool is_plain(const char *name)
{
	while (*name >= ' ' && *name <= '~')
		name++;
	return !*name;
}

void put_name(const char *name)
{
	static int to_terminal = -1;

	if (is_plain(name)) {
		fputs(name, stdout);
		return;
	}
	if (to_terminal < 0)
		to_terminal = isatty(STDOUT_FILENO);
	if (to_terminal)
		put_shown(name);
	else
		fputs(name, stdout);
}

/* ---- JSON ---- */

static bool on, pretty; /* on many lines, not on one */
static int objects, members;

void json_begin(const struct netns_options *o)
{
	on = o->json;
	pretty = o->pretty;
	objects = members = 0;
	if (on)
		fputs(pretty ? "[ " : "[", stdout);
}

static void end_object(void)
{
	if (objects > 0)
		fputs(pretty ? "\n    }" : "}", stdout);
}

bool json_object(void)
{
	if (!on)
		return false;
	end_object();
	fputs(objects++ > 0 ? ",{" : "{", stdout);
	members = 0;
	return true;
}

void json_end(void)
{
	if (!on)
		return;
	end_object();
	fputs(pretty && objects > 0 ? " ]\n" : "]\n", stdout);
}

static void begin_member(const char *key)
{
	if (members++ > 0)
		putchar(',');
	printf(pretty ? "\n        \"%s\": " : "\"%s\":", key);
}

void json_string(const char *key, const char *value)
{
	if (!value)
		return;
	begin_member(key);
	putchar('"');
	for (const char *p = value; *p;) {
		static const char plain[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";
		const char *special = strchr(plain, *p);
		size_t len = utf8_length(p);
		unsigned int code;

		if (special)
			printf("\\%c", letter[special - plain]);
		else if (len == 0) /* no character: as libsmartcols writes it */
			printf("\\\\x%02x", (unsigned char)*p);
		else if (shown_unfit(p, &code))
			printf("\\u%04x", code);
		else
			fwrite(p, 1, len, stdout);
		p += len ? len : 1;
	}
	putchar('"');
}

void json_number(const char *key, long long value)
{
	if (value < 0)
		return;
	begin_member(key);
	printf("%lld", value);
}
