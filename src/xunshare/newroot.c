/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compat.h"
#include "cred.h"
#include "die.h"
#include "exec.h"
#include "fd.h"
#include "newroot.h"
#include "nsfs.h"
#include "own.h"
#include "pair.h"
#include "place.h"
#include "sys.h"
#include "told.h"

/* A path of outside, which is to be the same file when it is used. */
struct source {
	const char *path;
	int fd; /* O_PATH, or of its detached copy; -1: none (yet) */
	dev_t dev;
	ino_t ino;
	bool dir;
};

enum { N_DEVICES = 6 };
static const char *const devices[N_DEVICES] = { "/dev/null",   "/dev/zero",    "/dev/full",
						"/dev/random", "/dev/urandom", "/dev/tty" };

enum { CONSOLE = N_DEVICES, N_DEV_SOURCES };

static struct source new_root, *of_steps, *of_uppers, *of_works;
static struct source (*of_devs)[N_DEV_SOURCES]; /* of each step */
static struct rlimit files;			/* RLIMIT_NOFILE as it was, if rlim_cur is not 0 */
static struct place_root root = { -1 };
static bool in_user_ns;	 /* another than the initial one */
static bool maps_ids;	 /* and that is new, or joined */
static const char *site; /* where the new root is mounted meanwhile, NULL: there is none */
static int n_stacked;	 /* if that is /: mounts there, above the old root */

/* ---- sources ---- */

static const struct step *failed_step;
static const char *failed_path;
static int failed_errno;

static _Noreturn void fail(const struct step *s, const char *msgid, const char *path)
{
	int err = errno;

	failed_step = s;
	failed_path = path;
	failed_errno = err;
	die(EXIT_FAILURE, err, msgid, s->option, path);
}

static void look_at(struct source *src, const char *path, const struct step *s)
{
	cleanup_close int fd = fd_above_stdio(open(path, O_PATH | O_CLOEXEC));
	struct stat st;

	*src = (struct source){ path, -1, 0, 0, false };
	if (fd < 0 && errno == ENOENT && s->optional) {
		src->path = NULL;
		return;
	}
	if (fd < 0 || fstat(fd, &st) < 0)
		fail(s, N_("--%s: cannot open %s"), path);
	*src = (struct source){ path, -1, st.st_dev, st.st_ino, S_ISDIR(st.st_mode) };
}

static void open_again(struct source *src, const struct step *s)
{
	struct stat st;

	if (!src->path)
		return;
	src->fd = fd_above_stdio(open(src->path, O_PATH | O_CLOEXEC));
	if (src->fd < 0 || fstat(src->fd, &st) < 0)
		fail(s, N_("--%s: cannot open %s"), src->path);
	if (st.st_dev != src->dev || st.st_ino != src->ino) {
		errno = ESTALE; /* somebody has put another there */
		fail(s, N_("--%s: cannot open %s"), src->path);
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
		fail(s, N_("--%s: cannot copy the mount of %s"), src->path);
	if (telling()) { /* what is there can be looked at */
		close_fd(&tree);
		return;
	}
	close_fd(&src->fd);
	src->fd = tree;
}

static const struct step for_new_root = { .option = "new-root" };

/* The name of a terminal of another mount namespace may be that of another terminal here. */
static void look_at_console(struct source *src, const struct step *s)
{
	static char name[64];
	ssize_t n = isatty(STDIN_FILENO) ? readlink("/proc/self/fd/0", name, sizeof(name) - 1) : -1;
	struct stat st;

	src->fd = -1;
	if (n <= 0 || fstat(STDIN_FILENO, &st) < 0)
		return;
	look_at(src, name, &(struct step){ .option = s->option, .optional = true });
	if (src->dev != st.st_dev || src->ino != st.st_ino)
		src->path = NULL;
}

static void look_at_devices(const struct step *s, struct source *of_dev)
{
	for (int i = 0; i < N_DEVICES; i++)
		look_at(&of_dev[i], devices[i], s);
	look_at_console(&of_dev[CONSOLE], s);
}

static bool is_taken_twice(const struct steps *all, const struct step *s)
{
	for (const struct step *before = all->step; before < s; before++)
		if (before->kind == STEP_FILE && before->number == s->number)
			return true;
	return false;
}

void newroot_take_files(const struct steps *all)
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
			fail(s, N_("--%s: descriptor %s is not open"), s->source);
	}
}

/* All sources are open at once, and so are the directories that something is made in. */
static size_t files_needed(const struct steps *all)
{
	size_t n = 32;

	for (size_t i = 0; i < all->n; i++)
		n += all->step[i].kind == STEP_DEV ? N_DEV_SOURCES : all->step[i].upper ? 3 : 1;
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

static void drop_sources(const struct steps *all)
{
	close_fd(&new_root.fd);
	for (size_t i = 0; i < 3 * all->n; i++)
		close_fd(&of_steps[i].fd);
	for (size_t i = 0; i < all->n; i++)
		for (int d = 0; all->step[i].kind == STEP_DEV && d < N_DEV_SOURCES; d++)
			close_fd(&of_devs[i][d].fd);
	if (files.rlim_cur)
		must(sys_limit_files(&files, false), N_("setrlimit failed"));
}

void newroot_open(const struct xunshare_options *o)
{
	const struct steps *all = &o->steps;
	struct stat st;

	maps_ids = (o->flags | o->joins) & CLONE_NEWUSER;
	in_user_ns = maps_ids ||
		     (stat("/proc/self/ns/user", &st) == 0 && st.st_ino != PROC_USER_INIT_INO);

	allow_files(all);
	of_steps = must_have(calloc(3 * all->n + 1, sizeof(*of_steps)));
	of_uppers = of_steps + all->n;
	of_works = of_uppers + all->n;
	of_devs = must_have(calloc(all->n + 1, sizeof(*of_devs)));
	new_root.fd = -1;
	for (size_t i = 0; i < 3 * all->n; i++)
		of_steps[i].fd = -1;
	if (all->dir)
		look_at(&new_root, all->dir, &for_new_root);
	if (all->dir && !new_root.dir) {
		errno = ENOTDIR;
		fail(&for_new_root, N_("--%s: cannot open %s"), all->dir);
	}
	for (size_t i = 0; i < all->n; i++) {
		const struct step *s = &all->step[i];

		if (s->kind == STEP_BIND || s->kind == STEP_OVERLAY)
			look_at(&of_steps[i], s->source, s);
		if (s->upper) {
			look_at(&of_uppers[i], s->upper, s);
			look_at(&of_works[i], s->work, s);
		}
		if (s->kind == STEP_DEV)
			look_at_devices(s, of_devs[i]);
	}
}

void newroot_copy_idmapped(const struct xunshare_options *o)
{
	for (size_t i = 0; i < o->steps.n; i++)
		if (o->steps.step[i].idmap)
			copy_tree(&of_steps[i], &o->steps.step[i], !o->steps.step[i].alone);
	told_because(NULL);
}

void newroot_idmap(const struct xunshare_options *o, const char *proc)
{
	cleanup_close int user = -1;
	char name[64];

	snprintf(name, sizeof(name), "%s/ns/user", proc);
	user = telling() ? told_fd() : fd_above_stdio(open(name, O_RDONLY | O_CLOEXEC));
	must(user, N_("cannot open %s"), name);
	for (size_t i = 0; i < o->steps.n; i++) {
		const struct step *s = &o->steps.step[i];

		if (s->idmap && of_steps[i].fd >= 0 &&
		    sys_mount_attr(of_steps[i].fd, s->source, s->set | MOUNT_ATTR_IDMAP, s->clear,
				   user, !s->alone) < 0)
			fail(s, N_("--%s: cannot set the mount attributes of %s"), s->source);
	}
}

/* Attributes of a copy, while nobody can see it. */
static void set_attributes(const struct source *src, const struct step *s)
{
	if (src->fd >= 0 && (s->set || s->clear) &&
	    sys_mount_attr(src->fd, src->path, s->set, s->clear, -1, !s->alone) < 0)
		fail(s, N_("--%s: cannot set the mount attributes of %s"), src->path);
}

static void take_sources(const struct steps *all)
{
	if (all->dir)
		copy_tree(&new_root, &for_new_root, true);
	for (size_t i = 0; i < all->n; i++) {
		const struct step *s = &all->step[i];

		if (s->kind == STEP_BIND && !s->idmap) {
			copy_tree(&of_steps[i], s, !s->alone);
			set_attributes(&of_steps[i], s);
		} else if (s->kind == STEP_OVERLAY) {
			open_again(&of_steps[i], s);
		}
		if (s->upper) {
			open_again(&of_uppers[i], s);
			open_again(&of_works[i], s);
		}
		for (int d = 0; s->kind == STEP_DEV && d < N_DEV_SOURCES; d++)
			copy_tree(&of_devs[i][d], s, false);
	}
}

/* ---- the root to begin with ---- */

static void set_root(int fd)
{
	int old = root.fd;

	root.fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	must(root.fd, N_("cannot open %s"), "/");
	close_fd(&old);
}

/* What was the root till now is below @fd. */
static void stack_root(int fd)
{
	set_root(fd);
	n_stacked++;
}

/* Any directory will do; what it covers is not seen by --prepare. On / it would have no path of its own. */
static const char *find_site(void)
{
	static const char *const sites[] = { "/mnt", "/tmp", "/run", "/" };
	struct stat st;
	size_t i = 0;

	while (i + 1 < ARRAY_SIZE(sites) && (lstat(sites[i], &st) < 0 || !S_ISDIR(st.st_mode)))
		i++;
	return sites[i];
}

/* Only a mount can be read-only. */
static void mount_on_itself(const char *dir)
{
	cleanup_close int tree = sys_clone_tree(root.fd, dir, true);

	must(tree, N_("cannot bind %s"), dir);
	must(sys_attach(tree, dir, root.fd, dir), N_("cannot bind %s"), dir);
	if (!telling())
		set_root(tree);
}

static void begin_root(const struct xunshare_options *o)
{
	static const char *const mode[] = { "mode", "0755", NULL };
	cleanup_close int fd = -1;
	const char *name = o->steps.dir ? o->steps.dir : "tmpfs";

	if (!o->steps.fresh) {
		fd = fd_above_stdio(
			open(o->root ? o->root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC));
		must(fd, N_("cannot open %s"), o->root ? o->root : "/");
		set_root(fd);
		if (o->root)
			site = must_have(realpath(o->root, NULL));
		if (o->root && o->steps.read_only)
			mount_on_itself(o->root);
		return;
	}
	if (o->steps.dir) {
		fd = new_root.fd;
		new_root.fd = -1;
	} else {
		fd = sys_mount_with("tmpfs", "tmpfs", mode, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
		must(fd, N_("mount %s failed"), "tmpfs");
	}
	site = find_site();
	must(sys_move_mount(fd, name, site), N_("mount %s failed"), site);
	stack_root(fd);
	if (o->steps.dir)
		return;
	place_fresh(fd);
	place_told("/", -1, NULL);
}

/* ---- steps ---- */

/* Only as / it is known to be the root before anything is made: --tmpfs /etc/.. or a link. */
static void must_be_new(const struct step *s, const char *path)
{
	if (site || telling())
		return;
	errno = EINVAL;
	fail(s, N_("--%s: %s is the root, which has to be written as /"), path);
}

static void attach(const struct step *s, int tree, const char *name, const char *path, bool dir)
{
	cleanup_close int to = place_make(&root, path, dir);

	if (to < 0)
		fail(s, N_("--%s: cannot make %s"), path);
	if (sys_attach(tree, name, to, path) < 0)
		fail(s, N_("--%s: cannot mount on %s"), path);
	if (place_is_root(&root, to, path)) {
		must_be_new(s, path);
		stack_root(tree);
	}
}

static void make_bind(const struct step *s, size_t i)
{
	const struct source *src = &of_steps[i];

	if (!src->path)
		return;
	attach(s, src->fd, src->path, s->place, src->dir);
	place_told(s->place, src->fd, NULL);
}

static int new_fs(const struct step *s, const char *type, const char *const *options,
		  unsigned long attr)
{
	int fd = sys_mount_with(type, type, options, (unsigned int)attr);

	if (fd < 0)
		fail(s, N_("--%s: cannot make a file system of type %s"), type);
	return fd;
}

static void make_tmpfs(const struct step *s, size_t i)
{
	cleanup_close int fd = new_fs(s, "tmpfs", s->options, s->set);

	place_fresh(fd);
	attach(s, fd, "tmpfs", s->place, true);
	place_told(s->place, -1, NULL);
}

/* A directory of our own in the new file system @fs. */
static int make_sub(const struct step *s, int fs, const char *name, mode_t mode)
{
	int fd;

	if (sys_mkdir_at(fs, "tmpfs", name, mode) < 0)
		fail(s, N_("--%s: cannot make %s"), name);
	if (telling())
		return told_fd();
	fd = fd_above_stdio(openat(fs, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
	if (fd < 0)
		fail(s, N_("--%s: cannot open %s"), name);
	return fd;
}

/* What is on top shows as the overlay: as @lower is. In a new user namespace all is the program's. */
static int make_upper(const struct step *s, int fs, int lower)
{
	struct stat st;
	int fd;

	if (fstat(lower, &st) < 0)
		fail(s, N_("--%s: cannot open %s"), s->source);
	fd = make_sub(s, fs, "upper", st.st_mode & 01777);
	if (!maps_ids && (st.st_uid != geteuid() || st.st_gid != getegid()) &&
	    sys_chown_at(fs, "tmpfs", "upper", st.st_uid, st.st_gid) < 0)
		fail(s, N_("--%s: cannot make %s"), s->place);
	return fd;
}

static void overlay_options(const char *options[], char names[3][32], int lower, int upper,
			    int work)
{
	const char *const keys[] = { "lowerdir", "upperdir", "workdir" };
	const int fds[] = { lower, upper, work };
	size_t n = 0;

	for (int i = 0; i < 3; i++) {
		snprintf(names[i], sizeof(names[i]), "/proc/self/fd/%d", fds[i]);
		options[n++] = keys[i];
		options[n++] = names[i];
	}
	if (in_user_ns) { /* its own attributes are then those that it may set */
		options[n++] = "userxattr";
		options[n++] = NULL;
	}
	options[n] = NULL;
}

/* Temporary upper directories stand in a tmpfs below the overlay, which covers it. */
static void make_overlay(const struct step *s, size_t i)
{
	cleanup_close int fs = -1, upper = -1, work = -1, overlay = -1, to = -1;
	const char *options[9];
	char names[3][32];

	to = place_make(&root, s->place, true);
	if (to < 0)
		fail(s, N_("--%s: cannot make %s"), s->place);
	if (s->upper) {
		upper = of_uppers[i].fd;
		work = of_works[i].fd;
		of_uppers[i].fd = of_works[i].fd = -1;
	} else {
		fs = new_fs(s, "tmpfs", NULL, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
		if (sys_attach(fs, "tmpfs", to, s->place) < 0)
			fail(s, N_("--%s: cannot mount on %s"), s->place);
		upper = make_upper(s, fs, of_steps[i].fd);
		work = make_sub(s, fs, "work", 0755);
	}
	overlay_options(options, names, of_steps[i].fd, upper, work);
	overlay = new_fs(s, "overlay", options, s->set);
	if (sys_attach(overlay, "overlay", to, s->place) < 0)
		fail(s, N_("--%s: cannot mount on %s"), s->place);
	if (place_is_root(&root, to, s->place)) {
		must_be_new(s, s->place);
		n_stacked += !s->upper;
		stack_root(overlay);
	}
	if (!s->upper)
		place_fresh(overlay);
	place_told(s->place, of_steps[i].fd, NULL);
}

/*
 * It may be there from the last time. In a dry run the descriptor of a directory that is only told of is
 * that of the / of outside.
 */
static bool is_link_to(int parent, const char *path, const char *name, const char *target)
{
	bool in_root = !site && strrchr(path, '/') == path;
	char now[PATH_MAX];
	ssize_t n = readlinkat(parent, name, now, sizeof(now));
	struct stat st, outer;

	if (telling() && !in_root &&
	    (fstat(parent, &st) < 0 || stat("/", &outer) < 0 || same_file(&st, &outer)))
		return false;
	return n >= 0 && (size_t)n == strlen(target) && memcmp(now, target, (size_t)n) == 0;
}

/* What is told of the directory that @name, the end of @path, is in. */
static char *parent_of(const char *path, const char *name)
{
	return must_format("%.*s", (int)(strlen(path) - strlen(name)), path);
}

static void make_link(const struct step *s, const char *target, const char *path)
{
	const char *name;
	cleanup_close int parent = place_parent(&root, path, &name);
	cleanup_free char *dir = parent < 0 ? NULL : parent_of(path, name);

	if (parent >= 0 && is_link_to(parent, path, name, target))
		return;
	if (parent < 0 || sys_symlink_at(target, parent, dir, name) < 0)
		fail(s, N_("--%s: cannot make %s"), path);
	place_undone(parent, name, false);
	place_told(must_format("%s", path), -1, target);
}

static char *in_place(const struct step *s, const char *name)
{
	return must_format("%s/%s", strcmp(s->place, "/") == 0 ? "" : s->place, name);
}

/* The group tty is none of a user namespace. */
static void make_pts(const struct step *s)
{
	static const char *const outside[] = { "newinstance", NULL,  "ptmxmode", "0666", "mode",
					       "0620",	      "gid", "5",	 NULL };
	static const char *const inside[] = { "newinstance", NULL,   "ptmxmode", "0666",
					      "mode",	     "0620", NULL };
	cleanup_close int fd = new_fs(s, "devpts", in_user_ns ? inside : outside,
				      MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);

	attach(s, fd, "devpts", in_place(s, "pts"), true);
}

static void make_shm(const struct step *s)
{
	static const char *const mode[] = { "mode", "1777", NULL };
	cleanup_close int fd = new_fs(s, "tmpfs", mode, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);

	attach(s, fd, "tmpfs", in_place(s, "shm"), true);
}

static void make_dev(const struct step *s, size_t i)
{
	static const char *const mode[] = { "mode", "0755", NULL };
	static const char *const links[][2] = {
		{ "/proc/self/fd", "fd" },	 { "/proc/self/fd/0", "stdin" },
		{ "/proc/self/fd/1", "stdout" }, { "/proc/self/fd/2", "stderr" },
		{ "pts/ptmx", "ptmx" },
	};
	cleanup_close int fd = new_fs(s, "tmpfs", mode, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);

	place_fresh(fd);
	attach(s, fd, "tmpfs", s->place, true);
	place_told(s->place, -1, NULL);
	for (int d = 0; d < N_DEVICES; d++)
		attach(s, of_devs[i][d].fd, devices[d], in_place(s, devices[d] + strlen("/dev/")),
		       false);
	if (of_devs[i][CONSOLE].path)
		attach(s, of_devs[i][CONSOLE].fd, of_devs[i][CONSOLE].path, in_place(s, "console"),
		       false);
	make_pts(s);
	make_shm(s);
	for (size_t l = 0; l < ARRAY_SIZE(links); l++)
		make_link(s, links[l][0], in_place(s, links[l][1]));
}

static void make_dir(const struct step *s, size_t i)
{
	cleanup_close int fd = place_make(&root, s->place, true);

	if (fd < 0)
		fail(s, N_("--%s: cannot make %s"), s->place);
}

static void make_symlink(const struct step *s, size_t i)
{
	make_link(s, s->source, s->place);
}

static const struct child
	*waited_for; /* us, if we are a child, which begins with its signals blocked */

/* It may take long. */
static ssize_t read_unblocked(int fd, char *buf, size_t size)
{
	sigset_t mask;
	ssize_t n;
	int err;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	if (waited_for)
		child_unblock(waited_for);
	n = read(fd, buf, size);
	err = errno;
	sigprocmask(SIG_SETMASK, &mask, NULL);
	errno = err;
	return n;
}

/* All that the caller's descriptor gives, from where it is. */
static void make_file(const struct step *s, size_t i)
{
	const char *name;
	cleanup_close int parent = place_parent(&root, s->place, &name), fd = -1;
	cleanup_free char *dir = parent < 0 ? NULL : parent_of(s->place, name);
	char buf[4096 + 1];
	ssize_t n;

	if (parent < 0)
		fail(s, N_("--%s: cannot make %s"), s->place);
	told_about("file");
	fd = sys_create_at(parent, dir, name, 0644);
	if (fd < 0 && errno)
		fail(s, N_("--%s: cannot make %s"), s->place);
	place_undone(parent, name, false);
	place_told(s->place, -1, NULL);
	if (telling()) {
		told_note("what descriptor %d gives is written to %s", s->number, s->place);
		return;
	}
	while ((n = read_unblocked(s->number, buf, sizeof(buf) - 1)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		buf[n > 0 ? n : 0] = '\0';
		told_about("file");
		if (n < 0 || sys_write_bytes(fd, s->place, buf, (size_t)n) < 0)
			fail(s, N_("--%s: cannot write %s"), s->place);
	}
	if (s->number > STDERR_FILENO)
		close(s->number);
}

static void (*const make_step[])(const struct step *s, size_t i) = {
	[STEP_BIND] = make_bind,       [STEP_TMPFS] = make_tmpfs, [STEP_OVERLAY] = make_overlay,
	[STEP_DEV] = make_dev,	       [STEP_DIR] = make_dir,	  [STEP_FILE] = make_file,
	[STEP_SYMLINK] = make_symlink, [STEP_PREPARE] = NULL,
};

/* Now, as the old root's proc is what shows the kernel that we may see all of it. */
static void mount_proc(const struct xunshare_options *o)
{
	static const char *const subset[] = { "subset", "pid", NULL };
	const unsigned int attr = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
	const struct step s = { .option = "mount-proc" };
	cleanup_close int fd = sys_mount_with("proc", "proc", NULL, attr);

	if (fd < 0 && errno == EPERM) { /* /proc is masked; Linux 7.2 allows this one then */
		fd = sys_mount_with("proc", "proc", subset, attr);
		if (fd >= 0)
			told_note("the proc of outside is masked: only processes are in this one");
		else
			errno = EPERM;
	}
	must(fd, N_("mount %s failed"), o->proc);
	attach(&s, fd, "proc", o->proc, true);
	place_told(o->proc, -1, NULL);
}

/* Its path; without one, as it covers the old one, what is below the working directory. */
static const char *path_of_root(void)
{
	if (!site)
		return "/";
	return n_stacked && strcmp(site, "/") == 0 ? "." : site;
}

static void prepare(const struct xunshare_options *o, const struct step *s,
		    const struct child *child)
{
	const char *path = path_of_root();
	char *argv[] = { (char *)"sh", (char *)"-c", s->source, NULL };
	pid_t pid;
	int status;

	told_about("prepare");
	pid = (pid_t)must(sys_fork(), N_("fork failed"));

	if (pid == 0 || telling()) {
		const char *old = told_set_who("prepare");

		if (!telling())
			child_unblock(child);
		told_about("prepare");
		must(sys_fchdir(root.fd, path), N_("cannot change directory to %s"), path);
		if (setenv("XNS_ROOT", path, true) < 0)
			die(EXIT_FAILURE, errno, N_("cannot set the environment"));
		if (in_user_ns && !usermap_is_root(&o->users)) /* exec would take them */
			cred_keep_caps(true);
		told_about("prepare");
		if (exec_path("/bin/sh", argv) < 0)
			die(EXIT_FAILURE, errno, N_("failed to execute %s"), "/bin/sh");
		told_set_who(old);
		return;
	}
	status = (int)must(wait_for(pid), N_("waitpid failed"));
	if (WIFSIGNALED(status))
		die(EXIT_FAILURE, 0, N_("--prepare '%s' was killed by signal %d"), s->source,
		    WTERMSIG(status));
	if (status)
		die(EXIT_FAILURE, 0, N_("--prepare '%s' ended with status %d"), s->source,
		    WEXITSTATUS(status));
}

/* ---- the end ---- */

unsigned long newroot_propagation(const struct xunshare_options *o, unsigned long wanted)
{
	if (!o->steps.fresh)
		return wanted;
	if (!wanted) /* what we mount would be seen outside */
		return MS_REC | MS_SLAVE;
	return wanted & MS_SHARED ? MS_REC | MS_PRIVATE : wanted;
}

/* The first mount of all has no other below it, which pivot_root(2) wants: an initramfs. */
static bool root_is_first(void)
{
	struct statfs fs;

	return statfs("/", &fs) == 0 && (fs.f_type == RAMFS_MAGIC || fs.f_type == TMPFS_MAGIC);
}

/*
 * A root that is no mount with another one below it, as that of an initramfs, is only covered by
 * the new one.
 */
static void cover_root(void)
{
	if (!root_is_first())
		die(EXIT_FAILURE, EINVAL, N_("pivot_root failed"));
	told_note("the old root is an initramfs, which stays, covered by the new one");
	must(sys_move_mount(root.fd, "/", "/"), N_("mount %s failed"), "/");
	must(sys_chroot("."), N_("cannot change root directory to '%s'"), ".");
}

static void pivot(void)
{
	told_about("root");
	must(sys_fchdir(root.fd, "/"), N_("cannot change directory to %s"), "/");
	if (sys_pivot_root() < 0) {
		if (errno == EINVAL)
			return cover_root();
		die(EXIT_FAILURE, errno, N_("pivot_root failed"));
	}
	do /* on / the last one is on top */
		must(sys_umount(".", MNT_DETACH), N_("umount %s failed"), "/");
	while (strcmp(site, "/") == 0 && --n_stacked > 0);
}

/*
 * Linux 7.0: a mount namespace of what we have put together; the one that it was done in goes, so not
 * where that is bound on a file.
 */
static void take_namespace(void)
{
	cleanup_close int ns = sys_tree_namespace(root.fd, "/");

	must(ns, N_("cannot make a mount namespace of the new root"));
	must(sys_setns(ns, 0, "/", CLONE_NEWNS), N_("setns failed"));
	if (telling())
		told_assume_root(root.fd);
}

static void change_root(const struct xunshare_options *o)
{
	if (!o->file[kind_place(CLONE_NEWNS)] && sys_has_tree_namespace())
		take_namespace();
	else
		pivot();
	if (o->propagation_given && (o->propagation & MS_SHARED))
		must(sys_mount("none", "/", NULL, o->propagation),
		     N_("cannot change root filesystem propagation"));
}

static void make_read_only(void)
{
	static const struct step s = { .option = "read-only" };

	if (sys_mount_attr(root.fd, "/", MOUNT_ATTR_RDONLY, 0, -1, false) < 0)
		fail(&s, N_("--%s: cannot set the mount attributes of %s"), "/");
}

void newroot_make(const struct xunshare_options *o, const struct child *child)
{
	const struct steps *all = &o->steps;

	mode_t mask = umask(0); /* whoever the program is, it has to get in */

	waited_for = o->fork ? child : NULL;
	take_sources(all);
	told_because("new-root");
	begin_root(o);
	for (size_t i = 0; i < all->n; i++) {
		told_because(all->step[i].option);
		if (all->step[i].kind != STEP_PREPARE)
			make_step[all->step[i].kind](&all->step[i], i);
	}
	told_because("mount-proc");
	if (o->proc)
		mount_proc(o);
	umask(mask);
	drop_sources(all);
	told_because("prepare");
	for (size_t i = 0; i < all->n; i++)
		if (all->step[i].kind == STEP_PREPARE)
			prepare(o, &all->step[i], child);
	told_because("read-only");
	if (all->read_only)
		make_read_only();
	told_because("new-root");
	if (all->fresh)
		change_root(o);
	told_because(NULL);
	if (telling())
		place_look_up(&root);
}

void newroot_let_go(void)
{
	if (!telling())
		close_fd(&root.fd);
}

/* ---- why not ---- */

/* A mount below @path, or NULL; static memory. */
static const char *mount_below(const char *path)
{
	static char line[PATH_MAX + 512], point[PATH_MAX];
	FILE *f = fopen("/proc/self/mountinfo", "re");
	size_t len = strcmp(path, "/") == 0 ? 0 : strlen(path);
	bool found = false;

	if (!f)
		return NULL;
	while (!found && fgets(line, sizeof(line), f))
		found = sscanf(line, "%*s %*s %*s %*s %4095s", point) == 1 &&
			strncmp(point, path, len) == 0 && point[len] == '/' && point[len + 1];
	fclose(f);
	return found ? point : NULL;
}

static bool no_id_is_mapped(void)
{
	cleanup_file FILE *f = fopen("/proc/self/uid_map", "re");

	return f && fgetc(f) == EOF;
}

static bool hint_of_place(const char *call, int err)
{
	if (strcmp(call, "mkdirat") != 0 && strcmp(call, "symlinkat") != 0 &&
	    strcmp(call, "openat") != 0)
		return false;
	if (err == EROFS)
		return hint(
			N_("the file system there is read-only: make %s before, or put an --overlay on it"),
			failed_path);
	if (err == EOVERFLOW && no_id_is_mapped())
		return hint(N_(
			"no ID is mapped in this user namespace, so nothing can be made: -r or -c maps one"));
	return false;
}

static bool hint_of_locked(const char *call, int err)
{
	bool overlay = strcmp(call, "fsconfig") == 0 && failed_step->kind == STEP_OVERLAY;
	const char *source = failed_step->source, *below;

	if (err != EINVAL || !in_user_ns || !source || !(overlay || strcmp(call, "open_tree") == 0))
		return false;
	below = mount_below(source);
	if (!below)
		return false;
	if (overlay)
		return hint(
			N_("%s is mounted below it: in a user namespace an overlay cannot show what that covers"),
			below);
	return hint(
		N_("%s is mounted below it: in a user namespace it comes along, so not with norec"),
		below);
}

static bool hint_of_idmap(const char *call, int err)
{
	if (!failed_step->idmap)
		return false;
	if (err == EPERM && strcmp(call, "open_tree") == 0)
		return hint(N_("idmap takes CAP_SYS_ADMIN outside of the new user namespace"));
	if (err == EINVAL && strcmp(call, "mount_setattr") == 0)
		return hint(
			N_("the file system of %s, or one that is mounted below it, knows no map of IDs"),
			failed_step->source);
	return false;
}

static bool hint_of_upper(const char *call, int err)
{
	const struct step *s = failed_step;
	struct stat upper, work;

	if (err != EINVAL || strcmp(call, "fsconfig") != 0 || !s->upper ||
	    stat(s->upper, &upper) < 0 || stat(s->work, &work) < 0)
		return false;
	if (upper.st_dev != work.st_dev)
		return hint(N_("upper= and work= are not on the same file system"));
	return upper.st_ino == work.st_ino && hint(N_("upper= and work= are the same directory"));
}

static bool hint_of_attributes(const char *call, int err)
{
	struct statvfs fs;

	if (strcmp(call, "mount_setattr") != 0)
		return false;
	if (err == ENOSYS)
		return hint(N_("mount attributes need Linux 5.12"));
	if (err == EPERM && (failed_step->clear & MOUNT_ATTR_RDONLY) &&
	    statvfs(failed_step->source, &fs) == 0 && (fs.f_flag & ST_RDONLY))
		return hint(N_("%s is read-only outside, which a user namespace cannot undo"),
			    failed_step->source);
	return false;
}

bool newroot_hint(void)
{
	const char *call = told_failed.call;
	struct rlimit limit;

	if (failed_step && failed_errno == EMFILE && getrlimit(RLIMIT_NOFILE, &limit) == 0)
		return hint(
			N_("the limit of open files (ulimit -n) is %lu: each of these options takes some"),
			(unsigned long)limit.rlim_cur);
	return call && failed_step &&
	       (hint_of_idmap(call, told_failed.err) || hint_of_upper(call, told_failed.err) ||
		hint_of_place(call, told_failed.err) || hint_of_locked(call, told_failed.err) ||
		hint_of_attributes(call, told_failed.err));
}
