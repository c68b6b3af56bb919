/* SPDX-License-Identifier: MIT */
/* What xnetns prints of names: JSON it is, whatever they are, and nothing in it steers a terminal. */
#include <config.h>

#include "../lib/json.h"
#include "fuzz.h"
#include "shown.h"
#include "xnetns/json.h"

static void check_fit(const char *text)
{
	for (size_t len; *text; text += len) {
		unsigned int code;

		len = utf8_length(text);
		claim(len > 0);
		claim(shown_unfit(text, &code) == 0 || *text == '\n');
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct netns_options o = { .json = true, .pretty = size % 2 };
	char *text = text_of(data, size), *rest = text, *name, *out;
	long long n = 0;

	capture();
	json_begin(&o);
	while ((name = strsep(&rest, "\n")) != NULL) {
		json_object();
		json_string("name", name);
		json_number("id", n++ - 1);
	}
	json_end();
	out = captured();
	claim(is_json(out));
	check_fit(out);
	free(out);

	for (unsigned int keep = 0; keep < 4; keep++) {
		char *fit = shown_text((const char *)(out = text_of(data, size)), keep);

		claim(fit);
		if (keep == 0)
			check_fit(fit);
		shown_hide(out);
		claim(strlen(out) <= size);
		free(out);
		free(fit);
	}
	free(text);
	return 0;
}
