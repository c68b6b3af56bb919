/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "die.h"
#include "exec.h"
#include "fd.h"
#include "helper.h"
#include "pair.h"
#include "sys.h"
#include "told.h"

/* What becomes of the work of those that stay; the socket between us only wakes them up. */
static _Atomic enum fate { FATE_OPEN, FATE_KEEP, FATE_UNDO } * fate;

static sigset_t mask_before_helper;

/* Those that run. */
static struct helper *helpers[5];
static size_t n_helpers;

void helper_let_go(void)
{
	for (size_t i = 0; i < n_helpers; i++)
		close_fd(&helpers[i]->ctl);
}

/* In a helper. Without a message where it is the tool that is gone. */
static _Noreturn void helper_alone(int err)
{
	if (err != EPIPE)
		die(EXIT_FAILURE, err, N_("the helper process cannot reach %s"),
		    program_invocation_short_name);
	undo_run();
	_exit(EXIT_FAILURE);
}

/* The socket only wakes it up. Return: whether its work stays. */
static bool helper_may_go(const struct helper *h, pid_t tool)
{
	if (!get_byte(h->ctl) && errno != EPIPE)
		while (*fate == FATE_OPEN && getppid() == tool)
			nap();
	return *fate == FATE_KEEP;
}

static _Noreturn void helper_main(struct helper *h)
{
	pid_t tool = getppid();

	if (!get_byte(h->ctl))
		helper_alone(errno);
	h->work(h->arg);
	if (!put_byte(h->ctl))
		helper_alone(errno);
	if (h->stays && !helper_may_go(h, tool))
		helper_alone(EPIPE);
	_exit(EXIT_SUCCESS);
}

/* We die: it sees the end of the socket, and undoes what it did; we wait till it has. */
static void helper_abandon(void *arg)
{
	struct helper *h = arg;

	if (*fate == FATE_OPEN && h->stays)
		*fate = FATE_UNDO;
	close_fd(&h->ctl);
	wait_for(h->pid);
}

void helper_start(struct helper *h, void (*work)(const void *), const void *arg, bool stays)
{
	int ours = -1, theirs = -1;
	sigset_t all;

	*h = (struct helper){ work, arg, stays, 0, -1 };
	if (n_helpers == ARRAY_SIZE(helpers))
		die(EXIT_FAILURE, E2BIG, N_("fork failed"));
	if (!telling()) {
		if (!fate)
			fate = share(sizeof(*fate));
		make_pair(&ours, &theirs);
	}
	sigfillset(&all);
	/* Ctrl-C must not end it before it has undone its work. */
	sigprocmask(SIG_BLOCK, &all, &mask_before_helper);
	h->pid = (pid_t)must(sys_fork(), N_("fork failed"));
	if (h->pid == 0) {
		told_set_who("helper");
		helper_let_go();
		close_fd(&ours);
		h->ctl = theirs;
		helper_main(h);
	}
	sigprocmask(SIG_SETMASK, &mask_before_helper, NULL);
	if (telling())
		return;
	close_fd(&theirs);
	h->ctl = ours;
	helpers[n_helpers++] = h;
	undo_push(helper_abandon, h);
}

/* It has not said that it is done. */
static _Noreturn void helper_failed(struct helper *h, int err)
{
	close_fd(&h->ctl);
	int status = (int)must(wait_for(h->pid), N_("waitpid failed"));
	if (WIFSIGNALED(status))
		die(EXIT_FAILURE, 0, N_("helper process was killed by signal %d"),
		    WTERMSIG(status));
	if (err != EPIPE)
		die(EXIT_FAILURE, err, N_("cannot reach the helper process"));
	undo_run(); /* it has said why */
	_exit(WEXITSTATUS(status) ? WEXITSTATUS(status) : EXIT_FAILURE);
}

bool helper_release(struct helper *h)
{
	if (!h->work)
		return false;
	if (telling()) {
		const char *old = told_set_who("helper");

		h->work(h->arg);
		told_set_who(old);
		return true;
	}
	if (!put_byte(h->ctl) || !get_byte(h->ctl))
		helper_failed(h, errno);
	if (!h->stays)
		helper_abandon(h);
	return true;
}

void helper_keep(struct helper *h)
{
	if (h->ctl < 0)
		return;
	*fate = FATE_KEEP;
	helper_abandon(h);
}

/* EACCES may mean no more than a directory of PATH that we may not search. */
static _Noreturn void not_run(const char *program)
{
	char path[PATH_MAX];
	int err = errno;

	if (err == EACCES && exec_find(program, path, sizeof(path)) < 0)
		err = errno;
	die(err == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXEC, err, N_("failed to execute %s"),
	    program);
}

int helper_run(char *const argv[])
{
	told_about("mapper");
	pid_t pid = sys_fork();
	if (pid < 0)
		return -1;
	if (pid == 0 || telling()) {
		const char *label = telling() ? "helper" : NULL;

		told_set_who(argv[0]);
		if (!telling())
			sigprocmask(SIG_SETMASK, &mask_before_helper, NULL);
		if (exec_file(argv[0], argv) < 0)
			not_run(argv[0]);
		told_set_who(label);
		return 0;
	}
	return (int)must(wait_for(pid), N_("waitpid failed"));
}
