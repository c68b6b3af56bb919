/* SPDX-License-Identifier: MIT */
/* xnetns: JSON as ip(8) writes it, on one line, or with -pretty on many. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "xnetns.h"

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
	for (const unsigned char *p = (const unsigned char *)value; *p; p++) {
		static const char plain[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";
		const char *special = strchr(plain, *p);

		if (special)
			printf("\\%c", letter[special - plain]);
		else if (*p < ' ' || *p == 0x7f)
			printf("\\u%04x", *p);
		else
			putchar(*p);
	}
	putchar('"');
}

void json_number(const char *key, long long value)
{
	begin_member(key);
	printf("%lld", value);
}
