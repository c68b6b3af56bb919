/* SPDX-License-Identifier: MIT */
/*
 * place WAY NETNS TOOL ARG... - a hostile start, for hostile-start.bats
 *
 * TOOL runs in a mount namespace of its own with a tmpfs on /run, where xnetns, NETNS, finds the
 * names a and b; it is started in the way WAY. One program in place of a shell and five others:
 * it is started a thousand times.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void must(int result, const char *what)
{
	if (result < 0) {
		perror(what);
		_exit(99);
	}
}

/* a child, which is waited for; true in the child */
static int aside(void)
{
	int status = 0;
	pid_t pid = fork();

	must(pid, "fork");
	if (pid == 0)
		return 1;
	must(waitpid(pid, &status, 0), "waitpid");
	if (status != 0)
		_exit(99);
	return 0;
}

static void file(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	must(fd, name);
	must(write(fd, text, strlen(text)), name);
	close(fd);
}

int main(int argc, char **argv)
{
	const char *way = argv[1], *netns = argv[2], *tool = argv[3];
	sigset_t mask;

	if (argc < 4)
		return 99;
	must(unshare(CLONE_NEWNS), "unshare");
	must(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL), "slave");
	must(mount("none", "/run", "tmpfs", 0, NULL), "/run");
	if (strcmp(tool, netns) == 0 && aside())
		must(execl(netns, netns, "add", "a", "b", NULL), netns);
	if (strcmp(strrchr(tool, '/'), "/xlsns") == 0) { /* --persistent has one to show */
		file("/run/kept", "");
		if (aside()) {
			must(unshare(CLONE_NEWUTS), "unshare");
			must(mount("/proc/self/ns/uts", "/run/kept", NULL, MS_BIND, NULL),
			     "/run/kept");
			_exit(0);
		}
	}
	file("/run/batch", "exec a true\nexec b true\nadd c\nlist\ndelete c\nlist\n");
	must(chdir("/"), "/");
	close_range(3, ~0U, 0); /* what bats has open */

	for (int sig = 1; sig < NSIG; sig++)
		if (strcmp(way, "ignored") == 0 || (strcmp(way, "chld") == 0 && sig == SIGCHLD))
			signal(sig, SIG_IGN);
	if (strcmp(way, "blocked") == 0) {
		sigfillset(&mask);
		must(sigprocmask(SIG_BLOCK, &mask, NULL), "sigprocmask");
	} else if (strcmp(way, "few") == 0) {
		must(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 16, 16 }), "setrlimit");
	} else if (strcmp(way, "full") == 0) {
		must(dup2(open("/dev/full", O_WRONLY | O_CLOEXEC), 1), "/dev/full");
		must(dup2(1, 2), "/dev/full");
		close_range(3, ~0U, 0);
	} else if (strcmp(way, "noproc") == 0) {
		must(mount("none", "/proc", "tmpfs", 0, NULL), "/proc");
	} else if (strncmp(way, "closed", 6) == 0) {
		for (int fd = 0; fd < 3; fd++)
			if (strchr(way, '0' + fd))
				close(fd);
	}
	execv(tool, argv + 3);
	return 99;
}
