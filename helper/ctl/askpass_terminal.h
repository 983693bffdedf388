/* A token pasted at the terminal, of any length: a terminal's own line has at most 4,095 bytes. */
#ifndef ASKPASS_TERMINAL_H
#define ASKPASS_TERMINAL_H

#include "askpass_prompt.h"
#include "askpass_token.h"

/*
 * Asks on /dev/tty, without echo, and reads up to the line's end; for a later part it says that the same token is
 * needed again. The terminal is as it was afterwards, also when a signal comes. False after it has complained.
 */
bool askpass_terminal_read(const struct askpass_prompt *prompt, struct askpass_token *token);

#endif
