/* An outage must not refuse the break-glass password: only what is known to be dead is refused here. */
#include "login/account.h"

#include "base/clock.h"
#include "login/origin.h"
#include "session/enrolled.h"
#include "session/standing.h"

#include <stdio.h>
#include <string.h>

/* Dead is dead; what the policy would say at a new proof is not asked, and age is only told apart. */
static enum reason life_of(const struct login_parts *parts, const struct session *session)
{
    if (session->state == C2M_SESSION_CLOSED)
        return REASON_SESSION_CLOSED;
    if (session->suspended)
        return REASON_SUSPENDED;
    if (deny_list_find(parts->deny_list, session->token_id, session->token_hash) == DENY_REVOKED)
        return REASON_REVOKED;
    return session_token_over(session) ? REASON_RAN_OUT : REASON_LIVE;
}

/* A sudo that a terminal's presence granted has no session; its token is judged like one's. */
static enum reason life_at_terminal(
    const struct login_parts *parts, const struct login_request *request, struct outcome *outcome)
{
    struct process leader;
    uint32_t tty;
    if (request->caller.real_uid != request->uid ||
        standing_terminal(&request->caller, request->uid, &leader, &tty) != REASON_NONE)
        return REASON_NOT_STANDING;
    const struct presence *presence = presences_find(parts->presences, request->uid, tty, leader);
    if (!presence)
        return REASON_NOT_STANDING;
    snprintf(outcome->reference, sizeof outcome->reference, "%s", presence->login);
    vault_hash_text(presence->token->hash, outcome->token_hash);
    outcome->form = presence->form;
    if (presence->suspended)
        return REASON_SUSPENDED;
    const struct claims *claims = &presence->token->claims;
    bool revoked = deny_list_find(parts->deny_list, claims->token_id, presence->token->hash) == DENY_REVOKED;
    if (revoked)
        return REASON_REVOKED;
    return presence_token_over(presence) ? REASON_RAN_OUT : REASON_LIVE;
}

static enum reason judge(
    const struct login_parts *parts, const struct login_request *request, struct outcome *outcome)
{
    const struct login_request *r = request;
    enum reason why = REASON_NOT_STANDING;
    if (policy_rule_for(parts->policy, r->service)->accept[origin_side(r)] == 0)
        return REASON_SERVICE_OFF;
    if (!user_map_has(parts->user_map, r->user))
        return REASON_UNMAPPED;
    const struct session *session = sessions_of_login(parts->sessions, r->caller.process, r->user);
    if (!session)
        session = standing_find(parts->sessions, &r->caller, r->uid, &why);
    if (session) {
        snprintf(outcome->reference, sizeof outcome->reference, "%s", session->reference);
        session_token_text(session, outcome->token_hash);
        outcome->form = session->form;
        return life_of(parts, session);
    }
    /* Of his own processes only: an sshd that he restarted in a session since closed must let him in again. */
    if (why == REASON_SESSION_CLOSED)
        return why;
    enum reason terminal = life_at_terminal(parts, r, outcome);
    return terminal == REASON_NOT_STANDING ? why : terminal;
}

/* By what is known here: neither run out nor revoked. No question to the API: an outage must not refuse a key. */
static bool keeps_live_token(const struct login_parts *parts, const char *user)
{
    const struct enrollment *kept = parts->enrolled ? enrolled_find(parts->enrolled, user) : NULL;
    return kept && (kept->expires == 0 || kept->expires > clock_wall()) &&
           deny_list_find(parts->deny_list, kept->token_id, kept->hash) != DENY_REVOKED;
}

static bool refuses_unknown(const struct login_parts *parts, const char *user)
{
    enum account_unknown rule = parts->options->account_unknown;
    return rule == ACCOUNT_DENY || (rule == ACCOUNT_STORED && !keeps_live_token(parts, user));
}

void account_judge(
    const struct login_parts *parts, const struct login_request *request, struct outcome *outcome)
{
    if (request->root_door)
        names_learn(parts->names, request->user, request->uid);
    enum reason reason = judge(parts, request, outcome);
    outcome_set(outcome, reason, false, 0);
    if (reason == REASON_REVOKED || reason == REASON_SUSPENDED) {
        outcome->verdict = C2M_ENDED;
        outcome->text = reason == REASON_SUSPENDED ? C2M_TEXT_SUSPENDED : C2M_TEXT_ENDED;
    }
    bool unknown = reason == REASON_NOT_STANDING || reason == REASON_FOREIGN_NAMESPACE;
    if (unknown) {
        bool refused = refuses_unknown(parts, request->user);
        outcome->verdict = refused ? C2M_ENDED : C2M_IGNORE;
        outcome->text = refused ? C2M_TEXT_ENDED : C2M_TEXT_NONE;
    }
}
