/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "compat.h"
#include "die.h"
#include "own.h"
#include "seen.h"
#include "stepfail.h"
#include "told.h"

static const struct step *step;
static const char *path;
static int err;

_Noreturn void step_failed(const struct step *s, const char *msgid, const char *at)
{
	step = s;
	path = at;
	err = errno;
	die(EXIT_FAILURE, err, msgid, s->option, at);
}

/* ---- reasons: each of a call that has failed with an errno ---- */

static bool is_read_only(void)
{
	return hint(
		N_("the file system there is read-only: make %s before, or put an --overlay on it"),
		path);
}

static bool no_id_is_mapped(void)
{
	return (seen_empty(seen_open("/proc/self/uid_map")) ||
		seen_empty(seen_open("/proc/self/gid_map"))) &&
	       hint(N_("no ID is mapped in this user namespace, so nothing can be made: -r or -c maps one"));
}

/* A mount below the step's source, or NULL; static memory. What a user namespace sees of others it cannot part. */
static const char *locked_below(void)
{
	static struct seen_mount m;
	size_t len = !step->source || strcmp(step->source, "/") == 0 ? 0 : strlen(step->source);
	FILE *f = step->source && !seen_outermost() ? fopen("/proc/self/mountinfo", "re") : NULL;
	bool found = false;

	if (!f)
		return NULL;
	while (!found && seen_next_mount(f, &m))
		found = strncmp(m.target, step->source, len) == 0 && m.target[len] == '/' &&
			m.target[len + 1];
	fclose(f);
	return found ? m.target : NULL;
}

static bool overlay_uncovers(void)
{
	const char *below = step->kind == STEP_OVERLAY ? locked_below() : NULL;

	return below &&
	       hint(N_("%s is mounted below it: in a user namespace an overlay cannot show what that covers"),
		    below);
}

static bool copy_uncovers(void)
{
	const char *below = locked_below();

	return below &&
	       hint(N_("%s is mounted below it: in a user namespace it comes along, so not with norec"),
		    below);
}

static bool copy_of_pipe(void)
{
	struct stat st;

	return stat(path, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)) &&
	       hint(N_("%s is a pipe or a socket, which cannot be mounted: --file takes what it gives"),
		    path);
}

static bool idmap_is_refused(void)
{
	return step->idmap &&
	       hint(N_("idmap takes CAP_SYS_ADMIN outside of the new user namespace"));
}

static bool knows_no_idmap(void)
{
	return step->idmap &&
	       hint(N_("the file system of %s, or one that is mounted below it, knows no map of IDs"),
		    step->source);
}

static bool upper_and_work(void)
{
	struct stat upper, work;

	if (!step->upper || stat(step->upper, &upper) < 0 || stat(step->work, &work) < 0)
		return false;
	if (upper.st_dev != work.st_dev)
		return hint(N_("upper= and work= are not on the same file system"));
	return upper.st_ino == work.st_ino && hint(N_("upper= and work= are the same directory"));
}

static bool no_attributes(void)
{
	return hint(N_("mount attributes need Linux 5.12"));
}

static bool kernel_says(void)
{
	return told_failed.said && hint(N_("the kernel says: %s"), told_failed.said);
}

static bool not_ones_own(void)
{
	return hint(
		N_("only its owner may make something there: make %s before, or put a --tmpfs on the directory"),
		path);
}

static bool stays_read_only(void)
{
	struct statvfs fs;

	return (step->clear & MOUNT_ATTR_RDONLY) && statvfs(step->source, &fs) == 0 &&
	       (fs.f_flag & ST_RDONLY) &&
	       hint(N_("%s is read-only outside, which a user namespace cannot undo"),
		    step->source);
}

static bool too_many_files(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
	       hint(N_("the limit of open files (ulimit -n) is %lu: each of these options takes some"),
		    (unsigned long)limit.rlim_cur);
}

bool step_hint(void)
{
	static const struct {
		const char *call;
		int err;
		bool (*found)(void);
	} reasons[] = {
		{ "open_tree", EPERM, idmap_is_refused },
		{ "mount_setattr", EINVAL, knows_no_idmap },
		{ "fsconfig", EINVAL, upper_and_work },
		{ "mkdirat", EROFS, is_read_only },
		{ "symlinkat", EROFS, is_read_only },
		{ "openat", EROFS, is_read_only },
		{ "mkdirat", EACCES, not_ones_own },
		{ "symlinkat", EACCES, not_ones_own },
		{ "openat", EACCES, not_ones_own },
		{ "mkdirat", EOVERFLOW, no_id_is_mapped },
		{ "symlinkat", EOVERFLOW, no_id_is_mapped },
		{ "openat", EOVERFLOW, no_id_is_mapped },
		{ "fsconfig", EINVAL, overlay_uncovers },
		{ "fsconfig", EINVAL, kernel_says },
		{ "open_tree", EINVAL, copy_of_pipe },
		{ "open_tree", EINVAL, copy_uncovers },
		{ "mount_setattr", ENOSYS, no_attributes },
		{ "mount_setattr", EPERM, stays_read_only },
	};

	if (step && err == EMFILE) /* of whatever call */
		return too_many_files();
	for (size_t i = 0; step && told_failed.call && i < ARRAY_SIZE(reasons); i++)
		if (strcmp(reasons[i].call, told_failed.call) == 0 &&
		    reasons[i].err == told_failed.err && reasons[i].found())
			return true;
	return false;
}
