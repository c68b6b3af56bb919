/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <sys/mount.h>

#include "compat.h"
#include "fd.h"
#include "helper.h"
#include "joined.h"
#include "newproc.h"
#include "seen.h"
#include "sys.h"
#include "told.h"

static const unsigned int attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

/* @of: the PID namespace, -1: ours. */
static int make(int of, const char *const *options)
{
	return sys_mount_proc(of, "/proc/self/ns/pid_for_children", options, attributes);
}

static int make_subset(int of)
{
	static const char *const subset[] = { "subset", "pid", NULL };
	char release[65];
	int fd = seen_before(7, 2, release) ? -1 : make(of, subset);

	if (fd < 0)
		return fail_with(EPERM); /* what there was to say of a whole one */
	told_note("the proc of outside is masked: only processes are in this one");
	return fd;
}

int newproc_mount_subset(int to, const char *path)
{
	cleanup_close int fd = make_subset(-1);
	int ret = fd;

	if (fd < 0 || sys_attach(fd, "proc", to, path) < 0)
		return -1;
	fd = -1;
	return ret;
}

static int mount_of(int of, int to, const char *path)
{
	int fd = make(of, NULL);

	if (fd < 0 && errno == EPERM)
		fd = make_subset(of);
	must(fd, N_("mount %s failed"), path);
	must(sys_attach(fd, "proc", to, path), N_("mount %s failed"), path);
	return fd;
}

struct place {
	int to;
	const char *path;
};

static void mount_in_helper(const void *arg)
{
	const struct place *p = arg;
	int fd = mount_of(-1, p->to, p->path);

	close_fd(&fd);
}

/* Linux 6.18: the mount option pidns. */
int newproc_mount(const struct xunshare_options *o, int to, const char *path)
{
	static struct helper helper;
	struct place place = { to, path };
	cleanup_close int of = -1;
	char release[65];

	if (!children_join_pid(o))
		return mount_of(-1, to, path);
	if (seen_before(6, 18, release)) {
		helper_start(&helper, mount_in_helper, &place, false);
		helper_release(&helper);
		return -1;
	}
	of = telling() ? told_fd()
		       : fd_above_stdio(openat(joined_proc(), "self/ns/pid_for_children",
					       O_RDONLY | O_CLOEXEC));
	must(of, N_("cannot open %s"), "/proc/self/ns/pid_for_children");
	return mount_of(of, to, path);
}
