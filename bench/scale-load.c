/* SPDX-License-Identifier: MIT */
/*
 * scale-load WHAT N - makes N of something for bench/scale, prints "ready", and ends with its standard input. It needs
 * root, and a mount namespace of its own with an empty /run/netns.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

static void check(int ret, const char *what)
{
	if (ret >= 0)
		return;
	perror(what);
	exit(1);
}

static void make_file(const char *path)
{
	int fd = open(path, O_CREAT | O_CLOEXEC, 0444);

	check(fd, path);
	close(fd);
}

/* Forks. The child ends with this process. Return: in the child 0 */
static pid_t start_child(void)
{
	pid_t pid = fork();

	check(pid, "fork");
	if (pid == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

/* Waits for the child to have stopped, which says that it is ready. */
static void await_ready(pid_t pid)
{
	int status;

	waitpid(pid, &status, WUNTRACED);
	if (!WIFSTOPPED(status))
		exit(1);
}

/* How many descriptors of @n a process may have: all, or what is not ours to exceed. */
static int at_most(int n)
{
	struct rlimit limit = { (rlim_t)n + 64, (rlim_t)n + 64 };

	if (setrlimit(RLIMIT_NOFILE, &limit) == 0)
		return n;
	check(getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
	limit.rlim_cur = limit.rlim_max;
	check(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
	return limit.rlim_max < (rlim_t)n + 64 ? (int)limit.rlim_max - 64 : n;
}

/* Half of them files, a quarter sockets, a quarter a namespace; in one process, or in as few as may be. */
static void load_descriptors(int n)
{
	int most = at_most(n);

	if (n > most) {
		pid_t pid = start_child(); /* before there are any to inherit */

		if (pid == 0) {
			load_descriptors(n - most);
			raise(SIGSTOP);
			_exit(0);
		}
		await_ready(pid);
		n = most;
	}
	for (int i = 0; i < n; i++)
		check(i % 4 == 0   ? open("/proc/self/ns/net", O_RDONLY)
		      : i % 4 == 1 ? socket(AF_INET, SOCK_DGRAM, 0)
				   : open("/dev/null", O_RDONLY),
		      "open");
}

static void *wait_in_thread(void *in_own)
{
	if (in_own)
		check(unshare(CLONE_NEWUTS), "unshare");
	pause();
	return NULL;
}

/* One in ten in a namespace of its own. */
static void load_threads(int n)
{
	pthread_attr_t small;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 65536);
	for (int i = 0; i < n; i++) {
		pthread_t thread;

		if (pthread_create(&thread, &small, wait_in_thread, i % 10 ? NULL : &small) != 0)
			check(-1, "pthread_create");
	}
	sleep(1);
}

/* Half of them files, half a namespace. */
static void load_mounts(int n)
{
	check(mount("scale", "/mnt", "tmpfs", 0, NULL), "mount");
	make_file("/mnt/file");
	for (int i = 0; i < n; i++) {
		char path[40];

		snprintf(path, sizeof(path), "/mnt/%d", i);
		make_file(path);
		check(mount(i % 2 ? "/mnt/file" : "/proc/self/ns/uts", path, NULL, MS_BIND, NULL),
		      path);
	}
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	check(fd, path);
	check((int)write(fd, text, strlen(text)), path);
	close(fd);
}

/* With maps, as who is nobody may not make another one below. */
static void enter_user(void)
{
	check(unshare(CLONE_NEWUSER), "unshare");
	write_file("/proc/self/uid_map", "0 0 1");
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/gid_map", "0 0 1");
}

/* A process in @depth user namespaces, one below the other. */
static void start_in_users(int depth)
{
	pid_t pid = start_child();

	if (pid == 0) {
		for (; depth > 0; depth--)
			enter_user();
		raise(SIGSTOP);
		_exit(0);
	}
	await_ready(pid);
}

/* Half of them siblings, half of them nested, thirty deep. */
static void load_users(int n)
{
	for (int i = 0; i < n / 2; i++)
		start_in_users(1);
	for (int i = 0; i < n / 2; i += 30)
		start_in_users(30);
}

static void load_names(int n)
{
	for (int i = 0; i < n; i++) {
		char path[40];

		snprintf(path, sizeof(path), "/run/netns/n%d", i);
		make_file(path);
		check(unshare(CLONE_NEWNET), "unshare");
		check(mount("/proc/self/ns/net", path, NULL, MS_BIND, NULL), path);
	}
}

static const struct {
	const char *name;
	void (*load)(int n);
} loads[] = { { "descriptors", load_descriptors },
	      { "threads", load_threads },
	      { "mounts", load_mounts },
	      { "users", load_users },
	      { "names", load_names } };

int main(int argc, char *argv[])
{
	int n = argc > 2 ? atoi(argv[2]) : 0;
	char c;

	for (size_t i = 0; i < sizeof(loads) / sizeof(*loads); i++)
		if (argc > 1 && strcmp(loads[i].name, argv[1]) == 0)
			loads[i].load(n);
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	return 0;
}
