/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "answer.h"
#include "cred.h"
#include "die.h"
#include "engine.h"
#include "exec.h"
#include "fd.h"
#include "jsonget.h"
#include "nearest.h"
#include "own.h"
#include "parse.h"
#include "search.h"
#include "shown.h"
#include "told.h"

enum {
	LIMIT = 10, /* seconds */
	QUOTED = 60 /* bytes of an answer that is not understood */
};

#define NAMES_OF(engine) engine " ps --format '{{.Names}}'"

/* crictl knows containers by their ID, and lists those of a name; its daemon is not the same everywhere. */
#define CRI(name, at)                                                                    \
	{                                                                                \
		.prefix = (name), .args = { "crictl", "inspect", "--output=json", "%" }, \
		.package = "cri-tools", .path = "info.pid",                              \
		.state = "status.state=CONTAINER_RUNNING",                               \
		.none = "notfound|not found|could not find|does not exist",              \
		.several = "multiple|ambiguous",                                         \
		.by_name = { "crictl", "ps", "--quiet", "--name=^%$" }, .socket = (at),  \
		.list = "crictl ps --quiet",                                             \
	}

/* What an OCI runtime says of a container; the other engines' are theirs as well, below other roots. */
#define OCI(name)                                                                      \
	{                                                                              \
		.prefix = (name), .args = { (name), "state", "%" }, .package = (name), \
		.path = "pid", .none = "does not exist|no such file or directory",     \
		.list = name " list -q",                                               \
	}

/* The order is that of messages and completions. */
const struct engine engines[] = {
	{ .prefix = "docker",
	  .args = { "docker", "inspect", "--type=container", "--format={{.State.Pid}}", "%" },
	  .package = "docker.io",
	  .path = "State.Pid",
	  .none = "no such container|no such object|no such id",
	  .several = "multiple ids found",
	  .host = "DOCKER_HOST",
	  .list = NAMES_OF("docker") },
	{ .prefix = "podman",
	  .args = { "podman", "inspect", "--type=container", "--format={{.State.Pid}}", "%" },
	  .package = "podman",
	  .path = "State.Pid",
	  .none = "no such container|no such object|no container with name or id",
	  .several = "more than one result",
	  .host = "CONTAINER_HOST",
	  .list = NAMES_OF("podman") },
	CRI("crio", "/run/crio/crio.sock"),
	CRI("containerd", "/run/containerd/containerd.sock"),
	{ .prefix = "lxc",
	  .args = { "lxc-info", "--no-humanize", "--pid", "--name=%" },
	  .package = "lxc",
	  .key = "PID",
	  .none = "doesn't exist|does not exist",
	  .silent = true,
	  .list = "lxc-ls --running -1" },
	{ .prefix = "incus",
	  .args = { "incus", "list", "--force-local", "--format=json", "^%$" },
	  .package = "incus",
	  .path = "state.pid",
	  .none = "not found",
	  .picks = true,
	  .list = "incus list --force-local --format=csv --columns=n status=running" },
	{ .prefix = "machine",
	  .args = { "machinectl", "show", "--property=Leader", "%" },
	  .package = "systemd-container",
	  .key = "Leader",
	  .none = "no machine '",
	  .list = "machinectl list --no-legend" },
	{ .prefix = "unit",
	  .args = { "systemctl", "show", "--property=MainPID,LoadState", "%" },
	  .package = "systemd",
	  .key = "MainPID",
	  .none = "LoadState=not-found|LoadState=bad-setting|nor unit name|not a valid unit name|invalid unit name",
	  .list = "systemctl list-units --type=service --state=running --plain --no-legend" },
	OCI("runc"),
	OCI("crun"),
	{ .prefix = "netns" },
};
const int n_engines = ARRAY_SIZE(engines);

/* ---- words ---- */

static const struct engine *engine_of(const char *word)
{
	size_t len = strcspn(word, ":");

	for (const struct engine *e = engines; word[len] && e < engines + n_engines; e++)
		if (strlen(e->prefix) == len && strncmp(e->prefix, word, len) == 0)
			return e;
	return NULL;
}

bool engine_named(const char *word)
{
	return engine_of(word) != NULL;
}

const char *engine_name(const char *word)
{
	const char *colon = strchr(word, ':');

	return colon ? colon + 1 : word;
}

/* A name is a word of its own to the program, never an option, nor a way elsewhere. */
static const char *what_is_wrong(const char *name)
{
	return !*name	      ? N_("there is no name behind the colon: '%s'")
	       : *name == '-' ? N_("a name does not begin with -: '%s'")
	       : strchr(name, '/') || strcmp(name, ".") == 0 || strcmp(name, "..") == 0
		       ? N_("a name is no path: '%s'")
		       : NULL;
}

void engine_check(const char *word)
{
	const char *wrong = what_is_wrong(engine_name(word));

	if (wrong)
		die(EXIT_FAILURE, 0, wrong, word);
}

bool engine_is_netns(const char *word)
{
	const struct engine *e = engine_of(word);

	if (!e || *e->args)
		return false;
	engine_check(word);
	return true;
}

/* The process that holds the networks of this user, whose names are in @run; 0: none can be seen. */
static pid_t find_holder(const char *run)
{
	cleanup_free char *path = must_format("%s/xnetns/holder", run);
	cleanup_close int fd =
		fd_above_stdio(open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fd < 0 || fcntl(fd, F_GETLK, &l) < 0 || l.l_type == F_UNLCK)
		return 0;
	return l.l_pid > 0 ? l.l_pid : 0;
}

char *engine_netns(const char *word)
{
	const char *set = is_set_id() ? NULL : getenv("XDG_RUNTIME_DIR");
	cleanup_free char *run = NULL;
	pid_t holder = 0;

	if (!cred_has(CAP_SYS_ADMIN)) {
		run = set ? must_have(strdup(set)) : must_format("/run/user/%u", getuid());
		holder = find_holder(run);
	}
	return holder ? must_format("/proc/%d/root%s/netns/%s", holder, run, engine_name(word))
		      : must_format(ENGINE_NETNS "/%s", engine_name(word));
}

bool engine_is_shared(const char *path)
{
	return strncmp(path, ENGINE_NETNS "/", sizeof(ENGINE_NETNS)) == 0;
}

bool engine_hint(const char *word)
{
	size_t len = strcspn(word, ":");
	struct nearest n = nearest_to(word, len);

	if (!word[len])
		return false;
	for (const struct engine *e = engines; e < engines + n_engines; e++)
		nearest_try(&n, e->prefix);
	return nearest_hint(&n, "");
}

/* ---- what an engine answers ---- */

/* What came of a question. */
enum outcome {
	FOUND,
	NONE,
	STOPPED,
	NO_PROCESS,
	SEVERAL,
	JUNK,
	NOT_ASKED /* errno says why */,
	FAILED
};

/* A question, and what was answered. */
struct question {
	const struct engine *engine;
	const char *word;
	struct answer answer;
	char asked[256]; /* for who is told: the command, and where the answer is */
	long long pid;
};

/* Whether any of @parts, "|" between them, is a part of @text, in whatever case. */
static bool has_any(const char *text, const char *parts)
{
	for (size_t len; parts && *parts; parts += len + (parts[len] == '|')) {
		len = strcspn(parts, "|");
		for (const char *at = text; *at; at++)
			if (parse_same(at, parts, len))
				return true;
	}
	return false;
}

static enum outcome number(const char *digits, size_t len, long long *pid)
{
	char word[16];

	if (len == 0 || len >= sizeof(word) || strspn(digits, "0123456789") < len)
		return JUNK;
	memcpy(word, digits, len);
	word[len] = '\0';
	if (parse_number(word, 0, INT_MAX, pid) < 0)
		return JUNK;
	return *pid == 0 ? STOPPED : FOUND;
}

/* The number may stand where an object has what a list has deeper: "state.pid" is "pid" of a state alone. */
static const char *find_pid(const struct question *q, const char *name, size_t *len)
{
	const char *path = q->engine->path, *dot = strchr(path, '.');
	const char *value = jsonget(q->answer.text, path, name, len);

	if (!value && errno == ENOENT && q->engine->picks && dot && *q->answer.text == '{')
		value = jsonget(q->answer.text, dot + 1, NULL, len);
	return value;
}

static enum outcome in_json(struct question *q)
{
	const struct engine *e = q->engine;
	const char *name = e->picks ? engine_name(q->word) : NULL, *value;
	size_t len = 0;

	value = e->path ? find_pid(q, name, &len) : NULL;
	if (!value && e->path && errno == EEXIST)
		return SEVERAL;
	/* an empty list, or one without it */
	if (!value && e->path && errno == ENOENT && *q->answer.text == '[' &&
	    (e->picks || strspn(q->answer.text, "[] \t\r\n") == q->answer.len))
		return NONE;
	if (!value || value[-1] == '"') /* a string */
		return JUNK;
	enum outcome found = number(value, len, &q->pid);
	if (!e->state || found != FOUND)
		return found;
	size_t path = strcspn(e->state, "=");
	cleanup_free char *names = must_format("%.*s", (int)path, e->state);
	value = jsonget(q->answer.text, names, name, &len);
	if (!value) /* it says nothing of that */
		return errno == ENOENT ? FOUND : JUNK;
	return len == strlen(e->state + path + 1) && memcmp(value, e->state + path + 1, len) == 0
		       ? FOUND
		       : STOPPED;
}

/* "KEY=NUMBER" on a line. */
static enum outcome in_lines(struct question *q)
{
	size_t key = strlen(q->engine->key);
	enum outcome found = NO_PROCESS;
	const char *line = q->answer.text;

	for (size_t len; *line; line += len + (line[len] == '\n')) {
		len = strcspn(line, "\n");
		if (len > 0 && !memchr(line, '=', len) && !memchr(line, ':', len))
			return JUNK;
		if (strncmp(line, q->engine->key, key) != 0 ||
		    (line[key] != '=' && line[key] != ':'))
			continue;
		if (found != NO_PROCESS)
			return SEVERAL;
		size_t blanks = strspn(line + key + 1, " ");
		found = number(line + key + 1 + blanks, len - key - 1 - blanks, &q->pid);
		if (found == JUNK)
			return JUNK;
	}
	return found;
}

/* Numbers, and nothing else: of which there is to be one. */
static enum outcome in_words(struct question *q)
{
	const char *text = q->answer.text, blanks[] = " \t\r\n";
	enum outcome found = q->engine->silent ? STOPPED : JUNK;
	int n = 0;

	for (text += strspn(text, blanks); *text; text += strspn(text, blanks)) {
		size_t len = strcspn(text, blanks);

		found = number(text, len, &q->pid);
		if (found == JUNK)
			return JUNK;
		n++;
		text += len;
	}
	return n > 1 ? SEVERAL : found;
}

static enum outcome understand(struct question *q)
{
	const struct engine *e = q->engine;
	const struct answer *a = &q->answer;
	bool failed = !WIFEXITED(a->status) || WEXITSTATUS(a->status) != 0;

	if (strlen(a->text) != a->len) /* NULs */
		return failed ? FAILED : JUNK;
	if ((failed && has_any(a->said, e->none)) ||
	    (!jsonget_is(a->text) && has_any(a->text, e->none)))
		return NONE;
	if (failed)
		return has_any(a->said, e->several) ? SEVERAL : FAILED;
	if (jsonget_is(a->text))
		return in_json(q);
	if (e->key && strpbrk(a->text, "=:"))
		return in_lines(q);
	return in_words(q);
}

/* ---- asking ---- */

/* The command of @args with @name in it, of which what is allocated stays; and as text in @asked. */
static void fill(const struct question *q, const char *const args[], const char *name,
		 const char *argv[8], char *asked, size_t size)
{
	int n = 0;
	size_t used = 0;

	for (int i = 0; args[i]; i++) {
		const char *percent = strchr(args[i], '%');

		argv[n++] = percent ? must_format("%.*s%s%s", (int)(percent - args[i]), args[i],
						  name, percent + 1)
				    : args[i];
		if (i == 0 && q->engine->socket && access(q->engine->socket, F_OK) == 0)
			argv[n++] = must_format("--runtime-endpoint=unix://%s", q->engine->socket);
	}
	argv[n] = NULL;
	for (int i = 0; argv[i] && used < size; i++)
		used += (size_t)snprintf(asked + used, size - used, "%s%s", i ? " " : "", argv[i]);
}

static enum outcome ask(struct question *q, const char *const args[], const char *name, bool quiet)
{
	const char *argv[8];
	int ret;

	fill(q, args, name, argv, q->asked, sizeof(q->asked));
	ret = answer_ask(argv, LIMIT * 1000, quiet, &q->answer);
	if (ret < 0 && errno == EACCES) { /* or a directory of PATH may not be searched */
		char path[PATH_MAX];

		errno = exec_find(argv[0], path, sizeof(path)) < 0 ? errno : EACCES;
	}
	return ret < 0 ? NOT_ASKED : understand(q);
}

/* What was written to standard error, and kept back. */
static void pass_on(struct question *q)
{
	size_t len = strlen(q->answer.said);

	if (len > 0 && write(STDERR_FILENO, q->answer.said, len) > 0)
		q->answer.open_line = q->answer.said[len - 1] != '\n';
}

/* Fit to be a word of a pattern as it stands. */
static bool is_plain(const char *name)
{
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && *name != '-' && *name != '_')
			return false;
	return true;
}

/* By the name, where it is no ID: of which there may be several. */
static enum outcome ask_by_name(struct question *q, bool quiet)
{
	cleanup_free char *id = NULL;
	const char *text = q->answer.text;
	enum outcome found = ask(q, q->engine->by_name, engine_name(q->word), quiet);
	size_t len;

	if (found == NOT_ASKED || found == FAILED)
		return found;
	len = strcspn(text, "\n");
	if (text[len] && text[len + 1])
		return SEVERAL;
	id = must_have(strndup(text, len));
	if (!*id)
		return NONE;
	return is_plain(id) ? ask(q, q->engine->args, id, quiet) : JUNK;
}

static enum outcome ask_all(struct question *q, bool quiet)
{
	const char *const *by_name = q->engine->by_name;
	bool twice = *by_name && is_plain(engine_name(q->word));
	enum outcome found = ask(q, q->engine->args, engine_name(q->word), quiet || twice);

	if (found == NONE && twice)
		return ask_by_name(q, quiet);
	if (twice && !quiet && found != NOT_ASKED)
		pass_on(q);
	return found;
}

/* ---- what is said of it ---- */

/* Of an answer, the beginning, fit to be shown. Return: allocated. */
static char *quoted(const struct answer *a)
{
	cleanup_free char *piece = must_have(calloc(1, 4 * QUOTED + 1)), *shown = NULL;
	size_t blanks = strspn(a->text, " \t\r\n"), len = a->len - blanks;
	const char *text = a->text + blanks;

	while (len > 0 && strchr(" \t\r\n", text[len - 1]) && text[len - 1])
		len--;
	for (size_t i = 0, at = 0; i < len && i < QUOTED; i++)
		if (text[i])
			piece[at++] = text[i];
		else
			at = (size_t)(stpcpy(piece + at, "\\x00") - piece);
	shown = must_have(shown_text(piece, 0));
	return must_format("\"%s%s\"", shown, len > QUOTED ? "..." : "");
}

static void not_asked(const struct question *q, int err)
{
	const char *program = q->engine->args[0];

	if (err == ETIMEDOUT)
		warn_msg(N_("%s: %s has not answered within %d seconds"), q->word, program, LIMIT);
	else if (err == E2BIG)
		warn_msg(N_("%s: the answer of %s is too long"), q->word, program);
	else
		warn_err(err, N_("%s: cannot ask %s"), q->word, program);
	if (err == ENOENT)
		hint(N_("%s is not installed, or not in PATH; it is in the package %s (Debian)"),
		     program, q->engine->package);
}

static void failed(const struct question *q)
{
	const char *program = q->engine->args[0];
	int status = q->answer.status;

	if (WIFSIGNALED(status))
		warn_msg(N_("%s: %s was killed by signal %d"), q->word, program, WTERMSIG(status));
	else
		warn_msg(N_("%s: %s failed with status %d"), q->word, program, WEXITSTATUS(status));
}

static _Noreturn void not_found(const struct question *q, enum outcome why, int status)
{
	static const char *const messages[] = {
		[NONE] = N_("%s: %s knows nothing of that name"),
		[NO_PROCESS] = N_("%s: %s knows no process of it"),
		[SEVERAL] = N_("%s: %s knows several of that name"),
		[JUNK] = N_("%s: the answer of %s is not understood: %s"),
	};
	int err = errno;

	if (q->answer.open_line && write(STDERR_FILENO, "\n", 1) < 0)
		die_said(status); /* there is nobody left to tell */
	if (why == STOPPED) {
		warn_msg(N_("%s is not running"), q->word);
	} else if (why == FAILED) {
		failed(q);
	} else if (why == NOT_ASKED) {
		not_asked(q, err);
	} else if (why == JUNK && q->answer.len == 0) {
		warn_msg(N_("%s: %s answers nothing"), q->word, q->engine->args[0]);
	} else {
		cleanup_free char *quote = quoted(&q->answer);

		warn_msg(messages[why], q->word, q->engine->args[0], quote);
	}
	die_said(status);
}

/* ---- a process ---- */

/* Its PIDs would be those of another machine. */
static void check_host(const struct engine *e, const char *word, int status)
{
	const char *host = e->host ? getenv(e->host) : NULL;

	if (host && *host && *host != '/' && strncmp(host, "unix:", 5) != 0)
		die(status, 0,
		    N_("%s: %s asks another machine, whose PIDs mean nothing here: %s=%s"), word,
		    e->args[0], e->host, host);
}

static void tell(const struct question *q)
{
	if (jsonget_is(q->answer.text)) {
		told_note("%s is process %lld, as %s says: %s (%s)", q->word, q->pid,
			  q->engine->args[0], q->asked, q->engine->path);
	} else {
		const char *text = q->answer.text + strspn(q->answer.text, " \t\r\n");
		size_t len = strlen(text);

		while (len > 0 && text[len - 1] == '\n')
			len--;
		told_note("%s is process %lld, as %s says: %s answers %.*s", q->word, q->pid,
			  q->engine->args[0], q->asked, (int)(len < QUOTED ? len : QUOTED), text);
	}
}

void engine_gone(const char *word, int status, pid_t pid, int pidfd)
{
	struct pollfd end = { .fd = pidfd, .events = POLLIN };

	if (poll(&end, 1, 0) > 0)
		die(status, 0, N_("%s: process %d has ended meanwhile"), word, pid);
}

/* Return: -1 where there are none. */
static int hold(const char *word, int status, pid_t pid)
{
	int pidfd = fd_above_stdio((int)syscall(SYS_pidfd_open, pid, 0));

	if (pidfd < 0 && errno == ESRCH)
		die(status, 0, N_("%s: process %d has ended meanwhile"), word, pid);
	if (pidfd < 0 && errno != ENOSYS && errno != EPERM)
		die(status, errno, N_("%s: cannot hold process %d"), word, pid);
	return pidfd;
}

pid_t engine_find(const char *word, int status, int *pidfd)
{
	static struct question q, again;
	enum outcome found;

	q = (struct question){ .engine = engine_of(word), .word = word };
	engine_check(word);
	if (is_set_id())
		die(status, 0, N_("%s: no program is asked with rights that the caller has not"),
		    word);
	check_host(q.engine, word, status);
	found = ask_all(&q, false);
	if (found != FOUND)
		not_found(&q, found, status);
	tell(&q);
	if (q.pid == getpid())
		die(status, 0, N_("%s: %s says that it is this process itself"), word,
		    q.engine->args[0]);
	*pidfd = hold(word, status, (pid_t)q.pid);
	again = (struct question){ .engine = q.engine, .word = word };
	found = ask_all(&again, true);
	if (found != FOUND && found != STOPPED) {
		pass_on(&again);
		not_found(&again, found, status);
	}
	if (found == STOPPED || again.pid != q.pid)
		die(status, 0, N_("%s was process %d, and is no more"), word, (int)q.pid);
	engine_gone(word, status, (pid_t)q.pid, *pidfd);
	return (pid_t)q.pid;
}
