/* SPDX-License-Identifier: MIT */
/* as ID PROGRAM ARG... - run it as that user and group, without other groups */
#define _GNU_SOURCE
#include <grp.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	unsigned int id = argc > 2 ? (unsigned int)atoi(argv[1]) : 0;

	if (argc < 3 || setgroups(0, NULL) < 0 || setresgid(id, id, id) < 0 || setresuid(id, id, id) < 0)
		return 125;
	execvp(argv[2], argv + 2);
	return 127;
}
