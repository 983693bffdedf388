/* The client mode: one line to the control socket of a running stand-in, for shell scripts. */
#ifndef STANDIN_ASK_H
#define STANDIN_ASK_H

/* Sends `line` to directory/control and prints the answer; with `field` (a dotted path, or NULL) only that
 * member, a string without its quotes. The exit status: 0 if the answer says ok and has the member. */
int ask(const char *directory, const char *line, const char *field);

#endif
