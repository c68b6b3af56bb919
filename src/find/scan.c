/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "ask.h"
#include "cli.h"
#include "compat.h"
#include "fd.h"
#include "mnl.h"
#include "nsid.h"
#include "own.h"
#include "peek.h"
#include "proc.h"
#include "readall.h"
#include "rtnl.h"
#include "scan.h"

/* ---- failures: what could not be read would be missing without a word ---- */

static _Noreturn void fail_process(pid_t pid, const char *file)
{
	int err = errno;

	die(EXIT_FAILURE, err, N_("cannot read %s"),
	    must_format("/proc/%d%s%s", pid, *file ? "/" : "", file));
}

static void held(struct scan *s, struct ns *ns, const struct holder *holder)
{
	if (s->facts & FACT_HOLDERS)
		ns_add_holder(ns, holder);
}

/* ---- descriptors ---- */

enum { MOST_MISSED = 4 }; /* to list them costs as much */

struct descriptors {
	struct scan *s;
	pid_t pid;
	int process;			   /* /proc/PID */
	int pidfd;			   /* -1: not open yet */
	bool is_own;			   /* this process's */
	bool denied;			   /* it is not ours to look at, or has ended */
	int next;			   /* those below have been looked at */
	int missed[MOST_MISSED], n_missed; /* and these of them were not there */
};

/* One socket may be open in many processes; it is asked once. */
static int look_at_socket(struct descriptors *d, int number, ino_t inode)
{
	struct ns *ns;

	if (!(d->s->facts & FACT_HOLDERS) && map_get(&d->s->sockets, inode))
		return 0;
	if (ask_socket(&d->s->graph, &d->pidfd, d->pid, number, &ns) < 0)
		return proc_gone(errno) || errno == EBADF || errno == ENOSYS ? 0 : -1;
	map_put(&d->s->sockets, inode, d->s); /* no more than a mark */
	if (ns)
		held(d->s, ns, &(struct holder){ .how = HELD_SOCKET, .pid = d->pid, .fd = number });
	return 0;
}

/*
 * A namespace that was opened by the path of its mount shows that path; "/" when the mount has gone.
 * Return: its inode number, 0: it is something else.
 */
static ino_t nsfs_inode(struct descriptors *d, const char *file)
{
	struct stat st;

	if (fstatat(d->process, file, &st, 0) == 0)
		return st.st_dev == d->s->nsfs ? st.st_ino : 0;
	if (is_trouble(errno))
		fail_process(d->pid, "fd");
	return 0;
}

enum { LOOKED_AT, NOT_THERE };

/* Return: which of these; or -1 with errno. */
static int look_at_descriptor(struct descriptors *d, int number)
{
	struct scan *s = d->s;
	const struct kind *kind;
	char file[16] = "fd/", text[64];
	struct ns *ns = NULL;
	ino_t inode = 0;
	ssize_t n;

	proc_put_number(file + strlen("fd/"), number);
	n = readlinkat(d->process, file, text, sizeof(text) - 1);
	if (n < 0 && errno == ENOENT)
		return NOT_THERE;
	d->denied = n < 0 && proc_gone(errno);
	if (n < 0)
		return d->denied ? LOOKED_AT : -1;
	if (d->is_own && (fcntl(number, F_GETFD) & FD_CLOEXEC))
		return LOOKED_AT; /* of ours, for the moment; what we have inherited is not close-on-exec */
	text[n] = '\0';
	if (proc_link_number(text, "socket", &inode))
		return s->kinds & CLONE_NEWNET ? look_at_socket(d, number, inode) : LOOKED_AT;
	kind = proc_ns_text(text, &inode);
	/* a mount keeps it alive too; it is as a holder only that it counts then */
	if (!kind && *text == '/' && (n == 1 || (s->facts & FACT_HOLDERS)))
		inode = nsfs_inode(d, file);
	if (inode)
		ns = ask_link(&s->graph, inode, kind, d->pid, d->process, file);
	if (ns)
		held(s, ns, &(struct holder){ .how = HELD_FD, .pid = d->pid, .fd = number });
	return LOOKED_AT;
}

/* One that is listed, unless it has been looked at. */
static int look_at_listed(void *arg, int number)
{
	struct descriptors *d = arg;
	bool looked = number < d->next;

	for (int i = 0; i < d->n_missed; i++)
		looked &= d->missed[i] != number;
	return looked || look_at_descriptor(d, number) >= 0 ? 0 : -1;
}

static int list_descriptors(struct descriptors *d)
{
	cleanup_close int dir =
		fd_above_stdio(openat(d->process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC));

	return dir < 0 ? -1 : proc_numbers(dir, look_at_listed, d);
}

/* How many it has open (Linux 6.2). Return: -1 with errno. */
static off_t number_of_descriptors(int process)
{
	struct stat st;

	return fstatat(process, "fd", &st, 0) < 0 ? -1 : st.st_size;
}

/*
 * Looks at the numbers from 0 on till there were as many as there are, which is cheaper than to list them. If there
 * are gaps, or others than before by now, the list is to tell of the rest. Return: whether it is; -1 with errno.
 */
static int count_descriptors(struct descriptors *d)
{
	off_t n = number_of_descriptors(d->process);

	if (n <= 0)
		return (int)n;
	for (; d->next - d->n_missed < n && d->n_missed < MOST_MISSED; d->next++) {
		int ret = look_at_descriptor(d, d->next);

		if (ret < 0 || d->denied)
			return ret;
		if (ret == NOT_THERE)
			d->missed[d->n_missed++] = d->next;
	}
	return d->next - d->n_missed < n || number_of_descriptors(d->process) != n;
}

static void scan_descriptors(struct scan *s, int dir, pid_t pid)
{
	struct descriptors d = { .s = s,
				 .pid = pid,
				 .process = dir,
				 .pidfd = -1,
				 .is_own = pid == s->own_pid };
	int ret = s->counts && !d.is_own ? count_descriptors(&d) : 1; /* ours come and go */

	if (ret > 0)
		ret = list_descriptors(&d);
	close_fd(&d.pidfd);
	if (ret < 0 && !proc_gone(errno))
		fail_process(pid, "fd");
}

/* ---- processes ---- */

/*
 * The links below /proc/PID/ns, by inode numbers: of each kind, 0: it has none, as a zombie of most kinds;
 * and behind those the ones of the next child, 0: the same.
 */
enum { LINK_COUNT = 2 * KIND_COUNT };
struct links {
	ino_t inode[LINK_COUNT];
};

static char link_files[LINK_COUNT][32]; /* "ns/mnt" */

static void name_links(void)
{
	for (int i = 0; i < LINK_COUNT; i++)
		snprintf(link_files[i], sizeof(link_files[i]), "ns/%s",
			 i < KIND_COUNT ? kinds[i].proc : kinds[i - KIND_COUNT].children);
}

/* Return: the inode number; 0 if the process cannot be seen, or not any more. */
static ino_t read_link(int dir, int link, pid_t pid)
{
	const char *file = link_files[link];
	ino_t inode = 0;

	if (proc_ns(dir, file, &kinds[link % KIND_COUNT], &inode) < 0 && !proc_gone(errno))
		fail_process(pid, file);
	return inode;
}

/*
 * The user namespace comes last: that link stays up to the very end, so a process that has it was
 * there all the time.
 */
static bool read_links(struct scan *s, int dir, pid_t pid, struct links *links)
{
	const int user = kind_place(CLONE_NEWUSER);
	int wanted = s->kinds | (s->sources & SCAN_MOUNTS ? CLONE_NEWNS : 0);

	if ((s->kinds & CLONE_NEWUSER) && (s->facts & FACT_RELATIONS))
		wanted = ~0; /* it may be there only as the owner of one of another kind */
	*links = (struct links){ 0 };
	for (int i = 0; i < KIND_COUNT; i++) {
		ino_t *own = &links->inode[i], *next = own + KIND_COUNT;

		if (!(wanted & kinds[i].flag) || i == user)
			continue;
		*own = read_link(dir, i, pid);
		if (strcmp(kinds[i].proc, kinds[i].children) != 0)
			*next = read_link(dir, KIND_COUNT + i, pid);
		if (*next == *own)
			*next = 0;
	}
	links->inode[user] = read_link(dir, user, pid);
	return links->inode[user] != 0;
}

/* Enters the namespace that a link leads to, of the process that is open as @dir. */
static struct ns *enter_ns(struct scan *s, pid_t pid, int dir, const struct links *links, int link)
{
	return ask_link(&s->graph, links->inode[link], &kinds[link % KIND_COUNT], pid, dir,
			link_files[link]);
}

/* What is wanted of a process that is shown. Return: it; or NULL if it has ended meanwhile. */
static struct process *read_process(struct scan *s, int dir, pid_t pid)
{
	struct process *p = must_have(calloc(1, sizeof(*p)));

	p->pid = pid;
	if (((s->facts & FACT_PPID) && proc_ppid(dir, &p->ppid) < 0) ||
	    ((s->facts & FACT_UID) && proc_uid(dir, &p->uid) < 0) ||
	    ((s->facts & FACT_COMMAND) && proc_command(dir, &p->command) < 0) ||
	    ((s->facts & FACT_PIDINO) && proc_inode(dir, pid, &p->inode) < 0) ||
	    ((s->facts & FACT_NSPID) && proc_nspid(dir, &p->nspid) < 0) ||
	    ((s->facts & FACT_MAPS) && proc_map(dir, "uid_map", &p->uid_map) < 0) ||
	    ((s->facts & FACT_MAPS) && proc_map(dir, "gid_map", &p->gid_map) < 0) ||
	    ((s->facts & FACT_CGROUP) && proc_cgroup(dir, &p->cgroup) < 0)) {
		if (!proc_gone(errno))
			fail_process(pid, "");
		free(p);
		return NULL;
	}
	return p;
}

static void keep_member(struct scan *s, struct process *p)
{
	s->members = must_have(reallocarray(s->members, s->n_members + 1, sizeof(p)));
	s->members[s->n_members++] = p;
}

/* Whether @links has one into a namespace that no process before was in, or that is @s->inode. */
static bool is_wanted(struct scan *s, const struct links *links)
{
	for (int i = 0; i < KIND_COUNT; i++) {
		const struct ns *ns = nsgraph_find(&s->graph, links->inode[i]);

		if (links->inode[i] && (!ns || !ns->first || ns->inode == s->inode))
			return true;
	}
	return false;
}

/* One more process is in @ns. Return: whether @p is of use. */
static bool count_process(struct scan *s, struct ns *ns, struct process *p)
{
	bool first = !ns->first, member = ns->inode == s->inode;

	ns->n_procs++;
	if (first)
		ns->first = p;
	if (member)
		keep_member(s, p);
	return first || member;
}

/*
 * Enters the process, open as @dir, with its links into the graph. It comes whole or not at all:
 * what is shown of it is read before anything is counted.
 */
static void enter_process(struct scan *s, int dir, pid_t pid, bool is_thread,
			  const struct links *links)
{
	struct process *p = NULL;
	bool kept = false;

	if (is_wanted(s, links)) {
		p = read_process(s, dir, pid);
		if (!p)
			return;
		p->is_thread = is_thread;
	}
	for (int i = 0; i < LINK_COUNT; i++) {
		struct ns *ns = links->inode[i] ? enter_ns(s, pid, dir, links, i) : NULL;

		if (ns && i < KIND_COUNT)
			kept |= count_process(s, ns, p);
		else if (ns)
			held(s, ns, &(struct holder){ .how = HELD_FOR_CHILDREN, .pid = pid });
	}
	if (!kept)
		free(p);
}

/* Return: its directory, or -1 if it is gone. */
static int open_process(pid_t pid)
{
	int dir = proc_open(pid);

	if (dir < 0 && !proc_gone(errno))
		fail_process(pid, "");
	return dir;
}

/* A thread counts like a process where it is in another namespace than its process. */
static void scan_thread(struct scan *s, int process_dir, pid_t tid, const struct links *process)
{
	cleanup_close int dir = proc_open_thread(process_dir, tid);
	struct links links;
	bool other = false;

	if (dir < 0 && !proc_gone(errno))
		fail_process(tid, "");
	if (dir < 0 || !read_links(s, dir, tid, &links))
		return;
	for (int i = 0; i < LINK_COUNT; i++) {
		if (links.inode[i] == process->inode[i])
			links.inode[i] = 0;
		if (i < KIND_COUNT && links.inode[i])
			held(s, nsgraph_node(&s->graph, links.inode[i], &kinds[i]),
			     &(struct holder){ .how = HELD_THREAD, .pid = tid });
		other |= links.inode[i] != 0;
	}
	if (other)
		enter_process(s, dir, tid, true, &links);
}

static void scan_threads(struct scan *s, int dir, pid_t pid, const struct links *process)
{
	char path[40];
	cleanup_free pid_t *tids = NULL;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	n = proc_list(path, &tids);
	if (n < 0 && !proc_gone(errno))
		fail_process(pid, "task");
	for (ssize_t i = 0; i < n; i++)
		if (tids[i] != pid)
			scan_thread(s, dir, tids[i], process);
}

static void scan_process(struct scan *s, pid_t pid)
{
	cleanup_close int dir = open_process(pid);
	struct links links;

	if (dir < 0 || !read_links(s, dir, pid, &links))
		return;
	enter_process(s, dir, pid, false, &links);
	if (s->sources & SCAN_DESCRIPTORS)
		scan_descriptors(s, dir, pid);
	if (s->sources & SCAN_THREADS)
		scan_threads(s, dir, pid, &links);
}

/* ---- all processes, by as many threads as there are CPUs ---- */

/*
 * /proc takes most of the time, and its directories can be read side by side. Each thread fills a
 * graph of its own, so that none waits for another.
 */
struct queue {
	const pid_t *pids;
	size_t n;
	atomic_size_t next;
};

struct worker {
	struct scan scan;
	struct queue *queue;
	pthread_t thread;
};

enum { MAX_WORKERS = 8, CHUNK = 64, WORTH_A_THREAD = 500 };
enum { FDS_OF_A_THREAD = 16, FDS_OF_OTHERS = 24 }; /* what we inherited, too */

static void scan_queue(struct scan *s, struct queue *q)
{
	size_t first;

	while ((first = atomic_fetch_add(&q->next, CHUNK)) < q->n)
		for (size_t i = first; i < first + CHUNK && i < q->n; i++)
			scan_process(s, q->pids[i]);
}

static void *run_worker(void *arg)
{
	struct worker *w = arg;

	scan_queue(&w->scan, w->queue);
	rtnl_close(w->scan.graph.rtnl);
	return NULL;
}

static size_t workers_beside_us(size_t n_pids)
{
	cpu_set_t set;
	size_t cpus = 1, most = n_pids / WORTH_A_THREAD, fds = 0;
	struct rlimit limit;

	if (most > 0 && sched_getaffinity(0, sizeof(set), &set) == 0)
		cpus = (size_t)CPU_COUNT(&set);
	if (cpus > MAX_WORKERS)
		cpus = MAX_WORKERS;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur > FDS_OF_OTHERS)
		fds = (limit.rlim_cur - FDS_OF_OTHERS) / FDS_OF_A_THREAD;
	if (cpus > fds)
		cpus = fds > 0 ? fds : 1;
	return most < cpus - 1 ? most : cpus - 1;
}

/* Of several threads one speaks, as it ends them all. */
static void speak_alone(void)
{
	static pthread_mutex_t speaking = PTHREAD_MUTEX_INITIALIZER;

	pthread_mutex_lock(&speaking);
}

static void merge(struct scan *s, struct scan *from)
{
	nsgraph_merge(&s->graph, &from->graph);
	for (size_t i = 0; i < from->n_members; i++)
		keep_member(s, from->members[i]);
}

static int by_pid(const void *a, const void *b)
{
	const struct process *one = *(struct process *const *)a,
			     *other = *(struct process *const *)b;

	return (one->pid > other->pid) - (one->pid < other->pid);
}

/* It does from Linux 6.2 on. */
static bool kernel_counts(void)
{
	cleanup_close int self = open_dir("/proc/self"); /* so there is one at least */

	return self >= 0 && number_of_descriptors(self) > 0;
}

static void scan_processes(struct scan *s)
{
	struct worker workers[MAX_WORKERS];
	struct queue queue = { 0 };
	cleanup_free pid_t *pids = NULL;
	ssize_t n = proc_list("/proc", &pids);
	size_t n_workers, started = 0;

	queue.n = (size_t)must(n, N_("cannot read %s"), "/proc");
	queue.pids = pids;
	s->counts = (s->sources & SCAN_DESCRIPTORS) && kernel_counts();
	n_workers = workers_beside_us(queue.n);
	if (n_workers > 0 && (s->facts & (FACT_NETNSID | FACT_DEVICES)))
		mnl(); /* loaded once, before there are several who would */
	die_set_alone(n_workers > 0 ? speak_alone : NULL);
	for (struct worker *w = workers; w < workers + n_workers; w++) {
		*w = (struct worker){ .scan = *s, .queue = &queue };
		if (pthread_create(&w->thread, NULL, run_worker, w) != 0)
			break; /* the others do it all */
		started++;
	}
	scan_queue(s, &queue);
	for (struct worker *w = workers; w < workers + started; w++) {
		pthread_join(w->thread, NULL);
		merge(s, &w->scan);
	}
	die_set_alone(NULL);
	if (s->n_members > 0)
		qsort(s->members, s->n_members, sizeof(struct process *), by_pid);
}

static _Noreturn void cannot_read(pid_t task, int err)
{
	warn_err(err == ENOENT ? ESRCH : err, N_("cannot read the namespaces of process %d"), task);
	hint_hidden(task);
	die_said(EXIT_FAILURE);
}

/* Marks the namespaces of one process; they need not be in the graph yet. */
static void scan_task(struct scan *s, int which)
{
	pid_t task = s->tasks[which];
	cleanup_close int dir = open_process(task);
	struct links links;
	bool any = false;

	if (dir < 0 || !read_links(s, dir, task, &links))
		cannot_read(task, errno);
	for (int i = 0; i < KIND_COUNT; i++) {
		if (!links.inode[i])
			continue;
		any = any || (s->kinds & kinds[i].flag);
		enter_ns(s, task, dir, &links, i)->of_task |= 1U << which;
	}
	if (!any) /* a zombie has few of them */
		die(EXIT_FAILURE, 0, N_("process %d has no namespace of that type"), task);
}

/* ---- mounts ---- */

#define NSFS " - nsfs "
enum { MAX_MOUNTS = 1 << 30 };

/*
 * The lines of a mountinfo file that are about namespaces; most processes have none.
 * Return: allocated text; NULL if there are none.
 */
static char *read_nsfs_lines(const char *path, pid_t pid)
{
	cleanup_close int fd = fd_above_stdio(open(path, O_RDONLY | O_CLOEXEC));
	size_t len;
	char *text = fd < 0 ? NULL : read_all(fd, MAX_MOUNTS, &len), *to = text, *next;

	if (!text && pid && (proc_gone(errno) || errno == EINVAL)) /* EINVAL: it has no mounts */
		return NULL;
	if (!text)
		die(EXIT_FAILURE, errno, N_("failed to parse %s"), path);
	for (char *line = text; *line; line = next) {
		next = line + strcspn(line, "\n");
		next += *next == '\n';
		if (!memmem(line, (size_t)(next - line), NSFS, strlen(NSFS)))
			continue;
		memmove(to, line, (size_t)(next - line));
		to += next - line;
	}
	*to = '\0';
	if (to > text)
		return text;
	free(text);
	return NULL;
}

struct mounts {
	struct scan *s;
	pid_t pid; /* who sees them, 0: we do */
};

static void enter_mount(void *arg, const char *root, const char *target)
{
	const struct mounts *m = arg;
	ino_t inode;
	const struct kind *kind = proc_ns_text(root, &inode);
	struct ns *ns;

	if (!kind)
		return;
	ns = ask_mount(&m->s->graph, inode, kind, m->pid, target);
	if (m->s->facts & FACT_HOLDERS)
		held(m->s, ns,
		     &(struct holder){ .how = HELD_MOUNT,
				       .pid = m->pid,
				       .path = must_have(strdup(target)) });
	if (!m->pid)
		ns_add_path(ns, target);
	else if (!ns->elsewhere && kind->flag == CLONE_NEWNET)
		ns->elsewhere = must_have(strdup(target));
}

/* The namespaces that are mounted where process @pid is, or here (0). */
static void scan_mounts(struct scan *s, pid_t pid)
{
	char path[32] = "/proc/self/mountinfo";
	cleanup_free char *text = NULL;
	struct mounts mounts = { s, pid };

	if (pid)
		snprintf(path, sizeof(path), "/proc/%d/mountinfo", pid);
	text = read_nsfs_lines(path, pid);
	must(text ? s->read_mounts(text, enter_mount, &mounts) : 0, N_("failed to parse %s"), path);
}

/* Through the first process in each other mount namespace. */
static void scan_other_mounts(struct scan *s)
{
	for (size_t i = 0; i < s->graph.n; i++) {
		const struct ns *ns = s->graph.nodes[i];

		if (ns->kind->flag == CLONE_NEWNS && ns->first && ns->inode != s->own_mnt)
			scan_mounts(s, ns->first->pid);
	}
}

/* ---- listns(2) ---- */

/* Finds also what nothing in /proc shows: held by a detached mount, a message on its way. */
static void scan_id(struct scan *s, uint64_t id)
{
	int fd = nsid_open(id);

	if (fd < 0 && is_trouble(errno))
		fail_namespace(id);
	if (fd >= 0) /* not gone, and for us */
		ask_open(&s->graph, fd, NULL, (struct way){ .id = id });
}

static void scan_ids(struct scan *s)
{
	uint64_t ids[256], last = 0;
	ssize_t n;

	while ((n = nsid_list(last, ids, ARRAY_SIZE(ids))) > 0) {
		for (ssize_t i = 0; i < n; i++)
			scan_id(s, ids[i]);
		last = ids[n - 1];
	}
}

void scan_run(struct scan *s)
{
	struct stat own;

	name_links();
	s->graph.facts = s->facts;
	must(stat("/proc/self/ns/mnt", &own), N_("cannot read %s"), "/proc/self/ns/mnt");
	s->own_pid = getpid();
	s->nsfs = own.st_dev;
	s->own_mnt = own.st_ino;
	if (s->sources & SCAN_PROCESSES)
		scan_processes(s);
	for (int i = 0; i < 2; i++)
		if (s->tasks[i])
			scan_task(s, i);
	if (s->sources & SCAN_OWN_MOUNTS)
		scan_mounts(s, 0);
	if (s->sources & SCAN_MOUNTS)
		scan_other_mounts(s);
	if (s->sources & SCAN_LISTNS)
		scan_ids(s);
	rtnl_close(s->graph.rtnl);
	nsgraph_sort(&s->graph);
}
