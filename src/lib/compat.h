/* SPDX-License-Identifier: MIT */
/*
 * compat.h - kernel constants newer than the oldest headers we build with (Linux 6.1, Debian 12),
 * each with the kernel that brought it; and stand-ins for functions of the GNU C library (2.32)
 * that musl lacks.
 */
#ifndef XNS_COMPAT_H
#define XNS_COMPAT_H

#include <fcntl.h>
#include <linux/nsfs.h>
#include <linux/types.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef MOUNT_ATTR_RDONLY
#include <linux/mount.h> /* Linux 5.2; glibc's sys/mount.h has the same from 2.36 on, musl's has not */
#endif

#ifndef STATX_INO
#include <linux/stat.h>
static inline int statx(int dir, const char *path, int flags, unsigned int mask, struct statx *st)
{
	return (int)syscall(SYS_statx, dir, path, flags, mask, st); /* glibc 2.28, musl 1.2.5 */
}
#endif

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080 /* Linux 5.6; glibc's sched.h has it from 2.37 on */
#endif

#ifndef NS_GET_MNTNS_ID
#define NS_GET_MNTNS_ID _IOR(NSIO, 0x5, __u64) /* Linux 6.11 */
#endif

#ifndef STATX_ATTR_MOUNT_ROOT
#define STATX_ATTR_MOUNT_ROOT 0x00002000 /* Linux 5.8 */
#endif

#ifndef MOVE_MOUNT_BENEATH
#define MOVE_MOUNT_BENEATH 0x00000200 /* Linux 6.5 */
#endif

#ifndef OPEN_TREE_NAMESPACE
#define OPEN_TREE_NAMESPACE 2 /* Linux 7.0 */
#endif

#ifndef CLONE_PIDFD_AUTOKILL
#define CLONE_AUTOREAP (1ULL << 34) /* Linux 7.1, as are these two */
#define CLONE_NNP (1ULL << 35)
#define CLONE_PIDFD_AUTOKILL (1ULL << 36)
#endif

#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL /* Linux 6.9 */
#endif

#ifndef PID_FS_MAGIC
#define PID_FS_MAGIC 0x50494446 /* Linux 6.9 */
#endif

#ifndef PROC_PID_INIT_INO
#define PROC_PID_INIT_INO 0xEFFFFFFCU /* inode number of the initial PID namespace (Linux 3.8) */
#endif

#ifndef PROC_USER_INIT_INO
#define PROC_USER_INIT_INO 0xEFFFFFFDU /* of the initial user namespace (Linux 3.8) */
#endif

#ifndef FILEID_NSFS
#define FILEID_NSFS 0xf1 /* Linux 6.18 */
#endif

#ifndef SELINUX_MAGIC
#define SELINUX_MAGIC 0xf97cff8c
#endif

/*
 * The first real-time signal of the kernel; the C library keeps some below its SIGRTMIN to itself.
 */
#define KERNEL_SIGRTMIN 32

#ifndef HAVE_STRERRORNAME_NP
#define strerrorname_np(err) ((const char *)NULL)
#endif
#ifndef HAVE_STRERRORDESC_NP
#define strerrordesc_np(err) strerror(err)
#endif
#ifndef HAVE_SIGABBREV_NP
const char *sigabbrev_np(int sig); /* "HUP", or NULL */
#endif

#ifndef NS_GET_ID
#define NS_GET_ID _IOR(NSIO, 13, __u64) /* Linux 6.18 */
#endif

#ifndef SYS_listns
#define SYS_listns 470 /* Linux 6.19; the same on each architecture but alpha */
#endif

#ifndef SYS_listmount
#define SYS_listmount 458 /* Linux 6.8; the same on each architecture but alpha */
#endif

#ifndef SYS_statmount
#define SYS_statmount 457 /* Linux 6.8; the same on each architecture but alpha */
#endif

#ifndef STATMOUNT_MNT_BASIC
#define STATMOUNT_MNT_BASIC 0x2U
#endif

#ifndef STATX_MNT_ID_UNIQUE
#define STATX_MNT_ID_UNIQUE 0x4000U /* Linux 6.8 */
#endif

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71 /* Linux 5.14; the C library's headers may be older */
#endif

#ifndef NS_GET_PID_FROM_PIDNS
#define NS_GET_PID_FROM_PIDNS _IOR(NSIO, 0x6, int) /* Linux 6.11 */
#endif

#endif
