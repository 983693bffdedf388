/* Who holds what: holding, sharing, releasing. Memory first, then the rows. */
#include "session/ledger_internal.h"

#include "base/cleanup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { TOKENS_MAX = 32768, PENDING_MAX = 32768, MEMORY_RESERVE = 16384 };

/* Room for the token, for its revocation and for the proof that it is dead: no login without all three. */
static int check_room(const struct ledger *ledger)
{
    unsigned pending;
    revoker_counts(ledger->revoker, &pending, NULL);
    bool full = held_tokens_count(&ledger->tokens) >= TOKENS_MAX || pending >= PENDING_MAX ||
                deny_list_size(ledger->deny_list) >= DENY_LIST_MAX - DENY_LIST_RESERVE;
    return full ? -EAGAIN : 0;
}

static bool is_ours(const struct ledger_token *token)
{
    return token->kind == LEDGER_EXCHANGED || token->kind == LEDGER_DELIVERED ||
           token->kind == LEDGER_ISSUED_LONG || token->kind == LEDGER_ENROLLED;
}

static int add_token(
    struct ledger *ledger, const struct ledger_token *token, const struct secret *bearer, struct held **out)
{
    int r = held_new(ledger->vault, token, bearer, out);
    if (r == 0)
        held_add(&ledger->tokens, &ledger->saving_tokens, *out);
    return r;
}

static int deny_ours(const struct ledger *ledger, const struct ledger_token *token, int64_t expires)
{
    if (!is_ours(token))
        return 0;
    int r = deny_list_add(ledger->deny_list, token->token_id, token->hash, expires, DENY_OURS);
    if (r == 0 && token->claimed_id)
        r = deny_list_add(ledger->deny_list, token->claimed_id, token->hash, expires, DENY_OURS);
    return r;
}

static int write_hold(const struct ledger *ledger, const struct ledger_token *token, struct hold *hold)
{
    /* Not in the step that may be undone: its row would be believed to be written. One too many does no harm. */
    int r = deny_ours(ledger, token, hold->token->expires);
    if (r == 0)
        r = store_begin(ledger->store);
    if (r < 0)
        return r;
    r = unsaved_write(&hold->token->saving);
    if (r == 0)
        r = unsaved_write(&hold->saving);
    int ended = store_end(ledger->store, r == 0);
    return r < 0 ? r : ended;
}

/* Given up and held again before that was on disk: the rows of those who held it before go one by one now. */
static void revive(const struct held *held)
{
    struct hold *hold;
    LIST_FOREACH(hold, &held->holds, entry)
    {
        if (hold->over)
            unsaved_write(&hold->saving);
    }
}

/* The writes were undone. What was obtained exists at the API: it stays held until its holder is released. */
static void undo_hold(struct ledger *ledger, const struct ledger_token *token, struct hold *hold, bool added)
{
    struct held *held = hold->token;
    if (is_ours(token)) {
        unsaved_later(&held->saving);
        unsaved_later(&hold->saving);
        return;
    }
    if (added) {
        held_remove(&ledger->tokens, held);
        return;
    }
    hold_end(hold);
    unsaved_later(held->holders > 0 ? &hold->saving : &held->saving);
}

struct wanted {
    const char *holder;
    const struct ledger_token *token;
    const struct secret *bearer;
};

/* In memory, the token and that HOLDER holds it: both or neither. */
static int remember(
    struct ledger *ledger, const struct wanted *wanted, bool added, struct held **held, struct hold **hold)
{
    int r = added ? add_token(ledger, wanted->token, wanted->bearer, held) : 0;
    if (r < 0)
        return r;
    r = hold_add(&ledger->tokens, &ledger->saving_holds, *held, wanted->holder, hold);
    if (r < 0 && added)
        held_remove(&ledger->tokens, *held);
    return r;
}

int ledger_ready(struct ledger *ledger)
{
    if (!ledger->reserve)
        ledger->reserve = malloc(MEMORY_RESERVE);
    return ledger->reserve ? 0 : -ENOMEM;
}

/* A token that the API has issued can only be revoked by who knows it: for it there is memory when there is no other. */
static int remember_ours(
    struct ledger *ledger, const struct wanted *wanted, bool added, struct held **held, struct hold **hold)
{
    ledger_ready(ledger);
    int r = remember(ledger, wanted, added, held, hold);
    if (r != -ENOMEM || !ledger->reserve)
        return r;
    free(ledger->reserve);
    ledger->reserve = NULL;
    return remember(ledger, wanted, added, held, hold);
}

int ledger_hold(
    struct ledger *ledger, const char *holder, const struct ledger_token *token, const struct secret *bearer)
{
    const struct wanted wanted = {.holder = holder, .token = token, .bearer = bearer};
    struct held *held = held_find(&ledger->tokens, token->hash);
    struct hold *hold;
    bool added = !held, given_up = held && held->holders == 0;
    int full = held ? 0 : check_room(ledger);
    if (full < 0 && !is_ours(token))
        return full;
    int r = is_ours(token) ? remember_ours(ledger, &wanted, added, &held, &hold)
                           : remember(ledger, &wanted, added, &held, &hold);
    if (r < 0)
        return r;
    if (given_up)
        revive(held);
    r = write_hold(ledger, token, hold);
    if (r < 0)
        undo_hold(ledger, token, hold, added);
    return r < 0 ? r : full;
}

/* What HOLDER holds, in an array, because the table may grow while it is gone through. */
static int snapshot(const struct ledger *ledger, const char *holder, struct held ***out, size_t *count)
{
    *count = ledger_count(ledger, holder);
    *out = calloc(*count + 1, sizeof(struct held *));
    if (!*out)
        return -ENOMEM;
    size_t at = 0;
    for (const struct hold *hold = hold_first(&ledger->tokens, holder); hold; hold = hold_next(hold)) {
        if (!hold->over)
            (*out)[at++] = hold->token;
    }
    return 0;
}

int ledger_share(struct ledger *ledger, const char *from, const char *to)
{
    struct held **tokens CLEANUP_FREE = NULL;
    struct hold *hold;
    size_t count;
    int r = snapshot(ledger, from, &tokens, &count);
    for (size_t i = 0; r == 0 && i < count; i++) {
        r = hold_add(&ledger->tokens, &ledger->saving_holds, tokens[i], to, &hold);
        if (r == 0)
            r = unsaved_write(&hold->saving);
    }
    return r;
}

/* Marks all of it as over; what others hold loses one row. */
static int end_holds(const struct ledger *ledger, const char *holder)
{
    int error = 0;
    for (struct hold *hold = hold_first(&ledger->tokens, holder); hold; hold = hold_next(hold)) {
        if (hold->over)
            continue;
        hold_end(hold);
        int r = hold->token->holders > 0 ? unsaved_write(&hold->saving) : 0;
        if (r < 0)
            error = r;
    }
    return error;
}

/* Long tokens only after every short one that they may have to revoke was ordered. */
static int give_up_all(const struct ledger *ledger, const char *holder, bool longs, int error)
{
    for (struct hold *hold = hold_first(&ledger->tokens, holder); hold; hold = hold_next(hold)) {
        struct held *held = hold->token;
        if (held->holders > 0 || held_is_long(held) != longs || strcmp(held->released_by, holder) != 0)
            continue;
        int r = 0;
        if (longs && error < 0)
            unsaved_later(&held->saving);
        else
            r = unsaved_write(&held->saving);
        if (r < 0)
            error = r;
    }
    return error;
}

int ledger_release(struct ledger *ledger, const char *holder)
{
    int ended = end_holds(ledger, holder);
    int error = give_up_all(ledger, holder, false, 0);
    error = give_up_all(ledger, holder, true, error);
    return error < 0 ? error : ended;
}

int ledger_drop(struct ledger *ledger, const char *holder, const uint8_t hash[VAULT_HASH_SIZE])
{
    for (struct hold *hold = hold_first(&ledger->tokens, holder); hold; hold = hold_next(hold)) {
        struct held *held = hold->token;
        if (hold->over || memcmp(held->hash, hash, VAULT_HASH_SIZE) != 0)
            continue;
        hold_end(hold);
        return unsaved_write(held->holders > 0 ? &hold->saving : &held->saving);
    }
    return -ENOENT;
}

/* Who cannot be given HEIR keeps FORMER, and with it its life. */
static int inherit(struct ledger *ledger, struct held *former, struct held *heir)
{
    struct hold *hold, *taken;
    int error = 0;
    LIST_FOREACH(hold, &former->holds, entry)
    {
        if (hold->over)
            continue;
        int r = hold_add(&ledger->tokens, &ledger->saving_holds, heir, hold->holder, &taken);
        if (r == 0) {
            hold_end(hold);
            r = unsaved_write(&taken->saving);
        }
        if (r == 0 && former->holders > 0)
            r = unsaved_write(&hold->saving);
        error = r < 0 ? r : error;
    }
    int given_up = former->holders == 0 ? unsaved_write(&former->saving) : 0;
    return given_up < 0 ? given_up : error;
}

int ledger_succeed(struct ledger *ledger, const uint8_t heir_hash[VAULT_HASH_SIZE],
    const uint8_t former_hash[VAULT_HASH_SIZE])
{
    struct held *heir = held_find(&ledger->tokens, heir_hash), *former;
    int error = 0;
    if (!heir || heir->holders == 0)
        return -ENOENT;
    TAILQ_FOREACH(former, &ledger->tokens.all, entry)
    {
        bool meant = !former_hash || memcmp(former->hash, former_hash, VAULT_HASH_SIZE) == 0;
        if (!meant || former == heir || former->kind != LEDGER_ENROLLED || former->holders == 0 ||
            strcmp(former->user, heir->user) != 0 || strcmp(former->client, heir->client) != 0)
            continue;
        int r = inherit(ledger, former, heir);
        error = r < 0 ? r : error;
    }
    return error;
}

int ledger_revoke(struct ledger *ledger, const uint8_t hash[VAULT_HASH_SIZE])
{
    struct held *held = held_find(&ledger->tokens, hash);
    struct hold *hold;
    if (!held || held->holders == 0)
        return -ENOENT;
    LIST_FOREACH(hold, &held->holds, entry)
    {
        if (!hold->over)
            hold_end(hold);
    }
    return unsaved_write(&held->saving);
}

int ledger_long(struct ledger *ledger, const char *holder, struct secret **out)
{
    for (const struct hold *hold = hold_first(&ledger->tokens, holder); hold; hold = hold_next(hold)) {
        if (!hold->over && held_is_long(hold->token))
            return held_bearer(hold->token, ledger->vault, out);
    }
    return -ENOENT;
}

unsigned ledger_count(const struct ledger *ledger, const char *holder)
{
    unsigned count = 0;
    for (const struct hold *hold = hold_first(&ledger->tokens, holder); hold; hold = hold_next(hold))
        count += !hold->over;
    return count;
}

typedef char reference[C2M_REFERENCE_SIZE + 1];

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(reference));
}

static bool is_enrolled(const struct ledger *ledger, const char *holder)
{
    for (const struct hold *hold = hold_first(&ledger->tokens, holder); hold; hold = hold_next(hold)) {
        if (!hold->over && hold->token->kind == LEDGER_ENROLLED)
            return true;
    }
    return false;
}

/* A snapshot: FN may release whom it is told of. */
int ledger_holders(
    struct ledger *ledger, bool enrolled, int (*fn)(void *argument, const char *holder), void *argument)
{
    reference *names CLEANUP_FREE = calloc(ledger->tokens.by_holder.count + 1, sizeof *names);
    const struct held *held;
    const struct hold *hold;
    size_t count = 0;
    int r = 0;
    if (!names)
        return -ENOMEM;
    TAILQ_FOREACH(held, &ledger->tokens.all, entry)
    {
        LIST_FOREACH(hold, &held->holds, entry)
        {
            if (!hold->over && is_enrolled(ledger, hold->holder) == enrolled)
                memcpy(names[count++], hold->holder, sizeof *names);
        }
    }
    qsort(names, count, sizeof *names, compare);
    for (size_t i = 0; i < count && r == 0; i++)
        if (i == 0 || compare(names[i - 1], names[i]) != 0)
            r = fn(argument, names[i]);
    return r;
}
