/* SPDX-License-Identifier: MIT */
/*
 * xunshare - run a program in new namespaces: its options, then the system calls they mean, in
 * order.
 */
#include "config.h"

#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "child.h"
#include "cli.h"
#include "compat.h"
#include "cred.h"
#include "env.h"
#include "hint.h"
#include "idmap.h"
#include "kind.h"
#include "parse.h"
#include "persist.h"
#include "sys.h"
#include "xunshare-opts.h"

#define BINFMT_DIR "/proc/sys/fs/binfmt_misc"
#define MAX_WORDS 64
#define NONE (-1LL)

enum setgroups { SETGROUPS_UNSET, SETGROUPS_DENY, SETGROUPS_ALLOW };

/* One of the two ID maps, as asked for and as it will be written. */
struct mapping {
	const char *words[MAX_WORDS]; /* --map-users: a range or a keyword each */
	size_t n_words;
	long long single; /* --map-user: the inner ID of the current user, or NONE */
	uint32_t outer;	  /* the current user's ID */
	bool groups;
	struct idmap map;
};

static struct {
	int flags;		      /* CLONE_NEW* */
	const char *file[KIND_COUNT]; /* where the namespace is bound, or NULL */
	bool persist;		      /* any of these */
	bool fork, forward, keep_caps, clear_env;
	int kill_signal; /* 0: none */
	const char *proc, *binfmt, *interp, *root, *wd;
	unsigned long propagation; /* MS_*, 0: unchanged */
	bool propagation_given;
	enum setgroups setgroups;
	struct mapping users, groups;
	bool owner_given;
	uid_t owner_uid;
	gid_t owner_gid;
	long long uid, gid; /* -S, -G, or NONE */
	struct timespec monotonic, boottime;
	bool monotonic_given, boottime_given;
	const char *env_names[MAX_WORDS];
	size_t n_env_names;
} o = {
	.propagation = MS_REC | MS_PRIVATE,
	.users = { .single = NONE },
	.groups = { .single = NONE, .groups = true },
	.uid = NONE,
	.gid = NONE,
};

static pid_t tool_pid;
static struct helper proc_helper = { .ctl = -1 }; /* writes maps */
static struct helper bind_helper = { .ctl = -1 };

/* ---- options ---- */

static void add_word(const char *list[], size_t *n, const char *word)
{
	if (*n == MAX_WORDS)
		die(EXIT_FAILURE, E2BIG, "%s", word);
	list[(*n)++] = word;
}

static bool is_map_keyword(const char *word)
{
	return strcmp(word, "auto") == 0 || strcmp(word, "auto-all") == 0 ||
	       strcmp(word, "subids") == 0 || strcmp(word, "all") == 0;
}

static void add_mapping(struct mapping *m, const char *word)
{
	struct idrange range;

	if (!is_map_keyword(word) && idmap_parse(word, &range) < 0)
		die(EXIT_FAILURE, errno == ERANGE ? ERANGE : 0, N_("invalid mapping '%s'"), word);
	add_word(m->words, &m->n_words, word);
	o.flags |= CLONE_NEWUSER;
}

static void add_mappings(const char *word)
{
	add_mapping(&o.users, word);
	add_mapping(&o.groups, word);
}

/* What parse_X() left in errno, as far as it says more than that the word is wrong. */
static int parse_errno(void)
{
	return errno == EINVAL ? 0 : errno;
}

/* -S and --map-user have two wordings, as the peer has. */
static uid_t get_uid(const char *word, const char *msgid)
{
	uid_t uid;

	if (parse_uid(word, &uid) < 0)
		die(EXIT_FAILURE, parse_errno(), msgid, word);
	return uid;
}

static gid_t get_gid(const char *word, const char *msgid)
{
	gid_t gid;

	if (parse_gid(word, &gid) < 0)
		die(EXIT_FAILURE, parse_errno(), msgid, word);
	return gid;
}

static void map_current(long long uid, long long gid)
{
	o.users.single = uid;
	o.groups.single = gid;
	o.flags |= CLONE_NEWUSER;
}

static unsigned long get_propagation(const char *word)
{
	static const struct {
		const char *name;
		unsigned long flags;
	} modes[] = {
		{ "slave", MS_REC | MS_SLAVE },
		{ "private", MS_REC | MS_PRIVATE },
		{ "shared", MS_REC | MS_SHARED },
		{ "unchanged", 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
		if (strcmp(word, modes[i].name) == 0)
			return modes[i].flags;
	die(EXIT_FAILURE, 0, N_("unsupported propagation mode: %s"), word);
}

static enum setgroups get_setgroups(const char *word)
{
	if (strcmp(word, "allow") == 0)
		return SETGROUPS_ALLOW;
	if (strcmp(word, "deny") == 0)
		return SETGROUPS_DENY;
	die(EXIT_FAILURE, 0, N_("unsupported --setgroups argument '%s'"), word);
}

static struct timespec get_offset(const char *word, const char *msgid)
{
	struct timespec offset;

	if (parse_offset(word, &offset) < 0)
		die(EXIT_FAILURE, parse_errno(), msgid, word);
	return offset;
}

static void set_kill_signal(const char *word)
{
	o.kill_signal = word ? parse_signal(word) : SIGKILL;
	if (o.kill_signal < 0)
		die(EXIT_FAILURE, 0, N_("unknown signal: %s"), word);
	o.fork = true;
}

/*
 * Without a directory of its own, binfmt_misc is mounted below /proc, which then has to be new too.
 */
static void set_binfmt(const char *dir)
{
	o.flags |= CLONE_NEWNS | CLONE_NEWUSER;
	if (dir || !o.binfmt)
		o.binfmt = dir ? dir : BINFMT_DIR;
	if (!dir && !o.proc)
		o.proc = "/proc";
}

static void set_kind(const struct kind *kind, const char *file)
{
	o.flags |= kind->flag;
	if (!file)
		return;
	o.file[kind - kinds] = file;
	o.persist = true;
}

/* Every kind that this kernel has. */
static void set_all_kinds(void)
{
	char path[64];

	for (int i = 0; i < KIND_COUNT; i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i].proc);
		if (access(path, F_OK) == 0 || errno != ENOENT)
			o.flags |= kinds[i].flag;
	}
}

static void set_user_option(int id, const char *arg)
{
	switch (id) {
	case 'S':
		o.uid = get_uid(arg, N_("failed to parse uid: '%s'"));
		break;
	case 'G':
		o.gid = get_gid(arg, N_("failed to parse gid: '%s'"));
		break;
	case 'r':
		map_current(0, 0);
		break;
	case 'c':
		map_current(geteuid(), getegid());
		break;
	case OPT_MAP_USER:
		map_current(get_uid(arg, N_("failed to parse uid '%s'")), o.groups.single);
		break;
	case OPT_MAP_GROUP:
		map_current(o.users.single, get_gid(arg, N_("failed to parse gid '%s'")));
		break;
	case OPT_MAP_USERS:
		add_mapping(&o.users, arg);
		break;
	case OPT_MAP_GROUPS:
		add_mapping(&o.groups, arg);
		break;
	case OPT_MAP_AUTO:
		add_mappings("auto");
		break;
	case OPT_MAP_SUBIDS:
		add_mappings("subids");
		break;
	case OPT_OWNER:
		if (parse_owner(arg, &o.owner_uid, &o.owner_gid) < 0)
			die(EXIT_FAILURE, parse_errno(), N_("failed to parse owner: '%s'"), arg);
		o.owner_given = true;
		o.flags |= CLONE_NEWUSER;
		break;
	case OPT_SETGROUPS:
		o.setgroups = get_setgroups(arg);
		break;
	default: /* OPT_KEEP_CAPS */
		o.keep_caps = true;
	}
}

static void set_option(int id, const char *arg)
{
	switch (id) {
	case 'a':
		set_all_kinds();
		break;
	case 'f':
		o.fork = true;
		break;
	case OPT_FORWARD_SIGNALS:
		o.fork = o.forward = true;
		break;
	case OPT_KILL_CHILD:
		set_kill_signal(arg);
		break;
	case OPT_MOUNT_PROC:
		o.flags |= CLONE_NEWNS;
		o.proc = arg ? arg : "/proc";
		break;
	case OPT_MOUNT_BINFMT:
		set_binfmt(arg);
		break;
	case 'l':
		if (!o.binfmt)
			set_binfmt(NULL);
		o.interp = arg;
		break;
	case OPT_PROPAGATION:
		o.propagation = get_propagation(arg);
		o.propagation_given = true;
		break;
	case 'R':
		o.root = arg;
		break;
	case 'w':
		o.wd = arg;
		break;
	case OPT_MONOTONIC:
		o.monotonic = get_offset(arg, N_("failed to parse monotonic offset: '%s'"));
		o.monotonic_given = true;
		break;
	case OPT_BOOTTIME:
		o.boottime = get_offset(arg, N_("failed to parse boottime offset: '%s'"));
		o.boottime_given = true;
		break;
	case OPT_WHITELIST_ENV:
		add_word(o.env_names, &o.n_env_names, arg);
		o.clear_env = true;
		break;
	case OPT_CLEAR_ENV:
		o.clear_env = true;
		break;
	case OPT_DRY_RUN:
		sys_set_mode(SYS_TELL);
		break;
	case 'x':
		if (!sys_telling())
			sys_set_mode(SYS_TRACE);
		break;
	default:
		set_user_option(id, arg);
	}
}

static void parse_options(int argc, char *argv[])
{
	int id;

	while ((id = cli_getopt(&xunshare_tool, argc, argv)) != -1) {
		const struct kind *kind = kind_by_letter(id);

		if (kind)
			set_kind(kind, optarg);
		else
			set_option(id, optarg);
	}
}

/* ---- checks, and all that is read before anything is done ---- */

/*
 * Whether this map is written by a helper that stays outside; a single ID of one's own needs none.
 */
static bool from_outside(const struct mapping *m)
{
	return m->n_words > 0 || (o.owner_given && m->single != NONE);
}

static bool written_inside(const struct mapping *m)
{
	return m->single != NONE && !from_outside(m);
}

static bool offsets_given(void)
{
	return o.monotonic_given || o.boottime_given;
}

static void check_options(void)
{
	const char *pid_file = o.file[kind_by_letter('p') - kinds];

	if (offsets_given() && !(o.flags & CLONE_NEWTIME))
		die(EXIT_FAILURE, 0,
		    N_("options --monotonic and --boottime require unsharing of a time namespace (-T)"));
	if (o.setgroups == SETGROUPS_ALLOW && written_inside(&o.groups))
		die(EXIT_FAILURE, 0,
		    N_("options --setgroups=allow and --map-group are mutually exclusive"));
	if (pid_file && !o.fork)
		die(EXIT_FAILURE, 0,
		    N_("--pid=%s needs --fork: a PID namespace can be bound only once it has a process"),
		    pid_file);
	if (o.propagation_given && !(o.flags & CLONE_NEWNS))
		sys_note("--propagation has no effect without a mount namespace");
	if (o.keep_caps && !(o.flags & CLONE_NEWUSER))
		sys_note("--keep-caps has no effect without a user namespace");
}

/* The subordinate IDs of the user for whom the namespace is made. */
static void read_subordinate(const struct mapping *m, struct idmap *found)
{
	const char *file = m->groups ? "/etc/subgid" : "/etc/subuid";
	uid_t uid = o.owner_given ? o.owner_uid : geteuid();
	const struct passwd *pw = getpwuid(uid);
	char number[16];
	int n;

	snprintf(number, sizeof(number), "%u", uid);
	n = idmap_subordinate(file, m->groups, pw ? pw->pw_name : NULL, uid, found);
	if (n < 0)
		die(EXIT_FAILURE, errno, N_("cannot read %s"), file);
	if (n == 0)
		die(EXIT_FAILURE, 0, N_("no line matching user \"%s\" in %s"),
		    pw ? pw->pw_name : number, file);
}

/* Adds what a word of --map-users says. Return: 0, or -1 with errno. */
static int resolve_word(struct mapping *m, const char *word)
{
	static struct idmap found;
	struct idrange range;

	if (!is_map_keyword(word))
		return idmap_parse(word, &range) < 0 ? -1 : idmap_add(&m->map, range);
	if (strcmp(word, "all") == 0) {
		if (idmap_read_parent(m->groups ? "/proc/self/gid_map" : "/proc/self/uid_map",
				      &found) < 0)
			return -1;
	} else {
		read_subordinate(m, &found);
	}
	if (strncmp(word, "auto", 4) == 0)
		return idmap_add_auto(&m->map, &found, strcmp(word, "auto-all") == 0, m->single);
	for (int i = 0; i < found.n && (i == 0 || *word == 'a'); i++) {
		found.range[i].inner = found.range[i].outer;
		if (idmap_add(&m->map, found.range[i]) < 0)
			return -1;
	}
	return 0;
}

/* From the words to the map that will be written, checked as far as it can be before. */
static void resolve_mapping(struct mapping *m, uint32_t outer)
{
	static char text[IDMAP_TEXT];
	const struct idrange *r = m->map.range;
	int a, b;

	m->outer = outer;
	for (size_t i = 0; i < m->n_words; i++)
		if (resolve_word(m, m->words[i]) < 0)
			die(EXIT_FAILURE, errno, N_("invalid mapping '%s'"), m->words[i]);
	if (m->single != NONE && idmap_splice(&m->map, (uint32_t)m->single, outer) < 0)
		die(EXIT_FAILURE, errno, N_("too many mappings"));
	if (idmap_overlap(&m->map, &a, &b))
		die(EXIT_FAILURE, 0, N_("mappings overlap: '%u:%u:%u' and '%u:%u:%u'"), r[a].inner,
		    r[a].outer, r[a].count, r[b].inner, r[b].outer, r[b].count);
	if (idmap_text(&m->map, text) < 0)
		die(EXIT_FAILURE, errno, N_("too many mappings"));
}

static void resolve_mappings(void)
{
	if (!(o.flags & CLONE_NEWUSER))
		return;
	resolve_mapping(&o.users, geteuid());
	resolve_mapping(&o.groups, getegid());
}

/* ---- maps ---- */

/* Opens a file of /proc, which takes its text in one write. */
static int open_file(const char *path)
{
	int fd = sys_open_write(path);

	if (fd < 0 && !sys_telling())
		die(EXIT_FAILURE, errno, N_("cannot open %s"), path);
	return fd;
}

static void write_file(const char *path, const char *text)
{
	cleanup_close int fd = open_file(path);

	must(sys_write(fd, path, text), N_("write failed %s"), path);
}

/* @path: timens_offsets of this process or, from outside, of the tool's. */
static void write_offsets(const char *path)
{
	char text[128] = "";
	size_t n = 0;
	cleanup_close int fd = -1;

	if (o.monotonic_given)
		n = (size_t)snprintf(text, sizeof(text), "monotonic %lld %ld\n",
				     (long long)o.monotonic.tv_sec, o.monotonic.tv_nsec);
	if (o.boottime_given)
		snprintf(text + n, sizeof(text) - n, "boottime %lld %ld\n",
			 (long long)o.boottime.tv_sec, o.boottime.tv_nsec);
	fd = open_file(path);
	must(sys_write(fd, path, text), N_("failed to write to %s"), path);
}

/* newuidmap(1) PID INNER OUTER COUNT ... */
static void run_mapper(const struct mapping *m)
{
	static char words[3 * IDMAP_MAX + 1][12];
	static char *argv[3 * IDMAP_MAX + 3];
	const char *program = m->groups ? "newgidmap" : "newuidmap";
	int argc = 2, status;

	argv[0] = (char *)program;
	argv[1] = words[3 * IDMAP_MAX];
	snprintf(argv[1], sizeof(words[0]), "%d", tool_pid);
	for (int i = 0; i < 3 * m->map.n; i++) {
		const struct idrange *r = &m->map.range[i / 3];

		snprintf(words[i], sizeof(words[i]), "%u",
			 i % 3 == 0   ? r->inner
			 : i % 3 == 1 ? r->outer
				      : r->count);
		argv[argc++] = words[i];
	}
	status = (int)must(child_run(argv), N_("fork failed"));
	if (status == 0)
		return;
	hint_mapper(program, m->groups ? "/etc/subgid" : "/etc/subuid", status);
	_exit(EXIT_FAILURE);
}

static void write_map_outside(const struct mapping *m)
{
	static char text[IDMAP_TEXT];
	char path[64];

	if (!from_outside(m))
		return;
	if (!cred_has(m->groups ? CAP_SETGID : CAP_SETUID)) {
		run_mapper(m);
		return;
	}
	snprintf(path, sizeof(path), "/proc/%d/%s", tool_pid, m->groups ? "gid_map" : "uid_map");
	must(idmap_text(&m->map, text), N_("too many mappings"));
	write_file(path, text);
}

/*
 * The helper's work. setgroups can be denied only before there is a group map; and a process that
 * has changed its user (--owner) may not write its own offsets.
 */
static void write_from_outside(void *arg)
{
	char path[64];

	(void)arg;
	snprintf(path, sizeof(path), "/proc/%d/setgroups", tool_pid);
	if (o.setgroups == SETGROUPS_DENY && from_outside(&o.groups))
		write_file(path, "deny");
	write_map_outside(&o.users);
	write_map_outside(&o.groups);
	snprintf(path, sizeof(path), "/proc/%d/timens_offsets", tool_pid);
	if (o.owner_given && offsets_given())
		write_offsets(path);
}

static void write_map_inside(const struct mapping *m)
{
	char text[40];

	snprintf(text, sizeof(text), "%u %u 1", (uint32_t)m->single, m->outer);
	write_file(m->groups ? "/proc/self/gid_map" : "/proc/self/uid_map", text);
}

/* Without a capability outside, the group map needs setgroups denied first. */
static void write_maps_inside(void)
{
	bool deny = o.setgroups == SETGROUPS_DENY && !from_outside(&o.groups);

	if (written_inside(&o.users))
		write_map_inside(&o.users);
	if (deny || written_inside(&o.groups))
		write_file("/proc/self/setgroups", "deny");
	if (written_inside(&o.groups))
		write_map_inside(&o.groups);
	if (o.setgroups == SETGROUPS_ALLOW)
		write_file("/proc/self/setgroups", "allow");
}

/* ---- namespaces on files ---- */

static void bind_files(void *arg)
{
	(void)arg;
	for (int i = 0; i < KIND_COUNT; i++)
		if (o.file[i])
			persist_bind(&kinds[i], tool_pid, o.file[i]);
}

/*
 * Binds are made outside of the new mount and user namespace; and by a process that can still undo
 * them when the program does not start, which one with another root, directory or user
 * cannot.
 */
static bool bind_from_outside(void)
{
	bool changed = !o.fork && (o.root || o.wd || o.uid != NONE || o.gid != NONE);

	return o.persist && (changed || o.owner_given || (o.flags & (CLONE_NEWNS | CLONE_NEWUSER)));
}

static void bind_all(void)
{
	if (bind_from_outside())
		helper_release(&bind_helper);
	else
		bind_files(NULL);
}

static void start_helpers(void)
{
	if (bind_from_outside())
		helper_start(&bind_helper, bind_files, NULL, true);
	if (from_outside(&o.users) || from_outside(&o.groups) || (o.owner_given && offsets_given()))
		helper_start(&proc_helper, write_from_outside, NULL, false);
}

/* ---- the program's process ---- */

/*
 * The flags of a binfmt_misc definition: what is behind its last separator, which is its first
 * character.
 */
static bool interp_fixed(void)
{
	const char *flags = o.interp && *o.interp ? strrchr(o.interp, *o.interp) : NULL;

	return flags && strchr(flags + 1, 'F');
}

static bool is_mount_point(const char *dir)
{
	struct statx st;

	if (sys_telling() && o.root) {
		sys_note("%s below %s is assumed to be no mount point", dir, o.root);
		return false;
	}
	return statx(AT_FDCWD, dir, 0, 0, &st) == 0 && (st.stx_attributes & STATX_ATTR_MOUNT_ROOT);
}

static void mount_binfmt(const char *dir)
{
	must(sys_mount("binfmt_misc", dir, "binfmt_misc", MS_NOSUID | MS_NODEV | MS_NOEXEC),
	     N_("mount %s failed"), dir);
}

static void load_interp(const char *dir)
{
	char path[PATH_MAX];

	if ((size_t)snprintf(path, sizeof(path), "%s/register", dir) >= sizeof(path))
		die(EXIT_FAILURE, ENAMETOOLONG, N_("cannot open %s"), dir);
	write_file(path, o.interp);
}

static void set_propagation(void)
{
	if ((o.flags & CLONE_NEWNS) && o.propagation)
		must(sys_mount("none", "/", NULL, o.propagation),
		     N_("cannot change root filesystem propagation"));
}

/*
 * With F the kernel opens the interpreter at once; it is to be the caller's, so before the root
 * changes.
 */
static bool load_fixed_interp(void)
{
	if (!o.root || !interp_fixed())
		return false;
	mount_binfmt(BINFMT_DIR);
	load_interp(BINFMT_DIR);
	return true;
}

static void change_root(void)
{
	const char *wd = o.wd ? o.wd : o.root ? "/" : NULL;

	if (o.root)
		must(sys_chroot(o.root), N_("cannot change root directory to '%s'"), o.root);
	if (wd)
		must(sys_chdir(wd), N_("cannot change directory to %s"), wd);
}

static void mount_proc(void)
{
	if (!o.proc)
		return;
	if (!o.propagation && is_mount_point(o.proc)) /* or the new mount would be seen outside */
		must(sys_mount("none", o.proc, NULL, MS_REC | MS_PRIVATE),
		     N_("cannot change %s filesystem propagation"), o.proc);
	must(sys_mount("proc", o.proc, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC),
	     N_("mount %s failed"), o.proc);
}

static void set_ids(void)
{
	if (o.gid != NONE)
		cred_set_gid((gid_t)o.gid);
	if (o.uid != NONE)
		cred_set_uid((uid_t)o.uid);
}

static _Noreturn void exec_failed(const char *file)
{
	int err = errno;

	die(err == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXEC, err, N_("failed to execute %s"),
	    file);
}

/*
 * The last call. Binds that only the helper can undo stay from here on, so it is asked first
 * whether there is anything to run.
 */
static _Noreturn void exec_program(char *argv[])
{
	static char *shell_argv[2];
	const char *file = argv[0];

	if (!file) {
		const char *base;

		file = env_shell();
		base = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
		if (asprintf(&shell_argv[0], "-%s", base) < 0)
			die(EXIT_FAILURE, errno, N_("cannot allocate memory"));
		argv = shell_argv;
	}
	if (!o.fork && bind_helper.ctl >= 0) {
		if (sys_exec_possible(file) < 0)
			exec_failed(file);
		helper_keep(&bind_helper);
	}
	if (sys_exec(file, argv) < 0)
		exec_failed(file);
	if (sys_told_all() < 0)
		die(EXIT_FAILURE, errno, N_("write error"));
	_exit(EXIT_SUCCESS); /* only told */
}

static _Noreturn void program(struct child *child, char *argv[])
{
	bool loaded;

	child_await_go(child);
	if (o.kill_signal)
		child_die_with_parent(child, o.kill_signal);
	write_maps_inside();
	set_propagation();
	loaded = load_fixed_interp();
	change_root();
	mount_proc();
	if (o.binfmt)
		mount_binfmt(o.binfmt);
	if (o.interp && !loaded)
		load_interp(o.binfmt);
	set_ids();
	if (o.kill_signal && (o.gid != NONE || o.uid != NONE)) /* new credentials cleared it */
		child_die_with_parent(child, o.kill_signal);
	if (o.keep_caps && (o.flags & CLONE_NEWUSER))
		cred_keep_caps(true);
	if (o.clear_env)
		env_keep_only(o.env_names, o.n_env_names);
	if (o.fork)
		child_restore_signals(child);
	exec_program(argv);
}

/* ---- the process that waits for it ---- */

static void parent_part(struct child *child)
{
	bind_all();
	child_go(child);
	if (child_started(child))
		helper_keep(&bind_helper);
	else
		undo_run();
	undo_forget();
}

static void unshare_all(void)
{
	bool bind_mount = o.file[0] != NULL; /* CLONE_NEWNS is the first kind */
	uint64_t old = bind_mount ? persist_mount_id() : 0;

	if (o.flags)
		must(sys_unshare(o.flags), N_("unshare failed"));
	if (old)
		persist_younger_mount(old);
}

int main(int argc, char *argv[])
{
	struct child child = CHILD_NONE;

	cli_set_hints(hint_failed_call);
	parse_options(argc, argv);
	check_options();
	signal(SIGCHLD, SIG_DFL);
	resolve_mappings();
	tool_pid = o.persist || o.flags & CLONE_NEWUSER ? getpid() : 0;

	start_helpers();
	if (o.owner_given) {
		cred_set_gid(o.owner_gid);
		cred_set_uid(o.owner_uid);
	}
	unshare_all();
	if (proc_helper.work)
		helper_release(&proc_helper);
	if (offsets_given() && !o.owner_given)
		write_offsets("/proc/self/timens_offsets");
	if (!o.fork) {
		bind_all();
		program(&child, argv + optind);
	}
	child_prepare(&child, o.forward, o.persist, o.kill_signal != 0,
		      (o.flags & CLONE_NEWPID) != 0);
	if (must(child_fork(&child), N_("fork failed")) == 0)
		program(&child, argv + optind);
	parent_part(&child);
	if (sys_telling()) {
		sys_set_who("child");
		program(&child, argv + optind);
	}
	child_end_as(child_wait(&child));
}
