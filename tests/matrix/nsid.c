/* SPDX-License-Identifier: MIT */
/* nsid FILE - the 64-bit id of a namespace (Linux 6.18) */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>

int main(int argc, char *argv[])
{
	uint64_t id;
	int fd = argc == 2 ? open(argv[1], O_RDONLY) : -1;

	if (fd < 0 || ioctl(fd, _IOR(0xb7, 13, uint64_t), &id) < 0)
		return 1;
	printf("%llu\n", (unsigned long long)id);
	return 0;
}
