/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#include "account.h"
#include "cred.h"
#include "die.h"
#include "exec.h"
#include "helper.h"
#include "mapper.h"
#include "seen.h"

static const char *file_of(bool groups)
{
	return groups ? "/etc/subgid" : "/etc/subuid";
}

/* The first ID from outside that the map has and the user has not; -1: there is none. */
static long long not_given(bool groups, const struct idmap *map)
{
	static struct idmap given;
	const struct account *user = account_of_user(getuid());
	long long own = groups ? getgid() : getuid();

	if (idmap_subordinate(file_of(groups), groups, user ? user->name : NULL, getuid(), &given) <
	    0)
		return -1;
	for (int i = 0; i < map->n; i++) {
		long long id = idmap_first_outside(&given, &map->range[i]);

		if (id >= 0 && (id != own || map->range[i].count > 1))
			return id;
	}
	return -1;
}

/* Whether the program has rights of its own, as far as its file says. */
static bool has_rights(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 || (st.st_mode & S_ISUID) ||
	       getxattr(path, "security.capability", NULL, 0) > 0;
}

/* No program gets any from here on. */
static bool no_new_privs(void)
{
	char word[8];

	return seen_status("/proc/self/status", "NoNewPrivs:", word, sizeof(word)) &&
	       strcmp(word, "1") == 0;
}

bool mapper_works(void)
{
	char path[4096];

	for (int groups = 0; groups < 2; groups++)
		if (exec_find(groups ? "newgidmap" : "newuidmap", path, sizeof(path)) < 0 ||
		    !has_rights(path))
			return false;
	return !no_new_privs();
}

static void hint_failed(bool groups, const char *program, const struct idmap *map)
{
	char path[4096];
	struct statvfs mount;
	long long id;

	if (exec_find(program, path, sizeof(path)) < 0 && errno == EACCES)
		hint(N_("%s is there, and this process may not execute it"), path);
	else if (!*path)
		hint(N_("%s is not installed; it is in the package uidmap (Debian) or shadow (others)"),
		     program);
	else if (!has_rights(path))
		hint(N_("%s is neither set-user-ID root nor has it file capabilities, so it cannot write maps"),
		     path);
	else if ((id = not_given(groups, map)) >= 0)
		hint(N_("%s maps only what %s gives to the user, and the user's own ID; %lld is neither"),
		     program, file_of(groups), id);
	else if (no_new_privs())
		hint(N_("%s has no more rights than this process: no program gets any from here on "
			"(NoNewPrivs: 1 in /proc/self/status)"),
		     path);
	else if (statvfs(path, &mount) == 0 && (mount.f_flag & ST_NOSUID))
		hint(N_("%s is on a mount where no program gets rights of its own (nosuid)"), path);
}

/* newuidmap(1) PID INNER OUTER COUNT ... */
void mapper_run(bool groups, pid_t pid, const struct idmap *map)
{
	static char *argv[3 * IDMAP_MAX + 3];
	const char *program = groups ? "newgidmap" : "newuidmap";
	int argc = 0, status;

	argv[argc++] = (char *)program;
	argv[argc++] = must_format("%d", pid);
	for (const struct idrange *r = map->range; r < map->range + map->n; r++) {
		argv[argc++] = must_format("%u", r->inner);
		argv[argc++] = must_format("%u", r->outer);
		argv[argc++] = must_format("%u", r->count);
	}
	argv[argc] = NULL; /* the other map may have had more words */
	status = (int)must(helper_run(argv), N_("fork failed"));
	if (status == 0)
		return;
	if (WIFSIGNALED(status))
		warn_msg(N_("%s was killed by signal %d"), program, WTERMSIG(status));
	else if (WEXITSTATUS(status) != EXIT_NOT_FOUND && WEXITSTATUS(status) != EXIT_CANNOT_EXEC)
		warn_msg(N_("%s failed with status %d"), program, WEXITSTATUS(status));
	if (WIFEXITED(status))
		hint_failed(groups, program, map);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE);
}

/* Whether the user has none in the file. */
static bool has_none(bool groups, const char *user, uid_t uid)
{
	static struct idmap found;

	return idmap_subordinate(file_of(groups), groups, user, uid, &found) == 0 &&
	       !found.malformed;
}

/* In a container the IDs of outside may be none of its own, and nothing in there gives any. */
static bool may_give(uint32_t first, uint32_t last)
{
	return cred_is_mapped(seen_open("/proc/self/uid_map"), first) &&
	       cred_is_mapped(seen_open("/proc/self/uid_map"), last) &&
	       cred_is_mapped(seen_open("/proc/self/gid_map"), first) &&
	       cred_is_mapped(seen_open("/proc/self/gid_map"), last);
}

void mapper_hint_none(bool groups, const char *user, uid_t uid)
{
	uint32_t first = idmap_free();
	uint32_t last = first + IDMAP_USUAL - 1;

	if (!user || !first || !may_give(first, last))
		hint(N_("--map-root-user maps one ID, and needs none of these"));
	else if (has_none(!groups, user, uid))
		hint(N_("usermod --add-subuids %u-%u --add-subgids %u-%u %s, by root, gives some that are free; "
			"--map-root-user maps one ID without"),
		     first, last, first, last, user);
	else
		hint(N_("usermod --add-%s %u-%u %s, by root, gives some that are free; "
			"--map-root-user maps one ID without"),
		     groups ? "subgids" : "subuids", first, last, user);
}
