/* SPDX-License-Identifier: MIT */
/*
 * ready.h - what a program's starter is told and asked: a file with the PID, lines of JSON on a
 * descriptor, and a descriptor that is waited for before the program starts. When that is, is the
 * tool's.
 */
#ifndef XNS_READY_H
#define XNS_READY_H

#include <stdint.h>
#include <sys/types.h>

#include "cli.h"
#include "kind.h"
#include "util.h"

/* What is asked for. */
struct ready {
	const char *pid_file;	     /* NULL: none */
	struct given_fd info, block; /* inherited descriptors */
};

/* The inode numbers of a process's namespaces, 0: there is no such kind. */
struct ready_ns {
	uint64_t inode[KIND_COUNT];
};

/* ready_telling() - whether somebody is to be told. */
bool ready_telling(const struct ready *r);

/*
 * ready_open() - opens what is needed, in the directory and the namespaces of the caller; descriptors
 * above 2 that we were given are closed at exec. Dies on failure, also where the pid file can be none:
 * a directory, a socket.
 */
void ready_open(const struct ready *r);

/* ready_look() - the namespaces of this process. Needs: ready_open(). Dies on failure. */
void ready_look(const struct ready *r, struct ready_ns *ns);

/*
 * ready_write_pid() - writes the PID to its file, which is there with all that is in it or not at all,
 * and goes again if this process dies before undo_forget(). A FIFO or a device is written to, and a
 * symbolic link leads on. Dies on failure.
 */
void ready_write_pid(const struct ready *r, pid_t pid);

/*
 * ready_write_info() - writes a line
 *   {"pid":7,"namespaces":{"mnt":4026531841,...}}
 * with the names of /proc/PID/ns. Dies on failure.
 */
void ready_write_info(const struct ready *r, pid_t pid, const struct ready_ns *ns);

/* ready_let_go() - in a child that tells nobody any more: closes what is open for it. */
void ready_let_go(void);

/* ready_is_special() - the pid file is no regular one: it is written to, not made. Needs: ready_open(). */
bool ready_is_special(void);

/* ready_let_go_of_special() - in a child: who reads it is to see its end. */
void ready_let_go_of_special(void);

/* ready_block() - waits for a byte, or the end of the file. Dies on failure. */
void ready_block(const struct ready *r);

/*
 * ready_ended() - the last line, {"pid":7,"status":143,"signal":15}, of what waitpid(2) gave; without
 * "signal" if it has exited. Nobody need read it any more.
 */
void ready_ended(const struct ready *r, pid_t pid, int status);

#endif
