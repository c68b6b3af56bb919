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
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "compat.h"
#include "die.h"
#include "fd.h"
#include "made.h"
#include "maker.h"
#include "newproc.h"
#include "newroot.h"
#include "nsfs.h"
#include "own.h"
#include "pathname.h"
#include "place.h"
#include "prepare.h"
#include "resolver.h"
#include "source.h"
#include "stepfail.h"
#include "sys.h"
#include "told.h"

static int root = -1;	 /* its directory, for place.h */
static bool in_user_ns;	 /* another than the initial one */
static bool maps_ids;	 /* and that is new, or joined */
static const char *site; /* where the new root is mounted meanwhile, NULL: there is none */
static int n_stacked;	 /* if that is /: mounts there, above the old root */
static const struct child *as_child; /* us, if we are one; else NULL */

/* ---- the root to begin with ---- */

static void set_root(int fd)
{
	int old = root;

	root = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	must(root, N_("cannot open %s"), "/");
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
	cleanup_close int tree = sys_clone_tree(root, dir, true);

	must(tree, N_("cannot bind %s"), dir);
	must(sys_attach(tree, dir, root, dir), N_("cannot bind %s"), dir);
	if (!telling())
		set_root(tree);
}

static void begin_root(const struct xunshare_options *o)
{
	static const char *const mode[] = { "mode", "0755", NULL };
	cleanup_close int fd = -1;
	const char *name = o->steps.dir ? o->steps.dir : "tmpfs";

	if (!o->steps.fresh) {
		fd = open_dir(o->root ? o->root : "/");
		must(fd, N_("cannot open %s"), o->root ? o->root : "/");
		set_root(fd);
		if (o->root)
			site = must_have(realpath(o->root, NULL));
		if (o->root && o->steps.read_only)
			mount_on_itself(o->root);
		return;
	}
	/* a directory that belongs to those inside is theirs to make something in */
	if (!o->steps.dir || maker_owns(source_of_root()->uid))
		maker_become();
	if (o->steps.dir) {
		fd = source_of_root()->fd;
		source_of_root()->fd = -1;
	} else {
		fd = sys_mount_with("tmpfs", "tmpfs", mode, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
		must(fd, N_("mount %s failed"), "tmpfs");
	}
	site = find_site();
	must(sys_move_mount(fd, name, site), N_("mount %s failed"), site);
	stack_root(fd);
	if (o->steps.dir)
		return;
	made_fresh(fd);
	place_told("/", -1, NULL);
}

/* ---- steps ---- */

/* Only as / it is known to be the root before anything is made: --tmpfs /etc/.. or a link. */
static void must_be_new(const struct step *s, const char *path)
{
	if (site || telling())
		return;
	errno = EINVAL;
	step_failed(s, N_("--%s: %s is the root, which has to be written as /"), path);
}

static int make_place(const struct step *s, const char *path, bool dir)
{
	int to = place_make(root, path, dir);

	if (to < 0)
		step_failed(s, N_("--%s: cannot make %s"), path);
	return to;
}

static void attach_to(const struct step *s, int tree, const char *name, int to, const char *path)
{
	if (sys_attach(tree, name, to, path) < 0)
		step_failed(s, N_("--%s: cannot mount on %s"), path);
	if (place_is_root(root, to, path)) {
		must_be_new(s, path);
		stack_root(tree);
	}
}

static void attach(const struct step *s, int tree, const char *name, const char *path, bool dir)
{
	cleanup_close int to = make_place(s, path, dir);

	attach_to(s, tree, name, to, path);
}

static void make_bind(const struct step *s, size_t i)
{
	const struct source *src = source_of(i, OF_STEP);

	if (!src->path)
		return;
	attach(s, src->fd, src->path, s->place, src->dir);
	place_told(s->place, src->fd, NULL);
}

static int new_fs(const struct step *s, const char *type, const char *const *options,
		  unsigned long attr)
{
	int fd;

	maker_become();
	fd = sys_mount_with(type, type, options, (unsigned int)attr);
	if (fd < 0)
		step_failed(s, N_("--%s: cannot make a file system of type %s"), type);
	return fd;
}

static void make_tmpfs(const struct step *s, size_t i)
{
	cleanup_close int to = make_place(s, s->place, true);
	cleanup_close int fd = new_fs(s, "tmpfs", s->options, s->set);

	made_fresh(fd);
	attach_to(s, fd, "tmpfs", to, s->place);
	place_told(s->place, -1, NULL);
}

/* A directory of our own in the new file system @fs. */
static int make_sub(const struct step *s, int fs, const char *name, mode_t mode)
{
	int fd;

	if (sys_mkdir_at(fs, "tmpfs", name, mode) < 0)
		step_failed(s, N_("--%s: cannot make %s"), name);
	if (telling())
		return told_fd();
	fd = fd_above_stdio(openat(fs, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
	if (fd < 0)
		step_failed(s, N_("--%s: cannot open %s"), name);
	return fd;
}

/* What is on top shows as the overlay: as @lower is. In a new user namespace all is the program's. */
static int make_upper(const struct step *s, int fs, int lower)
{
	struct stat st;
	int fd;

	if (fstat(lower, &st) < 0)
		step_failed(s, N_("--%s: cannot open %s"), s->source);
	fd = make_sub(s, fs, "upper", st.st_mode & 01777);
	if (!maps_ids && (st.st_uid != geteuid() || st.st_gid != getegid()) &&
	    sys_chown_at(fs, "tmpfs", "upper", st.st_uid, st.st_gid) < 0)
		step_failed(s, N_("--%s: cannot make %s"), s->place);
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
	int lower = source_of(i, OF_STEP)->fd;
	const char *options[9];
	char names[3][32];

	to = make_place(s, s->place, true);
	if (s->upper) {
		upper = source_of(i, OF_UPPER)->fd;
		work = source_of(i, OF_WORK)->fd;
		source_of(i, OF_UPPER)->fd = source_of(i, OF_WORK)->fd = -1;
	} else {
		fs = new_fs(s, "tmpfs", NULL, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
		if (sys_attach(fs, "tmpfs", to, s->place) < 0)
			step_failed(s, N_("--%s: cannot mount on %s"), s->place);
		upper = make_upper(s, fs, lower);
		work = make_sub(s, fs, "work", 0755);
	}
	overlay_options(options, names, lower, upper, work);
	die_about_proc();
	overlay = new_fs(s, "overlay", options, s->set);
	if (sys_attach(overlay, "overlay", to, s->place) < 0)
		step_failed(s, N_("--%s: cannot mount on %s"), s->place);
	if (place_is_root(root, to, s->place)) {
		must_be_new(s, s->place);
		n_stacked += !s->upper;
		stack_root(overlay);
	}
	if (!s->upper)
		made_fresh(overlay);
	place_told(s->place, lower, NULL);
}

/*
 * It may be there from the last time. In a dry run the descriptor of a directory that is only told of is
 * that of the / of outside.
 */
static bool is_link_to(int parent, const char *dir, const char *name, const char *target)
{
	bool in_root = !site && path_names_root(dir);
	char now[PATH_MAX];
	ssize_t n = readlinkat(parent, name, now, sizeof(now));
	struct stat st, outer;

	if (telling() && !in_root &&
	    (fstat(parent, &st) < 0 || stat("/", &outer) < 0 || same_file(&st, &outer)))
		return false;
	return n >= 0 && (size_t)n == strlen(target) && memcmp(now, target, (size_t)n) == 0;
}

static int symlink_by_maker(const char *target, int parent, const char *dir, const char *name)
{
	int ret = sys_symlink_at(target, parent, dir, name);

	return ret < 0 && maker_change() ? sys_symlink_at(target, parent, dir, name) : ret;
}

static void make_link(const struct step *s, const char *target, const char *path)
{
	const char *name;
	cleanup_free char *dir = NULL;
	cleanup_close int parent = place_parent(root, path, &dir, &name);

	if (parent >= 0 && is_link_to(parent, dir, name, target))
		return;
	if (parent < 0 || symlink_by_maker(target, parent, dir, name) < 0)
		step_failed(s, N_("--%s: cannot make %s"), path);
	made_note(parent, name, false);
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
	cleanup_close int to = make_place(s, s->place, true);
	cleanup_close int fd = new_fs(s, "tmpfs", mode, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);

	made_fresh(fd);
	attach_to(s, fd, "tmpfs", to, s->place);
	place_told(s->place, -1, NULL);
	for (int d = OF_DEVICES; d < N_SOURCES; d++) {
		const struct source *of = source_of(i, d);
		const char *name;

		if (!of->path)
			continue;
		name = d == OF_CONSOLE ? "console" : of->path + strlen("/dev/");
		attach(s, of->fd, of->path, in_place(s, name), false);
	}
	make_pts(s);
	make_shm(s);
	for (size_t l = 0; l < ARRAY_SIZE(links); l++)
		make_link(s, links[l][0], in_place(s, links[l][1]));
}

static void make_dir(const struct step *s, size_t i)
{
	int fd = make_place(s, s->place, true);

	close_fd(&fd);
}

static void make_symlink(const struct step *s, size_t i)
{
	make_link(s, s->source, s->place);
}

/* It may take long, and a child begins with its signals blocked. */
static ssize_t read_unblocked(int fd, char *buf, size_t size)
{
	sigset_t mask;
	ssize_t n;
	int err;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	if (as_child)
		child_unblock(as_child);
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
	cleanup_free char *dir = NULL;
	cleanup_close int parent = place_parent(root, s->place, &dir, &name), fd = -1;
	char buf[4096 + 1];
	ssize_t n;

	if (parent >= 0 && path_names_dir(s->place)) {
		close_fd(&parent);
		errno = EISDIR;
	}
	if (parent < 0)
		step_failed(s, N_("--%s: cannot make %s"), s->place);
	told_about("file");
	fd = sys_create_at(parent, dir, name, 0644);
	if (fd < 0 && errno && maker_change())
		fd = sys_create_at(parent, dir, name, 0644);
	if (fd < 0 && errno)
		step_failed(s, N_("--%s: cannot make %s"), s->place);
	made_note(parent, name, false);
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
			step_failed(s, N_("--%s: cannot write %s"), s->place);
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
	const struct step s = { .option = "mount-proc" };
	cleanup_close int to = make_place(&s, o->proc, true), fd = -1;

	fd = newproc_mount(o, to, o->proc);
	if (fd >= 0 && place_is_root(root, to, o->proc)) {
		must_be_new(&s, o->proc);
		stack_root(fd);
	}
	place_told(o->proc, -1, NULL);
}

/* Whether nothing outside is changed by what is made there: it is in a tmpfs of ours. */
static bool is_ours(const char *path)
{
	cleanup_close int fd = place_find(root, path);

	return fd < 0 || telling() || made_is_fresh(fd);
}

/* A place is made for it, but not in a directory of outside. */
static int find_place(int at, const char *path, bool nofollow)
{
	int fd = place_find(at, path);

	if (fd < 0 && errno == ENOENT && nofollow && is_ours("/etc"))
		fd = place_make(at, path, false);
	return fd;
}

static void put_resolver(const struct xunshare_options *o)
{
	told_because(o->dns ? "dns" : "uplink");
	resolver_put(root, find_place);
}

/* Its path; without one, as it covers the old one, what is below the working directory. */
static const char *path_of_root(void)
{
	if (!site)
		return "/";
	return n_stacked && strcmp(site, "/") == 0 ? "." : site;
}

static void prepare(const struct xunshare_options *o, const struct step *s)
{
	const char *path = path_of_root();
	bool keep_caps = in_user_ns && !usermap_is_root(&o->users);

	prepare_run(o, as_child,
		    &(struct prepare){ s->source, root, path, maker_gid(), maker_uid(),
				       keep_caps });
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

	return statfs("/", &fs) == 0 &&
	       ((unsigned int)fs.f_type == RAMFS_MAGIC || (unsigned int)fs.f_type == TMPFS_MAGIC);
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
	must(sys_move_mount(root, "/", "/"), N_("mount %s failed"), "/");
	must(sys_chroot("."), N_("cannot change root directory to '%s'"), ".");
}

static void pivot(void)
{
	told_about("root");
	must(sys_fchdir(root, "/"), N_("cannot change directory to %s"), "/");
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
	cleanup_close int ns = sys_tree_namespace(root, "/");

	must(ns, N_("cannot make a mount namespace of the new root"));
	must(sys_setns(ns, 0, "/", CLONE_NEWNS), N_("setns failed"));
	if (telling())
		told_assume_root(root);
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

/* What was made in it has to go again. */
static void make_writable(void *arg)
{
	if (root < 0) /* let go of: it is ours by now */
		root = open_dir("/");
	if (root >= 0 && sys_mount_attr(root, "/", 0, MOUNT_ATTR_RDONLY, -1, false) < 0)
		return; /* nothing can be removed then */
}

/*
 * The root that the program has. What it was put together as, if that is another mount, stays as it
 * is: there what was made is removed, if need be.
 */
static void make_read_only(bool fresh)
{
	static const struct step s = { .option = "read-only" };

	if (fresh && !telling()) {
		int fd = open_dir("/");

		must(fd, N_("cannot open %s"), "/");
		close_fd(&root);
		root = fd;
	}
	if (sys_mount_attr(root, "/", MOUNT_ATTR_RDONLY, 0, -1, false) < 0)
		step_failed(&s, N_("--%s: cannot set the mount attributes of %s"), "/");
	if (made_any())
		undo_push(make_writable, NULL);
}

void newroot_make(const struct xunshare_options *o, const struct child *child)
{
	const struct steps *all = &o->steps;
	struct stat st;
	mode_t mask = umask(0); /* whoever the program is, it has to get in */

	maps_ids = (o->flags | o->joins) & CLONE_NEWUSER;
	in_user_ns = maps_ids ||
		     (stat("/proc/self/ns/user", &st) == 0 && st.st_ino != PROC_USER_INIT_INO);
	as_child = o->fork ? child : NULL;
	source_take(all);
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
	if (o->uplink.given || o->dns)
		put_resolver(o);
	umask(mask);
	source_drop(all);
	told_because("prepare");
	for (size_t i = 0; i < all->n; i++)
		if (all->step[i].kind == STEP_PREPARE)
			prepare(o, &all->step[i]);
	told_because("new-root");
	if (all->fresh)
		change_root(o);
	told_because("read-only");
	if (all->read_only)
		make_read_only(all->fresh);
	told_because(NULL);
	if (telling())
		place_look_up(root);
}

void newroot_let_go(void)
{
	if (!telling())
		close_fd(&root);
}
