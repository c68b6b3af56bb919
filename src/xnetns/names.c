/* SPDX-License-Identifier: MIT */
/* xnetns: commands that make, change and remove names. */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include "dir.h"
#include "fd.h"
#include "parse.h"
#include "proc.h"
#include "rtnl.h"
#include "sys.h"
#include "told.h"
#include "xnetns.h"

/* ---- add, attach ---- */

/*
 * Calls @f with each name, of which ip(8) takes one only. Return: the exit status, that of the first
 * failure; the others are tried all the same.
 */
static int for_each(char **names, int (*f)(const char *name))
{
	int ret = EXIT_SUCCESS;

	for (; *names; names++) {
		if (!netns_name_ok(*names)) {
			warn_msg(N_("Invalid netns name \"%s\""), *names);
			ret = ret ? ret : EXIT_USAGE;
		} else if (f(*names) < 0) {
			ret = ret ? ret : EXIT_FAILURE;
		}
		if (opt.as_ip)
			break;
	}
	return ret;
}

static bool is_live(const char *name)
{
	char *path = netns_path(name);
	bool live = netns_state(path) == NETNS_LIVE;

	free(path);
	return live;
}

static int add_one(const char *name)
{
	if (command_option("--if-missing") && is_live(name))
		return 0;
	return netns_add(name, command_option("--up") != NULL);
}

int cmd_add(char **names)
{
	int ret;

	if (!names[0]) {
		warn_msg(N_("No netns name specified"));
		return EXIT_FAILURE;
	}
	if (netns_lock(true) < 0)
		return EXIT_FAILURE;
	ret = for_each(names, add_one);
	netns_unlock();
	return ret;
}

/* In base 0, as the peer reads numbers. */
static bool parse_pid(const char *word, long long *pid)
{
	char *end;

	errno = 0;
	*pid = strtoll(word, &end, 0);
	return (isdigit((unsigned char)*word) || *word == '+') && !*end && !errno && *pid > 0 &&
	       *pid <= INT_MAX;
}

int cmd_attach(char **words)
{
	char file[40];
	long long pid;
	int ret;

	if (!words[0] || !words[1]) {
		warn_msg(N_("No netns name and PID specified"));
		return EXIT_FAILURE;
	}
	if (!strchr(words[1], '/')) {
		if (!parse_pid(words[1], &pid)) {
			warn_msg(N_("Invalid PID: %s"), words[1]);
			return EXIT_FAILURE;
		}
		snprintf(file, sizeof(file), "/proc/%lld/ns/net", pid);
		words[1] = file;
	}
	if (netns_lock(true) < 0)
		return EXIT_FAILURE;
	ret = netns_attach(words[0], words[1]);
	netns_unlock();
	return ret < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* ---- the processes inside ---- */

/*
 * Calls @f with each process in the namespace @inode. Return: 0; or -1 with errno where /proc could
 * not be read whole.
 */
static int for_each_process(ino_t inode, void (*f)(pid_t pid, void *arg), void *arg)
{
	pid_t *pids;
	ssize_t n = proc_list("/proc", &pids);
	char path[40];

	if (n == 0 && access("/proc/self", F_OK) < 0) {
		free(pids);
		return -1; /* it is no proc */
	}
	for (ssize_t i = 0; i < n; i++) {
		ino_t other;

		snprintf(path, sizeof(path), "/proc/%d/ns/net", pids[i]);
		if (proc_ns(AT_FDCWD, path, kind_by_flag(CLONE_NEWNET), &other) < 0) {
			if (!proc_gone(errno))
				return -1;
		} else if (other == inode) {
			f(pids[i], arg);
		}
	}
	free(pids);
	return n < 0 ? -1 : 0;
}

static void each_process(ino_t inode, void (*f)(pid_t pid, void *arg), void *arg)
{
	if (for_each_process(inode, f, arg) < 0)
		die(EXIT_FAILURE, errno, N_("cannot read %s"), "/proc");
}

/* The inode number of the namespace @name, or dies as @status. */
static ino_t inode_of(const char *name, int status)
{
	struct stat st;

	if (netns_stat(name, &st) < 0)
		die(status, errno, N_("Cannot open network namespace \"%s\""), name);
	return st.st_ino;
}

static void print_pid(pid_t pid, void *arg)
{
	(void)arg;
	if (opt.json) {
		json_object();
		json_number("pid", pid);
	} else {
		printf("%d\n", pid);
	}
}

int cmd_pids(char **words)
{
	struct stat st;

	if (!words[0] || words[1]) {
		warn_msg(words[0] ? N_("extra arguments specified")
				  : N_("No netns name specified"));
		return EXIT_FAILURE;
	}
	if (netns_stat(words[0], &st) < 0)
		die(EXIT_FAILURE, errno, N_("Cannot open network namespace"));
	if (opt.json)
		json_begin();
	each_process(st.st_ino, print_pid, NULL);
	if (opt.json)
		json_end();
	return EXIT_SUCCESS;
}

/*
 * Whether the name is one of the namespace @own. Return: 0 also where it has gone, or is a link that
 * leads nowhere; -1 after a message.
 */
static int is_same(const char *name, const struct stat *own)
{
	char *file = netns_path(name);
	struct stat st;
	int ret = stat(file, &st);

	if (ret == 0) {
		ret = st.st_ino == own->st_ino && st.st_dev == own->st_dev;
	} else if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP) {
		ret = 0;
	} else {
		warn_err(errno, N_("cannot open %s"), file);
	}
	free(file);
	return ret;
}

static void print_name(const char *name)
{
	if (opt.json) {
		json_object();
		json_string("name", name);
		return;
	}
	put_name(name);
	putchar('\n');
}

int cmd_identify(char **words)
{
	char path[40] = "/proc/self/ns/net";
	int ret = EXIT_SUCCESS;
	bool found = false;
	struct stat own;
	long long pid;
	char **names;
	ssize_t n;

	if (words[0] && words[1]) {
		warn_msg(N_("extra arguments specified"));
		return EXIT_FAILURE;
	}
	if (words[0] && (*words[0] == '+' || parse_number(words[0], 1, INT_MAX, &pid) < 0)) {
		warn_msg(N_("Specified string '%s' is not a pid"), words[0]);
		return EXIT_FAILURE;
	}
	if (words[0])
		snprintf(path, sizeof(path), "/proc/%lld/ns/net", pid);
	if (stat(path, &own) < 0) {
		die_about_proc();
		die(EXIT_FAILURE, errno, N_("Cannot open network namespace"));
	}
	n = netns_names(&names);
	if (n < 0)
		die(EXIT_FAILURE, errno, N_("cannot read %s"), netns_dir());
	if (opt.json)
		json_begin();
	for (ssize_t i = 0; i < n; i++) {
		int match = is_same(names[i], &own);

		if (match > 0)
			print_name(names[i]);
		found = found || match > 0;
		ret = match < 0 ? EXIT_FAILURE : ret;
	}
	if (opt.json)
		json_end();
	else if (!found)
		putchar('\n');
	return ret;
}

/* ---- delete ---- */

/* Whom a signal is for. */
struct kill {
	ino_t inode;
	int sig;
};

/*
 * A descriptor that stands for the process, for pidfd_send_signal(2): its pidfd, or where that is
 * refused (an older seccomp profile), its directory of /proc, which serves as well.
 */
static int open_process(pid_t pid)
{
	char path[24];
	int fd = fd_above_stdio((int)syscall(SYS_pidfd_open, pid, 0)); /* Linux 5.3 */

	if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
		return fd;
	snprintf(path, sizeof(path), "/proc/%d", pid);
	return fd_above_stdio(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

/*
 * The number may be another's by now: held by a descriptor, the process is looked at again. If it is
 * not the one that is held, that has ended.
 */
static void kill_one(pid_t pid, void *arg)
{
	const struct kill *k = arg;
	cleanup_close int fd = -1;
	char path[40];
	ino_t inode;

	if (pid == getpid())
		return;
	fd = open_process(pid);
	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	if (fd >= 0 &&
	    (proc_ns(AT_FDCWD, path, kind_by_flag(CLONE_NEWNET), &inode) < 0 || inode != k->inode))
		return;
	if ((fd < 0 || sys_pidfd_kill(fd, pid, k->sig) < 0) && errno != ESRCH && errno != ENOENT)
		warn_err(errno, N_("cannot end process %d"), pid);
}

static void count_one(pid_t pid, void *arg)
{
	*(int *)arg += pid != getpid();
}

static long long now_ms(void)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* Ends what runs inside, and waits till it has: ten seconds, then by SIGKILL, a second more. */
static int kill_inside(const char *name, int sig)
{
	struct kill k = { inode_of(name, EXIT_FAILURE), sig };
	long long begun = now_ms();
	struct stat own;
	int left = 1;

	if (stat("/proc/self/ns/net", &own) < 0) {
		warn_err(errno, N_("cannot read %s"), "/proc/self/ns/net");
		return -1;
	}
	if (own.st_ino == k.inode) {
		warn_msg(N_("\"%s\" is the namespace that this process is in: nothing is ended"),
			 name);
		return -1;
	}
	each_process(k.inode, kill_one, &k);
	while (left > 0 && !telling() && now_ms() - begun < 11000) {
		left = 0;
		each_process(k.inode, count_one, &left);
		if (left > 0 && k.sig != SIGKILL && now_ms() - begun > 10000) {
			k.sig = SIGKILL;
			each_process(k.inode, kill_one, &k);
		}
		if (left > 0)
			poll(NULL, 0, 20);
	}
	if (left == 0 || telling())
		return 0;
	warn_msg(N_("%d processes in \"%s\" do not end"), left, name);
	return -1;
}

static int delete_one(const char *name)
{
	const char *sig = command_option("--kill");
	char *path = netns_path(name);
	enum netns_state state = netns_state(path);

	if (sig && state == NETNS_UNKNOWN) { /* and what runs inside would not be ended */
		warn_err(errno, N_("cannot open %s"), path);
		free(path);
		return -1;
	}
	free(path);
	if ((command_option("--if-exists") || opt.all) && state == NETNS_GONE)
		return 0;
	if (sig && state == NETNS_LIVE && kill_inside(name, *sig ? cli_signal(sig) : SIGTERM) < 0)
		return -1;
	return netns_delete(name);
}

int cmd_delete(char **names)
{
	ssize_t n;
	int ret;

	if (!opt.all && !names[0]) {
		warn_msg(N_("No netns name specified"));
		return EXIT_FAILURE;
	}
	if (command_option("--kill") && *command_option("--kill"))
		cli_signal(command_option("--kill"));
	if (netns_lock(false) < 0)
		return EXIT_FAILURE;
	if (opt.all) {
		ret = EXIT_SUCCESS;
		n = netns_names(&names); /* under the lock: another of us may do the same */
		if (n < 0)
			die(EXIT_FAILURE, errno, N_("cannot read %s"), netns_dir());
		for (ssize_t i = 0; i < n; i++)
			if (delete_one(names[i]) < 0)
				ret = EXIT_FAILURE;
	} else {
		ret = for_each(names, delete_one);
	}
	netns_unlock();
	return ret;
}

/* ---- rename ---- */

int cmd_rename(char **words)
{
	int ret;

	if (!words[0] || !words[1] || words[2]) {
		warn_msg(N_("rename takes two names"));
		return EXIT_USAGE;
	}
	if (!netns_name_ok(words[1])) {
		warn_msg(N_("Invalid netns name \"%s\""), words[1]);
		return EXIT_USAGE;
	}
	if (netns_lock(true) < 0)
		return EXIT_FAILURE;
	ret = netns_rename(words[0], words[1]);
	netns_unlock();
	return ret < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* ---- set ---- */

int cmd_set(char **words)
{
	cleanup_close int fd = -1;
	struct rtnl *rtnl;
	long id = -1;
	char *end;

	if (!words[0] || !words[1]) {
		warn_msg(words[0] ? N_("No nsid specified") : N_("No netns name specified"));
		return EXIT_FAILURE;
	}
	if (strcmp(words[1], "auto") != 0) {
		errno = 0;
		id = strtol(words[1], &end, 0);
		if (!*words[1] || *end || errno || id > INT_MAX || id < INT_MIN)
			die(EXIT_USAGE, 0,
			    N_("Error: argument \"%s\" is wrong: Invalid \"netnsid\" value"),
			    words[1]);
		if (id < 0)
			die(EXIT_USAGE, 0,
			    N_("Error: argument \"%s\" is wrong: \"netnsid\" value should be >= 0"),
			    words[1]);
	}
	fd = netns_open(words[0]);
	if (fd < 0 && errno == ENOENT) /* as the peer (iproute2 7.2) */
		fd = netns_open_process(words[0]);
	if (fd < 0 && errno == EINVAL) /* as the kernel says it of such a descriptor */
		die(EXIT_KERNEL, 0, N_("Error: %s."), "Peer netns reference is invalid");
	if (fd < 0)
		die(EXIT_FAILURE, errno, N_("Cannot open network namespace \"%s\""), words[0]);
	rtnl = rtnl_open();
	if (!rtnl)
		die(EXIT_FAILURE, errno, N_("cannot open a socket of %s"), "NETLINK_ROUTE");
	if (rtnl_set_nsid(rtnl, fd, words[0], (int)id) < 0) {
		if (rtnl_error(rtnl))
			die(EXIT_KERNEL, 0, N_("Error: %s."), rtnl_error(rtnl));
		die(EXIT_KERNEL, errno, N_("RTNETLINK answers"));
	}
	rtnl_close(rtnl);
	return EXIT_SUCCESS;
}

/* ---- monitor ---- */

/* In JSON a list of one, as of ip monitor: there is no end at which one of all could be closed. */
static void print_event(const char *what, const char *name)
{
	if (opt.json) {
		json_begin();
		json_object();
		json_string("event", what);
		json_string("name", name);
		json_end();
		return;
	}
	printf("%s ", what);
	put_name(name);
	putchar('\n');
}

int cmd_monitor(char **words)
{
	_Alignas(struct inotify_event) char buffer[4096];
	int fd;

	(void)words;
	if (netns_make_dir() < 0) /* there has to be one to watch */
		return EXIT_FAILURE;
	fd = fd_above_stdio(inotify_init1(IN_CLOEXEC));
	if (fd < 0)
		die(EXIT_FAILURE, errno, N_("inotify_init failed"));
	if (inotify_add_watch(fd, netns_dir(), IN_CREATE | IN_DELETE | IN_ONLYDIR) < 0)
		die(EXIT_FAILURE, errno, N_("inotify_add_watch failed"));
	if (telling())
		return EXIT_SUCCESS;
	for (;;) {
		ssize_t n = read(fd, buffer, sizeof(buffer));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			die(EXIT_FAILURE, errno, N_("cannot read %s"), "inotify");
		for (char *p = buffer; p < buffer + n;) {
			const struct inotify_event *event = (const struct inotify_event *)p;

			if (event->mask & (IN_IGNORED | IN_Q_OVERFLOW))
				die(EXIT_FAILURE, 0,
				    event->mask & IN_IGNORED ? N_("%s is gone")
							     : N_("events of %s were lost"),
				    netns_dir());
			if (event->mask & (IN_CREATE | IN_DELETE))
				print_event(event->mask & IN_CREATE ? "add" : "delete",
					    event->name);
			p += sizeof(*event) + event->len;
		}
		if (!flush_output())
			return EXIT_FAILURE;
	}
}
