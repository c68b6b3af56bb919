/* SPDX-License-Identifier: MIT */
/*
 * child.h - the program's own process, and what supervises it: signals, waiting, the terminal, an
 * init, dying as it died. What is done in that process does not belong in here, nor what helpers do
 * (helper.h).
 */
#ifndef XNS_CHILD_H
#define XNS_CHILD_H

#include <signal.h>
#include <sys/types.h>

#include "sys.h"
#include "util.h"

/*
 * child_follow_starter() - this process is killed when the one that started it ends, from now on;
 * to be called first of all, and again when the credentials have changed, which lets the kernel
 * forget it. Dies on failure.
 */
void child_follow_starter(void);

/* What becomes of the signals that the waiting process gets. */
enum child_signals {
	SIGNALS_IGNORED, /* INT and TERM do not end it: they are for the child, as of unshare --fork */
	SIGNALS_OURS, /* they do, as of nsenter; unless the terminal sent them to the child too */
	SIGNALS_FORWARDED, /* all are sent on */
};

/* The program's process, as the process that forked it sees it. Begin with CHILD_NONE. */
struct child {
	pid_t pid;
	enum child_signals signals;
	sigset_t handled;  /* what is taken by sigwaitinfo(2) while we wait */
	sigset_t old_mask; /* the signal mask we were started with */
	int sync;	   /* our end of the socket between the two, -1: none */
	int sync_child;	   /* the child's end, till the fork */
	int parent; /* the child's end of a socket that its parent alone holds the other end of, -1: none */
	int alive; /* that end */
	int proc;  /* /proc as it was before the fork, -1: none */
	int tty;   /* terminal whose foreground process group we are, -1: none */
	int pidfd; /* of the child, if clone3(2) gave one, -1: none */
	int stops; /* the init's end or ours of a socket that says of the program's stops, -1: none */
	int stops_child; /* the init's end, till the fork */
	uint64_t autokill; /* what sys_autokill() gave: the kernel kills it when we end, and reaps it */
	int pending;	   /* can be read when a handled signal is there; with autokill, else -1 */
	bool reaps;	   /* we are an init: every process that ends here is ours to wait for */
};
#define CHILD_NONE                         \
	((struct child){ .sync = -1,       \
			 .sync_child = -1, \
			 .parent = -1,     \
			 .alive = -1,      \
			 .proc = -1,       \
			 .tty = -1,        \
			 .pidfd = -1,      \
			 .stops = -1,      \
			 .pending = -1,    \
			 .stops_child = -1 })

/* What the two processes need of each other. */
enum {
	CHILD_SYNC = 1,	 /* the child waits for child_go(), and child_started() tells of its exec */
	CHILD_WATCH = 2, /* the child can see whether its parent is alive */
	CHILD_TTY = 4,	 /* the terminal's foreground is given back after it */
	CHILD_INIT = 8,	 /* the child will call child_become_init(); with SIGNALS_FORWARDED only */
};

/*
 * child_autokill() - before child_prepare(): child_clone() makes, if this kernel has that, a child that is killed when we
 * end, whatever it has become meanwhile; child_die_with_parent() has nothing to do then. Without CAP_SYS_ADMIN it takes
 * that the program is to have no new privileges (@no_new_privs).
 */
void child_autokill(struct child *c, bool no_new_privs);

/*
 * child_prepare() - all that has to be done before the fork, for the @needs (CHILD_*): blocks the
 * signals that the waiting process handles, as @signals says. Dies on failure.
 */
void child_prepare(struct child *c, enum child_signals signals, int needs);

/* child_fork() - fork(2), with the label "child" for its lines. Return: as sys_fork(). */
pid_t child_fork(struct child *c) must_check;

/* child_clone() - the same by clone3(2); its pidfd stands for the child from then on. */
pid_t child_clone(struct child *c, struct sys_clone *how) must_check;

/*
 * child_become_init() - in the child, PID 1 of a PID namespace: forks, and returns in the new
 * process, which is the program's from then on. This one sends it the signals that it gets, reaps,
 * tells the parent when it is stopped, and ends with its status or 128 + its signal, and all the
 * namespace with it. Dies on failure.
 */
void child_become_init(struct child *c);

/* In the child: waits for child_go(); ends if the parent is gone. */
void child_await_go(struct child *c);

/*
 * child_send(), child_receive() - @size bytes from the child to its parent, with CHILD_SYNC. They
 * die on failure, the parent once the child is ended. child_receive() returns false if the child is
 * gone.
 */
void child_send(const struct child *c, const void *data, size_t size);
bool child_receive(struct child *c, void *data, size_t size) must_check;

/* In the child: the signal mask is what the tool was started with, though more is to be done. */
void child_unblock(const struct child *c);

/*
 * In the child: the signal at its parent's death, from now on; ends if the parent is gone already.
 * Dies on failure.
 */
void child_die_with_parent(const struct child *c, int sig);

/*
 * In the child, just before exec: the signal mask is what the tool was started with, and the parent
 * learns that all but the exec is done.
 */
void child_ready(const struct child *c);

/* In the child: the parent learns that the exec failed. */
void child_exec_failed(const struct child *c);

/* In the parent: lets the child go on; ends it, and dies, if it cannot be reached. */
void child_go(struct child *c);

/*
 * child_dismiss() - in the parent, for the undo list: a child (struct child) that waits for child_go()
 * learns that there will be none, and has undone what it has made when this returns.
 */
void child_dismiss(void *child);

/*
 * In the parent, with @sync: waits for the child's exec. Return: true if the program was started.
 */
bool child_started(struct child *c);

/*
 * child_wait() - waits for the child's end. Its stops are mirrored, signals forwarded as said, the
 * terminal given back. Return: its wait status. Dies on failure.
 */
int child_wait(struct child *c);

/*
 * child_end_as() - ends this process as @status says: exits so, or dies of the same signal, without
 * a core.
 */
_Noreturn void child_end_as(int status);

#endif
