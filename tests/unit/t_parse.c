/* SPDX-License-Identifier: MIT */
/* t_parse - words of command lines: what each becomes, and why it is refused. Silent unless a case fails. */
#include "config.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "account.h"
#include "parse.h"

static int failed;

/* A parser's answer for @word was @got (-1: @err), and not @expected (-1: @expected_err). */
static void check(const char *what, const char *word, bool same, long long got, int err,
		  long long expected, int expected_err)
{
	if (same)
		return;
	failed++;
	printf("t_parse: %s(\"%s\"): got %lld, %s; expected %lld, %s\n", what, word, got,
	       err ? strerror(err) : "no error", expected,
	       expected_err ? strerror(expected_err) : "no error");
}

/* ---- numbers ---- */

static void test_number(void)
{
	static const struct {
		const char *word;
		long long min, max, value;
		int err;
	} cases[] = {
		{ "0", 0, 10, 0, 0 },
		{ "10", 0, 10, 10, 0 },
		{ "11", 0, 10, 0, ERANGE },
		{ "+7", 0, 10, 7, 0 },
		{ "010", 0, 10, 10, 0 },
		{ "0000000000000000000000000000000000000001", 0, 10, 1, 0 },
		{ "-0", -1, 10, 0, 0 },
		{ "-0", 0, 10, 0, ERANGE },
		{ "-1", 0, 10, 0, ERANGE },
		{ "-1", -1, 10, -1, 0 },
		{ "-2", -1, 10, 0, ERANGE },
		{ "0", 1, 10, 0, ERANGE },
		{ "9223372036854775807", 0, LLONG_MAX, LLONG_MAX, 0 },
		{ "9223372036854775808", 0, LLONG_MAX, 0, ERANGE },
		{ "-9223372036854775808", LLONG_MIN, 0, LLONG_MIN, 0 },
		{ "-9223372036854775809", LLONG_MIN, 0, 0, ERANGE },
		{ "99999999999999999999999999", 0, LLONG_MAX, 0, ERANGE },
		{ "", 0, 10, 0, EINVAL },
		{ "+", 0, 10, 0, EINVAL },
		{ "-", -10, 10, 0, EINVAL },
		{ "--1", -10, 10, 0, EINVAL },
		{ "+-1", -10, 10, 0, EINVAL },
		{ " 1", 0, 10, 0, EINVAL },
		{ "1 ", 0, 10, 0, EINVAL },
		{ "\t1", 0, 10, 0, EINVAL },
		{ "1\n", 0, 10, 0, EINVAL },
		{ "1x", 0, 10, 0, EINVAL },
		{ "x1", 0, 10, 0, EINVAL },
		{ "0x1", 0, 10, 0, EINVAL },
		{ "1.0", 0, 10, 0, EINVAL },
		{ "1e1", 0, 10, 0, EINVAL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		long long n = 4711;
		int ret = parse_number(cases[i].word, cases[i].min, cases[i].max, &n);
		int err = ret < 0 ? errno : 0;

		check("parse_number", cases[i].word,
		      err == cases[i].err && (ret < 0 ? n == 4711 : n == cases[i].value), n, err,
		      cases[i].value, cases[i].err);
	}
}

/* ---- ids ---- */

static void test_ids(void)
{
	static const struct {
		const char *word;
		unsigned int id;
		int err;
	} cases[] = {
		{ "0", 0, 0 },
		{ "1000", 1000, 0 },
		{ "010", 10, 0 },
		{ "+1", 1, 0 },
		{ "2147483648", 2147483648U, 0 },
		{ "4294967294", 4294967294U, 0 },
		{ "4294967295", 0, ERANGE },
		{ "4294967296", 0, ERANGE },
		{ "99999999999999999999", 0, ERANGE },
		{ "-1", 0, ERANGE },
		{ "1x", 0, EINVAL },
		{ "0x10", 0, EINVAL },
		{ "1.5", 0, EINVAL },
		{ " 1", 0, EINVAL },
		{ "1 ", 0, EINVAL },
		{ "", 0, EINVAL },
		{ "-", 0, EINVAL },
		{ "root", 0, 0 },
		{ " root", 0, EINVAL },
		{ "xns-no-such-name", 0, EINVAL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *word = cases[i].word;
		uid_t uid = 4711;
		gid_t gid = 4711;
		int ret = parse_uid(word, &uid);
		int err = ret < 0 ? errno : 0;

		check("parse_uid", word,
		      err == cases[i].err && uid == (ret < 0 ? 4711 : cases[i].id), uid, err,
		      cases[i].id, cases[i].err);
		ret = parse_gid(word, &gid);
		err = ret < 0 ? errno : 0;
		check("parse_gid", word,
		      err == cases[i].err && gid == (ret < 0 ? 4711 : cases[i].id), gid, err,
		      cases[i].id, cases[i].err);
	}
}

static void test_owner(void)
{
	static char long_name[300]; /* longer than any name */
	static const struct {
		const char *word;
		unsigned int uid, gid;
		int err;
	} cases[] = {
		{ "0:0", 0, 0, 0 },
		{ "1:2", 1, 2, 0 },
		{ "4294967294:4294967294", 4294967294U, 4294967294U, 0 },
		{ "root:root", 0, 0, 0 },
		{ "root:5", 0, 5, 0 },
		{ "5:root", 5, 0, 0 },
		{ "", 0, 0, EINVAL },
		{ "1", 0, 0, EINVAL },
		{ ":", 0, 0, EINVAL },
		{ "1:", 0, 0, EINVAL },
		{ ":1", 0, 0, EINVAL },
		{ "1:2:3", 0, 0, EINVAL },
		{ "1:x-no-group", 0, 0, EINVAL },
		{ "x-no-user:1", 0, 0, EINVAL },
		{ "1: 2", 0, 0, EINVAL },
		{ "4294967295:0", 0, 0, ERANGE },
		{ "0:4294967296", 0, 0, ERANGE },
		{ "0:-1", 0, 0, ERANGE },
		{ long_name, 0, 0, EINVAL },
	};

	memset(long_name, 'a', sizeof(long_name) - 3);
	memcpy(long_name + sizeof(long_name) - 3, ":1", 3);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uid_t uid = 0;
		gid_t gid = 0;
		int ret = parse_owner(cases[i].word, &uid, &gid);
		int err = ret < 0 ? errno : 0;

		check("parse_owner", cases[i].word,
		      err == cases[i].err &&
			      (ret < 0 || (uid == cases[i].uid && gid == cases[i].gid)),
		      uid * 1000000LL + gid, err, cases[i].uid * 1000000LL + cases[i].gid,
		      cases[i].err);
	}
}

/* ---- signals ---- */

static void test_signal(void)
{
	const struct {
		const char *word;
		int sig;
	} cases[] = {
		{ "KILL", SIGKILL },
		{ "SIGKILL", SIGKILL },
		{ "sigkill", SIGKILL },
		{ "SigTerm", SIGTERM },
		{ "term", SIGTERM },
		{ "HUP", SIGHUP },
		{ "USR1", SIGUSR1 },
		{ "POLL", SIGPOLL },
		{ "IO", SIGIO },
		{ "IOT", SIGABRT },
		{ "ABRT", SIGABRT },
		{ "CLD", SIGCHLD },
		{ "CHLD", SIGCHLD },
		{ "WINCH", SIGWINCH },
		{ "STKFLT", SIGSTKFLT },
		{ "RTMIN", SIGRTMIN },
		{ "rtmin", SIGRTMIN },
		{ "SIGRTMIN", SIGRTMIN },
		{ "RTMIN+0", SIGRTMIN },
		{ "RTMIN+1", SIGRTMIN + 1 },
		{ "SIGRTMIN+3", SIGRTMIN + 3 },
		{ "RTMAX", SIGRTMAX },
		{ "RTMAX-1", SIGRTMAX - 1 },
		{ "RTMAX-0", SIGRTMAX },
		{ "1", 1 },
		{ "9", SIGKILL },
		{ "09", SIGKILL },
		{ "64", SIGRTMAX },
		{ "RTMIN-1", -1 },
		{ "RTMAX+1", -1 },
		{ "RTMIN+31", -1 },
		{ "RTMIN+", -1 },
		{ "RTMIN+x", -1 },
		{ "RTMIN1", -1 },
		{ "RTMIN+99999999999999", -1 },
		{ "0", -1 },
		{ "65", -1 },
		{ "-9", -1 },
		{ "+9", -1 },
		{ "9x", -1 },
		{ " 9", -1 },
		{ "", -1 },
		{ "SIG", -1 },
		{ "SIGSIGKILL", -1 },
		{ "KILLS", -1 },
		{ "KIL", -1 },
		{ "FOO", -1 },
		{ "SIG9", -1 },
		{ "0x9", -1 },
		{ "99999999999999999999", -1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int sig = parse_signal(cases[i].word);

		check("parse_signal", cases[i].word, sig == cases[i].sig, sig, 0, cases[i].sig, 0);
	}
}

/* ---- any case ---- */

static void test_same(void)
{
	static const struct {
		const char *a, *b;
		size_t len;
		bool same;
	} cases[] = {
		{ "PIDINO", "pidino", SIZE_MAX, true },
		{ "pid", "pidino", SIZE_MAX, false },
		{ "pidino", "pid", SIZE_MAX, false },
		{ "pid", "PIDINO", 3, true },
		{ "pi", "pid", 3, false },
		{ "", "", SIZE_MAX, true },
		{ "", "a", SIZE_MAX, false },
		{ "a", "b", 0, true },
		{ "[", "{", SIZE_MAX, false }, /* beside the letters */
		{ "@", "`", SIZE_MAX, false },
		{ "\xc3\x84", "\xc3\xa4", SIZE_MAX, false }, /* of no alphabet but that one */
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		bool same = parse_same(cases[i].a, cases[i].b, cases[i].len);

		check("parse_same", cases[i].a, same == cases[i].same, same, 0, cases[i].same, 0);
	}
}

/* ---- offsets ---- */

static void test_offset(void)
{
	static const struct {
		const char *word;
		long long s;
		long ns;
		int err;
	} cases[] = {
		{ "0", 0, 0, 0 },
		{ "5", 5, 0, 0 },
		{ "+5", 5, 0, 0 },
		{ "-5", -5, 0, 0 },
		{ "010", 10, 0, 0 },
		{ "-0", 0, 0, 0 },
		{ "1.5", 1, 500000000, 0 },
		{ "+1.5", 1, 500000000, 0 },
		{ "1.0", 1, 0, 0 },
		{ "1.000000001", 1, 1, 0 },
		{ "1.999999999", 1, 999999999, 0 },
		{ "0.1", 0, 100000000, 0 },
		{ "0.01", 0, 10000000, 0 },
		{ "-1.5", -2, 500000000, 0 },
		{ "-0.5", -1, 500000000, 0 },
		{ "-0.000000001", -1, 999999999, 0 },
		{ "-1.000000001", -2, 999999999, 0 },
		{ "-1.0", -1, 0, 0 },
		{ "9223372035", 9223372035LL, 0, 0 },
		{ "-9223372035", -9223372035LL, 0, 0 },
		{ "9223372036", 0, 0, ERANGE },
		{ "-9223372036", 0, 0, ERANGE },
		{ "9223372036854775807", 0, 0, ERANGE },
		{ "9223372036854775808", 0, 0, ERANGE },
		{ "99999999999999999999999999999999999999", 0, 0, ERANGE },
		{ "-99999999999999999999999999999999999999", 0, 0, ERANGE },
		{ "99999999999999999999999999999999999999.5", 0, 0, ERANGE },
		{ "9999999999999999999999999999999999999x", 0, 0, EINVAL },
		{ "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 0, 0, EINVAL },
		{ "", 0, 0, EINVAL },
		{ "-", 0, 0, EINVAL },
		{ ".", 0, 0, EINVAL },
		{ "1.", 0, 0, EINVAL },
		{ ".5", 0, 0, EINVAL },
		{ "-.5", 0, 0, EINVAL },
		{ "1.1234567890", 0, 0, EINVAL },
		{ "1.5.5", 0, 0, EINVAL },
		{ "1.-5", 0, 0, EINVAL },
		{ "1.+5", 0, 0, EINVAL },
		{ "1. 5", 0, 0, EINVAL },
		{ "1.5s", 0, 0, EINVAL },
		{ "1,5", 0, 0, EINVAL },
		{ "--1", 0, 0, EINVAL },
		{ "0x5", 0, 0, EINVAL },
		{ "1e3", 0, 0, EINVAL },
		{ " 5", 0, 0, EINVAL },
		{ "5 ", 0, 0, EINVAL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct timespec t = { 0, 0 };
		int ret = parse_offset(cases[i].word, &t);
		int err = ret < 0 ? errno : 0;

		check("parse_offset: seconds", cases[i].word,
		      err == cases[i].err && (ret < 0 || t.tv_sec == cases[i].s), t.tv_sec, err,
		      cases[i].s, cases[i].err);
		check("parse_offset: nanoseconds", cases[i].word,
		      ret < 0 || t.tv_nsec == cases[i].ns, t.tv_nsec, 0, cases[i].ns, 0);
	}
}

int main(void)
{
	test_number();
	test_ids();
	test_owner();
	test_signal();
	test_same();
	test_offset();
	return failed ? 1 : 0;
}
