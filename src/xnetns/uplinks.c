/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
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
#include "fd.h"
#include "keeper.h"
#include "own.h"
#include "readall.h"
#include "rootless.h"
#include "sys.h"
#include "told.h"
#include "uplink.h"
#include "uplinks.h"

enum { MAX_RECORD = 1 << 14, PATIENCE_MS = 5000 };

/* ---- records ---- */

/* Beside that of the names. */
static char *record_dir(void)
{
	const char *names = netns_dir(), *slash = strrchr(names, '/');

	return must_format("%.*s/xnetns", (int)(slash - names), names);
}

static char *record_path(ino_t inode)
{
	cleanup_free char *dir = record_dir();

	return must_format("%s/uplink-%llu", dir, (unsigned long long)inode);
}

/* When the process was started, as of proc(5)'s stat; 0: it is gone. */
static unsigned long long start_of(pid_t pid)
{
	char path[32], text[1024], *at;
	unsigned long long start = 0;
	cleanup_close int fd = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = fd_above_stdio(open(path, O_RDONLY | O_CLOEXEC));
	n = fd < 0 ? -1 : read_text(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	at = strrchr(text, ')'); /* the name may have any character */
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	return at && sscanf(at, " %llu", &start) == 1 ? start : 0;
}

struct record {
	pid_t keeper;
	int pidfd; /* of it, -1: there is none any more */
	char *resolv_conf;
};

/* Also one that nobody has waited for. */
static bool has_ended(int pidfd)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

/* Return: whether there is one; a keeper that has ended is none, whoever has its number. */
static bool find_record(ino_t inode, struct record *r)
{
	cleanup_free char *path = record_path(inode), *text = NULL;
	cleanup_close int fd = fd_above_stdio(open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
	unsigned long long start;
	int end = 0;
	size_t len;

	*r = (struct record){ .pidfd = -1 };
	text = fd < 0 ? NULL : read_all(fd, MAX_RECORD, &len);
	if (!text || sscanf(text, "%d %llu\n%n", &r->keeper, &start, &end) != 2 || !end ||
	    r->keeper <= 0)
		return false;
	r->pidfd = fd_above_stdio((int)syscall(SYS_pidfd_open, r->keeper, 0));
	if (r->pidfd < 0 || start_of(r->keeper) != start || has_ended(r->pidfd)) {
		close_fd(&r->pidfd);
		return false;
	}
	r->resolv_conf = must_format("%s", text + end);
	return true;
}

static void drop_record(struct record *r)
{
	close_fd(&r->pidfd);
	free(r->resolv_conf);
}

/* There was no record when a line of this process looked. One that others make later ends by itself, with its last name. */
static bool none_yet;

static void write_record(ino_t inode, pid_t keeper, const char *resolv_conf)
{
	cleanup_free char *dir = record_dir(), *path = record_path(inode), *text = NULL;
	cleanup_close int fd = -1;

	none_yet = false;
	if (sys_mkdir(dir, 0700) < 0 && errno != EEXIST)
		die(EXIT_FAILURE, errno, N_("mkdir %s failed"), dir);
	told_about("uplink");
	sys_unlink(path); /* of a keeper that was killed */
	told_about("uplink");
	fd = sys_create_at(AT_FDCWD, NULL, path, 0600);
	if (fd < 0 && !telling())
		die(EXIT_FAILURE, errno, N_("cannot make %s"), path);
	text = must_format("%d %llu\n%s", keeper, telling() ? 0 : start_of(keeper), resolv_conf);
	told_about("uplink");
	must(sys_write(fd, path, text), N_("cannot write %s"), path);
}

/* ---- names ---- */

static bool is_at(const char *path, ino_t inode)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_ino == inode && netns_state(path) == NETNS_LIVE;
}

static bool is_named(ino_t inode)
{
	bool found = false;
	char **names;
	size_t n = netns_names(&names);

	for (size_t i = 0; i < n && !found; i++) {
		cleanup_free char *path = netns_path(names[i]);

		found = is_at(path, inode);
	}
	netns_free_names(names, n);
	return found;
}

ino_t uplinks_inode(const char *name)
{
	cleanup_free char *dir = record_dir(), *path = NULL, *record = NULL;
	struct stat st;

	if (none_yet || access(dir, X_OK) < 0) {
		none_yet = true;
		return 0;
	}
	path = netns_path(name);
	if (stat(path, &st) < 0 || netns_state(path) != NETNS_LIVE)
		return 0;
	record = record_path(st.st_ino);
	return access(record, F_OK) == 0 ? st.st_ino : 0;
}

char *uplinks_resolv_conf(int fd)
{
	struct record r;
	struct stat st;
	char *text = NULL;

	if (fstat(fd, &st) < 0 || !find_record(st.st_ino, &r))
		return NULL;
	text = r.resolv_conf;
	r.resolv_conf = NULL;
	drop_record(&r);
	return text;
}

/* ---- the end ---- */

/* Its end is the engine's; it removes the record. */
static void end_keeper(const struct record *r)
{
	struct pollfd p = { .fd = r->pidfd, .events = POLLIN };

	told_about("engine");
	sys_pidfd_kill(r->pidfd, r->keeper, SIGTERM);
	if (telling() || poll(&p, 1, PATIENCE_MS) > 0)
		return;
	told_about("engine");
	sys_pidfd_kill(r->pidfd, r->keeper, SIGKILL);
	poll(&p, 1, PATIENCE_MS);
}

void uplinks_end_unnamed(ino_t inode)
{
	cleanup_free char *path = record_path(inode);
	struct record r;

	if (!telling() && is_named(inode))
		return;
	if (find_record(inode, &r)) {
		end_keeper(&r);
		drop_record(&r);
	} else {
		told_about("uplink");
		sys_unlink(path);
	}
}

/* In the keeper. */
static ino_t kept;

static bool is_unnamed(void *arg)
{
	char events[4096];
	const int *fd = arg;

	while (read(*fd, events, sizeof(events)) > 0)
		;
	return !is_named(kept);
}

static void remove_record(void *arg)
{
	sys_unlink(arg);
}

/* ---- the command ---- */

static int take_down(const char *name, ino_t inode)
{
	struct record r;

	if (!find_record(inode, &r))
		return warn_msg(N_("\"%s\" has no uplink"), name), EXIT_FAILURE;
	end_keeper(&r);
	drop_record(&r);
	return EXIT_SUCCESS;
}

/* It ends when no name leads to the namespace any more, and when nobody holds the names. */
static void watch(struct keeper *k)
{
	int holder = rootless_holder();
	struct keeper_watch *w = &k->watch[0];

	w->fd = fd_above_stdio(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
	must(w->fd, N_("inotify_init failed"));
	must(inotify_add_watch(w->fd, netns_dir(),
			       IN_DELETE | IN_MOVED_FROM | IN_DELETE_SELF | IN_ONLYDIR),
	     N_("inotify_add_watch failed"));
	w->over = is_unnamed;
	w->arg = &w->fd;
	k->n_watches = 1;
	if (holder >= 0)
		k->watch[k->n_watches++] = (struct keeper_watch){ holder, NULL, NULL };
}

static void bring_up(struct uplink *u, int fd, ino_t inode)
{
	static struct keeper k;
	cleanup_free char *resolv_conf = NULL, *path = record_path(inode);

	uplink_find(u);
	kept = inode;
	k = (struct keeper){ .uplink = u,
			     .netns = fd,
			     .userns = -1,
			     .at_end = remove_record,
			     .arg = path };
	if (!telling())
		watch(&k);
	keeper_start(&k);
	resolv_conf = uplink_resolv_conf(u);
	write_record(inode, k.pid, resolv_conf);
	undo_forget(); /* it stays */
}

int cmd_uplink(const struct netns_options *o, char **words)
{
	struct uplink u = { .host_loopback = o->with[WITH_HOST_LOOPBACK] };
	cleanup_close int fd = -1;
	struct record r;
	struct stat st;

	uplink_set_engine(&u, o->with[WITH_ENGINE], EXIT_USAGE);
	for (size_t i = 0; i < o->n_ports; i++)
		uplink_add_port(&u, o->port[i], EXIT_USAGE);
	if (o->with[WITH_DOWN] && (o->with[WITH_ENGINE] || o->n_ports || u.host_loopback))
		die(EXIT_USAGE, 0, N_("--down takes no other option"));
	netns_lock(false);
	fd = netns_open(words[0]);
	if (fd < 0)
		netns_die(o, EXIT_FAILURE, errno, N_("Cannot open network namespace \"%s\""),
			  words[0]);
	must(fstat(fd, &st), N_("cannot read %s"), words[0]);
	if (o->with[WITH_DOWN])
		return take_down(words[0], st.st_ino);
	if (find_record(st.st_ino, &r)) {
		warn_msg(N_("\"%s\" has an uplink already, which process %d keeps"), words[0],
			 r.keeper);
		drop_record(&r);
		return EXIT_FAILURE;
	}
	bring_up(&u, fd, st.st_ino);
	return EXIT_SUCCESS;
}
