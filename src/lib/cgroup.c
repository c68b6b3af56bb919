/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <linux/magic.h>

#include "cgroup.h"
#include "cli.h"
#include "fd.h"
#include "own.h"
#include "parse.h"
#include "proc.h"
#include "readall.h"
#include "sys.h"
#include "told.h"

#define MAX_HIERARCHIES 32

static struct join {
	int fd;
	char *path;
} joins[MAX_HIERARCHIES];
static int n_joins;

/* ---- mounts ---- */

/* Whether the comma-separated @list has each word of @wanted. */
static bool has_words(const char *list, const char *wanted)
{
	while (*wanted) {
		size_t len = strcspn(wanted, ",");

		if (parse_index(list, ",\n", wanted, len) < 0)
			return false;
		wanted += len + (wanted[len] == ',');
	}
	return true;
}

/* Whether a path has a part "..": it is outside of what a mount shows. */
static bool goes_up(const char *path)
{
	for (const char *p = path; (p = strstr(p, "/..")); p += 3)
		if (p[3] == '/' || p[3] == '\0')
			return true;
	return false;
}

static bool is_type(const char *field, const char *type)
{
	size_t len = strlen(type);

	return strncmp(field, type, len) == 0 && field[len] == ' ';
}

/*
 * The directory of @cgroup if the mount in @line, of mountinfo, shows it.
 * Return: allocated, or NULL.
 */
static char *dir_in_mount(char *line, const char *controllers, const char *cgroup)
{
	char *dash = strstr(line, " - ");
	char *root, *target;

	if (!dash || !is_type(dash + 3, *controllers ? "cgroup" : "cgroup2"))
		return NULL;
	const char *options = strrchr(dash, ' '); /* behind the source, which may be empty */
	if (!options || !has_words(options + 1, controllers))
		return NULL;
	*dash = '\0';
	if (proc_mount(line, &root, &target) < 0)
		return NULL;
	size_t len = strcmp(root, "/") == 0 ? 0 : strlen(root);
	if (strncmp(cgroup, root, len) != 0 || (cgroup[len] != '/' && cgroup[len] != '\0') ||
	    goes_up(cgroup + len))
		return NULL;
	return must_format("%s%s", target, strcmp(cgroup + len, "/") == 0 ? "" : cgroup + len);
}

/* Whether @dir is of a cgroup file system, or not there: the mount may be hidden by another. */
static bool may_be_cgroup(const char *dir, bool v1)
{
	struct statfs fs;

	if (statfs(dir, &fs) < 0)
		return true; /* opening it will say why */
	return fs.f_type == (v1 ? CGROUP_SUPER_MAGIC : CGROUP2_SUPER_MAGIC);
}

#define MAX_TEXT (64U << 20) /* of 100,000 mounts and more */

/* All of @fd, the file @path; allocated. */
static char *read_lines(int fd, const char *path)
{
	size_t len;
	char *text = read_all(fd, MAX_TEXT, &len);

	must(text ? 0 : -1, N_("cannot read %s"), path);
	return text;
}

static char *read_own(const char *path)
{
	cleanup_close int fd = fd_above_stdio(open(path, O_RDONLY | O_CLOEXEC));

	must(fd, N_("cannot open %s"), path);
	return read_lines(fd, path);
}

/* By the last mount that may show it: those that hide others come later. Return: allocated, or NULL */
static char *procs_of(const char *controllers, const char *cgroup)
{
	cleanup_free char *text = read_own("/proc/self/mountinfo"), *dir = NULL;
	char *rest = text, *line;

	while ((line = strsep(&rest, "\n"))) {
		cleanup_free char *other = dir_in_mount(line, controllers, cgroup);

		if (other && (access(other, F_OK) == 0 || !dir) &&
		    may_be_cgroup(other, *controllers)) {
			free(dir);
			dir = other;
			other = NULL;
		}
	}
	return dir ? must_format("%s/cgroup.procs", dir) : NULL;
}

/* ---- cgroups ---- */

static void open_cgroup(const char *controllers, const char *cgroup)
{
	char *path = procs_of(controllers, cgroup);

	if (!path)
		die(EXIT_FAILURE, 0,
		    N_("cannot join cgroup %s of hierarchy %s: no mount here shows it"), cgroup,
		    *controllers ? controllers : "cgroup2");
	if (n_joins == MAX_HIERARCHIES)
		die(EXIT_FAILURE, ENOMEM, N_("cannot join cgroup %s"), cgroup);
	joins[n_joins++] = (struct join){ must_open_write(path), path };
}

/* A line of /proc/PID/cgroup, "ID:CONTROLLERS:PATH". */
static void open_line(const struct target *t, char *line)
{
	char *controllers = strchr(line, ':');
	char *cgroup = controllers ? strchr(controllers + 1, ':') : NULL;

	if (cgroup && cgroup[1] == '/') {
		*cgroup = '\0';
		open_cgroup(controllers + 1, cgroup + 1);
		return;
	}
	die(EXIT_FAILURE, 0, N_("unexpected line in /proc/%d/cgroup: '%s'"), t->pid, line);
}

void cgroup_open(struct target *t)
{
	cleanup_close int fd = target_open_file(t, "cgroup", O_RDONLY, false);
	cleanup_free char *text = read_lines(fd, target_path(t, "cgroup"));
	cleanup_free char *ours = read_own("/proc/self/cgroup");
	char *rest = text, *line;

	if (!*text) {
		target_check(t); /* it is empty as well once the process has ended */
		die(EXIT_FAILURE, 0, N_("/proc/%d/cgroup is empty"), t->pid);
	}
	while (rest && *rest && (line = strsep(&rest, "\n")))
		if (parse_index(ours, "\n", line, strlen(line)) < 0)
			open_line(t, line);
	if (n_joins == 0)
		told_note("process %d is in the same cgroups", t->pid);
}

void cgroup_join(void)
{
	for (int i = 0; i < n_joins; i++)
		must(sys_write(joins[i].fd, joins[i].path, "0"), N_("write failed %s"),
		     joins[i].path);
	cgroup_close();
}

void cgroup_close(void)
{
	for (int i = 0; i < n_joins; i++)
		close_fd(&joins[i].fd);
	n_joins = 0;
}

/*
 * For the start of `xnetns exec`: without stdio, and without a look into /proc/self/cgroup, which is
 * slow with many hierarchies, where the kernel has no VRF (/proc/sys/net/vrf: Linux 5.9).
 */
void cgroup_leave_vrf(void)
{
	char text[8192];

	if (access("/proc/sys/net/vrf", F_OK) < 0)
		return;
	cleanup_close int fd = fd_above_stdio(open("/proc/self/cgroup", O_RDONLY | O_CLOEXEC));
	if (fd < 0 || read_text(fd, text, sizeof(text)) < 0)
		return; /* without a /proc nobody knows */
	const char *line = strncmp(text, "0::", 3) == 0 ? text : strstr(text, "\n0::"); /* v2 */
	char *vrf = line ? strstr(line, "/vrf/") : NULL;
	if (!vrf)
		return;
	*vrf = '\0';
	line = strchr(line, '/') ? strchr(line, '/') : "/";
	cleanup_free char *path = procs_of("", line);
	if (!path)
		die(EXIT_FAILURE, 0, N_("cannot join cgroup %s"), line);
	must_write(path, "0", N_("write failed %s"));
}
