/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "compat.h"
#include "die.h"
#include "fd.h"
#include "place.h"
#include "sys.h"
#include "told.h"

/* While others rename, the kernel cannot say that a way with ".." stays below the root (EAGAIN). */
enum { TRIES = 128, MAX_LINKS = 40 };

static int open_below(int root, const char *path)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC,
				.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };
	int fd = -1;

	for (int i = 0; i < TRIES; i++) {
		fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	return fd_above_stdio(fd);
}

/* ---- a dry run's ---- */

/* In the order of telling: the last that fits is what is there. */
static struct told_place {
	const char *path, *target;
	int fd;
} * told;
static size_t n_told;

void place_told(const char *path, int fd, const char *target)
{
	if (!telling())
		return;
	told = must_have(reallocarray(told, n_told + 1, sizeof(*told)));
	told[n_told++] =
		(struct told_place){ path, target, fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 64) };
}

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

static int open_told(const struct place_root *root, const char *path)
{
	cleanup_close int nothing = -1;
	char *way = strdup(path);
	int fd = root->fd, links = 0;
	size_t i = n_told;

	while (way && i-- > 0) {
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
	if (!way || fd < 0 || links > MAX_LINKS) {
		free(way);
		errno = links > MAX_LINKS ? ELOOP : ENOENT;
		return -1;
	}
	fd = open_below(fd, *way && strcmp(way, "/") != 0 ? way : ".");
	free(way);
	return fd;
}

static const struct place_root *looked_up_below;

static int look_up(const char *path, int flags)
{
	return open_told(looked_up_below, path);
}

void place_look_up(const struct place_root *root)
{
	looked_up_below = root;
	told_look_up(look_up);
}

/* ---- what is made is undone ---- */

/* A directory of which something was made, and what: few descriptors, however much that is. */
static struct base {
	int fd;
	struct statx is;
} * bases;
static size_t n_bases;

static struct made {
	int base;
	const char *path; /* from the base on, through what we have made alone */
	bool dir;
	struct statx is;
} * made;
static size_t n_made;

enum { IDENTITY = STATX_INO | STATX_MNT_ID };

static bool is_same(const struct statx *a, const struct statx *b)
{
	return a->stx_ino == b->stx_ino && a->stx_mnt_id == b->stx_mnt_id &&
	       a->stx_dev_minor == b->stx_dev_minor && a->stx_dev_major == b->stx_dev_major;
}

static bool is_mount(int dir, const char *name)
{
	struct statx st;

	return statx(dir, name, AT_SYMLINK_NOFOLLOW, 0, &st) == 0 &&
	       (st.stx_attributes & STATX_ATTR_MOUNT_ROOT);
}

/* Where it is now, by no link that has come there meanwhile; *name is the last part of its path. */
static int open_parent_of(const struct made *m, const char **name)
{
	struct open_how how = { .flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
				.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS };
	const char *slash = strrchr(m->path, '/');
	char *way = must_format("%.*s", slash ? (int)(slash - m->path) : 1, slash ? m->path : ".");
	int fd = (int)syscall(SYS_openat2, m->base, way, &how, sizeof(how));

	*name = slash ? slash + 1 : m->path;
	free(way);
	return fd_above_stdio(fd);
}

/* What we have mounted there ourselves holds it, also in the namespace that ends with us. */
static void unmount_from(const struct made *m)
{
	const char *name;
	cleanup_close int parent = open_parent_of(m, &name);

	if (parent < 0 || !is_mount(parent, name) || sys_fchdir(parent, ".") < 0)
		return;
	while (is_mount(parent, name) && sys_umount(name, MNT_DETACH | UMOUNT_NOFOLLOW) == 0)
		;
}

static void undo_made(void *arg)
{
	cleanup_close int cwd = fd_above_stdio(open(".", O_PATH | O_CLOEXEC));

	for (size_t i = 0; i < n_made; i++) /* what covers others first */
		unmount_from(&made[i]);
	while (n_made-- > 0) {
		const char *name;
		cleanup_close int parent = open_parent_of(&made[n_made], &name);

		if (parent >= 0)
			sys_unlink_at(parent, name, made[n_made].dir);
	}
	if (cwd >= 0 && sys_fchdir(cwd, ".") < 0)
		return; /* nothing that follows has a relative path then */
}

static dev_t *fresh;
static size_t n_fresh;

static bool is_fresh(int fd, struct stat *st)
{
	if (fstat(fd, st) < 0)
		return false;
	for (size_t i = 0; i < n_fresh; i++)
		if (fresh[i] == st->st_dev)
			return true;
	return false;
}

void place_fresh(int fd)
{
	struct stat st;

	if (telling() || is_fresh(fd, &st))
		return;
	fresh = must_have(reallocarray(fresh, n_fresh + 1, sizeof(*fresh)));
	fresh[n_fresh++] = st.st_dev;
}

/* Return: its descriptor, or -1 with errno. */
static int base_of(int parent, const struct statx *is)
{
	struct base *b;

	for (size_t i = 0; i < n_bases; i++)
		if (is_same(&bases[i].is, is))
			return bases[i].fd;
	bases = must_have(reallocarray(bases, n_bases + 1, sizeof(*bases)));
	b = &bases[n_bases];
	*b = (struct base){ fcntl(parent, F_DUPFD_CLOEXEC, 3), *is };
	n_bases += b->fd >= 0;
	return b->fd;
}

/* What cannot be kept in mind goes at once. */
static _Noreturn void cannot_undo(int parent, const char *name, bool dir)
{
	int err = errno;

	sys_unlink_at(parent, name, dir);
	die(EXIT_FAILURE, err, N_("cannot open %s"), ".");
}

void place_undone(int parent, const char *name, bool dir)
{
	struct made m = { .base = -1, .dir = dir };
	struct stat st;
	struct statx in;

	if (telling() || is_fresh(parent, &st))
		return;
	if (!made)
		undo_push(undo_made, NULL);
	if (statx(parent, "", AT_EMPTY_PATH, IDENTITY, &in) < 0)
		cannot_undo(parent, name, dir);
	for (size_t i = n_made; !m.path && i-- > 0;)
		if (made[i].dir && is_same(&made[i].is, &in)) {
			m.base = made[i].base;
			m.path = must_format("%s/%s", made[i].path, name);
		}
	if (!m.path) {
		m.base = base_of(parent, &in);
		if (m.base < 0)
			cannot_undo(parent, name, dir);
		m.path = must_format("%s", name);
	}
	if (statx(parent, name, AT_SYMLINK_NOFOLLOW, IDENTITY, &m.is) < 0)
		m.dir = m.dir && errno == ENOENT; /* gone already: nothing is below */
	made = must_have(reallocarray(made, n_made + 1, sizeof(*made)));
	made[n_made++] = m;
}

bool place_made(void)
{
	return n_made > 0;
}

/* ---- places ---- */

int place_find(const struct place_root *root, const char *path)
{
	return telling() ? open_told(root, path) : open_below(root->fd, path);
}

bool place_names_root(const char *path)
{
	size_t len;

	for (; *path; path += len) {
		path += strspn(path, "/");
		len = strcspn(path, "/");
		if (len > 2 || strspn(path, ".") < len)
			return false;
	}
	return true;
}

bool place_is_root(const struct place_root *root, int fd, const char *path)
{
	struct statx a, b;

	if (telling())
		return place_names_root(path);
	return statx(fd, "", AT_EMPTY_PATH, IDENTITY, &a) == 0 &&
	       statx(root->fd, "", AT_EMPTY_PATH, IDENTITY, &b) == 0 && is_same(&a, &b);
}

/* Makes @name in @parent, the end of @way. It may be there meanwhile, which is no error. */
static int make_in(const struct place_root *root, int parent, const char *way, const char *name,
		   bool dir)
{
	char *parent_name = must_format("%.*s", (int)(strlen(way) - strlen(name)), way);
	int fd, ret;

	if (dir) {
		ret = sys_mkdir_at(parent, parent_name, name, 0755);
	} else {
		told_about("file");
		fd = sys_create_at(parent, parent_name, name, 0644);
		ret = fd < 0 && errno ? -1 : 0;
		close_fd(&fd);
	}
	free(parent_name);
	if (ret == 0) {
		place_undone(parent, name, dir);
		if (telling())
			place_told(must_format("%s", way), -1, NULL);
	}
	return ret < 0 && errno != EEXIST ? -1 : 0;
}

/* Finds @way, and makes its last part if it is missing. */
static int find_or_make(const struct place_root *root, int parent, const char *way, bool dir)
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
static int walk(const struct place_root *root, const char *path, bool dir)
{
	int at = place_find(root, "/");
	char *way = must_format("%s", path);

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
	free(way);
	return at;
}

int place_make(const struct place_root *root, const char *path, bool dir)
{
	struct stat st;
	int fd = place_find(root, path);

	if (fd < 0 && errno == ENOENT)
		fd = walk(root, path, dir);
	if (fd < 0 || telling())
		return fd;
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode) == dir)
		return fd;
	close_fd(&fd);
	errno = dir ? ENOTDIR : EISDIR;
	return -1;
}

int place_parent(const struct place_root *root, const char *path, const char **name)
{
	size_t len = strlen(path), end;
	char *way;
	int fd;

	while (len && path[len - 1] == '/')
		len--;
	for (end = len; end && path[end - 1] != '/'; end--)
		;
	*name = must_format("%.*s", (int)(len - end), path + end);
	if (!**name || strcmp(*name, "..") == 0)
		*name = ".";
	way = must_format("%.*s", end ? (int)end : 1, end ? path : "/");
	fd = place_make(root, way, true);
	free(way);
	return fd;
}
