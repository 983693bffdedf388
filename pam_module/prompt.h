/*
 * What the helper's PROMPT asks, in words.
 */
#ifndef PROMPT_H
#define PROMPT_H

#include "texts.h"

enum {
    PROMPTS_MAX = 32, /* of one call, hence parts of one token */
    PROMPT_SIZE = 2 * TEXT_SIZE,
};

/*
 * Writes reason and question into OUT, which holds PROMPT_SIZE bytes. False when the helper asks something that
 * this module has no words for, a part that cannot be, or sent a reference that is none.
 */
bool prompt_text(char *out, const struct c2m_prompt *prompt);

#endif
