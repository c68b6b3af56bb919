/* SPDX-License-Identifier: MIT */
/* t_jsonget - values in JSON, by their names. Silent unless a case fails. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "jsonget.h"

static int failed;

static void check(const char *what, const char *given, const char *got, const char *expected)
{
	if ((!got && !expected) || (got && expected && strcmp(got, expected) == 0))
		return;
	failed++;
	printf("t_jsonget: %s(\"%s\"): got %s; expected %s\n", what, given, got ? got : "none",
	       expected ? expected : "none");
}

static void test_json(void)
{
	static const struct {
		const char *text, *path, *name, *value;
		int err;
	} cases[] = {
		{ "{\"pid\":12}", "pid", NULL, "12", 0 },
		{ " { \"a\" : { \"b\" : -1.5e3 } } ", "a.b", NULL, "-1.5e3", 0 },
		{ "{\"a\":\"x\\\"y\"}", "a", NULL, "x\\\"y", 0 },
		{ "{\"a\":[1,{\"pid\":2}],\"pid\":3}", "pid", NULL, "3", 0 },
		{ "[{\"pid\":1}]", "pid", NULL, "1", 0 },
		{ "[{\"pid\":1},{\"pid\":2}]", "pid", NULL, NULL, EEXIST },
		{ "[{\"name\":\"a\",\"pid\":1},{\"name\":\"b\",\"pid\":2}]", "pid", "b", "2", 0 },
		{ "[{\"name\":\"ab\",\"pid\":1}]", "pid", "a", NULL, ENOENT },
		{ "[1,\"name\",{\"name\":[\"a\"]}]", "pid", "a", NULL, ENOENT },
		{ "[]", "pid", NULL, NULL, ENOENT },
		{ "{}", "pid", NULL, NULL, ENOENT },
		{ "1", "pid", NULL, NULL, ENOENT },
		{ "", "pid", NULL, NULL, EINVAL },
		{ "{", "pid", NULL, NULL, EINVAL },
		{ "{\"pid\":1", "pid", NULL, NULL, EINVAL },
		{ "{\"pid\":1]", "pid", NULL, NULL, EINVAL },
		{ "{\"pid\":1}x", "pid", NULL, NULL, EINVAL },
		{ "{\"pid\":1,\"pid\":1}", "pid", NULL, NULL, EINVAL },
		{ "{\"pid", "pid", NULL, NULL, EINVAL },
		{ "{\"pid\\", "pid", NULL, NULL, EINVAL },
		{ "{\"pid\"}", "pid", NULL, NULL, EINVAL },
		{ "{\"pid\":}", "pid", NULL, NULL, EINVAL },
		{ "{:1}", "pid", NULL, NULL, EINVAL },
		{ "{,}", "pid", NULL, NULL, EINVAL },
		{ "[,]", "pid", NULL, NULL, EINVAL },
		{ "[1 2]", "pid", NULL, NULL, EINVAL },
		{ "{\"a\nb\":1}", "a", NULL, NULL, EINVAL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t len = 0;
		const char *value = jsonget(cases[i].text, cases[i].path, cases[i].name, &len);
		int err = value ? 0 : errno;
		char got[64];

		snprintf(got, sizeof(got), "%.*s", (int)len, value ? value : "");
		check("jsonget", cases[i].text, value ? got : NULL, cases[i].value);
		if (err != cases[i].err)
			check("jsonget", cases[i].text, strerror(err), strerror(cases[i].err));
	}
}

int main(void)
{
	test_json();
	return failed > 0;
}
