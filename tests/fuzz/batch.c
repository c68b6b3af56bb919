/* SPDX-License-Identifier: MIT */
/* xnetns -batch: lines that go on, quotes, comments, bytes that are none of a text; read in small pieces. */
#include <config.h>

#include <setjmp.h>
#include <sys/mman.h>

#include "die.h"

static jmp_buf dead;
#define die(status, err, ...) longjmp(dead, 1)
#include "../../src/xnetns/batch.c"
#undef die
#include "fuzz.h"

/* How many line ends @data has */
static int count_lines(const uint8_t *data, size_t size)
{
	int n = size > 0 && data[size - 1] != '\n';

	for (size_t i = 0; i < size; i++)
		n += data[i] == '\n';
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *words[256];
	volatile int lines = 0;
	int fd = memfd_create("batch", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) < 0)
		abort();
	lseek(fd, 0, SEEK_SET);
	memset(&input, 0, sizeof(input));
	line.number = 0;
	input.fd = fd;
	input.piece = 1 + size % 64;
	if (setjmp(dead) == 0) {
		int n;

		while ((n = next_words("batch", words, ARRAY_SIZE(words))) != 0) {
			lines++;
			if (n < 0)
				continue;
			claim(n < (int)ARRAY_SIZE(words) && words[n] == NULL);
			for (int i = 0; i < n; i++)
				claim(words[i] >= line.text &&
				      words[i] + strlen(words[i]) <= line.text + line.len);
		}
		claim(line.number <= count_lines(data, size));
	}
	close(fd);
	claim(lines <= count_lines(data, size));
	return 0;
}
