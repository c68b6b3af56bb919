/* SPDX-License-Identifier: MIT */
/*
 * hunt DIR SEED FIRST COUNT - run the command lines FIRST, FIRST+1, ... of the run SEED, with the programs in DIR
 *
 * Each has a world of its own: mount, PID, IPC, UTS and (xnetns) network namespaces, fresh /run, /tmp and /w. It is bad
 *	to be killed, or stopped by a sanitizer;
 *	not to end;
 *	to end with status 0 and an error, or with another one without a message;
 *	to print what steers a terminal, or JSON that is none;
 *	to leave anything behind: a process; of a line that failed or was only told, a mount or a file.
 * Prints a line for each that is bad, and what it said; at the end "N lines, ..., N bad". tests/hunt/run sees to it that
 * the root is one in which nothing of the machine can be written.
 */
#include <config.h>

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../lib/json.h"
#include "lines.h"

enum { USER = 64001, LIMIT = 30, SANITIZER_STATUS = 86 };
enum { ENDED_0, ENDED_OTHER, RAN, BAD, N_VERDICTS };

static const char *dir_of_programs;

static _Noreturn void broken(const char *what)
{
	fprintf(stderr, "hunt: %s: %s\n", what, strerror(errno));
	_exit(3);
}

static void must_be(int ret, const char *what)
{
	if (ret < 0)
		broken(what);
}

static void put_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

	must_be(fd, path);
	must_be(write(fd, text, strlen(text)) < 0 ? -1 : 0, path);
	fchmod(fd, mode);
	close(fd);
}

/* @path in a buffer, or NULL; what is behind @size is left out */
static char *read_file(const char *path)
{
	enum { MOST = 1 << 20 };
	char *text = malloc(MOST + 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n;

	while (fd >= 0 && len < MOST && (n = read(fd, text + len, MOST - len)) > 0)
		len += (size_t)n;
	text[len] = '\0';
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\0')
			text[i] = '\001'; /* no message has a NUL */
	if (fd >= 0)
		close(fd);
	return text;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
}

/* ---- the world ---- */

static int targets[N_TARGETS];

static void become_user(void)
{
	if (setgroups(0, NULL) < 0 || setresgid(USER, USER, USER) < 0 ||
	    setresuid(USER, USER, USER) < 0)
		broken("setresuid");
}

/* A process in namespaces of its own, ready when this returns. It has the number @n, also in a dry run of lines. */
static void start_target(int which, int flags, bool as_user)
{
	int ready[2];
	pid_t pid;
	char c;

	must_be(pipe2(ready, O_CLOEXEC), "pipe");
	pid = fork();
	must_be(pid, "fork");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (as_user) {
			become_user();
			prctl(PR_SET_DUMPABLE, 1);
		}
		must_be(unshare(flags & ~CLONE_NEWPID), "unshare");
		if (flags & CLONE_NEWUSER) {
			char map[32];

			put_file("/proc/self/setgroups", "deny", 0644);
			snprintf(map, sizeof(map), "0 %d 1", as_user ? USER : 0);
			put_file("/proc/self/uid_map", map, 0644);
			put_file("/proc/self/gid_map", map, 0644);
		}
		if (flags & CLONE_NEWPID) {
			must_be(unshare(CLONE_NEWPID), "unshare");
			if (fork() != 0) {
				for (;;)
					pause();
			}
		}
		chdir("/w/d");
		must_be((int)write(ready[1], "r", 1), "write");
		for (;;)
			pause();
	}
	close(ready[1]);
	if (read(ready[0], &c, 1) != 1)
		broken("a target");
	close(ready[0]);
	targets[which] = pid;
}

/* A name of a network namespace. Where none may be changed they are all the one of this world. */
static void put_netns(const char *name, bool fresh)
{
	char path[64];
	int own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	put_file(path, "", 0444);
	if (fresh)
		must_be(unshare(CLONE_NEWNET), "unshare");
	must_be(mount("/proc/self/ns/net", path, NULL, MS_BIND, NULL), path);
	must_be(setns(own, CLONE_NEWNET), "setns");
	close(own);
}

static void put_files(const struct line *l)
{
	must_be(mkdir("/w/d", 0777), "/w/d");
	must_be(mkdir("/w/d/e", 0777), "/w/d/e");
	must_be(mkdir("/w/up", 0777), "/w/up");
	must_be(mkdir("/w/work", 0777), "/w/work");
	put_file("/w/f", "f\n", 0644);
	put_file("/w/ns", "", 0666);
	put_file("/w/script", "echo RAN\n", 0755);
	put_file("/w/batch", l->batch, 0644);
	must_be(symlink("d", "/w/link"), "/w/link");
	must_be(symlink("loop", "/w/loop"), "/w/loop");
	must_be(mkdir("/run/user", 0755), "/run/user");
	must_be(mkdir("/run/user/64001", 0700), "/run/user/64001");
	chown("/run/user/64001", USER, USER);
	for (const char *const *p =
		     (const char *const[]){ "/w/d", "/w/d/e", "/w/up", "/w/work", "/w/ns", NULL };
	     *p; p++)
		if (l->as_user)
			chown(*p, USER, USER);
}

static void make_world(const struct line *l)
{
	bool net = l->tool == XNETNS;

	must_be(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "/");
	must_be(mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL), "/proc");
	must_be(mount("run", "/run", "tmpfs", 0, "mode=755,size=64m"), "/run");
	must_be(mount("tmp", "/tmp", "tmpfs", 0, "mode=1777,size=64m"), "/tmp");
	must_be(mount("w", "/w", "tmpfs", 0, "mode=777,size=64m"), "/w");
	must_be(mount("out", "/out", "tmpfs", 0, "mode=700,size=64m"), "/out");
	put_files(l);
	must_be(mkdir("/run/netns", 0755), "/run/netns");
	must_be(mount("/run/netns", "/run/netns", NULL, MS_BIND, NULL), "/run/netns");
	must_be(mount(NULL, "/run/netns", NULL, MS_SHARED, NULL), "/run/netns");
	put_netns("a", net);
	put_netns("b", net);
	must_be(chdir("/w"), "/w");
	start_target(TARGET_PLAIN, 0, false);
	start_target(TARGET_UTS, CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWCGROUP,
		     false);
	start_target(TARGET_USER, CLONE_NEWUSER | CLONE_NEWNS, false);
	start_target(TARGET_PID, CLONE_NEWPID | CLONE_NEWNS, false);
	start_target(TARGET_USERS, CLONE_NEWUSER | CLONE_NEWUTS, true);
}

/* ---- what there is: a line each, sorted ---- */

struct list {
	char **lines;
	size_t n;
};

static struct list *listing;

static void list_add(struct list *list, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void list_add(struct list *list, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	list->lines = realloc(list->lines, (list->n + 1) * sizeof(char *));
	if (vasprintf(&list->lines[list->n++], fmt, args) < 0)
		broken("memory");
	va_end(args);
}

static int add_path(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	list_add(listing, "file %s %o %lld", path, st->st_mode,
		 S_ISREG(st->st_mode) ? (long long)st->st_size : 0);
	return 0;
}

static void add_mounts(struct list *list)
{
	char *text = read_file("/proc/self/mountinfo"), *rest = text, *line;

	while ((line = strsep(&rest, "\n")) != NULL && *line) {
		char root[4096], at[4096];

		if (sscanf(line, "%*s %*s %*s %4095s %4095s", root, at) == 2)
			list_add(list, "mount %s on %s", root, at);
	}
	free(text);
}

static struct list things(void)
{
	struct list list = { 0 };

	listing = &list;
	for (const char *const *p = (const char *const[]){ "/w", "/tmp", "/run", NULL }; *p; p++)
		nftw(*p, add_path, 16, FTW_PHYS);
	add_mounts(&list);
	return list;
}

static bool list_has(const struct list *list, const char *line)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->lines[i], line) == 0)
			return true;
	return false;
}

/* The processes but this one, a number each */
static struct list processes(void)
{
	struct list list = { 0 };
	DIR *dir = opendir("/proc");
	struct dirent *e;

	while (dir && (e = readdir(dir)) != NULL) {
		char path[300], state = 'X', comm[64] = "";
		FILE *f;

		if (!isdigit((unsigned char)*e->d_name) || atoi(e->d_name) == 1)
			continue;
		snprintf(path, sizeof(path), "/proc/%s/stat", e->d_name);
		f = fopen(path, "re");
		if (f && fscanf(f, "%*d (%63[^)]) %c", comm, &state) != 2)
			state = 'X';
		if (f)
			fclose(f);
		if (state != 'X' && state != 'Z')
			list_add(&list, "process %s (%s)", e->d_name, comm);
	}
	if (dir)
		closedir(dir);
	return list;
}

/* ---- a line that is run ---- */

static void set_descriptors(const struct line *l)
{
	int in = open(l->in == IN_TEXT ? "/w/batch" : "/dev/null", O_RDONLY);
	int out = open("/out/out", O_WRONLY | O_CREAT | O_APPEND, 0666);
	int err = open("/out/err", O_WRONLY | O_CREAT | O_APPEND, 0666);
	int full = open("/dev/full", O_WRONLY), ends[2];

	must_be(in < 0 || out < 0 || err < 0 || full < 0 ? -1 : 0, "descriptors");
	dup2(in, 0);
	dup2(l->out == OUT_FULL ? full : out, 1);
	dup2(err, 2);
	if (l->in == IN_CLOSED)
		close(0);
	if (l->out == OUT_CLOSED || l->out == OUT_AND_ERR_CLOSED)
		close(1);
	if (l->out == OUT_AND_ERR_CLOSED)
		close(2);
	for (int fd = 3; fd < 32; fd++)
		close(fd);
	/* 5: the end of a pipe at which nothing comes; 7: a file to write */
	if (pipe(ends) == 0) {
		int end = fcntl(ends[0], F_DUPFD, 20);

		close(ends[0]);
		close(ends[1]);
		dup2(end, 5);
		close(end);
	}
	full = open("/out/info", O_WRONLY | O_CREAT, 0666);
	if (full >= 0 && full != 7) {
		dup2(full, 7);
		close(full);
	}
}

static _Noreturn void be_line(const struct line *l)
{
	char path[4096], lc_all[32],
		*env[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
			   "HOME=/w",
			   lc_all,
			   "LANGUAGE=de",
			   "SHELL=/bin/sh",
			   "TERM=xterm",
			   "XDG_RUNTIME_DIR=/run/user/64001",
			   "ASAN_OPTIONS=detect_leaks=0:exitcode=86:allocator_may_return_null=1",
			   "UBSAN_OPTIONS=exitcode=86",
			   NULL };
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	snprintf(path, sizeof(path), "%s/%s", dir_of_programs, tool_names[l->tool]);
	snprintf(lc_all, sizeof(lc_all), "LC_ALL=%s", l->lc_all);
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 64 << 20, 64 << 20 });
	setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 1024, 4096 });
	setrlimit(RLIMIT_NPROC, &(struct rlimit){ 400, 400 });
	setsid();
	set_descriptors(l);
	if (l->as_user)
		become_user();
	execve(path, l->argv, env);
	_exit(errno == E2BIG ? 124 : 123);
}

/* Return: the wait status; *late: it had to be ended */
static int run_line(const struct line *l, bool *late)
{
	double begun = now(), most = l->waits ? 0.4 : LIMIT;
	pid_t pid = fork(), ended;
	int status;

	must_be(pid, "fork");
	if (pid == 0)
		be_line(l);
	for (*late = false;; nap()) {
		while ((ended = waitpid(-1, &status, WNOHANG)) > 0)
			if (ended == pid)
				return status;
		if (now() - begun > most) {
			*late = !l->waits;
			kill(pid, l->waits && most < 1 ? SIGTERM : SIGKILL);
			most += 2; /* if that is not enough */
		}
	}
}

/* An ordinary user's networks are held by a process, as long as there is one. */
static bool is_needed(const char *process)
{
	DIR *dir = strstr(process, "(xnetns-holder)") ? opendir("/run/user/64001/netns") : NULL;
	struct dirent *e;
	bool any = false;

	while (dir && !any && (e = readdir(dir)) != NULL)
		any = *e->d_name != '.';
	if (dir)
		closedir(dir);
	return any;
}

/* What was not there before, once what is about to end has had its time */
static struct list new_processes(const struct list *before, double wait)
{
	double begun = now();
	struct list all, left;

	do {
		if (begun < now() - 0.001)
			nap();
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		all = processes();
		left = (struct list){ 0 };
		for (size_t i = 0; i < all.n; i++)
			if (!list_has(before, all.lines[i]) && !is_needed(all.lines[i]))
				list_add(&left, "%s", all.lines[i]);
	} while (left.n > 0 && now() - begun < wait);
	return left;
}

/* ---- verdicts ---- */

static char why[8192];

static void bad(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void bad(const char *fmt, ...)
{
	size_t len = strlen(why);
	va_list args;

	va_start(args, fmt);
	if (len > 0 && len < sizeof(why) - 3)
		len += (size_t)snprintf(why + len, sizeof(why) - len, "; ");
	if (len < sizeof(why))
		vsnprintf(why + len, sizeof(why) - len, fmt, args);
	va_end(args);
}

/* A line of standard error that says that something has failed: of the tool itself, no hint, no warning */
static const char *error_line(const struct line *l, const char *err)
{
	static char line[256];
	size_t len = strlen(l->name);

	for (; *err; err += strcspn(err, "\n"), err += *err == '\n') {
		snprintf(line, sizeof(line), "%.*s", (int)strcspn(err, "\n"), err);
		if (strncmp(line, l->name, len) == 0 && line[len] == ':' &&
		    !strstr(line, ": hint: "))
			return line;
	}
	return NULL;
}

static bool steers(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' && !strchr("\n\t\001", *text))
			return true;
	return false;
}

static bool asks_json(const struct line *l)
{
	for (int i = 1; i < l->argc && l->tool >= XLSNS; i++)
		if (strcmp(l->argv[i], l->tool == XLSNS ? "--json" : "-j") == 0 ||
		    strcmp(l->argv[i], "-J") == 0)
			return true;
	return false;
}

static int judge_end(const struct line *l, int status, const char *out, const char *err)
{
	bool ran = strstr(out, "RAN") != NULL && !strstr(out, "echo RAN"), said = *err != '\0';
	bool heard = l->out != OUT_AND_ERR_CLOSED;
	const char *line = error_line(l, err);

	if (strstr(err, "AddressSanitizer") || strstr(err, "runtime error:") ||
	    (WIFEXITED(status) && WEXITSTATUS(status) == SANITIZER_STATUS))
		bad("a sanitizer ended it");
	if (WIFSIGNALED(status)) {
		if (!l->waits && WTERMSIG(status) != SIGPIPE)
			bad("killed by signal %d", WTERMSIG(status));
		return ENDED_OTHER;
	}
	status = WEXITSTATUS(status);
	if (status >= 128 && !(l->tool == XNETNS && status == 255) && !l->waits)
		bad("status %d", status);
	if (l->dry && ran)
		bad("a program was run");
	if (ran && l->tool <= XNSENTER && l->in != IN_TEXT && l->ends_with >= 0 &&
	    status != l->ends_with && !strstr(err, "failed") && !line)
		bad("status %d, of a program that ended with %d", status, l->ends_with);
	if (status == 0 && line && !ran)
		bad("status 0, and it says \"%s\"", line);
	if (status != 0 && !said && heard && !ran && !l->waits)
		bad("status %d without a message", status);
	/* what ip prints may be the next ip's */
	if (strcmp(l->name, "ip") != 0 && (steers(err) || (!ran && steers(out))))
		bad("a control character is printed");
	if (status == 0 && asks_json(l) && *out && l->out == OUT_FILE && !l->dry && !ran &&
	    !strstr(out, "sage:") && !is_json(out) && *json_blanks(out) &&
	    strchr("[{", *json_blanks(out)))
		bad("no JSON");
	return ran ? RAN : status == 0 ? ENDED_0 : ENDED_OTHER;
}

/* What a line may leave that has failed: of several names some; what the kernel makes where an overlay works */
static bool may_stay(const struct line *l, const char *thing)
{
	return !l->dry && ((l->tool == XNETNS && strstr(thing, "netns")) ||
			   strncmp(thing, "file /w/work/", 13) == 0);
}

static void judge_left(const struct line *l, int verdict, const struct list *before,
		       const struct list *processes_before)
{
	struct list after, left;
	int n = 0;

	left = new_processes(processes_before, 1.5);
	for (size_t i = 0; i < left.n; i++)
		bad("left: %s", left.lines[i]);
	/* a program that failed leaves what it was given; where nobody sees what it says, it may be that */
	if (!l->dry && (verdict != ENDED_OTHER || l->out != OUT_FILE || l->in == IN_TEXT))
		return;
	after = things();
	for (size_t i = 0; i < after.n && n < 5; i++)
		if (!list_has(before, after.lines[i]) && !may_stay(l, after.lines[i])) {
			bad("left: %s", after.lines[i]);
			n++;
		}
}

/* ---- one line, in its world ---- */

static void put_quoted(const char *word)
{
	size_t len = strlen(word);

	printf(" $'");
	for (size_t i = 0; i < len && i < 300; i++)
		if (word[i] == '\'' || word[i] == '\\')
			printf("\\%c", word[i]);
		else if ((unsigned char)word[i] < ' ' || (unsigned char)word[i] >= 127)
			printf("\\%03o", (unsigned char)word[i]);
		else
			putchar(word[i]);
	printf(len > 300 ? "'...%zu" : "'", len);
}

static void put_report(const struct line *l, uint64_t number, const char *out, const char *err)
{
	static const char *const ins[] = { "/dev/null", "the batch", "closed" };
	static const char *const outs[] = { "a file", "full", "closed",
					    "closed as standard error is" };

	printf("%s %llu: %s\n  as %s, in %s, stdin %s, stdout %s, program %s:\n ",
	       *why ? "bad" : "fine", (unsigned long long)number, why,
	       l->as_user ? "a user" : "root", l->lc_all, ins[l->in], outs[l->out],
	       tool_names[l->tool]);
	for (int i = 0; i < l->argc; i++)
		put_quoted(l->argv[i]);
	printf("\n  stdout: %.600s\n  stderr: %.3000s\n", out, err);
	if (l->tool == XNETNS && *l->batch)
		printf("  batch: %.1000s\n", l->batch);
}

/* The first process of the world. Return: the verdict, as exit status */
static int try_line(uint64_t seed, uint64_t number, bool show)
{
	static struct line l;
	struct list before, processes_before;
	char *out, *err;
	int status, verdict;
	bool late;

	line_make(&l, seed, number,
		  targets); /* which world it wants; the targets' numbers are not known yet */
	make_world(&l);
	line_make(&l, seed, number, targets);
	put_file("/w/batch", l.batch, 0644);
	before = things();
	processes_before = processes();
	status = run_line(&l, &late);
	out = read_file("/out/out");
	err = read_file("/out/err");
	if (late)
		bad("it does not end");
	verdict = WIFEXITED(status) && WEXITSTATUS(status) == 124 && !*err
			  ? ENDED_OTHER
			  : judge_end(&l, status, out, err);
	if (!late && !l.waits)
		judge_left(&l, verdict, &before, &processes_before);
	if (*why || show)
		put_report(&l, number, out, err);
	if (show)
		printf("  status %#x\n", status);
	fflush(stdout);
	return *why ? BAD : verdict;
}

static int in_world(uint64_t seed, uint64_t number, bool show)
{
	bool net;
	static struct line l;
	int status;
	pid_t pid = fork();

	must_be(pid, "fork");
	if (pid > 0) {
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
	}
	line_make(&l, seed, number, targets);
	net = l.tool == XNETNS;
	must_be(unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS |
			(net ? CLONE_NEWNET : 0)),
		"unshare");
	pid = fork();
	must_be(pid, "fork");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(try_line(seed, number, show));
	}
	waitpid(pid, &status, 0);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 3);
}

int main(int argc, char *argv[])
{
	unsigned long long seed, first, count, n[N_VERDICTS] = { 0 };
	double begun = now();

	if (argc < 5)
		return 2;
	dir_of_programs = argv[1];
	seed = strtoull(argv[2], NULL, 10);
	first = strtoull(argv[3], NULL, 10);
	count = strtoull(argv[4], NULL, 10);
	umask(022);
	for (unsigned long long i = first; i < first + count; i++) {
		int verdict = in_world(seed, i, argc > 5);

		if (verdict < 0 || verdict >= N_VERDICTS) {
			printf("bad %llu: the world broke\n", i);
			verdict = BAD;
		}
		n[verdict]++;
	}
	printf("%llu lines in %.0f s: %llu ran a program, %llu ended with 0, %llu with another status, %llu bad\n",
	       count, now() - begun, n[RAN], n[ENDED_0], n[ENDED_OTHER], n[BAD]);
	return n[BAD] ? 1 : 0;
}
