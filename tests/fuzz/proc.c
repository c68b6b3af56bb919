/* SPDX-License-Identifier: MIT */
/* Files of /proc/PID: which of them is the first byte, the rest is what it holds. Processes write some of it themselves. */
#include <config.h>

#include <fcntl.h>
#include <sys/stat.h>

#include "fuzz.h"
#include "proc.h"

static const char *const files[] = { "status",	"stat",	  "cmdline", "uid_map",
				     "gid_map", "cgroup", "comm" };

/* A directory that goes with the process: none can be had that has no name */
static char dir_path[] = "/dev/shm/xns-fuzz.XXXXXX";
static void remove_dir(void)
{
	char path[64];

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir_path, files[i]);
		unlink(path);
	}
	rmdir(dir_path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int dir = -1;
	char *text = text_of(data, size), *got = NULL;
	const char *name = files[size ? *data % ARRAY_SIZE(files) : 0];
	pid_t ppid;
	ino_t inode;
	int fd;

	if (dir < 0) {
		if (!mkdtemp(dir_path))
			abort();
		atexit(remove_dir);
		dir = open(dir_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || (size > 1 && write(fd, data + 1, size - 1) < 0))
		abort();
	close(fd);
	if (strcmp(name, "stat") == 0 && proc_ppid(dir, &ppid) == 0)
		claim(ppid >= 0);
	if ((strcmp(name, "cmdline") == 0 || strcmp(name, "comm") == 0) &&
	    proc_command(dir, &got) == 0) {
		claim(got && strlen(got) <= size + 64);
		free(got);
	}
	if (strcmp(name, "status") == 0 && proc_nspid(dir, &got) == 0) {
		claim(got && !strchr(got, '\n'));
		free(got);
	}
	if (strstr(name, "_map") && proc_map(dir, name, &got) == 0) {
		claim(got);
		free(got);
	}
	if (strcmp(name, "cgroup") == 0 && proc_cgroup(dir, &got) == 0) {
		claim(got && !strchr(got, '\n'));
		free(got);
	}
	unlinkat(dir, name, 0);
	if (proc_ns_text(text, &inode))
		claim(inode > 0 || strstr(text, ":[0"));
	proc_link_number(text, "socket", &inode);
	free(text);
	return 0;
}
