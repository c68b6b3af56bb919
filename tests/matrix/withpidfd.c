/* SPDX-License-Identifier: MIT */
/* withpidfd PID PROGRAM ARG... - run it with a pidfd of that process as descriptor 9 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	int fd = argc > 2 ? (int)syscall(SYS_pidfd_open, atoi(argv[1]), 0) : -1;

	if (fd < 0 || dup2(fd, 9) < 0)
		return 125;
	execvp(argv[2], argv + 2);
	return 127;
}
