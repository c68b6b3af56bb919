/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "compat.h"
#include "die.h"
#include "dir.h"
#include "fd.h"
#include "hints.h"
#include "json.h"
#include "nearest.h"
#include "own.h"
#include "proc.h"
#include "rootless.h"
#include "rtnl.h"
#include "scan.h"
#include "shown.h"
#include "sys.h"
#include "whose.h"

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

/* In the kernel's own words, if it has any: as the peer says it. */
static _Noreturn void kernel_refused(const struct rtnl *rtnl)
{
	if (rtnl_error(rtnl))
		die(EXIT_KERNEL, 0, N_("Error: %s."), rtnl_error(rtnl));
	die(EXIT_KERNEL, errno, N_("RTNETLINK answers"));
}

/* Those of the command before, of a batch, go. */
static void read_names(void)
{
	cleanup_free char **names = NULL;

	while (n_entries > 0)
		free(entries[--n_entries].name);
	free(entries);
	list_status = EXIT_SUCCESS;
	n_entries = netns_names(&names);
	entries = must_have(calloc(n_entries + 1, sizeof(*entries)));
	for (size_t i = 0; i < n_entries; i++)
		entries[i] = (struct entry){ names[i], NO_ID };
}

/* ---- which of the files carry a namespace ---- */

/* Of names, and of entries, which begin with one */
static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/*
 * The names that are mounted, sorted, in one reading of mountinfo instead of a call a name.
 * Return: how many; 0 also where that cannot be read.
 */
static size_t mounted_names(char ***names)
{
	cleanup_file FILE *f = fopen("/proc/self/mountinfo", "re");
	cleanup_free char *line = NULL;
	size_t n = 0, size = 0, len = strlen(netns_dir());
	char *root, *target;

	*names = NULL;
	while (f && getline(&line, &size, f) > 0)
		if (strstr(line, " - nsfs ") && proc_mount(line, &root, &target) == 0 &&
		    strncmp(target, netns_dir(), len) == 0 && target[len] == '/')
			netns_keep_name(names, n++, target + len + 1);
	if (n > 0)
		qsort(*names, n, sizeof(char *), by_name);
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
	cleanup_free uint64_t *mounts = calloc(n_entries + 1, sizeof(*mounts));
	struct statx st;
	long n = -1;

	if (mounts && statx(AT_FDCWD, netns_dir(), 0, STATX_MNT_ID_UNIQUE, &st) == 0 &&
	    (st.stx_mask & STATX_MNT_ID_UNIQUE) && (st.stx_attributes & STATX_ATTR_MOUNT_ROOT)) {
		request.mount = st.stx_mnt_id;
		n = syscall(SYS_listmount, &request, mounts, n_entries + 1, 0);
	}
	return n == (long)n_entries;
}

/* One that did not answer, for the reason @err, or is not known to be mounted. */
static void look_at(struct entry *e, int err)
{
	cleanup_free char *path = netns_path(e->name);
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

		if (n == 0 || !bsearch(&name, mounted, n, sizeof(char *), by_name))
			look_at(&entries[i], 0);
	}
	netns_free_names(mounted, n);
}

/* ---- the IDs ---- */

static void note_that_there_is_one(void *arg, int nsid, int current)
{
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
	must(rtnl_nsids(rtnl, -1, note_that_there_is_one, &any),
	     N_("cannot ask for the IDs of this network namespace"));
	if (any)
		read_ids(rtnl);
	else
		find_stale();
	rtnl_close(rtnl);
}

/* ---- list ---- */

static void warn_of_stale(void)
{
	bool any = false;

	for (size_t i = 0; i < n_entries; i++) {
		if (entries[i].id != NO_NAMESPACE)
			continue;
		warn_msg(N_("Error: Peer netns reference is invalid: %s has no namespace."),
			 entries[i].name);
		any = true;
	}
	if (any)
		hint(N_("xnetns prune removes names without a namespace"));
}

/* Which engine's it is, with as much of an ID as is enough for who asks that engine. Return: allocated, or NULL. */
static char *short_engine(const char *engine)
{
	enum { ENOUGH = 12 };
	const char *id = engine ? strchr(engine, ':') + 1 : NULL;

	if (!id)
		return NULL;
	return must_format(
		"%.*s", (int)(id - engine) + (strspn(id, "0123456789abcdef") == 64 ? ENOUGH : 255),
		engine);
}

static void put_engine(const char *engine)
{
	cleanup_free char *word = short_engine(engine);

	if (!word)
		return;
	fputs(" (", stdout);
	put_shown(word);
	putchar(')');
}

static void print_entry(const struct entry *e, const char *engine)
{
	if (json_object()) {
		json_string("name", e->name);
		json_number("id", e->id);
		return;
	}
	put_name(e->name);
	if (e->id >= 0)
		printf(" (id: %d)", e->id);
	put_engine(engine);
	putchar('\n');
}

/* ---- list --all: those of others, and those without a name ---- */

static struct scan scan;

/* An ordinary user's, whose names are seen in another mount namespace. */
static bool is_users(const struct ns *ns)
{
	uid_t uid;

	return ns->elsewhere && ns_owner_uid(&scan.graph, ns, &uid) && uid != 0;
}

/*
 * A path below our directory is a name; another stands whole, if it must be the one that an ordinary user has for it;
 * and "net:[4026531840]" for none.
 */
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
	else if (!path && is_users(ns))
		path = ns->elsewhere;
	return path ? must_have(strdup(path))
		    : must_format("net:[%llu]", (unsigned long long)ns->inode);
}

/* "-" where a number is not known, which is negative. */
static void put_number(int width, long long n)
{
	if (n >= 0)
		printf(" %*lld", width, n);
	else
		printf(" %*s", width, "-");
}

/* Of the owner; NULL: not known. Nothing is loaded for it in a mount namespace that is not ours. */
static const char *name_of_user(uid_t uid)
{
	static const struct passwd *last; /* most often it is the one of the row before */

	if (sys_left_root())
		return NULL;
	if (!last || last->pw_uid != uid)
		last = getpwuid(uid);
	return last ? last->pw_name : NULL;
}

/* What -l says of a namespace; of one without a name that is also the first process in it. */
struct known {
	long long inode, owner, processes, devices;
	const char *user;
	const struct process *first;
};

static struct known known_of(const struct ns *ns)
{
	struct known k = { -1, -1, -1, -1, NULL, NULL };
	uid_t uid;

	if (!ns)
		return k;
	k.inode = (long long)ns->inode;
	k.processes = ns->n_procs;
	k.devices = ns->devices ? (long long)ns->devices->n : -1;
	k.first = ns->n_paths == 0 && !is_users(ns) ? ns->first : NULL;
	if (ns_owner_uid(&scan.graph, ns, &uid)) {
		uid = rootless_uid(uid);
		k.owner = uid;
		k.user = name_of_user(uid);
	}
	return k;
}

static void print_row(const char *name, const struct ns *ns, const char *engine)
{
	struct known k = known_of(ns);
	cleanup_free char *user = must_have(shown_text(k.user ? k.user : "-", false));

	put_number(10, k.inode);
	put_number(5, ns ? ns->netnsid : -1);
	put_number(5, k.owner);
	printf(" %-8s", user);
	put_number(5, k.processes);
	put_number(4, k.devices);
	putchar(' ');
	put_shown(name);
	put_engine(engine);
	if (k.first) {
		printf(" %d ", k.first->pid);
		put_shown(k.first->command ? k.first->command : "");
	}
	puts(ns ? "" : " (stale)");
}

/* A namespace, or a name without one (NULL). */
static void print_known(const struct netns_options *o, const char *name, const struct ns *ns)
{
	cleanup_free char *engine = ns && ns->first ? whose(ns->first->pid) : NULL;
	bool lengthy = o->with[WITH_LENGTHY];
	struct known k = known_of(lengthy ? ns : NULL);
	int id = ns ? ns->netnsid : -1;

	if (json_object()) {
		json_string("name", name);
		json_number("id", id);
		json_number("inode", k.inode);
		json_number("owner", k.owner);
		json_string("user", k.user);
		json_number("processes", k.processes);
		json_number("devices", k.devices);
		json_number("pid", k.first ? k.first->pid : -1);
		json_string("command", k.first ? k.first->command : NULL);
		json_string("state", ns ? NULL : "stale");
		json_string("engine", engine);
	} else if (lengthy) {
		print_row(name, ns, engine);
	} else {
		print_entry(&(struct entry){ (char *)name, id }, engine);
	}
}

static int list_all(const struct netns_options *o)
{
	scan = (struct scan){ .kinds = CLONE_NEWNET,
			      .read_mounts = proc_mounts,
			      .sources = SCAN_PROCESSES | SCAN_DESCRIPTORS | SCAN_OWN_MOUNTS |
					 SCAN_MOUNTS | SCAN_LISTNS,
			      .facts = FACT_RELATIONS | FACT_OWNER_UID | FACT_NETNSID };
	if (o->with[WITH_LENGTHY])
		scan.facts |= FACT_DEVICES | FACT_COMMAND;
	scan_run(&scan);
	netns_spent();
	read_names();
	find_stale();
	json_begin(o);
	if (o->with[WITH_LENGTHY] && !o->json)
		printf(" %10s %5s %5s %-8s %5s %4s %s\n", "INODE", "ID", "OWNER", "USER", "PROCS",
		       "DEVS", "NAME");
	for (size_t i = 0; i < scan.graph.n; i++) {
		const struct ns *ns = scan.graph.nodes[i];

		if (ns->kind->flag != CLONE_NEWNET)
			continue;
		for (size_t j = 0; j == 0 || j < ns->n_paths; j++) {
			cleanup_free char *name = name_of(ns, j);

			print_known(o, name, ns);
		}
	}
	for (size_t i = 0; i < n_entries; i++)
		if (entries[i].id == NO_NAMESPACE)
			print_known(o, entries[i].name, NULL);
	json_end();
	return list_status;
}

/* Words are no error, as with the peer. */
int cmd_list(const struct netns_options *o, char **words)
{
	if (o->with[WITH_ALL])
		return list_all(o);
	read_entries();
	if (o->with[WITH_LENGTHY] && n_entries > 0)
		qsort(entries, n_entries, sizeof(*entries), by_name);
	warn_of_stale();
	json_begin(o);
	for (size_t i = 0; i < n_entries; i++)
		print_entry(&entries[i], NULL);
	json_end();
	return list_status;
}

/* ---- holders ---- */

static void print_holder(const char *how, pid_t pid, int fd, const char *text)
{
	if (json_object()) {
		json_string("holder", how);
		json_number("pid", pid ? pid : -1);
		json_number("fd", fd);
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

int cmd_holders(const struct netns_options *o, char **words)
{
	const struct ns *ns;
	struct stat st;

	/* and not open any more, or we are one */
	netns_stat(o, words[0], N_("Cannot open network namespace \"%s\""), &st);
	scan = (struct scan){ .kinds = CLONE_NEWNET,
			      .read_mounts = proc_mounts,
			      .inode = st.st_ino,
			      .sources = SCAN_PROCESSES | SCAN_DESCRIPTORS | SCAN_THREADS |
					 SCAN_OWN_MOUNTS | SCAN_MOUNTS,
			      .facts = FACT_HOLDERS | FACT_COMMAND };
	scan_run(&scan);
	netns_spent();
	json_begin(o);
	for (size_t i = 0; i < scan.n_members; i++)
		if (scan.members[i]->pid != getpid())
			print_holder(scan.members[i]->is_thread ? "thread" : "proc",
				     scan.members[i]->pid, -1, scan.members[i]->command);
	ns = nsgraph_find(&scan.graph, st.st_ino);
	for (size_t i = 0; ns && i < ns->n_holders; i++) {
		const struct holder *h = &ns->holders[i];

		if (h->how != HELD_THREAD && h->pid != getpid())
			print_holder(holder_words[h->how], h->pid,
				     h->how == HELD_FD || h->how == HELD_SOCKET ? h->fd : -1,
				     h->path);
	}
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

static void put_id(const char *key, int id)
{
	if (id < 0)
		printf("%s unassigned ", key);
	else
		printf("%s %d ", key, id);
}

static void print_id(void *arg, int nsid, int current)
{
	const char *name = name_of_id(with_target ? current : nsid);

	if (json_object()) {
		json_number("nsid", nsid);
		json_number("current-nsid", with_target ? current : -1);
		json_string("name", name);
		return;
	}
	put_id("nsid", nsid);
	if (with_target)
		put_id("current-nsid", current);
	if (name) {
		fputs("(iproute2 netns name: ", stdout);
		put_name(name);
		putchar(')');
	}
	putchar('\n');
}

/* @word as an ID; dies as the peer, of a word that is none with @invalid (N_), which has both. */
static int parse_id(const char *key, const char *word, const char *invalid)
{
	long long id;

	if (!parse_as_ip(word, INT_MIN, INT_MAX, &id)) {
		struct nearest n = nearest_to(word, strlen(word));

		warn_msg(invalid, word, key);
		if (strcmp(key, "netnsid") == 0)
			nearest_try(&n, "auto");
		nearest_hint(&n, "");
		die_said(EXIT_USAGE);
	}
	if (id < 0)
		die(EXIT_USAGE, 0,
		    N_("Error: argument \"%s\" is wrong: \"%s\" value should be >= 0"), word, key);
	return (int)id;
}

/* The argument of the keyword @key, which is -1 till then. */
static int id_argument(const char *key, const char *word, int before)
{
	if (before >= 0)
		die(EXIT_USAGE, 0, N_("Error: duplicate \"%s\": \"%s\" is the second value."), key,
		    key);
	if (!word)
		die(EXIT_USAGE, 0, N_("Command line is not complete. Try option \"help\""));
	return parse_id(key, word, N_("Error: argument \"%s\" is wrong: \"%s\" value is invalid"));
}

int cmd_list_id(const struct netns_options *o, char **words)
{
	int target = -1, nsid = -1, found = -1;
	struct rtnl *rtnl;

	for (; *words; words++) {
		if (strcmp(*words, "target-nsid") == 0) {
			target = id_argument("target-nsid", *++words, target);
		} else if (strcmp(*words, "nsid") == 0) {
			nsid = id_argument("nsid", *++words, nsid);
		} else {
			return SHOW_USAGE;
		}
	}
	with_target = target >= 0;
	read_entries();
	warn_of_stale();
	rtnl = open_rtnl();
	if (nsid >= 0 && rtnl_nsid_in(rtnl, target, nsid, &found) < 0)
		kernel_refused(rtnl);
	json_begin(o);
	if (nsid >= 0) {
		print_id(NULL, found, nsid);
	} else if (rtnl_nsids(rtnl, target, print_id, NULL) < 0) {
		warn_msg(N_("Error: %s."), rtnl_error(rtnl) ? rtnl_error(rtnl) : strerror(errno));
		json_end();
		fflush(stdout);
		die(EXIT_FAILURE, 0, N_("Dump terminated"));
	}
	json_end();
	rtnl_close(rtnl);
	return list_status;
}

/* ---- set ---- */

static _Noreturn void no_such_peer(const char *word)
{
	warn_msg(N_("Error: %s."), "Peer netns reference is invalid");
	netns_why(word, EINVAL, ONLY_NAME);
	die_said(EXIT_KERNEL);
}

/* An ID is this namespace's for another one. */
static _Noreturn void not_from_here(const char *word)
{
	warn_err(EPERM, N_("RTNETLINK answers"));
	hint(N_("it is this network namespace that would give \"%s\" an ID, which an ordinary user has no right to; one "
		"of his own does: %s -netns NAME set %s ID"),
	     word, program_invocation_short_name, word);
	die_said(EXIT_KERNEL);
}

int cmd_set(const struct netns_options *o, char **words)
{
	cleanup_close int fd = -1;
	struct rtnl *rtnl;
	bool is_name;
	int id = -1;

	if (!words[1])
		die(EXIT_FAILURE, 0, N_("No nsid specified"));
	if (strcmp(words[1], "auto") != 0)
		id = parse_id("netnsid", words[1],
			      N_("Error: argument \"%s\" is wrong: Invalid \"%s\" value"));
	fd = netns_open_any(words[0], EXIT_FAILURE, &is_name); /* as the peer (iproute2 7.2) */
	if (fd < 0 && errno == EINVAL) /* as the kernel says it of such a descriptor */
		no_such_peer(words[0]);
	if (fd < 0)
		netns_die(o, EXIT_FAILURE, errno, N_("Cannot open network namespace \"%s\""),
			  words[0]);
	rtnl = open_rtnl();
	if (rtnl_set_nsid(rtnl, fd, words[0], id) < 0) {
		if (errno == EINVAL && rtnl_error(rtnl))
			no_such_peer(words[0]);
		if (errno == EPERM && rootless())
			not_from_here(words[0]);
		kernel_refused(rtnl);
	}
	rtnl_close(rtnl);
	return EXIT_SUCCESS;
}
