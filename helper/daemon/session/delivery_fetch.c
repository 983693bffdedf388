/* Exchange, verify, judge, hold, commit, hand out: in this order, and whatever fails hands out nothing. */
#include "session/delivery_internal.h"

#include "base/cleanup.h"
#include "session/suspension.h"

#include <errno.h>

/* Nothing came of it: what was delivered before, if it is still there, stays. */
static void fail(struct parcel *parcel, enum reason reason, int64_t retry_after)
{
    struct delivery *delivery = parcel->delivery;
    bool useless = parcel->closed || !parcel->token.sealed;
    delivery_decide(parcel, reason, retry_after);
    if (useless)
        delivery_drop(parcel);
    delivery_tell(delivery);
}

static void recorded(void *argument, int error)
{
    struct parcel *parcel = argument;
    parcel->recording = false;
    if (error < 0) {
        bearer_deinit(&parcel->token); /* the session holds it, and logout revokes it: it is not handed out */
        fail(parcel, REASON_STORE, -1);
        return;
    }
    delivery_decide(parcel, REASON_CREDENTIAL, -1);
    delivery_tell(parcel->delivery);
}

static void keep(struct parcel *parcel, const struct secret *token, const struct verified *verified,
    const struct api_token *answer)
{
    const struct delivery_parts *parts = &parcel->delivery->parts;
    int64_t expires = verified->claims.expires;
    if (answer->expires > 0 && answer->expires < expires)
        expires = answer->expires;
    int r = parcel_hold(parcel, parts->ledger, token, verified, answer);
    if (r == 0)
        r = parcel_set_token(parcel, parts->vault, token, expires);
    if (r == 0)
        r = store_after_commit(parts->store, recorded, parcel);
    if (r == 0) {
        parcel->recording = true;
        return;
    }
    bearer_deinit(&parcel->token);
    fail(parcel, r == -EAGAIN ? REASON_FULL : REASON_STORE, -1);
}

static void judge(void *argument)
{
    struct parcel *parcel = argument;
    const struct delivery *delivery = parcel->delivery;
    struct verified verified = {.hash = {0}};
    parcel->wait = NULL;
    enum reason reason = verifier_check_obtained(delivery->parts.verifier, parcel->obtained, &verified);
    struct jwks *jwks = delivery->parts.jwks && !parcel->closed ? *delivery->parts.jwks : NULL;
    if (jwks_wait_for(jwks, &reason, &parcel->waited, judge, parcel, &parcel->wait))
        return;
    struct secret *token SECRET_CLEANUP = STEAL(parcel->obtained);
    if (reason == REASON_NONE)
        reason = parcel_judge(parcel, &delivery->scopes, delivery->prefix, &verified, &parcel->answer);
    if (parcel->closed)
        reason = REASON_SESSION_CLOSED;
    if (reason == REASON_NONE) {
        keep(parcel, token, &verified, &parcel->answer);
        return;
    }
    parcel_discard(parcel, delivery->parts.ledger, delivery->parts.vault, token, &verified, &parcel->answer);
    fail(parcel, reason, -1);
}

void delivery_give_up(struct parcel *parcel)
{
    const struct delivery_parts *parts = &parcel->delivery->parts;
    struct secret *token SECRET_CLEANUP = STEAL(parcel->obtained);
    struct verified verified;
    if (parcel->wait)
        jwks_cancel(STEAL(parcel->wait));
    if (!token)
        return;
    verifier_check_obtained(parts->verifier, token, &verified); /* for its id and its life alone */
    parcel_discard(parcel, parts->ledger, parts->vault, token, &verified, &parcel->answer);
}

static void exchanged(void *argument, struct api_token *answer)
{
    struct parcel *parcel = argument;
    const struct delivery_parts *parts = &parcel->delivery->parts;
    parcel->call = NULL;
    if (answer->outcome == API_OK || answer->reason == REASON_SUSPENDED)
        suspension_set(parts->sessions, parts->presences, parcel->client, answer->outcome != API_OK);
    if (answer->outcome != API_OK) {
        fail(parcel, answer->reason, answer->retry_after);
        return;
    }
    parcel->obtained = STEAL(answer->token);
    parcel->answer = *answer;
    parcel->waited = false;
    judge(parcel);
}

/* REASON_NONE: the exchange is under way. */
enum reason delivery_fetch(struct parcel *parcel, int64_t timeout_ms)
{
    const struct delivery_parts *parts = &parcel->delivery->parts;
    struct secret *parent SECRET_CLEANUP = NULL;
    if (ledger_long(parts->ledger, parcel->reference, &parent) < 0)
        return REASON_SHORT_SESSION;
    if (store_probe(parts->store) < 0 || ledger_ready(parts->ledger) < 0)
        return REASON_STORE; /* nothing is obtained that could not be revoked */
    if (parcel_set_parent(parcel, parts->vault, parent) < 0 ||
        api_exchange(parts->api, parent, &parcel->delivery->scopes, BUDGET_RENEWAL, timeout_ms, exchanged,
            parcel, &parcel->call) < 0)
        return REASON_INTERNAL;
    return REASON_NONE;
}
