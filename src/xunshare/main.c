/* SPDX-License-Identifier: MIT */
/*
 * xunshare - run a program in new namespaces: its options, then the system calls they mean, in
 * order.
 */
#include "config.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "child.h"
#include "cli.h"
#include "compat.h"
#include "cred.h"
#include "env.h"
#include "exec.h"
#include "fd.h"
#include "helper.h"
#include "hint.h"
#include "join.h"
#include "kind.h"
#include "parse.h"
#include "pair.h"
#include "persist.h"
#include "program.h"
#include "ready.h"
#include "sys.h"
#include "told.h"
#include "usermap.h"
#include "options.h"

static struct xunshare_options o;

static pid_t tool_pid;
static pid_t own_child;
static pid_t *child_pid = &own_child;		/* shared, where helpers have to know */
static struct helper proc_helper = HELPER_NONE; /* writes maps */
static struct helper bind_helper = HELPER_NONE;
static struct helper file_helper = HELPER_NONE; /* writes the pid file */

/* Who we are in a user namespace that is joined. */
static struct {
	uid_t uid;
	gid_t gid;
	bool groups_gone;
	bool shows; /* we have to be dumpable for a moment when a new one's maps are written */
	int proc;   /* the /proc of the beginning, -1: none */
} there = { .proc = -1 };

/* ---- checks, and all that is read before anything is done ---- */

static bool offsets_given(void)
{
	return o.monotonic.given || o.boottime.given;
}

/* Subordinate IDs are those of the user for whom the namespace is made. */
static void resolve_maps(void)
{
	bool joined = o.joins & CLONE_NEWUSER;
	uid_t uid = joined ? there.uid : geteuid();

	if (!(o.flags & CLONE_NEWUSER))
		return;
	o.groups.groups = true;
	usermap_resolve(&o.users, uid, o.owner_given ? o.owner_uid : uid);
	usermap_resolve(&o.groups, joined ? there.gid : getegid(),
			o.owner_given ? o.owner_uid : uid);
}

/* ---- a user namespace that is joined ---- */

/* A user namespace is joined, and no new one made in it. */
static bool only_joins_user(void)
{
	return (o.joins & CLONE_NEWUSER) && !(o.flags & CLONE_NEWUSER);
}

/* Whether the map of the user namespace that we are in has @id; true where nobody can tell. */
static bool is_there(const char *map, unsigned int id)
{
	int fd = openat(there.proc, map, O_RDONLY | O_CLOEXEC);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	unsigned int inner, outer, count;
	bool found = !f;

	while (!found && fscanf(f, "%u %u %u", &inner, &outer, &count) == 3)
		found = id >= inner && id - inner < count;
	if (f)
		fclose(f);
	return found;
}

/*
 * Root there, as that is not who has our ID outside. Where there is none: who the command line names;
 * or who we are, if that is somebody there too. Else it is refused, when we try to be root.
 */
static unsigned int choose_id(const char *map, bool given, unsigned int id, unsigned int ours)
{
	if (is_there(map, 0))
		return 0;
	if (only_joins_user() && given)
		return id;
	return is_there(map, ours) ? ours : 0;
}

static void join_namespaces(void)
{
	if (!(o.joins & CLONE_NEWUSER)) {
		join_all();
		return;
	}
	there.shows = (geteuid() != 0 && (o.flags & CLONE_NEWUSER)) || (o.clone && offsets_given());
	there.groups_gone = cred_drop_groups_early();
	join_all();
	if (telling())
		told_note(
			"the maps of the user namespace that is joined are assumed to be those of here");
	there.gid = choose_id("self/gid_map", o.gid.given, o.gid.id, getegid());
	there.uid = choose_id("self/uid_map", o.uid.given, o.uid.id, geteuid());
	resolve_maps(); /* in the terms of that one */
}

/* As soon as nothing has to be done as who we were. */
static void take_ids(void)
{
	hint_use_join(true);
	if (!there.groups_gone)
		cred_drop_groups();
	must(sys_setgid(there.gid), N_("setgid() failed"));
	cred_set_uid(there.uid);
	hint_use_join(only_joins_user());
	cred_stay_closed();
	if (o.die_with_parent) /* new credentials cleared it */
		child_follow_starter();
}

/*
 * Our files in /proc are root's, of the outside, as long as nobody may look into us: for a helper that
 * is not, we have to be open while it opens them. What could be seen then is what the program will show.
 */
static void open_up(void)
{
	if (there.shows)
		must(sys_dumpable(), N_("prctl failed"));
}

static void close_again(void)
{
	if (there.shows)
		must(sys_not_dumpable(), N_("prctl failed"));
}

/* ---- maps and offsets ---- */

static bool offsets_by_helper(void)
{
	return offsets_given() && !o.clone && (o.owner_given || (o.joins & CLONE_NEWUSER));
}

/* @path: timens_offsets of this process or, from outside, of the tool's. */
static void write_offsets(const char *path)
{
	char text[128] = "";
	size_t n = 0;

	if (o.monotonic.given)
		n = (size_t)snprintf(text, sizeof(text), "monotonic %lld %ld\n",
				     (long long)o.monotonic.time.tv_sec, o.monotonic.time.tv_nsec);
	if (o.boottime.given)
		snprintf(text + n, sizeof(text) - n, "boottime %lld %ld\n",
			 (long long)o.boottime.time.tv_sec, o.boottime.time.tv_nsec);
	must_write(path, text, N_("failed to write to %s"));
}

/*
 * Whether the helper writes whatever has to be written for a new user namespace. It does after a join:
 * as we are then, our files in /proc are not ours to write; and another mount namespace has another /proc.
 */
static bool all_by_helper(void)
{
	return (o.flags & CLONE_NEWUSER) && (o.joins & (CLONE_NEWUSER | CLONE_NEWNS));
}

/* Who is in the new namespaces. */
static pid_t subject(void)
{
	return o.clone ? *child_pid : tool_pid;
}

static void write_map_of(const struct usermap *m, pid_t pid, const char *dir)
{
	if (usermap_outside(m))
		usermap_write_outside(m, pid, dir);
	else if (usermap_inside(m))
		usermap_write_single(m, dir);
}

/* All that is said of the user namespace of @pid, whose directory of /proc is @dir. */
static void write_maps_of(pid_t pid, const char *dir)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/setgroups", dir);
	write_map_of(&o.users, pid, dir);
	if (o.setgroups == SETGROUPS_DENY || usermap_inside(&o.groups))
		must_write(path, "deny", N_("write failed %s"));
	write_map_of(&o.groups, pid, dir);
	if (o.setgroups == SETGROUPS_ALLOW)
		must_write(path, "allow", N_("write failed %s"));
}

/*
 * The helper's work. setgroups can be denied only before there is a group map; and a process that
 * has changed its user (--owner, --join) may not write its own offsets.
 */
static void write_from_outside(const void *arg)
{
	char dir[32], path[64];

	(void)arg;
	if (there.proc >= 0 && (o.joins & CLONE_NEWNS))
		must(sys_fchdir(there.proc, "/proc"), N_("cannot change directory to %s"), "/proc");
	snprintf(dir, sizeof(dir), "%s%d", o.joins & CLONE_NEWNS ? "" : "/proc/", subject());
	snprintf(path, sizeof(path), "%s/setgroups", dir);
	if (all_by_helper()) {
		write_maps_of(subject(), dir);
	} else {
		if (o.setgroups == SETGROUPS_DENY && usermap_outside(&o.groups))
			must_write(path, "deny", N_("write failed %s"));
		if (usermap_outside(&o.users))
			usermap_write_outside(&o.users, tool_pid, dir);
		if (usermap_outside(&o.groups))
			usermap_write_outside(&o.groups, tool_pid, dir);
	}
	snprintf(path, sizeof(path), "%s/timens_offsets", dir);
	if (offsets_by_helper())
		write_offsets(path);
}

/* Without a capability outside, the group map needs setgroups denied first. */
static void write_maps_inside(void)
{
	bool deny;

	if (all_by_helper() || (!(o.flags & CLONE_NEWUSER) && o.setgroups == SETGROUPS_UNSET))
		return;
	deny = o.setgroups == SETGROUPS_DENY && !usermap_outside(&o.groups);
	if (usermap_inside(&o.users))
		usermap_write_single(&o.users, "/proc/self");
	if (deny || usermap_inside(&o.groups))
		must_write("/proc/self/setgroups", "deny", N_("write failed %s"));
	if (usermap_inside(&o.groups))
		usermap_write_single(&o.groups, "/proc/self");
	if (o.setgroups == SETGROUPS_ALLOW)
		must_write("/proc/self/setgroups", "allow", N_("write failed %s"));
}

/* --clone: the tool is outside itself. */
static void write_maps_of_child(pid_t pid)
{
	char dir[32];

	if (!(o.flags & CLONE_NEWUSER))
		return;
	snprintf(dir, sizeof(dir), "/proc/%d", pid);
	if (all_by_helper())
		helper_release(&proc_helper);
	else
		write_maps_of(pid, dir);
}

/* ---- namespaces on files ---- */

static void bind_files_of(pid_t pid)
{
	for (int i = 0; i < KIND_COUNT; i++)
		if (o.file[i])
			persist_bind(&kinds[i], pid, o.file[i]);
}

static void bind_files(const void *arg)
{
	(void)arg;
	bind_files_of(subject());
}

/*
 * Binds are made outside of the new mount and user namespace, and of joined ones; and by a process that
 * can still undo them when the program does not start, which one with another root, directory or user
 * cannot.
 */
static bool bind_from_outside(void)
{
	const int spaces = CLONE_NEWNS | CLONE_NEWUSER;
	bool changed = !o.fork && (o.root || o.wd || o.uid.given || o.gid.given);

	return o.persist && ((o.joins & spaces) ||
			     (!o.clone && (changed || o.owner_given || (o.flags & spaces))));
}

static void bind_all(void)
{
	if (bind_from_outside())
		helper_release(&bind_helper);
	else
		bind_files(NULL);
}

static void start_bind_helper(void)
{
	if (bind_from_outside())
		helper_start(&bind_helper, bind_files, NULL, true);
}

/* Needs: it is forked in the user namespace that the new one's parent will be. */
static void start_map_helper(void)
{
	bool maps = (o.flags & CLONE_NEWUSER) && !o.clone &&
		    (usermap_outside(&o.users) || usermap_outside(&o.groups));

	if (maps || all_by_helper() || offsets_by_helper())
		helper_start(&proc_helper, write_from_outside, NULL, false);
}

/* ---- the pid file ---- */

static void write_pid_file(const void *arg)
{
	(void)arg;
	ready_write_pid(&o.ready, *child_pid);
}

/* By who may make and remove it till the program starts, which is not who has changed the user since. */
static bool file_from_outside(void)
{
	return o.ready.pid_file && !o.ready.is_special &&
	       (o.owner_given || (o.joins & CLONE_NEWUSER) ||
		(!o.clone && (o.flags & CLONE_NEWUSER)) ||
		(!o.fork && (o.uid.given || o.gid.given)));
}

static void start_file_helper(void)
{
	if (file_from_outside())
		helper_start(&file_helper, write_pid_file, NULL, true);
}

static void tell_all(pid_t pid, const struct ready_ns *ns)
{
	*child_pid = pid;
	if (file_helper.work)
		helper_release(&file_helper);
	else if (o.ready.pid_file)
		ready_write_pid(&o.ready, pid);
	if (o.ready.info.given)
		ready_write_info(&o.ready, pid, ns);
}

/* What helpers have done stays. */
static void keep_helpers(void)
{
	helper_keep(&file_helper);
	helper_keep(&bind_helper);
}

/* ---- the program's process ---- */

/*
 * The flags of a binfmt_misc definition: what is behind its last separator, which is its first
 * character.
 */
static bool interp_fixed(void)
{
	const char *flags = o.interp && *o.interp ? strrchr(o.interp, *o.interp) : NULL;

	return flags && strchr(flags + 1, 'F');
}

static bool is_mount_point(const char *dir)
{
	struct statx st;

	if (telling() && o.root) {
		told_note("%s below %s is assumed to be no mount point", dir, o.root);
		return false;
	}
	return statx(AT_FDCWD, dir, 0, 0, &st) == 0 && (st.stx_attributes & STATX_ATTR_MOUNT_ROOT);
}

static void mount_binfmt(const char *dir)
{
	must(sys_mount("binfmt_misc", dir, "binfmt_misc", MS_NOSUID | MS_NODEV | MS_NOEXEC),
	     N_("mount %s failed"), dir);
}

static void load_interp(const char *dir)
{
	char path[PATH_MAX];

	if ((size_t)snprintf(path, sizeof(path), "%s/register", dir) >= sizeof(path))
		die(EXIT_FAILURE, ENAMETOOLONG, N_("cannot open %s"), dir);
	must_write(path, o.interp, N_("write failed %s"));
}

static unsigned long propagation(void)
{
	return o.propagation_given ? o.propagation : MS_REC | MS_PRIVATE;
}

static void set_propagation(void)
{
	unsigned long flags = propagation();

	if ((o.flags & CLONE_NEWNS) && flags)
		must(sys_mount("none", "/", NULL, flags),
		     N_("cannot change root filesystem propagation"));
}

/*
 * With F the kernel opens the interpreter at once; it is to be the caller's, so before the root
 * changes.
 */
static bool load_fixed_interp(void)
{
	if (!o.root || !interp_fixed())
		return false;
	mount_binfmt(BINFMT_DIR);
	load_interp(BINFMT_DIR);
	return true;
}

static void change_root(void)
{
	const char *wd = o.wd ? o.wd : o.root ? "/" : NULL;

	if (o.root)
		must(sys_chroot(o.root), N_("cannot change root directory to '%s'"), o.root);
	if (wd)
		must(sys_chdir(wd), N_("cannot change directory to %s"), wd);
}

static void mount_proc(void)
{
	if (!o.proc)
		return;
	if (!propagation() && is_mount_point(o.proc)) /* or the new mount would be seen outside */
		must(sys_mount("none", o.proc, NULL, MS_REC | MS_PRIVATE),
		     N_("cannot change %s filesystem propagation"), o.proc);
	must(sys_mount("proc", o.proc, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC),
	     N_("mount %s failed"), o.proc);
}

static void set_names(void)
{
	if (o.hostname)
		must(sys_sethostname(o.hostname), N_("cannot set the host name '%s'"), o.hostname);
	if (o.domainname)
		must(sys_setdomainname(o.domainname), N_("cannot set the domain name '%s'"),
		     o.domainname);
	if (o.lo_up)
		must(sys_lo_up(), N_("cannot set the loopback device up"));
}

static void set_ids(void)
{
	if (o.gid.given && only_joins_user()) /* the groups are gone since then */
		must(sys_setgid(o.gid.id), N_("setgid() failed"));
	else if (o.gid.given)
		cred_set_gid(o.gid.id);
	if (o.uid.given && o.keep_caps && only_joins_user() && o.uid.id != 0)
		must(sys_keep_caps(), N_("prctl failed"));
	if (o.uid.given)
		cred_set_uid(o.uid.id);
	if (o.joins & CLONE_NEWUSER)
		cred_stay_closed();
}

/*
 * The last call. Binds that only the helper can undo stay from here on, so it is asked first
 * whether there is anything to run.
 */
static _Noreturn void exec_program(const struct child *child, char *argv[])
{
	struct program p = program_of(argv);

	if (o.fork) {
		child_ready(child);
	} else if (bind_helper.ctl >= 0 || file_helper.ctl >= 0) {
		if (exec_possible(p.file) < 0)
			program_failed(&p, child);
		keep_helpers();
	}
	program_exec(&p, child);
}

/* What comes before the program's own identity; where there is an init, it is its work. */
static void set_up(struct child *child)
{
	bool loaded;

	if (o.init)
		told_set_who("init");
	child_await_go(child);
	if (o.clone)
		close_again();
	if (o.kill_signal)
		child_die_with_parent(child, o.kill_signal);
	if (!o.clone)
		write_maps_inside();
	set_names();
	set_propagation();
	loaded = load_fixed_interp();
	change_root();
	mount_proc();
	if (o.binfmt)
		mount_binfmt(o.binfmt);
	if (o.interp && !loaded)
		load_interp(o.binfmt);
}

/* Our parent says it, who knows our PID; without one it is we. */
static void say_ready(struct child *child)
{
	struct ready_ns ns;

	if (!ready_telling(&o.ready))
		return;
	ready_look(&o.ready, &ns);
	if (!o.fork) {
		tell_all(getpid(), &ns);
		return;
	}
	child_send(child, &ns, sizeof(ns));
	child_await_go(child);
}

/* An init executes nothing, which would close them, and is within reach of the program. */
static void let_go(void)
{
	ready_let_go(&o.ready);
	persist_let_go();
	close_fd(&there.proc);
}

static void be_blocked(const struct child *child)
{
	if (o.fork && o.ready.block.given)
		child_unblock(child); /* it may take long */
	ready_block(&o.ready);
}

/* New credentials cleared it; a child of the init dies with that. */
static void watch_parent_again(struct child *child)
{
	if (!o.gid.given && !o.uid.given)
		return;
	if (o.fork && o.kill_signal && !o.init)
		child_die_with_parent(child, o.kill_signal);
	if (!o.fork && o.die_with_parent)
		child_follow_starter();
}

static _Noreturn void program(struct child *child, char *argv[])
{
	if (o.fork && o.ready.is_special) /* who reads it is to see its end */
		close_fd(&o.ready.special);
	set_up(child);
	say_ready(child);
	if (o.fork)
		let_go();
	if (o.init)
		child_become_init(child);
	be_blocked(child);
	set_ids();
	watch_parent_again(child);
	if (o.keep_caps &&
	    ((o.flags | o.joins) & CLONE_NEWUSER)) /* setuid(2) from 0 takes them all */
		cred_keep_caps(only_joins_user() ||
			       !(o.uid.given && o.uid.id != 0 && usermap_is_root(&o.users)));
	if (o.clear_env)
		env_keep_only(o.env_names, o.n_env_names);
	if (o.new_session)
		must(sys_setsid(), N_("setsid failed"));
	if (o.no_new_privs)
		must(sys_no_new_privs(), N_("prctl failed"));
	exec_program(child, argv);
}

/* ---- the process that waits for it ---- */

/* From outside of the child's new namespaces. */
static void serve_clone(struct child *child)
{
	char byte;

	*child_pid = child->pid;
	write_maps_of_child(child->pid);
	if (!o.persist)
		return;
	if (!telling() && !child_receive(child, &byte, 1))
		return; /* it has failed, which child_started() finds */
	bind_all();
}

static void tell_ready(struct child *child)
{
	struct ready_ns ns = { 0 };

	if (!ready_telling(&o.ready))
		return;
	if (!telling() && !child_receive(child, &ns, sizeof(ns)))
		return;
	tell_all(child->pid, &ns);
	child_go(child);
}

static void parent_part(struct child *child)
{
	if (o.clone)
		serve_clone(child);
	else
		bind_all();
	child_go(child);
	tell_ready(child);
	if (child_started(child))
		keep_helpers();
	else
		undo_run();
	undo_forget();
}

static void unshare_all(void)
{
	bool bind_mount = o.file[kind_by_letter('m') - kinds] != NULL;
	uint64_t old = bind_mount ? persist_mount_id() : 0;
	int later = old ? o.flags & (CLONE_NEWPID | CLONE_NEWTIME) : 0;

	if (o.flags & ~later)
		must(sys_unshare(o.flags & ~later), N_("unshare failed"));
	if (old)
		persist_younger_mount(old);
	if (later) /* only now: persist_younger_mount() may have children */
		must(sys_unshare(later), N_("unshare failed"));
}

/* Time offsets can be written before the first process is in the namespace only. */
static void unshare_time(void)
{
	if (!offsets_given())
		return;
	must(sys_unshare(CLONE_NEWTIME), N_("unshare failed"));
	write_offsets("/proc/self/timens_offsets");
}

/*
 * --clone: the tool itself stays where it is. Return: as fork(2).
 */
static pid_t clone_child(struct child *child)
{
	struct sys_clone how = { .flags = o.flags, .cgroup = -1 };
	bool bind_mount = o.file[kind_by_letter('m') - kinds] != NULL;
	uint64_t old = bind_mount ? persist_mount_id() : 0;
	pid_t pid;

	if (offsets_given())
		how.flags &= ~CLONE_NEWTIME;
	if (o.tid) /* the first process of a PID namespace is its 1 */
		how.tids[how.n_tids++] = o.flags & CLONE_NEWPID ? 1 : o.tid;
	if (o.tid && (o.flags & CLONE_NEWPID))
		how.tids[how.n_tids++] = o.tid;
	if (o.cgroup) {
		how.cgroup = fd_above_stdio(open(o.cgroup, O_PATH | O_DIRECTORY | O_CLOEXEC));
		if (how.cgroup < 0)
			die(EXIT_FAILURE, errno, N_("cannot open %s"), o.cgroup);
	}
	open_up(); /* the child is as we are, and the offsets are ours to write */
	unshare_time();
	pid = (pid_t)must(child_clone(child, &how), N_("clone failed"));
	close_fd(&how.cgroup);
	if (pid > 0) {
		close_again();
		if (telling())
			told_note("%d stands for the PID of the child", pid);
		return pid;
	}
	if (old)
		persist_younger_mount(old);
	if (o.persist)
		child_send(child, "", 1);
	return 0;
}

static pid_t fork_child(struct child *child)
{
	enum child_signals signals = o.forward || o.init ? SIGNALS_FORWARDED : SIGNALS_IGNORED;
	bool sync = o.persist || o.clone || ready_telling(&o.ready);

	child_prepare(child, signals,
		      (sync ? CHILD_SYNC : 0) | (o.kill_signal ? CHILD_WATCH : 0) |
			      ((o.flags | o.joins) & CLONE_NEWPID ? CHILD_TTY : 0) |
			      (o.init ? CHILD_INIT : 0));
	if (o.clone)
		return clone_child(child);
	return (pid_t)must(child_fork(child), N_("fork failed"));
}

/* What has a name is opened in the namespaces of the caller. */
static void open_all(void)
{
	bool classic = strcmp(program_invocation_short_name, xunshare_tool.peer) == 0;

	if (o.ready.pid_file || o.ready.info.given || o.ready.block.given)
		ready_open(&o.ready);
	if (o.joins & (CLONE_NEWUSER | CLONE_NEWNS))
		there.proc = fd_above_stdio(open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
	if (o.joins)
		join_open();
	for (int i = 0; i < KIND_COUNT; i++)
		if (o.file[i])
			persist_check(&kinds[i], o.file[i], classic);
}

/* What helpers are told after they were forked. */
static void share_child_pid(void)
{
	if (!file_from_outside() && !(o.clone && (bind_from_outside() || all_by_helper())))
		return;
	child_pid = share(sizeof(*child_pid));
}

static void make_namespaces(void)
{
	if (o.owner_given) {
		cred_set_gid(o.owner_gid);
		cred_set_uid(o.owner_uid);
	}
	unshare_all();
	if (o.joins & CLONE_NEWUSER)
		cred_stay_closed();
	if (proc_helper.work) {
		open_up();
		helper_release(&proc_helper);
		close_again();
	}
	if (offsets_given() && !offsets_by_helper())
		write_offsets("/proc/self/timens_offsets");
	if (o.die_with_parent) /* new credentials cleared it */
		child_follow_starter();
}

int main(int argc, char *argv[])
{
	struct child child = CHILD_NONE;
	int status;

	if (argc < 1)
		return EXIT_FAILURE; /* Linux before 5.18 allows it, and argv[1] is no word then */
	die_set_hints(hint_failed_call);
	cli_parse(&xunshare_tool, argc, argv, &o);
	xunshare_check(&o);
	signal(SIGCHLD, SIG_DFL);
	if (o.die_with_parent)
		child_follow_starter();
	tool_pid = o.persist || o.flags & CLONE_NEWUSER ? getpid() : 0;

	open_all();
	share_child_pid();
	if (!(o.joins & CLONE_NEWUSER))
		resolve_maps();
	start_bind_helper();
	start_file_helper();
	if (o.joins)
		join_namespaces();
	start_map_helper();
	if (o.joins & CLONE_NEWUSER)
		take_ids();
	if (!o.clone)
		make_namespaces();
	if (!o.fork) {
		bind_all();
		program(&child, argv + optind);
	}
	if (fork_child(&child) == 0)
		program(&child, argv + optind);
	parent_part(&child);
	if (telling()) {
		told_set_who("child");
		program(&child, argv + optind);
	}
	status = child_wait(&child);
	ready_ended(&o.ready, child.pid, status);
	child_end_as(status);
}
