/* SPDX-License-Identifier: MIT */
/*
 * xlsns/columns.h - the columns of xlsns, one table: name, help, type, what must be read for it, and
 * its text for a row. Which ones are shown, and how, does not belong in here.
 */
#ifndef XNS_XLSNS_COLUMNS_H
#define XNS_XLSNS_COLUMNS_H

#include "scan.h"

/* A row is a namespace with its first process, or a process in the namespace that was asked for. */
struct row {
	const struct nsgraph *graph;
	const struct ns *ns;
	const struct process *process; /* NULL: none */
	pid_t path_pid; /* through whose /proc/PID the namespace can be opened; 0: none */
	bool json;
};

struct column {
	const char *name;
	double width; /* a hint for libsmartcols */
	int flags;    /* SCOLS_FL_*; TRUNC: it may be cut where a terminal is too narrow */
	int type;     /* SCOLS_JSON_* */
	unsigned int sources, facts;
	const char *help;
	char *(*text)(const struct row *row); /* allocated; NULL: empty */
};

/* Those that are more than a name somewhere. */
enum { COLUMN_NS = 0, COLUMN_PATH = 2, COLUMN_COMMAND = 6, COLUMNS_OF_PEER = 13 };

extern const struct column columns[];
extern const int n_columns;

/* column_find() - the column of this name, of @len bytes, in any case. Return: its index, or -1. */
int column_find(const char *name, size_t len);

/* column_unknown() - dies of @word, of which @len bytes are no column: with hints. */
_Noreturn void column_unknown(const char *word, size_t len);

/* column_is_list() - whether its text is several, one a line. */
bool column_is_list(const struct column *column);

/* user_name() - of a user ID; the number where it has none. Return: the caller's memory. */
char *user_name(uid_t uid);

#endif
