/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "mnl.h"

#define LIBRARY "libmnl.so.0"

#define MNL_SYMBOL(name) { "mnl_" #name, offsetof(struct mnl, name) },

static const struct {
	const char *name;
	size_t place; /* in struct mnl */
} symbols[] = { MNL_FUNCTIONS(MNL_SYMBOL) };

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
