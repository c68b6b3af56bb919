/* SPDX-License-Identifier: MIT */
/*
 * parse.h - words of a command line to numbers, signals and offsets: whole words only, in the
 * range of the kernel's type. Pure; ids, which may be names, are read in account.h. No message is printed here.
 */
#ifndef XNS_PARSE_H
#define XNS_PARSE_H

#include <sys/types.h>
#include <time.h>

#include "util.h"

/*
 * parse_number() - a decimal number of [+]digits, or -digits where @min is negative.
 * Return: 0; or -1 with errno EINVAL (not a number) or ERANGE (outside @min … @max).
 */
int parse_number(const char *word, long long min, long long max, long long *out) must_check;

/*
 * parse_signal() - a signal: name with or without SIG, in any case, RTMIN+N, RTMAX-N, or number.
 * Return: the signal, or -1.
 */
int parse_signal(const char *word) must_check;

/* parse_signal_name() - the name of signal @i, from 1 on, without SIG; behind them all RTMIN, RTMAX, NULL. */
const char *parse_signal_name(int i);

/*
 * parse_offset() - seconds, with a sign and up to nine decimal places: "-5", "1.5".
 * @out is normalized: 0 <= tv_nsec < 1000000000, as /proc/PID/timens_offsets wants it.
 * Return: 0; or -1 with errno EINVAL or ERANGE (the kernel's ktime_t ends at about 292 years).
 */
int parse_offset(const char *word, struct timespec *out) must_check;

/*
 * parse_lower() - @c, as a small letter where it is one of A to Z.
 * parse_same() - whether the words @a and @b are the same in any case, or their first @len bytes are.
 * Not tolower(3) and strcasecmp(3), which ask the locale: in Turkish I is not the i's capital.
 */
int parse_lower(char c);
bool parse_same(const char *a, const char *b, size_t len);

/*
 * parse_index() - which of the words of @list, that any of @ends ends, the one of @len bytes at @word is.
 * Return: from 0; -1: none.
 */
int parse_index(const char *list, const char *ends, const char *word, size_t len);

#endif
