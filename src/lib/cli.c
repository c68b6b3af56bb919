/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <libintl.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <linux/magic.h>

#include "cli.h"
#include "parse.h"
#include "shown.h"
#include "sys.h"

#define MAX_ROWS 96
#define MAX_UNDO 32

static void (*give_hints)(void);
static bool bare;    /* messages have no name before them */
static bool of_proc; /* the message is of a file of /proc */

/* ---- the catalogue ---- */

static bool locale_loaded;

/*
 * A locale loaded earlier would still load parts lazily, out of a root that is not ours any more.
 */
static void forget_locale(void)
{
	if (locale_loaded)
		setlocale(LC_ALL, "C");
	locale_loaded = false;
}

static void load_locale(void)
{
	if (locale_loaded)
		return;
	setlocale(LC_ALL, "");
	bindtextdomain(PACKAGE, LOCALEDIR);
	textdomain(PACKAGE);
	locale_loaded = true;
}

void cli_use_locale(void)
{
	if (!sys_left_root())
		load_locale();
}

const char *text(const char *msgid)
{
	int saved = errno;
	const char *translated = msgid;

	if (sys_left_root())
		forget_locale();
	else
		load_locale();
	if (locale_loaded && *msgid)
		translated = gettext(msgid);
	errno = saved;
	return translated;
}

/* ---- messages ---- */

/* Whole lines only: several processes of ours may speak at once. */
static void put_message(int err, const char *label, const char *msgid, va_list args)
{
	char line[8192];
	int n = snprintf(line, 512, "%s%s%s", bare && !*label ? "" : program_invocation_short_name,
			 bare && !*label ? "" : ": ", label);
	size_t len = (size_t)n < 512 ? (size_t)n : 511;
	size_t room = sizeof(line) - 256; /* a long word is cut, the reason is not */

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	n = vsnprintf(line + len, room - len, text(msgid), args);
#pragma GCC diagnostic pop
	len += n < 0 ? 0 : (size_t)n;
	if (len >= room)
		len = room - 1;
	if (err) {
		n = snprintf(line + len, 255, ": %s", strerror(err));
		len += n < 255 ? (size_t)n : 254;
	}
	line[len] = '\0';
	of_proc = of_proc || strstr(line, "/proc");
	shown_hide(line); /* a word of others must not steer the terminal */
	len = strlen(line);
	line[len++] = '\n';
	if (write(STDERR_FILENO, line, len) < 0)
		return; /* there is nobody left to tell */
}

void warn_msg(const char *msgid, ...)
{
	va_list args;

	va_start(args, msgid);
	put_message(0, "", msgid, args);
	va_end(args);
}

void cli_about_proc(void)
{
	of_proc = true;
}

/*
 * A fresh proc, too, needs one that is mounted already in a new user namespace (EPERM). That the place for it is not
 * there is another matter.
 */
static void hint_no_proc(int err)
{
	bool mounting = sys_failed.type && strcmp(sys_failed.type, "proc") == 0;
	bool told = of_proc && (err == EPERM || (!mounting && (err == ENOENT || err == ENOTDIR)));
	struct statfs fs;

	of_proc = false;
	if (told && (statfs("/proc", &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC))
		hint(N_("/proc is not mounted"));
}

void warn_err(int err, const char *msgid, ...)
{
	va_list args;

	va_start(args, msgid);
	put_message(err, "", msgid, args);
	va_end(args);
	hint_no_proc(err);
}

void cli_set_bare(void)
{
	bare = true;
}

void hint(const char *msgid, ...)
{
	va_list args;

	va_start(args, msgid);
	put_message(0, _("hint: "), msgid, args);
	va_end(args);
}

void cli_set_hints(void (*hints)(void))
{
	give_hints = hints;
}

/* The end of die(): the message is out. */
static _Noreturn void end(int status, int err)
{
	hint_no_proc(err);
	if (err && give_hints)
		give_hints();
	undo_run();
	_exit(status);
}

void die(int status, int err, const char *msgid, ...)
{
	va_list args;

	va_start(args, msgid);
	put_message(err, "", msgid, args);
	va_end(args);
	end(status, err);
}

long must(long ret, const char *msgid, ...)
{
	va_list args;
	int err = errno;

	if (ret >= 0)
		return ret;
	va_start(args, msgid);
	put_message(err, "", msgid, args);
	va_end(args);
	end(EXIT_FAILURE, err);
}

void *must_have(void *p)
{
	if (p)
		return p;
	die(EXIT_FAILURE, ENOMEM, N_("cannot allocate memory"));
}

void must_write(const char *path, const char *text, const char *msgid)
{
	cleanup_close int fd = sys_open_write(path);

	if (fd < 0 && !sys_telling())
		die(EXIT_FAILURE, errno, N_("cannot open %s"), path);
	must(sys_write(fd, path, text), msgid, path);
}

static _Noreturn void try_help(void)
{
	char line[256];
	int n = snprintf(line, sizeof(line), _("Try '%s --help' for more information.\n"),
			 program_invocation_short_name);

	if (n > 0 &&
	    write(STDERR_FILENO, line, (size_t)n < sizeof(line) ? (size_t)n : sizeof(line)) < 0)
		_exit(EXIT_FAILURE);
	_exit(EXIT_FAILURE);
}

/* ---- the option table ---- */

int cli_rows(const struct cli_tool *tool)
{
	return tool->n_options + (tool->kinds_head ? KIND_COUNT + 1 : 0);
}

struct cli_option cli_row(const struct cli_tool *tool, int i)
{
	const struct kind *k;

	if (!tool->kinds_head)
		return tool->options[i];
	if (i == 0)
		return (struct cli_option){ .help = tool->kinds_head };
	if (i > KIND_COUNT)
		return tool->options[i - 1 - KIND_COUNT];
	k = &kinds[i - 1];
	return (struct cli_option){ k->name,
				    k->letter,
				    k->letter,
				    optional_argument,
				    (signed char)tool->kinds_short_arg,
				    N_("file"),
				    k->help,
				    NULL };
}

static void print_option(const struct cli_option *o)
{
	char left[80];
	const char *arg = o->arg ? _(o->arg) : NULL;
	int n = 0;

	if (o->letter)
		n = snprintf(left, sizeof(left), " -%c, --%s", o->letter, o->name);
	else
		n = snprintf(left, sizeof(left), "     --%s", o->name);
	if (arg && o->long_arg == optional_argument)
		snprintf(left + n, sizeof(left) - (size_t)n, "[=<%s>]", arg);
	else if (arg)
		snprintf(left + n, sizeof(left) - (size_t)n, " <%s>", arg);
	if (strlen(left) <= 29)
		printf("%-30s %s\n", left, _(o->help));
	else
		printf("%s\n%30s %s\n", left, "", _(o->help));
}

bool cli_flush(void)
{
	bool failed = ferror(stdout) != 0; /* an earlier piece */
	int err;

	errno = 0;
	failed = fflush(stdout) != 0 || failed;
	err = errno;
	if (!failed || err == EBADF || fcntl(STDOUT_FILENO, F_GETFD) < 0)
		return true;
	warn_err(err, N_("write error"));
	return false;
}

_Noreturn void cli_end(void)
{
	exit(cli_flush() ? EXIT_SUCCESS : EXIT_FAILURE);
}

static _Noreturn void help(const struct cli_tool *tool)
{
	printf(_("\nUsage:\n %s %s\n\n%s\n"), program_invocation_short_name, _(tool->usage),
	       _(tool->summary));
	for (int i = 0; i < cli_rows(tool); i++) {
		struct cli_option o = cli_row(tool, i);

		if (o.name && o.help)
			print_option(&o);
		else if (o.name)
			continue;
		else if (o.help)
			printf("\n%s\n", _(o.help));
		else
			printf("\n");
	}
	printf(_("\nFor more details see %s(%d).\n"), tool->name,
	       tool->section ? tool->section : 1);
	cli_end();
}

/* Under a peer's name scripts read the version to learn what the tool can do. */
static _Noreturn void version(const struct cli_tool *tool)
{
	const char *name = program_invocation_short_name;

	if (strcmp(name, tool->peer) == 0)
		printf(_("%s from xns %s (%s compatible)\n"), name, PACKAGE_VERSION,
		       tool->compatible);
	if (strcmp(name, tool->peer) == 0 && tool->features)
		printf("features: %s\n", tool->features);
	if (strcmp(name, tool->peer) != 0)
		printf(_("%s from xns %s\n"), name, PACKAGE_VERSION);
	cli_end();
}

static struct option long_options[MAX_ROWS];
static char short_options[2 + 3 * MAX_ROWS];

static void build_getopt_tables(const struct cli_tool *tool)
{
	char *s = short_options;
	int n = 0;

	if (!tool->permutes)
		*s++ = '+'; /* the first word that is no option ends them */
	for (int i = 0; i < cli_rows(tool); i++) {
		struct cli_option o = cli_row(tool, i);

		if (!o.name)
			continue;
		if (n == MAX_ROWS - 1) /* the last one ends the table */
			abort();
		long_options[n++] = (struct option){ o.name, o.long_arg, NULL, o.id };
		if (!o.letter)
			continue;
		*s++ = (char)o.letter;
		for (int colons = 0; colons < o.short_arg; colons++)
			*s++ = ':';
	}
}

/*
 * Lets getopt_long(3) say what is wrong, in the user's language: it is asked again from the start,
 * aloud.
 */
static _Noreturn void wrong_option(int argc, char *argv[])
{
	int c;

	load_locale();
	for (char **word = argv; *word; word++)
		shown_hide(*word); /* it quotes them as they are */
	argv[0] = program_invocation_short_name;
	opterr = 1;
	optind = 0;
	do
		c = getopt_long(argc, argv, short_options, long_options, NULL);
	while (c != '?' && c != -1);
	try_help();
}

int cli_getopt(const struct cli_tool *tool, int argc, char *argv[])
{
	int c;

	if (!long_options[0].name)
		build_getopt_tables(tool);
	opterr = 0;
	c = getopt_long(argc, argv, short_options, long_options, NULL);
	if (c == '?')
		wrong_option(argc, argv);
	if (c == OPT_HELP)
		help(tool);
	if (c == OPT_VERSION)
		version(tool);
	return c;
}

void cli_parse(const struct cli_tool *tool, int argc, char *argv[],
	       void (*set_kind)(const struct kind *kind, const char *arg),
	       void (*set_option)(int id, const char *arg))
{
	int id;

	while ((id = cli_getopt(tool, argc, argv)) != -1) {
		const struct kind *kind = kind_by_letter(id);

		if (kind)
			set_kind(kind, optarg);
		else
			set_option(id, optarg);
	}
}

/* ---- words ---- */

int cli_parse_errno(void)
{
	return errno == EINVAL ? 0 : errno;
}

uid_t cli_uid(const char *word, const char *msgid)
{
	uid_t uid;

	if (parse_uid(word, &uid) < 0)
		die(EXIT_FAILURE, cli_parse_errno(), msgid, word);
	return uid;
}

gid_t cli_gid(const char *word, const char *msgid)
{
	gid_t gid;

	if (parse_gid(word, &gid) < 0)
		die(EXIT_FAILURE, cli_parse_errno(), msgid, word);
	return gid;
}

long long cli_number(const char *word, long long min, long long max, const char *msgid)
{
	long long number;

	if (parse_number(word, min, max, &number) < 0)
		die(EXIT_FAILURE, cli_parse_errno(), msgid, word);
	return number;
}

int cli_signal(const char *word)
{
	int sig = parse_signal(word);

	if (sig < 0)
		die(EXIT_FAILURE, 0, N_("unknown signal: %s"), word);
	return sig;
}

void cli_set_mode(bool dry)
{
	if (dry)
		sys_set_mode(SYS_TELL);
	else if (!sys_telling())
		sys_set_mode(SYS_TRACE);
}

/* ---- undo ---- */

static struct {
	void (*undo)(void *arg);
	void *arg;
	pid_t owner;
} undo_list[MAX_UNDO];
static int undo_count;

void undo_push(void (*undo)(void *arg), void *arg)
{
	if (undo_count == MAX_UNDO)
		die(EXIT_FAILURE, E2BIG, N_("too much to undo"));
	undo_list[undo_count].undo = undo;
	undo_list[undo_count].arg = arg;
	undo_list[undo_count++].owner = getpid();
}

void undo_forget(void)
{
	undo_count = 0;
}

void undo_run(void)
{
	while (undo_count > 0) {
		undo_count--;
		if (undo_list[undo_count].owner == getpid())
			undo_list[undo_count].undo(undo_list[undo_count].arg);
	}
}
