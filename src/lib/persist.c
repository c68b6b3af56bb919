/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include "cli.h"
#include "compat.h"
#include "persist.h"
#include "sys.h"

#define ID_BATCH 4096 /* ids a CPU takes at once (Linux 6.18) */
#define MAX_CPUS 8192

static void undo_create(void *file)
{
	sys_unlink(file);
}

static void undo_bind(void *file)
{
	sys_umount(file, MNT_DETACH);
}

void persist_bind(const struct kind *kind, pid_t pid, const char *file)
{
	char ns[64];

	snprintf(ns, sizeof(ns), "/proc/%d/ns/%s", pid, kind->children);
	if (access(file, F_OK) < 0 && errno == ENOENT) {
		if (sys_create(file, 0600) == 0)
			undo_push(undo_create, (void *)file);
		else if (errno != EEXIST)
			die(EXIT_FAILURE, errno, N_("mount %s on %s failed"), ns, file);
	}
	must(sys_mount(ns, file, NULL, MS_BIND), N_("mount %s on %s failed"), ns, file);
	undo_push(undo_bind, (void *)file);
}

uint64_t persist_mount_id(void)
{
	cleanup_close int fd = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	uint64_t id = 0;

	if (fd < 0 || ioctl(fd, NS_GET_MNTNS_ID, &id) < 0)
		return 0;
	return id;
}

static bool is_younger(uint64_t old)
{
	return persist_mount_id() > old;
}

static bool remake_on(int cpu, uint64_t old)
{
	size_t size = CPU_ALLOC_SIZE(MAX_CPUS);
	cpu_set_t *one = CPU_ALLOC(MAX_CPUS);
	bool moved;

	if (!one)
		die(EXIT_FAILURE, ENOMEM, N_("cannot allocate memory"));
	CPU_ZERO_S(size, one);
	CPU_SET_S((size_t)cpu, size, one);
	moved = sys_setaffinity(one, size) == 0;
	CPU_FREE(one);
	if (!moved)
		return false;
	must(sys_unshare(CLONE_NEWNS), N_("unshare failed"));
	return is_younger(old);
}

/*
 * Takes ids from this CPU's batch till it is empty, in a child, so that nothing is left of what it
 * makes. UTS namespaces are the cheapest to make. Not told one by one: they are gone before the
 * program starts.
 */
static void use_up_batch(void)
{
	pid_t pid;

	sys_note("the child takes up to %d namespace ids and ends", ID_BATCH);
	pid = (pid_t)must(sys_fork(), N_("fork failed"));
	if (pid == 0) {
		for (int i = 0; i < ID_BATCH; i++)
			if (unshare(CLONE_NEWUTS) < 0)
				break;
		_exit(EXIT_SUCCESS);
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

void persist_younger_mount(uint64_t old)
{
	size_t size = CPU_ALLOC_SIZE(MAX_CPUS);
	cpu_set_t *allowed;
	bool younger = sys_telling() || is_younger(old);
	int tries = 3;

	if (younger)
		return;
	allowed = CPU_ALLOC(MAX_CPUS);
	if (!allowed)
		die(EXIT_FAILURE, ENOMEM, N_("cannot allocate memory"));
	must(sched_getaffinity(0, size, allowed), N_("sched_getaffinity failed"));
	for (int cpu = 0; cpu < MAX_CPUS && !younger; cpu++)
		if (CPU_ISSET_S((size_t)cpu, size, allowed))
			younger = remake_on(cpu, old);
	while (!younger && tries-- > 0) { /* pinned to the last CPU that was tried */
		use_up_batch();
		must(sys_unshare(CLONE_NEWNS), N_("unshare failed"));
		younger = is_younger(old);
	}
	sys_setaffinity(allowed, size);
	CPU_FREE(allowed);
}
