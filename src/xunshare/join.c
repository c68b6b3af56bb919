/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <linux/capability.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "cred.h"
#include "engine.h"
#include "fd.h"
#include "join.h"
#include "kind.h"
#include "nearest.h"
#include "sys.h"
#include "target.h"

static struct join {
	const struct kind *kind;
	const char *what; /* the word behind the "=" */
	int fd;
} joins[32];
static int n_joins;

static const struct kind *kind_of(const char *word, size_t len)
{
	for (int i = 0; i < KIND_COUNT; i++)
		if ((strncmp(kinds[i].name, word, len) == 0 && !kinds[i].name[len]) ||
		    (strncmp(kinds[i].proc, word, len) == 0 && !kinds[i].proc[len]))
			return &kinds[i];
	return NULL;
}

/* Dies of what an engine's name cannot be. */
static const char *which(const struct kind *kind, const char *word)
{
	if (engine_is_netns(word) && kind->flag != CLONE_NEWNET && kind->flag != CLONE_NEWUSER)
		die(EXIT_FAILURE, 0, N_("%s is a network, without a %s namespace"), word,
		    kind->name);
	if (engine_named(word))
		engine_check(word);
	return word;
}

int join_add(const char *word)
{
	size_t len = strcspn(word, "=");
	const struct kind *kind = kind_of(word, len);

	if (!kind || !word[len] || !word[len + 1]) {
		warn_msg(N_("failed to parse --join: '%s'"), word);
		if (kind)
			hint(N_("it takes the kind and which one: net=FILE, net=:ID, net=PID or net=ENGINE:NAME"));
		else
			hint_kind(word, len, "");
		die_said(EXIT_FAILURE);
	}
	if (n_joins == ARRAY_SIZE(joins))
		die(EXIT_FAILURE, 0, N_("too many --join options: '%s'"), word);
	joins[n_joins++] = (struct join){ kind, which(kind, word + len + 1), -1 };
	return kind->flag;
}

/* ---- processes ---- */

/* Each is opened once, so that all that is joined of a PID is of the same process. */
static struct target targets[ARRAY_SIZE(joins)];
static const char *engine_words[ARRAY_SIZE(joins)]; /* of each, or NULL: a PID named it */
static int n_targets;

static struct target *target_of(pid_t pid)
{
	for (int i = 0; i < n_targets; i++)
		if (targets[i].pid == pid && !engine_words[i])
			return &targets[i];
	targets[n_targets] = TARGET_NONE;
	target_open(&targets[n_targets], pid, 0);
	return &targets[n_targets++];
}

static struct target *target_named(const char *word)
{
	for (int i = 0; i < n_targets; i++)
		if (engine_words[i] && strcmp(engine_words[i], word) == 0)
			return &targets[i];
	targets[n_targets] = TARGET_NONE;
	target_open_engine(&targets[n_targets], word);
	engine_words[n_targets] = word;
	return &targets[n_targets++];
}

static bool is_pid(const char *what, pid_t *pid)
{
	if (strspn(what, "0123456789") < strlen(what))
		return false;
	cli_set_pid(NULL, pid, what);
	return true;
}

/* A file; one that is not there may have been meant for an engine. */
static int open_word(const char *word)
{
	if (access(word, F_OK) < 0 && errno == ENOENT && *word != ':' && !strchr(word, '/')) {
		warn_err(ENOENT, N_("cannot open %s"), word);
		engine_hint(word);
		die_said(EXIT_FAILURE);
	}
	return ns_open_word(word);
}

/* The network "netns:blue", or the user namespace that it belongs to. */
static int open_netns(struct join *j)
{
	const char *path = engine_netns(j->what);
	int fd = ns_open_word(path), owner;

	j->what = path;
	if (j->kind->flag != CLONE_NEWUSER)
		return fd;
	owner = ns_open_owner(fd);
	close_fd(&fd);
	j->what = must_format("parent of %s", path);
	return owner;
}

void join_open(void)
{
	pid_t pid;

	for (struct join *j = joins; j < joins + n_joins; j++) {
		if (engine_is_netns(j->what))
			j->fd = open_netns(j);
		else if (is_pid(j->what, &pid))
			j->fd = target_open_ns(target_of(pid), j->kind->proc, &j->what);
		else if (engine_named(j->what))
			j->fd = target_open_ns(target_named(j->what), j->kind->proc, &j->what);
		else
			j->fd = open_word(j->what);
	}
	/* they are the processes' that the PIDs meant at first, if those are still there */
	for (struct target *t = targets; t < targets + n_targets; t++) {
		target_check(t);
		target_close(t);
		close_fd(&t->pidfd);
	}
}

/* Those that are, or are not, user namespaces. */
static void join_those(bool user)
{
	for (struct join *j = joins; j < joins + n_joins; j++) {
		if ((j->kind->flag == CLONE_NEWUSER) != user)
			continue;
		must(sys_setns(j->fd, 0, j->what, j->kind->flag), N_("cannot join %s"), j->what);
		close_fd(&j->fd);
	}
}

void join_all(bool user)
{
	bool user_last = cred_has(CAP_SYS_ADMIN);

	if (user)
		must(sys_not_dumpable(), N_("prctl failed"));
	join_those(!user_last);
	join_those(user_last);
	if (user)
		cred_stay_closed();
}
