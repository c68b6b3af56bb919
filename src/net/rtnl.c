/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cli.h"
#include "fd.h"
#include "mnl.h"
#include "own.h"
#include "rtnl.h"
#include "sys.h"
#include "told.h"

#define ANSWER_SIZE 8192			/* libmnl's own advice, for pages of up to 8 KiB */
#define DATAGRAM_SIZE ((size_t)4 * ANSWER_SIZE) /* a device takes some 2 KiB */

struct rtnl {
	struct mnl_socket *socket;
	unsigned int seq;
	bool words;	 /* EXT_ACK is set */
	char error[256]; /* the kernel's own words */
	/*
	 * All that answers a request. The kernel dumps piece by piece, and says so where what it dumps
	 * has changed between two of them: something may be missing then, or be there twice. So all is
	 * kept till the end is heard.
	 */
	char *answer;
	size_t size, room;
	bool changed;
};

enum { ASK_TRIES = 10 };

struct rtnl *rtnl_open(void)
{
	struct rtnl *r = calloc(1, sizeof(*r));
	int fd = r ? fd_above_stdio(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE))
		   : -1;

	/* the descriptor is the socket's then, whom the kernel gives an address when it first sends */
	if (fd >= 0 && (r->socket = mnl()->socket_fdopen(fd)))
		return r;
	close_fd(&fd);
	free_owned(&r);
	return NULL;
}

void rtnl_close(struct rtnl *r)
{
	int saved = errno;

	if (r && r->socket)
		mnl()->socket_close(r->socket);
	if (r)
		free(r->answer);
	free(r);
	errno = saved;
}

static bool stays; /* see rtnl_stay() */

void rtnl_stay(void)
{
	stays = true;
}

struct rtnl *rtnl_open_in(int netns, const char *name)
{
	cleanup_close int own =
		fd_above_stdio(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));

	if (own < 0 || sys_setns(netns, 0, name, CLONE_NEWNET) < 0)
		return NULL;
	struct rtnl *r = rtnl_open();
	if (stays)
		return r;
	int err = errno;
	must(sys_setns(own, 0, "/proc/thread-self/ns/net", CLONE_NEWNET),
	     N_("cannot go back to our network namespace"));
	errno = err;
	return r;
}

/* ---- requests ---- */

/* An error is to come with the kernel's own words (Linux 4.12); a dump's is known without. */
static void want_words(struct rtnl *r)
{
	int on = 1;

	if (!r->words)
		mnl()->socket_setsockopt(r->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	r->words = true;
}

/* A request's header at the front of @buffer, with @head_size bytes of zero behind it. */
static struct nlmsghdr *begin(struct rtnl *r, char *buffer, int type, int flags, size_t head_size)
{
	struct nlmsghdr *request = mnl()->nlmsg_put_header(buffer);

	if (r && (flags & NLM_F_DUMP) != NLM_F_DUMP) /* NLM_F_EXCL is one of its two bits */
		want_words(r);
	request->nlmsg_type = (uint16_t)type;
	request->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	request->nlmsg_seq = r ? ++r->seq : 0;
	mnl()->nlmsg_put_extra_header(request, head_size); /* AF_UNSPEC */
	return request;
}

/* Room for a request, till the end of the block, and the request in it; its @head is a struct. */
#define ROOM ((char[1024]){ 0 })
#define REQUEST(r, type, flags, head) begin(r, ROOM, type, flags, sizeof(struct head))
#define NLM_F_NEW (NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK)

const char *rtnl_error(const struct rtnl *r)
{
	return r && *r->error ? r->error : NULL;
}

/* ---- attributes ---- */

/* An attribute that is read: a number of its size, or where its text or its own attributes begin. */
struct wanted {
	int type;
	enum mnl_attr_data_type kind;
	void *to;
};

static void keep_attr(const struct nlattr *attr, const struct wanted *w)
{
	const void *payload = mnl()->attr_get_payload(attr);

	if (mnl()->attr_get_type(attr) != w->type || mnl()->attr_validate(attr, w->kind) < 0)
		return;
	if (w->kind == MNL_TYPE_NUL_STRING)
		*(const char **)w->to = payload;
	else if (w->kind == MNL_TYPE_NESTED || w->kind == MNL_TYPE_BINARY)
		*(const struct nlattr **)w->to = attr;
	else
		memcpy(w->to, payload, mnl()->attr_get_payload_len(attr));
}

/* Those of @wanted, which ends with a row of nothing, from @attr to @end. */
static void read_attrs(const struct nlattr *attr, const char *end, const struct wanted *wanted)
{
	for (; mnl()->attr_ok(attr, (int)(end - (const char *)attr)); attr = mnl()->attr_next(attr))
		for (const struct wanted *w = wanted; w->to; w++)
			keep_attr(attr, w);
}

/* Those of a message, from @offset on: pairs as above. */
#define read_message(message, offset, ...)                           \
	read_attrs(mnl()->nlmsg_get_payload_offset(message, offset), \
		   mnl()->nlmsg_get_payload_tail(message),           \
		   (const struct wanted[]){ __VA_ARGS__, { .to = NULL } })

/* ---- answers ---- */

/* The kernel's own words for an error, in the attributes from @offset on (NETLINK_EXT_ACK). */
static void keep_error(struct rtnl *r, const struct nlmsghdr *message, size_t offset)
{
	const char *words = "";

	if (message->nlmsg_flags & NLM_F_ACK_TLVS)
		read_message(message, offset, { NLMSGERR_ATTR_MSG, MNL_TYPE_NUL_STRING, &words });
	snprintf(r->error, sizeof(r->error), "%s", words);
}

/*
 * What the last message of an answer says. Return: 0, or the errno of what went wrong; of a dump
 * that is all that tells.
 */
static int end_error(struct rtnl *r, const struct nlmsghdr *message)
{
	const struct nlmsgerr *error = mnl()->nlmsg_get_payload(message);
	size_t offset = sizeof(*error);

	if (message->nlmsg_type >= NLMSG_MIN_TYPE || /* it is data */
	    mnl()->nlmsg_get_payload_len(message) < sizeof(int))
		return 0;
	if (message->nlmsg_type == NLMSG_DONE)
		offset = sizeof(int);
	else if (!(message->nlmsg_flags & NLM_F_CAPPED)) /* the request comes back, too */
		offset += error->msg.nlmsg_len - sizeof(struct nlmsghdr);
	if (error->error < 0)
		keep_error(r, message, offset);
	return error->error < 0 ? -error->error : 0;
}

/* A call, made again whatever signal comes. */
#define AGAIN(call)                                 \
	({                                          \
		ssize_t ret_;                       \
		do                                  \
			ret_ = (call);              \
		while (ret_ < 0 && errno == EINTR); \
		ret_;                               \
	})

static ssize_t ask_kernel(struct rtnl *r, const void *requests, size_t size)
{
	return AGAIN(mnl()->socket_sendto(r->socket, requests, size));
}

/* ---- questions ---- */

static int make_room(struct rtnl *r)
{
	size_t room = r->room ? 2 * r->room : DATAGRAM_SIZE; /* many an answer is one datagram */

	if (r->room - r->size >= DATAGRAM_SIZE)
		return 0;
	char *text = realloc(r->answer, room);
	if (!text)
		return -1;
	r->answer = text;
	r->room = room;
	return 0;
}

/* Return: the message of the datagram that ends the answer; NULL: there is more to come. */
static const struct nlmsghdr *look_through(struct rtnl *r, const char *datagram, ssize_t n)
{
	const struct nlmsghdr *message = (const struct nlmsghdr *)datagram;

	for (int left = (int)n; mnl()->nlmsg_ok(message, left);
	     message = mnl()->nlmsg_next(message, &left)) {
		if (message->nlmsg_flags & NLM_F_DUMP_INTR)
			r->changed = true;
		if (!(message->nlmsg_flags & NLM_F_MULTI) || message->nlmsg_type == NLMSG_DONE)
			return message;
	}
	return NULL;
}

/* Hears an answer to its end: the kernel begins no other dump before. Return: 0, or -1 with errno. */
static int hear(struct rtnl *r)
{
	const struct nlmsghdr *last = NULL;

	r->error[0] = '\0';
	r->size = 0;
	r->changed = false;
	while (!last) {
		if (make_room(r) < 0)
			return -1;
		char *datagram = r->answer + r->size;
		ssize_t n = AGAIN(mnl()->socket_recvfrom(r->socket, datagram, DATAGRAM_SIZE));
		if (n < 0)
			return -1;
		last = look_through(r, datagram, n);
		r->size += MNL_ALIGN((size_t)n);
	}
	errno = end_error(r, last);
	return errno ? -1 : 0;
}

/* Calls @f with each message of data that was heard. Return: 0, or -1 with errno. */
static int read_answer(struct rtnl *r, mnl_cb_t f, void *arg)
{
	return mnl()->cb_run(r->answer, r->size, r->seq, 0, f, arg) < 0 ? -1 : 0;
}

/*
 * A question, whose answer goes to @f: one message, or all of a kind as they all were at one time.
 * Return: 0, or -1 with errno (EINTR: they do not stop to change).
 */
static int ask(struct rtnl *r, const struct nlmsghdr *request, mnl_cb_t f, void *arg)
{
	r->changed = true;
	for (int tries = 0; r->changed; tries++) {
		errno = EINTR;
		if (tries == ASK_TRIES || ask_kernel(r, request, request->nlmsg_len) < 0 ||
		    hear(r) < 0)
			return -1;
	}
	return read_answer(r, f, arg);
}

/* ---- ids ---- */

struct nsid_answer {
	int nsid, current;
	void (*f)(void *arg, int nsid, int current);
	void *arg;
};

static int read_nsid(const struct nlmsghdr *message, void *arg)
{
	struct nsid_answer *answer = arg;

	answer->nsid = answer->current = NETNSA_NSID_NOT_ASSIGNED;
	read_message(message, sizeof(struct rtgenmsg), { NETNSA_NSID, MNL_TYPE_U32, &answer->nsid },
		     { NETNSA_CURRENT_NSID, MNL_TYPE_U32, &answer->current });
	if (!answer->f)
		return MNL_CB_STOP;
	answer->f(answer->arg, answer->nsid, answer->current);
	return MNL_CB_OK;
}

/* One question about an id. */
static int ask_nsid(struct rtnl *r, const struct nlmsghdr *request, int *nsid)
{
	struct nsid_answer answer = { .nsid = NETNSA_NSID_NOT_ASSIGNED };

	if (ask(r, request, read_nsid, &answer) < 0)
		return -1;
	*nsid = answer.nsid;
	return 0;
}

int rtnl_nsid(struct rtnl *r, int fd, int *nsid)
{
	struct nlmsghdr *request = REQUEST(r, RTM_GETNSID, 0, rtgenmsg);

	mnl()->attr_put_u32(request, NETNSA_FD, (uint32_t)fd);
	return ask_nsid(r, request, nsid);
}

int rtnl_nsid_in(struct rtnl *r, int target, int nsid, int *found)
{
	struct nlmsghdr *request = REQUEST(r, RTM_GETNSID, 0, rtgenmsg);

	mnl()->attr_put_u32(request, NETNSA_NSID, (uint32_t)nsid);
	if (target >= 0)
		mnl()->attr_put_u32(request, NETNSA_TARGET_NSID, (uint32_t)target);
	return ask_nsid(r, request, found);
}

int rtnl_nsids(struct rtnl *r, int target, void (*f)(void *arg, int nsid, int current), void *arg)
{
	struct nlmsghdr *request = REQUEST(r, RTM_GETNSID, NLM_F_DUMP, rtgenmsg);
	struct nsid_answer answer = { .f = f, .arg = arg };
	int on = 1;

	if (target >= 0) { /* which a kernel that is not strict would overlook */
		mnl()->attr_put_u32(request, NETNSA_TARGET_NSID, (uint32_t)target);
		if (mnl()->socket_setsockopt(r->socket, NETLINK_GET_STRICT_CHK, &on, /* 4.20 */
					     sizeof(on)) < 0)
			return -1;
		want_words(r);
	}
	return ask(r, request, read_nsid, &answer);
}

/* Many questions in one call, and their answers in another. */
enum { BATCH = 64, SMALL_ANSWER = 256 };

static int ask_batch(struct rtnl *r, const int *fds, size_t n)
{
	char buffer[BATCH * 64];
	char *end = buffer;

	for (size_t i = 0; i < n; i++) {
		struct nlmsghdr *request = begin(r, end, RTM_GETNSID, 0, sizeof(struct rtgenmsg));

		mnl()->attr_put_u32(request, NETNSA_FD, (uint32_t)fds[i]);
		end += MNL_ALIGN(request->nlmsg_len);
	}
	return ask_kernel(r, buffer, (size_t)(end - buffer));
}

/* The answer to one of the batch whose first has the number @first. */
static void read_batch_answer(const char *text, size_t size, unsigned int first, size_t n,
			      int *nsids)
{
	const struct nlmsghdr *message = (const struct nlmsghdr *)text;
	struct nsid_answer answer = { 0 };

	if (!mnl()->nlmsg_ok(message, (int)size) || message->nlmsg_seq - first >= n)
		return;
	nsids[message->nlmsg_seq - first] = -2;
	if (message->nlmsg_type == RTM_NEWNSID) {
		read_nsid(message, &answer);
		nsids[message->nlmsg_seq - first] = answer.nsid;
	}
}

int rtnl_nsids_of(struct rtnl *r, const int *fds, size_t n, int *nsids)
{
	char text[BATCH][SMALL_ANSWER];
	struct mmsghdr messages[BATCH];
	struct iovec parts[BATCH];

	for (size_t i = 0; i < n; i++)
		nsids[i] = -3;
	for (size_t i = 0; i < BATCH; i++) {
		parts[i] = (struct iovec){ &text[i], SMALL_ANSWER };
		messages[i] =
			(struct mmsghdr){ .msg_hdr = { .msg_iov = &parts[i], .msg_iovlen = 1 } };
	}
	for (size_t from = 0; from < n; from += BATCH) {
		size_t most = n - from < BATCH ? n - from : BATCH, seen = 0;
		unsigned int first = r->seq + 1;

		if (ask_batch(r, fds + from, most) < 0)
			return -1;
		while (seen < most) {
			ssize_t got =
				AGAIN(recvmmsg(mnl()->socket_get_fd(r->socket), messages,
					       (unsigned int)(most - seen), MSG_WAITFORONE, NULL));

			if (got < 0)
				return -1;
			for (ssize_t i = 0; i < got; i++)
				read_batch_answer(text[i], messages[i].msg_len, first, most,
						  nsids + from);
			seen += (size_t)got;
		}
	}
	return 0;
}

/* ---- devices ---- */

struct link_reader {
	rtnl_each_link *f;
	void *arg;
};

static int read_link(const struct nlmsghdr *message, void *arg)
{
	const struct link_reader *reader = arg;
	const struct ifinfomsg *head = mnl()->nlmsg_get_payload(message);
	struct rtnl_link link = { .index = head->ifi_index, .name = "", .peer_nsid = -1 };
	const struct nlattr *info = NULL, *address = NULL;

	read_message(message, sizeof(*head), { IFLA_IFNAME, MNL_TYPE_NUL_STRING, &link.name },
		     { IFLA_LINKINFO, MNL_TYPE_NESTED, &info },
		     { IFLA_ADDRESS, MNL_TYPE_BINARY, &address },
		     { IFLA_LINK, MNL_TYPE_U32, &link.peer },
		     { IFLA_GROUP, MNL_TYPE_U32, &link.group },
		     { IFLA_LINK_NETNSID, MNL_TYPE_U32, &link.peer_nsid });
	if (info)
		read_attrs(mnl()->attr_get_payload(info), (const char *)mnl()->attr_next(info),
			   (const struct wanted[]){
				   { IFLA_INFO_KIND, MNL_TYPE_NUL_STRING, &link.kind },
				   { .to = NULL } });
	if (address && mnl()->attr_get_payload_len(address) == ETH_ALEN)
		memcpy(&link.address, mnl()->attr_get_payload(address), ETH_ALEN);
	reader->f(reader->arg, &link);
	return MNL_CB_OK;
}

int rtnl_links(struct rtnl *r, rtnl_each_link *f, void *arg)
{
	struct nlmsghdr *request = REQUEST(r, RTM_GETLINK, NLM_F_DUMP, ifinfomsg);
	struct link_reader reader = { f, arg };

	return ask(r, request, read_link, &reader);
}

int rtnl_link_in(struct rtnl *r, int nsid, int index, rtnl_each_link *f, void *arg)
{
	struct nlmsghdr *request = REQUEST(r, RTM_GETLINK, 0, ifinfomsg);
	struct link_reader reader = { f, arg };

	((struct ifinfomsg *)mnl()->nlmsg_get_payload(request))->ifi_index = index;
	if (nsid >= 0)
		mnl()->attr_put_u32(request, IFLA_TARGET_NETNSID, (uint32_t)nsid); /* 4.20 */
	return ask(r, request, read_link, &reader);
}

/* ---- changes ---- */

static int await_change(struct rtnl *r, int sent)
{
	if (sent < 0 || telling())
		return sent;
	if (hear(r) >= 0 && read_answer(r, NULL, NULL) == 0)
		return 0;
	told_failed = (struct told_failure){ .call = "sendto", .err = errno };
	return -1;
}

/*
 * Sends a request that changes something, through the door, and waits for the kernel's word on it. A format
 * and what it needs describe it in a told line.
 */
#define change(r, request, ...)                                                         \
	await_change(r, sys_rtnl((r) ? mnl()->socket_get_fd((r)->socket) : -1, request, \
				 (request)->nlmsg_len, __VA_ARGS__))

int rtnl_set_nsid(struct rtnl *r, int fd, const char *name, int nsid)
{
	struct nlmsghdr *request = REQUEST(r, RTM_NEWNSID, NLM_F_ACK, rtgenmsg);

	mnl()->attr_put_u32(request, NETNSA_FD, (uint32_t)fd);
	mnl()->attr_put_u32(request, NETNSA_NSID, (uint32_t)nsid);
	return change(r, request, "RTM_NEWNSID, NETNSA_FD=%d<%s>, NETNSA_NSID=%d", fd, name, nsid);
}

static void put_end(struct nlmsghdr *request, const struct rtnl_end *end)
{
	mnl()->attr_put_strz(request, IFLA_IFNAME, end->device);
	mnl()->attr_put_u32(request, IFLA_NET_NS_FD, (uint32_t)end->netns);
}

int rtnl_add_veth(struct rtnl *r, const struct rtnl_end *a, const struct rtnl_end *b,
		  unsigned int group)
{
	struct nlmsghdr *request = REQUEST(r, RTM_NEWLINK, NLM_F_NEW, ifinfomsg);

	put_end(request, a);
	mnl()->attr_put_u32(request, IFLA_GROUP, group);
	struct nlattr *info = mnl()->attr_nest_start(request, IFLA_LINKINFO);
	mnl()->attr_put_strz(request, IFLA_INFO_KIND, "veth");
	struct nlattr *data = mnl()->attr_nest_start(request, IFLA_INFO_DATA);
	struct nlattr *peer = mnl()->attr_nest_start(request, VETH_INFO_PEER);
	memset(mnl()->nlmsg_get_payload_tail(request), 0, sizeof(struct ifinfomsg));
	request->nlmsg_len += sizeof(struct ifinfomsg);
	put_end(request, b);
	mnl()->attr_nest_end(request, peer);
	mnl()->attr_nest_end(request, data);
	mnl()->attr_nest_end(request, info);
	return change(
		r, request,
		"RTM_NEWLINK, IFLA_IFNAME=\"%s\", IFLA_NET_NS_FD=%d<%s>, IFLA_GROUP=%#x, "
		"IFLA_INFO_KIND=\"veth\", VETH_INFO_PEER={IFLA_IFNAME=\"%s\", IFLA_NET_NS_FD=%d<%s>}",
		a->device, a->netns, a->name, group, b->device, b->netns, b->name);
}

/* A request about one device, by its name. */
static struct nlmsghdr *begin_link(struct rtnl *r, char *buffer, int type, const char *device)
{
	struct nlmsghdr *request = begin(r, buffer, type, NLM_F_ACK, sizeof(struct ifinfomsg));

	mnl()->attr_put_strz(request, IFLA_IFNAME, device);
	return request;
}

int rtnl_delete_link(struct rtnl *r, const char *device)
{
	struct nlmsghdr *request = begin_link(r, ROOM, RTM_DELLINK, device);

	return change(r, request, "RTM_DELLINK, IFLA_IFNAME=\"%s\"", device);
}

int rtnl_set_up(struct rtnl *r, const char *device)
{
	struct nlmsghdr *request = begin_link(r, ROOM, RTM_NEWLINK, device);
	struct ifinfomsg *head = mnl()->nlmsg_get_payload(request);

	head->ifi_flags = head->ifi_change = IFF_UP;
	return change(r, request, "RTM_NEWLINK, IFLA_IFNAME=\"%s\", ifi_flags=IFF_UP", device);
}

int rtnl_set_group(struct rtnl *r, const char *device, unsigned int group)
{
	struct nlmsghdr *request = begin_link(r, ROOM, RTM_NEWLINK, device);

	mnl()->attr_put_u32(request, IFLA_GROUP, group);
	return change(r, request, "RTM_NEWLINK, IFLA_IFNAME=\"%s\", IFLA_GROUP=%#x", device, group);
}

struct device {
	int index;
	uint8_t operstate;
};

static int read_device(const struct nlmsghdr *message, void *arg)
{
	const struct ifinfomsg *head = mnl()->nlmsg_get_payload(message);
	struct device *device = arg;

	device->index = head->ifi_index;
	read_message(message, sizeof(*head), { IFLA_OPERSTATE, MNL_TYPE_U8, &device->operstate });
	return MNL_CB_STOP;
}

/* A dry run, in which it need not be there yet, asks nothing. */
static int ask_device(struct rtnl *r, const char *name, struct device *device)
{
	*device = (struct device){ 0, IF_OPER_UP };
	if (telling())
		return 0;
	struct nlmsghdr *request = REQUEST(r, RTM_GETLINK, 0, ifinfomsg);
	mnl()->attr_put_strz(request, IFLA_IFNAME, name);
	return ask(r, request, read_device, device);
}

bool rtnl_has_link(struct rtnl *r, const char *name)
{
	struct device device;

	return !telling() && ask_device(r, name, &device) == 0;
}

int rtnl_await_up(struct rtnl *r, const char *name)
{
	struct device device;

	for (int tries = 0; tries < 200; tries++) {
		if (ask_device(r, name, &device) < 0)
			return -1;
		if (device.operstate == IF_OPER_UP || device.operstate == IF_OPER_UNKNOWN)
			return 0;
		poll(NULL, 0, 10);
	}
	return fail_with(ENETDOWN);
}

static size_t size_of(const struct rtnl_address *a)
{
	return a->family == AF_INET6 ? 16 : 4;
}

int rtnl_add_address(struct rtnl *r, const char *device, const struct rtnl_address *a)
{
	struct device found;

	if (ask_device(r, device, &found) < 0)
		return -1;
	struct nlmsghdr *request = REQUEST(r, RTM_NEWADDR, NLM_F_NEW, ifaddrmsg);
	*(struct ifaddrmsg *)mnl()->nlmsg_get_payload(request) = (struct ifaddrmsg){
		.ifa_family = (uint8_t)a->family,
		.ifa_prefixlen = (uint8_t)a->prefix,
		.ifa_index = (uint32_t)found.index,
		.ifa_flags = a->family == AF_INET6 ? IFA_F_NODAD : 0,
	};
	mnl()->attr_put(request, IFA_LOCAL, size_of(a), a->bytes);
	mnl()->attr_put(request, IFA_ADDRESS, size_of(a), a->bytes);
	return change(r, request, "RTM_NEWADDR, ifa_index=if_nametoindex(\"%s\"), IFA_LOCAL=%s%s",
		      device, a->text, a->family == AF_INET6 ? ", ifa_flags=IFA_F_NODAD" : "");
}

int rtnl_add_default_route(struct rtnl *r, const char *device, const struct rtnl_address *a)
{
	struct device found;

	if (ask_device(r, device, &found) < 0)
		return -1;
	struct nlmsghdr *request = REQUEST(r, RTM_NEWROUTE, NLM_F_NEW, rtmsg);
	*(struct rtmsg *)mnl()->nlmsg_get_payload(request) = (struct rtmsg){
		.rtm_family = (unsigned char)a->family,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_BOOT,
		.rtm_scope = RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST,
	};
	mnl()->attr_put_u32(request, RTA_OIF, (uint32_t)found.index);
	mnl()->attr_put(request, RTA_GATEWAY, size_of(a), a->bytes);
	return change(r, request, "RTM_NEWROUTE, RTA_OIF=if_nametoindex(\"%s\"), RTA_GATEWAY=%s",
		      device, a->text);
}
