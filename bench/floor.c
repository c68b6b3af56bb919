/* SPDX-License-Identifier: MIT */
/* floor PROGRAM ARG... - unshare(2) and execvp(3) and nothing else: what no `unshare -u` can be faster than. */
#define _GNU_SOURCE
#include <sched.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	if (argc < 2 || unshare(CLONE_NEWUTS) < 0)
		return 1;
	execvp(argv[1], argv + 1);
	return 127;
}
