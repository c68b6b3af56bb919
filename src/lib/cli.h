/* SPDX-License-Identifier: MIT */
/*
 * cli.h - what every tool does at its command line: the option table and what comes from it,
 * messages, and the ways to end. What an option means does not belong in here.
 */
#ifndef XNS_CLI_H
#define XNS_CLI_H

#include <getopt.h>
#include <sys/types.h>

#include "kind.h"
#include "text.h"
#include "util.h"

/* Exit statuses, as of the peers and of env(1). */
enum {
	EXIT_CANNOT_EXEC = 126, /* the program is there and could not be run */
	EXIT_NOT_FOUND = 127,	/* the program is not there */
};

/* One option. A row without a name is a heading (help) or an empty line (no help). */
struct cli_option {
	const char *name;      /* the long name */
	int letter;	       /* the short one, or 0 */
	int id;		       /* what the tool switches on: the letter, or a number above 255 */
	signed char long_arg;  /* no_argument, required_argument or optional_argument */
	signed char short_arg; /* the letter's, which may differ: unshare's -u takes none */
	const char *arg;       /* the argument's name in --help, or NULL */
	const char *help;      /* one line (N_); NULL: not shown, for an abbreviation */
	const char *values;    /* words that completion offers, or NULL */
};

struct cli_tool {
	const char *name;	/* "xunshare" */
	int section;		/* of its manual page; 0: 1 */
	const char *peer;	/* whose place it takes: "unshare" */
	const char *compatible; /* with which one: "util-linux 2.43" */
	const char *features;	/* what else scripts ask the version for, or NULL */
	const char *usage;	/* the synopsis behind the name (N_) */
	const char *summary;	/* what it does (N_) */
	const char *kinds_head; /* heading of the rows made from kinds[] (N_), or NULL: none */
	int kinds_short_arg;	/* no_argument, or optional_argument where the letters take one */
	bool permutes;		/* options may follow other words */
	const struct cli_option *options;
	int n_options;
};

/* Ids of the options that every tool has and cli_getopt() answers itself. */
enum { OPT_HELP = 'h', OPT_VERSION = 'V' };

/* cli_rows() - how many rows the tool's table has, those of kinds[] (the first ones) included. */
int cli_rows(const struct cli_tool *tool);

/* cli_row() - row @i of the table; a kind's id is its letter. */
struct cli_option cli_row(const struct cli_tool *tool, int i);

/*
 * cli_getopt() - the next option, as getopt_long(3) with the tool's table; sets optarg and optind.
 * --help, --version and errors end the process here.
 * Return: the option's id, -1 at the first word that is no option.
 */
int cli_getopt(const struct cli_tool *tool, int argc, char *argv[]);

/*
 * cli_parse() - calls @set_kind for each option that is a namespace kind and @set_option with the
 * id of each other one, in order; sets optind.
 */
void cli_parse(const struct cli_tool *tool, int argc, char *argv[],
	       void (*set_kind)(const struct kind *kind, const char *arg),
	       void (*set_option)(int id, const char *arg));

/* What a word of the command line is; on failure these die with @msgid (N_), which quotes it. */
uid_t cli_uid(const char *word, const char *msgid);
gid_t cli_gid(const char *word, const char *msgid);
long long cli_number(const char *word, long long min, long long max, const char *msgid);

/* cli_signal() - the same of a signal, with a message of its own. */
int cli_signal(const char *word);

/* cli_parse_errno() - what parse_X() left in errno, as far as it says more than "wrong". */
int cli_parse_errno(void);

/*
 * cli_use_locale() - loads the locale now, for who prints tables or numbers: how wide a letter is
 * depends on it.
 */
void cli_use_locale(void);

/*
 * cli_flush() - writes what was printed. A closed standard output is no error, as with the peers; a
 * full disk is one. Return: false after a message.
 */
bool cli_flush(void) must_check;

/* cli_end() - the end of a tool that has printed something, and failed at most in that. */
_Noreturn void cli_end(void);

/* cli_set_mode() - for --dry-run (@dry) and --xtrace, of which the first is the stronger. */
void cli_set_mode(bool dry);

/* cli_set_hints() - what die() calls after its message to say the kernel's reason. */
void cli_set_hints(void (*hints)(void));

/* warn_msg() - "NAME: MESSAGE" on standard error. */
void warn_msg(const char *msgid, ...) printf_like(1, 2);

/* warn_err() - the same with ": " and the text of @err. */
void warn_err(int err, const char *msgid, ...) printf_like(2, 3);

/*
 * cli_about_proc() - the next message is of a file of /proc, and does not name it: where it is missing, a hint says
 * that /proc is not mounted, as of a message that names one.
 */
void cli_about_proc(void);

/* cli_set_bare() - from now on messages but hints stand without "NAME: ", as the peer's do. */
void cli_set_bare(void);

/* hint() - "NAME: hint: MESSAGE" on standard error. */
void hint(const char *msgid, ...) printf_like(1, 2);

/*
 * die() - warn_msg(), with ": " and the text of @err if it is not 0; then the hints, the undo list,
 * exit(@status). The msgid is marked N_ where it stands and translated here, as in all of these.
 */
_Noreturn void die(int status, int err, const char *msgid, ...) printf_like(3, 4);

/* must() - @ret, unless it is negative: then die(EXIT_FAILURE, errno, ...). */
long must(long ret, const char *msgid, ...) printf_like(2, 3);

/* must_have() - @p, which is allocated memory, unless it is NULL: then dies of that. */
void *must_have(void *p) __attribute__((returns_nonnull));

/*
 * must_write() - opens the file of /proc, gives it @text in one write, closes it. Dies if that
 * fails, of the write with @msgid (N_), which has one %s, for @path.
 */
void must_write(const char *path, const char *text, const char *msgid);

/*
 * The undo list: what has to go again if this process dies. Only the process that put an entry in
 * runs it, last first. Up to 32 entries; @arg must live as long.
 */
void undo_push(void (*undo)(void *arg), void *arg);

/* undo_forget() - all is well: what was made stays. */
void undo_forget(void);

/* undo_run() - runs the list of this process and empties it. */
void undo_run(void);

#endif
