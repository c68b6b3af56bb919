/* SPDX-License-Identifier: MIT */
/*
 * nsgraph.h - the namespaces that were found: a node each, by inode number, with its relations, its
 * processes and what holds it. How they are found (scan.h) and how they are shown do not belong in
 * here.
 */
#ifndef XNS_NSGRAPH_H
#define XNS_NSGRAPH_H

#include <sys/types.h>

#include "kind.h"
#include "map.h"
#include "util.h"

/* A process that is shown, as it was when it was found. What was not asked for is NULL or 0. */
struct process {
	pid_t pid, ppid;
	uid_t uid;
	unsigned long long inode; /* of its pidfds */
	bool is_thread;		  /* that is not the first of its process */
	char *command;
	char *nspid, *uid_map, *gid_map, *cgroup;
};

/* What keeps a namespace alive, beside processes and children: one each. */
struct holder {
	enum { HELD_FD, HELD_SOCKET, HELD_MOUNT, HELD_FOR_CHILDREN, HELD_THREAD } how;
	pid_t pid;  /* whose; HELD_MOUNT: of a process that sees it, 0: we do */
	int fd;	    /* HELD_FD, HELD_SOCKET */
	char *path; /* HELD_MOUNT */
};

extern const char *const holder_words[]; /* of each way to hold */

/* How a namespace was opened, and can be again: by a path, a socket, or its ID; nothing: it cannot. */
struct way {
	char *path;
	int flags; /* O_NOFOLLOW where it is a mount */
	pid_t pid; /* whose socket @fd is */
	int fd;
	uint64_t id;
};

/* One end of a veth pair. */
struct veth {
	char name[16];
	int index;
	int peer;      /* index of the other end */
	int peer_nsid; /* the netnsid of where that is, -1: in the same */
	uint64_t address;
	bool joined; /* for who looks for the other end */
};

/* The devices of a network namespace. */
struct devices {
	size_t n;
	struct veth *veths;
	size_t n_veths;
};

#define NETNSID_UNKNOWN (-2)

struct ns {
	unsigned long long inode; /* an ino_t, as it is printed */
	const struct kind *kind;
	unsigned int n_procs;
	struct process *first; /* with the lowest PID; NULL: none */
	bool has_child;	       /* a namespace below it, or owned by it, was found */
	unsigned int of_task;  /* which of the processes that were asked for are in it: 1, 2 */
	struct holder *holders;
	size_t n_holders;
	char **paths; /* where it is mounted, as seen from here */
	size_t n_paths;
	char *elsewhere; /* where it is mounted in another mount namespace: one of these, or NULL */

	bool related;			  /* the kernel was asked for the following */
	unsigned long long parent, owner; /* 0: none, or not ours to know */
	bool has_owner_uid;		  /* it is a user namespace, and the kernel said */
	uid_t owner_uid;
	uint64_t id;		 /* 0: not known */
	int netnsid;		 /* -1: none */
	struct devices *devices; /* of a network namespace; NULL: not known */
	struct way way;		 /* to a network namespace whose devices were asked for */
};

struct nsgraph {
	struct map by_inode;
	struct ns **nodes;
	size_t n, room;
	unsigned int facts; /* FACT_* of ask.h: what is to be found out of each */
	/* ask.c's own */
	struct rtnl *rtnl;
	struct map cookies; /* of the network namespaces that sockets are in */
};

/* All of these die if memory is short. */

/* nsgraph_node() - the node of this inode number, which is new if there was none. */
struct ns *nsgraph_node(struct nsgraph *g, ino_t inode, const struct kind *kind)
	__attribute__((returns_nonnull));

/* nsgraph_find() - the node of this inode number. Return: it, or NULL; of 0: NULL. */
struct ns *nsgraph_find(const struct nsgraph *g, ino_t inode);

/* nsgraph_merge() - moves all of @from, which another thread has filled, into @g. */
void nsgraph_merge(struct nsgraph *g, struct nsgraph *from);

/* nsgraph_sort() - by inode numbers; and the holders of each by their PIDs. */
void nsgraph_sort(struct nsgraph *g);

/* ns_add_path() - one more mount; copies @path. */
void ns_add_path(struct ns *ns, const char *path);

/* ns_add_holder() - copies @holder; its path is the graph's from now on. */
void ns_add_holder(struct ns *ns, const struct holder *holder);

/*
 * ns_owner_uid() - the user that made the user namespace that @ns is, or that owns it.
 * Return: whether it is known.
 */
bool ns_owner_uid(const struct nsgraph *g, const struct ns *ns, uid_t *uid);

/* ns_depth() - how many parents it has as far as they can be seen; -1 if its kind has no parents. */
int ns_depth(const struct nsgraph *g, const struct ns *ns);

#endif
