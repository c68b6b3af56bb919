/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>
#include <sys/mount.h>

#include "cred.h"
#include "die.h"
#include "env.h"
#include "exec.h"
#include "fd.h"
#include "joined.h"
#include "made.h"
#include "maker.h"
#include "maps.h"
#include "nested.h"
#include "newproc.h"
#include "newroot.h"
#include "own.h"
#include "outside.h"
#include "persist.h"
#include "proc.h"
#include "program.h"
#include "resolver.h"
#include "setup.h"
#include "sys.h"
#include "told.h"

/*
 * The flags of a binfmt_misc definition: what is behind its last separator, which is its first
 * character.
 */
static bool interp_fixed(const struct xunshare_options *o)
{
	const char *flags = o->interp && *o->interp ? strrchr(o->interp, *o->interp) : NULL;

	return flags && strchr(flags + 1, 'F');
}

static bool is_mount_point(const struct xunshare_options *o, const char *dir)
{
	if (telling() && o->root) {
		told_note("%s below %s is assumed to be no mount point", dir, o->root);
		return false;
	}
	return proc_is_mount(AT_FDCWD, dir, 0) > 0;
}

static void mount_new(const char *type, const char *dir)
{
	must(sys_mount(type, dir, type, MS_NOSUID | MS_NODEV | MS_NOEXEC), N_("mount %s failed"),
	     dir);
}

static void load_interp(const struct xunshare_options *o, const char *dir)
{
	cleanup_free char *path = must_format("%s/register", dir);

	must_write(path, o->interp, N_("write failed %s"));
}

static unsigned long propagation(const struct xunshare_options *o)
{
	return o->propagation_given ? o->propagation : MS_REC | MS_PRIVATE;
}

static void set_propagation(const struct xunshare_options *o)
{
	unsigned long flags = propagation(o);

	if (o->steps.given)
		flags = newroot_propagation(o, flags);
	if ((o->flags & CLONE_NEWNS) && flags)
		must(sys_mount("none", "/", NULL, flags),
		     N_("cannot change root filesystem propagation"));
}

/*
 * With F the kernel opens the interpreter at once; it is to be the caller's, so before the root
 * changes.
 */
static bool load_fixed_interp(const struct xunshare_options *o)
{
	if (!(o->root || o->steps.fresh) || !interp_fixed(o))
		return false;
	mount_new("binfmt_misc", BINFMT_DIR);
	told_note("with F the interpreter is opened now: that of outside, before the root changes");
	load_interp(o, BINFMT_DIR);
	return true;
}

static void change_root(const struct xunshare_options *o)
{
	const char *wd = o->wd ? o->wd : o->root || o->steps.fresh ? "/" : NULL;

	if (o->root)
		must(sys_chroot(o->root), N_("cannot change root directory to '%s'"), o->root);
	if (wd)
		must(sys_chdir(wd), N_("cannot change directory to %s"), wd);
}

/* For others than us, or with less in it; @err is what a whole one has met. */
static void mount_other_proc(const struct xunshare_options *o, int err)
{
	cleanup_close int to = open_dir(o->proc);
	cleanup_close int fd = -1;
	struct told_failure whole = told_failed; /* which the hints are about */

	if (children_join_pid(o)) {
		must(to, N_("mount %s failed"), o->proc);
		fd = newproc_mount(o, to, o->proc);
		return;
	}
	if (err == EPERM && to >= 0)
		fd = newproc_mount_subset(to, o->proc);
	if (fd < 0) {
		told_failed = whole;
		told_failed.call = "mount"; /* its name was in a buffer of the last failure's */
		die(EXIT_FAILURE, err, N_("mount %s failed"), o->proc);
	}
}

static void mount_proc(const struct xunshare_options *o)
{
	if (!o->proc)
		return;
	if (!propagation(o) &&
	    is_mount_point(o, o->proc)) /* or the new mount would be seen outside */
		must(sys_mount("none", o->proc, NULL, MS_REC | MS_PRIVATE),
		     N_("cannot change %s filesystem propagation"), o->proc);
	if (children_join_pid(o) ||
	    sys_mount("proc", o->proc, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC) < 0)
		mount_other_proc(o, errno);
}

/* What a resolv.conf is made of; NULL: none is made. */
static const char *resolv_conf(const struct xunshare_options *o)
{
	if (o->dns)
		return resolver_text(o->dns, EXIT_FAILURE);
	return o->uplink.given ? uplink_resolv_conf(&o->uplink) : NULL;
}

/* With a root of its own it is put there before that is the root (newroot.h). */
static void put_resolver(const struct xunshare_options *o)
{
	cleanup_close int root = open_dir(o->root ? o->root : "/");

	must(root, N_("cannot open %s"), o->root ? o->root : "/");
	resolver_put(root, resolver_find_in);
}

static void set_names(const struct xunshare_options *o)
{
	if (o->hostname)
		must(sys_sethostname(o->hostname), N_("cannot set the host name '%s'"),
		     o->hostname);
	if (o->domainname)
		must(sys_setdomainname(o->domainname), N_("cannot set the domain name '%s'"),
		     o->domainname);
	if (o->lo_up)
		must(sys_lo_up(), N_("cannot set the loopback device up"));
}

static void set_ids(const struct xunshare_options *o)
{
	if (o->gid.given && only_joins_user(o)) /* the groups are gone since then */
		must(sys_setgid(o->gid.id), N_("setgid() failed"));
	else if (o->gid.given)
		cred_set_gid(o->gid.id);
	if (o->uid.given && o->keep_caps && only_joins_user(o) && o->uid.id != 0)
		must(sys_keep_caps(), N_("prctl failed"));
	if (o->uid.given)
		cred_set_uid(o->uid.id);
	if (o->joins & CLONE_NEWUSER)
		cred_stay_closed();
}

/*
 * The last call. Binds that only the helper can undo stay from here on, so it is asked first
 * whether there is anything to run.
 */
static _Noreturn void exec_program(const struct xunshare_options *o, const struct child *child,
				   char *argv[])
{
	struct program p = program_of(argv);

	if (o->fork) {
		child_ready(child);
	} else if (outside_waits()) {
		if (exec_possible(p.file) < 0)
			program_failed(&p, child);
		outside_keep();
	}
	program_exec(&p, child);
}

/* What comes before the program's own identity; where there is an init, it is its work. */
static void set_up(const struct xunshare_options *o, struct child *child)
{
	if (o->init)
		told_set_who("init");
	child_await_go(child);
	if (o->clone)
		joined_show(false);
	if (o->kill_signal)
		child_die_with_parent(child, o->kill_signal);
	if (!o->clone && !outside_does_maps(o) &&
	    ((o->flags & CLONE_NEWUSER) || o->setgroups != SETGROUPS_UNSET))
		maps_write(o, MAPS_INSIDE, 0, "/proc/self");
	set_names(o);
	set_propagation(o);
	bool loaded = load_fixed_interp(o);
	maker_look(o, o->fork ? child : NULL);
	if (o->no_userns)
		nested_begin();
	const char *conf = resolv_conf(o);
	told_because(o->dns ? "dns" : "uplink");
	if (conf)
		resolver_make(conf);
	if (conf && !o->steps.given)
		put_resolver(o);
	told_because(NULL);
	if (o->steps.given)
		newroot_make(o, child);
	change_root(o);
	if (!o->steps.given)
		mount_proc(o);
	if (o->binfmt)
		mount_new("binfmt_misc", o->binfmt);
	if (o->interp && !loaded)
		load_interp(o, o->binfmt);
}

/* Who has other IDs, or is below an init, cannot undo what was made; so ask first, as above. */
static void look_for_program(const struct xunshare_options *o, const struct child *child,
			     char *argv[])
{
	struct program p;

	if (!made_any() || !(o->init || o->uid.given || o->gid.given))
		return;
	p = program_of(argv);
	if (exec_possible(p.file) < 0)
		program_failed(&p, child);
}

/* Our parent says it, who knows our PID; without one it is we. */
static void say_ready(const struct xunshare_options *o, struct child *child)
{
	struct ready_ns ns;

	if (!ready_telling(&o->ready))
		return;
	ready_look(&o->ready, &ns);
	if (!o->fork) {
		outside_tell(o, getpid(), &ns);
		return;
	}
	child_send(child, &ns, sizeof(ns));
	child_await_go(child);
}

/* New credentials cleared it; a child of the init dies with that. */
static void watch_parent_again(const struct xunshare_options *o, struct child *child)
{
	if (!o->gid.given && !o->uid.given)
		return;
	if (o->fork && o->kill_signal && !o->init)
		child_die_with_parent(child, o->kill_signal);
	if (!o->fork && o->die_with_parent)
		child_follow_starter();
}

void setup_and_exec(const struct xunshare_options *o, struct child *child, char *argv[])
{
	if (o->fork)
		ready_let_go_of_special();
	set_up(o, child);
	look_for_program(o, child, argv);
	say_ready(o, child);
	if (o->fork) { /* an init executes nothing, which would close them, and can be looked into */
		ready_let_go();
		persist_let_go();
		joined_let_go();
		newroot_let_go();
	}
	if (o->init)
		child_become_init(child);
	if (o->ready.block.given && o->fork)
		child_unblock(child); /* it may take long */
	if (o->ready.block.given)
		ready_block(&o->ready);
	if (o->no_userns)
		nested_enter(o);
	set_ids(o);
	watch_parent_again(o, child);
	if (o->keep_caps &&
	    ((o->flags | o->joins) & CLONE_NEWUSER)) /* setuid(2) from 0 takes them all */
		cred_keep_caps(only_joins_user(o) ||
			       !(o->uid.given && o->uid.id != 0 && usermap_is_root(&o->users)));
	if (o->clear_env)
		env_keep_only(o->env_names, o->n_env_names);
	if (o->new_session)
		must(sys_setsid(), N_("setsid failed"));
	if (o->no_new_privs)
		must(sys_no_new_privs(), N_("prctl failed"));
	exec_program(o, child, argv);
}
