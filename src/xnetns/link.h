/* SPDX-License-Identifier: MIT */
/* link.h - link, and prune, which takes what a killed link has left. */
#ifndef XNS_XNETNS_LINK_H
#define XNS_XNETNS_LINK_H

#include "options.h"

netns_run cmd_link, cmd_prune;

#endif
