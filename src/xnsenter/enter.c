/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/vfs.h>

#include "compat.h"
#include "cred.h"
#include "fd.h"
#include "hint.h"
#include "enter.h"
#include "readall.h"
#include "sys.h"
#include "told.h"

/*
 * The context of the next exec is kept by a fork. Under other security modules than SELinux the
 * file means something else, so it is asked for first.
 */
void join_context(struct entry *e)
{
	static const char file[] = "/proc/self/attr/exec";
	char context[4096];
	struct statfs fs;

	if (!e->target.pid || statfs("/sys/fs/selinux", &fs) < 0 ||
	    (unsigned int)fs.f_type != SELINUX_MAGIC) {
		told_note("--follow-context has no effect without SELinux and a target");
		return;
	}
	cleanup_close int fd = target_open_file(&e->target, "attr/current", O_RDONLY, false);
	ssize_t n = read_text(fd, context, sizeof(context));
	if (n <= 0)
		die(EXIT_FAILURE, n < 0 ? errno : 0, N_("failed to get %d SELinux context"),
		    e->target.pid);
	target_check(&e->target);
	cleanup_close int exec = must_open_write(file);
	must(sys_write(exec, file, context), N_("failed to set exec context to '%s'"), context);
}

/* ---- namespaces ---- */

/* Those of @flags that have a descriptor of their own. */
static void join_files(struct entry *e, int flags)
{
	for (int i = 0; i < KIND_COUNT; i++) {
		if (!(kinds[i].flag & flags) || e->ns[i].fd < 0)
			continue;
		must(sys_setns(e->ns[i].fd, 0, e->ns[i].name, kinds[i].flag),
		     N_("reassociate to namespace 'ns/%s' failed"), kinds[i].proc);
		close_fd(&e->ns[i].fd);
	}
}

static const char cannot_join[] = N_("reassociate to namespaces failed");

static void join_each(const struct target *t, int flags)
{
	for (int i = 0; i < KIND_COUNT; i++)
		if (flags & kinds[i].flag)
			must(sys_setns(t->pidfd, t->pid, NULL, kinds[i].flag), cannot_join);
}

/* One by one, the user namespace at its end of the row: the first that fails is the reason. */
static void join_singly(struct entry *e)
{
	struct target *t = &e->target;

	hint_use_target(target_try_dir(t), e->joins_targets_user);
	if ((e->from_target & (e->from_target - 1)) == 0) /* it was but one */
		die(EXIT_FAILURE, told_failed.err, cannot_join);
	bool user_last = cred_has(CAP_SYS_ADMIN); /* see join_with_user() */
	if (user_last)
		hint_before_joining();
	join_each(t, e->from_target & (user_last ? ~CLONE_NEWUSER : CLONE_NEWUSER));
	join_each(t, e->from_target & (user_last ? CLONE_NEWUSER : ~CLONE_NEWUSER));
	told_failed = (struct told_failure){ 0 }; /* the kernel refused them only together */
}

static void join_target(const struct xnsenter_options *o, struct entry *e)
{
	struct target *t = &e->target;

	if (!e->from_target)
		target_check(t);
	else if (sys_setns(t->pidfd, t->pid, NULL, e->from_target) < 0)
		join_singly(e);
	if (telling() && (e->from_target & CLONE_NEWNS)) {
		if (!o->root.from)
			told_note("paths are looked up below the root of process %d", t->pid);
		told_assume_root(target_open_file(t, "root", O_PATH, true));
	}
}

/*
 * Who has CAP_SYS_ADMIN here has it in the user namespaces below too, and would lose it for ours:
 * the user namespace comes last. To others it gives what the rest needs: it comes first.
 */
static void join_with_user(const struct xnsenter_options *o, struct entry *e)
{
	if (!o->preserve)
		e->groups_gone = cred_drop_groups_early();
	must(sys_not_dumpable(), N_("prctl failed"));
	bool user_last = e->joined != e->from_target && cred_has(CAP_SYS_ADMIN);
	join_files(e, user_last ? ~CLONE_NEWUSER : CLONE_NEWUSER);
	join_target(o, e);
	join_files(e, user_last ? CLONE_NEWUSER : ~CLONE_NEWUSER);
	cred_stay_closed();
}

static void read_target(const struct xnsenter_options *o, struct entry *e)
{
	struct target *t = &e->target;

	if (o->uid.from == TARGETS || o->gid.from == TARGETS) {
		if (telling() && (e->joined & CLONE_NEWUSER) && !e->joins_targets_user)
			told_note("the IDs of process %d are those that are seen from here",
				  t->pid);
		target_ids(t, e->joins_targets_user, &e->uid, &e->gid);
	}
	if (o->env && e->env < 0)
		e->env = target_open_file(t, "environ", O_RDONLY, true);
}

void join_all(const struct xnsenter_options *o, struct entry *e)
{
	if (e->joined & CLONE_NEWUSER) {
		join_with_user(o, e);
	} else {
		join_files(e, ~0);
		join_target(o, e);
	}
	if (o->all && !(e->joined & CLONE_NEWNS)) /* where a mount namespace would have led */
		must(sys_chdir("/"), N_("cannot change directory to %s"), "/");
	read_target(o, e);
}

/* ---- root and working directory ---- */

static void go_to(int fd, const char *name)
{
	must(sys_fchdir(fd, name),
	     N_("change directory by working directory file descriptor failed"));
}

static void change_root(const struct xnsenter_options *o, struct entry *e)
{
	cleanup_close int cwd = -1;

	if (e->root < 0)
		return;
	if (e->wd < 0 && !o->wdns.dir) /* it stays where it is, outside */
		cwd = (int)must(fd_above_stdio(open(".", O_PATH | O_CLOEXEC)),
				N_("cannot open current working directory"));
	told_about("root");
	must(sys_fchdir(e->root, open_name(e, &o->root, "root")),
	     N_("change directory by root file descriptor failed"));
	must(sys_chroot("."), N_("chroot failed"));
	if (cwd >= 0)
		go_to(cwd, ".");
	close_fd(&e->root);
}

void join_places(const struct xnsenter_options *o, struct entry *e)
{
	change_root(o, e);
	if (o->wdns.dir) {
		open_end(e);
		must(sys_chdir(o->wdns.dir), N_("cannot open current working directory"));
	}
	if (e->wd >= 0)
		go_to(e->wd, open_name(e, &o->wd, "cwd"));
	close_fd(&e->wd);
}
