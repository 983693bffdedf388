/*
 * The answer to a prompt: the token itself where the program that asks passes it on whole, else one part of it,
 * "c2m K/N TAG:PART", which the helper puts together again.
 */
#ifndef ASKPASS_ANSWER_H
#define ASKPASS_ANSWER_H

#include "askpass_prompt.h"
#include "askpass_token.h"

enum {
    /* Whole tokens: ssh cuts silently at 1,023, and one of that very length would look cut. sudo fails from 512 on. */
    ASKPASS_SSH_MAX = 1022,
    ASKPASS_SUDO_MAX = 511,
    /* A part: 500 bytes with "c2m 10/17 01234567:" before it. */
    ASKPASS_PART_MAX = 481,
};

struct askpass_answer {
    size_t length;
    char bytes[ASKPASS_SSH_MAX + 2]; /* with the line's end */
};

void askpass_answer_wipe(struct askpass_answer *answer);
/* False after it has complained: the prompt asks for a part that this token has not. */
bool askpass_answer_make(
    const struct askpass_prompt *prompt, const struct askpass_token *token, struct askpass_answer *out);

#endif
