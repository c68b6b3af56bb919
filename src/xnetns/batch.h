/* SPDX-License-Identifier: MIT */
/* batch.h - commands from a file. What a command does, and how its words are read, is args.h's. */
#ifndef XNS_XNETNS_BATCH_H
#define XNS_XNETNS_BATCH_H

#include "options.h"

/* run_batch() - runs each line of @o->batch. Return: the exit status. */
int run_batch(struct netns_options *o);

#endif
