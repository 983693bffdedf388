/*
 * Completion scripts, one function a shell: each prints its own to standard output.
 */
#ifndef COMPLETION_H
#define COMPLETION_H

#include "options.h"

void completion_bash(void);
void completion_zsh(void);
void completion_fish(void);

/* What may stand behind a command is of a kind; VALUE_NONE: it is some words, or nothing. */
enum option_value completion_behind(const struct command *command);
/* Prints TEXT for between two single quotes; each `'` becomes QUOTE, each byte of ESCAPED gets a backslash. */
void completion_quoted(const char *text, const char *quote, const char *escaped);

#endif
