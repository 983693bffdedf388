/* Two tables: a token by its hash, and what somebody holds by his reference. */
#include "session/held.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "session/lifetime.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void held_freep(struct held **held)
{
    held_free(*held);
}

void held_free(struct held *held)
{
    if (!held)
        return;
    free(held->user);
    free(held->client);
    free(held->token_id);
    bearer_deinit(&held->bearer);
    free(held);
}

int held_set_texts(struct held *held, const char *user, const char *client, const char *token_id)
{
    held->user = strdup(user);
    held->client = strdup(client);
    held->token_id = strdup(token_id);
    return held->user && held->client && held->token_id ? 0 : -ENOMEM;
}

static struct bearer_owner owner_of(const struct held *held)
{
    return (struct bearer_owner){.user = held->user, .hash = held->hash};
}

int held_new(const struct vault *vault, const struct ledger_token *token, const struct secret *secret,
    struct held **out)
{
    struct held *held CLEANUP(held_freep) = calloc(1, sizeof *held);
    if (!held)
        return -ENOMEM;
    LIST_INIT(&held->holds);
    memcpy(held->hash, token->hash, sizeof held->hash);
    held->kind = token->kind;
    held->expires = token->expires ? token->expires : clock_wall() + HELD_UNKNOWN_LIFE;
    held->over_boot_ms = lifetime_over(held->expires, 0);
    held->may_revoke = token->may_revoke;
    int r = held_set_texts(held, token->user, token->client, token->token_id);
    if (r < 0)
        return r;
    struct bearer_owner owner = owner_of(held);
    r = bearer_seal(&held->bearer, vault, &owner, secret);
    if (r == 0)
        *out = STEAL(held);
    return r;
}

int held_bearer(const struct held *held, const struct vault *vault, struct secret **out)
{
    struct bearer_owner owner = owner_of(held);
    return bearer_open(&held->bearer, vault, &owner, out);
}

bool held_is_long(const struct held *held)
{
    return held->kind == LEDGER_PASTED_LONG || held->kind == LEDGER_ISSUED_LONG ||
           held->kind == LEDGER_ENROLLED;
}

int held_tokens_init(struct held_tokens *tokens)
{
    *tokens = (struct held_tokens){.all = TAILQ_HEAD_INITIALIZER(tokens->all)};
    TAILQ_INIT(&tokens->all);
    int r = table_init(&tokens->by_hash);
    return r < 0 ? r : table_init(&tokens->by_holder);
}

void held_tokens_deinit(struct held_tokens *tokens)
{
    struct held *held;
    while ((held = TAILQ_FIRST(&tokens->all)))
        held_remove(tokens, held);
    table_deinit(&tokens->by_hash);
    table_deinit(&tokens->by_holder);
}

size_t held_tokens_count(const struct held_tokens *tokens)
{
    return tokens->by_hash.count;
}

void held_add(struct held_tokens *tokens, struct unsaved *saving, struct held *held)
{
    unsaved_row_init(&held->saving, saving, held);
    table_add(
        &tokens->by_hash, &held->by_hash, table_key(&tokens->by_hash, held->hash, sizeof held->hash), held);
    TAILQ_INSERT_TAIL(&tokens->all, held, entry);
}

void held_remove(struct held_tokens *tokens, struct held *held)
{
    for (struct hold *hold = LIST_FIRST(&held->holds), *next; hold; hold = next) {
        next = LIST_NEXT(hold, entry);
        hold_remove(tokens, hold);
    }
    unsaved_drop(&held->saving);
    table_remove(&tokens->by_hash, &held->by_hash);
    TAILQ_REMOVE(&tokens->all, held, entry);
    held_free(held);
}

struct held *held_find(const struct held_tokens *tokens, const uint8_t *hash)
{
    struct table_link *link =
        table_first(&tokens->by_hash, table_key(&tokens->by_hash, hash, VAULT_HASH_SIZE));
    for (; link; link = table_next(link)) {
        struct held *held = link->owner;
        if (memcmp(held->hash, hash, VAULT_HASH_SIZE) == 0)
            return held;
    }
    return NULL;
}

static struct hold *named(struct table_link *link, const char *holder)
{
    for (; link; link = table_next(link)) {
        struct hold *hold = link->owner;
        if (strcmp(hold->holder, holder) == 0)
            return hold;
    }
    return NULL;
}

static uint64_t key_of(const struct held_tokens *tokens, const char *holder)
{
    return table_key(&tokens->by_holder, holder, strlen(holder));
}

struct hold *hold_first(const struct held_tokens *tokens, const char *holder)
{
    return named(table_first(&tokens->by_holder, key_of(tokens, holder)), holder);
}

struct hold *hold_next(const struct hold *hold)
{
    return named(table_next(&hold->by_holder), hold->holder);
}

static struct hold *of_holder(const struct held *held, const char *holder)
{
    struct hold *hold;
    LIST_FOREACH(hold, &held->holds, entry)
    {
        if (strcmp(hold->holder, holder) == 0)
            return hold;
    }
    return NULL;
}

int hold_add(struct held_tokens *tokens, struct unsaved *saving, struct held *held, const char *holder,
    struct hold **out)
{
    struct hold *hold = of_holder(held, holder);
    if (strlen(holder) != C2M_REFERENCE_SIZE)
        return -EINVAL;
    if (!hold) {
        hold = calloc(1, sizeof *hold);
        if (!hold)
            return -ENOMEM;
        hold->token = held;
        hold->over = true;
        memcpy(hold->holder, holder, C2M_REFERENCE_SIZE);
        unsaved_row_init(&hold->saving, saving, hold);
        table_add(&tokens->by_holder, &hold->by_holder, key_of(tokens, holder), hold);
        LIST_INSERT_HEAD(&held->holds, hold, entry);
    }
    held->holders += hold->over;
    hold->over = false;
    *out = hold;
    return 0;
}

void hold_remove(struct held_tokens *tokens, struct hold *hold)
{
    unsaved_drop(&hold->saving);
    table_remove(&tokens->by_holder, &hold->by_holder);
    LIST_REMOVE(hold, entry);
    free(hold);
}

void hold_end(struct hold *hold)
{
    struct held *held = hold->token;
    hold->over = true;
    if (--held->holders > 0)
        return;
    memcpy(held->released_by, hold->holder, sizeof held->released_by);
    LIST_FOREACH(hold, &held->holds, entry)
    {
        unsaved_drop(&hold->saving); /* its row goes with the token's */
    }
}
