/* A token pasted at the terminal, of any length: a terminal's own line has at most 4,095 bytes. */
#ifndef ASKPASS_TERMINAL_H
#define ASKPASS_TERMINAL_H

#include "askpass_token.h"

/*
 * Asks QUESTION on /dev/tty and reads up to the line's end, without echo. The terminal is as it was afterwards, also when a signal comes. False after it has complained.
 */
bool askpass_terminal_read(const char *question, struct askpass_token *token);

#endif
