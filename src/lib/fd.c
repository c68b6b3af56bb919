/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

#include "fd.h"

static int first_fd = STDERR_FILENO + 1;

void fd_set_first(int fd)
{
	first_fd = fd;
}

int fd_first(void)
{
	return first_fd;
}

int open_dir(const char *path)
{
	return fd_above_stdio(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
}

int fd_open_below(int dir, const char *path, int flags, unsigned long long resolve)
{
	struct open_how how = { .flags = (unsigned int)flags | O_CLOEXEC, .resolve = resolve };
	int fd = -1;

	for (int tries = 128; tries > 0; tries--) {
		fd = (int)syscall(SYS_openat2, dir, path, &how, sizeof(how));
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	return fd_above_stdio(fd);
}

int fd_above_stdio(int fd)
{
	int moved;

	if (fd < 0 || fd >= first_fd)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, first_fd);
	close_fd(&fd);
	return moved;
}
