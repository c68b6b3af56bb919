/* SPDX-License-Identifier: MIT */
/* xnetns: list and list-id. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "compat.h"
#include "dir.h"
#include "fd.h"
#include "proc.h"
#include "rtnl.h"
#include "scan.h"
#include "xnetns.h"

#define NO_ID (-1)
#define NO_NAMESPACE (-2) /* the file carries none */
#define NO_ANSWER (-3)	  /* nobody knows */

struct entry {
	char *name;
	int id;
};

static struct entry *entries;
static size_t n_entries;
static int list_status; /* EXIT_FAILURE: one of them could not be looked at */

static struct rtnl *open_rtnl(void)
{
	struct rtnl *rtnl = rtnl_open();

	if (!rtnl)
		die(EXIT_FAILURE, errno, N_("cannot open a socket of %s"), "NETLINK_ROUTE");
	return rtnl;
}

static void read_names(void)
{
	char **names;
	ssize_t n = netns_names(&names);

	if (n < 0)
		die(EXIT_FAILURE, errno, N_("cannot read %s"), netns_dir());
	entries = must_have(calloc((size_t)n + 1, sizeof(*entries)));
	n_entries = (size_t)n;
	for (ssize_t i = 0; i < n; i++)
		entries[i] = (struct entry){ names[i], NO_ID };
	free(names);
}

/* ---- which of the files carry a namespace ---- */

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static int by_string(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/*
 * The names that are mounted, sorted, in one reading of mountinfo instead of a call a name.
 * Return: how many; 0 also where that cannot be read.
 */
static size_t mounted_names(char ***names)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	size_t n = 0, room = 0, size = 0, len = strlen(netns_dir());
	char *line = NULL, *root, *target;

	*names = NULL;
	while (f && getline(&line, &size, f) > 0) {
		if (!strstr(line, " - nsfs ") || proc_mount(line, &root, &target) < 0 ||
		    strncmp(target, netns_dir(), len) != 0 || target[len] != '/')
			continue;
		if (n == room) {
			room = 2 * room + 64;
			*names = must_have(reallocarray(*names, room, sizeof(char *)));
		}
		(*names)[n++] = must_have(strdup(target + len + 1));
	}
	free(line);
	if (f)
		fclose(f);
	if (n > 0)
		qsort(*names, n, sizeof(char *), by_string);
	return n;
}

/*
 * Whether there are as many mounts below the directory as names (Linux 6.8): then each has its own,
 * and mountinfo, which takes the kernel longer than all the rest, need not be read. Only a name that
 * is mounted over twice could make up for one that is stale.
 */
static bool each_is_mounted(void)
{
	struct {
		uint32_t size, spare;
		uint64_t mount, last;
	} request = { .size = sizeof(request) };
	uint64_t *mounts = calloc(n_entries + 1, sizeof(*mounts));
	struct statx st;
	long n = -1;

	if (mounts && statx(AT_FDCWD, netns_dir(), 0, STATX_MNT_ID_UNIQUE, &st) == 0 &&
	    (st.stx_mask & STATX_MNT_ID_UNIQUE) && (st.stx_attributes & STATX_ATTR_MOUNT_ROOT)) {
		request.mount = st.stx_mnt_id;
		n = syscall(SYS_listmount, &request, mounts, n_entries + 1, 0);
	}
	free(mounts);
	return n == (long)n_entries;
}

/* One that did not answer, for the reason @err, or is not known to be mounted. */
static void look_at(struct entry *e, int err)
{
	char *path = netns_path(e->name);
	enum netns_state state = netns_state(path);

	if (state == NETNS_UNKNOWN)
		err = errno;
	if (state == NETNS_STALE) {
		e->id = NO_NAMESPACE;
	} else if (err && state != NETNS_GONE) {
		e->id = NO_ANSWER;
		warn_err(err, N_("cannot open %s"), path);
		list_status = EXIT_FAILURE;
	}
	free(path);
}

/* Those that are not mounted are looked at one by one: it may be a symbolic link. */
static void find_stale(void)
{
	char **mounted;
	size_t n;

	if (each_is_mounted())
		return;
	n = mounted_names(&mounted);
	for (size_t i = 0; i < n_entries; i++) {
		char *name = entries[i].name;

		if (n == 0 || !bsearch(&name, mounted, n, sizeof(char *), by_string))
			look_at(&entries[i], 0);
	}
}

/* ---- the IDs ---- */

static void note_that_there_is_one(void *arg, int nsid, int current)
{
	(void)nsid, (void)current;
	*(bool *)arg = true;
}

/* A call for each run of them, where the kernel has it (Linux 5.9): what we inherited may be between. */
static void close_all(int *fds, size_t n)
{
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && fds[end] == fds[end - 1] + 1; end++)
			;
		if (fds[i] >= 0 && syscall(SYS_close_range, (unsigned int)fds[i],
					   (unsigned int)fds[end - 1], 0) == 0)
			continue;
		for (size_t j = i; j < end; j++)
			close_fd(&fds[j]);
	}
}

/* The request failed: dies of the first of @n that has not been answered. */
static _Noreturn void no_answer(const struct entry *e, const int *ids, size_t n)
{
	size_t i = 0;
	int err = errno;

	while (i + 1 < n && ids[i] != NO_ANSWER)
		i++;
	die(EXIT_FAILURE, err, N_("cannot ask for the ID of \"%s\""), e[i].name);
}

/*
 * Opens the first of @n, as far as there are descriptors: some may have been inherited. Return: how
 * many; the errno of each is in @errs where it could not be opened for itself.
 */
static size_t open_some(const struct entry *e, size_t n, int *fds, int *errs)
{
	for (size_t i = 0; i < n; i++) {
		fds[i] = netns_open(e[i].name);
		errs[i] = fds[i] < 0 ? errno : 0;
		if (errs[i] != EMFILE && errs[i] != ENFILE && errs[i] != ENOMEM)
			continue;
		if (i == 0)
			die(EXIT_FAILURE, errs[i], N_("cannot open %s"), e[i].name);
		return i;
	}
	return n;
}

/* As many at once as there may be descriptors. */
static void read_ids(struct rtnl *rtnl)
{
	enum { MOST = 512 };
	int fds[MOST], errs[MOST], ids[MOST];
	struct rlimit limit;
	size_t most = MOST;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < MOST + 32)
		most = limit.rlim_cur > 40 ? (size_t)limit.rlim_cur - 32 : 8;
	for (size_t from = 0, n; from < n_entries; from += n) {
		n = open_some(entries + from, n_entries - from < most ? n_entries - from : most,
			      fds, errs);
		if (rtnl_nsids_of(rtnl, fds, n, ids) < 0)
			no_answer(entries + from, ids, n);
		for (size_t i = 0; i < n; i++)
			entries[from + i].id = fds[i] < 0 ? NO_ID : ids[i];
		close_all(fds, n);
		for (size_t i = 0; i < n; i++)
			if (errs[i])
				look_at(&entries[from + i], errs[i]);
	}
}

/* Most often nobody has assigned any, and one question is enough. */
static void read_entries(void)
{
	bool any = false;
	struct rtnl *rtnl;

	read_names();
	if (n_entries == 0)
		return;
	rtnl = open_rtnl();
	if (rtnl_nsids(rtnl, -1, note_that_there_is_one, &any) < 0)
		die(EXIT_FAILURE, errno, N_("cannot ask for the IDs of this network namespace"));
	if (any)
		read_ids(rtnl);
	else
		find_stale();
	rtnl_close(rtnl);
}

/* ---- list ---- */

static void warn_of_stale(const struct entry *e)
{
	if (e->id == NO_NAMESPACE)
		warn_msg(N_("Error: Peer netns reference is invalid: %s has no namespace."),
			 e->name);
}

static void print_entry(const struct entry *e)
{
	if (opt.json) {
		json_object();
		json_string("name", e->name);
		if (e->id >= 0)
			json_number("id", e->id);
	} else {
		put_name(e->name);
		if (e->id >= 0)
			printf(" (id: %d)", e->id);
		putchar('\n');
	}
}

/* ---- list --all: those of others, and those without a name ---- */

static struct scan scan;

/* A path below our directory is a name; another stands whole, and "net:[4026531840]" for none. */
static char *name_of(const struct ns *ns, size_t i)
{
	const char *path = ns->n_paths > i ? ns->paths[i] : NULL;
	static char dir[PATH_MAX]; /* as mounts are named: it may be a link itself */
	size_t len;

	if (!*dir && !realpath(netns_dir(), dir))
		snprintf(dir, sizeof(dir), "%s", netns_dir());
	len = strlen(dir);
	if (path && strncmp(path, dir, len) == 0 && path[len] == '/')
		path += len + 1;
	return path ? must_have(strdup(path))
		    : must_format("net:[%llu]", (unsigned long long)ns->inode);
}

/* "-" where a number is not known. */
static void put_number(int width, long long n, bool known)
{
	if (known)
		printf(" %*lld", width, n);
	else
		printf(" %*s", width, "-");
}

static void print_known(const struct ns *ns, const char *name)
{
	bool lengthy = command_option("-l") != NULL;
	long long devices = ns->devices ? (long long)ns->devices->n : -1;
	uid_t uid = 0;
	bool owned = ns_owner_uid(&scan.graph, ns, &uid);

	if (!lengthy) {
		print_entry(&(struct entry){ (char *)name, ns->netnsid });
	} else if (opt.json) {
		json_object();
		json_string("name", name);
		if (ns->netnsid >= 0)
			json_number("id", ns->netnsid);
		json_number("inode", (long long)ns->inode);
		if (owned)
			json_number("owner", uid);
		json_number("processes", ns->n_procs);
		if (devices >= 0)
			json_number("devices", devices);
	} else {
		put_number(0, (long long)ns->inode, true);
		put_number(5, ns->netnsid, ns->netnsid >= 0);
		put_number(5, uid, owned);
		put_number(5, ns->n_procs, true);
		put_number(4, devices, devices >= 0);
		putchar(' ');
		put_shown(name);
		putchar('\n');
	}
}

static void print_stale(const char *name)
{
	if (opt.json) {
		json_object();
		json_string("name", name);
		json_string("state", "stale");
	} else if (command_option("-l")) {
		printf(" %10s     -     -     -    - ", "-");
		put_shown(name);
		puts(" (stale)");
	} else {
		put_name(name);
		putchar('\n');
	}
}

static int list_all(void)
{
	scan = (struct scan){ .kinds = CLONE_NEWNET,
			      .read_mounts = proc_mounts,
			      .sources = SCAN_PROCESSES | SCAN_DESCRIPTORS | SCAN_OWN_MOUNTS |
					 SCAN_MOUNTS | SCAN_LISTNS,
			      .facts = FACT_RELATIONS | FACT_OWNER_UID | FACT_NETNSID };
	if (command_option("-l"))
		scan.facts |= FACT_DEVICES;
	scan_run(&scan);
	read_names();
	find_stale();
	if (opt.json)
		json_begin();
	else if (command_option("-l"))
		printf(" %10s %5s %5s %5s %4s %s\n", "INODE", "ID", "OWNER", "PROCS", "DEVS",
		       "NAME");
	for (size_t i = 0; i < scan.graph.n; i++) {
		const struct ns *ns = scan.graph.nodes[i];

		if (ns->kind->flag != CLONE_NEWNET)
			continue;
		for (size_t j = 0; j == 0 || j < ns->n_paths; j++) {
			char *name = name_of(ns, j);

			print_known(ns, name);
			free(name);
		}
	}
	for (size_t i = 0; i < n_entries; i++)
		if (entries[i].id == NO_NAMESPACE)
			print_stale(entries[i].name);
	if (opt.json)
		json_end();
	return list_status;
}

int cmd_list(char **words)
{
	(void)words; /* as the peer */
	if (command_option("--all"))
		return list_all();
	read_entries();
	if (command_option("-l") && n_entries > 0)
		qsort(entries, n_entries, sizeof(*entries), by_name);
	for (size_t i = 0; i < n_entries; i++)
		warn_of_stale(&entries[i]);
	if (opt.json)
		json_begin();
	for (size_t i = 0; i < n_entries; i++)
		print_entry(&entries[i]);
	if (opt.json)
		json_end();
	return list_status;
}

/* ---- holders ---- */

static void print_holder(const char *how, pid_t pid, int fd, const char *text)
{
	if (opt.json) {
		json_object();
		json_string("holder", how);
		if (pid)
			json_number("pid", pid);
		if (fd >= 0)
			json_number("fd", fd);
		if (text)
			json_string(strcmp(how, "mount") == 0 ? "path" : "command", text);
		return;
	}
	fputs(how, stdout);
	if (pid)
		printf(" %d", pid);
	if (fd >= 0)
		printf(":%d", fd);
	if (text) {
		putchar(' ');
		put_shown(text);
	}
	putchar('\n');
}

int cmd_holders(char **words)
{
	static const char *const how[] = { [HELD_FD] = "fd",
					   [HELD_SOCKET] = "socket",
					   [HELD_MOUNT] = "mount",
					   [HELD_FOR_CHILDREN] = "for_children",
					   [HELD_THREAD] = "thread" };
	const struct ns *ns;
	struct stat st;

	if (!words[0] || words[1]) {
		warn_msg(words[0] ? N_("extra arguments specified")
				  : N_("No netns name specified"));
		return EXIT_FAILURE;
	}
	if (netns_stat(words[0], &st) < 0) /* and not open any more, or we are one */
		die(EXIT_FAILURE, errno, N_("Cannot open network namespace \"%s\""), words[0]);
	scan = (struct scan){ .kinds = CLONE_NEWNET,
			      .read_mounts = proc_mounts,
			      .inode = st.st_ino,
			      .sources = SCAN_PROCESSES | SCAN_DESCRIPTORS | SCAN_THREADS |
					 SCAN_OWN_MOUNTS | SCAN_MOUNTS,
			      .facts = FACT_HOLDERS | FACT_COMMAND };
	scan_run(&scan);
	if (opt.json)
		json_begin();
	for (size_t i = 0; i < scan.n_members; i++)
		if (scan.members[i]->pid != getpid())
			print_holder(scan.members[i]->is_thread ? "thread" : "proc",
				     scan.members[i]->pid, -1, scan.members[i]->command);
	ns = nsgraph_find(&scan.graph, st.st_ino);
	for (size_t i = 0; ns && i < ns->n_holders; i++) {
		const struct holder *h = &ns->holders[i];

		if (h->how != HELD_THREAD && h->pid != getpid())
			print_holder(how[h->how], h->pid,
				     h->how == HELD_FD || h->how == HELD_SOCKET ? h->fd : -1,
				     h->path);
	}
	if (opt.json)
		json_end();
	return EXIT_SUCCESS;
}

/* ---- list-id ---- */

static const char *name_of_id(int id)
{
	for (size_t i = 0; id >= 0 && i < n_entries; i++)
		if (entries[i].id == id)
			return entries[i].name;
	return NULL;
}

static bool with_target;

static void print_id(void *arg, int nsid, int current)
{
	const char *name = name_of_id(with_target ? current : nsid);

	(void)arg;
	if (opt.json) {
		json_object();
		if (nsid >= 0)
			json_number("nsid", nsid);
		if (with_target && current >= 0)
			json_number("current-nsid", current);
		if (name)
			json_string("name", name);
		return;
	}
	if (nsid < 0)
		printf("nsid unassigned ");
	else
		printf("nsid %d ", nsid);
	if (with_target && current >= 0)
		printf("current-nsid %d ", current);
	else if (with_target)
		printf("current-nsid unassigned ");
	if (name) {
		fputs("(iproute2 netns name: ", stdout);
		put_name(name);
		putchar(')');
	}
	putchar('\n');
}

/* The argument of the keyword @key, which is -1 till then; dies as the peer. */
static int id_argument(const char *key, const char *word, int before)
{
	char *end;
	long id;

	errno = 0;
	id = word ? strtol(word, &end, 0) : -1;
	if (before < 0 && word && *word && !*end && !errno && id >= 0 && id <= INT_MAX)
		return (int)id;
	if (before >= 0)
		die(EXIT_USAGE, 0, N_("Error: duplicate \"%s\": \"%s\" is the second value."), key,
		    key);
	else if (!word)
		die(EXIT_USAGE, 0, N_("Command line is not complete. Try option \"help\""));
	else if (id < 0 && id >= INT_MIN && *word && !*end)
		die(EXIT_USAGE, 0,
		    N_("Error: argument \"%s\" is wrong: \"%s\" value should be >= 0"), word, key);
	else
		die(EXIT_USAGE, 0, N_("Error: argument \"%s\" is wrong: \"%s\" value is invalid"),
		    word, key);
}

static _Noreturn void kernel_refused(const struct rtnl *rtnl)
{
	if (rtnl_error(rtnl))
		die(EXIT_KERNEL, 0, N_("Error: %s."), rtnl_error(rtnl));
	die(EXIT_KERNEL, errno, N_("RTNETLINK answers"));
}

int cmd_list_id(char **words)
{
	int target = -1, nsid = -1, found = -1;
	struct rtnl *rtnl;

	for (; *words; words++) {
		if (strcmp(*words, "target-nsid") == 0) {
			target = id_argument("target-nsid", *++words, target);
		} else if (strcmp(*words, "nsid") == 0) {
			nsid = id_argument("nsid", *++words, nsid);
		} else {
			usage(stderr);
			return EXIT_USAGE;
		}
	}
	with_target = target >= 0;
	read_entries();
	for (size_t i = 0; i < n_entries; i++)
		warn_of_stale(&entries[i]);
	rtnl = open_rtnl();
	if (nsid >= 0 && rtnl_nsid_in(rtnl, target, nsid, &found) < 0)
		kernel_refused(rtnl);
	if (opt.json)
		json_begin();
	if (nsid >= 0) {
		print_id(NULL, found, nsid);
	} else if (rtnl_nsids(rtnl, target, print_id, NULL) < 0) {
		warn_msg(N_("Error: %s."), rtnl_error(rtnl) ? rtnl_error(rtnl) : strerror(errno));
		if (opt.json)
			json_end();
		fflush(stdout);
		die(EXIT_FAILURE, 0, N_("Dump terminated"));
	}
	if (opt.json)
		json_end();
	return list_status;
}
