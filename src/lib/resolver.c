/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "compat.h"
#include "die.h"
#include "fd.h"
#include "nsfs.h"
#include "own.h"
#include "parse.h"
#include "readall.h"
#include "resolver.h"
#include "sys.h"
#include "told.h"

#define RESOLV_CONF "/etc/resolv.conf"
#define NSSWITCH_CONF "/etc/nsswitch.conf"

enum { MAX_NSSWITCH = 1 << 16 };

/*
 * The directories of the sockets, for a socket that is made anew is another file. What else is in there are copies of
 * what its daemon knows.
 */
static const char *const covered[] = { "/run/nscd",
				       "/var/run/nscd",
				       "/run/systemd/resolve",
				       "/var/run/systemd/resolve",
				       "/run/avahi-daemon",
				       "/var/run/avahi-daemon" };

/* Services that answer by themselves, or by what resolv.conf names; what others ask nobody knows. */
static const char own_services[] = "files dns myhostname";

/* ---- words ---- */

char *resolver_text(const char *list, int status)
{
	cleanup_free char *word = NULL;
	unsigned char binary[16];
	char *text = must_format("%s", ""), *more;
	const char *at = list;

	do {
		size_t len = strcspn(at, ",");

		free(word);
		word = must_format("%.*s", (int)len, at);
		if (inet_pton(AF_INET, word, binary) != 1 && inet_pton(AF_INET6, word, binary) != 1)
			die(status, 0, N_("--dns '%s': '%s' is no address of IPv4 or IPv6"), list,
			    word);
		more = must_format("%snameserver %s\n", text, word);
		free(text);
		text = more;
		at += len;
	} while (*at++ == ',');
	return text;
}

/* ---- nsswitch.conf ---- */

/* The next word of the services at @at, a service or what is to be done after one, and its length. Return: false at the end. */
static bool next_word(const char **at, size_t *len)
{
	*at += strspn(*at, " \t");
	if (**at == '[') {
		*len = strcspn(*at, "]\n");
		*len += (*at)[*len] == ']';
	} else {
		*len = strcspn(*at, " \t\n[#");
	}
	return *len > 0;
}

/*
 * The services of a line of hosts, without those that ask others, and without what they are to do then; "dns" at the
 * end, if one of these stood for it. Return: whether it is another line; the new one in @out, as long at most, and 4 bytes.
 */
static bool own_hosts(const char *line, char *out)
{
	bool dns = false, other = false, kept = false;

	out += sprintf(out, "hosts:");
	for (size_t len; next_word(&line, &len); line += len) {
		if (*line != '[')
			kept = parse_index(own_services, " ", line, len) >= 0;
		if (kept)
			out += sprintf(out, " %.*s", (int)len, line);
		else
			other = true;
		dns |= len == 3 && strncmp(line, "dns", 3) == 0;
	}
	if (other && !dns)
		out += sprintf(out, " dns");
	sprintf(out, "\n");
	return other;
}

/* Where the services of the line @line stand, if it is that of hosts; else NULL. */
static const char *hosts_of(const char *line)
{
	line += strspn(line, " \t");
	if (strncmp(line, "hosts", 5) != 0)
		return NULL;
	line += 5 + strspn(line + 5, " \t");
	return *line == ':' ? line + 1 : NULL;
}

/* Return: the text with another line of hosts, allocated; NULL: it can stay as it is. */
static char *own_nsswitch(const char *text)
{
	char *new = must_have(malloc(strlen(text) * 2 + 64)), *out = new;
	bool other = false;

	for (const char *line = text, *end; *line; line = end) {
		const char *services = hosts_of(line);

		end = strchrnul(line, '\n');
		end += *end == '\n';
		if (services && own_hosts(services, out))
			other = true;
		else
			sprintf(out, "%.*s", (int)(end - line), line);
		out = strchr(out, '\0');
	}
	if (other)
		return new;
	free(new);
	return NULL;
}

static char *read_file(int fd)
{
	size_t len;

	return fd < 0 ? NULL : read_all(fd, MAX_NSSWITCH, &len);
}

/* ---- making ---- */

static struct {
	int fs, resolv, empty, nsswitch; /* mounts, the last three of them nowhere yet */
	int nsswitch_file; /* open for writing: what is in there says the one inside */
	const char *site;  /* where the file system is mounted meanwhile */
} made = { -1, -1, -1, -1, -1, NULL };

static void must_make(int ret, const char *what)
{
	must(ret, N_("cannot make %s"), what);
}

/* An empty file, of which *mount is one. Return: a descriptor for writing. */
static int make_file(const char *name, int *mount)
{
	int fd;

	told_about("resolver");
	fd = sys_create_at(made.fs, "tmpfs", name, 0644);
	must_make(fd < 0 && errno ? -1 : 0, name);
	*mount = sys_clone_tree(fd, name, false);
	must_make(*mount, name);
	return fd;
}

static void make_empty(void)
{
	cleanup_close int fd = -1;

	must_make(sys_mkdir_at(made.fs, "tmpfs", "empty", 0755), "empty");
	fd = telling() ? told_fd()
		       : fd_above_stdio(openat(made.fs, "empty", O_PATH | O_DIRECTORY | O_CLOEXEC));
	must_make(fd, "empty");
	made.empty = sys_clone_tree(fd, "empty", false);
	must_make(made.empty, "empty");
}

static void mount_site(void)
{
	static const char *const sites[] = { "/mnt", "/tmp", "/run", "/etc" };
	static const char *const mode[] = { "mode", "0755", NULL };
	struct stat st;
	size_t i = 0;

	while (i + 1 < ARRAY_SIZE(sites) && (lstat(sites[i], &st) < 0 || !S_ISDIR(st.st_mode)))
		i++;
	made.site = sites[i];
	made.fs = sys_mount_with("tmpfs", "tmpfs", mode,
				 MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
	must(made.fs, N_("mount %s failed"), "tmpfs");
	must(sys_move_mount(made.fs, "tmpfs", made.site), N_("mount %s failed"), made.site);
}

/* Only of what is mounted a part can be. What it covers for the moment is nobody's. */
void resolver_make(const char *text)
{
	cleanup_close int fd = -1;
	mode_t mask = umask(0); /* whoever the program is, it reads them */

	mount_site();
	fd = make_file("resolv.conf", &made.resolv);
	told_about("resolver");
	must_make(sys_write(fd, "resolv.conf", text), "resolv.conf");
	made.nsswitch_file = make_file("nsswitch.conf", &made.nsswitch);
	make_empty();
	must(sys_umount(made.site, MNT_DETACH), N_("umount %s failed"), made.site);
	close_fd(&made.fs);
	umask(mask);
}

/* ---- mounting ---- */

int resolver_find_in(int root, const char *path, bool nofollow)
{
	return fd_open_below(root, path, O_PATH | (nofollow ? O_NOFOLLOW : 0), RESOLVE_IN_ROOT);
}

static void put_nsswitch(int root, resolver_find *find)
{
	cleanup_close int fd = find(root, NSSWITCH_CONF, false), file = -1;
	cleanup_free char *text = NULL, *new = NULL;
	char path[40];

	if (fd >= 0) { /* it is O_PATH */
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		file = fd_above_stdio(open(path, O_RDONLY | O_CLOEXEC));
	}
	text = read_file(file);
	new = text ? own_nsswitch(text) : NULL;
	if (new) {
		told_about("resolver");
		must_make(sys_write(made.nsswitch_file, "nsswitch.conf", new), "nsswitch.conf");
		must(sys_attach(made.nsswitch, "nsswitch.conf", fd, NSSWITCH_CONF),
		     N_("mount of %s failed"), NSSWITCH_CONF);
	}
	close_fd(&made.nsswitch_file);
	close_fd(&made.nsswitch);
}

/* The second and those behind it are copies of the first, which is mounted. */
static void cover(int fd, const char *path, bool first)
{
	cleanup_close int copy = first ? -1 : sys_clone_tree(made.empty, "empty", false);

	if (!first)
		must(copy, N_("mount of %s failed"), path);
	must(sys_attach(first ? made.empty : copy, "empty", fd, path), N_("mount of %s failed"),
	     path);
}

static void cover_daemons(int root, resolver_find *find)
{
	int fds[ARRAY_SIZE(covered)];
	struct stat st[ARRAY_SIZE(covered)];
	bool first = true;

	for (size_t i = 0; i < ARRAY_SIZE(covered); i++) {
		fds[i] = find(root, covered[i], false);
		if (fds[i] >= 0 && (fstat(fds[i], &st[i]) < 0 || !S_ISDIR(st[i].st_mode)))
			close_fd(&fds[i]);
		for (size_t j = 0; j < i && fds[i] >= 0; j++) /* /var/run is /run */
			if (fds[j] >= 0 && same_file(&st[i], &st[j]))
				close_fd(&fds[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(covered); i++) {
		if (fds[i] < 0)
			continue;
		cover(fds[i], covered[i], first);
		first = false;
		close_fd(&fds[i]);
	}
	close_fd(&made.empty);
}

void resolver_put(int root, resolver_find *find)
{
	cleanup_close int fd = find(root, RESOLV_CONF, true);

	must(fd, N_("mount of %s failed"), RESOLV_CONF);
	must(sys_attach(made.resolv, "resolv.conf", fd, RESOLV_CONF), N_("mount of %s failed"),
	     RESOLV_CONF);
	close_fd(&made.resolv);
	put_nsswitch(root, find);
	cover_daemons(root, find);
}

/* ---- what would be asked ---- */

static bool is_socket(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

/* The first service of hosts that asks others, in static memory; or NULL. */
static const char *other_service(void)
{
	static char word[32];
	cleanup_close int fd = fd_above_stdio(open(NSSWITCH_CONF, O_RDONLY | O_CLOEXEC));
	cleanup_free char *text = read_file(fd);

	for (const char *line = text; line && *line;
	     line = strchrnul(line, '\n'), line += *line == '\n') {
		const char *at = hosts_of(line);

		for (size_t len; at && next_word(&at, &len); at += len) {
			if (*at == '[' || parse_index(own_services, " ", at, len) >= 0)
				continue;
			snprintf(word, sizeof(word), "%.*s", (int)len, at);
			return word;
		}
	}
	return NULL;
}

const char *resolver_asks_outside(void)
{
	static char text[64];
	const char *service;

	if (is_socket("/run/nscd/socket") || is_socket("/var/run/nscd/socket"))
		return "nscd";
	service = other_service();
	if (!service)
		return NULL;
	snprintf(text, sizeof(text), "\"hosts: %s\" in %s", service, NSSWITCH_CONF);
	return text;
}
