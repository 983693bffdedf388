/* What an answer to a revocation means: a pure table, kept apart from the machinery so that it can be read and tested. */
#ifndef SESSION_REVOCATION_ANSWER_H
#define SESSION_REVOCATION_ANSWER_H

#include "token/api.h"

enum revocation_next {
    REVOCATION_DONE,
    REVOCATION_DONE_BEFORE, /* proven dead by a 404 or a 401 */
    REVOCATION_OVER, /* its life ended before: the wall clock says so, and the API too */
    REVOCATION_NEXT_BEARER,
    REVOCATION_NEXT_BEARER_NO_SCOPE, /* and this one may never do it */
    REVOCATION_WAIT, /* 429 or the budget: the same bearer again after retry_after */
};

struct revocation_try {
    bool bearer_is_target;
    bool bearer_is_stranger; /* not known to be of the target's client */
    bool answer_was_lost; /* of an earlier try with a bearer that might have succeeded */
    bool base_proven;
    bool over; /* by the wall clock, which alone decides nothing */
};

enum revocation_next revocation_judge(
    const struct api_revocation *answer, const struct revocation_try *attempt);

#endif
