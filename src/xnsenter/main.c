/* SPDX-License-Identifier: MIT */
/* xnsenter - run a program in existing namespaces: its options, then the steps that they mean. */
#include "config.h"

#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cgroup.h"
#include "fd.h"
#include "hint.h"
#include "engine.h"
#include "enter.h"
#include "open.h"
#include "proc.h"
#include "start.h"
#include "sys.h"
#include "told.h"

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
	/* or some of them would stay open */
	must(errno ? -1 : 0, N_("cannot read %s"), "/proc/self/fd");
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

	if (end > first)
		must(sys_close_range(first, end - 1),
		     N_("cannot close descriptors, which --close-fds needs (Linux 5.9)"));
}

static bool wants_fork(const struct xnsenter_options *o, const struct entry *e)
{
	if (o->forward || o->kill_signal || o->new_session)
		return true;
	return !o->no_fork && (e->joined & CLONE_NEWPID);
}

/* The program as a child, which this process waits for, and ends as. */
static _Noreturn void run_child(struct xnsenter_options *o, struct entry *e, char *argv[])
{
	struct child child = CHILD_NONE;

	if (o->die_with_parent) {
		child_follow_starter(); /* joining a user namespace cleared it */
		o->kill_signal = o->kill_signal ? o->kill_signal : SIGKILL;
	}
	child_prepare(&child, o->forward ? SIGNALS_FORWARDED : SIGNALS_OURS,
		      (o->kill_signal ? CHILD_WATCH : 0) |
			      (e->joined & CLONE_NEWPID ? CHILD_TTY : 0));
	if (must(child_fork(&child), N_("fork failed")) == 0 || telling()) {
		told_set_who("child");
		setup_program(o, e, &child, true, argv);
	}
	open_end(e);
	cgroup_close();
	close_fd(&e->env);
	child_end_as(child_wait(&child));
}

/* What was taken for a file, and may have been meant otherwise: "-t 1 -mn", or --net=1. */
static bool is_no_file(const char *word)
{
	static const char letters[] = "muinpCUT";
	char *end;
	long pid = strtol(word, &end, 10);

	if (engine_named(word) ||
	    (*word && !*end && pid > 0 && pid <= INT_MAX && proc_is_there((pid_t)pid)))
		return hint(N_("%s is a process: --target=%s names it; behind the = stands a file"),
			    word, word);
	return *word && strspn(word, letters) == strlen(word) &&
	       hint(N_("what stands right behind the letter of a namespace is its file; as options of their own: -%s"),
		    word);
}

static void why_failed(void)
{
	if (!told_failed.call || strcmp(told_failed.call, "file") != 0 ||
	    told_failed.err != ENOENT || !is_no_file(told_failed.path))
		hint_failed_call();
}

/*
 * Theory of operation.
 *
 * One process does all of it in a row, for each step takes away what the one before needs:
 *  1. Words become options; what they are wrong in is said before anything else.
 *  2. All that has a name is opened (open): in the namespaces and with the rights of the caller, who
 *     meant what is called so here. A process is held by its pidfd, for its number may be another's
 *     a moment later.
 *  3. What we were given is closed, if that was asked for; then the namespaces are joined (join).
 *  4. What the target shows only to who is inside (its IDs, its environment) is read.
 *  5. Root and working directory change.
 *  6. setns(2) of a PID namespace holds for children alone: the program becomes one, and this process
 *     waits, passes on stops and signals, and ends as it does. Without one it is executed in place.
 *  7. The program's process is set up (setup): cgroups before the IDs, which may take the rights for
 *     them; the environment late, for it says what a library would load.
 *
 * Should: fail before step 3, where nothing has changed yet.
 * Mustn't: from a user namespace on, be looked into by those inside (not dumpable till exec); have
 * /proc/PID open when a path is looked up that others had a hand in; load anything by path once the
 * root is theirs, be it a locale or an NSS module.
 */
int main(int argc, char *argv[])
{
	struct xnsenter_options o = { 0 };
	struct entry e = ENTRY_NONE;
	struct child none = CHILD_NONE;

	if (argc < 1)
		return EXIT_FAILURE; /* Linux before 5.18 allows it, and argv[1] is no word then */
	signal(SIGCHLD, SIG_DFL);    /* we wait for children, and the look-up of a name for one */
	die_set_hints(why_failed);
	cli_parse(&xnsenter_tool, argc, argv, &o);
	xnsenter_check(&o);
	if (o.die_with_parent)
		child_follow_starter();
	if (o.close_fds)
		fd_set_first(highest_fd() + 1);
	open_all(&o, &e);
	if (o.context)
		join_context(&e);
	if (o.close_fds)
		close_inherited();
	join_all(&o, &e);
	join_places(&o, &e);
	if (wants_fork(&o, &e))
		run_child(&o, &e, argv + optind);
	setup_program(&o, &e, &none, false, argv + optind);
}
