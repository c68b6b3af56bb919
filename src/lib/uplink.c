/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <arpa/inet.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "die.h"
#include "nearest.h"
#include "own.h"
#include "parse.h"
#include "search.h"
#include "uplink.h"

struct uplink_engine {
	const char *name, *package; /* which has it, in Debian */
	bool says_ready;	    /* by UPLINK_READY */
	bool only_v4_ports;
	void (*words)(const struct uplink *u, bool userns, const char *api);
};

/* ---- the words of the command line ---- */

void uplink_set_engine(struct uplink *u, const char *word, int status)
{
	u->given = true;
	if (!word)
		return;
	if (parse_index(UPLINK_ENGINES, " ", word, strlen(word)) < 0) {
		warn_msg(N_("unknown engine: '%s'"), word);
		hint_word(word, UPLINK_ENGINES);
		die_said(status);
	}
	u->with = word;
}

static _Noreturn void wrong_port(const char *word, const char *msgid, const char *part, int status)
{
	if (part)
		die(status, 0, msgid, word, part);
	die(status, 0, msgid, word);
}

static int take_number(const char *word, const char *part, int status)
{
	long long n;

	if (*part == '+' || parse_number(part, 1, 65535, &n) < 0)
		wrong_port(word,
			   N_("--port '%s': '%s' is no port, which is a number from 1 to 65535"),
			   part, status);
	return (int)n;
}

/* An IPv4 address, or one of IPv6 in brackets. */
static void take_address(struct uplink_port *p, char *part, int status)
{
	unsigned char binary[16];
	size_t len = strlen(part);
	char *inner = part;

	p->is_v6 = *part == '[' && len > 2 && part[len - 1] == ']';
	if (p->is_v6) {
		inner = must_format("%.*s", (int)len - 2, part + 1);
		if (strlen(inner) >= sizeof(p->address) || inet_pton(AF_INET6, inner, binary) != 1)
			p->is_v6 = false;
	}
	if (!p->is_v6 && inet_pton(AF_INET, part, binary) != 1)
		wrong_port(p->word,
			   N_("--port '%s': '%s' is no IPv4 address, nor one of IPv6 in brackets"),
			   part, status);
	snprintf(p->address, sizeof(p->address), "%s", inner);
	if (inner != part)
		free(inner);
}

void uplink_add_port(struct uplink *u, const char *word, int status)
{
	cleanup_free char *text = must_format("%s", word);
	char *slash = strchr(text, '/'), *inner, *outer;
	struct uplink_port p = { .word = word };

	if (slash)
		*slash++ = '\0';
	if (slash && strcmp(slash, "udp") != 0 && strcmp(slash, "tcp") != 0)
		wrong_port(word, N_("--port '%s': '%s' is neither tcp nor udp"), slash, status);
	p.udp = slash && *slash == 'u';
	inner = strrchr(text, ':');
	if (!inner)
		wrong_port(word, N_("--port '%s': not [ADDRESS:]OUTER:INNER[/udp]"), NULL, status);
	*inner++ = '\0';
	outer = strrchr(text, ':');
	if (outer) {
		*outer++ = '\0';
		take_address(&p, text, status);
	} else {
		outer = text;
	}
	p.outer = take_number(word, outer, status);
	p.inner = take_number(word, inner, status);
	for (size_t i = 0; i < u->n_ports; i++)
		if (u->port[i].outer == p.outer && u->port[i].udp == p.udp &&
		    strcmp(u->port[i].address, p.address) == 0)
			wrong_port(word, N_("--port '%s': that port is forwarded already"), NULL,
				   status);
	u->port = must_have(reallocarray(u->port, u->n_ports + 1, sizeof(p)));
	u->port[u->n_ports++] = p;
}

/* ---- the resolvers of outside ---- */

enum { MAX_SERVERS = 3 }; /* as of resolv.conf(5) */

struct servers {
	size_t n;
	char address[MAX_SERVERS][64];
	bool v4, v6;	   /* there is one that is not on the loopback */
	bool loopback;	   /* there is one that is */
	char others[1024]; /* the lines of search and options */
};

static void take_server(struct servers *s, const char *word)
{
	struct in6_addr v6;
	struct in_addr v4;

	if (inet_pton(AF_INET, word, &v4) == 1) {
		bool lo = (ntohl(v4.s_addr) >> 24) == 127;

		s->loopback |= lo;
		s->v4 |= !lo;
		if (lo)
			return;
	} else if (inet_pton(AF_INET6, word, &v6) ==
		   1) { /* with a zone it is of a link, not for us */
		bool lo = IN6_IS_ADDR_LOOPBACK(&v6);

		s->loopback |= lo;
		if (lo || IN6_IS_ADDR_LINKLOCAL(&v6))
			return;
		s->v6 = true;
	} else {
		return;
	}
	if (s->n < MAX_SERVERS)
		snprintf(s->address[s->n++], sizeof(s->address[0]), "%s", word);
}

static void read_servers(const char *path, struct servers *s)
{
	FILE *f = fopen(path, "re");
	char line[512], key[16], word[64];

	while (f && fgets(line, sizeof(line), f)) {
		int n = sscanf(line, "%15s %63s", key, word);

		if (n == 2 && strcmp(key, "nameserver") == 0)
			take_server(s, word);
		if (n == 2 && parse_index("search domain options", " ", key, strlen(key)) >= 0 &&
		    strchr(line, '\n') && strlen(s->others) + strlen(line) < sizeof(s->others))
			strcat(s->others, line);
	}
	if (f)
		fclose(f);
}

/*
 * Those of /etc/resolv.conf; and where these are on the loopback, which is not reached, those that
 * systemd-resolved asks itself.
 */
static const struct servers *servers(void)
{
	static struct servers s;
	static bool known;

	if (known)
		return &s;
	known = true;
	read_servers("/etc/resolv.conf", &s);
	if (s.n == 0 && s.loopback)
		read_servers("/run/systemd/resolve/resolv.conf", &s);
	return &s;
}

/* Whether those are named inside: as the loopback was, which pasta does not always forward to. */
static bool names_them(const struct uplink *u)
{
	return !u->engine->says_ready && servers()->loopback && servers()->n > 0;
}

/* ---- the words of the engine ---- */

static char *argv[128];
static size_t argc;

static void word(const char *text)
{
	if (argc == ARRAY_SIZE(argv) - 1)
		die(EXIT_FAILURE, 0, N_("too many --port options"));
	argv[argc++] = must_have(strdup(text));
}

static void words(const char *a, const char *b)
{
	word(a);
	word(b);
}

#define FD_OF(n) "/proc/self/fd/" #n /* of the enum in uplink.h */
#define FORWARD_V4 "169.254.1.1"
#define FORWARD_V6 "fd00::3"

static void pasta_ports(const struct uplink *u, bool udp, const char *option)
{
	bool any = false;

	for (const struct uplink_port *p = u->port; p < u->port + u->n_ports; p++) {
		cleanup_free char *text = must_format("%s%s%d:%d", p->address,
						      *p->address ? "/" : "", p->outer, p->inner);
		if (p->udp != udp)
			continue;
		words(option, text);
		any = true;
	}
	if (!any)
		words(option, "none");
}

/*
 * It may close what is above 2, and gives up the right to look into other processes, so all that it is given is
 * there: what it says, and that it is ready, on one descriptor. Root it stays, or it could not enter the
 * namespace; it drops its capabilities itself.
 */
static void pasta_words(const struct uplink *u, bool userns, const char *api)
{
	word("-f");
	word("-q");
	words("-P", FD_OF(2));
	word("--config-net");
	words("-I", UPLINK_DEVICE);
	words("--netns", FD_OF(0));
	if (userns)
		words("--userns", FD_OF(1));
	if (geteuid() == 0) {
		cleanup_free char *ids = must_format("%u:%u", geteuid(), getegid());

		words("--runas", ids);
	}
	pasta_ports(u, false, "-t");
	pasta_ports(u, true, "-u");
	words("-T", "none");
	words("-U", "none");
	if (!u->host_loopback)
		word("--no-map-gw");
	if (u->own_dns || names_them(u))
		return;
	if (servers()->v4 || !servers()->v6)
		words("--dns-forward", FORWARD_V4);
	if (servers()->v6)
		words("--dns-forward", FORWARD_V6);
}

static void slirp_words(const struct uplink *u, bool userns, const char *api)
{
	word("-c");
	word("-6");
	words("-m", "65520");
	words("-r", "3");
	words("-e", "4");
	word("--netns-type=path");
	if (userns)
		word("--userns-path=" FD_OF(1));
	if (!u->host_loopback)
		word("--disable-host-loopback");
	if (u->own_dns)
		word("--disable-dns");
	if (api)
		words("-a", api);
	words(FD_OF(0), UPLINK_DEVICE);
}

static const struct uplink_engine engines[] = {
	{ "pasta", "passt", .words = pasta_words },
	{ "slirp4netns", "slirp4netns", true, true, slirp_words },
};

char **uplink_argv(const struct uplink *u, bool userns, const char *api)
{
	argc = 0;
	word(u->engine->name);
	u->engine->words(u, userns, api);
	argv[argc] = NULL;
	return argv;
}

char *uplink_resolv_conf(const struct uplink *u)
{
	const struct servers *s = servers();
	bool slirp = u->engine->says_ready;
	bool v4 = slirp ? s->v4 || s->loopback || !s->v6 : s->v4 || !s->v6;
	char text[4 * 80] = "";

	for (size_t i = 0; names_them(u) && i < s->n; i++)
		sprintf(strchr(text, '\0'), "nameserver %s\n", s->address[i]);
	if (*text)
		return must_format("%s%s", text, s->others);
	return must_format(
		"%s%s%s", v4 ? slirp ? "nameserver 10.0.2.3\n" : "nameserver " FORWARD_V4 "\n" : "",
		s->v6 ? "nameserver " FORWARD_V6 "\n" : "", s->others);
}

/* ---- the program ---- */

bool uplink_says_ready(const struct uplink *u)
{
	return u->engine->says_ready;
}

bool uplink_wants_api(const struct uplink *u)
{
	return u->engine->says_ready && u->n_ports > 0;
}

const char *uplink_name(const struct uplink *u)
{
	return u->engine->name;
}

/*
 * The first in PATH that may be executed; with rights that PATH does not come with, in the system's places. Return: its
 * path, or NULL with errno.
 */
static const char *find_program(const char *name)
{
	const char *path = is_set_id() ? "/usr/bin:/bin:/usr/sbin:/sbin" : search_path();
	static char found[PATH_MAX];
	int err = ENOENT;
	struct stat st;

	while (search_next(&path, name, found, sizeof(found))) {
		if (stat(found, &st) < 0 || !S_ISREG(st.st_mode))
			continue;
		if (access(found, X_OK) == 0)
			return found;
		err = EACCES;
	}
	errno = err;
	return NULL;
}

static _Noreturn void not_found(const char *name, int err)
{
	warn_err(err, N_("failed to execute %s"), name ? name : engines[0].name);
	if (err != ENOENT)
		die_said(EXIT_CANNOT_EXEC);
	if (!name)
		hint(N_("neither pasta nor slirp4netns is installed; they are in the packages passt and slirp4netns"));
	for (size_t i = 0; name && i < ARRAY_SIZE(engines); i++)
		if (strcmp(engines[i].name, name) == 0)
			hint(N_("%s is not installed; it is in the package %s"), name,
			     engines[i].package);
	die_said(EXIT_NOT_FOUND);
}

void uplink_find(struct uplink *u)
{
	int err = ENOENT;

	for (size_t i = 0; !u->path && i < ARRAY_SIZE(engines); i++) {
		if (u->with && strcmp(u->with, engines[i].name) != 0)
			continue;
		u->engine = &engines[i];
		u->path = find_program(engines[i].name);
		if (!u->path && errno != ENOENT)
			err = errno;
	}
	if (!u->path)
		not_found(u->with, err);
	for (size_t i = 0; u->engine->only_v4_ports && i < u->n_ports; i++)
		if (u->port[i].is_v6)
			die(EXIT_FAILURE, 0, N_("--port '%s': %s forwards ports of IPv4 only"),
			    u->port[i].word, u->engine->name);
}
