/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include "die.h"
#include "fd.h"
#include "pair.h"

#define PAGE 4096 /* the pieces are few, and of some bytes */

void *share(size_t size)
{
	static char *page;
	static size_t used;
	size_t at = used;

	if (!page)
		page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(page == MAP_FAILED ? -1 : 0, N_("cannot allocate memory"));
	used += (size + 15) & ~15UL;
	return page + at;
}

void make_pair(int *ours, int *theirs)
{
	int pair[2];

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), N_("socketpair failed"));
	*ours = (int)must(fd_above_stdio(pair[0]), N_("cannot duplicate descriptor"));
	*theirs = (int)must(fd_above_stdio(pair[1]), N_("cannot duplicate descriptor"));
}

void nap(void)
{
	nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
}

bool try_again(int *tries)
{
	int err = errno;

	if ((err != EINTR && err != EAGAIN && err != ENOMEM && err != ENOBUFS) || ++*tries > 1000)
		return false;
	if (err != EINTR)
		nap();
	errno = err;
	return true;
}

ssize_t hear(int fd, void *data, size_t size, int flags)
{
	size_t done = 0;
	int tries = 0;

	while (done < size) {
		ssize_t n = recv(fd, (char *)data + done, size - done, flags);

		if (n == 0 || (n < 0 && errno == ECONNRESET)) /* it has not read all of ours */
			break;
		if (n > 0)
			done += (size_t)n;
		else if ((flags & MSG_DONTWAIT && errno == EAGAIN) || !try_again(&tries))
			return -1;
	}
	return (ssize_t)done;
}

bool get_byte(int fd)
{
	char byte;
	ssize_t n = hear(fd, &byte, 1, 0);

	if (n == 0)
		errno = EPIPE;
	return n == 1;
}

bool say(int fd, const void *data, size_t size)
{
	size_t done = 0;
	int tries = 0;

	while (done < size) {
		ssize_t n = send(fd, (const char *)data + done, size - done, MSG_NOSIGNAL);

		if (n > 0)
			done += (size_t)n;
		else if (!try_again(&tries))
			return false;
	}
	return true;
}

bool put_byte(int fd)
{
	return say(fd, "", 1);
}

int wait_for(pid_t pid)
{
	int status = 0, tries = 0;

	while (waitpid(pid, &status, 0) < 0)
		if (!try_again(&tries))
			return -1;
	return status;
}
