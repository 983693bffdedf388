/*
 * `reuse` counts only for sudo and sudo-i, only when root's pam.d line says so, only for an effective root, and only
 * for the user who runs it: at his terminal another one may sit (sudo -u, su), and rootpw or targetpw name a third.
 */
#include "login/proof.h"

#include "base/clock.h"
#include "login/gate.h"
#include "session/standing.h"

#include <stdio.h>
#include <string.h>

static int64_t reuse_of(const struct login_parts *parts, const struct login_request *request)
{
    bool sudo = strcmp(request->service, "sudo") == 0 || strcmp(request->service, "sudo-i") == 0;
    if (!sudo || !request->reuse || !request->root_door || request->caller.effective_uid != 0 ||
        request->caller.real_uid != request->uid)
        return 0;
    return policy_rule_for(parts->policy, request->service)->reuse_ms;
}

static enum reason by_session(
    const struct login_parts *parts, const struct login_request *request, int64_t reuse_ms, struct proof *out)
{
    enum reason why;
    struct session *session = standing_find(parts->sessions, &request->caller, request->uid, &why);
    if (!session)
        return why;
    why = standing_presence(session, &request->caller, reuse_ms);
    if (why == REASON_NONE)
        why = gate_judge_session(parts, request, session);
    if (why != REASON_NONE)
        return why;
    session->sudo_uses++;
    out->form = session->form;
    memcpy(out->token_hash, session->token_hash, sizeof out->token_hash);
    snprintf(out->reference, sizeof out->reference, "%s", session->reference);
    return REASON_SESSION;
}

static enum reason by_terminal(
    const struct login_parts *parts, const struct login_request *request, struct proof *out)
{
    struct process leader;
    uint32_t tty;
    bool mine;
    enum reason why = standing_terminal(&request->caller, request->uid, &leader, &tty);
    if (why == REASON_NONE && !standing_in_front(&request->caller))
        why = REASON_NO_TERMINAL;
    if (why != REASON_NONE)
        return why;
    const struct presence *presence = presences_find(parts->presences, request->uid, tty, leader);
    if (!presence)
        return REASON_STALE_PROOF;
    if (presence->suspended)
        return REASON_SUSPENDED;
    const struct gate_token token = {.claims = &presence->token->claims,
        .hash = presence->token->hash,
        .form = presence->form,
        .ours = true};
    why = gate_judge(parts, request, &token, &mine);
    if (why == REASON_NONE && presence_token_over(presence))
        why = REASON_EXPIRED;
    if (why != REASON_NONE)
        return why;
    out->form = presence->form;
    memcpy(out->token_hash, presence->token->hash, sizeof out->token_hash);
    snprintf(out->reference, sizeof out->reference, "%s", presence->login);
    return REASON_TERMINAL;
}

void proof_find(const struct login_parts *parts, const struct login_request *request, struct proof *out)
{
    *out = (struct proof){.reason = REASON_NO_REUSE};
    int64_t reuse_ms = reuse_of(parts, request);
    if (reuse_ms <= 0)
        return;
    enum reason session = by_session(parts, request, reuse_ms, out);
    out->reason = session;
    /* What a closed session left behind must ask: `account` would refuse it whatever its terminal proves. */
    if (session == REASON_SESSION || session == REASON_SESSION_CLOSED ||
        by_terminal(parts, request, out) != REASON_TERMINAL)
        return;
    out->reason = REASON_TERMINAL;
}

void proof_renew(const struct login_parts *parts, const struct login_request *request)
{
    enum reason why;
    if (reuse_of(parts, request) <= 0)
        return;
    struct session *session = standing_find(parts->sessions, &request->caller, request->uid, &why);
    if (session)
        sessions_prove(session);
}

int proof_at_terminal(const struct login_parts *parts, const struct login_request *request,
    const char *reference, enum c2m_credential_form form, const struct verified *token)
{
    struct process leader;
    uint32_t tty;
    int64_t reuse_ms = reuse_of(parts, request);
    if (reuse_ms <= 0 || standing_terminal(&request->caller, request->uid, &leader, &tty) != REASON_NONE ||
        !standing_in_front(&request->caller))
        return 0;
    return presences_prove(parts->presences, reference, request->uid, tty, leader, form, token, reuse_ms);
}
