/*
 * The first row that fits decides. What is not listed proves nothing: the next bearer is due.
 *
 * A 404 alone is worth nothing: a wrong base URL says it to everything, and a server says it of another client's
 * tokens, or to a bearer whose token it does not want to talk about. A 401 says that the bearer is dead, which is the answer only when
 * the bearer is the target, and only after a try that may have killed it.
 */
#include "session/revocation_answer.h"

#include <string.h>

typedef bool (*condition)(const struct api_revocation *answer, const struct revocation_try *attempt);

static bool always(const struct api_revocation *answer, const struct revocation_try *attempt)
{
    (void)answer;
    (void)attempt;
    return true;
}

static bool no_error(const struct api_revocation *answer, const struct revocation_try *attempt)
{
    (void)attempt;
    return answer->json && !answer->error_member;
}

static bool nothing_left(const struct api_revocation *answer, const struct revocation_try *attempt)
{
    (void)answer;
    return attempt->base_proven && (!attempt->bearer_is_target || attempt->answer_was_lost);
}

static bool not_its_own(const struct api_revocation *answer, const struct revocation_try *attempt)
{
    (void)answer;
    return attempt->bearer_is_stranger;
}

static bool killed_itself(const struct api_revocation *answer, const struct revocation_try *attempt)
{
    (void)answer;
    return attempt->bearer_is_target && attempt->answer_was_lost;
}

/* An older copy of the state, say, is full of them. */
static bool ran_out(const struct api_revocation *answer, const struct revocation_try *attempt)
{
    (void)answer;
    return attempt->bearer_is_target && attempt->over;
}

static const struct rule {
    long status;
    const char *code; /* NULL: any */
    condition holds;
    enum revocation_next next;
} rules[] = {
    {204, NULL, always, REVOCATION_DONE},
    {200, NULL, no_error, REVOCATION_DONE},
    {429, NULL, always, REVOCATION_WAIT},
    {404, "not_found", not_its_own, REVOCATION_NEXT_BEARER},
    {404, "not_found", nothing_left, REVOCATION_DONE_BEFORE},
    {401, "invalid_token", killed_itself, REVOCATION_DONE_BEFORE},
    {401, "token_expired", killed_itself, REVOCATION_DONE_BEFORE},
    {401, "EXPIRED_TOKEN", killed_itself, REVOCATION_DONE_BEFORE},
    {401, "invalid_token", ran_out, REVOCATION_OVER},
    {401, "token_expired", ran_out, REVOCATION_OVER},
    {401, "EXPIRED_TOKEN", ran_out, REVOCATION_OVER},
    {401, "insufficient_scope", always, REVOCATION_NEXT_BEARER_NO_SCOPE},
    {403, "insufficient_scope", always, REVOCATION_NEXT_BEARER_NO_SCOPE},
};

enum revocation_next revocation_judge(
    const struct api_revocation *answer, const struct revocation_try *attempt)
{
    if (answer->limited)
        return REVOCATION_WAIT;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        const struct rule *rule = &rules[i];
        if (rule->status == answer->status && (!rule->code || strcmp(rule->code, answer->code) == 0) &&
            rule->holds(answer, attempt))
            return rule->next;
    }
    return REVOCATION_NEXT_BEARER;
}
