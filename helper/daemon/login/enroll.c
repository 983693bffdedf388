/* Issue, hold, try, judge, put, commit: in this order, whoever asked for it. */
#include "login/enroll_internal.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "login/credential.h"
#include "login/keeping.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *enroll_reference(const struct enroll *enroll)
{
    return enroll->next.holder;
}

static void stop_lending(struct enroll *enroll)
{
    if (enroll->lending)
        ledger_drop(enroll->parts->ledger, enroll->former, enroll->lent);
    enroll->lending = false;
}

void enroll_free(struct enroll *enroll)
{
    if (!enroll)
        return;
    if (enroll->call)
        api_cancel(enroll->call);
    if (enroll->wait)
        jwks_cancel(enroll->wait);
    if (enroll->answer.token)
        keeping_orphan(enroll->parts, &enroll->answer, enroll->candidate);
    secret_free(enroll->answer.token);
    enroll_unmark(enroll);
    store_forget(enroll->parts->store, enroll);
    stop_lending(enroll);
    if (enroll->held && !enroll->put)
        keeping_undo(enroll->parts, enroll->next.holder, NULL, REASON_PEER_GONE);
    loop_timer_free(enroll->timer);
    secret_free(enroll->credential);
    secret_free(enroll->bearer);
    secret_free(enroll->candidate);
    free(enroll);
}

static void enroll_freep(struct enroll **enroll)
{
    enroll_free(*enroll);
}

static void tell(void *argument)
{
    struct enroll *enroll = argument;
    enroll->fn(enroll->argument, enroll->reason, enroll->retry_after); /* which frees it */
}

void enroll_finish(struct enroll *enroll, enum reason reason)
{
    enroll->reason = reason;
    stop_lending(enroll);
    if (reason != REASON_CREDENTIAL && enroll->held) {
        keeping_undo(enroll->parts, enroll->next.holder, NULL, reason);
        enroll->held = false;
    }
    loop_timer_set(enroll->timer, 0);
}

void enroll_fail(struct enroll *enroll, const struct api_token *answer)
{
    enroll->retry_after = answer->retry_after;
    enroll_finish(enroll, answer->reason);
}

static void committed(void *argument, int error)
{
    enroll_finish(argument, error < 0 ? REASON_STORE : REASON_CREDENTIAL);
}

/* Whose it is, is what the API says of it in a token that is genuine: sub, and client_id beside it never another's. */
static enum reason judge_client(struct enroll *enroll, const struct claims *claims)
{
    const struct user_map *map = enroll->parts->user_map;
    const char *owner = enroll->next.owner;
    if (enroll->known_client && strcmp(claims->subject, enroll->next.client) != 0)
        return REASON_SUBJECT;
    if (owner[0] && !user_map_has(map, owner))
        return REASON_UNMAPPED;
    if (owner[0] && (!user_map_matches(map, owner, claims->subject) ||
                        (claims->client[0] && !user_map_matches(map, owner, claims->client))))
        return REASON_SUBJECT;
    if (!owner[0] && claims->client[0] && strcmp(claims->client, claims->subject) != 0)
        return REASON_SUBJECT;
    size_t size = sizeof enroll->next.client;
    return snprintf(enroll->next.client, size, "%s", claims->subject) < (int)size ? REASON_NONE
                                                                                  : REASON_CLAIM;
}

static void put(struct enroll *enroll)
{
    enroll->next.since = clock_wall();
    int r = store_after_commit(enroll->parts->store, committed, enroll);
    if (r == 0)
        r = enrolled_put(enroll->enrolled, &enroll->next,
            enroll->next.way == C2M_ENROLL_SECRET ? enroll->credential : NULL);
    if (r == 0) {
        enroll->put = true;
        return;
    }
    store_forget(enroll->parts->store, enroll);
    enroll_finish(enroll, r == -EAGAIN || r == -EBUSY ? REASON_FULL : REASON_STORE);
}

/* A token that was given, and is not what it was said to be, is whoever's it is: only what it yielded is given up. */
static void discard(const struct enroll *enroll, const struct secret *token, const struct api_token *answer,
    const struct verified *verified)
{
    struct login_request request = {.root_door = true};
    snprintf(request.user, sizeof request.user, "%s", enroll->next.owner);
    const struct keeping keeping = {.reference = enroll->next.holder,
        .form = C2M_FORM_LONG,
        .short_token = token,
        .short_id = answer->token_id,
        .long_token = enroll->candidate,
        .verified = verified,
        .same_client = strcmp(verified->claims.subject, enroll->next.client) == 0};
    keeping_discard(enroll->parts, &request, &keeping, answer->expires);
}

/* The keys that are published may have to be fetched first. */
static void judge(void *argument)
{
    struct enroll *enroll = argument;
    struct verified verified = {.hash = {0}};
    uint8_t hash[VAULT_HASH_SIZE];
    enroll->wait = NULL;
    enum reason reason = verifier_check_obtained(enroll->parts->verifier, enroll->answer.token, &verified);
    if (jwks_wait_for(enroll->parts->jwks, &reason, &enroll->waited, judge, enroll, &enroll->wait))
        return;
    struct secret *token SECRET_CLEANUP = STEAL(enroll->answer.token);
    if (reason == REASON_NONE)
        reason = judge_client(enroll, &verified.claims);
    /* Removed or enrolled anew meanwhile: what root said last holds. */
    if (reason == REASON_NONE && !enrolled_is(enroll->enrolled, enroll->next.owner, enroll->former))
        reason = REASON_OVERTAKEN;
    if (reason != REASON_NONE && !enroll->held) {
        discard(enroll, token, &enroll->answer, &verified);
        enroll_finish(enroll, reason);
        return;
    }
    if (!enroll->held && enroll_hold_candidate(enroll, "") < 0)
        reason = REASON_STORE;
    if (enroll_hold_short(enroll, enroll->next.holder, token, &enroll->answer, hash) < 0 &&
        reason == REASON_NONE)
        reason = REASON_STORE;
    if (reason == REASON_NONE)
        put(enroll);
    else
        enroll_finish(enroll, reason);
    if (enroll->held) /* it has served */
        ledger_drop(enroll->parts->ledger, enroll->next.holder, hash);
}

static void tried(void *argument, struct api_token *answer)
{
    struct enroll *enroll = argument;
    enroll->call = NULL;
    if (answer->outcome != API_OK) {
        enroll_fail(enroll, answer);
        return;
    }
    enroll->answer = *answer;
    enroll->answer.token = STEAL(answer->token);
    enroll->waited = false;
    judge(enroll);
}

void enroll_try(struct enroll *enroll)
{
    if (api_exchange(enroll->parts->api, enroll->candidate, NULL, BUDGET_RENEWAL, ENROLL_TIMEOUT_MS, tried,
            enroll, &enroll->call) < 0)
        enroll_finish(enroll, REASON_INTERNAL);
}

/* NULL: no memory, or an owner of a name that is too long. */
static struct enroll *make(const struct login_parts *parts, struct enrolled *enrolled, const char *owner,
    enroll_fn fn, void *argument)
{
    struct enroll *enroll CLEANUP(enroll_freep) = calloc(1, sizeof *enroll);
    if (!enroll)
        return NULL;
    enroll->parts = parts;
    enroll->enrolled = enrolled;
    enroll->fn = fn;
    enroll->argument = argument;
    enroll->retry_after = -1;
    size_t size = sizeof enroll->next.owner;
    if (snprintf(enroll->next.owner, size, "%s", owner) >= (int)size ||
        loop_timer_new(parts->loop, tell, enroll, &enroll->timer) < 0)
        return NULL;
    const struct enrollment *now = enrolled_find(enrolled, owner);
    if (now)
        memcpy(enroll->former, now->holder, sizeof enroll->former);
    keeping_reference(parts, enroll->next.holder);
    return STEAL(enroll);
}

/* The one that was said, the map's, or the configuration's; a token that is given says it itself. */
static bool find_client(struct enroll *enroll, const char *said)
{
    char *out = enroll->next.client;
    size_t size = sizeof enroll->next.client;
    if (said[0])
        enroll->known_client = snprintf(out, size, "%s", said) < (int)size;
    else if (enroll->next.owner[0])
        enroll->known_client = enroll->next.way != C2M_ENROLL_TOKEN &&
                               user_map_first(enroll->parts->user_map, enroll->next.owner, out, size);
    else if (enroll->parts->host->client[0])
        enroll->known_client = snprintf(out, size, "%s", enroll->parts->host->client) < (int)size;
    return enroll->known_client || (enroll->next.way == C2M_ENROLL_TOKEN && !said[0]);
}

/* What is no long token does not leave this host: a Unix password that was piped in by mistake, a code, a short one. */
static bool is_long(const struct enroll *enroll)
{
    struct credential told;
    credential_tell(secret_bytes(enroll->candidate), secret_length(enroll->candidate),
        enroll->parts->options->long_prefixes, &told);
    return told.form == C2M_FORM_LONG;
}

int enroll_new(const struct login_parts *parts, struct enrolled *enrolled,
    const struct enroll_request *request, enroll_fn fn, void *argument, struct enroll **out)
{
    struct enroll *enroll CLEANUP(enroll_freep) = make(parts, enrolled, request->owner, fn, argument);
    if (!enroll)
        return -ENOMEM;
    enroll->next.way = request->way;
    struct secret **place = request->way == C2M_ENROLL_TOKEN ? &enroll->candidate : &enroll->credential;
    if (request->credential && secret_copy(request->credential, place) < 0)
        return -ENOMEM;
    if (request->way == C2M_ENROLL_TOKEN && (!enroll->candidate || !is_long(enroll)))
        enroll_finish(enroll, REASON_FORM_NOT_ACCEPTED);
    else if (enroll->next.owner[0] && !user_map_has(parts->user_map, enroll->next.owner))
        enroll_finish(enroll, REASON_UNMAPPED);
    else if (!find_client(enroll, request->client))
        enroll_finish(enroll, REASON_NO_CLIENT);
    else if (store_probe(parts->store) < 0 || ledger_ready(parts->ledger) < 0)
        enroll_finish(enroll, REASON_STORE); /* nothing is obtained that could not be revoked */
    else if (request->way == C2M_ENROLL_TOKEN)
        enroll_try(enroll);
    else
        enroll_issue(enroll, NULL);
    *out = STEAL(enroll);
    return 0;
}

int enroll_rotate(const struct login_parts *parts, struct enrolled *enrolled, const char *owner, enroll_fn fn,
    void *argument, struct enroll **out)
{
    struct enroll *enroll CLEANUP(enroll_freep) = make(parts, enrolled, owner, fn, argument);
    const struct enrollment *former = enrolled_find(enrolled, owner);
    if (!enroll)
        return -ENOMEM;
    if (former) {
        memcpy(enroll->next.client, former->client, sizeof enroll->next.client);
        enroll->next.way = former->way;
        enroll->known_client = true;
    }
    if (!former)
        enroll_finish(enroll, REASON_NOT_ENROLLED);
    else if (store_probe(parts->store) < 0 || ledger_ready(parts->ledger) < 0)
        enroll_finish(enroll, REASON_STORE);
    else if (former->way == C2M_ENROLL_ASSERTION ||
             (former->way == C2M_ENROLL_SECRET && enrolled_secret(enrolled, owner, &enroll->credential) == 0))
        enroll_issue(enroll, NULL);
    else
        enroll_borrow(enroll);
    *out = STEAL(enroll);
    return 0;
}
