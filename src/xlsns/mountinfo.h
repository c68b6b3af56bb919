/* SPDX-License-Identifier: MIT */
/*
 * mountinfo.h - mountinfo read by libmount, for the tools that link it; see proc_mount() for those
 * that do not. What is mounted does not belong in here.
 */
#ifndef XNS_MOUNTINFO_H
#define XNS_MOUNTINFO_H

#include "util.h"

/*
 * mountinfo_read() - calls @f with root and target of each line that has them. Return: 0, or -1 with
 * errno.
 */
int mountinfo_read(char *lines, void (*f)(void *arg, const char *root, const char *target),
		   void *arg) must_check;

#endif
