/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#include "cli.h"
#include "compat.h"
#include "cred.h"
#include "exec.h"
#include "fd.h"
#include "hint.h"
#include "own.h"
#include "sys.h"
#include "told.h"

/* ---- evidence ---- */

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

/*
 * Evidence is read from /proc as long as it is ours: what others put there could lie, and a FIFO
 * would hold us.
 */
static int open_here(const char *path)
{
	if (sys_proc_is_ours())
		return open(path, O_RDONLY | O_CLOEXEC);
	errno = 0;
	return -1;
}

static FILE *fopen_here(const char *path)
{
	int fd = open_here(path);

	return fd < 0 ? NULL : fdopen(fd, "r");
}

/* Opens uid_map, gid_map or setgroups of the user namespace we are in. Return: a descriptor, or -1 */
static int open_map(const char *name)
{
	char path[40];

	if (targets_maps && target_dir >= 0)
		return openat(target_dir, name, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/self/%s", name);
	return open_here(path);
}

/* The number in a file of /proc/sys. Return: false if there is no such file. */
static bool read_setting(const char *path, long *value)
{
	cleanup_file FILE *f = fopen_here(path);

	return f && fscanf(f, "%ld", value) == 1;
}

/* Field @name ("Seccomp:") of /proc/self/status, as text. */
static bool read_status(const char *name, char *value, size_t size)
{
	cleanup_file FILE *f = fopen_here("/proc/self/status");
	char line[512];

	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, name, strlen(name)) == 0) {
			const char *v = line + strlen(name);

			v += strspn(v, " \t");
			snprintf(value, size, "%.*s", (int)strcspn(v, "\n"), v);
			return true;
		}
	return false;
}

/* True if / is no mount point, as it is after chroot into a plain directory. False says nothing. */
static bool root_is_no_mount(void)
{
	struct statx st;

	return statx(AT_FDCWD, "/", 0, 0, &st) == 0 &&
	       (st.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) &&
	       !(st.stx_attributes & STATX_ATTR_MOUNT_ROOT);
}

/* Whether the inner side of @map ("uid_map") holds @id; false also where it is empty. */
static bool is_mapped(const char *map, unsigned long id)
{
	return cred_is_mapped(open_map(map), id); /* true: no evidence that it is not */
}

/* Whether the map is there and holds nothing. */
static bool map_is_empty(const char *map)
{
	char byte;
	cleanup_close int fd = open_map(map);

	return fd >= 0 && read(fd, &byte, 1) == 0;
}

static bool setgroups_denied(void)
{
	char word[8] = "";
	cleanup_close int fd = open_map("setgroups");

	return fd >= 0 && read(fd, word, sizeof(word) - 1) > 0 && strncmp(word, "deny", 4) == 0;
}

/* The inode number of /proc/self/ns/@kind's owner, or of the namespace itself. */
static ino_t ns_inode(const char *kind, bool owner)
{
	char path[40];
	struct stat st;
	cleanup_close int fd = -1;
	cleanup_close int ns = -1;

	snprintf(path, sizeof(path), "/proc/self/ns/%s", kind);
	fd = open_here(path);
	if (owner && fd >= 0)
		ns = ioctl(fd, NS_GET_USERNS); /* EPERM: it is one of our ancestors' */
	return fstat(owner ? ns : fd, &st) == 0 ? st.st_ino : 0;
}

void hint_before_joining(void)
{
	own_user_ns = ns_inode("user", false);
}

/* The user namespace we are in, 0: not known. */
static ino_t own_user(void)
{
	return sys_proc_is_ours() ? ns_inode("user", false) : own_user_ns;
}

/*
 * One line of /proc/self/mountinfo, of the fields that are needed here; the path's octal escapes
 * stand as they are.
 * Return: false at the end.
 */
struct mount_line {
	char target[1024];
	char type[64];
	bool shared;
};

static bool next_mount(FILE *f, struct mount_line *m)
{
	static char line[8192];
	char *dash;

	do {
		if (!fgets(line, sizeof(line), f))
			return false;
		dash = strstr(line, " - ");
	} while (!dash || sscanf(line, "%*s %*s %*s %*s %1023s", m->target) != 1 ||
		 sscanf(dash, " - %63s", m->type) != 1);
	*dash = '\0';
	m->shared = strstr(line, " shared:") != NULL;
	return true;
}

static bool is_call(const char *name)
{
	return strcmp(told_failed.call, name) == 0;
}

/* ---- unshare, clone ---- */

static bool hint_seccomp(void)
{
	char mode[8];

	return read_status("Seccomp:", mode, sizeof(mode)) && strcmp(mode, "2") == 0 &&
	       hint(N_("a seccomp filter is in force (Seccomp: 2 in /proc/self/status), as container managers set one; "
		       "it may refuse this call"));
}

static void hint_userns_refused(void)
{
	/* settings that forbid user namespaces to some or all */
	static const struct {
		const char *path;
		long forbids;
		const char *msgid;
	} settings[] = {
		{ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 1,
		  N_("%s is %ld: AppArmor lets only programs with a profile that says so make user namespaces; "
		     "an administrator can add a profile or set it to 0") },
		{ "/proc/sys/kernel/unprivileged_userns_clone", 0,
		  N_("%s is %ld: only root may make user namespaces; an administrator can set it to 1") },
		{ "/proc/sys/user/max_user_namespaces", 0,
		  N_("%s is %ld: no user namespace may be made; an administrator can raise it") },
	};
	bool found = false;
	long value;

	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		if (read_setting(settings[i].path, &value) && value == settings[i].forbids)
			found = hint(settings[i].msgid, settings[i].path, value);
	if (root_is_no_mount())
		found = hint(N_(
			"the root directory is a chroot, where the kernel allows no new user namespace; "
			"enter it by pivot_root(2) instead"));
	if (!is_mapped("uid_map", geteuid()) || !is_mapped("gid_map", getegid()))
		found = hint(N_(
			"this process's user or group ID is not mapped in its own user namespace, "
			"which a new one needs; map it with --map-current-user or --map-root-user there"));
	if (!found)
		hint_seccomp();
}

static void hint_unshare(void)
{
	if (told_failed.err != EPERM)
		return;
	if (told_failed.arg & CLONE_NEWUSER)
		hint_userns_refused();
	else if (cred_has(CAP_SYS_ADMIN))
		hint_seccomp();
	else
		hint(N_("CAP_SYS_ADMIN is missing; --map-root-user gives it in a new user namespace"));
}

/* clone3(2) with what only it has; for the rest it is unshare(2). */
static void hint_clone(void)
{
	static const struct {
		int err;
		const char *msgid;
	} reasons[] = {
		{ ENOSYS,
		  N_("--clone needs clone3(2), from Linux 5.3 on; a seccomp filter can hide it") },
		{ EEXIST, N_("the PID of --set-tid is in use") },
		{ E2BIG, N_("--set-tid needs Linux 5.5, --into-cgroup Linux 5.7") },
		{ EBUSY,
		  N_("the cgroup of --into-cgroup has controllers for its children (cgroup.subtree_control), "
		     "so that no process can be in it: choose one below") },
		{ EBADF, N_("the directory of --into-cgroup is not in a cgroup2 file system") },
		{ EOPNOTSUPP, N_("the cgroup of --into-cgroup is a threaded one or below one") },
	};

	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
		if (told_failed.err == reasons[i].err)
			hint("%s", _(reasons[i].msgid));
	hint_unshare(); /* which knows others */
}

/* How many PID namespaces this process stands below that of /proc. */
static int pid_depth(void)
{
	char pids[512];
	int depth = 0;

	if (!read_status("NSpid:", pids, sizeof(pids)))
		return 0;
	for (const char *p = pids; *p; p++)
		depth += *p == '\t';
	return depth;
}

/* Whether a namespace of kinds[i] was asked for, and the file @path (64 bytes) limits how many there are. */
static bool is_limited(int i, char *path, long *value)
{
	snprintf(path, 64, "/proc/sys/user/%s", kinds[i].limit);
	return (told_failed.arg & (unsigned long)kinds[i].flag) && read_setting(path, value);
}

static void hint_limit(void)
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
	if (found)
		return;
	for (int i = 0; i < KIND_COUNT; i++)
		if (is_limited(i, path, &value))
			hint(kinds[i].flag & (CLONE_NEWUSER | CLONE_NEWPID) ? nested : flat, path,
			     value);
}

/*
 * Whether the PID namespace that our children get has lost its first process: it is not our own,
 * and it has no PID 1 (before Linux 6.11 nothing tells, and the first is taken as evidence).
 */
static bool pidns_is_dead(void)
{
	cleanup_close int fd = open_here("/proc/self/ns/pid_for_children");

	if (fd < 0) /* and not for want of a /proc that shows us */
		return errno == ENOENT && ns_inode("pid", false);
	if (ns_inode("pid_for_children", false) == ns_inode("pid", false))
		return false;
	return ioctl(fd, NS_GET_PID_FROM_PIDNS, 1) < 0;
}

static void hint_fork(void)
{
	if (told_failed.err == ENOMEM && pidns_is_dead())
		hint(N_("the PID namespace is dead: its first process has ended, and no other can start in it"));
}

/* ---- mount ---- */

/* Mounts on directories that are made to be mount points, and hold nothing, hide nothing. */
static bool hides_nothing(const char *target)
{
	return strcmp(target, "/proc/sys/fs/binfmt_misc") == 0 ||
	       strcmp(target, "/proc/fs/nfsd") == 0;
}

/* All that is mounted below /proc and hides a part of it, in one line, as far as it fits. */
static void hint_masked_proc(void)
{
	FILE *f = fopen_here("/proc/self/mountinfo");
	struct mount_line m;
	char masks[1024];
	size_t len = 0;

	while (f && next_mount(f, &m)) {
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
	if (len > 0)
		hint(N_("mounts hide parts of /proc:%s; a user namespace may mount a new proc only where "
			"one is visible without such masks"),
		     masks);
}

static void hint_mount_proc(void)
{
	ino_t user = ns_inode("user", false);
	ino_t owner = ns_inode("pid", true);

	if (user && owner != user)
		hint(N_("the PID namespace belongs to another user namespace; "
			"a new one has to be made too: --pid --fork"));
	else
		hint_masked_proc();
}

/*
 * The mount that @path is on, by the longest target that starts it. The stream is closed by hand, as
 * above: gcc 12's analyzer sees no owner across a loop.
 */
static bool mount_of(const char *path, struct mount_line *found)
{
	FILE *f = fopen_here("/proc/self/mountinfo");
	cleanup_free char *real = realpath(path, NULL);
	struct mount_line m;
	size_t best = 0;

	while (f && real && next_mount(f, &m)) {
		size_t len = strcmp(m.target, "/") == 0 ? 0 : strlen(m.target);

		if (strncmp(real, m.target, len) == 0 && (real[len] == '/' || real[len] == '\0') &&
		    len >= best) {
			*found = m;
			best = len;
		}
	}
	if (f)
		fclose(f);
	return best > 0 || (found->target[0] == '/');
}

static void hint_bind_shared(void)
{
	struct mount_line m = { .target = "" };

	if (mount_of(told_failed.path, &m) && m.shared)
		hint(N_("%s is on %s, a shared mount, where a mount namespace cannot be bound; "
			"mount --make-private %s, or choose another place"),
		     told_failed.path, m.target, m.target);
}

static void hint_mount(void)
{
	unsigned long propagation = MS_PRIVATE | MS_SLAVE | MS_SHARED;

	if (told_failed.err == EPERM && told_failed.type && strcmp(told_failed.type, "proc") == 0)
		hint_mount_proc();
	else if (told_failed.err == EINVAL && (told_failed.arg & propagation) && root_is_no_mount())
		hint(N_("the root directory is a chroot and no mount point: bind it on itself before the chroot "
			"(mount --bind DIR DIR), or use --propagation unchanged"));
	else if (told_failed.err == EINVAL && (told_failed.arg & MS_BIND))
		hint_bind_shared();
}

/* ---- ids ---- */

/* What can be done depends on whose user namespace it is, and on what the tool leaves to choose. */
static const struct id_hints {
	const char *denied;   /* setgroups(2) */
	const char *no_map;   /* the same, and NULL: that is not looked at */
	const char *unmapped; /* of an ID and a map */
	bool rights;	      /* a capability may be missing */
} own_ids = {
	.denied = N_("setgroups is denied in this user namespace, by --setgroups or for a group map "
		     "of a single ID; map groups with --map-groups or --map-auto to have it"),
	.unmapped = N_("ID %lu is not in /proc/self/%s; map it, or choose one that is mapped"),
	.rights = true,
}, joined_ids = { /* by who can leave them as they are */
	.denied = N_("setgroups is denied in the user namespace, and the groups could not be dropped outside; "
		     "leave them, and the IDs, as they are: --preserve-credentials"),
	.no_map = N_("the user namespace has no map yet, so no group can be set there; "
		     "leave groups and IDs as they are: --preserve-credentials"),
	.unmapped = N_("ID %lu is not in the %s of the user namespace; choose one that is (--setuid, --setgid), "
		       "or leave the IDs as they are: --preserve-credentials"),
	.rights = true,
}, chosen_ids = { /* the same by who can choose no more than which */
	.denied = N_("setgroups is denied in the user namespace that is joined, and the groups could not be "
		     "dropped outside; xnsenter --preserve-credentials leaves them as they are"),
	.no_map = N_("the user namespace that is joined has no map yet, so no ID can be set there"),
	.unmapped = N_("ID %lu is not in the %s of the user namespace that is joined; "
		       "choose one that is (--setuid, --setgid)"),
};

static void hint_ids(void)
{
	const struct id_hints *h = !joins_user ? &own_ids : ids_change ? &chosen_ids : &joined_ids;
	bool users = is_call("setuid"), groups = is_call("setgroups");
	const char *map = users ? "uid_map" : "gid_map";

	if (told_failed.err == EINVAL && !groups && !is_mapped(map, told_failed.arg))
		hint(h->unmapped, told_failed.arg, map);
	if (told_failed.err != EPERM)
		return;
	if (groups && setgroups_denied())
		hint("%s", _(h->denied));
	else if (groups && h->no_map && map_is_empty(map))
		hint("%s", _(h->no_map));
	else if (h->rights && !cred_has(users ? CAP_SETUID : CAP_SETGID))
		hint(N_("%s is missing"), users ? "CAP_SETUID" : "CAP_SETGID");
}

/* Rules of user_namespaces(7) that a writer of a map can break. */
static void hint_map(void)
{
	const char *file = strrchr(told_failed.path, '/') + 1;
	bool groups = strcmp(file, "gid_map") == 0;

	if (strcmp(file, "setgroups") == 0) {
		if (told_failed.err == EPERM && setgroups_denied())
			hint(N_("setgroups is denied in this user namespace already, and stays so"));
		else if (told_failed.err == EPERM)
			hint(N_("setgroups can be denied only before the group map is written, "
				"and only in a new user namespace (--user)"));
		return;
	}
	if (strcmp(file, "uid_map") != 0 && !groups)
		return;
	if (told_failed.err == EPERM && !cred_has(groups ? CAP_SETGID : CAP_SETUID))
		hint(N_("without %s outside, a map may have one line, of one ID, one's own; "
			"more needs newuidmap and newgidmap, and entries in /etc/subuid and /etc/subgid"),
		     groups ? "CAP_SETGID" : "CAP_SETUID");
	else if (told_failed.err == EPERM)
		hint(N_("an ID of the map is not mapped in this user namespace, or its ID 0 is to be mapped "
			"without CAP_SETFCAP"));
	else if (told_failed.err == EINVAL)
		hint(N_("ranges overlap, or go past 4294967294"));
}

static void hint_timens(void)
{
	if (told_failed.err == ERANGE)
		hint(N_("with an offset, a clock of a time namespace may not be negative, nor pass 146 years"));
}

/* ---- setns ---- */

/* Opens a file of the target. Return: a descriptor, or -1 with errno */
static int open_target(const char *name)
{
	errno = 0;
	return target_dir < 0 ? -1 : openat(target_dir, name, O_RDONLY | O_CLOEXEC);
}

/* The namespace itself, to ask the kernel about it. Return: a descriptor, or -1 with errno */
static int refused_ns(const struct kind *kind)
{
	char name[32];

	if (!told_failed.pid)
		return fcntl(told_failed.fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	snprintf(name, sizeof(name), "ns/%s", kind->proc);
	return open_target(name);
}

static bool is_inode_of(int fd, ino_t inode)
{
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 && st.st_ino == inode;
}

static void hint_setns_einval(const struct kind *kind, int fd)
{
	int type = ioctl(fd, NS_GET_NSTYPE);
	const struct kind *other = type < 0 || type == kind->flag ? NULL : kind_by_flag(type);

	if (type < 0 && errno == ENOTTY)
		hint(N_("%s is no namespace"), told_failed.path);
	else if (other)
		hint(N_("%s is a namespace of another kind, %s"), told_failed.path, other->name);
	else if (kind->flag == CLONE_NEWUSER && is_inode_of(fd, own_user()))
		hint(N_("it is the user namespace that this process is in, which cannot be joined again; "
			"leave out --user or --user-parent"));
}

static void hint_setns_eperm(const struct kind *kind, int fd)
{
	cleanup_close int owner = ioctl(fd, NS_GET_USERNS);
	bool outside = owner < 0 && errno == EPERM;
	ino_t ours = own_user();
	uid_t uid;

	if (kind->flag == CLONE_NEWUSER) {
		if (ioctl(fd, NS_GET_OWNER_UID, &uid) == 0)
			hint(N_("the user namespace was made by user %u; only that user, outside of it, "
				"and who has CAP_SYS_ADMIN in it may join it"),
			     uid);
		return;
	}
	if (outside)
		hint(N_("the %s namespace belongs to a user namespace outside of ours"),
		     kind->name);
	else if (owner >= 0 && ours && !is_inode_of(owner, ours))
		hint(N_("the %s namespace belongs to another user namespace; join that one too: --user, or --user-parent"),
		     kind->name);
	else if (owner >= 0 && ours && !cred_has(CAP_SYS_ADMIN))
		hint(N_("the %s namespace belongs to our own user namespace, where %s is missing"),
		     kind->name, "CAP_SYS_ADMIN");
	else if (kind->flag == CLONE_NEWNS && !cred_has(CAP_SYS_CHROOT))
		hint(N_("%s is missing"), "CAP_SYS_CHROOT");
}

static bool hint_zombie(void)
{
	char line[256] = "";
	const char *end;
	cleanup_close int fd = open_target("stat");

	if (fd < 0 || read(fd, line, sizeof(line) - 1) <= 0)
		return false;
	end = strrchr(line, ')'); /* the name before it can hold anything */
	if (!end || strncmp(end, ") Z", 3) != 0)
		return false;
	return hint(N_("process %d is a zombie: it has ended, and its namespaces are gone with it"),
		    atoi(line));
}

/* setns(2) of a pidfd asks for what reading the process asks for, too. */
static void hint_unreadable(void)
{
	struct stat st;

	if (fstat(target_dir, &st) == 0)
		hint(N_("process %d, of user %u, may not be looked into from here; "
			"that takes its user's rights and capabilities, or CAP_SYS_PTRACE"),
		     told_failed.pid, st.st_uid);
}

/* A file below /proc/PID could not be opened. */
static void hint_target(void)
{
	struct stat st;

	target_dir = told_failed.fd;
	if (hint_zombie())
		return;
	if (told_failed.err == ENOENT && strcmp(told_failed.type, "ns/pid_for_children") == 0 &&
	    fstatat(target_dir, "ns/pid", &st, 0) == 0)
		hint(N_("the target's next child will be the first process of a PID namespace, "
			"and before there is one it cannot be joined"));
}

static void hint_setns(void)
{
	const struct kind *kind = kind_by_flag((int)told_failed.arg);
	cleanup_close int fd = -1;

	if (told_failed.err == ESRCH)
		hint_zombie();
	if (!kind || (told_failed.err != EINVAL && told_failed.err != EPERM))
		return;
	fd = refused_ns(kind);
	if (fd < 0 && errno == EACCES && told_failed.err == EPERM)
		hint_unreadable();
	else if (fd >= 0 && told_failed.err == EINVAL)
		hint_setns_einval(kind, fd);
	else if (fd >= 0)
		hint_setns_eperm(kind, fd);
}

/*
 * Whether the kernel shows us every namespace: to CAP_SYS_ADMIN of the initial user namespace in the
 * initial PID namespace it does.
 */
static bool may_see_all(void)
{
	return ns_inode("pid", false) == PROC_PID_INIT_INO &&
	       ns_inode("user", false) == PROC_USER_INIT_INO && cred_has(CAP_SYS_ADMIN);
}

/* Before Linux 6.19 nsfs wants more than the id, which it does not say by another error. */
static void hint_nsid(void)
{
	struct utsname kernel;
	int major, minor;

	if (told_failed.err != ESTALE || uname(&kernel) < 0 ||
	    sscanf(kernel.release, "%d.%d", &major, &minor) != 2)
		return;
	if (major < 6 || (major == 6 && minor < 19))
		hint(N_("a namespace can be opened by its id from Linux 6.19 on; this is %s"),
		     kernel.release);
	else if (!may_see_all())
		hint(N_("from here only namespaces that this process is in can be opened by their id: the others "
			"are shown to root of the initial PID and user namespace alone"));
}

/* ---- which one ---- */

void hint_failed_call(void)
{
	static const struct {
		const char *call;
		void (*probe)(void);
	} probes[] = {
		{ "unshare", hint_unshare },
		{ "clone3", hint_clone },
		{ "fork", hint_fork },
		{ "mount", hint_mount },
		{ "setgroups", hint_ids },
		{ "setgid", hint_ids },
		{ "setuid", hint_ids },
		{ "setns", hint_setns },
		{ "open_by_handle_at", hint_nsid },
		{ "target", hint_target },
	};

	if (!told_failed.call)
		return;
	if ((is_call("unshare") || is_call("clone3")) &&
	    (told_failed.err == ENOSPC || told_failed.err == EUSERS))
		hint_limit();
	if (is_call("write") || is_call("openat")) {
		if (strstr(told_failed.path, "timens_offsets"))
			hint_timens();
		else if (strncmp(told_failed.path, "/proc/", 6) == 0)
			hint_map();
	}
	for (size_t i = 0; i < ARRAY_SIZE(probes); i++)
		if (is_call(probes[i].call))
			probes[i].probe();
}

void hint_mapper(const char *program, const char *file, int status)
{
	char path[4096];
	struct stat st;

	if (exec_find(program, path, sizeof(path)) < 0 && errno == EACCES)
		hint(N_("%s is there, and this process may not execute it"), path);
	else if (!*path)
		hint(N_("%s is not installed; it is in the package uidmap (Debian) or shadow (others)"),
		     program);
	else if (stat(path, &st) == 0 && !(st.st_mode & S_ISUID) &&
		 getxattr(path, "security.capability", NULL, 0) <= 0)
		hint(N_("%s is neither set-user-ID root nor has it file capabilities, so it cannot write maps"),
		     path);
	else if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		hint(N_("%s maps only what %s gives to the user, and the user's own ID"), program,
		     file);
}
