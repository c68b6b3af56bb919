/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <linux/sockios.h>

#include "cli.h"
#include "compat.h"
#include "fd.h"
#include "mnl.h"
#include "nsfs.h"
#include "nsid.h"
#include "own.h"
#include "proc.h"
#include "rtnl.h"
#include "scan.h"

#define EXIT_NO_IOCTL 2 /* as the peer */

/* ---- failures: what could not be read would be missing without a word ---- */

static _Noreturn void fail_process(pid_t pid, const char *file)
{
	int err = errno;

	die(EXIT_FAILURE, err, N_("cannot read %s"), must_format("/proc/%d%s", pid, file));
}

static _Noreturn void fail_namespace(unsigned long long inode)
{
	int err = errno;

	die(EXIT_FAILURE, err, N_("cannot open namespace %s"), must_format("%llu", inode));
}

/*
 * Whether an errno is of us, who cannot open any more, or of a disk; and does not say that there is
 * nothing, or nothing for us.
 */
static bool is_trouble(int err)
{
	return err == EMFILE || err == ENFILE || err == ENOMEM || err == EIO;
}

/* What is open is there: not to be told of it is trouble. */
static void must_stat(int fd, struct stat *st)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	must(fstat(fd, st), N_("cannot read %s"), path);
}

/* ---- what the kernel says of a namespace ---- */

/*
 * Asks for the parent or the owner of what is open as @fd. Return: its node, with it open in @above;
 * NULL where it is beyond what we may see.
 */
static struct ns *ask_above(struct scan *s, int fd, unsigned long request, const char *name,
			    const struct kind *kind, int *above)
{
	struct stat st;
	struct ns *ns;

	*above = fd_above_stdio(ioctl(fd, request));
	if (*above < 0 && errno != EPERM)
		die(errno == ENOTTY ? EXIT_NO_IOCTL : EXIT_FAILURE, errno, N_("ioctl(%s) failed"),
		    name);
	if (*above < 0)
		return NULL;
	must_stat(*above, &st);
	ns = nsgraph_node(&s->graph, st.st_ino, kind);
	ns->has_child = true;
	return ns;
}

static void ask_netnsid(struct scan *s, struct ns *ns, int fd)
{
	if (!s->rtnl)
		s->rtnl = rtnl_open();
	if (!s->rtnl)
		die(EXIT_FAILURE, errno, N_("cannot open a socket of %s"), "NETLINK_ROUTE");
	must(rtnl_nsid(s->rtnl, fd, &ns->netnsid), N_("request %s failed"), "RTM_GETNSID");
}

static bool asks_devices(const struct scan *s, const struct ns *ns)
{
	return (s->facts & FACT_DEVICES) && ns->kind->flag == CLONE_NEWNET;
}

static void keep_device(void *arg, const struct rtnl_link *link)
{
	struct devices *d = arg;
	struct veth *end;

	d->n++;
	if (!link->kind || strcmp(link->kind, "veth") != 0 || link->peer == 0)
		return;
	if ((d->n_veths & (d->n_veths - 1)) == 0) /* room for the next power of two */
		d->veths = must_have(
			reallocarray(d->veths, d->n_veths ? 2 * d->n_veths : 1, sizeof(*end)));
	end = &d->veths[d->n_veths++];
	*end = (struct veth){ "", link->index, link->peer, link->peer_nsid };
	snprintf(end->name, sizeof(end->name), "%s", link->name);
}

/* It is entered for a moment, by one thread at a time: the door has room for one call's line. */
static void ask_devices(struct ns *ns, int fd)
{
	static pthread_mutex_t entering = PTHREAD_MUTEX_INITIALIZER;
	struct rtnl *rtnl;
	bool refused;

	pthread_mutex_lock(&entering);
	rtnl = rtnl_open_in(fd, "net");
	refused = !rtnl && errno == EPERM;
	pthread_mutex_unlock(&entering);
	if (refused)
		return;
	ns->devices = must_have(calloc(1, sizeof(*ns->devices)));
	if (!rtnl || rtnl_links(rtnl, keep_device, ns->devices) < 0)
		die(EXIT_FAILURE, errno, N_("cannot list the devices of namespace %llu"),
		    ns->inode);
	rtnl_close(rtnl);
}

static void ask_facts(struct scan *s, struct ns *ns, int fd)
{
	ns->related = true;
	if ((s->facts & FACT_OWNER_UID) && ns->kind->flag == CLONE_NEWUSER) {
		ns->has_owner_uid = ioctl(fd, NS_GET_OWNER_UID, &ns->owner_uid) == 0;
		if (!ns->has_owner_uid && is_trouble(errno))
			die(EXIT_FAILURE, errno, N_("ioctl(%s) failed"), "NS_GET_OWNER_UID");
	}
	if ((s->facts & FACT_ID) && nsid_of(fd, &ns->id) < 0)
		ns->id = 0;
	if ((s->facts & FACT_NETNSID) && ns->kind->flag == CLONE_NEWNET)
		ask_netnsid(s, ns, fd);
	if (asks_devices(s, ns))
		ask_devices(ns, fd);
}

/* The user namespaces from @ns, open as @fd, up; which is closed. */
static void ask_users(struct scan *s, struct ns *ns, int fd)
{
	while (ns && !ns->related) {
		struct ns *owner = NULL;
		int above = -1;

		ask_facts(s, ns, fd);
		if (s->facts & FACT_RELATIONS)
			owner = ask_above(s, fd, NS_GET_USERNS, "NS_GET_USERNS", ns->kind, &above);
		if (owner)
			ns->parent = ns->owner = owner->inode;
		close_fd(&fd);
		fd = above;
		ns = owner;
	}
	close_fd(&fd);
}

/* Its owner, and the owner's own. */
static void ask_owner(struct scan *s, struct ns *ns, int fd)
{
	const struct kind *user = kind_by_flag(CLONE_NEWUSER);
	int above;
	struct ns *owner = ask_above(s, fd, NS_GET_USERNS, "NS_GET_USERNS", user, &above);

	ns->owner = owner ? owner->inode : 0;
	if (ns->kind == user)
		ns->parent = ns->owner;
	ask_users(s, owner, above);
}

/*
 * Finds out what is wanted of the namespace, open as @fd, and of those above it, once. Each is closed
 * before the next but one is open, as there can be 32 of them.
 */
static void ask(struct scan *s, struct ns *ns, int fd)
{
	cleanup_close int own = -1; /* of a parent */

	while (ns && !ns->related) {
		struct ns *parent = NULL;
		int above = -1;

		ask_facts(s, ns, fd);
		if (s->facts & FACT_RELATIONS) {
			ask_owner(s, ns, fd);
			if (ns->kind->flag == CLONE_NEWPID)
				parent = ask_above(s, fd, NS_GET_PARENT, "NS_GET_PARENT", ns->kind,
						   &above);
			ns->parent = parent ? parent->inode : ns->parent;
		}
		close_fd(&own);
		fd = own = above;
		ns = parent;
	}
}

/* ---- ways to open one once more ---- */

/* Finds out what is wanted of the namespace, which was opened by this way, and notes the way. */
static void ask_by(struct scan *s, struct ns *ns, int fd, const struct way *way, const char *file)
{
	if (asks_devices(s, ns) && !ns->related) {
		free(ns->way.file); /* of one that did not lead there any more */
		ns->way = *way;
		ns->way.file = file ? must_have(strdup(file)) : NULL;
	}
	ask(s, ns, fd);
}

/* Enters the namespace that is open as @fd, of a @kind that may not be known. Return: NULL: nor by the kernel */
static struct ns *enter_open(struct scan *s, int fd, const struct kind *kind, const struct way *way,
			     const char *file)
{
	struct stat st;
	struct ns *ns;

	must_stat(fd, &st);
	kind = kind ? kind : kind_by_flag(ioctl(fd, NS_GET_NSTYPE)); /* Linux 4.11 */
	if (!kind)
		return NULL;
	ns = nsgraph_node(&s->graph, st.st_ino, kind);
	ask_by(s, ns, fd, way, file);
	return ns;
}

/* Passes @fd on if it is @ns, or closes it: ENOENT. */
static int only_if(int fd, const struct ns *ns)
{
	struct stat st;

	if (fd < 0)
		return -1;
	must_stat(fd, &st);
	if (st.st_ino == ns->inode)
		return fd;
	close_fd(&fd);
	errno = ENOENT;
	return -1;
}

/* What @path below @dir leads to, if it is @ns; it may be others', and nothing else is opened there. */
static int open_if(int dir, const char *path, int flags, const struct ns *ns)
{
	int fd = nsfs_open(dir, path, flags);

	if (fd < 0 && errno == EINVAL) /* something else */
		errno = ENOENT;
	return only_if(fd, ns);
}

/*
 * Opens what is mounted on @path below the root of process @pid, 0: ours, if it is @ns; another mount
 * may cover it.
 */
static int open_mount(pid_t pid, const char *path, const struct ns *ns)
{
	cleanup_free char *full = must_format("/proc/%d/root%s", pid, path);

	return open_if(AT_FDCWD, pid ? full : path, O_NOFOLLOW, ns);
}

/* The same of what a link below /proc/PID leads to. */
static int open_link(pid_t pid, const char *file, const struct ns *ns)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	return open_if(AT_FDCWD, path, 0, ns);
}

/* A copy of the descriptor @number of process @pidfd. */
static int copy_descriptor(int pidfd, int number)
{
	return fd_above_stdio((int)syscall(SYS_pidfd_getfd, pidfd, number, 0)); /* Linux 5.6 */
}

static int open_pidfd(pid_t pid)
{
	return fd_above_stdio((int)syscall(SYS_pidfd_open, pid, 0)); /* Linux 5.3 */
}

/* The network namespace of the socket @number of process @pid, if it is still @ns. */
static int open_net_of(pid_t pid, int number, const struct ns *ns)
{
	cleanup_close int pidfd = open_pidfd(pid), fd = -1;

	if (pidfd >= 0)
		fd = copy_descriptor(pidfd, number);
	return only_if(fd < 0 ? -1 : fd_above_stdio(ioctl(fd, SIOCGSKNS)), ns);
}

static int open_way(const struct way *way, const struct ns *ns)
{
	switch (way->how) {
	case WAY_FILE:
		return open_link(way->pid, way->file, ns);
	case WAY_SOCKET:
		return open_net_of(way->pid, way->fd, ns);
	case WAY_MOUNT:
		return open_mount(way->pid, way->file, ns);
	case WAY_ID:
		return nsid_open(way->id);
	case WAY_NONE:
		break;
	}
	errno = ENOENT;
	return -1;
}

int scan_open(const struct ns *ns)
{
	int fd = open_way(&ns->way, ns);

	/* who had it open then may have ended */
	for (size_t i = 0; fd < 0 && !is_trouble(errno) && i < ns->n_paths; i++)
		fd = open_mount(0, ns->paths[i], ns);
	if (fd < 0 && !is_trouble(errno) && ns->first)
		fd = open_link(ns->first->pid, "ns/net", ns);
	if (fd < 0 && is_trouble(errno))
		fail_namespace(ns->inode);
	return fd;
}

/* The same of one that the link @file below @dir, which is /proc/PID, leads to, if it still does. */
static void ask_link(struct scan *s, struct ns *ns, pid_t pid, int dir, const char *file)
{
	cleanup_close int fd = -1;

	if (ns->related)
		return;
	fd = open_if(dir, file, 0, ns);
	if (fd < 0 && !proc_gone(errno))
		fail_namespace(ns->inode);
	if (fd >= 0)
		ask_by(s, ns, fd, &(struct way){ .how = WAY_FILE, .pid = pid }, file);
}

static void held(struct scan *s, struct ns *ns, const struct holder *holder)
{
	if (s->facts & FACT_HOLDERS)
		ns_add_holder(ns, holder);
}

/* ---- descriptors ---- */

struct descriptors {
	struct scan *s;
	pid_t pid;
	int process; /* /proc/PID */
	int dir;     /* its fd */
	int pidfd;   /* -1: not open yet */
	bool is_own; /* this process's */
};

/*
 * The network namespace of the socket @fd, of ours, which is a copy of descriptor @number. Return: its
 * node, or NULL if we may not know.
 */
static struct ns *net_of_socket(struct descriptors *d, int number, int fd)
{
	struct scan *s = d->s;
	cleanup_close int net = -1;
	uint64_t cookie = 0;
	socklen_t size = sizeof(cookie);
	struct ns *ns;

	/* Linux 5.14: a third of the calls, for all sockets but the first of a namespace */
	if (getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size) == 0) {
		ns = map_get(&s->cookies, cookie);
		if (ns)
			return ns;
	}
	net = fd_above_stdio(ioctl(fd, SIOCGSKNS)); /* Linux 4.9 */
	if (net < 0 && is_trouble(errno))
		die(EXIT_FAILURE, errno, N_("ioctl(%s) failed"), "SIOCGSKNS");
	if (net < 0)
		return NULL;
	ns = enter_open(s, net, kind_by_flag(CLONE_NEWNET),
			&(struct way){ .how = WAY_SOCKET, .pid = d->pid, .fd = number }, NULL);
	if (cookie)
		map_put(&s->cookies, cookie, ns);
	return ns;
}

/* One socket may be open in many processes; it is asked once. */
static int look_at_socket(struct descriptors *d, int number, ino_t inode)
{
	cleanup_close int fd = -1;
	struct ns *ns;

	if (!(d->s->facts & FACT_HOLDERS) && map_get(&d->s->sockets, inode))
		return 0;
	if (d->pidfd < 0)
		d->pidfd = open_pidfd(d->pid);
	if (d->pidfd >= 0)
		fd = copy_descriptor(d->pidfd, number);
	if (fd < 0)
		return proc_gone(errno) || errno == EBADF || errno == ENOSYS ? 0 : -1;
	ns = net_of_socket(d, number, fd);
	map_put(&d->s->sockets, inode, d->s); /* no more than a mark */
	if (ns)
		held(d->s, ns, &(struct holder){ .how = HELD_SOCKET, .pid = d->pid, .fd = number });
	return 0;
}

/*
 * A namespace that was opened by the path of its mount shows that path; "/" when the mount has gone.
 * Return: its inode number, 0: it is something else.
 */
static ino_t nsfs_inode(struct scan *s, pid_t pid, int dir, const char *name)
{
	struct stat st;

	if (fstatat(dir, name, &st, 0) == 0)
		return st.st_dev == s->nsfs ? st.st_ino : 0;
	if (is_trouble(errno))
		fail_process(pid, "/fd");
	return 0;
}

/* Enters the namespace that the link @file below /proc/PID leads to, of a kind that is not known yet. */
static struct ns *enter_link(struct descriptors *d, const char *file, ino_t inode)
{
	struct scan *s = d->s;
	struct ns *ns = nsgraph_find(&s->graph, inode);
	cleanup_close int fd = -1;

	if (ns)
		return ns;
	fd = nsfs_open(d->process, file, 0);
	if (fd < 0 && !proc_gone(errno) && errno != EINVAL)
		fail_namespace(inode);
	if (fd < 0)
		return NULL;
	return enter_open(s, fd, NULL, &(struct way){ .how = WAY_FILE, .pid = d->pid }, file);
}

static int look_at_descriptor(void *arg, int number)
{
	struct descriptors *d = arg;
	struct scan *s = d->s;
	const struct kind *kind;
	char file[16], text[64];
	const char *name = file + 3;
	unsigned long long socket;
	struct ns *ns = NULL;
	ino_t inode = 0;
	ssize_t n;

	snprintf(file, sizeof(file), "fd/%d", number);
	n = readlinkat(d->dir, name, text, sizeof(text) - 1);
	if (n < 0)
		return proc_gone(errno) ? 0 : -1;
	if (d->is_own && (fcntl(number, F_GETFD) & FD_CLOEXEC))
		return 0; /* of ours, for the moment; what we have inherited is not close-on-exec */
	text[n] = '\0';
	if (sscanf(text, "socket:[%llu]", &socket) == 1)
		return s->kinds & CLONE_NEWNET ? look_at_socket(d, number, socket) : 0;
	kind = proc_ns_text(text, &inode);
	if (kind) {
		ns = nsgraph_node(&s->graph, inode, kind);
		ask_link(s, ns, d->pid, d->process, file);
	} else if (*text == '/' && (n == 1 || (s->facts & FACT_HOLDERS))) {
		/* a mount keeps it alive too; it is as a holder only that it counts then */
		inode = nsfs_inode(s, d->pid, d->dir, name);
		ns = inode ? enter_link(d, file, inode) : NULL;
	}
	if (ns)
		held(s, ns, &(struct holder){ .how = HELD_FD, .pid = d->pid, .fd = number });
	return 0;
}

static void scan_descriptors(struct scan *s, int dir, pid_t pid)
{
	struct descriptors d = { .s = s,
				 .pid = pid,
				 .process = dir,
				 .pidfd = -1,
				 .is_own = pid == s->own_pid };
	int ret;

	d.dir = fd_above_stdio(openat(dir, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	ret = d.dir < 0 ? -1 : proc_numbers(d.dir, look_at_descriptor, &d);
	close_fd(&d.dir);
	close_fd(&d.pidfd);
	if (ret < 0 && !proc_gone(errno))
		fail_process(pid, "/fd");
}

/* ---- processes ---- */

/* The links below /proc/PID/ns: each kind, and those of the next child where they differ. */
struct links {
	ino_t own[KIND_COUNT];	    /* 0: it has none, as a zombie of most kinds */
	ino_t children[KIND_COUNT]; /* 0: the same */
};

/* Return: true; false if the process cannot be seen, or not any more. */
static bool read_link(int dir, const char *name, const struct kind *kind, pid_t pid, ino_t *inode)
{
	char file[32];

	*inode = 0;
	snprintf(file, sizeof(file), "/ns/%s", name);
	if (proc_ns(dir, file + 1, kind, inode) == 0)
		return true;
	if (!proc_gone(errno))
		fail_process(pid, file);
	return false;
}

/*
 * The user namespace comes last: that link stays up to the very end, so a process that has it was
 * there all the time.
 */
static bool read_links(struct scan *s, int dir, pid_t pid, struct links *links)
{
	int kinds_read = s->kinds | CLONE_NEWUSER;
	const struct kind *user = kind_by_flag(CLONE_NEWUSER);
	/* a user namespace may be there only as the owner of one of another kind */
	bool all = (s->kinds & CLONE_NEWUSER) && (s->facts & FACT_RELATIONS);

	if (s->sources & SCAN_MOUNTS)
		kinds_read |= CLONE_NEWNS;
	for (const struct kind *k = kinds; k < kinds + KIND_COUNT; k++) {
		ino_t *own = &links->own[k - kinds], *children = &links->children[k - kinds];

		*own = *children = 0;
		if ((!all && !(kinds_read & k->flag)) || k == user)
			continue;
		read_link(dir, k->proc, k, pid, own);
		if (strcmp(k->proc, k->children) != 0)
			read_link(dir, k->children, k, pid, children);
		if (*children == *own)
			*children = 0;
	}
	return read_link(dir, user->proc, user, pid, &links->own[user - kinds]);
}

/* Enters the namespace that @link leads to, of the process that is open as @dir. */
static struct ns *enter_ns(struct scan *s, pid_t pid, int dir, const char *link,
			   const struct kind *kind, ino_t inode)
{
	struct ns *ns = nsgraph_node(&s->graph, inode, kind);
	char file[32];

	snprintf(file, sizeof(file), "ns/%s", link);
	ask_link(s, ns, pid, dir, file);
	return ns;
}

/* What is wanted of a process that is shown. Return: it; or NULL if it has ended meanwhile. */
static struct process *read_process(struct scan *s, int dir, pid_t pid)
{
	struct process *p = must_have(calloc(1, sizeof(*p)));

	p->pid = pid;
	if (((s->facts & FACT_PPID) && proc_ppid(dir, &p->ppid) < 0) ||
	    ((s->facts & FACT_UID) && proc_uid(dir, &p->uid) < 0) ||
	    ((s->facts & FACT_COMMAND) && proc_command(dir, &p->command) < 0) ||
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
		const struct ns *ns = nsgraph_find(&s->graph, links->own[i]);

		if (links->own[i] && (!ns || !ns->first || ns->inode == s->inode))
			return true;
	}
	return false;
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
	for (int i = 0; i < KIND_COUNT; i++) {
		struct ns *ns;

		if (!links->own[i])
			continue;
		ns = enter_ns(s, pid, dir, kinds[i].proc, &kinds[i], links->own[i]);
		ns->n_procs++;
		kept |= !ns->first || ns->inode == s->inode;
		if (!ns->first)
			ns->first = p;
		if (ns->inode == s->inode)
			keep_member(s, p);
	}
	if (!kept)
		free(p);
	for (int i = 0; i < KIND_COUNT; i++)
		if (links->children[i])
			held(s,
			     enter_ns(s, pid, dir, kinds[i].children, &kinds[i],
				      links->children[i]),
			     &(struct holder){ .how = HELD_FOR_CHILDREN, .pid = pid });
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
static void scan_thread(struct scan *s, pid_t tid, const struct links *process)
{
	cleanup_close int dir = open_process(tid);
	struct links links;
	bool other = false;

	if (dir < 0 || !read_links(s, dir, tid, &links))
		return;
	for (int i = 0; i < KIND_COUNT; i++) {
		if (links.own[i] == process->own[i])
			links.own[i] = 0;
		if (links.children[i] == process->children[i])
			links.children[i] = 0;
		if (links.own[i])
			held(s, nsgraph_node(&s->graph, links.own[i], &kinds[i]),
			     &(struct holder){ .how = HELD_THREAD, .pid = tid });
		other |= links.own[i] || links.children[i];
	}
	if (other)
		enter_process(s, dir, tid, true, &links);
}

static void scan_threads(struct scan *s, pid_t pid, const struct links *process)
{
	char path[40];
	cleanup_free pid_t *tids = NULL;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	n = proc_list(path, &tids);
	if (n < 0 && !proc_gone(errno))
		fail_process(pid, "/task");
	for (ssize_t i = 0; i < n; i++)
		if (tids[i] != pid)
			scan_thread(s, tids[i], process);
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
		scan_threads(s, pid, &links);
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
	bool started;
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
	rtnl_close(w->scan.rtnl);
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

static void scan_processes(struct scan *s)
{
	struct worker workers[MAX_WORKERS];
	struct queue queue = { 0 };
	cleanup_free pid_t *pids = NULL;
	ssize_t n = proc_list("/proc", &pids);
	size_t n_workers;

	queue.n = (size_t)must(n, N_("cannot read %s"), "/proc");
	queue.pids = pids;
	n_workers = workers_beside_us(queue.n);
	if (n_workers > 0 && (s->facts & (FACT_NETNSID | FACT_DEVICES)))
		mnl(); /* loaded once, before there are several who would */
	die_set_alone(n_workers > 0 ? speak_alone : NULL);
	for (size_t i = 0; i < n_workers; i++) {
		workers[i] = (struct worker){ .scan = *s, .queue = &queue };
		workers[i].started = pthread_create(&workers[i].thread, NULL, run_worker,
						    &workers[i]) == 0; /* else we do it all */
	}
	scan_queue(s, &queue);
	for (size_t i = 0; i < n_workers; i++) {
		if (!workers[i].started)
			continue;
		pthread_join(workers[i].thread, NULL);
		merge(s, &workers[i].scan);
	}
	die_set_alone(NULL);
	if (s->n_members > 0)
		qsort(s->members, s->n_members, sizeof(struct process *), by_pid);
}

/* Marks the namespaces of the one process; they need not be in the graph yet. */
static void scan_task(struct scan *s)
{
	cleanup_close int dir = open_process(s->task);
	struct links links;
	bool any = false;

	if (dir < 0 || !read_links(s, dir, s->task, &links))
		die(EXIT_FAILURE, errno == ENOENT ? ESRCH : errno,
		    N_("cannot read the namespaces of process %d"), s->task);
	for (int i = 0; i < KIND_COUNT; i++) {
		if (!links.own[i])
			continue;
		any = any || (s->kinds & kinds[i].flag);
		enter_ns(s, s->task, dir, kinds[i].proc, &kinds[i], links.own[i])->of_task = true;
	}
	if (!any) /* a zombie has few of them */
		die(EXIT_FAILURE, 0, N_("process %d has no namespace of that type"), s->task);
}

/* ---- mounts ---- */

/*
 * The lines of a mountinfo file that are about namespaces; most processes have none.
 * Return: allocated text; NULL if there are none.
 */
static char *read_nsfs_lines(const char *path, pid_t pid)
{
	cleanup_close int fd = fd_above_stdio(open(path, O_RDONLY | O_CLOEXEC));
	cleanup_file FILE *in = fd < 0 ? NULL : fdopen(fd, "r");
	cleanup_free char *line = NULL;
	char *text = NULL;
	size_t room = 0, size;
	FILE *out;

	if (!in && (pid && (proc_gone(errno) || errno == EINVAL))) /* EINVAL: it has no mounts */
		return NULL;
	if (!in)
		die(EXIT_FAILURE, errno, N_("failed to parse %s"), path);
	fd = -1; /* it is the stream's now */
	out = must_have(open_memstream(&text, &size));
	while (getline(&line, &room, in) > 0)
		if (strstr(line, " - nsfs "))
			fputs(line, out);
	if (ferror(in) && !proc_gone(errno))
		die(EXIT_FAILURE, errno, N_("failed to parse %s"), path);
	must_have(fclose(out) == 0 ? text : NULL);
	if (*text)
		return text;
	free(text);
	return NULL;
}

/* Asks for what is mounted on @path, below the root of process @pid. */
static void ask_mount(struct scan *s, struct ns *ns, pid_t pid, const char *path)
{
	cleanup_close int fd = -1;

	if (ns->related)
		return;
	fd = open_mount(pid, path, ns);
	if (fd < 0 && is_trouble(errno))
		fail_namespace(ns->inode);
	if (fd >= 0)
		ask_by(s, ns, fd, &(struct way){ .how = WAY_MOUNT, .pid = pid }, path);
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
	ns = nsgraph_node(&m->s->graph, inode, kind);
	ask_mount(m->s, ns, m->pid, target);
	if (m->s->facts & FACT_HOLDERS)
		held(m->s, ns,
		     &(struct holder){ .how = HELD_MOUNT,
				       .pid = m->pid,
				       .path = must_have(strdup(target)) });
	if (!m->pid)
		ns_add_path(ns, target);
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
	cleanup_close int fd = nsid_open(id);

	if (fd < 0 && is_trouble(errno))
		fail_namespace(id);
	if (fd >= 0) /* not gone, and for us */
		enter_open(s, fd, NULL, &(struct way){ .how = WAY_ID, .id = id }, NULL);
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

	must(stat("/proc/self/ns/mnt", &own), N_("cannot read %s"), "/proc/self/ns/mnt");
	s->own_pid = getpid();
	s->nsfs = own.st_dev;
	s->own_mnt = own.st_ino;
	if (s->sources & SCAN_PROCESSES)
		scan_processes(s);
	if (s->task)
		scan_task(s);
	if (s->sources & SCAN_OWN_MOUNTS)
		scan_mounts(s, 0);
	if (s->sources & SCAN_MOUNTS)
		scan_other_mounts(s);
	if (s->sources & SCAN_LISTNS)
		scan_ids(s);
	rtnl_close(s->rtnl);
	s->rtnl = NULL;
	nsgraph_sort(&s->graph);
}
