/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "compat.h"
#include "parse.h"

#define SECONDS_MAX 9223372035LL /* KTIME_SEC_MAX - 1: what the kernel's ktime_t holds */

int parse_number(const char *word, long long min, long long max, long long *out)
{
	const char *digits = word + (*word == '+' || *word == '-');
	long long n;

	if (!*digits || digits[strspn(digits, "0123456789")] != '\0')
		return fail_with(EINVAL);
	errno = 0;
	n = strtoll(word, NULL, 10);
	if (errno || n < min || n > max || (*word == '-' && min >= 0))
		return fail_with(ERANGE);
	*out = n;
	return 0;
}

int parse_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

bool parse_same(const char *a, const char *b, size_t len)
{
	size_t i = 0;

	while (i < len && a[i] && parse_lower(a[i]) == parse_lower(b[i]))
		i++;
	return i == len || parse_lower(a[i]) == parse_lower(b[i]);
}

/* "+N" or "-N" behind RTMIN or RTMAX, or nothing. */
static int realtime_signal(const char *word, int base)
{
	long long n = 0;

	if (*word && ((*word != '+' && *word != '-') || parse_number(word, -64, 64, &n) < 0))
		return -1;
	n += base;
	return n >= SIGRTMIN && n <= SIGRTMAX ? (int)n : -1;
}

const char *parse_signal_name(int i)
{
	if (i < KERNEL_SIGRTMIN)
		return sigabbrev_np(i);
	return i == KERNEL_SIGRTMIN ? "RTMIN" : i == KERNEL_SIGRTMIN + 1 ? "RTMAX" : NULL;
}

int parse_signal(const char *word)
{
	static const struct {
		const char *name;
		int sig;
	} aliases[] = { { "IOT", SIGABRT }, { "CLD", SIGCHLD }, { "IO", SIGIO } };
	long long n;

	if (isdigit((unsigned char)*word))
		return parse_number(word, 1, SIGRTMAX, &n) == 0 &&
				       (n < KERNEL_SIGRTMIN || n >= SIGRTMIN)
			       ? (int)n
			       : -1;
	if (parse_same(word, "SIG", 3))
		word += 3;
	if (parse_same(word, "RTMIN", 5))
		return realtime_signal(word + 5, SIGRTMIN);
	if (parse_same(word, "RTMAX", 5))
		return realtime_signal(word + 5, SIGRTMAX);
	for (int sig = 1; sig < SIGRTMIN; sig++) {
		const char *name = sigabbrev_np(sig);

		if (name && parse_same(word, name, SIZE_MAX))
			return sig;
	}
	for (size_t i = 0; i < ARRAY_SIZE(aliases); i++)
		if (parse_same(word, aliases[i].name, SIZE_MAX))
			return aliases[i].sig;
	return -1;
}

/* The digits behind the point as nanoseconds, or -1. */
static long parse_fraction(const char *digits)
{
	long ns = 0;
	size_t n = strspn(digits, "0123456789");

	if (n == 0 || n > 9 || digits[n] != '\0')
		return -1;
	for (size_t i = 0; i < 9; i++)
		ns = ns * 10 + (i < n ? digits[i] - '0' : 0);
	return ns;
}

int parse_offset(const char *word, struct timespec *out)
{
	const char *point = strchr(word, '.');
	char whole[32];
	size_t len = point ? (size_t)(point - word) : strlen(word);
	long long s;
	long ns = 0;

	if (point)
		ns = parse_fraction(point + 1);
	if (ns < 0)
		return fail_with(EINVAL);
	if (len >= sizeof(whole)) {
		size_t sign = *word == '-' || *word == '+';
		bool number = strspn(word + sign, "0123456789") == len - sign;

		errno = number ? ERANGE : EINVAL; /* longer than any number in range */
		return -1;
	}
	memcpy(whole, word, len);
	whole[len] = '\0';
	if (parse_number(whole, -SECONDS_MAX, SECONDS_MAX, &s) < 0)
		return -1;
	if (*word == '-' && ns > 0) { /* -1.5 is -2 s and 500,000,000 ns */
		s -= 1;
		ns = 1000000000L - ns;
	}
	out->tv_sec = s;
	out->tv_nsec = ns;
	return 0;
}

int parse_index(const char *list, const char *ends, const char *word, size_t len)
{
	for (int i = 0; *list; i++) {
		size_t n = strcspn(list, ends);

		if (n == len && strncmp(list, word, len) == 0)
			return i;
		list += n + (list[n] != '\0');
	}
	return -1;
}
