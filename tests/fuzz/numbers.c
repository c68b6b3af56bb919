/* SPDX-License-Identifier: MIT */
/* Words to numbers, signals, offsets, and the names that are near to them. */
#include <config.h>

#include <ctype.h>
#include <limits.h>
#include <signal.h>

#include "fuzz.h"
#include "nearest.h"
#include "parse.h"
#include "shown.h"

/* The number in @word by another way than parse_number()'s; false: it is none, or no long long holds it */
static bool slow_number(const char *word, long long *out)
{
	bool minus = *word == '-';
	__int128 n = 0;

	word += *word == '-' || *word == '+';
	if (!*word)
		return false;
	for (; *word; word++) {
		if (!isdigit((unsigned char)*word))
			return false;
		if (n < (__int128)LLONG_MAX * 4)
			n = n * 10 + (*word - '0');
	}
	n = minus ? -n : n;
	*out = (long long)n;
	return n >= LLONG_MIN && n <= LLONG_MAX;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *word = text_of(data, size);
	long long n, slow;
	struct timespec t;
	int sig;
	struct nearest near;

	bool is = slow_number(word, &slow);

	claim((parse_number(word, LLONG_MIN, LLONG_MAX, &n) == 0) == is);
	claim(!is || n == slow);
	if (parse_number(word, 0, 4294967294, &n) == 0)
		claim(is && n >= 0 && n <= 4294967294 && *word != '-');
	sig = parse_signal(word);
	claim(sig == -1 || (sig >= 1 && sig <= SIGRTMAX));
	if (parse_offset(word, &t) == 0)
		claim(t.tv_nsec >= 0 && t.tv_nsec < 1000000000 && t.tv_sec <= 9223372035 &&
		      t.tv_sec >= -9223372036);
	near = nearest_to(word, strlen(word));
	nearest_try_list(&near, "mount uts ipc net pid user cgroup time map-root-user a");
	claim(!near.name || near.name_len > 0);
	n = parse_index("a bb ccc", " ", word, strlen(word));
	claim(n >= -1 && n < 3);
	free(word);
	return 0;
}
