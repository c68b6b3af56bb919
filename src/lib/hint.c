/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "cli.h"
#include "compat.h"
#include "cred.h"
#include "fd.h"
#include "hint.h"
#include "peek.h"
#include "proc.h"
#include "seen.h"
#include "sys.h"
#include "told.h"
#include "whynot.h"

/*
 * A reason is a row of the table at the end: the calls and the errno it is one for, and a function
 * that looks for the evidence and, if that is there, says it. What else may be the reason is not
 * said: without evidence there is no hint.
 */

static bool joins_user;	    /* the tool joins user namespaces, and makes none */
static bool ids_change;	    /* and it has no way to leave the IDs as they are */
static int target_dir = -1; /* /proc/PID of the process that is entered, -1: none */
static bool targets_maps;   /* it is in the user namespace that is joined */
static ino_t own_user_ns;   /* from before anything was joined, 0: not asked */

void hint_use_target(int dir, bool maps)
{
	joins_user = true;
	target_dir = dir;
	targets_maps = maps;
}

void hint_use_join(bool joined)
{
	joins_user = ids_change = joined;
}

void hint_before_joining(void)
{
	own_user_ns = seen_ns("user");
}

/* The user namespace we are in, 0: not known. */
static ino_t own_user(void)
{
	return sys_proc_is_ours() ? seen_ns("user") : own_user_ns;
}

/* Opens uid_map, gid_map or setgroups of the user namespace we are in. Return: a descriptor, or -1 */
static int open_map(const char *name)
{
	char path[40];

	if (targets_maps && target_dir >= 0)
		return fd_above_stdio(openat(target_dir, name, O_RDONLY | O_CLOEXEC));
	snprintf(path, sizeof(path), "/proc/self/%s", name);
	return seen_open(path);
}

/* False also where the map is empty, true where it cannot be read. */
static bool is_mapped(const char *map, unsigned long id)
{
	return cred_is_mapped(open_map(map), id);
}

static bool setgroups_denied(void)
{
	char word[8] = "";
	cleanup_close int fd = open_map("setgroups");

	return fd >= 0 && read(fd, word, sizeof(word) - 1) > 0 && strncmp(word, "deny", 4) == 0;
}

/* Whether the call is one of @names, with a space between. */
static bool is_call(const char *names)
{
	size_t len = strlen(told_failed.call);

	for (const char *p = names; (p = strstr(p, told_failed.call)); p += len)
		if ((p == names || p[-1] == ' ') && (p[len] == ' ' || p[len] == '\0'))
			return true;
	return false;
}

/* Whether the file that could not be opened or written is @name of a process. */
static bool is_file(const char *name)
{
	const char *end = told_failed.path ? strrchr(told_failed.path, '/') : NULL;

	return end && strncmp(told_failed.path, "/proc/", 6) == 0 && strcmp(end + 1, name) == 0;
}

static bool is_map(void)
{
	return is_file("uid_map") || is_file("gid_map");
}

/* ---- user namespaces ---- */

/* Whether what failed is the start of a user namespace, or was done in one that was made here. */
static bool in_new_user(void)
{
	if (is_call("unshare clone3") && (told_failed.arg & CLONE_NEWUSER))
		return true;
	return is_map() || is_file("setgroups") || (sys_made_user() && !is_call("openat"));
}

/*
 * Ubuntu's restriction. A program without a profile that allows user namespaces either gets none; or it
 * is in one under the profile unprivileged_userns, where each use of a capability is refused, the
 * first write of a map too. Root outside is let be.
 */
static bool userns_restricted(void)
{
	static const char name[] = "kernel.apparmor_restrict_unprivileged_userns";
	static const char path[] = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
	char label[256], program[1024];
	ssize_t n;
	long value;

	if (!in_new_user() || !seen_number(path, &value) || value == 0)
		return false;
	if (seen_label(label, sizeof(label)) && strncmp(label, "unprivileged_userns", 19) != 0 &&
	    (strcmp(label, "unconfined") != 0 || getauxval(AT_EUID) == 0))
		return false;
	n = readlink("/proc/self/exe", program, sizeof(program));
	return hint(
		N_("%s is %ld: AppArmor lets only programs with a profile that says so use user namespaces; "
		   "an administrator can add a profile with \"userns,\" for %.*s, or set it to 0: sysctl -w %s=0"),
		path, value, n > 0 ? (int)n : 12, n > 0 ? program : "this program", name);
}

static bool userns_for_root(void)
{
	static const char path[] = "/proc/sys/kernel/unprivileged_userns_clone";
	long value;

	return seen_number(path, &value) && value == 0 &&
	       !(cred_has(CAP_SYS_ADMIN) && seen_outermost()) &&
	       hint(N_("%s is %ld: only root may make user namespaces; an administrator can set it to 1"),
		    path, value);
}

static bool userns_in_chroot(void)
{
	return seen_chroot() &&
	       hint(N_("the root directory is a chroot, where the kernel allows no new user namespace; "
		       "enter it by pivot_root(2) instead"));
}

static bool userns_of_nobody(void)
{
	return (!is_mapped("uid_map", geteuid()) || !is_mapped("gid_map", getegid())) &&
	       hint(N_("this process's user or group ID is not mapped in its own user namespace, "
		       "which a new one needs; map it with --map-current-user or --map-root-user there"));
}

/* Several can be true at once. */
static bool userns_refused(void)
{
	static bool (*const all[])(void) = { userns_restricted, userns_for_root, userns_in_chroot,
					     userns_of_nobody };
	bool found = false;

	for (size_t i = 0; (told_failed.arg & CLONE_NEWUSER) && i < ARRAY_SIZE(all); i++)
		found = all[i]() || found;
	return found;
}

/* ---- unshare, clone, fork ---- */

/* How many PID namespaces this process stands below that of /proc. */
static int pid_depth(void)
{
	char pids[512];
	int depth = 0;

	if (!seen_status("/proc/self/status", "NSpid:", pids, sizeof(pids)))
		return 0;
	for (const char *p = pids; *p; p++)
		depth += *p == '\t';
	return depth;
}

/* Whether a namespace of kinds[i] was asked for, and the file @path (64 bytes) limits how many there are. */
static bool is_limited(int i, char *path, long *value)
{
	snprintf(path, 64, "/proc/sys/user/%s", kinds[i].limit);
	return (told_failed.arg & (unsigned long)kinds[i].flag) && seen_number(path, value);
}

static bool limit_reached(void)
{
	static const char flat[] =
		N_("%s is %ld; that, or the same of an outer user namespace, is reached");
	static const char nested[] = N_("%s is %ld; that, or the same of an outer user namespace, "
					"or a nesting of 32, is reached");
	char path[64];
	long value;
	bool found = false;

	for (int i = 0; i < KIND_COUNT; i++)
		if (is_limited(i, path, &value) && value <= 0)
			found = hint(
				N_("%s is %ld: no namespace of that kind may be made; an administrator can raise it"),
				path, value);
	if (!found && (told_failed.arg & CLONE_NEWPID) && pid_depth() >= 32)
		found = hint(N_("PID namespaces are nested 32 deep here, and that is the most"));
	for (int i = 0; !found && i < KIND_COUNT; i++)
		if (is_limited(i, path, &value))
			hint(kinds[i].flag & (CLONE_NEWUSER | CLONE_NEWPID) ? nested : flat, path,
			     value);
	return true;
}

/*
 * Whether the PID namespace that our children get has lost its first process: it is not our own,
 * and it has no PID 1 (before Linux 6.11 nothing tells, and the first is taken as evidence).
 */
static bool pidns_is_dead(void)
{
	cleanup_close int fd = seen_open("/proc/self/ns/pid_for_children");

	if (fd < 0) /* and not for want of a /proc that shows us */
		return errno == ENOENT && seen_ns("pid");
	if (seen_is(fd, seen_ns("pid")))
		return false;
	return ioctl(fd, NS_GET_PID_FROM_PIDNS, 1) < 0;
}

static bool no_first_process(void)
{
	return pidns_is_dead() &&
	       hint(N_("the PID namespace is dead: its first process has ended, and no other can start in it"));
}

/* clone3(2) with what only it has; a cgroup's directory is told_failed.fd, a wanted PID .pid. */

static bool clone3_hidden(void)
{
	return hint(N_("--clone needs clone3(2), from Linux 5.3 on; a seccomp filter can hide it"));
}

static bool clone3_old(void)
{
	char release[65];

	if (told_failed.fd >= 0 ? !seen_before(5, 7, release) : !seen_before(5, 5, release))
		return false;
	return hint(N_("--set-tid needs Linux 5.5, --into-cgroup Linux 5.7; this is %s"), release);
}

/* Each PID namespace in which the child gets that PID is asked, the nearest first; a new one is not in the way. */
static bool tid_refused(void)
{
	bool able = cred_has(CAP_SYS_ADMIN) || cred_has(CAP_CHECKPOINT_RESTORE);

	return told_failed.pid &&
	       (!able || (seen_ns("user") && seen_owner("pid") != seen_ns("user"))) &&
	       hint(N_("--set-tid takes CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN in the user namespace "
		       "that the PID namespace belongs to"));
}

static bool tid_too_high(void)
{
	static const char path[] = "/proc/sys/kernel/pid_max";
	long most;

	return seen_number(path, &most) && told_failed.pid >= most &&
	       hint(N_("the PID of --set-tid has to be below that of %s, %ld"), path, most);
}

static bool tid_in_use(void)
{
	return proc_is_there(told_failed.pid) && hint(N_("the PID of --set-tid is in use"));
}

/* The file @name of the cgroup has @word in it; any with NULL. */
static bool cgroup_says(const char *name, const char *word)
{
	cleanup_close int fd =
		told_failed.fd < 0
			? -1
			: fd_above_stdio(openat(told_failed.fd, name, O_RDONLY | O_CLOEXEC));
	char text[256] = "";

	return fd >= 0 && read(fd, text, sizeof(text) - 1) > 1 && (!word || strstr(text, word));
}

static bool cgroup_has_controllers(void)
{
	return cgroup_says("cgroup.subtree_control", NULL) &&
	       hint(N_("the cgroup of --into-cgroup has controllers for its children (cgroup.subtree_control), "
		       "so that no process can be in it: choose one below"));
}

static bool cgroup_is_none(void)
{
	struct statfs fs;

	return told_failed.fd >= 0 && fstatfs(told_failed.fd, &fs) == 0 &&
	       fs.f_type != CGROUP2_SUPER_MAGIC &&
	       hint(N_("the directory of --into-cgroup is not in a cgroup2 file system"));
}

static bool cgroup_is_threaded(void)
{
	return (cgroup_says("cgroup.type", "threaded") || cgroup_says("cgroup.type", "invalid")) &&
	       hint(N_("the cgroup of --into-cgroup is a threaded one or below one"));
}

/* ---- mount ---- */

static bool is_mount_of(const char *type)
{
	return told_failed.type && strcmp(told_failed.type, type) == 0;
}

/* Mounts on directories that are made to be mount points, and hold nothing, hide nothing. */
static bool hides_nothing(const char *target)
{
	return strcmp(target, "/proc/sys/fs/binfmt_misc") == 0 ||
	       strcmp(target, "/proc/fs/nfsd") == 0;
}

/* All that is mounted below /proc and hides a part of it, in one line, as far as it fits. */
static bool proc_is_masked(void)
{
	int fd = seen_outermost() ? -1 : seen_open("/proc/self/mountinfo");
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	struct seen_mount m;
	char masks[1024];
	size_t len = 0;

	while (f && seen_next_mount(f, &m)) {
		size_t n = strlen(m.target);

		if (strncmp(m.target, "/proc/", 6) != 0 || hides_nothing(m.target) ||
		    len + n + 2 > sizeof(masks))
			continue;
		masks[len++] = ' ';
		memcpy(masks + len, m.target, n + 1);
		len += n;
	}
	if (f)
		fclose(f);
	return len > 0 &&
	       hint(N_("mounts hide parts of /proc:%s; a user namespace may mount a new proc only where "
		       "one is visible without such masks"),
		    masks);
}

static bool proc_refused(void)
{
	ino_t user = seen_ns("user");

	if (!is_mount_of("proc"))
		return false;
	if (user && seen_owner("pid") != user)
		return hint(N_("the PID namespace belongs to another user namespace; "
			       "a new one has to be made too: --pid --fork"));
	return proc_is_masked();
}

static bool binfmt_refused(void)
{
	char release[65];

	return is_mount_of("binfmt_misc") && seen_ns("user") && !seen_outermost() &&
	       seen_before(6, 7, release) &&
	       hint(N_("binfmt_misc can be mounted in a user namespace from Linux 6.7 on; this is %s"),
		    release);
}

static bool root_has_no_propagation(void)
{
	return (told_failed.arg & (MS_PRIVATE | MS_SLAVE | MS_SHARED)) && seen_chroot() &&
	       hint(N_("the root directory is a chroot and no mount point: bind it on itself before the chroot "
		       "(mount --bind DIR DIR), or use --propagation unchanged"));
}

static bool bind_is_shared(void)
{
	struct seen_mount m;

	return (told_failed.arg & MS_BIND) && is_mount_of("mnt") &&
	       seen_mount_of(told_failed.path, &m) && m.shared &&
	       hint(N_("%s is on %s, a shared mount, where a mount namespace cannot be bound; "
		       "mount --make-private %s, or choose another place"),
		    told_failed.path, m.target, m.target);
}

/* ---- ids ---- */

/* What can be done depends on whose user namespace it is, and on what the tool leaves to choose. */
static const struct id_hints {
	const char *denied;   /* setgroups(2) */
	const char *no_map;   /* the same of each ID, and NULL: that is not looked at */
	const char *unmapped; /* of an ID and a map */
} own_ids = {
	.denied = N_("setgroups is denied in this user namespace, by --setgroups or for a group map "
		     "of a single ID; map groups with --map-groups or --map-auto to have it"),
	.unmapped = N_("ID %lu is not in /proc/self/%s; map it, or choose one that is mapped"),
}, joined_ids = { /* by who can leave them as they are */
	.denied = N_("setgroups is denied in the user namespace, and the groups could not be dropped outside; "
		     "leave them, and the IDs, as they are: --preserve-credentials"),
	.no_map = N_("the user namespace has no map yet, so no ID can be set there; "
		     "leave groups and IDs as they are: --preserve-credentials"),
	.unmapped = N_("ID %lu is not in the %s of the user namespace; choose one that is (--setuid, --setgid), "
		       "or leave the IDs as they are: --preserve-credentials"),
}, chosen_ids = { /* the same by who can choose no more than which */
	.denied = N_("setgroups is denied in the user namespace that is joined, and the groups could not be "
		     "dropped outside; xnsenter --preserve-credentials leaves them as they are"),
	.no_map = N_("the user namespace that is joined has no map yet, so no ID can be set there"),
	.unmapped = N_("ID %lu is not in the %s of the user namespace that is joined; "
		       "choose one that is (--setuid, --setgid)"),
};

static const struct id_hints *id_hints(void)
{
	return !joins_user ? &own_ids : ids_change ? &chosen_ids : &joined_ids;
}

static bool id_is_unmapped(void)
{
	const char *map = is_call("setuid") ? "uid_map" : "gid_map";
	const char *no_map = id_hints()->no_map;

	if (no_map && seen_empty(open_map(map)))
		return hint("%s", _(no_map));
	return !is_mapped(map, told_failed.arg) && hint(id_hints()->unmapped, told_failed.arg, map);
}

static bool groups_denied(void)
{
	const struct id_hints *h = id_hints();

	if (setgroups_denied())
		return hint("%s", _(h->denied));
	return h->no_map && seen_empty(open_map("gid_map")) && hint("%s", _(h->no_map));
}

/* The words are told_failed.type: one deny, or allow, or the lines of a map. */

static bool setgroups_too_late(void)
{
	if (!is_file("setgroups"))
		return false;
	if (setgroups_denied())
		return hint(N_("setgroups is denied in this user namespace already, and stays so"));
	return strcmp(told_failed.type, "deny") == 0 && !seen_empty(open_map("gid_map")) &&
	       hint(N_("setgroups can be denied only before the group map is written, "
		       "and only in a new user namespace (--user)"));
}

/*
 * What the kernel asks for is CAP_SETFCAP of who made the user namespace. In that we have all of them
 * again; but the process that started us could have given it only if its bounding set has it.
 */
static bool lacks_setfcap(bool inside)
{
	unsigned long long caps;
	char file[32], bounds[20];

	if (!inside)
		return !cred_has(CAP_SETFCAP);
	snprintf(file, sizeof(file), "/proc/%d/status", getppid());
	return seen_status(file, "CapBnd:", bounds, sizeof(bounds)) &&
	       sscanf(bounds, "%llx", &caps) == 1 && !(caps >> CAP_SETFCAP & 1);
}

/* Whoever writes a map from outside is in the user namespace that the outer IDs are of. */
static bool map_breaks_rules(void)
{
	const char *map = is_file("gid_map") ? "gid_map" : "uid_map";
	bool inside = is_map() && strncmp(told_failed.path, "/proc/self/", 11) == 0;
	unsigned int outer, count;
	int n;

	if (!is_map())
		return false;
	for (const char *p = told_failed.type; sscanf(p, "%*u %u %u%n", &outer, &count, &n) == 2;
	     p += n) {
		if (!inside && (!is_mapped(map, outer) || !is_mapped(map, outer + count - 1)))
			return hint(N_("an ID of the map is not mapped in this user namespace: %u"),
				    is_mapped(map, outer) ? outer + count - 1 : outer);
		if (outer == 0 && lacks_setfcap(inside))
			return hint(
				N_("ID 0 of this user namespace is to be mapped, and %s is missing"),
				"CAP_SETFCAP");
	}
	return false;
}

static bool clock_out_of_range(void)
{
	return is_file("timens_offsets") &&
	       hint(N_("with an offset, a clock of a time namespace may not be negative, nor pass 146 years"));
}

/* ---- setns ---- */

/* That of the children, of a process that has made one and no child in it. */
static bool is_without_first(const char *name)
{
	struct stat st;

	return told_failed.err == ENOENT && target_dir >= 0 &&
	       strcmp(name, "ns/pid_for_children") == 0 &&
	       fstatat(target_dir, "ns/pid", &st, 0) == 0 &&
	       hint(N_("the target's next child will be the first process of a PID namespace, "
		       "and before there is one it cannot be joined"));
}

/* A file below /proc/PID could not be opened; the directory is told_failed.fd. */
static bool target_refused(void)
{
	target_dir = told_failed.fd;
	return hint_process(told_failed.pid, target_dir, told_failed.err) ||
	       is_without_first(told_failed.type);
}

/* A file that was named and could not be opened: it may be one of a process. */
static bool file_refused(void)
{
	int pid, n = 0;

	if (sscanf(told_failed.path, "/proc/%d/%n", &pid, &n) != 1 || n == 0 || !sys_proc_is_ours())
		return false;
	target_dir = proc_open(pid);
	return hint_process(pid, target_dir, told_failed.err) ||
	       is_without_first(told_failed.path + n);
}

/* The namespace itself, to ask the kernel about it. Return: a descriptor, or -1 with errno */
static int refused_ns(const struct kind *kind)
{
	char name[32];

	if (!told_failed.pid)
		return fcntl(told_failed.fd, F_DUPFD_CLOEXEC, fd_first());
	snprintf(name, sizeof(name), "ns/%s", kind->proc);
	errno = ENOENT;
	return target_dir < 0 ? -1 : fd_above_stdio(openat(target_dir, name, O_RDONLY | O_CLOEXEC));
}

/* What there is instead of a namespace; NULL: it cannot be looked up any more. */
static const char *what_is(const char *path)
{
	struct stat st;

	if (sys_left_root() || stat(path, &st) < 0)
		return NULL;
	switch (st.st_mode & S_IFMT) {
	case S_IFREG:
		return N_("a plain file");
	case S_IFDIR:
		return N_("a directory");
	case S_IFIFO:
		return N_("a FIFO");
	case S_IFSOCK:
		return N_("a socket");
	default:
		return N_("a device");
	}
}

static bool ns_is_wrong(const struct kind *kind, int fd)
{
	int type = ioctl(fd, NS_GET_NSTYPE);
	const struct kind *other = type < 0 || type == kind->flag ? NULL : kind_by_flag(type);
	const char *path = told_failed.path, *what;

	if (type < 0 && errno == ENOTTY) {
		what = what_is(path);
		return what ? hint(N_("%s is no namespace, but %s"), path, _(what))
			    : hint(N_("%s is no namespace"), path);
	}
	if (other)
		return hint(N_("%s is a namespace of another kind, %s"), path, other->name);
	if (kind->flag == CLONE_NEWUSER && seen_is(fd, own_user()))
		return hint(N_(
			"it is the user namespace that this process is in, which cannot be joined again; "
			"leave out --user or --user-parent"));
	return kind->flag == CLONE_NEWPID && seen_ns("pid") && !seen_below(fd, seen_ns("pid")) &&
	       hint(N_("the PID namespace is not below ours, and so cannot be joined from here"));
}

/* Who has a capability here has it in each user namespace below, as has the owner of one right below. */
static bool may_join_user(int fd, uid_t owner)
{
	cleanup_close int parent = ioctl(fd, NS_GET_PARENT);
	ino_t ours = own_user();

	return (cred_has(CAP_SYS_ADMIN) && seen_below(fd, ours)) ||
	       (owner == geteuid() && seen_is(parent, ours));
}

static bool ns_is_anothers(const struct kind *kind, int fd)
{
	cleanup_close int owner = ioctl(fd, NS_GET_USERNS);
	bool outside = owner < 0 && errno == EPERM;
	bool admin = cred_has(CAP_SYS_ADMIN);
	ino_t ours = own_user();
	uid_t uid;

	if (kind->flag == CLONE_NEWUSER)
		return ioctl(fd, NS_GET_OWNER_UID, &uid) == 0 && !may_join_user(fd, uid) &&
		       hint(N_("the user namespace was made by user %u; only that user, outside of it, "
			       "and who has CAP_SYS_ADMIN in it may join it"),
			    uid);
	if (outside)
		return hint(N_("the %s namespace belongs to a user namespace outside of ours"),
			    kind->name);
	if (owner >= 0 && ours && !admin && !seen_is(owner, ours))
		return hint(
			N_("the %s namespace belongs to another user namespace; join that one too: --user, or --user-parent"),
			kind->name);
	if (owner >= 0 && ours && !admin)
		return hint(
			N_("the %s namespace belongs to our own user namespace, where %s is missing"),
			kind->name, "CAP_SYS_ADMIN");
	return kind->flag == CLONE_NEWNS && !cred_has(CAP_SYS_CHROOT) &&
	       hint(N_("%s is missing"), "CAP_SYS_CHROOT");
}

static bool setns_refused(void)
{
	const struct kind *kind = kind_by_flag((int)told_failed.arg);
	cleanup_close int fd = -1;

	if (told_failed.err == ESRCH)
		return hint_process(told_failed.pid, target_dir, ESRCH);
	if (!kind)
		return false;
	fd = refused_ns(kind);
	if (fd < 0)
		return told_failed.pid && told_failed.err == EPERM &&
		       hint_process(told_failed.pid, target_dir, errno);
	return told_failed.err == EINVAL ? ns_is_wrong(kind, fd) : ns_is_anothers(kind, fd);
}

/*
 * Whether the kernel shows us every namespace: to CAP_SYS_ADMIN of the initial user namespace in the
 * initial PID namespace it does.
 */
static bool may_see_all(void)
{
	return seen_ns("pid") == PROC_PID_INIT_INO && seen_outermost() && cred_has(CAP_SYS_ADMIN);
}

/* Before Linux 6.19 nsfs wants more than the id, which it does not say by another error. */
static bool id_not_found(void)
{
	char release[65];

	if (seen_before(6, 19, release))
		return hint(
			N_("a namespace can be opened by its id from Linux 6.19 on; this is %s"),
			release);
	return !may_see_all() &&
	       hint(N_("from here only namespaces that this process is in can be opened by their id: the others "
		       "are shown to root of the initial PID and user namespace alone"));
}

/* ---- any call ---- */

static bool right_is_missing(void)
{
	static const struct {
		const char *calls;
		int cap;
		const char *name;
		bool bare; /* nothing gives it for this */
	} rights[] = {
		{ "unshare clone3 mount umount2 sethostname setdomainname", CAP_SYS_ADMIN,
		  "CAP_SYS_ADMIN", false },
		{ "chroot", CAP_SYS_CHROOT, "CAP_SYS_CHROOT", false },
		{ "setgroups setgid", CAP_SETGID, "CAP_SETGID", true },
		{ "setuid", CAP_SETUID, "CAP_SETUID", true },
		{ "ioctl sendto", CAP_NET_ADMIN, "CAP_NET_ADMIN", true },
	};

	if (is_call("unshare clone3") && (told_failed.arg & CLONE_NEWUSER))
		return false; /* which takes none */
	if (is_file("timens_offsets") && !cred_has(CAP_SYS_TIME))
		return hint(N_("%s is missing"), "CAP_SYS_TIME");
	for (size_t i = 0; i < ARRAY_SIZE(rights); i++) {
		bool asked = is_call(rights[i].calls) || (i == 0 && is_file("setgroups"));

		if (!asked || cred_has(rights[i].cap))
			continue;
		return rights[i].bare || joins_user
			       ? hint(N_("%s is missing"), rights[i].name)
			       : hint(N_("%s is missing; --map-root-user gives it in a new user namespace"),
				      rights[i].name);
	}
	return false;
}

/* AppArmor answers with EACCES, or as if a capability were missing; SELinux with EACCES. */
static bool is_confined(void)
{
	char label[256];

	if (!seen_label(label, sizeof(label)) || strstr(label, "unconfined") ||
	    (told_failed.err == EPERM && !strstr(label, " (enforce)")))
		return false;
	return hint(
		N_("this process is confined as %s (/proc/self/attr/current), which may refuse this"),
		label);
}

static bool seccomp_filters(void)
{
	char mode[8];

	return seen_status("/proc/self/status", "Seccomp:", mode, sizeof(mode)) &&
	       strcmp(mode, "2") == 0 &&
	       hint(N_("a seccomp filter is in force (Seccomp: 2 in /proc/self/status), as container managers set one; "
		       "it may refuse this call"));
}

/* ---- the table ---- */

enum { REFUSED = HINT_REFUSED, ANY = HINT_ANY };

/* Calls that a capability is for. Files are opened as anybody's, but those of /proc. */
#define PRIVILEGED                                                                          \
	"unshare clone3 setns mount umount2 fsopen fsconfig fsmount open_tree move_mount "  \
	"pivot_root chroot sethostname setdomainname ioctl sendto setgroups setgid setuid " \
	"setresgid setresuid write"

/* In this order. */
static const struct hint_reason reasons[] = {
	{ "unshare clone3", ENOSPC, limit_reached },
	{ "unshare clone3", EUSERS, limit_reached },
	{ "unshare clone3", REFUSED, userns_refused },
	{ "clone3", REFUSED, tid_refused },
	{ "clone3", ENOSYS, clone3_hidden },
	{ "clone3", E2BIG, clone3_old },
	{ "clone3", EINVAL, tid_too_high },
	{ "clone3", EEXIST, tid_in_use },
	{ "clone3", EBUSY, cgroup_has_controllers },
	{ "clone3", EBADF, cgroup_is_none },
	{ "clone3", EOPNOTSUPP, cgroup_is_threaded },
	{ "fork", ENOMEM, no_first_process },
	{ PRIVILEGED " openat", REFUSED, userns_restricted },
	{ "mount fsmount", REFUSED, proc_refused },
	{ "mount", REFUSED, binfmt_refused },
	{ "mount", EINVAL, root_has_no_propagation },
	{ "mount", EINVAL, bind_is_shared },
	{ "setgid setuid", EINVAL, id_is_unmapped },
	{ "setgroups", REFUSED, groups_denied },
	{ "write", REFUSED, setgroups_too_late },
	{ "write", REFUSED, map_breaks_rules },
	{ "write", ERANGE, clock_out_of_range },
	{ "setns", ESRCH, setns_refused },
	{ "setns", EINVAL, setns_refused },
	{ "setns", REFUSED, setns_refused },
	{ "execve", ANY, whynot },
	{ "target", ANY, target_refused },
	{ "file", ANY, file_refused },
	{ "open_by_handle_at", ESTALE, id_not_found },
	{ PRIVILEGED " openat", REFUSED, right_is_missing },
	{ PRIVILEGED, REFUSED, is_confined },
	{ "unshare clone3", REFUSED, seccomp_filters },
};

bool hint_by(const struct hint_reason *r, size_t n)
{
	bool refused = told_failed.err == EPERM || told_failed.err == EACCES;

	for (; told_failed.call && n > 0; r++, n--)
		if ((r->err == REFUSED ? refused : r->err == ANY || r->err == told_failed.err) &&
		    is_call(r->calls) && r->found())
			return true;
	return false;
}

void hint_failed_call(void)
{
	hint_by(reasons, ARRAY_SIZE(reasons));
}
