/* SPDX-License-Identifier: MIT */
/* What stands on a line comes from the tables that the tools themselves read: a new option is tried as soon as it is a row. */
#include <config.h>

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "compat.h"
#include "kind.h"
#include "lines.h"
#include "parse.h"
#include "xlsns/columns.h"
#include "xlsns/options.h"
#include "xnetns/args.h"
#include "xnetns/commands.h"
#include "xnsenter/options.h"
#include "xunshare/options.h"

const char *const tool_names[N_TOOLS] = { "xunshare", "xnsenter", "xlsns", "xnetns" };
static const char *const classic[N_TOOLS] = { "unshare", "nsenter", "lsns", "ip" };
static const struct cli_tool *const tools[] = { &xunshare_tool, &xnsenter_tool, &xlsns_tool };

/* ---- chance ---- */

static uint64_t state;

static uint64_t any(void) /* splitmix64 */
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static int below(int n)
{
	return n > 0 ? (int)(any() % (uint64_t)n) : 0;
}

/* Once in @n times */
static bool once_in(int n)
{
	return below(n) == 0;
}

/* Most lines are of somebody who knows what he does: chance is to go far into the tools, not only to their door. */
static bool careful;

/* A slip: once in @n times, of a line that has any */
static bool slip(int n)
{
	return !careful && once_in(n);
}

#define ONE_OF(list) ((list)[below((int)ARRAY_SIZE(list))])

/* ---- memory: that of one line ---- */

static char memory[16 << 20];
static size_t used;

static char *keep(const char *text, size_t len)
{
	char *s = memory + used;

	if (used + len + 1 > sizeof(memory))
		abort();
	memcpy(s, text, len);
	s[len] = '\0';
	used += len + 1;
	return s;
}

static char *__attribute__((format(printf, 1, 2))) form(const char *fmt, ...)
{
	static char text[200000];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return keep(text, n < (int)sizeof(text) ? (size_t)n : sizeof(text) - 1);
}

/* One of the words of @list */
static const char *word_of(const char *list, const char *ends)
{
	int n = 0;

	for (const char *p = list; *p; p += strcspn(p, ends), p += strspn(p, ends))
		n++;
	n = below(n);
	for (; n > 0; n--)
		list += strcspn(list, ends), list += strspn(list, ends);
	return keep(list, strcspn(list, ends));
}

/* ---- words ---- */

static const int *target_pids;

static const char *repeated(const char *text, int times)
{
	size_t len = strlen(text);
	char *s = memory + used;

	if (used + len * (size_t)times + 1 > sizeof(memory))
		abort();
	for (int i = 0; i < times; i++)
		memcpy(s + len * (size_t)i, text, len);
	s[len * (size_t)times] = '\0';
	used += len * (size_t)times + 1;
	return s;
}

static const char *number(void)
{
	static const char *const edges[] = { "0",
					     "1",
					     "2",
					     "3",
					     "5",
					     "7",
					     "9",
					     "42",
					     "100",
					     "1023",
					     "1024",
					     "65535",
					     "65536",
					     "2147483647",
					     "2147483648",
					     "4294967294",
					     "4294967295",
					     "4294967296",
					     "9223372036",
					     "9223372035",
					     "9223372036854775807",
					     "9223372036854775808",
					     "18446744073709551615",
					     "18446744073709551616",
					     "-0",
					     "-1",
					     "-2",
					     "+1",
					     "+0",
					     "-2147483648",
					     "-2147483649",
					     "-9223372036854775808",
					     "-9223372036854775809",
					     "007",
					     "0x10",
					     "1e3",
					     "1.5",
					     "-1.5",
					     "0.000000001",
					     "1.0000000001",
					     ".5",
					     "5.",
					     "1,5" };

	return once_in(3) ? form("%d", below(70000)) : careful ? edges[below(14)] : ONE_OF(edges);
}

static const char *junk(void)
{
	static const char *const odd[] = { "",
					   " ",
					   "-",
					   "--",
					   "---",
					   "-x",
					   "=",
					   ":",
					   "::",
					   ":::",
					   ",",
					   ",,",
					   "/",
					   "//",
					   ".",
					   "..",
					   "%s%n",
					   "%",
					   "\n",
					   "a b",
					   "a\nb",
					   "\t",
					   "\x1b[31mred",
					   "\x7f",
					   "\xff\xfe",
					   "\xc3",
					   "\xe2\x80\xae",
					   "é",
					   "日本",
					   "\xf0\x9f\x98\x80",
					   "\xed\xa0\x80",
					   "\"",
					   "'",
					   "\\",
					   "*",
					   "~",
					   "$HOME",
					   "#",
					   "nonsense",
					   "NULL",
					   "a/../b",
					   "/w/../w",
					   "/proc/self",
					   "/dev/null",
					   "../../../.." };
	char text[64];
	int len;

	switch (below(8)) {
	case 0:
		len = below(40);
		for (int i = 0; i < len; i++)
			text[i] = (char)(1 + below(255));
		return keep(text, (size_t)len);
	case 1:
		return repeated(once_in(2) ? "A" : "1", 200 + below(200));
	case 2:
		return once_in(4) ? repeated(ONE_OF(odd), 1 + below(3000)) : number();
	case 3:
		return once_in(3) ? repeated("a/", 1000 + below(3000)) : number();
	default:
		return ONE_OF(odd);
	}
}

/* @word, with a slip or two of whoever wrote it */
static const char *slipped(const char *word)
{
	char *s;
	size_t len = strlen(word), at;

	s = keep(word, len + 1); /* room for one more */
	for (int n = 1 + below(2); n > 0; n--) {
		len = strlen(s);
		at = (size_t)below((int)len + 1);
		switch (below(4)) {
		case 0:
			s[at] = '\0';
			break;
		case 1:
			if (at < len)
				memmove(s + at, s + at + 1, len - at);
			break;
		case 2:
			if (at < len)
				s[at] = (char)(1 + below(255));
			break;
		default:
			if (len < strlen(word) + 1 && at < len) {
				memmove(s + at + 1, s + at, len - at);
				s[len + 1] = '\0';
			}
		}
	}
	return s;
}

static const char *pid(void)
{
	return slip(3) ? number() : form("%d", target_pids[below(N_TARGETS)]);
}

static const char *ns_file(void)
{
	static const char *const files[] = { "/w/f",	     "/w/new",		 "/w/d",
					     "/w/d/new",     "/w/none/x",	 "/run/netns/a",
					     "/run/netns/b", "/w/link",		 "/w/ns",
					     "/dev/null",    "/proc/self/ns/net" };

	if (once_in(3))
		return form("/proc/%s/ns/%s", pid(), kinds[below(KIND_COUNT)].proc);
	return ONE_OF(files);
}

static const char *dir(void)
{
	static const char *const dirs[] = { "/",       "/w",   "/w/d", ".",	"..",	   "/tmp",
					    "/w/none", "/w/f", "/usr", "/proc", "/w/link", "d" };

	return ONE_OF(dirs);
}

static const char *place(void)
{
	static const char *const places[] = { "/",    "/a", "/a/b/c",  "/mnt", "/tmp",	  "/dev",
					      "/bin", "/w", "/a/../b", "a",    "/w/link", "//x//y" };

	return ONE_OF(places);
}

static const char *name(void)
{
	static const char *const names[] = { "a",   "b",    "c",   "new",	   "x1",
					     ".",   "..",   "a/b", "/run/netns/a", "-a",
					     "a b", "list", "é",   "all",	   "nsid" };

	return slip(6)	 ? repeated("n", 200 + below(100))
	       : careful ? names[below(5)]
			 : ONE_OF(names);
}

static const char *columns_list(void)
{
	const char *list = once_in(3) ? "+" : "";

	for (int n = 1 + below(4); n > 0; n--)
		list = form("%s%s%s", list, *list && strcmp(list, "+") != 0 ? "," : "",
			    columns[below(n_columns)].name);
	return list;
}

static const char *expression(void)
{
	static const char *const ops[] = {
		"==", "!=", "<", ">", "<=", ">=", "=~", "!~", "eq", "in"
	};
	static const char *const values[] = { "1",   "\"net\"", "\"a.*\"", "0.5", "true",
					      "PID", "\"[\"",	"-1",	   "''",  "4026531840" };
	const char *expr =
		form("%s %s %s", columns[below(n_columns)].name, ONE_OF(ops), ONE_OF(values));

	if (once_in(3))
		expr = form("%s%s %s %s %s%s", once_in(2) ? "!(" : "(", expr,
			    once_in(2) ? "&&" : "||", columns[below(n_columns)].name,
			    once_in(2) ? "> 0" : "", once_in(9) ? "" : ")");
	return expr;
}

static const char *map_range(void)
{
	static const char *const ranges[] = { "0:0:1",		"0:100000:65536", "0,1,2",
					      "1:1:1",		"0:0:4294967295", "0:1:4294967295",
					      "4294967294:0:1", "4294967295:0:1", "0:64001:1",
					      "0:700000:100",	"5:5:0",	  "0:0:65536",
					      "65536:100000:10" };

	return once_in(4) ? form("%s:%s:%s", number(), number(), number()) : ONE_OF(ranges);
}

static const char *bind_of(void)
{
	static const char *const parts[] = { "",	  ":ro",	  ":idmap",
					     ":optional", ":/mnt:ro",	  ":/a:ro,optional",
					     ":/a:",	  ":/a:nonsense", ":/a:idmap",
					     ":/a/b" };

	return form("%s%s", once_in(3) ? "/usr" : once_in(2) ? ns_file() : dir(), ONE_OF(parts));
}

static const char *link_end(void)
{
	static const char *const parts[] = { "dev=e0",
					     "dev=e1",
					     "addr=10.0.0.1/24",
					     "addr=10.0.0.2/24",
					     "addr=fd00::1/64",
					     "gw=10.0.0.1",
					     "gw=fd00::1",
					     "addr=1.2.3.4/33",
					     "addr=::/129",
					     "dev=",
					     "dev=abcdefghijklmnop",
					     "addr=x",
					     "gw=",
					     "mtu=1" };
	const char *end = once_in(4) ? "." : name();

	for (int n = below(4); n > 0; n--)
		end = form("%s,%s", end, ONE_OF(parts));
	return end;
}

static const char *signal_word(void)
{
	static const char *const signals[] = { "KILL",	  "SIGTERM", "term", "RTMIN", "RTMIN+1",
					       "RTMAX-1", "RTMAX+1", "9",    "0",     "32",
					       "64",	  "65",	     "STOP", "EXIT" };

	return ONE_OF(signals);
}

static const char *fd_word(void)
{
	static const char *const fds[] = {
		"0", "1", "2",	 "3",	 "5",  "6",	     "7",
		"8", "9", "255", "1023", "-1", "2147483647", "2147483648"
	};

	return ONE_OF(fds);
}

static const char *namespace_word(void)
{
	return once_in(2) ? ns_file() : form("%d", (int)(4026531832u - 2147483648u) + below(20));
}

static const char *join_word(void)
{
	const char *kind = kinds[below(KIND_COUNT)].proc;

	return form("%s=%s", kind,
		    once_in(3)	 ? pid()
		    : once_in(3) ? form(":%s", number())
				 : ns_file());
}

static const char *overlay(void)
{
	static const char *const uppers[] = { "",
					      ",upper=/w/up,work=/w/work",
					      ",upper=/w/up",
					      ",work=/w/work",
					      ",upper=,work=",
					      ",nonsense=1" };

	return form("%s:%s%s", dir(), place(), ONE_OF(uppers));
}

static const char *owner(void)
{
	static const char *const ids[] = { "0", "64001", "root", "xns", "4294967294", "none" };

	return form("%s:%s", ONE_OF(ids), ONE_OF(ids));
}

static const char *user(void)
{
	static const char *const users[] = { "0",    "1",     "64001",	    "root",	 "xns",
					     "none", "65534", "4294967294", "4294967295" };

	return ONE_OF(users);
}

static const char *kind_word(void)
{
	return slip(3) ? "pid_for_children" : kinds[below(KIND_COUNT)].proc;
}

static const char *program_word(void)
{
	return once_in(2) ? "true" : "touch made; echo $$";
}

static const char *two_places(void)
{
	return form("%s:%s", once_in(2) ? fd_word() : dir(), place());
}

static const char *env_names(void)
{
	static const char *const lists[] = { "HOME", "PATH,HOME", "",	      ",",
					     "NONE", "HOME=x",	  "PATH,PATH" };

	return ONE_OF(lists);
}

static const char *definition(void)
{
	return once_in(2)   ? ":x:E::xx::/bin/true:"
	       : once_in(2) ? ":x:M::\\x7fELF::/bin/true:F"
			    : "x";
}

/* How words are made for what help calls an argument; the first whose text is in it */
static const struct {
	const char *called;
	const char *(*make)(void);
} makers[] = {
	{ "kind=file", join_word },
	{ "inner:outer:count", map_range },
	{ "source[", bind_of },
	{ "lower[", overlay },
	{ "target:place", two_places },
	{ "fd:place", two_places },
	{ "place", place },
	{ "uid:gid", owner },
	{ "uid", user },
	{ "gid", user },
	{ "user", user },
	{ "pid", pid },
	{ "fd", fd_word },
	{ "dir", dir },
	{ "signal", signal_word },
	{ "seconds", number },
	{ "name,...", env_names },
	{ "[,dev=", link_end },
	{ "name", name },
	{ "file", ns_file },
	{ "namespace", namespace_word },
	{ "type", kind_word },
	{ "list", columns_list },
	{ "expr", expression },
	{ "definition", definition },
	{ "command", program_word },
	{ "id", number },
	{ "n", number },
};

/* A word for an argument that help calls @arg, with the @values that the table names */
static const char *value_of(const char *arg, const char *values)
{
	const char *word = NULL;

	if (slip(6))
		return junk();
	if (values && *values && !once_in(4) && !strchr(values, '='))
		word = word_of(values, " ");
	else if (arg) {
		/* of alternatives any */
		const char *one = strchr(arg, '|') && !strchr(arg, '=') ? word_of(arg, "|") : arg;

		for (size_t i = 0; i < ARRAY_SIZE(makers) && !word; i++)
			if (strstr(one, makers[i].called))
				word = makers[i].make();
		if (!word)
			word = once_in(2) || careful ? one : junk();
	}
	if (!word)
		word = junk();
	return slip(8) ? slipped(word) : word;
}

/* ---- the line ---- */

static void add(struct line *l, const char *word)
{
	if (l->argc < MAX_WORDS)
		l->argv[l->argc++] = (char *)word;
}

/* As the shells' users write it: the letter or the name, which may be short, and its argument beside it or behind it */
static void add_option(struct line *l, const struct cli_option *o)
{
	bool letter = o->letter && once_in(2);
	int has = letter ? o->short_arg : o->long_arg;
	const char *name = o->name, *value = NULL;

	if (has == required_argument || (has == optional_argument && once_in(2)))
		value = value_of(o->arg, o->values);
	if (slip(20)) /* what it does not take, or not what it does */
		value = value ? NULL : junk();
	if (letter) {
		if (value && has == required_argument && once_in(2)) {
			add(l, form("-%c", o->letter));
			add(l, value);
		} else
			add(l, form("-%c%s%s", o->letter, value && once_in(8) ? "=" : "",
				    value ? value : ""));
		return;
	}
	if (slip(6))
		name = keep(name, 1 + (size_t)below((int)strlen(name)));
	if (value && has == required_argument && once_in(2)) {
		add(l, form("--%s", name));
		add(l, value);
	} else
		add(l, value ? form("--%s=%s", name, value) : form("--%s", name));
}

/* What an option is nothing without */
static void add_companions(struct line *l, const char *name)
{
	static const struct {
		const char *of;
		const char *words[9];
	} companions[] = {
		{ "set-tid", { "--clone", "-p" } },
		{ "into-cgroup", { "--clone" } },
		{ "monotonic", { "-T" } },
		{ "boottime", { "-T" } },
		{ "propagation", { "-m" } },
		{ "load-interp", { "-pf", "--mount-proc" } },
		{ "mount-proc", { "-pf" } },
		{ "new-root",
		  { "--bind=/usr", "--symlink=usr/bin:/bin", "--symlink=usr/lib:/lib",
		    "--symlink=usr/lib64:/lib64", "--bind=/w" } },
		{ "read-only",
		  { "--new-root", "--bind=/usr", "--symlink=usr/bin:/bin", "--symlink=usr/lib:/lib",
		    "--symlink=usr/lib64:/lib64" } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(companions) && !slip(2); i++)
		if (strcmp(companions[i].of, name) == 0)
			for (const char *const *p = companions[i].words; *p; p++)
				add(l, *p);
}

/* Several letters in one word */
static void add_letters(struct line *l, const struct cli_tool *tool)
{
	char word[16] = "-";
	int n = 1;

	for (int i = 2 + below(4); i > 0; i--) {
		struct cli_option o = cli_row(tool, below(cli_rows(tool)));

		if (o.name && o.letter && o.short_arg != required_argument)
			word[n++] = (char)o.letter;
	}
	if (n > 1)
		add(l, keep(word, (size_t)n));
}

static void add_program(struct line *l)
{
	static const char *const odd[] = { "/bin/true", "true",	   "/w/script", "/w/f",
					   "/w/d",	"none",	   "",		"/w/none",
					   "cat",	"/w/loop", "./script" };

	l->ends_with = -1;
	if (once_in(8)) {
		add(l, slip(5) ? junk() : ONE_OF(odd));
		if (slip(3))
			add(l, junk());
		return;
	}
	if (once_in(12)) /* none: the shell */
		return;
	if (once_in(6))
		add(l, "--");
	add(l, "/bin/sh");
	add(l, "-c");
	l->ends_with = below(3) * 3;
	add(l, form("echo RAN; exit %d", l->ends_with));
}

/* What most lines of the tool have */
static void add_usual(struct line *l)
{
	if (l->tool == XNSENTER && !slip(4)) {
		add(l, "-t");
		add(l, pid());
		for (int n = below(4); n > 0; n--)
			add(l, form("-%c", kinds[below(KIND_COUNT)].letter));
		if (once_in(2))
			add(l, "-a");
	}
	if (l->tool == XUNSHARE && (l->as_user || once_in(4)))
		add(l, once_in(3) ? "-U" : once_in(4) ? "-c" : "-r");
	if (once_in(6) && (l->tool != XLSNS || slip(2)))
		add(l, once_in(2) ? "--dry-run" : "-x");
	if (l->tool != XLSNS && once_in(12))
		add(l, "--explain");
}

static void make_tool_line(struct line *l)
{
	const struct cli_tool *tool = tools[l->tool];
	int n = below(careful ? 4 : 6);

	add_usual(l);
	if (once_in(careful ? 3 : 5))
		add_letters(l, tool);
	while (n > 0) {
		struct cli_option o = cli_row(tool, below(cli_rows(tool)));

		if (!o.name || (careful && !o.help) ||
		    ((strcmp(o.name, "help") == 0 || strcmp(o.name, "version") == 0) &&
		     !once_in(20)) ||
		    (careful && l->tool == XNSENTER && o.letter == 't'))
			continue;
		add_option(l, &o);
		add_companions(l, o.name);
		n--;
	}
	if (slip(10))
		add(l, form("-%s", junk()));
	if (!tool->permutes)
		add_program(l);
	else if (once_in(careful ? 12 : 4))
		add(l, value_of("namespace", NULL));
}

/* ---- xnetns ---- */

static void add_global(struct line *l)
{
	const struct global_option *o = &global_options[below(n_global_options)];

	if (*o->name == 'h' || *o->name == 'v' ||
	    *o->name == 'V') /* all that they do is to print */
		if (!once_in(8))
			return;
	if (o->letter && once_in(2))
		add(l, form("-%c", o->letter));
	else
		add(l, form("%s%s", once_in(2) ? "-" : "--",
			    once_in(6) ? keep(o->name, 1 + (size_t)below((int)strlen(o->name)))
				       : o->name));
	if (o->arg && !slip(10))
		add(l, strcmp(o->name, "batch") == 0 && !once_in(6)   ? "/w/batch"
		       : strcmp(o->name, "netns") == 0 && !once_in(4) ? "a"
								      : value_of(o->arg, NULL));
}

static void add_command_option(struct line *l, const struct command *c)
{
	int n = 0;

	while (n < (int)ARRAY_SIZE(c->options) && c->options[n].name)
		n++;
	if (n == 0)
		return;

	const struct command_option *o = &c->options[below(n)];
	bool has = o->arg == ' ' || o->arg == '=' || (o->arg == '?' && once_in(2)) || slip(20);

	if (!has)
		add(l, o->name);
	else if (o->arg == ' ' && once_in(2)) {
		add(l, o->name);
		add(l, value_of(o->value, o->values));
	} else
		add(l, form("%s=%s", o->name, value_of(o->value, o->values)));
}

/* The words that help says it takes; or one less or more */
static void add_command_words(struct line *l, const struct command *c)
{
	char *rest = keep(c->args ? c->args : "", c->args ? strlen(c->args) : 0), *arg;

	while ((arg = strsep(&rest, " ")) != NULL && *arg) {
		bool many = strstr(arg, "...") != NULL;

		if (strstr(arg, "<program>")) {
			add_program(l);
			return;
		}
		if (slip(10) || (*arg == '[' && once_in(2)))
			continue;
		if (*arg != '<' && *arg != '[') {
			add(l, arg);
			continue;
		}
		for (int n = many ? 1 + below(3) : 1; n > 0; n--)
			add(l, value_of(arg, NULL));
	}
	if (slip(10))
		add(l, junk());
}

static void add_command(struct line *l)
{
	const struct command *c = &commands[below(n_commands)];
	const char *word = c->name;

	while (strcmp(c->name, "monitor") == 0 && !once_in(4))
		c = &commands[below(n_commands)];
	word = c->name;
	if (slip(6))
		word = keep(word, 1 + (size_t)below((int)strlen(word)));
	add(l, slip(15) ? junk() : word);
	for (int n = below(3); n > 0; n--)
		add_command_option(l, c);
	add_command_words(l, c);
}

/* A file of commands, for -batch: quotes, comments, lines that go on */
static void make_batch(struct line *l)
{
	static const char *const between[] = { " ",   "  ", "\t",  " \\\n", " \"\" ",
					       " # ", "'",  " \\", "\r" };
	const char *text = "";

	for (int lines = 1 + below(6); lines > 0; lines--) {
		struct line one = { .tool = XNETNS };

		if (once_in(3))
			add(&one, "netns");
		add_command(&one);
		for (int i = 0; i < one.argc; i++) {
			bool quoted = strpbrk(one.argv[i], " ;\n") || once_in(6);

			text = form("%s%s%s%s%s", text, quoted ? "\"" : "", one.argv[i],
				    quoted ? "\"" : "", once_in(20) ? ONE_OF(between) : " ");
		}
		text = form("%s%s", text, lines == 1 && once_in(2) ? "" : "\n");
	}
	l->batch = (char *)text;
}

static void make_netns_line(struct line *l)
{
	bool ip = strcmp(l->name, "ip") == 0;

	make_batch(l);
	for (int n = below(3); n > 0; n--)
		add_global(l);
	if (ip && !slip(10))
		add(l, once_in(10) ? "net" : "netns");
	if (!slip(10))
		add_command(l);
}

/* ---- what it comes to ---- */

static bool has_word(const struct line *l, const char *word)
{
	for (int i = 1; i < l->argc; i++)
		if (strcmp(l->argv[i], word) == 0)
			return true;
	return false;
}

static bool has_part(const struct line *l, const char *part)
{
	for (int i = 1; i < l->argc; i++)
		if (strstr(l->argv[i], part))
			return true;
	return false;
}

void line_make(struct line *l, uint64_t seed, uint64_t number, const int targets[N_TARGETS])
{
	static const char *const locales[] = { "C", "C.UTF-8", "C.UTF-8", "xx_XX" };

	state = seed * 1000003 + number;
	any();
	used = 0;
	careful = !once_in(3);
	target_pids = targets;
	*l = (struct line){ .tool = below(N_TOOLS), .batch = (char *)"" };
	l->name = once_in(4) ? classic[l->tool] : tool_names[l->tool];
	l->as_user = once_in(4);
	l->in = once_in(6) ? below(N_IN) : IN_NULL;
	l->out = once_in(10) ? below(N_OUT) : OUT_FILE;
	l->lc_all = ONE_OF(locales);
	add(l, l->name);
	if (l->tool == XNETNS)
		make_netns_line(l);
	else
		make_tool_line(l);
	if (slip(30))
		add(l, repeated("x", 100000));
	l->argv[l->argc] = NULL;
	l->dry = l->argc > 1 && has_word(l, "--dry-run") &&
		 (l->tool != XNETNS || strcmp(l->argv[1], "--dry-run") == 0);
	l->waits = has_part(l, "mon") || strstr(l->batch, "mon") || has_word(l, "m") ||
		   has_word(l, "mo");
}
