/* SPDX-License-Identifier: MIT */
/*
 * nested.h - --disable-userns: the program is in one more user namespace, with the same IDs, below one in
 * which no other may be made; so it cannot undo that. The namespaces made before belong to the outer one.
 */
#ifndef XNS_XUNSHARE_NESTED_H
#define XNS_XUNSHARE_NESTED_H

#include "options.h"

/* nested_begin() - while /proc is that of outside. Dies on failure. */
void nested_begin(void);

/*
 * nested_enter() - as root of the outer one: this process is in the nested one then. Dies on failure.
 * Needs: maker_look().
 */
void nested_enter(const struct xunshare_options *o);

#endif
