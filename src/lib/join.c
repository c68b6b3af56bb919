/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "compat.h"
#include "cred.h"
#include "join.h"
#include "kind.h"
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
	const char *equals = strchr(word, '=');
	const struct kind *kind = equals ? kind_of(word, (size_t)(equals - word)) : NULL;

	if (!kind || !equals[1])
		die(EXIT_FAILURE, 0, N_("failed to parse --join: '%s'"), word);
	if (n_joins == ARRAY_SIZE(joins))
		die(EXIT_FAILURE, 0, N_("too many --join options: '%s'"), word);
	joins[n_joins].kind = kind;
	joins[n_joins].what = equals + 1;
	joins[n_joins++].fd = -1;
	return kind->flag;
}

void join_open(void)
{
	char *path;

	for (int i = 0; i < n_joins; i++) {
		const char *what = joins[i].what;

		if (*what == ':') {
			joins[i].fd = ns_open_id(what + 1);
			continue;
		}
		if (strspn(what, "0123456789") == strlen(what)) {
			if (asprintf(&path, "/proc/%s/ns/%s", what, joins[i].kind->proc) < 0)
				die(EXIT_FAILURE, errno, N_("cannot allocate memory"));
			joins[i].what = path;
		}
		joins[i].fd = ns_open_file(joins[i].what);
	}
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

void join_all(int own_user)
{
	bool user = false, user_last = n_joins > 0 && cred_has(CAP_SYS_ADMIN);

	for (int i = 0; i < n_joins; i++)
		user = user || joins[i].kind->flag == CLONE_NEWUSER;
	if (user && !own_user)
		must(sys_not_dumpable(), N_("prctl failed"));
	join_those(!user_last);
	join_those(user_last);
}
