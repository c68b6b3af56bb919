/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ctype.h>
#include <libsmartcols/libsmartcols.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "compat.h"
#include "map.h"
#include "nearest.h"
#include "own.h"
#include "parse.h"
#include "shown.h"
#include "columns.h"

/* ---- text of others ---- */

/*
 * What another has named, so that it cannot break a row, a tree or the JSON: a byte that is no
 * character, and with @control each control character, becomes \xNN, as libsmartcols writes them.
 */
static char *harmless(const char *text, bool control)
{
	return must_have(shown_text(text, SHOWN_KEEP_WIDE | (control ? 0 : SHOWN_KEEP_ASCII)));
}

/* A text of several lines; there may be as many as there are names. */
struct cell {
	char *text; /* NULL: empty */
	size_t len, room;
};

/* One more line, whose text is the cell's from now on. */
static void add_line(struct cell *cell, char *line)
{
	size_t len = strlen(line), needed = cell->len + len + 2;

	if (needed > cell->room) {
		cell->room = 2 * needed;
		cell->text = must_have(realloc(cell->text, cell->room));
	}
	if (cell->len > 0)
		cell->text[cell->len++] = '\n';
	memcpy(cell->text + cell->len, line, len + 1);
	cell->len += len;
	free(line);
}

/* ---- users ---- */

char *user_name(uid_t uid)
{
	static struct map names;
	char *name = map_get(&names, uid);
	const struct passwd *pw;

	if (name)
		return must_format("%s", name);
	pw = getpwuid(uid);
	name = pw ? harmless(pw->pw_name, true) : must_format("%u", uid);
	map_put(&names, uid, name);
	return must_format("%s", name);
}

/* The user of the process; where there is none, the one who made the user namespace above; -1: not known. */
static long long uid_of(const struct row *row)
{
	uid_t uid;

	if (row->process)
		return row->process->uid;
	return ns_owner_uid(row->graph, row->ns, &uid) ? (long long)uid : -1;
}

/* ---- the columns ---- */

/* The text of a column that is one expression over the row. */
#define TEXT(name, expression)                          \
	static char *text_##name(const struct row *row) \
	{                                               \
		return expression;                      \
	}

static char *copy_of(const char *text)
{
	return text && *text ? must_format("%s", text) : NULL;
}

/* The maps of the process are those of the user namespace that it is in. */
static bool has_maps(const struct row *row)
{
	return row->process && row->ns->kind->flag == CLONE_NEWUSER;
}

TEXT(ns, must_format("%llu", row->ns->inode))
TEXT(type, must_format("%s", row->ns->kind->proc))
TEXT(path, row->path_pid ? must_format("/proc/%d/ns/%s", row->path_pid, row->ns->kind->proc) : NULL)
TEXT(nprocs, must_format("%u", row->ns->n_procs))
TEXT(pid, row->process ? must_format("%d", row->process->pid) : NULL)
TEXT(ppid, row->process ? must_format("%d", row->process->ppid) : NULL)
TEXT(command, !row->process ? NULL
	      : row->json   ? harmless(row->process->command, false)
			    : must_format("%s", row->process->command))
TEXT(uid, uid_of(row) < 0 ? NULL : must_format("%lld", uid_of(row)))
TEXT(user, uid_of(row) < 0 ? NULL : user_name((uid_t)uid_of(row)))
TEXT(netnsid, row->ns->netnsid == NETNSID_UNKNOWN ? NULL
	      : row->ns->netnsid < 0		  ? must_format("unassigned")
						  : must_format("%d", row->ns->netnsid))
TEXT(pns, must_format("%llu", row->ns->parent))
TEXT(ons, must_format("%llu", row->ns->owner))
TEXT(nsid, row->ns->id ? must_format("%llu", (unsigned long long)row->ns->id) : NULL)
TEXT(nspid, row->process ? copy_of(row->process->nspid) : NULL)
TEXT(uidmap, has_maps(row) ? copy_of(row->process->uid_map) : NULL)
TEXT(gidmap, has_maps(row) ? copy_of(row->process->gid_map) : NULL)
TEXT(pidino, row->process && row->process->inode
		     ? must_format("%d:%llu", row->process->pid, row->process->inode)
		     : NULL)
TEXT(cgroup,
     row->process && row->process->cgroup ? harmless(row->process->cgroup, row->json) : NULL)

static void add_holder(struct cell *cell, const struct holder *h)
{
	cleanup_free char *path = h->how == HELD_MOUNT ? harmless(h->path, true) : NULL;

	if (path && h->pid)
		add_line(cell, must_format("mount %d:%s", h->pid, path));
	else if (path)
		add_line(cell, must_format("mount %s", path));
	else if (h->how == HELD_FD || h->how == HELD_SOCKET)
		add_line(cell, must_format("%s %d:%d", holder_words[h->how], h->pid, h->fd));
	else
		add_line(cell, must_format("%s %d", holder_words[h->how], h->pid));
}

static char *text_holders(const struct row *row)
{
	unsigned int threads = 0; /* which count as processes where they are apart from theirs */
	struct cell cell = { 0 };

	for (size_t i = 0; i < row->ns->n_holders; i++)
		threads += row->ns->holders[i].how == HELD_THREAD;
	if (row->ns->n_procs > threads)
		add_line(&cell, must_format("proc"));
	for (size_t i = 0; i < row->ns->n_holders; i++)
		add_holder(&cell, &row->ns->holders[i]);
	if (row->ns->has_child)
		add_line(&cell, must_format("child"));
	return cell.text;
}

static char *text_owner(const struct row *row)
{
	cleanup_free char *name = NULL;
	uid_t uid;

	if (!ns_owner_uid(row->graph, row->ns, &uid))
		return NULL;
	name = user_name(uid);
	return isdigit((unsigned char)*name) ? must_format("%u", uid)
					     : must_format("%u(%s)", uid, name);
}

TEXT(depth,
     ns_depth(row->graph, row->ns) < 0 ? NULL : must_format("%d", ns_depth(row->graph, row->ns)))

static const char *whole(const char *path)
{
	return path;
}

/* The name of @path if it is directly in a directory where tools keep named namespaces. */
static const char *name_in(const char *path)
{
	static const char *const dirs[] = {
		"/run/netns/",	      /* ip netns, podman, containerd's CNI, CRI-O */
		"/run/docker/netns/", /* Docker */
		"/run/ipcns/",	      "/run/utsns/", "/run/userns/", "/run/pidns/", /* CRI-O */
	};
	const char *name = NULL;

	for (size_t i = 0; !name && i < ARRAY_SIZE(dirs); i++)
		if (strncmp(path, dirs[i], strlen(dirs[i])) == 0)
			name = path + strlen(dirs[i]);
	if (!name && strncmp(path, "/run/user/", 10) == 0) /* rootless podman, rootless xnetns */
		name = strstr(path, "/netns/") ? strstr(path, "/netns/") + strlen("/netns/") : NULL;
	return name && !strchr(name, '/') ? name : NULL;
}

/* What @pick makes of each path at which it is mounted. */
static char *text_of_paths(const struct row *row, const char *(*pick)(const char *path))
{
	struct cell cell = { 0 };

	for (size_t i = 0; i < row->ns->n_paths; i++) {
		const char *text = pick(row->ns->paths[i]);

		if (text && *text)
			add_line(&cell, harmless(text, true));
	}
	return cell.text;
}

TEXT(nsfs, text_of_paths(row, whole))
TEXT(name, text_of_paths(row, name_in))

/* The 64 hexadecimal digits that Docker, podman, containerd and CRI-O name a container by. */
static char *text_container(const struct row *row)
{
	const char *p = row->process && row->process->cgroup ? row->process->cgroup : "";
	const char *last = NULL;

	while (*p) {
		size_t n = strspn(p, "0123456789abcdef");

		if (n == 64)
			last = p;
		p += n + (p[n] != '\0');
	}
	return last ? must_format("%.64s", last) : NULL;
}

#define PROCS SCAN_PROCESSES
#define USER (FACT_UID | FACT_OWNER_UID | FACT_RELATIONS)
#define RIGHT SCOLS_FL_RIGHT
#define TRUNC SCOLS_FL_TRUNC
#define WRAP SCOLS_FL_WRAP
#define NUMBER SCOLS_JSON_NUMBER
#define STRING SCOLS_JSON_STRING
#define LIST SCOLS_JSON_ARRAY_STRING

const struct column columns[] = {
	{ "NS", 10, RIGHT, NUMBER, 0, 0, N_("inode number of the namespace"), text_ns },
	{ "TYPE", 5, 0, STRING, 0, 0, N_("type of the namespace"), text_type },
	{ "PATH", 0, 0, STRING, PROCS, 0, N_("its file below /proc"), text_path },
	{ "NPROCS", 5, RIGHT, NUMBER, PROCS, 0, N_("how many processes are in it"), text_nprocs },
	{ "PID", 5, RIGHT, NUMBER, PROCS, 0, N_("the lowest PID in it"), text_pid },
	{ "PPID", 5, RIGHT, NUMBER, PROCS, FACT_PPID, N_("the parent of that process"), text_ppid },
	{ "COMMAND", 0, TRUNC, STRING, PROCS, FACT_COMMAND, N_("the command line of that process"),
	  text_command },
	{ "UID", 0, RIGHT, NUMBER, PROCS, USER,
	  N_("user ID of that process; without one, of the owner"), text_uid },
	{ "USER", 0, 0, STRING, PROCS, USER, N_("the name of that user"), text_user },
	{ "NETNSID", 0, RIGHT, STRING, 0, FACT_NETNSID,
	  N_("the ID by which our network namespace knows it"), text_netnsid },
	{ "NSFS", 0, WRAP | TRUNC, STRING, SCAN_OWN_MOUNTS, 0, N_("where it is mounted"),
	  text_nsfs },
	{ "PNS", 10, RIGHT, NUMBER, 0, FACT_RELATIONS, N_("inode number of its parent"), text_pns },
	{ "ONS", 10, RIGHT, NUMBER, 0, FACT_RELATIONS,
	  N_("inode number of the user namespace that owns it"), text_ons },

	{ "NSID", 0, RIGHT, NUMBER, 0, FACT_ID, N_("its 64-bit ID, which never comes again"),
	  text_nsid },
	{ "HOLDERS", 0, WRAP | TRUNC, LIST, SCAN_EVERYWHERE, FACT_HOLDERS | FACT_RELATIONS,
	  N_("what keeps it alive"), text_holders },
	{ "NSPID", 0, RIGHT, NUMBER, PROCS, FACT_NSPID, N_("the PID as seen inside"), text_nspid },
	{ "UIDMAP", 0, WRAP, LIST, PROCS, FACT_MAPS,
	  N_("user IDs of a user namespace, inner:outer:count"), text_uidmap },
	{ "GIDMAP", 0, WRAP, LIST, PROCS, FACT_MAPS, N_("group IDs, the same way"), text_gidmap },
	{ "OWNER", 0, 0, STRING, 0, FACT_OWNER_UID | FACT_RELATIONS,
	  N_("who made it, or the user namespace that owns it"), text_owner },
	{ "DEPTH", 0, RIGHT, NUMBER, 0, FACT_RELATIONS,
	  N_("how many parents a user or PID namespace has"), text_depth },
	{ "NAME", 0, WRAP | TRUNC, LIST, SCAN_OWN_MOUNTS, 0,
	  N_("the name that ip-netns(8) or a container engine gave it"), text_name },
	{ "CGROUP", 0, TRUNC, STRING, PROCS, FACT_CGROUP, N_("the cgroup of that process"),
	  text_cgroup },
	{ "CONTAINER", 0, TRUNC, STRING, PROCS, FACT_CGROUP, N_("the container, by its cgroup"),
	  text_container },
	{ "PIDINO", 0, 0, STRING, PROCS, FACT_PIDINO,
	  N_("its PID and the inode number of its pidfd, for xnsenter -t"), text_pidino },
};

const int n_columns = ARRAY_SIZE(columns);

int column_find(const char *name, size_t len)
{
	for (int i = 0; i < n_columns; i++)
		if (strlen(columns[i].name) == len && parse_same(columns[i].name, name, len))
			return i;
	return -1;
}

bool column_is_list(const struct column *column)
{
	return (column->flags & SCOLS_FL_WRAP) != 0;
}

void column_unknown(const char *word, size_t len)
{
	struct nearest n = nearest_to(word, len);

	warn_msg(N_("unknown column: %s"), word);
	for (int i = 0; i < n_columns; i++)
		nearest_try(&n, columns[i].name);
	nearest_hint(&n, "");
	hint(N_("--list-columns tells of each column"));
	die_said(EXIT_FAILURE);
}
