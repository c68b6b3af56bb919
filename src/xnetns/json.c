/* SPDX-License-Identifier: MIT */
/* xnetns: names as they are printed, and JSON as ip(8) writes it, on one line, or with -pretty on many. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shown.h"
#include "xnetns.h"

void put_shown(const char *text)
{
	char *fit = must_have(shown_text(text, false));

	fputs(fit, stdout);
	free(fit);
}

void put_name(const char *name)
{
	static int to_terminal = -1;

	if (to_terminal < 0)
		to_terminal = isatty(STDOUT_FILENO);
	if (to_terminal)
		put_shown(name);
	else
		fputs(name, stdout);
}

/* ---- JSON ---- */

static int objects, members;

void json_begin(void)
{
	objects = members = 0;
	fputs(opt.pretty ? "[ " : "[", stdout);
}

static void end_object(void)
{
	if (objects > 0)
		fputs(opt.pretty ? "\n    }" : "}", stdout);
}

void json_object(void)
{
	end_object();
	fputs(objects++ > 0 ? ",{" : "{", stdout);
	members = 0;
}

void json_end(void)
{
	end_object();
	fputs(opt.pretty && objects > 0 ? " ]\n" : "]\n", stdout);
}

static void begin_member(const char *key)
{
	if (members++ > 0)
		putchar(',');
	printf(opt.pretty ? "\n        \"%s\": " : "\"%s\":", key);
}

void json_string(const char *key, const char *value)
{
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
	begin_member(key);
	printf("%lld", value);
}
