/*
 * A session fetches one token at a time: who asks meanwhile waits for the same one. Whoever is gone when it
 * comes leaves it to the session, which holds it until it ends.
 */
#include "session/delivery_internal.h"

#include "base/cleanup.h"

#include <errno.h>
#include <string.h>

static void delivery_freep(struct delivery **delivery)
{
    delivery_free(*delivery);
}

static void tell(struct delivery *delivery, struct waiter *waiter)
{
    struct secret *token SECRET_CLEANUP = NULL;
    struct delivery_result result = {.reason = waiter->reason, .retry_after = waiter->retry_after};
    if (waiter->reason == REASON_CREDENTIAL) {
        result.expires = waiter->parcel->expires;
        if (parcel_token(waiter->parcel, delivery->parts.vault, &token) < 0)
            result.reason = REASON_INTERNAL;
    }
    result.token = STEAL(token);
    TAILQ_REMOVE(&delivery->waiters, waiter, entry);
    waiter->fn(waiter->argument, &result);
    free(waiter);
    secret_free(result.token); /* unless it was taken */
}

/* A token that is being recorded is told of after the commit. */
static bool is_decided(const struct waiter *waiter)
{
    return waiter->reason != REASON_NONE && !(waiter->parcel && waiter->parcel->recording);
}

/* A callback may cancel others: each time from the start. */
void delivery_tell(void *argument)
{
    struct delivery *delivery = argument;
    struct waiter *waiter;
    do {
        TAILQ_FOREACH(waiter, &delivery->waiters, entry)
        {
            if (is_decided(waiter))
                break;
        }
        if (waiter)
            tell(delivery, waiter);
    } while (waiter);
}

static void decide(struct waiter *waiter, enum reason reason)
{
    waiter->reason = reason;
    if (reason != REASON_NONE && reason != REASON_CREDENTIAL)
        waiter->parcel = NULL;
}

/* It knows nothing yet, or what it was promised is gone. */
static bool is_open(const struct waiter *waiter, const struct parcel *parcel)
{
    return waiter->parcel == parcel && (waiter->reason == REASON_NONE || !parcel->token.sealed);
}

void delivery_decide(struct parcel *parcel, enum reason reason, int64_t retry_after)
{
    struct waiter *waiter;
    TAILQ_FOREACH(waiter, &parcel->delivery->waiters, entry)
    {
        if (!is_open(waiter, parcel))
            continue;
        waiter->retry_after = retry_after;
        decide(waiter, reason);
    }
}

void delivery_drop(struct parcel *parcel)
{
    struct delivery *delivery = parcel->delivery;
    struct waiter *waiter;
    TAILQ_FOREACH(waiter, &delivery->waiters, entry)
    {
        if (waiter->parcel == parcel)
            decide(waiter, REASON_SESSION_CLOSED);
    }
    if (parcel->recording)
        store_forget(delivery->parts.store, parcel);
    LIST_REMOVE(parcel, entry);
    parcel_free(parcel);
}

int delivery_new(
    const struct delivery_parts *parts, const struct delivery_options *options, struct delivery **out)
{
    struct delivery *delivery CLEANUP(delivery_freep) = calloc(1, sizeof *delivery);
    if (!delivery)
        return -ENOMEM;
    delivery->parts = *parts;
    delivery->scopes = options->scopes;
    LIST_INIT(&delivery->parcels);
    TAILQ_INIT(&delivery->waiters);
    if (options->prefix && options->prefix[0]) {
        delivery->prefix = strdup(options->prefix);
        if (!delivery->prefix)
            return -ENOMEM;
    }
    int r = loop_timer_new(parts->loop, delivery_tell, delivery, &delivery->timer);
    if (r == 0)
        *out = STEAL(delivery);
    return r;
}

/* An exchange that is under way goes on without us: what it yields is the orphans'. */
void delivery_free(struct delivery *delivery)
{
    struct parcel *parcel;
    if (!delivery)
        return;
    while ((parcel = LIST_FIRST(&delivery->parcels))) {
        if (parcel->call)
            api_cancel(parcel->call);
        delivery_give_up(parcel);
        delivery_drop(parcel);
    }
    for (struct waiter *waiter = TAILQ_FIRST(&delivery->waiters), *next; waiter; waiter = next) {
        next = TAILQ_NEXT(waiter, entry);
        free(waiter);
    }
    loop_timer_free(delivery->timer);
    free(delivery->prefix);
    free(delivery);
}

static struct parcel *find(const struct delivery *delivery, const char *reference)
{
    struct parcel *parcel;
    LIST_FOREACH(parcel, &delivery->parcels, entry)
    {
        if (!parcel->closed && strcmp(parcel->reference, reference) == 0)
            return parcel;
    }
    return NULL;
}

/* Where its long token was rotated meanwhile, what came of the former one may have died with it. */
static bool is_of_the_present(const struct delivery *delivery, const struct parcel *parcel)
{
    struct secret *parent SECRET_CLEANUP = NULL;
    uint8_t hash[VAULT_HASH_SIZE];
    if (ledger_long(delivery->parts.ledger, parcel->reference, &parent) < 0)
        return true;
    vault_hash(secret_bytes(parent), secret_length(parent), hash);
    return memcmp(hash, parcel->parent_hash, sizeof hash) == 0;
}

static enum reason get(struct delivery *delivery, const struct session *session, int64_t min_ttl,
    int64_t timeout_ms, struct parcel **out)
{
    if (scopes_empty(&delivery->scopes))
        return REASON_NO_DELIVERY;
    if (session->form == C2M_FORM_SHORT)
        return REASON_SHORT_SESSION;
    struct parcel *parcel = find(delivery, session->reference);
    if (!parcel) {
        if (parcel_new(session, &parcel) < 0)
            return REASON_INTERNAL;
        parcel->delivery = delivery;
        LIST_INSERT_HEAD(&delivery->parcels, parcel, entry);
    }
    *out = parcel;
    if (parcel->call || parcel->wait || parcel->recording)
        return REASON_NONE;
    if (parcel_fresh(parcel, min_ttl) && is_of_the_present(delivery, parcel))
        return REASON_CREDENTIAL;
    enum reason reason = delivery_fetch(parcel, timeout_ms);
    if (reason != REASON_NONE && !parcel->token.sealed)
        delivery_drop(parcel);
    return reason;
}

void delivery_get(struct delivery *delivery, const struct session *session, int64_t min_ttl,
    int64_t timeout_ms, delivery_fn fn, void *argument)
{
    struct waiter *waiter = calloc(1, sizeof *waiter);
    if (!waiter) { /* the one case that is told from inside: there is nothing to remember it by */
        struct delivery_result result = {.reason = REASON_INTERNAL, .retry_after = -1};
        fn(argument, &result);
        return;
    }
    *waiter = (struct waiter){.fn = fn, .argument = argument, .retry_after = -1};
    decide(waiter, get(delivery, session, min_ttl, timeout_ms, &waiter->parcel));
    TAILQ_INSERT_TAIL(&delivery->waiters, waiter, entry);
    loop_timer_set(delivery->timer, 0);
}

void delivery_cancel(struct delivery *delivery, void *argument)
{
    struct waiter *waiter, *next;
    for (waiter = TAILQ_FIRST(&delivery->waiters); waiter; waiter = next) {
        next = TAILQ_NEXT(waiter, entry);
        if (waiter->argument != argument)
            continue;
        TAILQ_REMOVE(&delivery->waiters, waiter, entry);
        free(waiter);
    }
}

void delivery_forget(struct delivery *delivery, const char *reference)
{
    struct parcel *parcel = find(delivery, reference);
    if (!parcel)
        return;
    delivery_decide(parcel, REASON_SESSION_CLOSED, -1);
    if (parcel->call || parcel->wait)
        parcel->closed = true; /* until the answer is there */
    else
        delivery_drop(parcel);
    loop_timer_set(delivery->timer, 0);
}
