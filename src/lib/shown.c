/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shown.h"

size_t utf8_length(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t len = *s < 0x80 ? 1 : *s >= 0xc2 && *s < 0xe0 ? 2 : *s >= 0xe0 && *s < 0xf0 ? 3 : 4;

	if ((*s >= 0x80 && *s < 0xc2) || *s > 0xf4)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] > 0x9f) || /* overlong, surrogates */
	    (*s == 0xf0 && s[1] < 0x90) || (*s == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}

/* The marks and overrides of the bidirectional algorithm, and what ends a line or a paragraph. */
static bool is_unfit(unsigned int c)
{
	return c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

size_t shown_unfit(const char *text, unsigned int *code)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t len = utf8_length(text);

	if (len <= 1)
		*code = *s;
	else if (len == 2)
		*code = (s[0] & 0x1fu) << 6 | (s[1] & 0x3fu);
	else if (len == 3)
		*code = (s[0] & 0x0fu) << 12 | (s[1] & 0x3fu) << 6 | (s[2] & 0x3fu);
	else
		*code = 0x10000;
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

		if (len)
			*to++ = '?';
		else
			*to++ = *text;
		text += len ? len : 1;
	}
	*to = '\0';
}
