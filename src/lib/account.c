/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "account.h"
#include "answer.h"
#include "fd.h"
#include "own.h"
#include "parse.h"

#define ID_MAX 4294967294LL /* 4294967295 is (uid_t)-1, "no id" */
#define MAX_FILE (16 << 20) /* what is larger has been put there to keep us busy */

/* What a database is called, and how many fields its lines have; a line in the file may lack some at the end. */
struct db {
	const char *name, *path;
	int fields, needed;
};
static const struct db passwd = { "passwd", "/etc/passwd", 7, 4 };
static const struct db group = { "group", "/etc/group", 4, 3 };

/* What is looked for: a name, or if that is NULL a number. */
struct key {
	const char *name;
	uint32_t id;
};

/* The account that was found, which points into an answer or into this line of a file. */
static struct account found;
static char *line;
static size_t line_size;

/* A whole number of digits alone. errno stays: a line without one is none, and nothing failed. */
static bool is_id(const char *field, uint32_t *id)
{
	int saved = errno;
	long long n;

	if (!isdigit((unsigned char)*field) || parse_number(field, 0, ID_MAX, &n) < 0) {
		errno = saved;
		return false;
	}
	*id = (uint32_t)n;
	return true;
}

/*
 * Cuts @text, a line without its end, into fields. Return: whether it is one of @db, with @needed fields or more,
 * of what @key is; then it is in found. "+" and "-" are no names, but mean NIS.
 */
static bool matches(const struct db *db, int needed, char *text, const struct key *key)
{
	char *field[7] = { 0 };
	int n = 0;

	for (char *next = text; next && n < db->fields; n++) {
		field[n] = next;
		next = n + 1 < db->fields ? strchr(next, ':') : NULL;
		if (next)
			*next++ = '\0';
	}
	if (n < needed || (needed == db->fields && strchr(field[n - 1], ':')))
		return false;
	if (!*field[0] || strchr("+-#", *field[0]) || !is_id(field[2], &found.id))
		return false;
	if (db == &passwd && !is_id(field[3], &found.gid))
		return false;
	found.name = field[0];
	found.shell = n == 7 ? field[6] : "";
	return key->name ? strcmp(found.name, key->name) == 0 : found.id == key->id;
}

/* A FIFO must not hold us. Return: NULL with errno, which is 0 for what is no usable file. */
static FILE *open_db(const struct db *db)
{
	cleanup_close int fd = fd_above_stdio(open(db->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC));
	struct stat st;
	FILE *f = NULL;

	if (fd < 0)
		return NULL;
	errno = 0;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= MAX_FILE)
		f = fdopen(fd, "r");
	if (f)
		fd = -1;
	return f;
}

static bool in_file(const struct db *db, const struct key *key)
{
	cleanup_file FILE *f = open_db(db);
	bool is = false;

	while (f && !is && getline(&line, &line_size, f) > 0) {
		line[strcspn(line, "\n")] = '\0';
		is = matches(db, db->needed, line, key);
	}
	return is;
}

/* One line, and no other control character, which a terminal might be steered by; "" is no answer. */
static bool is_line(const char *text, size_t len)
{
	for (size_t i = 0; i + 1 < len; i++)
		if (iscntrl((unsigned char)text[i]))
			return false;
	return len > 1 && text[len - 1] == '\n';
}

/* Asks getent(1). It is believed only what is a whole line of what was asked for. errno is as it was, or what failed. */
static bool by_getent(const struct db *db, const struct key *key)
{
	char number[16];
	const char *const argv[] = { "getent", db->name, key->name ? key->name : number, NULL };
	int saved = errno;
	size_t len = 0;
	char *text;

	snprintf(number, sizeof(number), "%u", key->id);
	text = answer_of(argv, &len);
	if (text || errno == ENOENT || errno == E2BIG)
		errno = saved;
	if (!text)
		return false;
	if (!is_line(text, len))
		return false;
	text[len - 1] = '\0';
	return matches(db, db->fields, text, key);
}

/* Return: found, or NULL with errno. */
static const struct account *look_up(const struct db *db, const struct key *key)
{
	errno = 0;
	if (in_file(db, key))
		return &found;
	/* What would be an option to it, or can be no name, is not asked for. */
	if (key->name && (*key->name == '-' || strpbrk(key->name, ":\n")))
		return NULL;
	return by_getent(db, key) ? &found : NULL;
}

const struct account *account_of_user(uid_t uid)
{
	return look_up(&passwd, &(struct key){ NULL, uid });
}

/* ---- words ---- */

/*
 * A word that starts as a number does is one: names of users and groups that do are not looked up.
 */
static bool looks_numeric(const char *word)
{
	return isdigit((unsigned char)word[*word == '+' || *word == '-']);
}

/* errno after a look-up that found nothing: EINVAL, unless the look-up itself failed. */
static int not_found(int err)
{
	errno = err == 0 || err == ENOENT || err == ESRCH || err == EBADF || err == EPERM ? EINVAL
											  : err;
	return -1;
}

static int parse_id(const char *word, const struct db *db, uint32_t *out)
{
	const struct account *account;
	long long n;

	if (!*word || looks_numeric(word)) {
		if (parse_number(word, 0, ID_MAX, &n) < 0)
			return -1;
		*out = (uint32_t)n;
		return 0;
	}
	account = look_up(db, &(struct key){ word, 0 });
	if (!account)
		return not_found(errno);
	*out = account->id;
	return 0;
}

int parse_uid(const char *word, uid_t *out)
{
	return parse_id(word, &passwd, out);
}

int parse_gid(const char *word, gid_t *out)
{
	return parse_id(word, &group, out);
}

int parse_owner(const char *word, uid_t *uid, gid_t *gid)
{
	const char *colon = strchr(word, ':');
	char user[256];

	if (!colon || (size_t)(colon - word) >= sizeof(user))
		return fail_with(EINVAL);
	memcpy(user, word, (size_t)(colon - word));
	user[colon - word] = '\0';
	return parse_uid(user, uid) < 0 || parse_gid(colon + 1, gid) < 0 ? -1 : 0;
}
