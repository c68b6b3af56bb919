/* SPDX-License-Identifier: MIT */
/*
 * pair.h - two processes of ours: the socket between them, what they say on it, the page they
 * share, and waiting for the other's end. Who they are, and what it means to them, does not belong
 * in here.
 */
#ifndef XNS_PAIR_H
#define XNS_PAIR_H

#include <sys/types.h>

#include "util.h"

/*
 * share() - @size bytes, zero at first, that this process and those it forks from then on have in
 * common, out of one page for all. Dies on failure.
 */
void *share(size_t size) __attribute__((returns_nonnull));

/*
 * make_pair() - a socket for each of two. The death of the one is the end of the file for the
 * other. Dies on failure.
 */
void make_pair(int *ours, int *theirs);

/* hear() - recv(2) of it all. Return: @size; less if the other one is gone; or -1 with errno. */
ssize_t hear(int fd, void *data, size_t size, int flags) must_check;

/*
 * say() - send(2) of it all. put_byte(), get_byte() - one byte, of no meaning, there and back.
 * Return: false with errno, EPIPE if the other one is gone.
 */
bool say(int fd, const void *data, size_t size);
bool put_byte(int fd) must_check;
bool get_byte(int fd) must_check;

/* wait_for() - waits for its end. Return: its wait status, or -1 with errno. */
int wait_for(pid_t pid);

/*
 * try_again() - whether a call that failed is made again: a signal passes, memory comes back; not
 * for ever.
 */
bool try_again(int *tries);
void nap(void);

#endif
