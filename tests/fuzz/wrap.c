/* SPDX-License-Identifier: MIT */
/* Help on lines of 80 columns, in any language: no word is lost, no line is too long that need not be. */
#include <config.h>

#include <ctype.h>
#include <locale.h>

#include "fuzz.h"
#include "wrap.h"

/* Both without blanks and newlines */
static void check_same(const char *a, const char *b)
{
	for (;;) {
		while (*a == ' ' || *a == '\n')
			a++;
		while (*b == ' ' || *b == '\n')
			b++;
		claim(*a == *b);
		if (!*a)
			return;
		a++, b++;
	}
}

/* Of ASCII bytes are columns */
static void check_lines(const char *text, const char *out, int indent)
{
	for (const char *p = text; *p; p++)
		if (!isprint((unsigned char)*p) || (unsigned char)*p >= 128)
			return;
	for (const char *line = out; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		size_t len = strcspn(line, "\n"), blanks = strspn(line, " ");

		claim(len <= 80 || memchr(line + blanks, ' ', len - blanks) == NULL ||
		      indent > 80 || blanks > 80 || line == out);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int started;
	char *text = text_of(data, size), *out = NULL, *help;
	size_t len;
	int indent = size ? *data % 40 : 0;
	FILE *f;

	if (!started++)
		setlocale(LC_ALL, "C.UTF-8");
	f = open_memstream(&out, &len);
	wrap_text(f, text, 0, indent);
	fclose(f);
	check_same(text, out);
	check_lines(text, out, indent);
	free(out);

	help = strchr(text, '\n');
	if (help) {
		*help++ = '\0';
		f = open_memstream(&out, &len);
		wrap_row(f, text, indent, help);
		fclose(f);
		claim(strncmp(out, text, strlen(text)) == 0);
		check_same(help, out + strlen(text));
		free(out);
	}
	free(text);
	return 0;
}
