/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "mnl.h"

#define LIBRARY "libmnl.so.0"

static const struct {
	const char *name;
	size_t place; /* in struct mnl */
} symbols[] = {
	{ "mnl_attr_get_str", offsetof(struct mnl, attr_get_str) },
	{ "mnl_attr_get_type", offsetof(struct mnl, attr_get_type) },
	{ "mnl_attr_get_u32", offsetof(struct mnl, attr_get_u32) },
	{ "mnl_attr_get_u8", offsetof(struct mnl, attr_get_u8) },
	{ "mnl_attr_get_payload", offsetof(struct mnl, attr_get_payload) },
	{ "mnl_attr_get_payload_len", offsetof(struct mnl, attr_get_payload_len) },
	{ "mnl_attr_nest_end", offsetof(struct mnl, attr_nest_end) },
	{ "mnl_attr_nest_start", offsetof(struct mnl, attr_nest_start) },
	{ "mnl_attr_next", offsetof(struct mnl, attr_next) },
	{ "mnl_attr_ok", offsetof(struct mnl, attr_ok) },
	{ "mnl_attr_put", offsetof(struct mnl, attr_put) },
	{ "mnl_attr_put_strz", offsetof(struct mnl, attr_put_strz) },
	{ "mnl_attr_put_u32", offsetof(struct mnl, attr_put_u32) },
	{ "mnl_attr_validate", offsetof(struct mnl, attr_validate) },
	{ "mnl_cb_run", offsetof(struct mnl, cb_run) },
	{ "mnl_nlmsg_get_payload", offsetof(struct mnl, nlmsg_get_payload) },
	{ "mnl_nlmsg_get_payload_len", offsetof(struct mnl, nlmsg_get_payload_len) },
	{ "mnl_nlmsg_get_payload_offset", offsetof(struct mnl, nlmsg_get_payload_offset) },
	{ "mnl_nlmsg_get_payload_tail", offsetof(struct mnl, nlmsg_get_payload_tail) },
	{ "mnl_nlmsg_next", offsetof(struct mnl, nlmsg_next) },
	{ "mnl_nlmsg_ok", offsetof(struct mnl, nlmsg_ok) },
	{ "mnl_nlmsg_put_extra_header", offsetof(struct mnl, nlmsg_put_extra_header) },
	{ "mnl_nlmsg_put_header", offsetof(struct mnl, nlmsg_put_header) },
	{ "mnl_socket_close", offsetof(struct mnl, socket_close) },
	{ "mnl_socket_fdopen", offsetof(struct mnl, socket_fdopen) },
	{ "mnl_socket_get_fd", offsetof(struct mnl, socket_get_fd) },
	{ "mnl_socket_recvfrom", offsetof(struct mnl, socket_recvfrom) },
	{ "mnl_socket_sendto", offsetof(struct mnl, socket_sendto) },
	{ "mnl_socket_setsockopt", offsetof(struct mnl, socket_setsockopt) },
};

static void load(struct mnl *m)
{
	void *library = dlopen(LIBRARY, RTLD_NOW);

	if (!library)
		die(EXIT_FAILURE, 0, N_("cannot load %s, which netlink needs"), LIBRARY);
	for (size_t i = 0; i < ARRAY_SIZE(symbols); i++) {
		void *symbol = dlsym(library, symbols[i].name);

		if (!symbol)
			die(EXIT_FAILURE, 0, N_("%s has no %s"), LIBRARY, symbols[i].name);
		memcpy((char *)m + symbols[i].place, &symbol, sizeof(symbol));
	}
}

const struct mnl *mnl(void)
{
	static struct mnl functions;
	static bool loaded;

	if (!loaded) {
		load(&functions);
		loaded = true;
	}
	return &functions;
}
