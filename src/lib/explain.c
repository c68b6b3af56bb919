/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compat.h"
#include "explain.h"
#include "kind.h"
#include "parse.h"
#include "text.h"
#include "told.h"

/*
 * A row explains the calls that it names, of whose line @has is a part; the first that fits does.
 *   has  "@word": what told_about() said of the call, instead;  "+CLONE_NEWNS": rows behind it fit as well
 *   why  the options and commands that may be the reason, the most likely first: the first that was given
 *        is; "*" stands for one that implies the flag of @has, "@" for what told_about() said
 * No row has a pointer in it, and they have a section of their own, so that a start that explains
 * nothing does not touch them.
 */
struct row {
	char call[24], has[40], why[136], sentence[112];
};

#define MAPS                                                                                 \
	"--map-root-user --map-current-user --map-user --map-users --map-auto --map-subids " \
	"--map-group --map-groups"
#define NAMES "add attach delete rename prune"
#define NEXT N_("the file is opened, for what is written next")

static const struct row rows[] __attribute__((section("explanations"))) = {
	/* ---- namespaces and processes ---- */
	{ "unshare", "@younger", "--mount",
	  N_("it is made again, till it has a number with which it can be bound outside") },
	{ "unshare", "@holder", NAMES,
	  N_("a user's networks are held in namespaces of his own, where he is root (user_namespaces(7))") },
	{ "unshare", "@oneself", "exec",
	  N_("the program is to see the user as himself, and not as root (user_namespaces(7))") },
	{ "clone3", "+CLONE_PIDFD", "--clone",
	  N_("a child is made, which alone is in what is new; this process is not (clone(2))") },
	{ "clone3", "+CLONE_PIDFD_AUTOKILL", "--kill-child --die-with-parent",
	  N_("the kernel kills the child when this process ends, whatever it has become") },
	{ "unshare clone3", "+CLONE_NEWTIME", "--time * --all",
	  N_("children are in a new time namespace, with clocks of its own (time_namespaces(7))") },
	{ "unshare clone3", "+CLONE_NEWNS", "--mount * --all exec --netns",
	  N_("the process has mounts of its own, at first a copy (mount_namespaces(7))") },
	{ "unshare clone3", "+CLONE_NEWCGROUP", "--cgroup * --all",
	  N_("the process sees its cgroup as the root of the tree (cgroup_namespaces(7))") },
	{ "unshare clone3", "+CLONE_NEWUTS", "--uts * --all",
	  N_("the process has a host and a domain name of its own (uts_namespaces(7))") },
	{ "unshare clone3", "+CLONE_NEWIPC", "--ipc * --all",
	  N_("the process has IPC objects and message queues of its own (ipc_namespaces(7))") },
	{ "unshare clone3", "+CLONE_NEWUSER", "--user * --all",
	  N_("the process has IDs of its own, and all capabilities in there (user_namespaces(7))") },
	{ "unshare", "+CLONE_NEWPID", "--pid * --all",
	  N_("children are in a new PID namespace, the first is its PID 1 (pid_namespaces(7))") },
	{ "clone3", "+CLONE_NEWPID", "--pid * --all",
	  N_("the child is PID 1 of a new PID namespace (pid_namespaces(7))") },
	{ "unshare clone3", "+CLONE_NEWNET", "--net * --all add",
	  N_("the process has a network of its own, with a loopback device only (network_namespaces(7))") },
	{ "clone3", "+CLONE_INTO_CGROUP", "--into-cgroup",
	  N_("the child begins in that cgroup (cgroups(7))") },
	{ "clone3", "+set_tid=[", "--set-tid", N_("the child has this PID") },

	{ "setns", "@owner", "exec --netns",
	  N_("this process goes to the user's own user namespace that the network belongs to") },
	{ "setns", "CLONE_NEWNS|CLONE_NEWUSER", "",
	  N_("this process goes to where the user's networks are held, and is root there") },
	{ "setns", "/proc/thread-self/ns/net>", "",
	  N_("the process goes back to its own network namespace") },
	{ "setns", "+CLONE_NEWTIME", "--join --time * --all",
	  N_("clocks are those of that time namespace (time_namespaces(7))") },
	{ "setns", "+CLONE_NEWNS", "--join --mount * --all",
	  N_("paths are looked up in that mount namespace (mount_namespaces(7))") },
	{ "setns", "+CLONE_NEWCGROUP", "--join --cgroup * --all",
	  N_("the root of cgroups is that of the namespace (cgroup_namespaces(7))") },
	{ "setns", "+CLONE_NEWUTS", "--join --uts * --all",
	  N_("host and domain name are those of the namespace (uts_namespaces(7))") },
	{ "setns", "+CLONE_NEWIPC", "--join --ipc * --all",
	  N_("IPC objects and message queues are those of the namespace (ipc_namespaces(7))") },
	{ "setns", "+CLONE_NEWUSER", "--join --user * --all --user-parent",
	  N_("IDs and capabilities are those of that user namespace (user_namespaces(7))") },
	{ "setns", "+CLONE_NEWPID", "--join --pid * --all",
	  N_("children are in that PID namespace, this process is not (pid_namespaces(7))") },
	{ "setns", "+CLONE_NEWNET", "--join --net * --all exec link prune set list list-id --netns",
	  N_("devices and sockets are those of that network (network_namespaces(7))") },

	{ "fork", "@holder", NAMES,
	  N_("a process is made to hold the user's networks; one between ends, so that it is nobody's child") },
	{ "fork", "@maps", MAPS " --owner --join",
	  N_("a helper stays outside, to write the maps with the rights of there") },
	{ "fork", "@binds", "",
	  N_("a helper stays outside, to bind the namespaces on their files") },
	{ "fork", "@pid file", "--pid-file",
	  N_("a helper stays who we are, to write the file of the PID") },
	{ "fork", "@mapper", MAPS,
	  N_("a process of its own runs the program that writes the map") },
	{ "fork", "@uplink", "--uplink", N_("a helper stays outside, to start the engine there") },
	{ "fork", "@keeper", "--uplink uplink",
	  N_("a process stays that ends the engine, when what it is for has ended") },
	{ "fork", "@engine", "--uplink uplink", N_("a child of it becomes the engine") },
	{ "fork", "@init", "--init",
	  N_("the program is a child of this one, PID 1, which reaps and sends signals on") },
	{ "fork", "@younger", "--mount", N_("a child uses up the numbers of this CPU, and ends") },
	{ "fork", "@nested", "--disable-userns",
	  N_("a helper stays in the outer user namespace, to limit the inner one") },
	{ "fork", "@watcher", "--prepare",
	  N_("a process watches over the command, and ends it if this one is killed") },
	{ "fork", "@prepare", "--prepare",
	  N_("a child runs the command, before there is the program") },
	{ "fork", "@line", "--batch",
	  N_("a child runs the line, and takes with it what it has changed") },
	{ "fork", "",
	  "--fork --init --forward-signals --kill-child --new-session --join --pid "
	  "--pid-for-children --all --prepare exec",
	  N_("the program is run by a child, for which this process waits (fork(2))") },

	{ "execve", "/newuidmap\"", MAPS,
	  N_("this program writes the map of user IDs, as far as /etc/subuid gives them (newuidmap(1))") },
	{ "execve", "/newgidmap\"", MAPS,
	  N_("this program writes the map of group IDs, as far as /etc/subgid gives them (newgidmap(1))") },
	{ "execve", "/pasta\"", "--uplink uplink",
	  N_("this program carries what goes out of the network, and comes in (pasta(1))") },
	{ "execve", "/slirp4netns\"", "--uplink uplink",
	  N_("this program carries what goes out of the network, and comes in (slirp4netns(1))") },
	{ "execve", "@prepare", "--prepare",
	  N_("the child becomes a shell, which runs the command") },
	{ "execve", " = -1 E", "",
	  N_("it is not there, or cannot be run: a search in PATH goes on") },
	{ "execve", "", "", N_("this process becomes the program (execve(2))") },
	{ "setsid", "@holder", NAMES, N_("signals of the terminal do not reach it (setsid(2))") },
	{ "setsid", "@keeper", "--uplink uplink",
	  N_("no signal of the terminal reaches it, or the engine (setsid(2))") },
	{ "setsid", "", "--new-session",
	  N_("the program has a session of its own, without the terminal (setsid(2))") },
	{ "close_range", "@holder", NAMES, N_("nothing that was inherited stays open in it") },
	{ "close_range", "@keeper", "--uplink uplink",
	  N_("nothing of the caller's is held open by what stays (close_range(2))") },
	{ "close_range", "@engine", "--uplink uplink",
	  N_("the engine has what it needs, and nothing else (close_range(2))") },
	{ "close_range", "", "--close-fds",
	  N_("what this process has inherited is closed (close_range(2))") },
	{ "sched_setaffinity", "", "--mount", N_("the numbers come from another CPU") },
	{ "prlimit64", "RLIMIT_NOFILE", "",
	  N_("as many files may be open as these options take; the program has the limit as it was") },
	{ "prlimit64", "", "", N_("this process, which ends as the program has, leaves no core") },

	/* ---- signals ---- */
	{ "kill", "", "", N_("this process does as the program has done, for who waits for it") },
	{ "pidfd_send_signal", "@engine", "--uplink uplink delete",
	  N_("the engine ends, as what it is for has (pidfd_send_signal(2))") },
	{ "pidfd_send_signal", "", "--forward-signals --init --kill",
	  N_("the process gets the signal (pidfd_send_signal(2))") },
	{ "ioctl", "TIOCSPGRP", "",
	  N_("this process takes back the terminal, which the program has left") },

	/* ---- mounts ---- */
	{ "mount", ", \"proc\", MS_", "--mount-proc --mount-binfmt --load-interp",
	  N_("a new proc shows the processes of the PID namespace that we are in (proc(5))") },
	{ "mount", ", \"binfmt_misc\", MS_", "--mount-binfmt --load-interp",
	  N_("the user namespace has its own interpreters of binaries, which are set in there") },
	{ "mount", "/netns\", \"none\", MS_BIND", NAMES,
	  N_("the directory becomes a mount, as only a mount can be shared") },
	{ "mount", "/netns\", \"none\", MS_PRIVATE", NAMES,
	  N_("where /run is shared, the new mount would come back on top of itself") },
	{ "mount", "/netns\", \"none\", MS_", NAMES,
	  N_("a name made here is seen in every mount namespace that was made from this one") },
	{ "mount", "mount(\"/etc/netns/", "exec --netns",
	  N_("programs in there have this file of their own in /etc (ip-netns(8))") },
	{ "mount", "MS_BIND", "@ " NAMES,
	  N_("bound on a file, the namespace stays when its last process has ended") },
	{ "mount", "MS_SLAVE", "--propagation exec --netns",
	  N_("mounts made outside come in, ours do not go out (mount_namespaces(7))") },
	{ "mount", "MS_SHARED", "--propagation",
	  N_("mounts made outside come in, ours go out (mount_namespaces(7))") },
	{ "mount", "MS_PRIVATE", "--propagation --mount * --all",
	  N_("mounts neither come in nor go out from here on (mount_namespaces(7))") },
	{ "umount2", "(\"/sys\"", "exec --netns",
	  N_("the old /sys goes, and the new one beneath it is there") },
	{ "umount2", "/netns/", NAMES,
	  N_("the name lets go of the namespace, which lives as long as something uses it") },
	{ "umount2", "(\".\"", "--new-root", N_("the old root goes") },
	{ "umount2", "", "", N_("what was mounted is taken away again") },
	{ "fsopen", "\"proc\"", "--mount-proc",
	  N_("a new proc shows the processes of the PID namespace that we are in (proc(5))") },
	{ "fsopen", "\"sysfs\"", "exec --netns",
	  N_("/sys shows the network namespace that it was made in, so a new one is made (sysfs(5))") },
	{ "fsopen", "", "", N_("a file system of this type is begun (fsopen(2))") },
	{ "fsconfig", ", \"source\", ", "exec --netns",
	  N_("its source is set, as mount(8) shows it") },
	{ "fsconfig", "\"pidns\"", "--mount-proc",
	  N_("it shows the processes of the PID namespace that our children are in") },
	{ "fsconfig", "FSCONFIG_SET_", "", N_("this is one of its options") },
	{ "fsconfig", "", "exec --netns", N_("the file system is made") },
	{ "fsmount", "", "exec --netns", N_("it becomes a mount, which is nowhere yet") },
	{ "open_tree", "OPEN_TREE_NAMESPACE", "--new-root",
	  N_("a mount namespace is made, with the new root and nothing else") },
	{ "open_tree", "|AT_RECURSIVE", "exec --netns",
	  N_("what is mounted there, with all below it, is copied") },
	{ "open_tree", "", "", N_("what is mounted there is copied, without what is below") },
	{ "mount_setattr", "MOUNT_ATTR_IDMAP", "--bind",
	  N_("IDs of its files are seen as those of the user namespace (mount_setattr(2))") },
	{ "mount_setattr", "", "--read-only --bind",
	  N_("these are attributes of the mount from here on (mount_setattr(2))") },
	{ "move_mount", "MOVE_MOUNT_BENEATH", "exec --netns",
	  N_("it is mounted beneath the one that is there, so that there always is one") },
	{ "move_mount", "", "exec --netns", N_("it is mounted there") },

	/* ---- root and working directory ---- */
	{ "chroot", "", "--root", N_("paths begin at that directory from here on (chroot(2))") },
	{ "pivot_root", "", "--new-root",
	  N_("this directory becomes the root, and the old one is on top of it (pivot_root(2))") },
	{ "chdir", "@holder", NAMES, N_("no directory of the caller's is in use") },
	{ "chdir", "@join", "", N_("the working directory is the same in there") },
	{ "chdir", "@keeper", "--uplink uplink",
	  N_("no directory of the caller's is kept in use") },
	{ "chdir", "", "--wd --wdns --root --new-root --all --mount",
	  N_("the program begins in that directory") },
	{ "fchdir", "@prepare", "--prepare", N_("the command begins at the new root") },
	{ "fchdir", "@root", "--root", N_("this is the directory that becomes the root") },
	{ "fchdir", "</proc>", "--join",
	  N_("this is the /proc of outside, where something is written") },
	{ "fchdir", "", "--wd --root", N_("the program begins in that directory") },

	/* ---- files ---- */
	{ "openat write", "@pid file", "--pid-file", N_("who waits for it reads the PID there") },
	{ "openat", "\"holder\", O_RDWR", NAMES,
	  N_("the file is opened, or made, for the lock by which the process is found") },
	{ "openat", "@ping", "add", NEXT },
	{ "openat", "@uplink", "uplink", N_("who keeps the uplink is recorded in this file") },
	{ "openat", "@resolver", "--dns --uplink", N_("a file for inside is made, in memory") },
	{ "openat", "@file", "", N_("an empty file is made") },
	{ "openat", "O_NONBLOCK", "--pid-file", N_("a FIFO or a device is opened, for the PID") },
	{ "openat", "O_CREAT", "@ " NAMES, N_("an empty file is made, to bind the namespace on") },
	{ "openat", "/uid_map\"", MAPS, NEXT },
	{ "openat", "/gid_map\"", MAPS, NEXT },
	{ "openat", "/setgroups\"", "--setgroups " MAPS, NEXT },
	{ "openat", "/timens_offsets\"", "--monotonic --boottime", NEXT },
	{ "openat", "/cgroup.procs\"", "--join-cgroup exec", NEXT },
	{ "openat", "/register\"", "--load-interp", NEXT },
	{ "openat", "", "", NEXT },
	{ "write", "/uid_map>", MAPS,
	  N_("user IDs are mapped: the first inside, the first outside, how many (user_namespaces(7))") },
	{ "write", "/gid_map>", MAPS,
	  N_("group IDs are mapped: the first inside, the first outside, how many (user_namespaces(7))") },
	{ "write", "/setgroups>, \"deny\"", "--setgroups " MAPS,
	  N_("setgroups(2) is refused inside; to map groups without privileges takes that (user_namespaces(7))") },
	{ "write", "/setgroups>, \"allow\"", "--setgroups",
	  N_("setgroups(2) works inside (user_namespaces(7))") },
	{ "write", "/timens_offsets>", "--monotonic --boottime",
	  N_("clocks of the new time namespace are shifted: seconds, nanoseconds") },
	{ "write", "/cgroup.procs>", "--join-cgroup exec",
	  N_("this process moves to that cgroup (cgroups(7))") },
	{ "write", "/register>", "--load-interp",
	  N_("the interpreter is registered, and what it runs") },
	{ "write", "/attr/exec>", "--follow-context",
	  N_("the program gets the SELinux context of the target") },
	{ "write", "@ping", "add",
	  N_("the user's group may send ICMP echo requests in there (icmp(7))") },
	{ "write", "@uplink", "uplink", N_("its PID, its start time, and whom to ask for hosts") },
	{ "write", "@resolver", "--dns --uplink",
	  N_("this is what it says of whom to ask for hosts (resolv.conf(5), nsswitch.conf(5))") },
	{ "write", "@file", "--file", N_("what the descriptor gives is written to it") },
	{ "write", "/max_user_namespaces>", "--disable-userns",
	  N_("no other user namespace can be made in there (namespaces(7))") },
	{ "write", "<info-fd>", "--info-fd", N_("who waits for it reads what has been made") },
	{ "write", "", "", N_("the text is written") },
	{ "mkdir", "@api", "--port",
	  N_("a directory for the socket by which the engine is asked for ports") },
	{ "mkdir", "", NAMES " monitor", N_("the directory of the names is made") },
	{ "mkdirat", "", "", N_("a directory is made") },
	{ "fchownat", "", "", N_("a directory belongs to whom it does outside") },
	{ "symlinkat", "", "", N_("a symbolic link is made") },
	{ "fcntl", "F_SETLK", NAMES,
	  N_("by this lock the process is found, and that it has ended (fcntl_locking(2))") },
	{ "flock", "", NAMES " link", N_("others that change names wait till we have ended") },
	{ "unlink", "@uplink", "uplink delete", N_("the record of one that has ended goes") },
	{ "unlink", "@api", "--port", N_("the socket by which the engine was asked goes") },
	{ "rmdir", "", "--port", N_("and the directory it was in") },
	{ "unlink", "", NAMES, N_("the file of the name goes") },
	{ "unlinkat", "@lost", "", N_("the file of a name whose namespace is gone goes") },
	{ "unlinkat", "", "", N_("what was made goes again") },
	{ "renameat", "", "--pid-file", N_("who sees the file sees the PID in it") },

	/* ---- credentials ---- */
	{ "setgroups", "(0, NULL)", "--setgid --owner --join --user --user-parent --all",
	  N_("supplementary groups are dropped: their rights are those of outside") },
	{ "setgroups", "", "--user", N_("the program has the supplementary groups of that user") },
	{ "setgid", "", "--setgid --owner --join --user --user-parent --all",
	  N_("this is the group ID from here on") },
	{ "setuid", "", "--setuid --owner --join --user --user-parent --all",
	  N_("this is the user ID from here on (setuid(2))") },
	{ "setfsgid", "", "", N_("what is made belongs to this group") },
	{ "setfsuid", "", "",
	  N_("what is made belongs to this user, as ours is not mapped (setfsuid(2))") },
	{ "setregid setreuid", "", "",
	  N_("what is made belongs to who we are again (setreuid(2))") },
	{ "setresgid setresuid", "@prepare", "", N_("the command is root") },
	{ "setresgid setresuid", "@nested", "",
	  N_("only who is mapped can make another user namespace") },
	{ "setresgid setresuid", "", "", N_("the rights of a set-user-ID start are given up") },
	{ "capset", "", "--keep-caps",
	  N_("permitted capabilities become inheritable, for the program to have them (capabilities(7))") },
	{ "prctl", "PR_CAP_AMBIENT_RAISE", "--keep-caps",
	  N_("the program has this capability, whatever its user ID is (capabilities(7))") },
	{ "prctl", "SUID_DUMP_DISABLE", "--join --user --user-parent --all",
	  N_("nobody inside may look into this process, till exec (ptrace(2))") },
	{ "prctl", "SUID_DUMP_USER", "--join",
	  N_("the helper may open this process's files in /proc, for a moment") },
	{ "prctl", "PR_SET_KEEPCAPS", "--keep-caps",
	  N_("setuid(2) leaves the capabilities as they are") },
	{ "prctl", "PR_SET_NO_NEW_PRIVS", "--no-new-privs",
	  N_("no set-user-ID program gives rights from here on (prctl(2))") },
	{ "prctl", "PR_SET_CHILD_SUBREAPER", "--prepare",
	  N_("what the command starts, and leaves behind, is a child of this process then") },
	{ "prctl", "@engine", "--uplink uplink",
	  N_("the kernel ends the engine, should this process be killed (prctl(2))") },
	{ "prctl", "PR_SET_PDEATHSIG", "--kill-child --die-with-parent",
	  N_("the kernel sends this process the signal when its parent ends") },

	/* ---- names and networks ---- */
	{ "sethostname", "", "--hostname", N_("this is the host name in the new UTS namespace") },
	{ "setdomainname", "", "--domainname",
	  N_("this is the NIS domain name in the new UTS namespace") },
	{ "ioctl", "SIOCSIFFLAGS", "--lo-up",
	  N_("the loopback device is up, and has its addresses") },
	{ "sendto", "RTM_NEWLINK, IFLA_IFNAME=\"lo\"", "--up",
	  N_("the loopback device is up, and has its addresses") },
	{ "sendto", "VETH_INFO_PEER", "link",
	  N_("two devices are made, an end in each namespace: what one sends the other gets (veth(4))") },
	{ "sendto", "ifi_flags=IFF_UP", "link", N_("this end is up") },
	{ "sendto", "IFLA_GROUP", "link", N_("the link is complete, and prune leaves it alone") },
	{ "sendto", "RTM_DELLINK", "link prune", N_("the device goes, and with it its other end") },
	{ "sendto", "RTM_NEWADDR", "link", N_("this end gets that address") },
	{ "sendto", "RTM_NEWROUTE", "link", N_("packets for elsewhere go by that address") },
	{ "sendto", "RTM_NEWNSID", "set",
	  N_("this is the number by which this namespace knows the other") },
};

static at_start const struct explain_words *words;
static const char *sentences[ARRAY_SIZE(rows)]; /* translated while that can be done */

static bool has(const struct row *r, const char *call, size_t len, const char *about)
{
	const char *part = r->has + (*r->has == '+');

	if (parse_index(r->call, " ", call, strcspn(call, "(")) < 0)
		return false;
	if (*part == '@')
		return strcmp(part + 1, about) == 0;
	return memmem(call, len, part, strlen(part));
}

/* The flag that the row is about; of others, which are about mounts, that of those. */
static int flag_of(const struct row *r)
{
	for (int i = 0; i < KIND_COUNT; i++)
		if (strcmp(kinds[i].flagname, r->has + 1) == 0)
			return kinds[i].flag;
	return CLONE_NEWNS;
}

/* Sets @option to what the call was made for, "" if nobody knows. */
static void find_option(const struct row *r, const char *about, char *option, size_t size)
{
	const char *why = r->why, *name;

	for (; *why; why += strcspn(why, " "), why += *why == ' ') {
		snprintf(option, size, "%.*s", (int)strcspn(why, " "), why);
		if (strcmp(option, "@") == 0 && *about)
			name = about;
		else if (strcmp(option, "*") == 0 && words->given_for)
			name = words->given_for(flag_of(r));
		else
			name = NULL;
		if (name)
			snprintf(option, size, "--%s", name);
		if (name || words->given(option))
			return;
	}
	*option = '\0';
}

static void explain(const char *call, size_t len, const char *about, const char *because)
{
	char option[64];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!has(&rows[i], call, len, about))
			continue;
		if (because)
			snprintf(option, sizeof(option), "--%s", because);
		else
			find_option(&rows[i], about, option, sizeof(option));
		told_explain(option, sentences[i]);
		if (*rows[i].has != '+')
			return;
	}
}

void explain_start(const struct explain_words *w)
{
	words = w;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *r = &rows[i];

		if (!memchr(r->call, 0, sizeof(r->call)) || !memchr(r->has, 0, sizeof(r->has)) ||
		    !memchr(r->why, 0, sizeof(r->why)) ||
		    !memchr(r->sentence, 0, sizeof(r->sentence)))
			abort(); /* it does not fit */
		sentences[i] = _(r->sentence);
	}
	told_set_explainer(explain);
}

void explain_end_of_options(void)
{
	if (words && !tracing())
		told_set_mode(CALLS_TOLD);
}
