/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "compat.h"
#include "fd.h"
#include "nsid.h"

int nsid_of(int fd, uint64_t *id)
{
	__u64 n;

	if (ioctl(fd, NS_GET_ID, &n) < 0 && ioctl(fd, NS_GET_MNTNS_ID, &n) < 0)
		return -1;
	*id = n;
	return 0;
}

int nsid_open(uint64_t id)
{
	struct { /* a file handle of nsfs, of which the id is enough from Linux 6.19 on */
		unsigned int bytes;
		int type;
		uint64_t id;
		uint32_t ns_type, ns_inode;
	} handle = { 16, FILEID_NSFS, id, 0, 0 };
	cleanup_close int nsfs = -1; /* for the file system that it is of */

	nsfs = fd_above_stdio(open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC));
	if (nsfs < 0)
		return -1;
	return fd_above_stdio(
		(int)syscall(SYS_open_by_handle_at, nsfs, &handle, O_RDONLY | O_CLOEXEC));
}

ssize_t nsid_list(uint64_t last, uint64_t *ids, size_t n)
{
	struct {
		uint32_t size, spare;
		uint64_t ns_id; /* the last one that is known */
		uint32_t ns_type, spare2;
		uint64_t user_ns_id;
	} request = { .size = sizeof(request), .ns_id = last };

	return syscall(SYS_listns, &request, ids, n, 0);
}
