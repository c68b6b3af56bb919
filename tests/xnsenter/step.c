/* SPDX-License-Identifier: MIT */
/*
 * xnsenter-step - stops a tool between two of its system calls, for races.bats
 *
 *   race FROM DIR CGROUPS TOOL OPTION...
 *       For each N: makes a target, runs TOOL -t TARGET OPTION... and stops it at its N-th call after
 *       pidfd_open (FROM "pidfd") or after its start (FROM "start"). There the target is killed and
 *       reaped, and another process in other namespaces gets its PID. Then the tool goes on. What
 *       its program finds may be the first target's, never the second's. Prints what came out.
 *       DIR holds the files first, second and none, which hold their names, and the empty directory
 *       here. CGROUPS is a directory of cgroups "first" and "second", or "".
 *   hold CALL COMMAND TOOL ARG...
 *       Runs TOOL ARG..., stops it or its child at the first CALL after a setns that succeeded, runs
 *       COMMAND PID there, and kills the tool.
 *   join PID
 *       A tool that does not take care: joins the user namespace, and executes true.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define KINDS 6
static const char *const kinds[KINDS] = {
	"uts", "ipc", "mnt", "user", "cgroup", "pid_for_children"
};

/* What a process is in, and what it has. */
struct view {
	ino_t ns[KINDS];
	char root[16], cwd[16], env[16], user[16], cgroup[16];
};

static const char *dir, *cgroups;

static void die(const char *what)
{
	fprintf(stderr, "xnsenter-step: %s: %s\n", what, strerror(errno));
	exit(99);
}

static void must(long ret, const char *what)
{
	if (ret < 0)
		die(what);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	must(fd, path);
	must(write(fd, text, strlen(text)), path);
	close(fd);
}

/* ---- targets: "first" is user 1111, "second" 2222; "none" is who is no target ---- */

static unsigned int user_of(const char *name)
{
	return strcmp(name, "first") == 0 ? 1111 : 2222;
}

/* Becomes the target @name; its environment says so once it is executed. Needs: its namespaces. */
static void become_target(const char *name, bool user_ns)
{
	char path[4096], from[4096], env[64];
	char *const argv[] = { (char *)"wait", NULL };
	char *const envp[] = { env, NULL };

	must(sethostname(name, strlen(name)), "sethostname");
	if (*cgroups) {
		snprintf(path, sizeof(path), "%s/%s/cgroup.procs", cgroups, name);
		write_file(path, "0");
	}
	if (!user_ns)
		must(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), "mount private");
	snprintf(from, sizeof(from), "%s/%s", dir, name);
	snprintf(path, sizeof(path), "%s/here", dir);
	must(mount(from, path, NULL, MS_BIND, NULL), "bind");
	must(chdir(path), path);
	if (!user_ns) {
		must(setgid(user_of(name)), "setgid");
		must(setuid(user_of(name)), "setuid");
	}
	snprintf(env, sizeof(env), "XNS_WHO=%s", name);
	execve("/proc/self/exe", argv, envp);
	die("execve");
}

/* Return: the target's PID, which is @pid unless that is 0. */
static pid_t make_target(const char *name, pid_t pid, uint64_t flags)
{
	pid_t ids[2] = { 1, pid };
	struct clone_args args = { .flags = flags, .exit_signal = SIGCHLD };
	int ready[2], go[2];
	char path[64], byte;
	long ret;

	if (pid) {
		args.set_tid = (uintptr_t)(flags & CLONE_NEWPID ? ids : ids + 1);
		args.set_tid_size = flags & CLONE_NEWPID ? 2 : 1;
	}
	must(pipe2(ready, O_CLOEXEC), "pipe");
	must(pipe2(go, O_CLOEXEC), "pipe");
	ret = syscall(SYS_clone3, &args, sizeof(args));
	must(ret, "clone3");
	if (ret == 0) {
		close(go[1]);
		if (read(go[0], &byte, 1) != 0)
			die("read");
		become_target(name, flags & CLONE_NEWUSER);
	}
	if (flags & CLONE_NEWUSER) {
		snprintf(path, sizeof(path), "/proc/%ld/uid_map", ret);
		write_file(path, "0 0 4294967295");
		snprintf(path, sizeof(path), "/proc/%ld/gid_map", ret);
		write_file(path, "0 0 4294967295");
	}
	close(go[0]);
	close(go[1]); /* it may go on; its exec closes the other pipe */
	close(ready[1]);
	while (read(ready[0], &byte, 1) < 0)
		;
	close(ready[0]);
	return (pid_t)ret;
}

/* The PID is free afterwards. */
static void end_target(pid_t pid)
{
	kill(pid, SIGKILL);
	must(waitpid(pid, NULL, 0), "waitpid");
}

/* ---- what a process sees ---- */

/* @pid 0: this process. Its namespaces are held by @fd: an inode number may come again, else. */
static void inodes(pid_t pid, ino_t *ns, int *fd)
{
	char path[64];
	struct stat st;

	for (int i = 0; i < KINDS; i++) {
		snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, kinds[i]);
		if (pid == 0)
			snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i]);
		fd[i] = open(path, O_RDONLY | O_CLOEXEC);
		must(fd[i], path);
		must(fstat(fd[i], &st), path);
		ns[i] = st.st_ino;
	}
}

static void close_all(const int *fd)
{
	for (int i = 0; i < KINDS; i++)
		close(fd[i]);
}

static void name_in(const char *file, char *name)
{
	FILE *f = fopen(file, "re");

	if (!f || fscanf(f, "%15s", name) != 1)
		strcpy(name, "none");
	if (f)
		fclose(f);
}

/* The program that the tool runs: writes its view to @out. */
static int show(const char *where, int out)
{
	struct view v = { 0 };
	char path[4096], line[4096];
	const char *who = getenv("XNS_WHO");
	FILE *f = fopen("/proc/self/cgroup", "re");
	int fds[KINDS];

	inodes(0, v.ns, fds);
	snprintf(path, sizeof(path), "%s/here/name", where);
	name_in(path, v.root);
	name_in("name", v.cwd);
	snprintf(v.env, sizeof(v.env), "%s", who ? who : "empty");
	strcpy(v.user, getuid() == 1111 ? "first" : getuid() == 2222 ? "second" : "none");
	strcpy(v.cgroup, "none");
	while (f && fgets(line, sizeof(line), f)) {
		if (strstr(line, "/first"))
			strcpy(v.cgroup, "first");
		if (strstr(line, "/second"))
			strcpy(v.cgroup, "second");
	}
	return write(out, &v, sizeof(v)) == sizeof(v) ? 0 : 98;
}

/* ---- stepping ---- */

static void trace_options(pid_t pid)
{
	must(ptrace(PTRACE_SETOPTIONS, pid, 0,
		    PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACEFORK |
			    PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC),
	     "PTRACE_SETOPTIONS");
}

static pid_t start_tool(char *const argv[])
{
	pid_t pid = fork();

	must(pid, "fork");
	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		execv(argv[0], argv);
		_exit(97);
	}
	must(waitpid(pid, NULL, 0), "waitpid");
	trace_options(pid);
	return pid;
}

/* To the next stop of any process of the tool's. Return: which one, 0 when all have ended. */
static pid_t next_stop(pid_t pid, int *status, struct __ptrace_syscall_info *info)
{
	int sig = WIFSTOPPED(*status) ? WSTOPSIG(*status) : 0;

	/* a SIGSTOP is that of a start; SIGTRAP is ours */
	if (sig == (SIGTRAP | 0x80) || sig == SIGTRAP || sig == SIGSTOP)
		sig = 0;
	if (pid)
		ptrace(PTRACE_SYSCALL, pid, 0, sig);
	pid = waitpid(-1, status, __WALL);
	memset(info, 0, sizeof(*info));
	if (pid > 0 && WIFSTOPPED(*status) && WSTOPSIG(*status) == (SIGTRAP | 0x80))
		ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(*info), info);
	return pid < 0 ? 0 : pid;
}

/* One try. Return: the tool's wait status, or -1 if it makes no N-th call. */
static int race_once(bool from_start, int n, uint64_t flags, char *argv[], pid_t *target,
		     struct view *first, struct view *second)
{
	struct __ptrace_syscall_info info;
	bool counting = false, pidfd_open = false;
	int fds[2][KINDS];
	int status = 0, execs = 0;
	pid_t tool = start_tool(argv);
	pid_t pid = tool;

	while ((pid = next_stop(pid, &status, &info)) && pid == tool && WIFSTOPPED(status)) {
		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8) && ++execs == 1)
			counting = from_start;
		if (execs == 2)
			break;
		if (info.op == PTRACE_SYSCALL_INFO_EXIT && pidfd_open)
			counting = true;
		pidfd_open = info.op == PTRACE_SYSCALL_INFO_ENTRY &&
			     info.entry.nr == SYS_pidfd_open;
		if (info.op != PTRACE_SYSCALL_INFO_ENTRY || !counting || n-- > 0)
			continue;
		inodes(*target, first->ns, fds[0]);
		end_target(*target);
		*target = make_target("second", *target, flags);
		inodes(*target, second->ns, fds[1]);
		must(ptrace(PTRACE_DETACH, tool, 0, 0), "PTRACE_DETACH");
		must(waitpid(tool, &status, 0), "waitpid");
		close_all(fds[0]);
		close_all(fds[1]);
		return status;
	}
	kill(tool, SIGKILL);
	waitpid(tool, NULL, __WALL);
	return -1;
}

/* Whether the program's @v is in a namespace, or has something, of the second target. */
static bool is_wrong(const struct view *v, const struct view *first, const struct view *second)
{
	const char *const names[] = { v->root, v->cwd, v->env, v->user, v->cgroup };

	for (int i = 0; i < KINDS; i++)
		if (v->ns[i] == second->ns[i] && v->ns[i] != first->ns[i])
			return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i], "second") == 0)
			return true;
	return v->ns[0] != first->ns[0];
}

static int race(char *argv[])
{
	bool from_start = strcmp(argv[0], "start") == 0;
	uint64_t flags = CLONE_NEWUTS | CLONE_NEWNS;
	int tries = 0, entered = 0, wrong = 0, argc = 0, status;
	char *tool[32], word[16], out[16], self[4096] = "";

	must(readlink("/proc/self/exe", self, sizeof(self) - 1), "/proc/self/exe");
	dir = argv[1];
	cgroups = argv[2];
	tool[argc++] = argv[3];
	tool[argc++] = (char *)"-t";
	tool[argc++] = word;
	for (char **arg = argv + 4; *arg; arg++) {
		if (strcmp(*arg, "-U") == 0)
			flags |= CLONE_NEWUSER;
		if (strcmp(*arg, "-a") == 0)
			flags |= CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWCGROUP;
		tool[argc++] = *arg;
	}
	tool[argc++] = self;
	tool[argc++] = (char *)"show";
	tool[argc++] = argv[1];
	tool[argc++] = out;
	tool[argc] = NULL;
	for (int n = 0;; n++) {
		struct view first = { 0 }, second = { 0 }, v = { 0 };
		pid_t target = make_target("first", 0, flags);
		int result[2];

		must(pipe(result), "pipe");
		snprintf(word, sizeof(word), "%d", target);
		snprintf(out, sizeof(out), "%d", result[1]);
		status = race_once(from_start, n, flags, tool, &target, &first, &second);
		close(result[1]);
		end_target(target);
		if (read(result[0], &v, sizeof(v)) == sizeof(v) && status != -1) {
			entered++;
			if (is_wrong(&v, &first, &second)) {
				printf("call %d: wrong: uts %s, root %s, cwd %s, env %s, user %s, cgroup %s\n",
				       n, v.ns[0] == second.ns[0] ? "second" : "not second", v.root,
				       v.cwd, v.env, v.user, v.cgroup);
				wrong++;
			}
		} else if (status != -1 && (!WIFEXITED(status) || WEXITSTATUS(status) != 1)) {
			printf("call %d: ended with wait status %#x\n", n, status);
			wrong++;
		}
		close(result[0]);
		if (status == -1)
			break;
		tries++;
	}
	printf("tries %d, entered %d, errors %d, wrong %d\n", tries, entered, tries - entered,
	       wrong);
	return wrong > 0;
}

static int hold(char *argv[])
{
	struct __ptrace_syscall_info info;
	long call = strcmp(argv[0], "execve") == 0   ? SYS_execve
		    : strcmp(argv[0], "setgid") == 0 ? SYS_setgid
						     : SYS_wait4;
	bool setns = false, joined = false;
	char command[4096];
	int status = 0, ret = 96;
	pid_t tool = start_tool(argv + 2);
	pid_t pid = tool;

	while ((pid = next_stop(pid, &status, &info))) {
		if (status >> 16 == PTRACE_EVENT_FORK || status >> 16 == PTRACE_EVENT_CLONE)
			continue;
		if (info.op == PTRACE_SYSCALL_INFO_EXIT && setns && info.exit.rval == 0)
			joined = true;
		if (info.op == PTRACE_SYSCALL_INFO_ENTRY || info.op == PTRACE_SYSCALL_INFO_EXIT)
			setns = info.op == PTRACE_SYSCALL_INFO_ENTRY && info.entry.nr == SYS_setns;
		if (info.op == PTRACE_SYSCALL_INFO_ENTRY && joined &&
		    info.entry.nr == (uint64_t)call) {
			snprintf(command, sizeof(command), "%s %d", argv[1], pid);
			fflush(stdout);
			ret = WEXITSTATUS(system(command));
			break;
		}
		if (pid == tool && !WIFSTOPPED(status))
			break;
	}
	kill(tool, SIGKILL); /* its child goes with us: PTRACE_O_EXITKILL */
	waitpid(tool, NULL, __WALL);
	return ret;
}

static int join(const char *pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/ns/user", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	must(fd, path);
	must(setns(fd, CLONE_NEWUSER), "setns");
	execl("/bin/true", "true", (char *)NULL);
	return 1;
}

int main(int argc, char *argv[])
{
	if (argc == 1) { /* a target */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	alarm(60);
	if (argc == 4 && strcmp(argv[1], "show") == 0)
		return show(argv[2], atoi(argv[3]));
	if (argc > 5 && strcmp(argv[1], "race") == 0)
		return race(argv + 2);
	if (argc > 4 && strcmp(argv[1], "hold") == 0)
		return hold(argv + 2);
	if (argc == 3 && strcmp(argv[1], "join") == 0)
		return join(argv[2]);
	fprintf(stderr, "usage: see the source\n");
	return 1;
}
