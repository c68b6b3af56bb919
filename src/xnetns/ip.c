/* SPDX-License-Identifier: MIT */
/*
 * xnetns as ip(8): the hand-over of what is not netns, and what a set-user-ID program may still do.
 *
 * Such a program is run by somebody who chose the environment, the working directory and the name it
 * was started by. The next ip is looked for in the system's directories then, and run as the caller.
 */
#include "config.h"

#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "die.h"
#include "exec.h"
#include "ip.h"
#include "options.h"
#include "search.h"
#include "sys.h"
#include "told.h"

#define SYSTEM_PATH "/usr/sbin:/usr/bin:/sbin:/bin"

/*
 * Which programs handed over to each other in this process, "PID DEVICE:INODE,DEVICE:INODE,": two that
 * are ip in the same PATH would do so for ever. It only ever makes a search pass over a file.
 */
#define HOPS "XNS_IP_HOPS"

/* ---- rights ---- */

/* The supplementary groups are the caller's anyway. */
static void become_caller(void)
{
	struct __user_cap_data_struct none[2] = { 0 };
	gid_t gid = getgid();
	uid_t uid = getuid();

	must(sys_setresgid(gid), N_("setgid() failed"));
	must(sys_setresuid(uid), N_("setuid() failed"));
	if (uid != 0)
		must(sys_capset(none), N_("cannot drop capabilities"));
}

void drop_rights(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = { 0 };

	if (getauxval(AT_UID) == 0 || getauxval(AT_EUID) != 0)
		return;
	if (syscall(SYS_capget, &head, data) == 0 && (data[0].inheritable & 1U << CAP_NET_ADMIN))
		must(setenv("PATH", SYSTEM_PATH, 1), N_("cannot allocate memory"));
	else
		become_caller();
}

/* ---- the hand-over ---- */

/* This program's file; without a /proc the one that was executed. */
static int stat_self(struct stat *own)
{
	const char *file = (const char *)getauxval(AT_EXECFN);

	if (stat("/proc/self/exe", own) == 0)
		return 0;
	return file ? stat(file, own) : -1;
}

/* The word for a file in HOPS. */
static void hop_of(const struct stat *file, char word[64])
{
	snprintf(word, 64, "%llx:%llx,", (unsigned long long)file->st_dev,
		 (unsigned long long)file->st_ino);
}

/* What HOPS says if it is of this process, with @own added. Return: allocated. */
static char *read_hops(const struct stat *own)
{
	const char *before = getenv(HOPS);
	char pid[32], word[64];

	snprintf(pid, sizeof(pid), "%d ,", getpid());
	hop_of(own, word);
	if (!before || strncmp(before, pid, strlen(pid)) != 0)
		before = pid;
	return must_format("%s%s", before, word);
}

void forget_hops(void)
{
	unsetenv(HOPS);
}

static bool was_here(const char *hops, const struct stat *file)
{
	char word[64 + 1] = ",";

	hop_of(file, word + 1);
	return strstr(hops, word);
}

/* The next element of *path, as execvp(3) sees it: an empty one is the working directory. */
static bool next_ip(const char **path, char file[PATH_MAX])
{
	const char *dir = *path;
	size_t len;

	if (!dir)
		return false;
	len = strcspn(dir, ":");
	if (snprintf(file, PATH_MAX, "%.*s/ip", len ? (int)len : 1, len ? dir : ".") >= PATH_MAX)
		*file = '\0'; /* there is no such file */
	*path = dir[len] ? dir + len + 1 : NULL;
	return true;
}

_Noreturn void hand_over(char *argv[])
{
	const char *path = is_set_id() ? NULL : getenv("PATH");
	char file[PATH_MAX], *hops;
	struct stat st;

	if (stat_self(&st) < 0)
		die(EXIT_USAGE, errno, N_("cannot open %s"), "/proc/self/exe");
	hops = read_hops(&st);
	told_set_mode(CALLS_MADE); /* also with --dry-run: the words are not ours to tell */
	if (is_set_id())
		become_caller();
	if (setenv(HOPS, hops, 1) < 0)
		die(EXIT_USAGE, errno, N_("cannot allocate memory"));
	for (path = path ? path : SYSTEM_PATH; next_ip(&path, file);) {
		if (stat(file, &st) < 0 || !S_ISREG(st.st_mode) || was_here(hops, &st))
			continue;
		if (exec_file(file, argv) < 0 && errno != EACCES && errno != ENOENT)
			die(EXIT_USAGE, errno, N_("exec of \"%s\" failed"), file);
	}
	die(EXIT_USAGE, 0, N_("there is no other ip in PATH, for what is not netns"));
}
