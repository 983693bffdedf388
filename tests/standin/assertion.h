/* A client's signed assertion in place of its secret (RFC 7523). */
#ifndef STANDIN_ASSERTION_H
#define STANDIN_ASSERTION_H

#include "clients.h"

#include <stdint.h>

struct used_assertion;

/* The assertions that were used: each is worth one token. */
struct assertions {
    struct used_assertion *first;
};

/* Whether `type` names an assertion: by the URN of the specification, or the one that circulates beside it. */
bool assertion_type_known(const char *type);

/* Whether that is a genuine, fresh and unused assertion of the client for this service. NULL if so, and it is
 * used then; else what is wrong with it. */
const char *assertion_judge(
    struct assertions *assertions, const struct client *client, const char *text, const char *url);

void assertions_deinit(struct assertions *assertions);

#endif
