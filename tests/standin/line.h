/* A line of the control socket: a command, words, and name=value pairs.
 *
 * Blanks separate them. A value in double quotes may hold blanks, and \" and \\; one that begins with { or [
 * is JSON and ends where that ends. */
#ifndef STANDIN_LINE_H
#define STANDIN_LINE_H

#include <stdbool.h>
#include <stddef.h>

enum { LINE_ARGUMENTS = 24 };

struct argument {
    char *name; /* NULL: a plain word */
    char *value;
    bool used;
};

struct line {
    char *command;
    struct argument arguments[LINE_ARGUMENTS];
    size_t count;
};

#define OWN_LINE __attribute__((cleanup(line_deinit)))

/* Takes a text apart. NULL, or what is wrong; line_deinit is called either way. */
const char *line_parse(struct line *line, const char *text);
void line_deinit(struct line *line);

/* The value of that name, or NULL. It counts as used. */
const char *line_value(struct line *line, const char *name);

/* The next plain word that is not used yet, or NULL. */
const char *line_word(struct line *line);

/* The first argument that nobody used, or NULL: the command does not know it. */
const struct argument *line_unused(const struct line *line);

#endif
