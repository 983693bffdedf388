/* Where the token comes from: a file, a command, the terminal. */
#ifndef ASKPASS_SOURCE_H
#define ASKPASS_SOURCE_H

#include "askpass_config.h"
#include "askpass_prompt.h"
#include "askpass_token.h"

/* Reads the token for PROMPT; it is one word of visible ASCII then. False after it has complained. */
bool askpass_source_read(
    const struct askpass_source *source, const struct askpass_prompt *prompt, struct askpass_token *token);

#endif
