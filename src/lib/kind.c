/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>

#include "compat.h"
#include "kind.h"
#include "text.h"

const struct kind kinds[KIND_COUNT] = {
	{ "mount", 'm', CLONE_NEWNS, "CLONE_NEWNS", "mnt", "mnt", "max_mnt_namespaces",
	  N_("mount points") },
	{ "uts", 'u', CLONE_NEWUTS, "CLONE_NEWUTS", "uts", "uts", "max_uts_namespaces",
	  N_("host name and NIS domain name") },
	{ "ipc", 'i', CLONE_NEWIPC, "CLONE_NEWIPC", "ipc", "ipc", "max_ipc_namespaces",
	  N_("System V IPC, POSIX message queues") },
	{ "net", 'n', CLONE_NEWNET, "CLONE_NEWNET", "net", "net", "max_net_namespaces",
	  N_("network devices, addresses, ports, routes") },
	{ "pid", 'p', CLONE_NEWPID, "CLONE_NEWPID", "pid", "pid_for_children", "max_pid_namespaces",
	  N_("process IDs, of the children") },
	{ "user", 'U', CLONE_NEWUSER, "CLONE_NEWUSER", "user", "user", "max_user_namespaces",
	  N_("user and group IDs, capabilities") },
	{ "cgroup", 'C', CLONE_NEWCGROUP, "CLONE_NEWCGROUP", "cgroup", "cgroup",
	  "max_cgroup_namespaces", N_("the root of the cgroup tree") },
	{ "time", 'T', CLONE_NEWTIME, "CLONE_NEWTIME", "time", "time_for_children",
	  "max_time_namespaces", N_("boot-time and monotonic clocks") },
};

const struct kind *kind_by_flag(int flag)
{
	for (int i = 0; i < KIND_COUNT; i++)
		if (kinds[i].flag == flag)
			return &kinds[i];
	return NULL;
}

int kind_place(int flag)
{
	return (int)(kind_by_flag(flag) - kinds);
}
