/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ctype.h>
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

#include "cli.h"
#include "dir.h"
#include "engine.h"
#include "fd.h"
#include "hints.h"
#include "json.h"
#include "nsfs.h"
#include "own.h"
#include "parse.h"
#include "proc.h"
#include "rootless.h"
#include "sys.h"
#include "told.h"
#include "uplinks.h"

/* ---- add, attach ---- */

/*
 * Calls @f with each name, of which ip(8) takes one only. Return: the exit status, that of the first
 * failure; the others are tried all the same.
 */
static int for_each(const struct netns_options *o, char **names, netns_step *f)
{
	int ret = EXIT_SUCCESS;

	for (; *names; names++) {
		if (!netns_name_ok(*names)) {
			warn_msg(N_("Invalid netns name \"%s\""), *names);
			ret = ret ? ret : EXIT_USAGE;
		} else if (f(o, *names) < 0) {
			ret = ret ? ret : EXIT_FAILURE;
		}
		if (o->as_ip)
			break;
	}
	return ret;
}

static bool is_live(const char *name)
{
	cleanup_free char *path = netns_path(name);

	return netns_state(path) == NETNS_LIVE;
}

static int add_one(const struct netns_options *o, const char *name)
{
	if (o->with[WITH_IF_MISSING] && is_live(name))
		return 0;
	return netns_add(name, o->with[WITH_UP]);
}

/* A name is made: there may be who does not see it. */
static int named(const struct netns_options *o)
{
	if (!o->as_ip && !telling())
		warn_if_slave(netns_dir());
	return rootless_holds() ? EXIT_SUCCESS : EXIT_FAILURE;
}

int cmd_add(const struct netns_options *o, char **names)
{
	int ret;

	netns_lock(true);
	ret = for_each(o, names, add_one);
	return ret ? ret : named(o);
}

/* The file of the namespace that is to have a name. Return: allocated. */
static char *source_of(const char *word)
{
	char path[NETNS_OF_PID];
	long long pid;

	if (engine_is_netns(word))
		return netns_path(engine_name(word));
	if (netns_engine(word, EXIT_FAILURE, path))
		return must_have(strdup(path));
	if (strchr(word, '/'))
		return must_have(strdup(word));
	if ((!isdigit((unsigned char)*word) && *word != '+') ||
	    !parse_as_ip(word, 1, INT_MAX, &pid)) {
		warn_msg(N_("Invalid PID: %s"), word);
		engine_hint(word);
		die_said(EXIT_FAILURE);
	}
	return must_format("/proc/%lld/ns/net", pid);
}

/* It is outside that the user's own containers can be looked into: the namespace is opened there, till the end. */
static void open_before(char **source)
{
	int fd = nsfs_open_named(*source);

	if (fd < 0)
		return; /* which will be said */
	free(*source);
	*source = must_format("/proc/self/fd/%d", fd);
}

/* The name was given to what need not be the one that was meant. */
static void detach(void *name)
{
	if (netns_delete(name) < 0)
		return; /* it has said why */
}

int cmd_attach(const struct netns_options *o, char **words)
{
	cleanup_free char *file = NULL;

	if (!words[0] || !words[1])
		die(EXIT_FAILURE, 0, N_("No netns name and PID specified"));
	file = source_of(words[1]); /* before the lock: an engine takes its time */
	if (rootless())
		open_before(&file);
	netns_lock(true);
	netns_engine_gone(EXIT_FAILURE);
	if (netns_attach(words[0], file) < 0)
		return EXIT_FAILURE;
	if (engine_named(words[1]) && !telling()) {
		undo_push(detach, words[0]);
		netns_engine_gone(EXIT_FAILURE);
		undo_forget();
	}
	return named(o);
}

/* ---- the processes inside ---- */

/* The processes in the namespace @inode. Return: how many; dies where /proc cannot be read whole. */
static size_t inside(ino_t inode, pid_t **pids)
{
	ssize_t n = proc_list("/proc", pids);
	size_t kept = 0;
	char path[40];
	ino_t other;

	if (n == 0 && access("/proc/self", F_OK) < 0)
		n = -1; /* it is no proc */
	for (ssize_t i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "/proc/%d/ns/net", (*pids)[i]);
		if (proc_ns(AT_FDCWD, path, kind_by_flag(CLONE_NEWNET), &other) < 0)
			n = proc_gone(errno) ? n : -1;
		else if (other == inode)
			(*pids)[kept++] = (*pids)[i];
	}
	must(n, N_("cannot read %s"), "/proc");
	return kept;
}

int cmd_pids(const struct netns_options *o, char **words)
{
	cleanup_free pid_t *pids = NULL;
	struct stat st;
	size_t n;

	netns_stat(o, words[0], N_("Cannot open network namespace"), &st);
	n = inside(st.st_ino, &pids);
	json_begin(o);
	for (size_t i = 0; i < n; i++) {
		if (json_object())
			json_number("pid", pids[i]);
		else
			printf("%d\n", pids[i]);
	}
	json_end();
	return EXIT_SUCCESS;
}

/*
 * Whether the name is one of the namespace @own. Return: 0 also where it has gone, or is a link that
 * leads nowhere; -1 after a message.
 */
static int is_same(const char *name, const struct stat *own)
{
	cleanup_free char *file = netns_path(name);
	struct stat st;

	if (stat(file, &st) == 0)
		return same_file(&st, own);
	return leads_nowhere(errno) ? 0 : warn_err(errno, N_("cannot open %s"), file);
}

static void print_name(const char *name)
{
	if (json_object()) {
		json_string("name", name);
		return;
	}
	put_name(name);
	putchar('\n');
}

/* Of the namespace of the process with the PID @word, NULL: of this one */
static void stat_process(const struct netns_options *o, const char *word, struct stat *st)
{
	struct sought s = { netns_dir(), word, true, !o->as_ip, false };
	char path[40] = "/proc/self/ns/net";
	long long pid;

	bool is_engine = word && netns_engine(word, EXIT_FAILURE, path);

	if (word && !is_engine && (*word == '+' || parse_number(word, 1, INT_MAX, &pid) < 0)) {
		warn_msg(N_("Specified string '%s' is not a pid"), word);
		if (!engine_hint(word))
			why_not_found(&s, ENOENT);
		die_said(EXIT_FAILURE);
	}
	if (word && !is_engine)
		snprintf(path, sizeof(path), "/proc/%lld/ns/net", pid);
	if (stat(path, st) == 0) {
		netns_engine_gone(EXIT_FAILURE);
		return;
	}
	die_about_proc();
	if (!word)
		die(EXIT_FAILURE, errno, N_("Cannot open network namespace"));
	netns_die(o, EXIT_FAILURE, errno, N_("Cannot open network namespace"), word);
}

int cmd_identify(const struct netns_options *o, char **words)
{
	int ret = EXIT_SUCCESS;
	bool is_netns = words[0] && engine_is_netns(words[0]);
	bool found = false;
	struct stat own;
	char **names;
	size_t n;

	if (is_netns || (words[0] && !o->as_ip && netns_is_path(words[0])))
		netns_stat(o, is_netns ? engine_name(words[0]) : words[0],
			   N_("Cannot open network namespace"), &own);
	else
		stat_process(o, words[0], &own);
	n = netns_names(&names);
	json_begin(o);
	for (size_t i = 0; i < n; i++) {
		int match = is_same(names[i], &own);

		if (match > 0)
			print_name(names[i]);
		found = found || match > 0;
		ret = match < 0 ? EXIT_FAILURE : ret;
	}
	json_end();
	netns_free_names(names, n);
	if (!o->json && !found)
		putchar('\n');
	return ret;
}

/* ---- delete ---- */

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
static void kill_one(pid_t pid, ino_t inode, int sig)
{
	cleanup_close int fd = open_process(pid);
	char path[40];
	ino_t now;

	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	if (fd >= 0 &&
	    (proc_ns(AT_FDCWD, path, kind_by_flag(CLONE_NEWNET), &now) < 0 || now != inode))
		return;
	if ((fd < 0 || sys_pidfd_kill(fd, pid, sig) < 0) && errno != ESRCH && errno != ENOENT)
		warn_err(errno, N_("cannot end process %d"), pid);
}

/* All inside but this process; @sig 0: none is ended. Return: how many there are. */
static int kill_all(ino_t inode, int sig)
{
	cleanup_free pid_t *pids = NULL;
	size_t n = inside(inode, &pids);
	int others = 0;

	for (size_t i = 0; i < n; i++) {
		if (pids[i] != getpid() && sig)
			kill_one(pids[i], inode, sig);
		others += pids[i] != getpid();
	}
	return others;
}

/* Ends what runs inside, and waits till it has: ten seconds, then by SIGKILL, a second more. */
static int kill_inside(const struct netns_options *o, const char *name, int sig)
{
	long long begun = now_ms(CLOCK_MONOTONIC), waited = 0;
	struct stat theirs, own;
	int left = 1;

	netns_stat(o, name, N_("Cannot open network namespace \"%s\""), &theirs);
	if (stat("/proc/self/ns/net", &own) < 0)
		return warn_err(errno, N_("cannot read %s"), "/proc/self/ns/net");
	if (own.st_ino == theirs.st_ino)
		return warn_msg(
			N_("\"%s\" is the namespace that this process is in: nothing is ended"),
			name);
	kill_all(theirs.st_ino, sig);
	for (; left > 0 && !telling() && waited < 11000; waited = now_ms(CLOCK_MONOTONIC) - begun) {
		left = kill_all(theirs.st_ino, 0);
		if (left > 0 && sig != SIGKILL && waited > 10000)
			kill_all(theirs.st_ino, sig = SIGKILL);
		if (left > 0)
			poll(NULL, 0, 20);
	}
	if (left == 0 || telling())
		return 0;
	return warn_msg(N_("%d processes in \"%s\" do not end"), left, name);
}

/* With the last name of a namespace its uplink goes. */
static int take_name(const struct netns_options *o, const char *name)
{
	ino_t inode = o->as_ip ? 0 : uplinks_inode(name);
	int ret = netns_delete(name);

	if (ret == 0 && inode)
		uplinks_end_unnamed(inode);
	return ret;
}

static int delete_one(const struct netns_options *o, const char *name)
{
	const char *sig = o->with[WITH_KILL];
	cleanup_free char *path = NULL;
	enum netns_state state;

	if (!sig && !o->with[WITH_IF_EXISTS] && !o->all)
		return take_name(o, name);
	path = netns_path(name);
	state = netns_state(path);
	if (sig && state == NETNS_UNKNOWN) /* and what runs inside would not be ended */
		return warn_err(errno, N_("cannot open %s"), path);
	if ((o->with[WITH_IF_EXISTS] || o->all) && state == NETNS_GONE)
		return 0;
	if (sig && state == NETNS_LIVE &&
	    kill_inside(o, name, *sig ? cli_signal(sig) : SIGTERM) < 0)
		return -1;
	return take_name(o, name);
}

static int kill_first(const struct netns_options *o, const char *name)
{
	const char *sig = o->with[WITH_KILL];
	cleanup_free char *path = netns_path(name);

	return netns_state(path) == NETNS_LIVE
		       ? kill_inside(o, name, *sig ? cli_signal(sig) : SIGTERM)
		       : 0; /* which is delete's */
}

int cmd_delete(const struct netns_options *o, char **names)
{
	const char *sig = o->with[WITH_KILL];
	int ret = EXIT_SUCCESS;

	if (sig && *sig)
		cli_signal(sig); /* dies of a wrong one before anything is done */
	if (sig && rootless()) { /* outside all of the user's processes are seen */
		netns_look();
		ret = o->all ? netns_each(o, kill_first) : for_each(o, names, kill_first);
	}
	if (ret)
		return ret;
	netns_lock(false); /* and -all reads under it: another of us may do the same */
	return o->all ? netns_each(o, delete_one) : for_each(o, names, delete_one);
}

/* ---- rename ---- */

int cmd_rename(const struct netns_options *o, char **words)
{
	if (!words[0] || !words[1] || words[2])
		die(EXIT_USAGE, 0, N_("rename takes two names"));
	if (!netns_name_ok(words[1]))
		die(EXIT_USAGE, 0, N_("Invalid netns name \"%s\""), words[1]);
	netns_lock(true);
	return netns_rename(words[0], words[1]) < 0 ? EXIT_FAILURE : named(o);
}

/* ---- monitor ---- */

/* In JSON a list of one, as of ip monitor: there is no end at which one of all could be closed. */
static void print_event(const struct netns_options *o, const char *what, const char *name)
{
	json_begin(o);
	if (json_object()) {
		json_string("event", what);
		json_string("name", name);
	} else {
		printf("%s ", what);
		put_name(name);
		putchar('\n');
	}
	json_end();
}

int cmd_monitor(const struct netns_options *o, char **words)
{
	_Alignas(struct inotify_event) char buffer[4096];
	int fd;

	netns_make_dir(); /* there has to be one to watch */
	fd = (int)must(fd_above_stdio(inotify_init1(IN_CLOEXEC)), N_("inotify_init failed"));
	must(inotify_add_watch(fd, netns_dir(), IN_CREATE | IN_DELETE | IN_ONLYDIR),
	     N_("inotify_add_watch failed"));
	if (telling())
		return EXIT_SUCCESS;
	for (;;) {
		ssize_t n = read(fd, buffer, sizeof(buffer));

		if (n < 0 && errno == EINTR)
			continue;
		must(n, N_("cannot read %s"), "inotify");
		for (char *p = buffer; p < buffer + n;) {
			const struct inotify_event *event = (const struct inotify_event *)p;

			if (event->mask & (IN_IGNORED | IN_Q_OVERFLOW))
				die(EXIT_FAILURE, 0,
				    event->mask & IN_IGNORED ? N_("%s is gone")
							     : N_("events of %s were lost"),
				    netns_dir());
			if (event->mask & (IN_CREATE | IN_DELETE))
				print_event(o, event->mask & IN_CREATE ? "add" : "delete",
					    event->name);
			p += sizeof(*event) + event->len;
		}
		if (!flush_output())
			return EXIT_FAILURE;
	}
}
