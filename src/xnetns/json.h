/* SPDX-License-Identifier: MIT */
/*
 * json.h - how xnetns prints: names, and JSON as ip(8) writes it, a list of flat objects. What there
 * is to print does not belong in here.
 */
#ifndef XNS_XNETNS_JSON_H
#define XNS_XNETNS_JSON_H

#include "options.h"

/*
 * put_name() - the name of a namespace, or a path, on standard output: as it is, as the peer does, but
 * a terminal gets it fit to be shown. put_shown() - fit to be shown wherever it goes.
 */
void put_name(const char *name);
void put_shown(const char *text);

/* json_begin() - the list begins, if @o asks for JSON; if not, none of these print anything. */
void json_begin(const struct netns_options *o);
void json_end(void);

/* json_object() - the next object begins. Return: false: it is not to be JSON. */
bool json_object(void);

/* A member of it; one that is NULL, or negative, is not known, and left out. */
void json_string(const char *key, const char *value);
void json_number(const char *key, long long value);

#endif
