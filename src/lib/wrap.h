/* SPDX-License-Identifier: MIT */
/*
 * wrap.h - text for --help on lines of 80 columns, broken at blanks and counted in the characters of the
 * locale. What is said in it does not belong in here.
 */
#ifndef XNS_WRAP_H
#define XNS_WRAP_H

#include <stdio.h>

/* wrap_text() - @text and a newline; the line has @at columns already, each one behind it begins with @indent blanks. */
void wrap_text(FILE *stream, const char *text, int at, int indent);

/* wrap_row() - @left, and @help from column @indent on; on the next line where @left does not leave a blank. */
void wrap_row(FILE *stream, const char *left, int indent, const char *help);

#endif
