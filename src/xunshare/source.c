/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compat.h"
#include "die.h"
#include "fd.h"
#include "nsfs.h"
#include "source.h"
#include "stepfail.h"
#include "sys.h"
#include "told.h"

static const struct step for_new_root = { .option = "new-root" };

static struct source new_root = { .fd = -1 };
static struct source (*of_steps)[N_SOURCES];
static struct rlimit files; /* RLIMIT_NOFILE as it was, if rlim_cur is not 0 */

struct source *source_of(size_t i, int which)
{
	return &of_steps[i][which];
}

struct source *source_of_root(void)
{
	return &new_root;
}

/* ---- outside ---- */

/*
 * A link of /proc leads to the mount of outside, which is none of the new mount namespace: what it
 * leads to is opened there by its path, if that is the same file.
 */
static const char *way_of(const char *path, const struct stat *st)
{
	static const char *const links[] = { "/proc/", "/dev/fd/", "/dev/std" };
	char *real = NULL;
	struct stat same;

	for (size_t i = 0; i < ARRAY_SIZE(links) && !real; i++)
		if (strncmp(path, links[i], strlen(links[i])) == 0)
			real = realpath(path, NULL);
	if (real && stat(real, &same) == 0 && same_file(&same, st))
		return real;
	free(real);
	return path;
}

static void look_at(struct source *src, const char *path, const struct step *s)
{
	cleanup_close int fd = fd_above_stdio(open(path, O_PATH | O_CLOEXEC));
	struct stat st;

	if (fd < 0 && errno == ENOENT && s->optional)
		return;
	if (fd < 0 || fstat(fd, &st) < 0)
		step_failed(s, N_("--%s: cannot open %s"), path);
	*src = (struct source){ way_of(path, &st), -1,	      st.st_dev,
				st.st_ino,	   st.st_uid, S_ISDIR(st.st_mode) };
}

static void must_be_dir(const struct source *src, const struct step *s)
{
	if (!src->path || src->dir)
		return;
	errno = ENOTDIR;
	step_failed(s, N_("--%s: cannot open %s"), src->path);
}

/* The name of a terminal of another mount namespace may be that of another terminal here. */
static void look_at_console(struct source *src, const struct step *s)
{
	static char name[64];
	ssize_t n = isatty(STDIN_FILENO) ? readlink("/proc/self/fd/0", name, sizeof(name) - 1) : -1;
	struct stat st;

	if (n <= 0 || fstat(STDIN_FILENO, &st) < 0)
		return;
	look_at(src, name, &(struct step){ .option = s->option, .optional = true });
	if (src->dev != st.st_dev || src->ino != st.st_ino)
		src->path = NULL;
}

static void look_at_all(const struct step *s, struct source *of)
{
	static const char *const devices[] = { "/dev/null",   "/dev/zero",    "/dev/full",
					       "/dev/random", "/dev/urandom", "/dev/tty" };

	for (int i = 0; i < N_SOURCES; i++)
		of[i].fd = -1;
	if (s->kind == STEP_BIND || s->kind == STEP_OVERLAY)
		look_at(&of[OF_STEP], s->source, s);
	if (s->upper) {
		look_at(&of[OF_UPPER], s->upper, s);
		look_at(&of[OF_WORK], s->work, s);
	}
	if (s->kind == STEP_OVERLAY)
		for (int i = 0; i < N_SOURCES; i++)
			must_be_dir(&of[i], s);
	if (s->kind != STEP_DEV)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++)
		look_at(&of[OF_DEVICES + i], devices[i], s);
	look_at_console(&of[OF_CONSOLE], s);
}

/* All sources are open at once, and so are the directories that something is made in. */
static size_t files_needed(const struct steps *all)
{
	size_t n = 32;

	for (size_t i = 0; i < all->n; i++)
		n += all->step[i].kind == STEP_DEV ? N_SOURCES - OF_DEVICES
		     : all->step[i].upper	   ? 3
						   : 1;
	return 2 * n + 64; /* also for what a dry run keeps in mind */
}

/* More than the limit if need be, which whoever may raises; the program has it as it was. */
static void allow_files(const struct steps *all)
{
	struct rlimit more;
	size_t need = files_needed(all);

	if (all->n <= 8 || getrlimit(RLIMIT_NOFILE, &files) < 0 || files.rlim_cur >= need) {
		files.rlim_cur = 0;
		return;
	}
	more = files;
	more.rlim_cur = need;
	if (files.rlim_max < need)
		more.rlim_max = need;
	if (sys_limit_files(&more, true) == 0 || files.rlim_max >= need)
		return;
	more.rlim_cur = more.rlim_max = files.rlim_max;
	if (sys_limit_files(&more, true) < 0)
		return; /* what it takes may be less */
}

void source_open(const struct steps *all)
{
	allow_files(all);
	of_steps = must_have(calloc(all->n + 1, sizeof(*of_steps)));
	if (all->dir)
		look_at(&new_root, all->dir, &for_new_root);
	must_be_dir(&new_root, &for_new_root);
	for (size_t i = 0; i < all->n; i++)
		look_at_all(&all->step[i], of_steps[i]);
}

static bool is_taken_twice(const struct steps *all, const struct step *s)
{
	for (const struct step *before = all->step; before < s; before++)
		if (before->kind == STEP_FILE && before->number == s->number)
			return true;
	return false;
}

void source_claim_files(const struct steps *all)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct step *s = &all->step[i];

		if (s->kind != STEP_FILE)
			continue;
		if (is_taken_twice(all, s))
			die(EXIT_FAILURE, 0, N_("--%s '%s': descriptor %s is given twice"),
			    s->option, s->word, s->source);
		if (fcntl(s->number, F_GETFD) < 0 ||
		    (s->number > STDERR_FILENO && fcntl(s->number, F_SETFD, FD_CLOEXEC) < 0))
			step_failed(s, N_("--%s: descriptor %s is not open"), s->source);
	}
}

/* ---- in the new mount namespace; those whose IDs are mapped, outside ---- */

static void open_again(struct source *src, const struct step *s)
{
	struct stat st;

	if (!src->path)
		return;
	src->fd = fd_above_stdio(open(src->path, O_PATH | O_CLOEXEC));
	if (src->fd < 0 || fstat(src->fd, &st) < 0)
		step_failed(s, N_("--%s: cannot open %s"), src->path);
	if (st.st_dev != src->dev || st.st_ino != src->ino) {
		errno = ESTALE; /* somebody has put another there */
		step_failed(s, N_("--%s: cannot open %s"), src->path);
	}
}

static void copy_tree(struct source *src, const struct step *s, bool recursive)
{
	int tree;

	open_again(src, s);
	if (src->fd < 0)
		return;
	told_because(s->option);
	tree = sys_clone_tree(src->fd, src->path, recursive);
	if (tree < 0)
		step_failed(s, N_("--%s: cannot copy the mount of %s"), src->path);
	if (telling()) { /* what is there can be looked at */
		close_fd(&tree);
		return;
	}
	close_fd(&src->fd);
	src->fd = tree;
}

/* Attributes of a copy, while nobody can see it; @user: by whose map its IDs are mapped, -1: by none. */
static void set_attributes(const struct source *src, const struct step *s, int user)
{
	unsigned long set = s->set | (user < 0 ? 0 : MOUNT_ATTR_IDMAP);

	if (src->fd >= 0 && (set || s->clear) &&
	    sys_mount_attr(src->fd, src->path, set, s->clear, user, !s->alone) < 0)
		step_failed(s, N_("--%s: cannot set the mount attributes of %s"), src->path);
}

void source_copy_idmapped(const struct steps *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->step[i].idmap)
			copy_tree(&of_steps[i][OF_STEP], &all->step[i], !all->step[i].alone);
	told_because(NULL);
}

void source_idmap(const struct steps *all, const char *proc)
{
	cleanup_close int user = -1;
	char name[64];

	snprintf(name, sizeof(name), "%s/ns/user", proc);
	user = telling() ? told_fd() : fd_above_stdio(open(name, O_RDONLY | O_CLOEXEC));
	must(user, N_("cannot open %s"), name);
	for (size_t i = 0; i < all->n; i++)
		if (all->step[i].idmap)
			set_attributes(&of_steps[i][OF_STEP], &all->step[i], user);
}

void source_take(const struct steps *all)
{
	if (all->dir)
		copy_tree(&new_root, &for_new_root, true);
	for (size_t i = 0; i < all->n; i++) {
		const struct step *s = &all->step[i];
		struct source *of = of_steps[i];

		if (s->kind == STEP_BIND && !s->idmap) {
			copy_tree(&of[OF_STEP], s, !s->alone);
			set_attributes(&of[OF_STEP], s, -1);
		} else if (s->kind == STEP_OVERLAY) {
			open_again(&of[OF_STEP], s);
		}
		open_again(&of[OF_UPPER], s);
		open_again(&of[OF_WORK], s);
		for (int d = OF_DEVICES; d < N_SOURCES; d++)
			copy_tree(&of[d], s, false);
	}
}

void source_drop(const struct steps *all)
{
	close_fd(&new_root.fd);
	for (size_t i = 0; i < all->n; i++)
		for (int which = 0; which < N_SOURCES; which++)
			close_fd(&of_steps[i][which].fd);
	if (files.rlim_cur)
		must(sys_limit_files(&files, false), N_("setrlimit failed"));
}
