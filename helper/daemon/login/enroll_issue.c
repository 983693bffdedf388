/* Where a new long token comes from, and how it and what it yields are held. */
#include "login/enroll_internal.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "login/keeping.h"
#include "session/issuing.h"
#include "session/suspension.h"

#include <stdio.h>
#include <string.h>

enum { SLACK = 60 };

int enroll_hold_candidate(struct enroll *enroll, const char *token_id)
{
    char own[CLAIMS_TEXT_SIZE];
    vault_hash(secret_bytes(enroll->candidate), secret_length(enroll->candidate), enroll->next.hash);
    int64_t *ends = enroll->next.expires == 0 ? &enroll->next.expires : NULL;
    keeping_own_id(enroll->candidate, own, ends);
    snprintf(enroll->next.token_id, sizeof enroll->next.token_id, "%s", token_id[0] ? token_id : own);
    const struct ledger_token token = {
        .kind = LEDGER_ENROLLED,
        .user = enroll->next.owner,
        .client = enroll->next.client,
        .token_id = enroll->next.token_id,
        .claimed_id = own[0] ? own : NULL,
        .hash = enroll->next.hash,
        .expires = enroll->next.expires,
        .may_revoke = true,
    };
    enroll->held = true;
    return ledger_hold(enroll->parts->ledger, enroll->next.holder, &token, enroll->candidate);
}

int enroll_hold_short(const struct enroll *enroll, const char *holder, const struct secret *token,
    const struct api_token *answer, uint8_t hash[VAULT_HASH_SIZE])
{
    struct verified verified = {.hash = {0}};
    verifier_check_obtained(enroll->parts->verifier, token, &verified); /* for its id and its life alone */
    const struct claims *claims = &verified.claims;
    vault_hash(secret_bytes(token), secret_length(token), hash);
    const struct ledger_token held = {
        .kind = LEDGER_EXCHANGED,
        .user = enroll->next.owner,
        .client = enroll->next.client,
        .token_id = answer->token_id[0] ? answer->token_id : claims->token_id,
        .claimed_id = claims->token_id[0] ? claims->token_id : NULL,
        .hash = hash,
        .expires = claims->expires ? claims->expires : answer->expires,
        .may_revoke = true,
    };
    return ledger_hold(enroll->parts->ledger, holder, &held, token);
}

/* Less than was asked for is taken as it is, and said. */
static void say_less(const struct enroll *enroll, const struct api_token *answer)
{
    const struct host_options *host = enroll->parts->host;
    const char *prefix = enroll->parts->policy->prefix[0] ? enroll->parts->policy->prefix : NULL;
    int64_t life = answer->expires - clock_wall();
    if (answer->expires > 0 && life < host->ttl - SLACK)
        log_message(LOG_LEVEL_NOTICE,
            "ref=%s: the API grants a life of %lld s where [host] ttl asks for %lld", enroll->next.holder,
            (long long)life, (long long)host->ttl);
    if (!enroll->next.owner[0] && !scopes_empty(&answer->scopes) &&
        !scopes_cover(&answer->scopes, &host->scopes, prefix))
        log_message(LOG_LEVEL_NOTICE, "ref=%s: the API grants fewer scopes than [host] scopes asks for: %s",
            enroll->next.holder, answer->scopes.text);
}

/* Of a client that the request named, or whose token is kept. */
static void hear(const struct enroll *enroll, const struct api_token *answer)
{
    const struct login_parts *parts = enroll->parts;
    if (answer->outcome != API_OK && answer->reason == REASON_SUSPENDED)
        suspension_set(parts->sessions, parts->presences, enroll->next.client, true);
}

void enroll_unmark(struct enroll *enroll)
{
    if (enroll->issuing)
        issuing_end(enroll->parts->store, enroll->next.holder);
    enroll->issuing = false;
}

static void issued(void *argument, struct api_token *answer)
{
    struct enroll *enroll = argument;
    enroll->call = NULL;
    hear(enroll, answer);
    enroll_unmark(enroll);
    if (answer->outcome != API_OK) {
        enroll_fail(enroll, answer);
        return;
    }
    enroll->candidate = STEAL(answer->token);
    enroll->next.expires = answer->expires;
    say_less(enroll, answer);
    if (enroll_hold_candidate(enroll, answer->token_id) < 0)
        enroll_finish(enroll, REASON_STORE);
    else
        enroll_try(enroll);
}

/* The mark is on disk: a helper that is killed from here on says at its next start what may have been lost. */
static void marked(void *argument, int error)
{
    struct enroll *enroll = argument;
    const struct login_parts *parts = enroll->parts;
    struct secret *bearer SECRET_CLEANUP = STEAL(enroll->bearer);
    struct secret *assertion SECRET_CLEANUP = NULL;
    bool by_key = !bearer && enroll->next.way == C2M_ENROLL_ASSERTION;
    bool by_code = enroll->next.way == C2M_ENROLL_CODE;
    if (error < 0) {
        enroll->issuing = false;
        enroll_finish(enroll, REASON_STORE);
        return;
    }
    if (by_key && (!parts->host->assertion ||
                      assertion_make(parts->host->assertion, enroll->next.client, &assertion) < 0)) {
        enroll_finish(enroll, REASON_NO_KEYS);
        return;
    }
    const struct api_issue issue = {
        .client_id = enroll->next.client,
        .code = !bearer && by_code ? enroll->credential : NULL,
        .client_secret = bearer || by_key ? NULL
                         : by_code        ? client_secrets_find(parts->client_secrets, enroll->next.client)
                                          : enroll->credential,
        .bearer = bearer,
        .assertion = assertion,
        .assertion_type = by_key ? assertion_type(parts->host->assertion) : NULL,
        .scopes = enroll->next.owner[0] ? NULL : &parts->host->scopes,
        .ttl_seconds = parts->host->ttl,
    };
    if (api_issue(parts->api, &issue, BUDGET_RENEWAL, ENROLL_TIMEOUT_MS, issued, enroll, &enroll->call) < 0)
        enroll_finish(enroll, REASON_INTERNAL);
}

void enroll_issue(struct enroll *enroll, const struct secret *bearer)
{
    struct store *store = enroll->parts->store;
    int r = bearer ? secret_copy(bearer, &enroll->bearer) : 0;
    if (r == 0)
        r = issuing_begin(store, enroll->next.holder, enroll->next.owner, enroll->next.client);
    enroll->issuing = r == 0;
    if (r == 0)
        r = store_after_commit(store, marked, enroll);
    if (r < 0)
        enroll_finish(enroll, REASON_STORE);
}

/* The one before lends a short token that may issue. It is held before it is used. */
static void lent(void *argument, struct api_token *answer)
{
    struct enroll *enroll = argument;
    enroll->call = NULL;
    hear(enroll, answer);
    if (answer->outcome != API_OK) {
        enroll_fail(enroll, answer);
        return;
    }
    struct secret *token SECRET_CLEANUP = STEAL(answer->token);
    enroll->lending = true;
    if (enroll_hold_short(enroll, enroll->former, token, answer, enroll->lent) < 0)
        enroll_finish(enroll, REASON_STORE);
    else
        enroll_issue(enroll, token);
}

/* With all scopes of the one before: what is issued may have none that the bearer lacks. */
void enroll_borrow(struct enroll *enroll)
{
    struct secret *former SECRET_CLEANUP = NULL;
    if (enrolled_token(enroll->enrolled, enroll->next.owner, &former) < 0)
        enroll_finish(enroll, REASON_NO_BEARER);
    else if (api_exchange(enroll->parts->api, former, NULL, BUDGET_RENEWAL, ENROLL_TIMEOUT_MS, lent, enroll,
                 &enroll->call) < 0)
        enroll_finish(enroll, REASON_INTERNAL);
}
