/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "compat.h"
#include "die.h"
#include "fd.h"
#include "made.h"
#include "maker.h"
#include "own.h"
#include "pathname.h"
#include "place.h"
#include "sys.h"
#include "told.h"

enum { MAX_LINKS = 40 }; /* as of the kernel */

static int open_below(int root, const char *path)
{
	return fd_open_below(root, path, O_PATH, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
}

/* ---- a dry run's ---- */

/* In the order of telling: the last that fits is what is there. */
static struct told_place {
	const char *path, *target;
	int fd;
} * told;
static size_t n_told;

/* What is left of @path below @above, or NULL if it is not below it. */
static const char *below(const char *path, const char *above)
{
	size_t len = strlen(above);

	while (len && above[len - 1] == '/')
		len--;
	if (strncmp(path, above, len) != 0 || (path[len] && path[len] != '/'))
		return NULL;
	return path + len + strspn(path + len, "/");
}

/* Whether the first @len bytes of @way are a place that was told, and no link. */
static bool is_told_place(const char *way, size_t len)
{
	for (size_t i = n_told; i-- > 0;)
		if (strncmp(told[i].path, way, len) == 0 && !told[i].path[len])
			return !told[i].target;
	return false;
}

/* From what is only told "..", which the kernel cannot be asked for, leads to the directory above it. */
static void cut_up(char *way)
{
	char *up;

	for (char *from = way; (up = strstr(from, "/..")); from = up) {
		char *above = up;

		if ((up[3] && up[3] != '/') || !is_told_place(way, (size_t)(up - way))) {
			up += 3;
			continue;
		}
		while (above > way && above[-1] != '/')
			above--;
		memmove(above, up + 3 + (up[3] == '/'), strlen(up + 3 + (up[3] == '/')) + 1);
		up = way;
	}
}

/* Without what means nothing: slashes, dots, the way there and back. */
static void tidy(char *way)
{
	char *out = way, *in = way;

	while (*in) {
		if (in[0] == '/' && (in[1] == '/' || !in[1]))
			in++;
		else if (in[0] == '/' && in[1] == '.' && (in[2] == '/' || !in[2]))
			in += 2;
		else
			*out++ = *in++;
	}
	*out = '\0';
	cut_up(way);
}

void place_told(const char *path, int fd, const char *target)
{
	char *way;

	if (!telling())
		return;
	way = must_format("%s", path);
	tidy(way);
	told = must_have(reallocarray(told, n_told + 1, sizeof(*told)));
	told[n_told++] =
		(struct told_place){ way, target, fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 64) };
}

static int open_told(int root, const char *path)
{
	cleanup_close int nothing = -1;
	cleanup_free char *way = must_format("%s", path);
	int fd = root, links = 0;
	size_t i = n_told;

	tidy(way);
	while (i-- > 0) {
		const char *rest = below(way, told[i].path);
		char *next;

		if (!rest)
			continue;
		if (!told[i].target) {
			fd = told[i].fd;
			if (fd < 0 && !*rest)
				fd = nothing = told_fd();
			memmove(way, rest, strlen(rest) + 1);
			break;
		}
		next = must_format("%s%s/%s", *told[i].target == '/' ? "" : "/", told[i].target,
				   rest);
		free(way);
		way = next;
		i = n_told;
		if (++links > MAX_LINKS)
			break;
	}
	if (links > MAX_LINKS)
		return fail_with(ELOOP);
	if (fd < 0)
		return fail_with(ENOENT);
	return open_below(fd, *way && strcmp(way, "/") != 0 ? way : ".");
}

static int looked_up_below;

static int look_up(const char *path, int flags)
{
	return open_told(looked_up_below, path);
}

void place_look_up(int root)
{
	looked_up_below = root;
	told_look_up(look_up);
}

/* ---- places ---- */

int place_find(int root, const char *path)
{
	return telling() ? open_told(root, path) : open_below(root, path);
}

bool place_is_root(int root, int fd, const char *path)
{
	struct statx a, b;

	if (telling())
		return path_names_root(path);
	return statx(fd, "", AT_EMPTY_PATH, MADE_IDENTITY, &a) == 0 &&
	       statx(root, "", AT_EMPTY_PATH, MADE_IDENTITY, &b) == 0 && made_same(&a, &b);
}

static int make_once(int parent, const char *parent_name, const char *name, bool dir)
{
	int fd, ret;

	if (dir)
		return sys_mkdir_at(parent, parent_name, name, 0755);
	told_about("file");
	fd = sys_create_at(parent, parent_name, name, 0644);
	ret = fd < 0 && errno ? -1 : 0;
	close_fd(&fd);
	return ret;
}

/* Makes @name in @parent, the end of @way. It may be there meanwhile, which is no error. */
static int make_in(int root, int parent, const char *way, const char *name, bool dir)
{
	cleanup_free char *parent_name =
		must_format("%.*s", (int)(strlen(way) - strlen(name)), way);
	int ret = make_once(parent, parent_name, name, dir);

	if (ret < 0 && maker_change())
		ret = make_once(parent, parent_name, name, dir);
	if (ret == 0) {
		made_note(parent, name, dir);
		if (telling())
			place_told(must_format("%s", way), -1, NULL);
	}
	return ret < 0 && errno != EEXIST ? -1 : 0;
}

/* Finds @way, and makes its last part if it is missing. */
static int find_or_make(int root, int parent, const char *way, bool dir)
{
	const char *name = strrchr(way, '/') + 1;
	int fd = place_find(root, way);

	if (fd >= 0 || errno != ENOENT || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return fd;
	if (make_in(root, parent, way, name, dir) < 0)
		return -1;
	return place_find(root, way);
}

/* As long as it has parts, @path is walked from the root, so that each is looked up below it. */
static int walk(int root, const char *path, bool dir)
{
	int at = place_find(root, "/");
	cleanup_free char *way = must_format("%s", path);

	for (size_t i = strspn(way, "/"); at >= 0 && way[i]; i += strspn(way + i, "/")) {
		int parent = at;
		bool last;
		char cut;

		i += strcspn(way + i, "/");
		last = !way[i + strspn(way + i, "/")];
		cut = way[i];
		way[i] = '\0';
		at = find_or_make(root, parent, way, !last || dir);
		way[i] = cut;
		close_fd(&parent);
	}
	return at;
}

int place_make(int root, const char *path, bool dir)
{
	struct stat st;
	int fd = place_find(root, path);

	if (fd < 0 && errno == ENOENT && !dir && path_names_dir(path))
		errno = EISDIR;
	else if (fd < 0 && errno == ENOENT)
		fd = walk(root, path, dir);
	if (fd < 0 || telling())
		return fd;
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode) == dir)
		return fd;
	close_fd(&fd);
	errno = dir ? ENOTDIR : EISDIR;
	return -1;
}

int place_parent(int root, const char *path, char **dir, const char **name)
{
	size_t len = strlen(path), end;

	while (len && path[len - 1] == '/')
		len--;
	for (end = len; end && path[end - 1] != '/'; end--)
		;
	*name = must_format("%.*s", (int)(len - end), path + end);
	if (!**name || strcmp(*name, "..") == 0)
		*name = ".";
	*dir = must_format("%.*s", end ? (int)end : 1, end ? path : "/");
	return place_make(root, *dir, true);
}
