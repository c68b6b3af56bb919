/* SPDX-License-Identifier: MIT */
/*
 * text.h - marks for messages: N_() marks one in a table, _() translates it where it is printed.
 * When and whether a catalogue is loaded is decided in cli.c alone.
 */
#ifndef XNS_TEXT_H
#define XNS_TEXT_H

#define N_(msgid) msgid
#define _(msgid) text(msgid)

/*
 * text() - the translation of @msgid; loads the locale at the first call, and never once the root
 * or the mount namespace has changed: then messages stay as they stand in the source.
 * Return: static or catalogue memory, never NULL.
 */
const char *text(const char *msgid) __attribute__((format_arg(1)));

#endif
