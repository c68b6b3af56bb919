/* SPDX-License-Identifier: MIT */
/*
 * list-floor - the calls that xlsns makes for each process of bench/crowd.c, and nothing else: what a list among many
 * processes costs at least, for bench/list.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const links[] = { "ns/mnt",
				     "ns/uts",
				     "ns/ipc",
				     "ns/net",
				     "ns/pid",
				     "ns/cgroup",
				     "ns/pid_for_children",
				     "ns/time",
				     "ns/user",
				     "ns/time_for_children" };

static void look_at(int dir)
{
	char text[64], file[] = "fd/0";
	struct stat st;

	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		if (readlinkat(dir, links[i], text, sizeof(text)) < 0)
			return;
	if (fstatat(dir, "fd", &st, 0) < 0 || st.st_size == 0)
		return;
	for (int i = 0; i < st.st_size && i < 10; i++) {
		file[3] = (char)('0' + i);
		if (readlinkat(dir, file, text, sizeof(text)) < 0)
			return;
	}
	if (fstatat(dir, "fd", &st, 0) < 0)
		return;
}

int main(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		char path[300];
		int dir;

		snprintf(path, sizeof(path), "/proc/%s", entry->d_name);
		dir = *entry->d_name < '0' || *entry->d_name > '9'
			      ? -1
			      : open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (dir < 0)
			continue;
		look_at(dir);
		close(dir);
	}
	return proc ? 0 : 1;
}
