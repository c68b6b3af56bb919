/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <linux/sockios.h>

#include "ask.h"
#include "compat.h"
#include "die.h"
#include "fd.h"
#include "nsfs.h"
#include "nsid.h"
#include "own.h"
#include "proc.h"
#include "rtnl.h"

#define EXIT_NO_IOCTL 2 /* as the peer */

_Noreturn void fail_namespace(unsigned long long inode)
{
	int err = errno;

	die(EXIT_FAILURE, err, N_("cannot open namespace %s"), must_format("%llu", inode));
}

bool is_trouble(int err)
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

/* ---- what the kernel says of it ---- */

/*
 * Asks for the parent or the owner of what is open as @fd. Return: its node, with it open in @above;
 * NULL where it is beyond what we may see.
 */
static struct ns *ask_above(struct nsgraph *g, int fd, unsigned long request, const char *name,
			    int flag, int *above)
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
	ns = nsgraph_node(g, st.st_ino, kind_by_flag(flag));
	ns->has_child = true;
	return ns;
}

static void ask_netnsid(struct nsgraph *g, struct ns *ns, int fd)
{
	if (!g->rtnl)
		g->rtnl = rtnl_open();
	if (!g->rtnl)
		die(EXIT_FAILURE, errno, N_("cannot open a socket of %s"), "NETLINK_ROUTE");
	must(rtnl_nsid(g->rtnl, fd, &ns->netnsid), N_("request %s failed"), "RTM_GETNSID");
}

static bool asks_devices(const struct nsgraph *g, const struct ns *ns)
{
	return (g->facts & FACT_DEVICES) && ns->kind->flag == CLONE_NEWNET;
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
	*end = (struct veth){ "", link->index, link->peer, link->peer_nsid, link->address, false };
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

static void ask_facts(struct nsgraph *g, struct ns *ns, int fd)
{
	ns->related = true;
	if ((g->facts & FACT_OWNER_UID) && ns->kind->flag == CLONE_NEWUSER) {
		ns->has_owner_uid = ioctl(fd, NS_GET_OWNER_UID, &ns->owner_uid) == 0;
		if (!ns->has_owner_uid && is_trouble(errno))
			die(EXIT_FAILURE, errno, N_("ioctl(%s) failed"), "NS_GET_OWNER_UID");
	}
	if ((g->facts & FACT_ID) && nsid_of(fd, &ns->id) < 0)
		ns->id = 0;
	if ((g->facts & FACT_NETNSID) && ns->kind->flag == CLONE_NEWNET)
		ask_netnsid(g, ns, fd);
	if (asks_devices(g, ns))
		ask_devices(ns, fd);
}

/*
 * Finds out what is wanted of the namespace, open as @fd, which is closed, and of those above it, once.
 * Each is closed before the next but one is open, as there can be 32 of them.
 */
static void ask(struct nsgraph *g, struct ns *ns, int fd)
{
	while (ns && !ns->related) {
		struct ns *owner = NULL, *parent = NULL;
		int owner_fd = -1, parent_fd = -1;

		ask_facts(g, ns, fd);
		if (g->facts & FACT_RELATIONS)
			owner = ask_above(g, fd, NS_GET_USERNS, "NS_GET_USERNS", CLONE_NEWUSER,
					  &owner_fd);
		if ((g->facts & FACT_RELATIONS) && ns->kind->flag == CLONE_NEWPID)
			parent = ask_above(g, fd, NS_GET_PARENT, "NS_GET_PARENT", CLONE_NEWPID,
					   &parent_fd);
		close_fd(&fd);
		ns->owner = owner ? owner->inode : 0;
		ns->parent = parent ? parent->inode : 0;
		if (ns->kind->flag == CLONE_NEWUSER) {
			ns->parent = ns->owner;
			parent = owner;
			parent_fd = owner_fd;
		} else {
			ask(g, owner, owner_fd);
		}
		ns = parent;
		fd = parent_fd;
	}
	close_fd(&fd);
}

/* ---- how it is opened, and again ---- */

/* Passes @fd on if it is the namespace @inode, or closes it: ENOENT. */
static int only_if(int fd, ino_t inode)
{
	struct stat st;

	if (fd < 0)
		return -1;
	must_stat(fd, &st);
	if (st.st_ino == inode)
		return fd;
	close_fd(&fd);
	return fail_with(ENOENT);
}

/* What @path below @dir leads to, if it is @inode; it may be others', and nothing else is opened there. */
static int open_if(int dir, const char *path, int flags, ino_t inode)
{
	int fd = nsfs_open(dir, path, flags);

	if (fd < 0 && errno == EINVAL) /* something else */
		errno = ENOENT;
	return only_if(fd, inode);
}

/* The way to what is mounted on @path below the root of process @pid, 0: ours; another mount may cover it. */
static struct way way_to_mount(pid_t pid, const char *path)
{
	return (struct way){ .path = pid ? must_format("/proc/%d/root%s", pid, path)
					 : must_format("%s", path),
			     .flags = O_NOFOLLOW };
}

/* The way through a link below /proc/PID. */
static struct way way_to_link(pid_t pid, const char *file)
{
	return (struct way){ .path = must_format("/proc/%d/%s", pid, file) };
}

/* A copy of the descriptor @number of process @pid, whose pidfd is opened if it is -1. */
static int copy_descriptor(int *pidfd, pid_t pid, int number)
{
	if (*pidfd < 0)
		*pidfd = fd_above_stdio((int)syscall(SYS_pidfd_open, pid, 0)); /* Linux 5.3 */
	if (*pidfd < 0)
		return -1;
	return fd_above_stdio((int)syscall(SYS_pidfd_getfd, *pidfd, number, 0)); /* Linux 5.6 */
}

/* The network namespace of the socket @number of process @pid, if it is still @inode. */
static int open_net_of(pid_t pid, int number, ino_t inode)
{
	cleanup_close int pidfd = -1, fd = copy_descriptor(&pidfd, pid, number);

	return only_if(fd < 0 ? -1 : fd_above_stdio(ioctl(fd, SIOCGSKNS)), inode);
}

static int open_way(const struct way *way, ino_t inode)
{
	if (way->path)
		return open_if(AT_FDCWD, way->path, way->flags, inode);
	if (way->pid)
		return open_net_of(way->pid, way->fd, inode);
	if (way->id)
		return nsid_open(way->id);
	return fail_with(ENOENT);
}

int ask_again(const struct ns *ns)
{
	int fd = open_way(&ns->way, ns->inode);

	/* who had it open then may have ended */
	for (size_t i = 0; fd < 0 && !is_trouble(errno) && i <= ns->n_paths; i++) {
		struct way way = { 0 };

		if (i < ns->n_paths)
			way = way_to_mount(0, ns->paths[i]);
		else if (ns->first)
			way = way_to_link(ns->first->pid, "ns/net");
		fd = open_way(&way, ns->inode);
		free_owned(&way.path);
	}
	if (fd < 0 && is_trouble(errno))
		fail_namespace(ns->inode);
	return fd;
}

/* Asks through @fd, which is closed; @way is the graph's from now on. */
static void ask_by(struct nsgraph *g, struct ns *ns, int fd, struct way way)
{
	if (asks_devices(g, ns) && !ns->related) {
		free(ns->way.path); /* of one that did not lead there any more */
		ns->way = way;
	} else {
		free(way.path);
	}
	ask(g, ns, fd);
}

struct ns *ask_open(struct nsgraph *g, int fd, const struct kind *kind, struct way way)
{
	struct stat st;
	struct ns *ns;

	must_stat(fd, &st);
	kind = kind ? kind : kind_by_flag(ioctl(fd, NS_GET_NSTYPE)); /* Linux 4.11 */
	if (!kind) {
		close_fd(&fd);
		return NULL;
	}
	ns = nsgraph_node(g, st.st_ino, kind);
	ask_by(g, ns, fd, way);
	return ns;
}

struct ns *ask_link(struct nsgraph *g, ino_t inode, const struct kind *kind, pid_t pid, int dir,
		    const char *file)
{
	struct ns *ns = kind ? nsgraph_node(g, inode, kind) : nsgraph_find(g, inode);
	int fd;

	if (ns && (ns->related || !kind))
		return ns;
	fd = open_if(dir, file, 0, inode);
	if (fd < 0 && !proc_gone(errno))
		fail_namespace(inode);
	return fd < 0 ? ns : ask_open(g, fd, kind, way_to_link(pid, file));
}

struct ns *ask_mount(struct nsgraph *g, ino_t inode, const struct kind *kind, pid_t pid,
		     const char *path)
{
	struct ns *ns = nsgraph_node(g, inode, kind);
	struct way way;
	int fd;

	if (ns->related)
		return ns;
	way = way_to_mount(pid, path);
	fd = open_way(&way, inode);
	if (fd >= 0)
		return ask_open(g, fd, kind, way);
	if (is_trouble(errno))
		fail_namespace(inode);
	free(way.path);
	return ns;
}

int ask_socket(struct nsgraph *g, int *pidfd, pid_t pid, int number, struct ns **ns)
{
	cleanup_close int fd = copy_descriptor(pidfd, pid, number);
	uint64_t cookie = 0;
	socklen_t size = sizeof(cookie);
	int net;

	*ns = NULL;
	if (fd < 0)
		return -1;
	/* Linux 5.14: a third of the calls, for all sockets but the first of a namespace */
	if (getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size) == 0)
		*ns = map_get(&g->cookies, cookie);
	if (*ns)
		return 0;
	net = fd_above_stdio(ioctl(fd, SIOCGSKNS)); /* Linux 4.9 */
	if (net < 0 && is_trouble(errno))
		die(EXIT_FAILURE, errno, N_("ioctl(%s) failed"), "SIOCGSKNS");
	if (net < 0)
		return 0;
	*ns = ask_open(g, net, kind_by_flag(CLONE_NEWNET),
		       (struct way){ .pid = pid, .fd = number });
	if (cookie)
		map_put(&g->cookies, cookie, *ns);
	return 0;
}
