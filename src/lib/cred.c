/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "cli.h"
#include "cred.h"
#include "own.h"
#include "sys.h"
#include "told.h"

static int get_caps(struct __user_cap_data_struct data[2])
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };

	return (int)syscall(SYS_capget, &head, data);
}

bool cred_has(int cap)
{
	struct __user_cap_data_struct data[2];

	return get_caps(data) == 0 && (data[CAP_TO_INDEX(cap)].effective & CAP_TO_MASK(cap));
}

bool cred_drop_groups_early(void)
{
	if (getgroups(0, NULL) == 0)
		return true;
	return cred_has(CAP_SETGID) && cred_try_drop_groups();
}

bool cred_try_drop_groups(void)
{
	if (sys_setgroups(0, NULL) == 0)
		return true;
	if (errno != EPERM)
		die(EXIT_FAILURE, errno, N_("setgroups failed"));
	told_failed = (struct told_failure){ 0 }; /* no failure of the tool's */
	return false;
}

void cred_drop_groups(void)
{
	must(sys_setgroups(0, NULL), N_("setgroups failed"));
}

void cred_set_gid(gid_t gid)
{
	cred_drop_groups();
	must(sys_setgid(gid), N_("setgid() failed"));
}

void cred_set_uid(uid_t uid)
{
	must(sys_setuid(uid), N_("setuid() failed"));
}

bool cred_is_mapped(int fd, unsigned long id)
{
	cleanup_file FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	unsigned long inner, outer, count;
	bool found = !f;

	while (!found && fscanf(f, "%lu %lu %lu", &inner, &outer, &count) == 3)
		found = id >= inner && id - inner < count;
	return found;
}

void cred_stay_closed(void)
{
	if (!telling() && prctl(PR_GET_DUMPABLE) == 1)
		must(sys_not_dumpable(), N_("prctl failed"));
}

/* The highest capability the kernel knows. */
static int last_cap(void)
{
	cleanup_file FILE *f = fopen("/proc/sys/kernel/cap_last_cap", "re");
	int last;

	return f && fscanf(f, "%d", &last) == 1 && last >= 0 && last <= 63 ? last : CAP_LAST_CAP;
}

/* What a dry run assumes that this process has by then: all that the kernel knows, or nothing. */
static void assume_caps(struct __user_cap_data_struct data[2], bool all)
{
	memset(data, 0, 2 * sizeof(*data));
	for (int cap = 0, last = last_cap(); all && cap <= last; cap++) {
		data[CAP_TO_INDEX(cap)].permitted |= CAP_TO_MASK(cap);
		data[CAP_TO_INDEX(cap)].effective |= CAP_TO_MASK(cap);
	}
}

void cred_keep_caps(bool assume_all)
{
	struct __user_cap_data_struct data[2];

	if (telling())
		assume_caps(data, assume_all);
	else
		must(get_caps(data), N_("capget failed"));
	for (int i = 0; i < 2; i++) {
		data[i].inheritable |= data[i].permitted;
		data[i].effective = data[i].permitted; /* setuid(2) leaves none */
	}
	must(sys_capset(data), N_("capset failed"));
	for (int cap = 0; cap < 64; cap++)
		if (data[CAP_TO_INDEX(cap)].permitted & CAP_TO_MASK(cap))
			must(sys_ambient_raise(cap), N_("failed to set ambient capability %d"),
			     cap);
}
