/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compat.h"
#include "exec.h"
#include "fd.h"
#include "search.h"
#include "told.h"
#include "whynot.h"

/* ---- one file ---- */

/*
 * Looks for an executable file the way a dry run has to: below the root directory that was only
 * told.
 * Return: 0, or -1 with errno.
 */
static int may_execute(const char *path)
{
	cleanup_close int fd = -1;
	struct stat st;

	fd = told_open(path, O_PATH);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -1;
	if (!S_ISREG(st.st_mode) || (st.st_mode & 0111) == 0)
		return fail_with(EACCES);
	return told_root() ? 0 : faccessat(fd, "", X_OK, AT_EACCESS | AT_EMPTY_PATH);
}

static int count(char *const strings[])
{
	int n = 0;

	while (strings && strings[n])
		n++;
	return n;
}

/* Traced, the line is printed before, for the call does not come back; with its result if it does. */
static int exec_one(const char *path, char *const argv[])
{
	if (!told_call("execve(%q, %V, [/* %d vars */])", path, argv, count(environ)))
		return (int)told_end(0);
	if (!tracing() || may_execute(path) < 0)
		return (int)told_end_of(execve(path, argv, environ), 0, path, NULL);
	told_ahead();
	execve(path, argv, environ);
	told_note("%s: not executed: %s", path, strerrordesc_np(errno));
	return -1;
}

/* exec by /bin/sh of a text file that has no #!, as execvp(3) does it. */
static int exec_script(const char *path, char *const argv[])
{
	int argc = count(argv);
	char **sh = calloc((size_t)argc + 3, sizeof(*sh));
	int ret;

	if (!sh)
		return -1;
	sh[0] = (char *)"/bin/sh";
	sh[1] = (char *)path;
	for (int i = 1; i < argc; i++)
		sh[i + 1] = argv[i];
	ret = exec_one(sh[0], sh);
	free(sh);
	return ret;
}

static int exec_or_script(const char *path, char *const argv[])
{
	int ret = exec_one(path, argv);

	if (ret == 0 || errno != ENOEXEC)
		return ret;
	whynot_script(path);
	return exec_script(path, argv);
}

/* ---- the search in PATH ---- */

/* What a search goes on after: the candidate is not there, or is no file we may run. */
static bool search_goes_on(int err)
{
	return err == ENOENT || err == ENOTDIR || err == EACCES || err == ESTALE || err == ENODEV ||
	       err == ETIMEDOUT;
}

/* Where a traced search has not found it, in one note. */
static struct {
	size_t len;
	char text[900];
} searched;

static void note_searched(const char *file)
{
	if (searched.len)
		told_note("%s is not in %s", file, searched.text);
	searched.len = 0;
}

/* The same call as untraced, but without a line of its own: there is no such file. */
static int exec_absent(const char *path, char *const argv[])
{
	const char *slash = strrchr(path, '/');
	int len = slash ? (int)(slash - path) : 1;
	int n = snprintf(searched.text + searched.len, sizeof(searched.text) - searched.len,
			 "%s%.*s", searched.len ? ", " : "", len, slash ? path : ".");

	searched.len += (size_t)n;
	if (searched.len >= sizeof(searched.text))
		searched.len = sizeof(searched.text) - 1;
	return execve(path, argv, environ);
}

static int exec_candidate(const char *path, char *const argv[])
{
	const char *slash = strrchr(path, '/');

	if (tracing() && may_execute(path) < 0 && (errno == ENOENT || errno == ENOTDIR))
		return exec_absent(path, argv);
	note_searched(slash ? slash + 1 : path);
	return exec_or_script(path, argv);
}

/*
 * Calls @attempt for each candidate in PATH till one succeeds or fails for good; errno as of
 * execvp(3).
 */
static int search(const char *file, char *const argv[], int (*attempt)(const char *, char *const[]))
{
	const char *path = search_path();
	static char candidate[PATH_MAX]; /* not on the stack: it would cost each start a page */
	int err = ENOENT;

	if (strchr(file, '/'))
		return attempt(file, argv);
	if (!*file || strlen(file) > NAME_MAX) {
		errno = *file ? ENAMETOOLONG : ENOENT;
		return -1;
	}
	while (search_next(&path, file, candidate, sizeof(candidate))) {
		if (attempt(candidate, argv) == 0)
			return 0;
		if (!search_goes_on(errno))
			return -1;
		if (errno == EACCES)
			err = EACCES;
	}
	errno = err;
	return -1;
}

static int look(const char *path, char *const argv[])
{
	return may_execute(path);
}

static int look_and_tell(const char *path, char *const argv[])
{
	return may_execute(path) < 0 ? -1 : exec_one(path, argv);
}

/* What failed is the search as a whole. */
static int failed(const char *file, int ret)
{
	if (ret < 0)
		told_failed = (struct told_failure){ "execve", errno, 0, file, NULL, -1, 0, NULL };
	return ret;
}

int exec_possible(const char *file)
{
	return failed(file, search(file, NULL, look));
}

int exec_find(const char *file, char *path, size_t size)
{
	const char *rest = search_path();
	static char candidate[PATH_MAX];
	struct stat st;

	*path = '\0';
	while (search_next(&rest, file, candidate, sizeof(candidate))) {
		if (stat(candidate, &st) < 0 || !S_ISREG(st.st_mode))
			continue; /* also what is in a directory that we may not search */
		if (access(candidate, X_OK) == 0) {
			snprintf(path, size, "%s", candidate);
			return 0;
		}
		if (!*path)
			snprintf(path, size, "%s", candidate);
	}
	errno = *path ? EACCES : ENOENT;
	return -1;
}

int exec_file(const char *file, char *const argv[])
{
	if (!telling()) {
		int ret = search(file, argv, strchr(file, '/') ? exec_or_script : exec_candidate);

		note_searched(file);
		return failed(file, ret);
	}
	if (search(file, argv, look_and_tell) == 0)
		return 0;
	if (errno == ENOENT)
		told_note("%s is not to be found now; assumed to be there by then", file);
	else
		told_note("%s cannot be looked at now (%s); assumed to be there by then", file,
			  strerror(errno));
	return exec_one(file, argv);
}

int exec_path(const char *path, char *const argv[])
{
	int ret = failed(path, exec_one(path, argv));

	told_failed.type = "shell";
	return ret;
}
