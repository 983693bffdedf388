/* Dead before wrong before not allowed: a revoked token is called revoked whoever brings it. */
#include "login/gate.h"

#include "base/clock.h"
#include "login/origin.h"

#include <stdio.h>

static enum reason alive(const struct login_parts *parts, const struct gate_token *token)
{
    if (!token->claims->token_id[0])
        return REASON_NO_TOKEN_ID;
    switch (deny_list_find(parts->deny_list, token->claims->token_id, token->hash)) {
    case DENY_NOT:
        return REASON_NONE;
    case DENY_OURS:
        return token->ours ? REASON_NONE : REASON_OURS;
    case DENY_REVOKED:
        break;
    }
    return REASON_REVOKED;
}

/* client_id stands beside sub, never instead of another one. */
static bool is_users(const struct login_parts *parts, const char *user, const struct claims *claims)
{
    if (claims->client[0] && !user_map_matches(parts->user_map, user, claims->client))
        return false;
    return user_map_matches(parts->user_map, user, claims->subject);
}

enum reason gate_judge(const struct login_parts *parts, const struct login_request *request,
    const struct gate_token *token, bool *mine)
{
    *mine = false;
    enum reason reason = alive(parts, token);
    if (reason != REASON_NONE)
        return reason;
    if (!is_users(parts, request->user, token->claims))
        return REASON_SUBJECT;
    *mine = true;
    return policy_judge(parts->policy, policy_rule_for(parts->policy, request->service), origin_side(request),
        token->claims, token->form, clock_wall());
}

void gate_request_of(const struct session *session, struct login_request *out)
{
    *out = (struct login_request){.root_door = true, .uid = session->uid};
    snprintf(out->service, sizeof out->service, "%s", session->service);
    snprintf(out->user, sizeof out->user, "%s", session->user);
    snprintf(out->rhost, sizeof out->rhost, "%s", session->rhost);
}

enum reason gate_judge_session(
    const struct login_parts *parts, const struct login_request *request, const struct session *session)
{
    struct claims claims;
    bool mine;
    if (session->suspended)
        return REASON_SUSPENDED;
    session_claims(session, &claims);
    const struct gate_token token = {
        .claims = &claims, .hash = session->token_hash, .form = session->form, .ours = true};
    enum reason reason = gate_judge(parts, request, &token, &mine);
    return reason == REASON_NONE && session_token_over(session) ? REASON_EXPIRED : reason;
}
