/* SPDX-License-Identifier: MIT */
/*
 * mnl.h - libmnl, loaded by the first that has a netlink message to read or to write: most commands
 * of xnetns have none, and loading it is a tenth of what they cost. What the messages say does not
 * belong in here (rtnl.h).
 */
#ifndef XNS_MNL_H
#define XNS_MNL_H

#include <libmnl/libmnl.h>

/* Its functions, as far as they are used here, without the "mnl_". */
/* clang-format off */
#define MNL_FUNCTIONS(f) \
	f(attr_get_payload) f(attr_get_payload_len) f(attr_get_type) f(attr_nest_end) \
	f(attr_nest_start) f(attr_next) f(attr_ok) f(attr_put) f(attr_put_strz) f(attr_put_u32) \
	f(attr_validate) f(cb_run) \
	f(nlmsg_get_payload) f(nlmsg_get_payload_len) f(nlmsg_get_payload_offset) \
	f(nlmsg_get_payload_tail) f(nlmsg_next) f(nlmsg_ok) f(nlmsg_put_extra_header) \
	f(nlmsg_put_header) \
	f(socket_close) f(socket_fdopen) f(socket_get_fd) f(socket_recvfrom) f(socket_sendto) \
	f(socket_setsockopt)
/* clang-format on */

struct mnl {
#define MNL_MEMBER(name) __typeof__(mnl_##name) *name;
	MNL_FUNCTIONS(MNL_MEMBER)
#undef MNL_MEMBER
};

/*
 * mnl() - the functions; loads the library at the first call, which has to come before the root or
 * the mount namespace changes, and before there are threads that call it. Dies if it cannot.
 */
const struct mnl *mnl(void) __attribute__((returns_nonnull));

#endif
