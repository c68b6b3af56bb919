/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cred.h"
#include "die.h"
#include "fd.h"
#include "peek.h"
#include "seen.h"

/* By its open /proc/PID/stat. */
static bool is_zombie(int fd)
{
	char line[256] = "";
	const char *end;

	if (read(fd, line, sizeof(line) - 1) <= 0)
		return false;
	end = strrchr(line, ')'); /* the name before it can hold anything */
	if (!end || strncmp(end, ") Z", 3) != 0)
		return false;
	return hint(N_("process %d is a zombie: it has ended, and its namespaces are gone with it"),
		    atoi(line));
}

bool hint_hidden(pid_t pid)
{
	char word[SEEN_HIDEPID];

	return seen_hidden(pid, word) &&
	       hint(N_("process %d is there, and /proc is mounted with %s, which hides whom one may not look into; "
		       "that takes its user's rights and capabilities, or CAP_SYS_PTRACE"),
		    pid, word);
}

/* Reading the process is asked for; by setns(2) of a pidfd, too. */
static bool is_unreadable(pid_t pid, int dir)
{
	struct stat st;
	char link[8];

	if (dir < 0 || fstat(dir, &st) < 0 || readlinkat(dir, "ns/mnt", link, sizeof(link)) >= 0 ||
	    errno != EACCES)
		return false;
	if (!cred_has(CAP_SYS_PTRACE))
		return hint(N_("process %d, of user %u, may not be looked into from here; "
			       "that takes its user's rights and capabilities, or CAP_SYS_PTRACE"),
			    pid, st.st_uid);
	return seen_ns("user") && !seen_outermost() &&
	       hint(N_("process %d, of user %u, may not be looked into from here: CAP_SYS_PTRACE counts only for "
		       "processes of this user namespace and of those below"),
		    pid, st.st_uid);
}

bool hint_process(pid_t pid, int dir, int err)
{
	cleanup_close int fd = dir < 0 ? -1
				       : fd_above_stdio(openat(dir, "stat", O_RDONLY | O_CLOEXEC));

	if (fd >= 0 && is_zombie(fd))
		return true;
	if ((err == ENOENT || err == EPERM || err == EACCES) && hint_hidden(pid))
		return true;
	return err == EACCES && is_unreadable(pid, dir);
}
