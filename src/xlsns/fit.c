/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "choice.h"
#include "die.h"
#include "fit.h"
#include "own.h"

/* How wide the character at @s is when libsmartcols has printed it; its bytes in @len. */
static size_t char_width(const char *s, size_t *len)
{
	mbstate_t state = { 0 };
	wchar_t c;
	size_t n = mbrtowc(&c, s, MB_CUR_MAX, &state);

	*len = n == 0 || n > MB_CUR_MAX ? 1 : n;
	if (n == 0 || n > MB_CUR_MAX || wcwidth(c) < 0)
		return *len * strlen("\\x1b");
	return (size_t)wcwidth(c);
}

/* A column that is shown. */
struct place {
	const struct column *column;
	char end; /* of a line of text: '\n' where it can have several, else a character like any other */
	bool has_tree;
	size_t width;
};

/* Of the line of text at @s. */
static size_t line_width(const char *s, char end)
{
	size_t width = 0, len;

	for (; *s && *s != end; s += len)
		width += char_width(s, &len);
	return width;
}

/* The lines of @text, each of which begins behind @indent of a tree, shortened to the width. */
static char *shortened(const char *text, size_t indent, const struct place *p)
{
	const char *dots = strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ? "…" : "...";
	size_t room = strlen(text) + 1, n_dots = line_width(dots, 0), len;
	char *out = must_have(malloc(room * (1 + strlen(dots)))), *to = out;

	while (*text) {
		size_t left = p->width > indent ? p->width - indent : 1;
		bool cut = line_width(text, p->end) > left;

		left -= !cut ? 0 : n_dots < left ? n_dots : left;
		for (; *text && *text != p->end && char_width(text, &len) <= left; text += len) {
			left -= char_width(text, &len);
			to = mempcpy(to, text, len);
		}
		if (cut)
			to = stpcpy(to, dots);
		text = strchrnul(text, p->end);
		if (*text)
			*to++ = *text++;
	}
	*to = '\0';
	return out;
}

/* How much of a tree stands before what a line has in its column. */
static size_t indent_of(struct libscols_line *line)
{
	size_t n = 0;

	while ((line = scols_line_get_parent(line)))
		n += 2;
	return n;
}

static void shorten_all(struct libscols_table *t, const struct place *places, int n)
{
	struct libscols_iter *iter = must_have(scols_new_iter(SCOLS_ITER_FORWARD));
	struct libscols_line *line;

	while (scols_table_next_line(t, iter, &line) == 0)
		for (int i = 0; i < n; i++) {
			struct libscols_cell *cell = scols_line_get_cell(line, (size_t)i);
			const char *text = cell ? scols_cell_get_data(cell) : NULL;
			size_t indent = places[i].has_tree ? indent_of(line) : 0;

			if (text)
				must_have(scols_cell_refer_data(cell, shortened(text, indent,
										&places[i])) < 0
						  ? NULL
						  : cell);
		}
	scols_free_iter(iter);
}

/* The widest of @n columns that may lose something yet; NULL: there is none. */
static struct place *widest(struct place *places, int n)
{
	struct place *found = NULL;

	for (struct place *p = places; p < places + n; p++)
		if ((p->column->flags & SCOLS_FL_TRUNC) && p->width > strlen(p->column->name) &&
		    (!found || p->width > found->width))
			found = p;
	return found;
}

/* How wide each column is where there is no terminal: known once it is printed. */
static void measure(struct libscols_table *t)
{
	cleanup_free char *text = NULL;

	/* fails only where memory is short */
	scols_table_set_termforce(t, SCOLS_TERMFORCE_NEVER);
	must_have(scols_print_table_to_string(t, &text) < 0 ? NULL : text);
	scols_table_set_termforce(t, SCOLS_TERMFORCE_AUTO);
}

void fit_to_terminal(struct libscols_table *t, int tree)
{
	size_t most = scols_table_get_termwidth(t), total = 0;
	struct place places[MAX_COLUMNS], *p;
	int n = 0;

	measure(t);
	for (; choice_is_visible(n); n++) {
		const struct column *c = &columns[choice_column(n)];
		struct libscols_column *cl = scols_table_get_column(t, (size_t)n);

		places[n] = (struct place){ .column = c,
					    .end = column_is_list(c) ? '\n' : '\0',
					    .has_tree = n == tree,
					    .width = scols_column_get_width(cl) };
		total += places[n].width + (n > 0);
	}
	if (total <= most)
		return;
	while (total > most && (p = widest(places, n))) {
		size_t less = p->width > 2 * most ? p->width - 2 * most : 1; /* of a megabyte */

		p->width -= less;
		total -= less;
	}
	shorten_all(t, places, n);
}
