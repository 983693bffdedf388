/* What is pending, what it is called by, and what is on disk of it; how it is tried stands in revoker_tries.c. */
#include "session/revoker_internal.h"

#include "base/cleanup.h"
#include "base/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PRUNE_EVERY = 256 };

static void revoker_freep(struct revoker **revoker)
{
    revoker_free(*revoker);
}

static int write_row(void *owner, void *record)
{
    const struct revoker *revoker = owner;
    return revocation_rows_put(&revoker->rows, record);
}

static int add(struct revoker *revoker, struct revocation *revocation)
{
    int r = revocation_queue_add(&revoker->queue, revocation);
    if (r < 0)
        return r;
    revocation->revoker = revoker;
    unsaved_row_init(&revocation->saving, &revoker->unsaved, revocation);
    table_add(&revoker->by_hash, &revocation->by_hash,
        table_key(&revoker->by_hash, revocation->hash, VAULT_HASH_SIZE), revocation);
    TAILQ_INSERT_TAIL(&revoker->all, revocation, entry);
    revoker->pending++;
    return 0;
}

static void forget(struct revoker *revoker, struct revocation *revocation)
{
    if (revocation->call)
        api_cancel(revocation->call);
    unsaved_drop(&revocation->saving);
    revocation_queue_remove(&revoker->queue, revocation);
    table_remove(&revoker->by_hash, &revocation->by_hash);
    TAILQ_REMOVE(&revoker->all, revocation, entry);
    revocation_free(revocation);
}

static void begin(struct revoker *revoker, struct revocation *revocation)
{
    if (!revocation->begun && revocation->state == C2M_REVOCATION_PENDING) {
        revocation->begun = true;
        revocation_queue_wait(&revoker->queue, revocation, 0);
    }
    revoker_arm(revoker);
}

/* The first try follows the commit, whatever became of it: what cannot be written down is tried all the more. */
static void told(void *owner, void *record, int error)
{
    struct revocation *revocation = record;
    (void)error;
    if (revocation->state == C2M_REVOCATION_PENDING)
        begin(owner, revocation);
    else if (unsaved_settled(&revocation->saving))
        forget(owner, revocation); /* its receipt is on disk */
}

int revoker_settle(struct revocation *revocation, enum c2m_revocation_state state, enum reason word)
{
    struct revoker *revoker = revocation->revoker;
    revocation->state = state;
    revocation->parked = false;
    revocation->word = word;
    revocation->settled = clock_wall();
    revocation_drop_bearers(revocation);
    heap_remove(&revocation->place);
    revoker->pending--;
    revocation_log(revocation);
    if (!revocation->is_long)
        revocation_queue_unpark(&revoker->queue, revocation);
    if (++revoker->settled % PRUNE_EVERY == 0)
        revocation_rows_prune(&revoker->rows);
    return unsaved_write(&revocation->saving);
}

struct revocation *revoker_find(const struct revoker *revoker, const uint8_t *hash)
{
    struct table_link *link =
        table_first(&revoker->by_hash, table_key(&revoker->by_hash, hash, VAULT_HASH_SIZE));
    for (; link; link = table_next(link)) {
        struct revocation *revocation = link->owner;
        if (memcmp(revocation->hash, hash, VAULT_HASH_SIZE) == 0)
            return revocation;
    }
    return NULL;
}

void revoker_set_host(struct revoker *revoker, revoker_host_fn fn, void *argument)
{
    revoker->host = fn;
    revoker->host_argument = argument;
}

bool revoker_host_may(const struct revoker *revoker, const char *client)
{
    struct secret *secret SECRET_CLEANUP = NULL;
    return revoker->host && revoker->host(revoker->host_argument, client, &secret) == 0;
}

/* Nothing is sent for what cannot succeed; a negative errno says that the row is not written yet. */
static int open_order(struct revoker *revoker, struct revocation *revocation)
{
    if (revocation_left_ms(revocation) == 0)
        return revoker_settle(revocation, C2M_REVOCATION_EXPIRED, REASON_EXPIRED_FIRST);
    if (!revocation->token_id[0])
        return revoker_settle(revocation, C2M_REVOCATION_UNREVOCABLE, REASON_NO_TOKEN_ID);
    if (!revocation_has_bearer(revocation) && !revoker_host_may(revoker, revocation->client))
        return revoker_settle(revocation, C2M_REVOCATION_UNREVOCABLE, REASON_NO_BEARER);
    revocation_log(revocation);
    int r = unsaved_write(&revocation->saving);
    if (r < 0)
        begin(revoker, revocation);
    return r;
}

static int ask_again(struct revoker *revoker, struct revocation *known, const struct revoker_order *order)
{
    if (known->state == C2M_REVOCATION_PENDING) {
        int r = revocation_take_bearers(known, revoker->vault, order);
        if (r < 0)
            return r;
    }
    return known->saving.dirty ? unsaved_write(&known->saving) : 0;
}

/* A receipt says that it was done, or need not be; unrevocable was the word only for the bearers there were. */
static bool is_settled(const struct revoker *revoker, const struct revoker_order *order)
{
    int state = revocation_rows_state(&revoker->rows, order->hash);
    bool bearer = order->bearer_long || order->bearer_self || revoker_host_may(revoker, order->client);
    bool hopeless = !order->token_id[0] || !bearer;
    return state == C2M_REVOCATION_DONE || state == C2M_REVOCATION_EXPIRED ||
           (state == C2M_REVOCATION_UNREVOCABLE && hopeless);
}

int revoker_ask(struct revoker *revoker, const struct revoker_order *order)
{
    struct revocation *known = revoker_find(revoker, order->hash), *revocation;
    if (known)
        return ask_again(revoker, known, order);
    if (is_settled(revoker, order))
        return 0;
    int r = revocation_new(revoker->vault, order, &revocation);
    if (r < 0)
        return r;
    r = add(revoker, revocation);
    if (r < 0) {
        revocation_free(revocation);
        return r;
    }
    return open_order(revoker, revocation);
}

static int reopen(void *argument, struct revocation *revocation)
{
    struct revoker *revoker = argument;
    int r = revoker_find(revoker, revocation->hash) ? -EEXIST : add(revoker, revocation);
    if (r < 0) {
        revocation_free(revocation);
        return r == -EEXIST ? 0 : r;
    }
    revocation->state = C2M_REVOCATION_PENDING;
    revocation->word = REASON_ASKED;
    revocation->settled = 0;
    return 0;
}

/* Nothing is written while the rows are read. */
int revoker_reopen(struct revoker *revoker, const char *client)
{
    struct revocation *last = TAILQ_LAST(&revoker->all, revocations);
    int r = revocation_rows_hopeless(&revoker->rows, client, reopen, revoker);
    struct revocation *next = last ? TAILQ_NEXT(last, entry) : TAILQ_FIRST(&revoker->all);
    for (; next; next = TAILQ_NEXT(next, entry)) {
        revocation_log(next);
        if (unsaved_write(&next->saving) < 0)
            begin(revoker, next);
    }
    return r;
}

static int load(void *argument, struct revocation *revocation)
{
    struct revoker *revoker = argument;
    int r = add(revoker, revocation);
    if (r < 0)
        revocation_free(revocation);
    else
        begin(revoker, revocation);
    return r;
}

int revoker_new(
    struct loop *loop, struct store *store, struct vault *vault, struct api *api, struct revoker **out)
{
    struct revoker *revoker CLEANUP(revoker_freep) = calloc(1, sizeof *revoker);
    if (!revoker)
        return -ENOMEM;
    revoker->vault = vault;
    revoker->api = api;
    TAILQ_INIT(&revoker->all);
    unsaved_init(&revoker->unsaved, store, revoker, write_row, told);
    revoker->unsaved.table = "revocations";
    int r = table_init(&revoker->by_hash);
    if (r == 0)
        r = revocation_queue_init(&revoker->queue);
    if (r == 0)
        r = loop_timer_new(loop, revoker_pump, revoker, &revoker->timer);
    if (r == 0)
        r = revocation_rows_open(&revoker->rows, store);
    if (r == 0)
        r = revocation_rows_load(&revoker->rows, load, revoker);
    if (r < 0)
        return r;
    revocation_rows_prune(&revoker->rows);
    api_set_recovered(api, revoker_wake, revoker);
    *out = STEAL(revoker);
    return 0;
}

void revoker_free(struct revoker *revoker)
{
    struct revocation *revocation;
    if (!revoker)
        return;
    api_set_recovered(revoker->api, NULL, NULL);
    while ((revocation = TAILQ_FIRST(&revoker->all)))
        forget(revoker, revocation);
    loop_timer_free(revoker->timer);
    revocation_rows_close(&revoker->rows);
    unsaved_deinit(&revoker->unsaved);
    revocation_queue_deinit(&revoker->queue);
    table_deinit(&revoker->by_hash);
    free(revoker);
}
