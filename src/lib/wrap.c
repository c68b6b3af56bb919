/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>
#include <wchar.h>

#include "util.h"
#include "wrap.h"

enum { LINE = 80 };

/* Columns of @len bytes; what is no character of the locale is one each. */
static int width(const char *text, size_t len)
{
	mbstate_t state = { 0 };
	int columns = 0;

	while (len > 0) {
		wchar_t c = L'?';
		size_t n = mbrtowc(&c, text, len, &state);

		if (n == 0 || n > len) {
			n = 1;
			c = L'?';
			memset(&state, 0, sizeof(state));
		}
		columns += wcwidth(c) > 0 ? wcwidth(c) : 0;
		text += n;
		len -= n;
	}
	return columns;
}

void wrap_text(FILE *stream, const char *text, int at, int indent)
{
	const char *blank = "";

	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		size_t len = strcspn(text, " ");
		int columns = width(text, len);

		if (*blank && at + 1 + columns > LINE) {
			fprintf(stream, "\n%*s", indent, "");
			at = indent;
			blank = "";
		}
		fprintf(stream, "%s%.*s", blank, (int)len, text);
		at += (*blank != '\0') + columns;
		blank = " ";
		text += len;
	}
	fputc('\n', stream);
}

void wrap_row(FILE *stream, const char *left, int indent, const char *help)
{
	int at = width(left, strlen(left));

	fputs(left, stream);
	if (at >= indent) {
		fputc('\n', stream);
		at = 0;
	}
	fprintf(stream, "%*s", indent - at, "");
	wrap_text(stream, help, indent, indent);
}
