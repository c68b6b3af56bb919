/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_addr.h>
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
};

struct rtnl *rtnl_open(void)
{
	struct rtnl *r = calloc(1, sizeof(*r));
	cleanup_close int fd = -1;

	if (!r)
		return NULL;
	fd = fd_above_stdio(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
	r->socket = fd < 0 ? NULL : mnl()->socket_fdopen(fd);
	if (r->socket)
		fd = -1; /* it is the socket's now */
	if (r->socket)	 /* the kernel gives it an address when it first sends */
		return r;
	rtnl_close(r);
	return NULL;
}

void rtnl_close(struct rtnl *r)
{
	int saved = errno;

	if (r && r->socket)
		mnl()->socket_close(r->socket);
	free(r);
	errno = saved;
}

struct rtnl *rtnl_open_in(int netns, const char *name)
{
	cleanup_close int own =
		fd_above_stdio(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
	struct rtnl *r;
	int err;

	if (own < 0 || sys_setns(netns, 0, name, CLONE_NEWNET) < 0)
		return NULL;
	r = rtnl_open();
	err = errno;
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

static bool attr_ends_before(const struct nlattr *attr, const char *end)
{
	return mnl()->attr_ok(attr, (int)(end - (const char *)attr));
}

/* The attribute behind @attr, or the first, at @offset of the message. Return: NULL at the end */
static const struct nlattr *next_attr(const struct nlmsghdr *message, size_t offset,
				      const struct nlattr *attr)
{
	const char *end = mnl()->nlmsg_get_payload_tail(message);

	attr = attr ? mnl()->attr_next(attr) : mnl()->nlmsg_get_payload_offset(message, offset);
	return attr_ends_before(attr, end) ? attr : NULL;
}

/* Whether it is an attribute of this type whose value is of a kind, MNL_TYPE_*. */
static bool is_attr(const struct nlattr *attr, int type, enum mnl_attr_data_type kind)
{
	return mnl()->attr_get_type(attr) == type && mnl()->attr_validate(attr, kind) == 0;
}

/* ---- answers ---- */

/* The kernel's own words for an error, in the attributes from @offset on (NETLINK_EXT_ACK). */
static void keep_error(struct rtnl *r, const struct nlmsghdr *message, size_t offset)
{
	const struct nlattr *attr = NULL;

	if (!(message->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	while ((attr = next_attr(message, offset, attr)))
		if (is_attr(attr, NLMSGERR_ATTR_MSG, MNL_TYPE_NUL_STRING))
			snprintf(r->error, sizeof(r->error), "%s", mnl()->attr_get_str(attr));
}

/*
 * What the last message of an answer says. Return: 0, or the errno of what went wrong; of a dump
 * that is all that tells.
 */
static int end_error(struct rtnl *r, const struct nlmsghdr *message)
{
	const struct nlmsgerr *error = mnl()->nlmsg_get_payload(message);
	size_t offset = sizeof(*error);

	if (mnl()->nlmsg_get_payload_len(message) < sizeof(int))
		return 0;
	if (message->nlmsg_type == NLMSG_DONE)
		offset = sizeof(int);
	else if (!(message->nlmsg_flags & NLM_F_CAPPED)) /* the request comes back, too */
		offset += error->msg.nlmsg_len - sizeof(struct nlmsghdr);
	if (error->error < 0)
		keep_error(r, message, offset);
	return error->error < 0 ? -error->error : 0;
}

/* The next datagram, whatever signal comes. */
static ssize_t receive(struct rtnl *r, char *buffer)
{
	ssize_t n;

	do
		n = mnl()->socket_recvfrom(r->socket, buffer, DATAGRAM_SIZE);
	while (n < 0 && errno == EINTR);
	return n;
}

static int ask_kernel(struct rtnl *r, const void *requests, size_t size)
{
	ssize_t n;

	do
		n = mnl()->socket_sendto(r->socket, requests, size);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -1 : 0;
}

/*
 * Reads what answers the last request: calls @f with each message of data, till the last one.
 * Return: 0, or -1 with errno.
 */
static int read_answer(struct rtnl *r, mnl_cb_t f, void *arg)
{
	char buffer[DATAGRAM_SIZE];
	int ret = MNL_CB_OK;

	r->error[0] = '\0';
	while (ret > MNL_CB_STOP) {
		ssize_t n = receive(r, buffer);
		const struct nlmsghdr *head = (const struct nlmsghdr *)buffer;
		int err = 0;

		if (n < 0)
			return -1;
		if (mnl()->nlmsg_ok(head, (int)n) && head->nlmsg_type == NLMSG_ERROR)
			err = end_error(r, head);
		if (err) {
			errno = err;
			return -1;
		}
		ret = mnl()->cb_run(buffer, (size_t)n, r->seq, 0, f, arg);
	}
	return ret < 0 ? -1 : 0;
}

/* A question, whose answer, one message, goes to @f. */
static int ask(struct rtnl *r, const struct nlmsghdr *request, mnl_cb_t f, void *arg)
{
	if (ask_kernel(r, request, request->nlmsg_len) < 0)
		return -1;
	return read_answer(r, f, arg);
}

/* ---- dumps ---- */

/*
 * The kernel dumps piece by piece, and says so where what it dumps has changed between two of them:
 * something may be missing then, or be there twice. So all is kept till the end is heard.
 */
struct dump {
	char *text;
	size_t size, room;
	bool changed;
};

enum { DUMP_TRIES = 10 };

static int make_room(struct dump *d)
{
	size_t room = d->room ? 2 * d->room : 2 * DATAGRAM_SIZE;
	char *text;

	if (d->room - d->size >= DATAGRAM_SIZE)
		return 0;
	text = realloc(d->text, room);
	if (!text)
		return -1;
	d->text = text;
	d->room = room;
	return 0;
}

/* Return: the message that ends the dump; NULL: there is more to come. */
static const struct nlmsghdr *look_through(struct dump *d, const char *datagram, size_t n)
{
	const struct nlmsghdr *message = (const struct nlmsghdr *)datagram;

	for (int left = (int)n; mnl()->nlmsg_ok(message, left);
	     message = mnl()->nlmsg_next(message, &left)) {
		if (message->nlmsg_flags & NLM_F_DUMP_INTR)
			d->changed = true;
		if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR)
			return message;
	}
	return NULL;
}

/* Hears a dump to its end: the kernel begins no other one before. Return: 0, or -1 with errno. */
static int hear(struct rtnl *r, struct dump *d)
{
	const struct nlmsghdr *last = NULL;

	d->size = 0;
	d->changed = false;
	while (!last) {
		ssize_t n;

		if (make_room(d) < 0)
			return -1;
		n = receive(r, d->text + d->size);
		if (n < 0)
			return -1;
		last = look_through(d, d->text + d->size, (size_t)n);
		d->size += MNL_ALIGN((size_t)n);
	}
	errno = end_error(r, last);
	return errno ? -1 : 0;
}

/*
 * A question that all of a kind answer: @f is called with each, as they all were at one time.
 * Return: 0, or -1 with errno (EINTR: they do not stop to change).
 */
static int ask_all(struct rtnl *r, struct nlmsghdr *request, mnl_cb_t f, void *arg)
{
	struct dump d = { .changed = true };
	int ret = 0, err;

	r->error[0] = '\0';
	for (int tries = 0; ret == 0 && d.changed; tries++) {
		errno = EINTR;
		if (tries == DUMP_TRIES || ask_kernel(r, request, request->nlmsg_len) < 0 ||
		    hear(r, &d) < 0)
			ret = -1;
	}
	if (ret == 0)
		ret = mnl()->cb_run(d.text, d.size, r->seq, 0, f, arg);
	err = errno;
	free(d.text);
	errno = err;
	return ret < 0 ? -1 : 0;
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
	const struct nlattr *attr = NULL;

	answer->nsid = answer->current = NETNSA_NSID_NOT_ASSIGNED;
	while ((attr = next_attr(message, sizeof(struct rtgenmsg), attr))) {
		if (is_attr(attr, NETNSA_NSID, MNL_TYPE_U32))
			answer->nsid = (int)mnl()->attr_get_u32(attr);
		else if (is_attr(attr, NETNSA_CURRENT_NSID, MNL_TYPE_U32))
			answer->current = (int)mnl()->attr_get_u32(attr);
	}
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
	return ask_all(r, request, read_nsid, &answer);
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
	for (size_t from = 0; from < n; from += BATCH) {
		size_t most = n - from < BATCH ? n - from : BATCH, seen = 0;
		unsigned int first = r->seq + 1;

		if (ask_batch(r, fds + from, most) < 0)
			return -1;
		while (seen < most) {
			int got;

			memset(messages, 0, sizeof(messages));
			for (size_t i = 0; i < most - seen; i++) {
				parts[i] = (struct iovec){ text[i], SMALL_ANSWER };
				messages[i].msg_hdr.msg_iov = &parts[i];
				messages[i].msg_hdr.msg_iovlen = 1;
			}
			got = recvmmsg(mnl()->socket_get_fd(r->socket), messages,
				       (unsigned int)(most - seen), MSG_WAITFORONE, NULL);
			if (got < 0 && errno == EINTR)
				continue;
			if (got < 0)
				return -1;
			for (int i = 0; i < got; i++)
				read_batch_answer(text[i], messages[i].msg_len, first, most,
						  nsids + from);
			seen += (size_t)got;
		}
	}
	return 0;
}

/* ---- devices ---- */

struct link_reader {
	void (*f)(void *arg, const struct rtnl_link *link);
	void *arg;
};

static const char *kind_of_link(const struct nlattr *info)
{
	const char *payload = mnl()->attr_get_payload(info);
	const char *end = payload + mnl()->attr_get_payload_len(info);

	for (const struct nlattr *attr = (const void *)payload; attr_ends_before(attr, end);
	     attr = mnl()->attr_next(attr))
		if (is_attr(attr, IFLA_INFO_KIND, MNL_TYPE_NUL_STRING))
			return mnl()->attr_get_str(attr);
	return NULL;
}

static int read_link(const struct nlmsghdr *message, void *arg)
{
	const struct link_reader *reader = arg;
	const struct ifinfomsg *head = mnl()->nlmsg_get_payload(message);
	struct rtnl_link link = { .index = head->ifi_index, .name = "", .peer_nsid = -1 };
	const struct nlattr *attr = NULL;

	while ((attr = next_attr(message, sizeof(*head), attr))) {
		if (is_attr(attr, IFLA_IFNAME, MNL_TYPE_NUL_STRING))
			link.name = mnl()->attr_get_str(attr);
		else if (is_attr(attr, IFLA_LINKINFO, MNL_TYPE_NESTED))
			link.kind = kind_of_link(attr);
		else if (is_attr(attr, IFLA_LINK, MNL_TYPE_U32))
			link.peer = (int)mnl()->attr_get_u32(attr);
		else if (is_attr(attr, IFLA_GROUP, MNL_TYPE_U32))
			link.group = mnl()->attr_get_u32(attr);
		else if (is_attr(attr, IFLA_LINK_NETNSID, MNL_TYPE_U32))
			link.peer_nsid = (int)mnl()->attr_get_u32(attr);
	}
	reader->f(reader->arg, &link);
	return MNL_CB_OK;
}

int rtnl_links(struct rtnl *r, void (*f)(void *arg, const struct rtnl_link *link), void *arg)
{
	struct nlmsghdr *request = REQUEST(r, RTM_GETLINK, NLM_F_DUMP, ifinfomsg);
	struct link_reader reader = { f, arg };

	return ask_all(r, request, read_link, &reader);
}

/* ---- changes ---- */

static int no_data(const struct nlmsghdr *message, void *arg)
{
	return MNL_CB_OK;
}

static int await_change(struct rtnl *r, int sent)
{
	if (sent < 0)
		return -1;
	return telling() ? 0 : read_answer(r, no_data, NULL);
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

int rtnl_add_veth(struct rtnl *r, const struct rtnl_end ends[2], unsigned int group)
{
	struct nlmsghdr *request = REQUEST(r, RTM_NEWLINK, NLM_F_NEW, ifinfomsg);
	struct nlattr *info, *data, *peer;

	put_end(request, &ends[0]);
	mnl()->attr_put_u32(request, IFLA_GROUP, group);
	info = mnl()->attr_nest_start(request, IFLA_LINKINFO);
	mnl()->attr_put_strz(request, IFLA_INFO_KIND, "veth");
	data = mnl()->attr_nest_start(request, IFLA_INFO_DATA);
	peer = mnl()->attr_nest_start(request, VETH_INFO_PEER);
	memset(mnl()->nlmsg_get_payload_tail(request), 0, sizeof(struct ifinfomsg));
	request->nlmsg_len += sizeof(struct ifinfomsg);
	put_end(request, &ends[1]);
	mnl()->attr_nest_end(request, peer);
	mnl()->attr_nest_end(request, data);
	mnl()->attr_nest_end(request, info);
	return change(
		r, request,
		"RTM_NEWLINK, IFLA_IFNAME=\"%s\", IFLA_NET_NS_FD=%d<%s>, IFLA_GROUP=%#x, "
		"IFLA_INFO_KIND=\"veth\", VETH_INFO_PEER={IFLA_IFNAME=\"%s\", IFLA_NET_NS_FD=%d<%s>}",
		ends[0].device, ends[0].netns, ends[0].name, group, ends[1].device, ends[1].netns,
		ends[1].name);
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
	unsigned int operstate;
};

static int read_device(const struct nlmsghdr *message, void *arg)
{
	const struct ifinfomsg *head = mnl()->nlmsg_get_payload(message);
	struct device *device = arg;
	const struct nlattr *attr = NULL;

	device->index = head->ifi_index;
	while ((attr = next_attr(message, sizeof(*head), attr)))
		if (is_attr(attr, IFLA_OPERSTATE, MNL_TYPE_U8))
			device->operstate = mnl()->attr_get_u8(attr);
	return MNL_CB_STOP;
}

/* A dry run, in which it need not be there yet, asks nothing. */
static int ask_device(struct rtnl *r, const char *name, struct device *device)
{
	struct nlmsghdr *request;

	*device = (struct device){ 0, IF_OPER_UP };
	if (telling())
		return 0;
	request = REQUEST(r, RTM_GETLINK, 0, ifinfomsg);
	mnl()->attr_put_strz(request, IFLA_IFNAME, name);
	return ask(r, request, read_device, device);
}

static int index_of(struct rtnl *r, const char *name)
{
	struct device device;

	return ask_device(r, name, &device) < 0 ? -1 : device.index;
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
	errno = ENETDOWN;
	return -1;
}

static size_t size_of(const struct rtnl_address *a)
{
	return a->family == AF_INET6 ? 16 : 4;
}

int rtnl_add_address(struct rtnl *r, const char *device, const struct rtnl_address *a)
{
	int index = index_of(r, device);
	struct nlmsghdr *request = REQUEST(r, RTM_NEWADDR, NLM_F_NEW, ifaddrmsg);
	struct ifaddrmsg *head = mnl()->nlmsg_get_payload(request);

	if (index < 0)
		return -1;
	head->ifa_family = (uint8_t)a->family;
	head->ifa_prefixlen = (uint8_t)a->prefix;
	head->ifa_index = (uint32_t)index;
	head->ifa_flags = a->family == AF_INET6 ? IFA_F_NODAD : 0;
	mnl()->attr_put(request, IFA_LOCAL, size_of(a), a->bytes);
	mnl()->attr_put(request, IFA_ADDRESS, size_of(a), a->bytes);
	return change(r, request, "RTM_NEWADDR, ifa_index=if_nametoindex(\"%s\"), IFA_LOCAL=%s%s",
		      device, a->text, a->family == AF_INET6 ? ", ifa_flags=IFA_F_NODAD" : "");
}

int rtnl_add_default_route(struct rtnl *r, const char *device, const struct rtnl_address *a)
{
	int index = index_of(r, device);
	struct nlmsghdr *request = REQUEST(r, RTM_NEWROUTE, NLM_F_NEW, rtmsg);
	struct rtmsg *head = mnl()->nlmsg_get_payload(request);

	if (index < 0)
		return -1;
	head->rtm_family = (unsigned char)a->family;
	head->rtm_table = RT_TABLE_MAIN;
	head->rtm_protocol = RTPROT_BOOT;
	head->rtm_scope = RT_SCOPE_UNIVERSE;
	head->rtm_type = RTN_UNICAST;
	mnl()->attr_put_u32(request, RTA_OIF, (uint32_t)index);
	mnl()->attr_put(request, RTA_GATEWAY, size_of(a), a->bytes);
	return change(r, request, "RTM_NEWROUTE, RTA_OIF=if_nametoindex(\"%s\"), RTA_GATEWAY=%s",
		      device, a->text);
}
