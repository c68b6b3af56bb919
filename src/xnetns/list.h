/* SPDX-License-Identifier: MIT */
/* list.h - commands that list: names with their IDs, IDs, holders; and set, which assigns an ID. */
#ifndef XNS_XNETNS_LIST_H
#define XNS_XNETNS_LIST_H

#include "options.h"

netns_run cmd_list, cmd_list_id, cmd_set, cmd_holders;

#endif
