/* SPDX-License-Identifier: MIT */
/* Lines of mountinfo, which hold what users called their directories: by libmount, and by our own reader. */
#include <config.h>

#include "fuzz.h"
#include "proc.h"
#include "xlsns/mountinfo.h"

static size_t longest;

static void look(void *arg, const char *root, const char *target)
{
	claim(root && target);
	claim(strlen(root) <= longest && strlen(target) <= longest);
	++*(int *)arg;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size), *copy = strdup(text);
	int n = 0, lines = 1;

	longest = strlen(text);
	for (const char *p = text; *p; p++)
		lines += *p == '\n';
	claim(mountinfo_read(text, look, &n) >= -1);
	claim(n <= lines);
	n = 0;
	claim(proc_mounts(copy, look, &n) == 0);
	claim(n <= lines);
	free(text);
	free(copy);
	return 0;
}
