/* The token between its source and the answer: one line, wiped by whoever declares it. */
#ifndef ASKPASS_TOKEN_H
#define ASKPASS_TOKEN_H

#include "c2m/deadline.h"
#include "c2m/wire.h"

struct askpass_token {
    size_t length;
    char bytes[C2M_TOKEN_MAX + 64]; /* room for the end of the line, and to see that it is too long */
};

void askpass_token_wipe(struct askpass_token *token);
/* Fills it from FD until its end. False when it cannot be read by the deadline. */
bool askpass_token_fill(struct askpass_token *token, int fd, struct c2m_deadline deadline);
/* Removes blanks and the line's end. NULL, or what is wrong: empty, too long, not one word of visible ASCII. */
const char *askpass_token_trim(struct askpass_token *token);

#endif
