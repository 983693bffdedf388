/* The token goes to a process that stands in the session, and to nobody else; root has no printing command. */
#include "ipc/token_request.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "ipc/request.h"
#include "login/gate.h"
#include "session/standing.h"

#include <stdio.h>
#include <string.h>

enum { MARGIN_MS = 500 };

static uint32_t delivery_text(enum reason reason)
{
    switch (reason) {
    case REASON_NO_DELIVERY:
        return C2M_TEXT_NO_DELIVERY;
    case REASON_SHORT_SESSION:
        return C2M_TEXT_SHORT_SESSION;
    case REASON_FOREIGN_NAMESPACE:
        return C2M_TEXT_CONTAINER;
    case REASON_NOT_STANDING:
    case REASON_SESSION_CLOSED:
        return C2M_TEXT_NO_SESSION;
    case REASON_EXPIRED:
        return C2M_TEXT_SESSION_EXPIRED;
    case REASON_API_LIMITED:
        return C2M_TEXT_BUSY;
    case REASON_API_REFUSED:
    case REASON_API_FORBIDDEN:
    case REASON_SUSPENDED:
    case REASON_TOO_WIDE:
    case REASON_SUBJECT:
        return C2M_TEXT_API_REFUSED;
    case REASON_REVOKED:
    case REASON_OURS:
    case REASON_SCOPE:
    case REASON_AUDIENCE:
    case REASON_FORM_NOT_ACCEPTED:
        return C2M_TEXT_ENDED;
    default:
        return C2M_TEXT_UNREACHABLE;
    }
}

static void refuse_token(struct request *request, enum reason reason, int64_t retry_after)
{
    outcome_set(&request->outcome, reason, false, 0);
    bool outage = request->outcome.verdict == C2M_UNAVAILABLE;
    request->outcome.verdict = outage ? C2M_UNAVAILABLE : C2M_DENIED;
    request->outcome.text = delivery_text(reason);
    request->outcome.text_argument[0] = retry_after > 0 ? (uint32_t)retry_after : 0;
    request_say(request, &request->outcome);
}

static void delivered(void *argument, struct delivery_result *result)
{
    struct request *request = argument;
    struct secret *token SECRET_CLEANUP = STEAL(result->token);
    if (result->reason != REASON_CREDENTIAL || !token || secret_length(token) > C2M_TOKEN_MAX) {
        refuse_token(request, result->reason == REASON_CREDENTIAL ? REASON_INTERNAL : result->reason,
            result->retry_after);
        return;
    }
    uint8_t hash[VAULT_HASH_SIZE];
    struct c2m_token wire = {.expires = result->expires};
    wire.token.length = (uint16_t)secret_length(token);
    memcpy(wire.token.bytes, secret_bytes(token), secret_length(token));
    peer_send(request->peer, C2M_TOKEN_IS, &wire, sizeof wire);
    explicit_bzero(&wire, sizeof wire);
    vault_hash(secret_bytes(token), secret_length(token), hash);
    vault_hash_text(hash, request->outcome.token_hash);
    outcome_set(&request->outcome, REASON_CREDENTIAL, true, 0);
    request_logged(request, &request->outcome);
    peer_finish(request->peer);
}

/* Its own token is what the session lives by: revoked, run out, or not allowed any more, it gets no other. Age alone is no reason. */
static enum reason life_of(const struct requests *requests, const struct session *session)
{
    struct login_request request;
    gate_request_of(session, &request);
    enum reason reason = gate_judge_session(requests->parts, &request, session);
    if (reason == REASON_TOO_OLD)
        return session_token_over(session) ? REASON_EXPIRED : REASON_NONE;
    return reason;
}

/* In what is left of the time. */
static void deliver(struct request *request, const struct session *session)
{
    const struct requests *requests = request->requests;
    int64_t spent_ms = (clock_boot_us() - request->began_us) / 1000;
    enum reason why = life_of(requests, session);
    if (why != REASON_NONE)
        refuse_token(request, why, 0);
    else
        delivery_get(requests->delivery, session, request->min_ttl, C2M_DEADLINE_MS - MARGIN_MS - spent_ms,
            delivered, request);
}

/* The first token of a session that a kept one serves; it may be over meanwhile. */
static void arrived(void *argument)
{
    struct request *request = argument;
    const struct session *session =
        sessions_find(request->requests->parts->sessions, request->outcome.reference);
    if (session)
        deliver(request, session);
    else
        refuse_token(request, REASON_SESSION_CLOSED, 0);
}

/* Root has no printing command: only a user, only for the session that he stands in. */
void token_request(const struct requests *requests, struct peer *peer, const void *body)
{
    struct request *request = request_begin(requests, peer, "token");
    const struct caller *caller = peer_caller(peer);
    struct c2m_token_request wire;
    enum reason why = REASON_NOT_STANDING;
    if (!request)
        return;
    memcpy(&wire, body, sizeof wire);
    request->facts = (struct login_request){.root_door = peer_root_door(peer),
        .uid = caller->uid,
        .caller = caller->facts,
        .deadline_ms = C2M_DEADLINE_MS};
    struct session *session =
        peer_root_door(peer) ? NULL
                             : standing_find(requests->parts->sessions, &caller->facts, caller->uid, &why);
    if (!session) {
        refuse_token(request, why, 0);
        return;
    }
    memcpy(request->outcome.reference, session->reference, sizeof session->reference);
    snprintf(request->facts.user, sizeof request->facts.user, "%s", session->user);
    request->outcome.form = session->form;
    request->min_ttl = wire.min_ttl;
    peer_deadline(peer, C2M_DEADLINE_MS);
    if (session_has_token(session) || !renewal_await(requests->renewal, session->reference, arrived, request))
        deliver(request, session);
}
