/* SPDX-License-Identifier: MIT */
/* xlsns --dot: a graph that dot(1) can read, whatever the names of files and processes are. A line each: path or command. */
#include <config.h>

#include <ctype.h>

#include "../../src/xlsns/dot.c"
#include "fuzz.h"

/* Strings end on their line, tables close, all is printable. */
static void check_dot(const char *p)
{
	int depth = 0, braces = 0;

	for (; *p; p++) {
		claim(isprint((unsigned char)*p) || *p == '\n' || *p == '\t');
		if (*p == '"' && depth == 0) {
			for (p++; *p != '"'; p++) {
				claim(*p && *p != '\n');
				if (*p == '\\')
					claim(*++p && *p != '\n');
			}
		} else if (*p == '<')
			depth++;
		else if (*p == '>' && p[-1] != '-')
			claim(--depth >= 0);
		else if (depth == 0)
			braces += (*p == '{') - (*p == '}');
		claim(braces >= 0);
	}
	claim(depth == 0 && braces == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct xlsns_options all = { 0 };
	struct map put = { 0 };
	struct nsgraph g = { 0 };
	static struct veth veths[2] = { { .name = "e<&\"0", .index = 1, .peer = 2, .peer_nsid = -1 },
					{ .name = "e1", .index = 2, .peer = 1, .peer_nsid = -1 } };
	struct devices devices = { .veths = veths, .n_veths = 2 };
	char *text = text_of(data, size), *rest = text, *line, *out;
	struct process processes[16];
	ino_t inode = 1;

	veths[0].joined = veths[1].joined = size % 2;
	while ((line = strsep(&rest, "\n")) != NULL && inode <= 16) {
		struct ns *ns = nsgraph_node(&g, inode, &kinds[inode % KIND_COUNT]);
		struct process *p = &processes[inode - 1];

		*p = (struct process){ .pid = (pid_t)inode, .command = line };
		ns->first = p;
		ns->n_procs = (unsigned int)size;
		ns->owner = inode / 2;
		ns_add_path(ns, line);
		if (inode % 3 == 0)
			ns->devices = &devices;
		inode++;
	}
	nsgraph_sort(&g);
	capture();
	graph = &g;
	o = &all;
	puts("digraph {");
	put_legend();
	for (size_t i = 0; i < g.n; i++) {
		put_namespace(g.nodes[i]);
		put_relations(g.nodes[i]);
		put_process(g.nodes[i], &put);
	}
	puts("}");
	out = captured();
	check_dot(out);
	free(out);
	for (size_t i = 0; i < g.n; i++) {
		for (size_t j = 0; j < g.nodes[i]->n_paths; j++)
			free(g.nodes[i]->paths[j]);
		free(g.nodes[i]->paths);
		free(g.nodes[i]);
	}
	free(put.slots);
	free(g.nodes);
	free(g.by_inode.slots);
	free(text);
	return 0;
}
