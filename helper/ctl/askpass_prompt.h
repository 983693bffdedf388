/* Is a prompt one of pam_c2m's, who asks, and for which part of the token? */
#ifndef ASKPASS_PROMPT_H
#define ASKPASS_PROMPT_H

#include <stdbool.h>

enum { ASKPASS_HOST_SIZE = 256 };

struct askpass_prompt {
    char host[ASKPASS_HOST_SIZE]; /* as ssh shows it; "" when the prompt shows none: sudo's */
    unsigned part, parts; /* "part 2 of 17"; 1 and 0 for the plain prompt */
};

/*
 * True when TEXT is, from its first to its last byte, ssh's "(user@host) " or nothing, a reason of pam_c2m's and a
 * blank or nothing, and a prompt of pam_c2m's that a token answers. The prompt for a code alone is not one.
 */
bool askpass_prompt_read(const char *text, struct askpass_prompt *out);

#endif
