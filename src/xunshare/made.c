/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "compat.h"
#include "die.h"
#include "fd.h"
#include "made.h"
#include "maker.h"
#include "proc.h"
#include "sys.h"
#include "told.h"

bool made_same(const struct statx *a, const struct statx *b)
{
	return a->stx_ino == b->stx_ino && a->stx_mnt_id == b->stx_mnt_id &&
	       a->stx_dev_minor == b->stx_dev_minor && a->stx_dev_major == b->stx_dev_major;
}

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

/* Where it is now, by no link that has come there meanwhile; *name is the last part of its path. */
static int open_parent_of(const struct made *m, const char **name)
{
	const char *slash = strrchr(m->path, '/');
	char *way = must_format("%.*s", slash ? (int)(slash - m->path) : 1, slash ? m->path : ".");
	int fd = fd_open_below(m->base, way, O_PATH | O_DIRECTORY,
			       RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);

	*name = slash ? slash + 1 : m->path;
	free(way);
	return fd;
}

/* Not what a link leads to. */
static bool is_mount(int dir, const char *name)
{
	return proc_is_mount(dir, name, AT_SYMLINK_NOFOLLOW) > 0;
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

		if (parent >= 0 && sys_unlink_at(parent, name, made[n_made].dir) < 0 &&
		    maker_change())
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

bool made_is_fresh(int fd)
{
	struct stat st;

	return is_fresh(fd, &st);
}

void made_fresh(int fd)
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
		if (made_same(&bases[i].is, is))
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

void made_note(int parent, const char *name, bool dir)
{
	struct made m = { .base = -1, .dir = dir };
	struct stat st;
	struct statx in;

	if (telling() || is_fresh(parent, &st))
		return;
	if (!made)
		undo_push(undo_made, NULL);
	if (statx(parent, "", AT_EMPTY_PATH, MADE_IDENTITY, &in) < 0)
		cannot_undo(parent, name, dir);
	for (size_t i = n_made; !m.path && i-- > 0;)
		if (made[i].dir && made_same(&made[i].is, &in)) {
			m.base = made[i].base;
			m.path = must_format("%s/%s", made[i].path, name);
		}
	if (!m.path) {
		m.base = base_of(parent, &in);
		if (m.base < 0)
			cannot_undo(parent, name, dir);
		m.path = must_format("%s", name);
	}
	if (statx(parent, name, AT_SYMLINK_NOFOLLOW, MADE_IDENTITY, &m.is) < 0)
		m.dir = m.dir && errno == ENOENT; /* gone already: nothing is below */
	made = must_have(reallocarray(made, n_made + 1, sizeof(*made)));
	made[n_made++] = m;
}

bool made_any(void)
{
	return n_made > 0;
}
