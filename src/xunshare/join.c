/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "compat.h"
#include "cred.h"
#include "fd.h"
#include "join.h"
#include "kind.h"
#include "nearest.h"
#include "sys.h"
#include "target.h"

static struct {
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

int join_add(const char *word)
{
	size_t len = strcspn(word, "=");
	const struct kind *kind = kind_of(word, len);

	if (!kind || !word[len] || !word[len + 1]) {
		warn_msg(N_("failed to parse --join: '%s'"), word);
		if (kind)
			hint(N_("it takes the kind and which one: net=FILE, net=:ID or net=PID"));
		else
			hint_kind(word, len, "");
		die_said(EXIT_FAILURE);
	}
	if (n_joins == ARRAY_SIZE(joins))
		die(EXIT_FAILURE, 0, N_("too many --join options: '%s'"), word);
	joins[n_joins].kind = kind;
	joins[n_joins].what = word + len + 1;
	joins[n_joins++].fd = -1;
	return kind->flag;
}

/* ---- processes ---- */

/* Each is opened once, so that all that is joined of a PID is of the same process. */
static struct target targets[ARRAY_SIZE(joins)];
static int n_targets;

static struct target *target_of(pid_t pid)
{
	for (int i = 0; i < n_targets; i++)
		if (targets[i].pid == pid)
			return &targets[i];
	targets[n_targets] = (struct target)TARGET_NONE;
	target_open(&targets[n_targets], pid, 0);
	return &targets[n_targets++];
}

static int open_of_process(struct target *t, const struct kind *kind, const char **what)
{
	char name[32];
	int fd;

	snprintf(name, sizeof(name), "ns/%s", kind->proc);
	fd = target_open_file(t, name, O_RDONLY, false);
	*what = target_path(t, name);
	return fd;
}

static bool is_pid(const char *what, pid_t *pid)
{
	long long n;

	if (strspn(what, "0123456789") < strlen(what))
		return false;
	n = cli_number(what, 1, INT_MAX, N_("invalid PID argument: '%s'"));
	*pid = (pid_t)n;
	return true;
}

/* They are the processes' that the PIDs meant at first, if those are still there. */
static void check_targets(void)
{
	for (int i = 0; i < n_targets; i++) {
		target_check(&targets[i]);
		target_close(&targets[i]);
		close_fd(&targets[i].pidfd);
	}
}

void join_open(void)
{
	pid_t pid;

	for (int i = 0; i < n_joins; i++) {
		const char *what = joins[i].what;

		if (*what == ':')
			joins[i].fd = ns_open_id(what + 1);
		else if (is_pid(what, &pid))
			joins[i].fd =
				open_of_process(target_of(pid), joins[i].kind, &joins[i].what);
		else
			joins[i].fd = ns_open_file(what);
	}
	check_targets();
}

/* Those that are, or are not, user namespaces. */
static void join_those(bool user)
{
	for (int i = 0; i < n_joins; i++) {
		if ((joins[i].kind->flag == CLONE_NEWUSER) != user)
			continue;
		must(sys_setns(joins[i].fd, 0, joins[i].what, joins[i].kind->flag),
		     N_("cannot join %s"), joins[i].what);
		close_fd(&joins[i].fd);
	}
}

void join_all(void)
{
	bool user = false, user_last = cred_has(CAP_SYS_ADMIN);

	for (int i = 0; i < n_joins; i++)
		user = user || joins[i].kind->flag == CLONE_NEWUSER;
	if (user)
		must(sys_not_dumpable(), N_("prctl failed"));
	join_those(!user_last);
	join_those(user_last);
	if (user)
		cred_stay_closed();
}
