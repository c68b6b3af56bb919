/* SPDX-License-Identifier: MIT */
/*
 * kind.h - THE table of namespace kinds. Option letters, help, --all, /proc file names and limits
 * all come from here: a new kind is a new row, and KIND_COUNT. What a tool does with a kind does
 * not belong here.
 */
#ifndef XNS_KIND_H
#define XNS_KIND_H

struct kind {
	const char *name;     /* long option and plain name: "mount" */
	int letter;	      /* option letter: 'm' */
	int flag;	      /* CLONE_NEWNS ... */
	const char *flagname; /* "CLONE_NEWNS" */
	const char *proc;     /* file below /proc/PID/ns that is the process's own */
	const char *children; /* file below /proc/PID/ns that its next child gets */
	const char *limit;    /* file below /proc/sys/user */
	const char *help;     /* what it isolates (N_) */
};

enum { KIND_COUNT = 8 };

/* In the order of the options, CLONE_NEWNS first. */
extern const struct kind kinds[KIND_COUNT];

/*
 * kind_by_flag() - the row with this CLONE_NEW* flag.
 * Return: the row, or NULL.
 */
const struct kind *kind_by_flag(int flag);

/* kind_place() - which row that is; it has to be there. */
int kind_place(int flag);

#endif
