/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shown.h"

/* The character at @s, in @code; of what is none its first byte. Return: as utf8_length(). */
static size_t decode(const char *text, unsigned int *code)
{
	static const unsigned int least[] = { 0, 0, 0x80, 0x800,
					      0x10000 }; /* else it is overlong */
	const unsigned char *s = (const unsigned char *)text;
	size_t len = *s < 0x80	 ? 1
		     : *s < 0xc0 ? 0
		     : *s < 0xe0 ? 2
		     : *s < 0xf0 ? 3
		     : *s < 0xf8 ? 4
				 : 0;
	unsigned int c = len > 1 ? *s & (0x7fu >> len) : *s;

	*code = *s;
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3fu);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) /* surrogates */
		return 0;
	*code = c;
	return len;
}

size_t utf8_length(const char *text)
{
	unsigned int code;

	return decode(text, &code);
}

/* The marks and overrides of the bidirectional algorithm, and what ends a line or a paragraph. */
static bool is_unfit(unsigned int c)
{
	return c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

size_t shown_unfit(const char *text, unsigned int *code)
{
	size_t len = decode(text, code);

	if (!is_unfit(*code))
		return 0;
	return len ? len : 1;
}

char *shown_text(const char *text, unsigned int keep)
{
	char *copy = malloc(4 * strlen(text) + 1), *to = copy;
	unsigned int code;

	while (copy && *text) {
		size_t unfit = shown_unfit(text, &code), len = utf8_length(text);

		if (len > 1 && unfit && !(keep & SHOWN_KEEP_WIDE)) {
			to += sprintf(to, "\\u%04x", code);
		} else if (len == 0 || (len == 1 && unfit && !(keep & SHOWN_KEEP_ASCII))) {
			to += sprintf(to, "\\x%02x", (unsigned char)*text);
		} else {
			memcpy(to, text, len);
			to += len;
		}
		text += len ? len : 1;
	}
	if (copy)
		*to = '\0';
	return copy;
}

void shown_hide(char *text)
{
	char *to = text;
	unsigned int code;

	while (*text) {
		size_t len = shown_unfit(text, &code);

		*to++ = len ? '?' : *text;
		text += len ? len : 1;
	}
	*to = '\0';
}
