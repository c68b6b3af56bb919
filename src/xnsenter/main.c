/* SPDX-License-Identifier: MIT */
/*
 * xnsenter - run a program in existing namespaces: its options, then the system calls they mean, in
 * order.
 */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#include "cgroup.h"
#include "child.h"
#include "cli.h"
#include "compat.h"
#include "cred.h"
#include "env.h"
#include "fd.h"
#include "hint.h"
#include "kind.h"
#include "parse.h"
#include "program.h"
#include "readall.h"
#include "sys.h"
#include "target.h"
#include "options.h"
#include "told.h"

static struct xnsenter_options o;

/* A namespace with a descriptor of its own. */
struct ns {
	int fd; /* -1: none */
	const char *name;
};

/* What is open, and what the steps say to each other. */
static struct target target = TARGET_NONE;
static struct ns ns[KIND_COUNT];
static int from_target;		/* CLONE_NEW* that are joined by the target's pidfd */
static int joined;		/* all that are joined */
static bool joins_targets_user; /* the user namespace that is joined is the target's */
static int root_fd = -1, wd_fd = -1, env_fd = -1;
static bool groups_gone; /* the supplementary groups, before a user namespace was joined */
static uid_t targets_uid;
static gid_t targets_gid;

/* ---- all that has a name is opened in the namespaces of the caller ---- */

static void open_ns(const struct kind *kind, const char *word)
{
	ns[kind - kinds].fd = *word == ':' ? ns_open_id(word + 1) : ns_open_file(word);
	ns[kind - kinds].name = word;
}

/* The target's namespace by a descriptor of its own. */
static void open_ns_of_target(const struct kind *kind, const char *file)
{
	char name[32];

	snprintf(name, sizeof(name), "ns/%s", file);
	ns[kind - kinds].fd = target_open_file(&target, name, O_RDONLY, false);
	ns[kind - kinds].name = target_path(&target, name);
}

/* It takes the place of a file that --net named. */
static void open_ns_of_socket(void)
{
	struct ns *net = &ns[kind_by_letter('n') - kinds];
	int fd = ns_open_socket(&target, o.socket.fd);

	close_fd(&net->fd);
	*net = (struct ns){ fd, "net" };
}

/* The parent of the user namespace that was named, or of the target's, or the owner of the first. */
static void open_user_parent(void)
{
	const struct kind *user = kind_by_letter('U');
	struct ns *n = &ns[user - kinds];
	int base = n->fd;
	int owner;

	for (int i = 0; base < 0 && !target.pid && i < KIND_COUNT; i++)
		if (ns[i].fd >= 0) {
			base = ns[i].fd;
			n->name = ns[i].name;
		}
	if (base < 0) {
		open_ns_of_target(user, user->proc);
		base = n->fd;
	}
	owner = ns_open_owner(base);
	close_fd(&n->fd);
	n->fd = owner;
	n->name = must_format("parent of %s", n->name);
}

/* --all: what is the caller's own is left out, for an ordinary user could not join it. */
static int others_of_target(int flags)
{
	struct ns *user = &ns[kind_by_letter('U') - kinds];

	if (user->fd >= 0 && o.user_parent && ns_is(user->fd, "/proc/self/ns/user"))
		close_fd(&user->fd);
	for (int i = 0; i < KIND_COUNT; i++)
		if (!o.word[i] && !(o.flags & kinds[i].flag) && ns[i].fd < 0 &&
		    !(o.user_parent && kinds[i].flag == CLONE_NEWUSER) &&
		    !target_has_own(&target, &kinds[i]))
			flags |= kinds[i].flag;
	return flags;
}

/* Whether the user namespace that was named by a file is the target's; only a dry run has to know. */
static bool is_targets_user(void)
{
	const struct ns *user = &ns[kind_by_letter('U') - kinds];

	return telling() && target.pid && user->fd >= 0 &&
	       ns_is(user->fd, target_path(&target, "ns/user"));
}

static void open_namespaces(void)
{
	for (int i = 0; i < KIND_COUNT; i++)
		ns[i].fd = -1;
	for (int i = 0; i < KIND_COUNT; i++)
		if (o.word[i])
			open_ns(&kinds[i], o.word[i]);
	if (o.socket.given)
		open_ns_of_socket();
	if (o.pid_for_children)
		open_ns_of_target(kind_by_letter('p'), "pid_for_children");
	if (o.user_parent)
		open_user_parent();
	from_target = xnsenter_wanted_of_target(&o);
	if (o.user_parent)
		from_target &= ~CLONE_NEWUSER;
	if (o.all)
		from_target = others_of_target(from_target);
	joined = from_target;
	for (int i = 0; i < KIND_COUNT; i++) {
		if (target.pidfd < 0 && (from_target & kinds[i].flag))
			open_ns_of_target(&kinds[i], kinds[i].proc);
		if (ns[i].fd >= 0)
			joined |= kinds[i].flag;
	}
	joins_targets_user = (from_target & CLONE_NEWUSER) || is_targets_user();
	if (target.pidfd < 0)
		from_target = 0;
}

/* A directory to be: @dir, or the target's. */
static int open_dir(enum source from, const char *dir, const char *of_target)
{
	int fd;

	if (from == TARGETS)
		return target_open_file(&target, of_target, O_PATH, false);
	fd = open(dir, O_PATH | O_CLOEXEC);
	if (fd < 0)
		die(EXIT_FAILURE, errno, N_("cannot open %s"), dir);
	return (int)must(fd_above_stdio(fd), N_("cannot duplicate descriptor"));
}

static void open_all(void)
{
	if (o.pidfd.given)
		target_open_pidfd(&target, o.pidfd.fd);
	else if (o.target_given)
		target_open(&target, o.pid, o.inode);
	open_namespaces();
	if (o.root.from)
		root_fd = open_dir(o.root.from, o.root.dir, "root");
	if (o.wd.from)
		wd_fd = open_dir(o.wd.from, o.wd.dir, "cwd");
	if (o.env) /* later, with other rights, if it cannot be now */
		env_fd = target_open_file(&target, "environ", O_RDONLY, true);
	if (o.join_cgroup)
		cgroup_open(&target);
	if (o.keep_caps && !(joined & CLONE_NEWUSER))
		told_note("--keep-caps has no effect without a user namespace");
	if (o.uid_from == TARGETS || o.gid_from == TARGETS) /* which is read after joining */
		target_prepare(&target);
	hint_use_target(joins_targets_user ? target_try_dir(&target) : target.dir,
			joins_targets_user);
}

/*
 * The directory of the target must not be there when a path is looked up that others had a hand in:
 * a link to /proc/self/fd would lead from theirs to ours.
 */
static void close_target(void)
{
	hint_use_target(-1, false);
	target_close(&target);
}

/* ---- joining ---- */

/*
 * The context of the next exec is kept by a fork. Under other security modules than SELinux the
 * file means something else, so it is asked for first.
 */
static void follow_context(void)
{
	char context[4096];
	cleanup_close int fd = -1;
	cleanup_close int exec = -1;
	struct statfs fs;
	ssize_t n;

	if (!target.pid || statfs("/sys/fs/selinux", &fs) < 0 || fs.f_type != SELINUX_MAGIC) {
		told_note("--follow-context has no effect without SELinux and a target");
		return;
	}
	fd = target_open_file(&target, "attr/current", O_RDONLY, false);
	n = read_text(fd, context, sizeof(context));
	if (n <= 0)
		die(EXIT_FAILURE, n < 0 ? errno : 0, N_("failed to get %d SELinux context"),
		    target.pid);
	target_check(&target);
	exec = sys_open_write("/proc/self/attr/exec");
	if (exec < 0 && !telling())
		die(EXIT_FAILURE, errno, N_("cannot open %s"), "/proc/self/attr/exec");
	must(sys_write(exec, "/proc/self/attr/exec", context),
	     N_("failed to set exec context to '%s'"), context);
}

static void join_one(int i)
{
	if (ns[i].fd < 0)
		return;
	must(sys_setns(ns[i].fd, 0, ns[i].name, kinds[i].flag),
	     N_("reassociate to namespace 'ns/%s' failed"), kinds[i].proc);
	close_fd(&ns[i].fd);
}

static void join_files(void)
{
	for (int i = 0; i < KIND_COUNT; i++)
		if (kinds[i].flag != CLONE_NEWUSER)
			join_one(i);
}

/* One by one, the user namespace at its end of the row: the first that fails is the reason. */
static void join_singly(void)
{
	static const char msgid[] = N_("reassociate to namespaces failed");
	bool user_last;

	hint_use_target(target_try_dir(&target), joins_targets_user);
	if ((from_target & (from_target - 1)) == 0) /* it was but one */
		die(EXIT_FAILURE, told_failed.err, msgid);
	user_last = cred_has(CAP_SYS_ADMIN); /* see join() */
	if (user_last)
		hint_before_joining();
	if (!user_last && (from_target & CLONE_NEWUSER))
		must(sys_setns(target.pidfd, target.pid, NULL, CLONE_NEWUSER), msgid);
	for (int i = 0; i < KIND_COUNT; i++)
		if (from_target & kinds[i].flag & ~CLONE_NEWUSER)
			must(sys_setns(target.pidfd, target.pid, NULL, kinds[i].flag), msgid);
	if (user_last && (from_target & CLONE_NEWUSER))
		must(sys_setns(target.pidfd, target.pid, NULL, CLONE_NEWUSER), msgid);
	told_failed = (struct told_failure){ 0 }; /* the kernel refused them only together */
}

static void join_target(void)
{
	if (!from_target)
		target_check(&target);
	else if (sys_setns(target.pidfd, target.pid, NULL, from_target) < 0)
		join_singly();
	if (telling() && (from_target & CLONE_NEWNS)) {
		if (!o.root.from)
			told_note("paths are looked up below the root of process %d", target.pid);
		told_assume_root(target_open_file(&target, "root", O_PATH, true));
	}
}

/*
 * Who has CAP_SYS_ADMIN here has it in the user namespaces below too, and would lose it for ours:
 * the user namespace comes last. To others it gives what the rest needs: it comes first.
 */
static void join(void)
{
	int user = (int)(kind_by_letter('U') - kinds);
	bool user_last;

	if (!(joined & CLONE_NEWUSER)) {
		join_files();
		join_target();
		return;
	}
	if (!o.preserve)
		groups_gone = cred_drop_groups_early();
	must(sys_not_dumpable(), N_("prctl failed"));
	user_last = joined != from_target && cred_has(CAP_SYS_ADMIN);
	if (user_last)
		join_files();
	else
		join_one(user);
	join_target();
	if (user_last)
		join_one(user);
	else
		join_files();
	cred_stay_closed();
}

/* What is the target's and shows itself with the rights, and in the terms, of where we are now. */
static void read_target(void)
{
	if (o.all && !(joined & CLONE_NEWNS)) /* where a mount namespace would have led */
		must(sys_chdir("/"), N_("cannot change directory to %s"), "/");
	if (o.uid_from == TARGETS || o.gid_from == TARGETS) {
		if (telling() && (joined & CLONE_NEWUSER) && !joins_targets_user)
			told_note("the IDs of process %d are those that are seen from here",
				  target.pid);
		target_ids(&target, joins_targets_user, &targets_uid, &targets_gid);
	}
	if (o.env && env_fd < 0)
		env_fd = target_open_file(&target, "environ", O_RDONLY, true);
}

/* ---- root and working directory ---- */

static const char *dir_name(enum source from, const char *dir, const char *of_target)
{
	return from == GIVEN ? dir : target_path(&target, of_target);
}

static void change_root(void)
{
	cleanup_close int cwd = -1;

	if (root_fd < 0)
		return;
	if (wd_fd < 0 && !o.wdns.dir) /* it stays where it is, outside */
		cwd = (int)must(fd_above_stdio(open(".", O_PATH | O_CLOEXEC)),
				N_("cannot open current working directory"));
	must(sys_fchdir(root_fd, dir_name(o.root.from, o.root.dir, "root")),
	     N_("change directory by root file descriptor failed"));
	must(sys_chroot("."), N_("chroot failed"));
	if (cwd >= 0)
		must(sys_fchdir(cwd, "."),
		     N_("change directory by working directory file descriptor failed"));
	close_fd(&root_fd);
}

static void change_directory(void)
{
	if (o.wdns.dir) {
		close_target();
		must(sys_chdir(o.wdns.dir), N_("cannot open current working directory"));
	}
	if (wd_fd >= 0)
		must(sys_fchdir(wd_fd, dir_name(o.wd.from, o.wd.dir, "cwd")),
		     N_("change directory by working directory file descriptor failed"));
	close_fd(&wd_fd);
}

/* ---- the program's process ---- */

/* Who wants to keep them keeps them also where the kernel would not let them go. */
static void drop_groups(void)
{
	if (groups_gone)
		return;
	if (o.preserve)
		cred_try_drop_groups();
	else
		cred_drop_groups();
}

/* Return: whether they were changed. */
static bool set_ids(void)
{
	bool root = (joined & CLONE_NEWUSER) && !o.preserve;
	uid_t uid = o.uid_from == TARGETS ? targets_uid : o.uid; /* 0 if it was not given */
	gid_t gid = o.gid_from == TARGETS ? targets_gid : o.gid;

	if (root || o.gid_from) {
		drop_groups();
		must(sys_setgid(gid), N_("setgid() failed"));
	}
	if (root || o.uid_from) {
		if (o.keep_caps && (joined & CLONE_NEWUSER) && uid != 0)
			must(sys_keep_caps(), N_("prctl failed"));
		cred_set_uid(uid);
	}
	return root || o.gid_from || o.uid_from;
}

static void take_environment(void)
{
	if (env_fd < 0 && telling()) {
		told_note("the environment of process %d can be read only by then", target.pid);
		return;
	}
	if (env_fd < 0)
		env_fd = target_open_file(&target, "environ", O_RDONLY, false);
	if (env_take(env_fd, target_path(&target, "environ")) == 0)
		target_check(&target); /* it is empty as well once the process has ended */
	close_fd(&env_fd);
}

/* Our parent, or if there is none of ours the process that started us. */
static void watch_parent(struct child *child, bool forked)
{
	if (forked && o.kill_signal)
		child_die_with_parent(child, o.kill_signal);
	else if (!forked && o.die_with_parent)
		child_follow_starter();
}

static _Noreturn void program(struct child *child, bool forked, char *argv[])
{
	struct program p;

	watch_parent(child, forked);
	if (o.join_cgroup)
		cgroup_join();
	if (o.new_session)
		must(sys_setsid(), N_("setsid failed"));
	if (set_ids()) /* new credentials cleared it */
		watch_parent(child, forked);
	if (joined & CLONE_NEWUSER)
		cred_stay_closed();
	if (o.keep_caps && (joined & CLONE_NEWUSER))
		cred_keep_caps(true);
	if (o.env)
		take_environment();
	if (o.no_new_privs)
		must(sys_no_new_privs(), N_("prctl failed"));
	close_target();
	p = program_of(argv);
	if (forked)
		child_ready(child);
	program_exec(&p, child);
}

static bool wants_fork(void)
{
	if (o.forward || o.kill_signal || o.new_session)
		return true;
	return !o.no_fork && (joined & CLONE_NEWPID);
}

/* The highest descriptor that is open, by /proc. */
static int highest_fd(void)
{
	DIR *dir = opendir("/proc/self/fd");
	const struct dirent *entry;
	int highest = STDERR_FILENO;

	if (!dir)
		die(EXIT_FAILURE, errno, N_("cannot open %s"), "/proc/self/fd");
	while (errno = 0, (entry = readdir(dir)))
		if (atoi(entry->d_name) > highest && atoi(entry->d_name) != dirfd(dir))
			highest = atoi(entry->d_name);
	if (errno) /* and some of them would stay open */
		die(EXIT_FAILURE, errno, N_("cannot read %s"), "/proc/self/fd");
	closedir(dir);
	return highest;
}

/*
 * What we were given is closed before anything is joined, for it would be a way out of the target's
 * root till exec. Till then a word may name it: /dev/fd/9.
 */
static void close_inherited(void)
{
	unsigned int first = STDERR_FILENO + 1, end = (unsigned int)fd_first();

	if (end > first && sys_close_range(first, end - 1) < 0)
		die(EXIT_FAILURE, errno,
		    N_("cannot close descriptors, which --close-fds needs (Linux 5.9)"));
}

int main(int argc, char *argv[])
{
	struct child child = CHILD_NONE;

	if (argc < 1)
		return EXIT_FAILURE; /* Linux before 5.18 allows it, and argv[1] is no word then */
	die_set_hints(hint_failed_call);
	cli_parse(&xnsenter_tool, argc, argv, &o);
	xnsenter_check(&o);
	signal(SIGCHLD, SIG_DFL);
	if (o.die_with_parent)
		child_follow_starter();
	if (o.close_fds)
		fd_set_first(highest_fd() + 1);
	open_all();
	if (o.context)
		follow_context();
	if (o.close_fds)
		close_inherited();
	join();
	read_target();
	change_root();
	change_directory();

	if (!wants_fork())
		program(&child, false, argv + optind);
	if (o.die_with_parent) {
		child_follow_starter(); /* joining a user namespace cleared it */
		o.kill_signal = o.kill_signal ? o.kill_signal : SIGKILL;
	}
	child_prepare(&child, o.forward ? SIGNALS_FORWARDED : SIGNALS_OURS,
		      (o.kill_signal ? CHILD_WATCH : 0) | (joined & CLONE_NEWPID ? CHILD_TTY : 0));
	if (must(child_fork(&child), N_("fork failed")) == 0)
		program(&child, true, argv + optind);
	if (telling()) {
		told_set_who("child");
		program(&child, true, argv + optind);
	}
	close_target();
	cgroup_close();
	close_fd(&env_fd);
	child_end_as(child_wait(&child));
}
