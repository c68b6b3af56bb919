/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "die.h"
#include "fd.h"
#include "helper.h"
#include "joined.h"
#include "keeper.h"
#include "maps.h"
#include "nsfs.h"
#include "outside.h"
#include "pair.h"
#include "persist.h"
#include "source.h"
#include "sys.h"
#include "told.h"

static struct helper for_maps = HELPER_NONE, for_binds = HELPER_NONE, for_pid_file = HELPER_NONE,
		     for_uplink = HELPER_NONE;

static at_start pid_t tool_pid;
static at_start pid_t own_child;
static pid_t *child_pid = &own_child; /* shared, where helpers have to know */

/* Who is in the new namespaces. */
static pid_t subject(const struct xunshare_options *o)
{
	return o->clone ? *child_pid : tool_pid;
}

/* ---- which of it helpers do ---- */

/*
 * After a join: as we are then, our files in /proc are not ours to write; and another mount
 * namespace has another /proc. Mounts are mapped by a map that is there.
 */
bool outside_does_maps(const struct xunshare_options *o)
{
	return (o->flags & CLONE_NEWUSER) &&
	       ((o->joins & (CLONE_NEWUSER | CLONE_NEWNS)) || steps_idmap(&o->steps));
}

/* A process that has changed its user (--owner, --join) may not write its own. */
bool outside_does_offsets(const struct xunshare_options *o)
{
	return offsets_given(o) && !o->clone && (o->owner_given || (o->joins & CLONE_NEWUSER));
}

/*
 * Binds are made outside of the new mount and user namespace, and of joined ones; and by a process
 * that can still undo them when the program does not start, which one with another root, directory
 * or user cannot.
 */
static bool does_binds(const struct xunshare_options *o)
{
	const int spaces = CLONE_NEWNS | CLONE_NEWUSER;
	bool changed = !o->fork && (o->root || o->wd || o->uid.given || o->gid.given);

	return o->persist && ((o->joins & spaces) ||
			      (!o->clone && (changed || o->owner_given || (o->flags & spaces))));
}

/*
 * By who may make and remove it till the program starts, which is not who has changed the user
 * since.
 */
static bool does_pid_file(const struct xunshare_options *o)
{
	return o->ready.pid_file && !ready_is_special() &&
	       (o->owner_given || (o->joins & CLONE_NEWUSER) ||
		(!o->clone && (o->flags & CLONE_NEWUSER)) ||
		(!o->fork && (o->uid.given || o->gid.given)));
}

/* ---- the work ---- */

static void write_maps(const void *arg)
{
	const struct xunshare_options *o = arg;
	bool elsewhere = o->joins & CLONE_NEWNS;
	char dir[32];

	if (joined_proc() >= 0 && elsewhere)
		must(sys_fchdir(joined_proc(), "/proc"), N_("cannot change directory to %s"),
		     "/proc");
	snprintf(dir, sizeof(dir), "%s%d", elsewhere ? "" : "/proc/", subject(o));
	maps_write(o, MAPS_OUTSIDE | (o->clone || outside_does_maps(o) ? MAPS_INSIDE : 0),
		   subject(o), dir);
	if (outside_does_offsets(o))
		maps_write_offsets(o, dir);
	if (steps_idmap(&o->steps))
		source_idmap(&o->steps, dir);
}

static const char *first_bound(const struct xunshare_options *o)
{
	int i = 0;

	while (!o->file[i])
		i++;
	return kinds[i].name;
}

static void bind_files(const void *arg)
{
	const struct xunshare_options *o = arg;

	told_because(NULL); /* each bind has an option of its own */
	for (int i = 0; i < KIND_COUNT; i++)
		if (o->file[i])
			persist_bind(&kinds[i], subject(o), o->file[i]);
}

static void write_pid_file(const void *arg)
{
	const struct xunshare_options *o = arg;

	ready_write_pid(&o->ready, *child_pid);
}

static int open_ns(pid_t pid, const char *kind)
{
	char path[40];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, kind);
	fd = fd_above_stdio(open(path, O_RDONLY | O_CLOEXEC));
	must(fd, N_("cannot open %s"), path);
	return fd;
}

/* The engine joins the user namespace, if that is not the one that it begins in: ours. */
static bool is_ours(int userns)
{
	struct stat own, other;

	return stat("/proc/self/ns/user", &own) == 0 && fstat(userns, &other) == 0 &&
	       same_file(&own, &other);
}

/* For as long as the tool lives, which is the program, or waits for it. */
static void start_uplink(const void *arg)
{
	static struct keeper keeper;
	const struct xunshare_options *o = arg;

	keeper = (struct keeper){ .uplink = &o->uplink, .netns = -1, .userns = -1, .n_watches = 1 };
	if (telling() && (o->flags | o->joins) & CLONE_NEWUSER)
		keeper.userns = told_fd();
	if (!telling()) {
		keeper.netns = open_ns(subject(o), "net");
		keeper.userns = open_ns(subject(o), "user");
		if (is_ours(keeper.userns))
			close_fd(&keeper.userns);
		keeper.watch[0].fd = fd_above_stdio((int)syscall(SYS_pidfd_open, tool_pid, 0));
		must(keeper.watch[0].fd, N_("pidfd_open failed"));
	}
	keeper_start(&keeper);
}

/* ---- the helpers ---- */

void outside_begin(const struct xunshare_options *o)
{
	tool_pid = o->persist || o->uplink.given || o->flags & CLONE_NEWUSER ? getpid() : 0;
	if (does_pid_file(o) || (o->clone && o->uplink.given) ||
	    (o->clone && (does_binds(o) || outside_does_maps(o))))
		child_pid = share(sizeof(*child_pid));
	if (does_binds(o)) {
		told_about("binds");
		told_because(first_bound(o));
		helper_start(&for_binds, bind_files, o, true);
		told_because(NULL);
	}
	if (does_pid_file(o)) {
		told_about("pid file");
		helper_start(&for_pid_file, write_pid_file, o, true);
	}
	if (o->uplink.given) {
		told_about("uplink");
		helper_start(&for_uplink, start_uplink, o, true);
	}
}

void outside_begin_maps(const struct xunshare_options *o)
{
	bool maps = (o->flags & CLONE_NEWUSER) && !o->clone &&
		    (usermap_outside(&o->users) || usermap_outside(&o->groups));

	if (steps_idmap(&o->steps))
		source_copy_idmapped(&o->steps);
	if (maps || outside_does_maps(o) || outside_does_offsets(o)) {
		told_about("maps");
		helper_start(&for_maps, write_maps, o, false);
	}
}

/* With --clone the tool is outside itself. */
void outside_maps(const struct xunshare_options *o, pid_t child)
{
	*child_pid = child;
	if (!helper_release(&for_maps) && o->clone && (o->flags & CLONE_NEWUSER))
		write_maps(o);
}

void outside_bind(const struct xunshare_options *o)
{
	if (!helper_release(&for_binds))
		bind_files(o);
}

void outside_uplink(const struct xunshare_options *o)
{
	if (!o->uplink.given)
		return;
	told_because("uplink");
	joined_show(true);
	helper_release(&for_uplink);
	joined_show(false);
	told_because(NULL);
}

void outside_tell(const struct xunshare_options *o, pid_t pid, const struct ready_ns *ns)
{
	*child_pid = pid;
	if (!helper_release(&for_pid_file) && o->ready.pid_file)
		write_pid_file(o);
	if (o->ready.info.given)
		ready_write_info(&o->ready, pid, ns);
}

bool outside_waits(void)
{
	return for_binds.ctl >= 0 || for_pid_file.ctl >= 0 || for_uplink.ctl >= 0;
}

void outside_keep(void)
{
	helper_keep(&for_uplink);
	helper_keep(&for_pid_file);
	helper_keep(&for_binds);
}
