/* SPDX-License-Identifier: MIT */
/*
 * account.h - users and groups by name and by number, without NSS in this process, which loads libraries (and a static
 * program has none): /etc/passwd and /etc/group, then the program getent(1), through which all that nsswitch.conf(5)
 * names works. That one is asked where answer.h may ask at all; the files are read wherever we are. No message is
 * printed here.
 */
#ifndef XNS_ACCOUNT_H
#define XNS_ACCOUNT_H

#include <sys/types.h>

#include "util.h"

/* A user or a group; the last two of a user alone. */
struct account {
	const char *name;
	uint32_t id;
	uint32_t gid; /* of the first group */
	const char *shell;
};

/*
 * account_of_user() - the user with that UID.
 * Return: static memory, till the next look-up; or NULL with errno as below.
 */
const struct account *account_of_user(uid_t uid) must_check;

/*
 * parse_uid(), parse_gid() - an id, 0 … 4294967294, or the name of a user or group.
 * Return: 0; or -1 with errno EINVAL (no such name), ERANGE, or what the look-up gave.
 */
int parse_uid(const char *word, uid_t *out) must_check;
int parse_gid(const char *word, gid_t *out) must_check;

/* parse_owner() - "UID:GID", each as above. Return: as above. */
int parse_owner(const char *word, uid_t *uid, gid_t *gid) must_check;

#endif
