/* SPDX-License-Identifier: MIT */
/*
 * rtnl.h - route netlink, over libmnl: the requests, each a call, and what comes back. What the
 * answers mean for a tool does not belong in here.
 */
#ifndef XNS_RTNL_H
#define XNS_RTNL_H

#include "util.h"

struct rtnl; /* a socket of the caller's network namespace */

/*
 * rtnl_open() - the socket, above 2 and close-on-exec. Return: it, for rtnl_close(); or NULL with
 * errno.
 */
struct rtnl *rtnl_open(void);
void rtnl_close(struct rtnl *rtnl);

/*
 * rtnl_open_in() - a socket of the network namespace that is open as @netns, called @name; the
 * caller is back in his own after it, or the tool dies. Needs: CAP_SYS_ADMIN there. Return: as
 * rtnl_open().
 */
struct rtnl *rtnl_open_in(int netns, const char *name);

/* rtnl_stay() - from now on rtnl_open_in() stays in that namespace: there is no way back. */
void rtnl_stay(void);

/*
 * rtnl_error() - what the kernel said beside the errno of the last request that failed.
 * Return: the socket's memory, till the next request; or NULL.
 */
const char *rtnl_error(const struct rtnl *rtnl);

/*
 * ---- questions ----
 *
 * Of several answers the callback gets all as they were at one time: the kernel is asked again where
 * they changed meanwhile, up to ten times; then it is EINTR.
 */

/* A device of one network namespace. */
struct rtnl_link {
	int index;
	const char *name; /* as long as the callback runs */
	const char *kind; /* "veth"; NULL: a device that is not made by software */
	unsigned int group;
	int peer;	  /* index of the other end, 0: none */
	int peer_nsid;	  /* the netnsid of where that is, -1: in the same */
	uint64_t address; /* of Ethernet; 0: it is none */
};
typedef void rtnl_each_link(void *arg, const struct rtnl_link *link);

/*
 * rtnl_link_in() - calls @f with the device @index of the network namespace that has the id @nsid here, -1: of
 * ours. Needs: CAP_NET_ADMIN there. Return: 0, or -1 with errno.
 */
int rtnl_link_in(struct rtnl *rtnl, int nsid, int index, rtnl_each_link *f, void *arg) must_check;

/* rtnl_links() - calls @f with each device (RTM_GETLINK). Return: 0, or -1 with errno. */
int rtnl_links(struct rtnl *rtnl, rtnl_each_link *f, void *arg) must_check;

/*
 * rtnl_nsid() - the id, 0 or more, by which the socket's network namespace knows the one open as
 * @fd; -1: it has none (RTM_GETNSID, Linux 4.0). Return: 0, or -1 with errno.
 */
int rtnl_nsid(struct rtnl *rtnl, int fd, int *nsid) must_check;

/*
 * rtnl_nsids_of() - the same of @n descriptors, asked in few calls; -2 in @nsids: that one is no
 * network namespace; after a failure -3: it has not been answered.
 */
int rtnl_nsids_of(struct rtnl *rtnl, const int *fds, size_t n, int *nsids) must_check;

/*
 * rtnl_nsids() - calls @f with each id that the socket's namespace has given, or the one that @target
 * (an id; -1: none) is known by has; @current is the id here of the same, -1: none (Linux 4.20).
 * Return: 0, or -1 with errno.
 */
int rtnl_nsids(struct rtnl *rtnl, int target, void (*f)(void *arg, int nsid, int current),
	       void *arg) must_check;

/* rtnl_nsid_in() - the id that @target has for what is @nsid here; -1 in @found: none. */
int rtnl_nsid_in(struct rtnl *rtnl, int target, int nsid, int *found) must_check;

/* ---- changes: told in a dry run ---- */

/* rtnl_set_nsid() - gives the namespace @fd, called @name, the id @nsid, -1: any that is free. */
int rtnl_set_nsid(struct rtnl *rtnl, int fd, const char *name, int nsid) must_check;

/* One end of a veth pair. */
struct rtnl_end {
	int netns;	  /* the network namespace it is for */
	const char *name; /* what that is called, in told lines */
	char device[16];
};

/* rtnl_add_veth() - makes the pair, each end in its namespace, both down, @a in device @group. */
int rtnl_add_veth(struct rtnl *rtnl, const struct rtnl_end *a, const struct rtnl_end *b,
		  unsigned int group) must_check;

int rtnl_delete_link(struct rtnl *rtnl, const char *device) must_check;

/*
 * rtnl_await_up() - asks till the device carries packets, which the kernel may put off for a second;
 * from Linux 6.8 on asking is enough.
 */
int rtnl_await_up(struct rtnl *rtnl, const char *device) must_check;

/* rtnl_has_link() - whether there is a device of this name. */
bool rtnl_has_link(struct rtnl *rtnl, const char *device);

/* rtnl_set_up() - the device is up. rtnl_set_group() - it belongs to the device group. */
int rtnl_set_up(struct rtnl *rtnl, const char *device) must_check;
int rtnl_set_group(struct rtnl *rtnl, const char *device, unsigned int group) must_check;

struct rtnl_address {
	int family; /* AF_INET or AF_INET6 */
	unsigned char bytes[16];
	unsigned int prefix;
	char text[64]; /* as it was written */
};

/* rtnl_add_address() - to the device; of IPv6 without duplicate detection, so that it works at once. */
int rtnl_add_address(struct rtnl *rtnl, const char *device,
		     const struct rtnl_address *a) must_check;

/* rtnl_add_default_route() - by the gateway @a, over the device. */
int rtnl_add_default_route(struct rtnl *rtnl, const char *device,
			   const struct rtnl_address *a) must_check;

#endif
