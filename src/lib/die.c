/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <langinfo.h>
#include <libintl.h>
#include <linux/magic.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/vfs.h>

#include "die.h"
#include "fd.h"
#include "shown.h"
#include "sys.h"
#include "told.h"

#define MAX_UNDO 32

static at_start void (*give_hints)(void);
static void (*stand_alone)(void);
static bool bare;    /* messages have no name before them */
static bool of_proc; /* the message is of a file of /proc */

/* ---- the catalogue ---- */

static bool locale_loaded;

/*
 * Catalogues are in UTF-8. For another character set libc would load a gconv module, which fits a static program
 * only if it is of the very same libc: what no loader has started (AT_BASE) has none.
 */
static bool can_convert(void)
{
	return getauxval(AT_BASE) || strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

void use_locale(void)
{
	if (locale_loaded || sys_left_root())
		return;
	setlocale(LC_ALL, "");
	if (!can_convert())
		setlocale(LC_ALL, "C");
	bindtextdomain(PACKAGE, LOCALEDIR);
	textdomain(PACKAGE);
	locale_loaded = true;
}

const char *text(const char *msgid)
{
	int saved = errno;
	const char *translated = msgid;

	use_locale();
	if (locale_loaded && sys_left_root()) {
		setlocale(LC_ALL, "C"); /* it would load parts lazily, out of a root not ours */
		locale_loaded = false;
	}
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

/* put_message() with what is behind @msgid. */
#define SAY(err, label, msgid)                        \
	do {                                          \
		va_list args;                         \
                                                      \
		va_start(args, msgid);                \
		put_message(err, label, msgid, args); \
		va_end(args);                         \
	} while (0)

int warn_msg(const char *msgid, ...)
{
	SAY(0, "", msgid);
	return -1;
}

void die_about_proc(void)
{
	of_proc = true;
}

/*
 * A fresh proc, too, needs one that is mounted already in a new user namespace (EPERM). That the place for it is not
 * there is another matter.
 */
static void hint_no_proc(int err)
{
	bool mounting = told_failed.type && strcmp(told_failed.type, "proc") == 0;
	bool told = of_proc && (err == EPERM || (!mounting && (err == ENOENT || err == ENOTDIR)));
	struct statfs fs;

	of_proc = false;
	if (told && (statfs("/proc", &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC))
		hint(N_("/proc is not mounted"));
}

int warn_err(int err, const char *msgid, ...)
{
	SAY(err, "", msgid);
	hint_no_proc(err);
	return -1;
}

void die_anew(void)
{
	of_proc = false;
	told_failed = (struct told_failure){ 0 };
	undo_forget();
}

void die_set_bare(void)
{
	bare = true;
}

bool hint(const char *msgid, ...)
{
	SAY(0, _("hint: "), msgid);
	return true;
}

void die_set_hints(void (*hints)(void))
{
	give_hints = hints;
}

void die_set_alone(void (*alone)(void))
{
	stand_alone = alone;
}

/* The end of die(): the message is out. */
static _Noreturn void end(int status, int err)
{
	hint_no_proc(err);
	if (err && err == told_failed.err && give_hints) /* and no earlier one that was got over */
		give_hints();
	undo_run();
	_exit(status);
}

void die_said(int status)
{
	end(status, 0);
}

void die(int status, int err, const char *msgid, ...)
{
	if (stand_alone)
		stand_alone();
	SAY(err, "", msgid);
	end(status, err);
}

long must(long ret, const char *msgid, ...)
{
	int err = errno;

	if (ret >= 0)
		return ret;
	if (stand_alone)
		stand_alone();
	SAY(err, "", msgid);
	end(EXIT_FAILURE, err);
}

void *must_have(void *p)
{
	if (p)
		return p;
	die(EXIT_FAILURE, ENOMEM, N_("cannot allocate memory"));
}

char *must_format(const char *fmt, ...)
{
	char *made;
	va_list args;

	va_start(args, fmt);
	int n = vasprintf(&made, fmt, args);
	va_end(args);
	return must_have(n < 0 ? NULL : made);
}

int must_open_write(const char *path)
{
	int fd = sys_open_write(path);

	return telling() ? fd : (int)must(fd, N_("cannot open %s"), path);
}

void must_write(const char *path, const char *text, const char *msgid)
{
	cleanup_close int fd = must_open_write(path);

	must(sys_write(fd, path, text), msgid, path);
}

/* ---- the end ---- */

bool flush_output(void)
{
	bool failed = ferror(stdout) != 0; /* an earlier piece */

	errno = 0;
	failed = fflush(stdout) != 0 || failed;
	int err = errno;
	if (!failed || err == EBADF || fcntl(STDOUT_FILENO, F_GETFD) < 0)
		return true;
	warn_err(err, N_("write error"));
	return false;
}

_Noreturn void end_output(void)
{
	exit(flush_output() ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* ---- undo ---- */

static struct entry {
	void (*undo)(void *arg);
	void *arg;
	pid_t owner;
} undo_list[MAX_UNDO];
static int undo_count;

void undo_push(void (*undo)(void *arg), void *arg)
{
	if (undo_count == MAX_UNDO)
		die(EXIT_FAILURE, E2BIG, N_("too much to undo"));
	undo_list[undo_count++] = (struct entry){ undo, arg, getpid() };
}

void undo_take(pid_t from)
{
	for (int i = 0; i < undo_count; i++)
		if (undo_list[i].owner == from)
			undo_list[i].owner = getpid();
}

void undo_forget(void)
{
	undo_count = 0;
}

void undo_run(void)
{
	while (undo_count > 0) {
		const struct entry *e = &undo_list[--undo_count];

		if (e->owner == getpid())
			e->undo(e->arg);
	}
}
