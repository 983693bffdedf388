/*
 * What is given up is first denied, then ordered to be revoked, and only then forgotten. Each step may be
 * repeated, so that a row which could not be written is written later by doing all of it again: at no moment
 * does the disk know neither the token nor its revocation.
 */
#include "session/ledger_internal.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void ledger_freep(struct ledger **ledger)
{
    ledger_free(*ledger);
}

/* The long token of HOLDER that may revoke; NULL without one, or when its seal does not open. -ENOMEM: nobody knows. */
static int find_parent(const struct ledger *ledger, const char *holder, struct secret **out)
{
    for (struct hold *hold = hold_first(&ledger->tokens, holder); hold; hold = hold_next(hold)) {
        const struct held *held = hold->token;
        int r = held_is_long(held) && held->may_revoke ? held_bearer(held, ledger->vault, out) : -ENOENT;
        if (r == 0 || r == -ENOMEM)
            return r;
    }
    return 0;
}

static int order_revocation(const struct ledger *ledger, const struct held *held)
{
    struct secret *parent SECRET_CLEANUP = NULL, *self SECRET_CLEANUP = NULL;
    int r = held_is_long(held) ? 0 : find_parent(ledger, held->released_by, &parent);
    int opened = held->may_revoke ? held_bearer(held, ledger->vault, &self) : 0;
    if (r == -ENOMEM || opened == -ENOMEM) /* without a bearer it would be given up for good */
        return -ENOMEM;
    if (opened < 0)
        log_message(
            LOG_LEVEL_ERROR, "ref=%s: a token's seal does not open: was the key changed?", held->released_by);
    const struct revoker_order order = {
        .reference = held->released_by,
        .user = held->user,
        .client = held->client,
        .token_id = held->token_id,
        .hash = held->hash,
        .is_long = held_is_long(held),
        .expires = held->expires,
        .over_boot_ms = held->over_boot_ms,
        .bearer_long = parent,
        .bearer_self = self,
    };
    return revoker_ask(ledger->revoker, &order);
}

/* What cannot be read now dies of age, as it would have. */
void ledger_reopen(struct ledger *ledger, const char *client)
{
    revoker_reopen(ledger->revoker, client);
}

/* As the wall clock says now: one that is ahead would have the entry forgotten in an hour. */
static int64_t denied_until(const struct held *held)
{
    int64_t left = (held->over_boot_ms - clock_boot_ms()) / 1000;
    int64_t expires = clock_wall() + left;
    return expires > held->expires ? expires : held->expires;
}

/* A pasted long token is its user's: it is forgotten here, and lives on. */
static int give_up(const struct ledger *ledger, const struct held *held)
{
    if (held->kind == LEDGER_PASTED_LONG && (!ledger->options.revoke_pasted_long || !held->token_id[0]))
        return 0;
    int denied =
        deny_list_add(ledger->deny_list, held->token_id, held->hash, denied_until(held), DENY_REVOKED);
    int ordered = order_revocation(ledger, held);
    return denied < 0 ? denied : ordered;
}

static int write_token(void *owner, void *record)
{
    const struct ledger *ledger = owner;
    const struct held *held = record;
    if (held->holders > 0)
        return ledger_rows_put_token(&ledger->rows, held);
    int r = give_up(ledger, held);
    return r < 0 ? r : ledger_rows_delete_token(&ledger->rows, held);
}

static void token_told(void *owner, void *record, int error)
{
    struct ledger *ledger = owner;
    struct held *held = record;
    (void)error;
    if (held->holders == 0 && unsaved_settled(&held->saving))
        held_remove(&ledger->tokens, held);
}

static int write_hold(void *owner, void *record)
{
    const struct ledger *ledger = owner;
    const struct hold *hold = record;
    return hold->over ? ledger_rows_delete_holder(&ledger->rows, hold)
                      : ledger_rows_put_holder(&ledger->rows, hold);
}

static void hold_told(void *owner, void *record, int error)
{
    struct ledger *ledger = owner;
    struct hold *hold = record;
    (void)error;
    if (hold->over && unsaved_settled(&hold->saving))
        hold_remove(&ledger->tokens, hold);
}

static int load_token(void *argument, struct held *held)
{
    struct ledger *ledger = argument;
    held_add(&ledger->tokens, &ledger->saving_tokens, held);
    return 0;
}

static int load_holder(void *argument, const char *holder, const uint8_t *hash)
{
    struct ledger *ledger = argument;
    struct held *held = held_find(&ledger->tokens, hash);
    struct hold *hold;
    int r = held ? hold_add(&ledger->tokens, &ledger->saving_holds, held, holder, &hold) : 0;
    return r == -EINVAL ? 0 : r;
}

static int load(struct ledger *ledger)
{
    struct held *held;
    int r = ledger_rows_load(&ledger->rows, load_token, load_holder, ledger);
    if (r < 0)
        return r;
    ledger_rows_delete_strays(&ledger->rows);
    TAILQ_FOREACH(held, &ledger->tokens.all, entry)
    {
        if (held->holders == 0)
            unsaved_write(&held->saving); /* nobody would ever release it */
    }
    return 0;
}

int ledger_new(struct store *store, struct vault *vault, struct deny_list *deny_list, struct revoker *revoker,
    const struct ledger_options *options, struct ledger **out)
{
    struct ledger *ledger CLEANUP(ledger_freep) = calloc(1, sizeof *ledger);
    if (!ledger)
        return -ENOMEM;
    ledger->store = store;
    ledger->vault = vault;
    ledger->deny_list = deny_list;
    ledger->revoker = revoker;
    ledger->options = *options;
    unsaved_init(&ledger->saving_tokens, store, ledger, write_token, token_told);
    ledger->saving_tokens.table = "tokens";
    unsaved_init(&ledger->saving_holds, store, ledger, write_hold, hold_told);
    ledger->saving_holds.table = "holders";
    int r = held_tokens_init(&ledger->tokens);
    if (r == 0)
        r = ledger_rows_open(&ledger->rows, store);
    if (r == 0)
        r = load(ledger);
    if (r == 0)
        *out = STEAL(ledger);
    return r;
}

void ledger_free(struct ledger *ledger)
{
    if (!ledger)
        return;
    held_tokens_deinit(&ledger->tokens);
    ledger_rows_close(&ledger->rows);
    unsaved_deinit(&ledger->saving_tokens);
    unsaved_deinit(&ledger->saving_holds);
    free(ledger->reserve);
    free(ledger);
}
