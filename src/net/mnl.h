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
struct mnl {
	__typeof__(mnl_attr_get_str) *attr_get_str;
	__typeof__(mnl_attr_get_type) *attr_get_type;
	__typeof__(mnl_attr_get_u32) *attr_get_u32;
	__typeof__(mnl_attr_get_u8) *attr_get_u8;
	__typeof__(mnl_attr_get_payload) *attr_get_payload;
	__typeof__(mnl_attr_get_payload_len) *attr_get_payload_len;
	__typeof__(mnl_attr_nest_end) *attr_nest_end;
	__typeof__(mnl_attr_nest_start) *attr_nest_start;
	__typeof__(mnl_attr_next) *attr_next;
	__typeof__(mnl_attr_ok) *attr_ok;
	__typeof__(mnl_attr_put) *attr_put;
	__typeof__(mnl_attr_put_strz) *attr_put_strz;
	__typeof__(mnl_attr_put_u32) *attr_put_u32;
	__typeof__(mnl_attr_validate) *attr_validate;
	__typeof__(mnl_cb_run) *cb_run;
	__typeof__(mnl_nlmsg_get_payload) *nlmsg_get_payload;
	__typeof__(mnl_nlmsg_get_payload_len) *nlmsg_get_payload_len;
	__typeof__(mnl_nlmsg_get_payload_offset) *nlmsg_get_payload_offset;
	__typeof__(mnl_nlmsg_get_payload_tail) *nlmsg_get_payload_tail;
	__typeof__(mnl_nlmsg_next) *nlmsg_next;
	__typeof__(mnl_nlmsg_ok) *nlmsg_ok;
	__typeof__(mnl_nlmsg_put_extra_header) *nlmsg_put_extra_header;
	__typeof__(mnl_nlmsg_put_header) *nlmsg_put_header;
	__typeof__(mnl_socket_close) *socket_close;
	__typeof__(mnl_socket_fdopen) *socket_fdopen;
	__typeof__(mnl_socket_get_fd) *socket_get_fd;
	__typeof__(mnl_socket_recvfrom) *socket_recvfrom;
	__typeof__(mnl_socket_sendto) *socket_sendto;
	__typeof__(mnl_socket_setsockopt) *socket_setsockopt;
};

/*
 * mnl() - the functions; loads the library at the first call, which has to come before the root or
 * the mount namespace changes, and before there are threads that call it. Dies if it cannot.
 */
const struct mnl *mnl(void) __attribute__((returns_nonnull));

#endif
