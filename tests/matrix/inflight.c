/* SPDX-License-Identifier: MIT */
/*
 * inflight - holds a UTS namespace by a message that nobody has received, and by nothing else; prints
 * its inode number, and waits
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static int send_descriptor(int to, int fd)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec text = { "", 1 };
	struct msghdr message = { .msg_iov = &text,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };

	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	control.head.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	return sendmsg(to, &message, 0) == 1 ? 0 : -1;
}

int main(void)
{
	int own = open("/proc/self/ns/uts", O_RDONLY), other, pair[2];
	struct stat st;

	if (own < 0 || unshare(CLONE_NEWUTS) < 0)
		return 1;
	other = open("/proc/self/ns/uts", O_RDONLY);
	if (other < 0 || fstat(other, &st) < 0 || socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) < 0 ||
	    send_descriptor(pair[0], other) < 0)
		return 1;
	close(other);
	if (setns(own, CLONE_NEWUTS) < 0)
		return 1;
	close(own);
	printf("%llu\n", (unsigned long long)st.st_ino);
	fflush(stdout);
	pause();
	return 0;
}
