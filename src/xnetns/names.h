/* SPDX-License-Identifier: MIT */
/* names.h - commands that make, change, remove and tell names. What they are files of is dir.h's. */
#ifndef XNS_XNETNS_NAMES_H
#define XNS_XNETNS_NAMES_H

#include "options.h"

netns_run cmd_add, cmd_attach, cmd_delete, cmd_identify, cmd_monitor, cmd_pids, cmd_rename;

#endif
