/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cred.h"
#include "die.h"
#include "exec.h"
#include "fd.h"
#include "pair.h"
#include "prepare.h"
#include "sys.h"
#include "told.h"

/* Returns if it is only told. */
static void become_shell(const struct child *child, const struct prepare *p)
{
	char *argv[] = { (char *)"sh", (char *)"-c", (char *)p->command, NULL };
	const char *old = told_set_who("prepare");

	told_about("prepare");
	must(sys_fchdir(p->dir, p->path), N_("cannot change directory to %s"), p->path);
	if (setenv("XNS_ROOT", p->path, true) < 0)
		die(EXIT_FAILURE, errno, N_("cannot set the environment"));
	told_about("prepare");
	if (p->gid)
		must(sys_setresgid(*p->gid), N_("setgid() failed"));
	if (p->uid && p->keep_caps)
		must(sys_keep_caps(), N_("prctl failed"));
	told_about("prepare");
	if (p->uid)
		must(sys_setresuid(*p->uid), N_("setuid() failed"));
	if (p->keep_caps)
		cred_keep_caps(true);
	child_unblock(child); /* --prepare implies --fork */
	told_about("prepare");
	if (exec_path("/bin/sh", argv) < 0)
		die(EXIT_FAILURE, errno, N_("failed to execute %s"), "/bin/sh");
	told_set_who(old);
}

static pid_t start_shell(const struct child *child, const struct prepare *p)
{
	pid_t pid;

	told_about("prepare");
	pid = (pid_t)must(sys_fork(), N_("fork failed"));
	if (pid == 0 || telling())
		become_shell(child, p);
	return pid;
}

/* ---- the watcher: what the command has started falls to it, as that ends ---- */

/* By its directory, as /proc may be that of another PID namespace than ours. */
static void kill_children(void)
{
	FILE *f = fopen("/proc/thread-self/children", "re");
	char name[32];
	int pid;

	while (f && fscanf(f, "%d", &pid) == 1) {
		snprintf(name, sizeof(name), "/proc/%d", pid);
		cleanup_close int dir = fd_above_stdio(open(name, O_DIRECTORY | O_CLOEXEC));
		if (dir >= 0)
			sys_pidfd_kill(dir, pid, SIGKILL);
	}
	if (f)
		fclose(f);
}

/* While one is killed it may have started another. */
static void kill_all(pid_t shell)
{
	enum { TRIES = 250 };
	pid_t pid = 0;

	sys_kill(shell, SIGKILL);
	for (int i = 0; i < TRIES && pid >= 0; i++) {
		kill_children();
		while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
			;
		if (pid == 0)
			nap();
	}
}

/* Till the command has ended, or @us, whose child we are. Return: the command's wait status. */
static int watch(pid_t shell, pid_t us, const sigset_t *all)
{
	int status;
	pid_t pid;

	for (;;) {
		if (getppid() != us) {
			kill_all(shell);
			undo_take(us);
			undo_run();
			_exit(EXIT_FAILURE);
		}
		pid = waitpid(-1, &status, WNOHANG);
		if (pid == shell)
			return status;
		if (pid < 0)
			nap();
		if (pid == 0)
			sigwaitinfo(all, NULL);
	}
}

/* The signal by which we are to end is not blocked meanwhile. */
static int wait_for_watcher(pid_t pid, int sig)
{
	sigset_t set, old;
	int status;

	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_UNBLOCK, &set, &old);
	status = wait_for(pid);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return status;
}

static int run_watched(const struct child *child, const struct prepare *p, int sig)
{
	int *status = share(sizeof(*status));
	pid_t us = getpid(), pid, shell;
	const char *old;
	sigset_t all;

	told_about("watcher");
	pid = (pid_t)must(sys_fork(), N_("fork failed"));
	if (pid > 0 && !telling())
		return wait_for_watcher(pid, sig) == 0 ? *status : -1;
	old = told_set_who("helper");
	sigfillset(&all);
	if (!telling())
		sigprocmask(SIG_BLOCK, &all, NULL);
	must(sys_subreaper(), N_("prctl failed"));
	must(sys_pdeathsig(SIGHUP), N_("prctl failed"));
	shell = start_shell(child, p);
	if (telling()) {
		told_set_who(old);
		return 0;
	}
	*status = watch(shell, us, &all);
	_exit(0);
}

/* ---- */

static int run_alone(const struct child *child, const struct prepare *p)
{
	pid_t pid = start_shell(child, p);

	return telling() ? 0 : wait_for(pid);
}

/* What the first process of a PID namespace has started dies with it. */
static bool dies_with_us(const struct xunshare_options *o)
{
	return !o->kill_signal || (o->flags & CLONE_NEWPID);
}

void prepare_run(const struct xunshare_options *o, const struct child *child,
		 const struct prepare *p)
{
	int status = dies_with_us(o) ? run_alone(child, p) : run_watched(child, p, o->kill_signal);

	must(status, N_("waitpid failed"));
	if (WIFSIGNALED(status))
		die(EXIT_FAILURE, 0, N_("--prepare '%s' was killed by signal %d"), p->command,
		    WTERMSIG(status));
	if (status)
		die(EXIT_FAILURE, 0, N_("--prepare '%s' ended with status %d"), p->command,
		    WEXITSTATUS(status));
}
