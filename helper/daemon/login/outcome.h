/* How a login, an account check, an open or a close ended: what the peer is told, and what the log says. */
#ifndef LOGIN_OUTCOME_H
#define LOGIN_OUTCOME_H

#include "base/reason.h"
#include "c2m/wire.h"

#include <stdbool.h>
#include <stdint.h>

/* Where a login's time goes; what is left is work of this host. */
enum outcome_step {
    STEP_HERE,
    STEP_PROMPT, /* until the person has typed */
    STEP_API,
    STEP_KEYS, /* waiting for published keys */
    STEP_COMMIT, /* until it is on disk */
    STEP_FLOOR, /* held back, so that time tells nothing */
    STEP_COUNT,
};

struct outcome {
    enum c2m_verdict_code verdict;
    enum reason reason;
    enum c2m_api_why why; /* of an outage */
    uint32_t text; /* enum c2m_text for the user, or NONE */
    uint32_t text_argument[2];
    char reference[9];
    char token_hash[9]; /* "" when no token was judged */
    enum c2m_credential_form form; /* 0: none */
    int64_t spent_us[STEP_COUNT];
};

/*
 * The one table from a reason to a verdict and a text. DETAIL: the token was genuine and the user's own, so
 * that he may be told what helps him; otherwise every refusal reads the same. ARGUMENT is the text's integer.
 */
void outcome_set(struct outcome *outcome, enum reason reason, bool detail, uint32_t argument);
const char *outcome_word(enum c2m_verdict_code verdict); /* "granted", "denied" ... for the log */

#endif
