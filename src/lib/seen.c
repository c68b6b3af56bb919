/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "compat.h"
#include "fd.h"
#include "own.h"
#include "proc.h"
#include "seen.h"
#include "sys.h"

/* ---- files ---- */

int seen_open(const char *path)
{
	if (sys_proc_is_ours())
		return fd_above_stdio(open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
	errno = 0;
	return -1;
}

static FILE *open_stream(const char *path)
{
	int fd = seen_open(path);

	return fd < 0 ? NULL : fdopen(fd, "r");
}

/* Return: false if there is none. */
static bool first_line(const char *path, char *line, size_t size)
{
	cleanup_file FILE *f = open_stream(path);

	if (!f || !fgets(line, (int)size, f))
		return false;
	line[strcspn(line, "\n")] = '\0';
	return *line;
}

bool seen_number(const char *path, long *value)
{
	cleanup_file FILE *f = open_stream(path);

	return f && fscanf(f, "%ld", value) == 1;
}

bool seen_status(const char *file, const char *name, char *value, size_t size)
{
	cleanup_file FILE *f = open_stream(file);
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

bool seen_label(char *label, size_t size)
{
	return first_line("/proc/self/attr/apparmor/current", label, size) ||
	       first_line("/proc/self/attr/current", label, size);
}

bool seen_before(int major, int minor, char release[65])
{
	struct utsname kernel;
	int ours, sub;

	if (uname(&kernel) < 0 || sscanf(kernel.release, "%d.%d", &ours, &sub) != 2)
		return false;
	snprintf(release, 65, "%s", kernel.release);
	return ours < major || (ours == major && sub < minor);
}

bool seen_chroot(void)
{
	return proc_is_mount(AT_FDCWD, "/", 0) == 0;
}

bool seen_empty(int fd)
{
	char byte;
	bool empty = fd >= 0 && read(fd, &byte, 1) == 0;

	close_fd(&fd);
	return empty;
}

/* ---- namespaces ---- */

static ino_t inode_of(int fd)
{
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 ? st.st_ino : 0;
}

bool seen_is(int fd, ino_t inode)
{
	return inode && inode_of(fd) == inode;
}

static int open_ns(const char *kind)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/self/ns/%s", kind);
	return seen_open(path);
}

ino_t seen_ns(const char *kind)
{
	cleanup_close int fd = open_ns(kind);

	return inode_of(fd);
}

ino_t seen_owner(const char *kind)
{
	cleanup_close int fd = open_ns(kind);
	cleanup_close int owner = fd < 0 ? -1 : ioctl(fd, NS_GET_USERNS);

	return inode_of(owner);
}

bool seen_outermost(void)
{
	return seen_ns("user") == PROC_USER_INIT_INO;
}

bool seen_below(int fd, ino_t inode)
{
	int parent = fcntl(fd, F_DUPFD_CLOEXEC, fd_first());
	bool found = seen_is(parent, inode);

	while (!found && parent >= 0) {
		int next = ioctl(parent, NS_GET_PARENT); /* EPERM: it would not be below us */

		close_fd(&parent);
		parent = next;
		found = seen_is(parent, inode);
	}
	close_fd(&parent);
	return found;
}

/* ---- mounts ---- */

bool seen_next_mount(FILE *f, struct seen_mount *m)
{
	static char line[8192];
	char *dash;

	do {
		if (!fgets(line, sizeof(line), f))
			return false;
		dash = strstr(line, " - ");
	} while (!dash || sscanf(line, "%*s %*s %*s %*s %1023s", m->target) != 1 ||
		 sscanf(dash, " - %63s %*s %255s", m->type, m->options) != 2);
	*dash = '\0';
	m->shared = strstr(line, " shared:") != NULL;
	return true;
}

/* The stream is closed by hand: gcc 12's analyzer sees no owner across a loop. */
bool seen_mount_of(const char *path, struct seen_mount *found)
{
	FILE *f = open_stream("/proc/self/mountinfo");
	cleanup_free char *real = realpath(path, NULL);
	struct seen_mount m;
	size_t best = 0;

	found->target[0] = '\0';
	while (f && real && seen_next_mount(f, &m)) {
		size_t len = strcmp(m.target, "/") == 0 ? 0 : strlen(m.target);

		if (strncmp(real, m.target, len) == 0 && (real[len] == '/' || real[len] == '\0') &&
		    len >= best) {
			*found = m;
			best = len;
		}
	}
	if (f)
		fclose(f);
	return found->target[0] == '/';
}

/* Whether that is a process of this PID namespace, which is that of /proc. */
static bool is_there(pid_t pid)
{
	char self[16] = "";

	return sys_proc_is_ours() && readlink("/proc/self", self, sizeof(self) - 1) > 0 &&
	       atoi(self) == getpid() && proc_is_there(pid);
}

bool seen_hidden(pid_t pid, char word[SEEN_HIDEPID])
{
	char path[32];
	cleanup_close int fd = -1;
	struct seen_mount m;
	const char *option;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = seen_open(path);
	if (fd >= 0 || !is_there(pid) || !seen_mount_of("/proc", &m))
		return false;
	option = strstr(m.options, "hidepid=");
	if (!option) /* "off" is not shown */
		return false;
	snprintf(word, SEEN_HIDEPID, "%.*s", (int)strcspn(option, ","), option);
	return true;
}
