/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <libmount/libmount.h>
#include <stdio.h>
#include <string.h>

#include "mountinfo.h"
#include "own.h"

int mountinfo_read(char *lines, void (*f)(void *arg, const char *root, const char *target),
		   void *arg)
{
	cleanup_file FILE *stream = fmemopen(lines, strlen(lines), "r");
	struct libmnt_table *table = mnt_new_table();
	struct libmnt_iter *iter = mnt_new_iter(MNT_ITER_FORWARD);
	struct libmnt_fs *fs;
	int ret = -1;

	errno = ENOMEM;
	if (stream && table && iter) {
		ret = mnt_table_parse_stream(table, stream, "mountinfo");
		errno = ret < 0 ? -ret : errno;
	}
	while (ret >= 0 && mnt_table_next_fs(table, iter, &fs) == 0) {
		const char *root = mnt_fs_get_root(fs), *target = mnt_fs_get_target(fs);

		if (root && target) /* of a line without fields libmount has neither */
			f(arg, root, target);
	}
	mnt_free_iter(iter);
	mnt_unref_table(table);
	return ret < 0 ? -1 : 0;
}
