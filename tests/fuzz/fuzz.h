/* SPDX-License-Identifier: MIT */
/* fuzz.h - what the targets of libFuzzer have in common. A target that says no more than "it did not crash" says little: claim(). */
#ifndef XNS_FUZZ_H
#define XNS_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define claim(what)                                             \
	do {                                                    \
		if (!(what)) {                                  \
			fprintf(stderr, "not so: %s\n", #what); \
			abort();                                \
		}                                               \
	} while (0)

/* A copy that ends in a NUL, and in nothing behind it; a NUL inside ends it. */
static inline char *text_of(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		abort();
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

/* What is printed from here on till captured() goes to memory. */
static FILE *real_stdout;
static char *captured_text;
static size_t captured_size;

static inline void capture(void)
{
	real_stdout = stdout;
	stdout = open_memstream(&captured_text, &captured_size);
}

/* Return: allocated */
static inline char *captured(void)
{
	fclose(stdout);
	stdout = real_stdout;
	return captured_text;
}

#endif
