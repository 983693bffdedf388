/* Statements and columns of the ledger; the token's text is sealed before it gets here. */
#include "session/ledger_rows.h"

#include "base/cleanup.h"
#include "session/lifetime.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void held_freep(struct held **held)
{
    held_free(*held);
}

int ledger_rows_open(struct ledger_rows *rows, struct store *store)
{
    const struct {
        struct store_statement **statement;
        const char *sql;
    } statements[] = {
        {&rows->tokens, "SELECT hash, kind, user, client, token_id, expires, may_revoke, bearer FROM tokens"},
        {&rows->holders, "SELECT holder, hash FROM holders"},
        {&rows->put_token,
            "INSERT OR REPLACE INTO tokens (hash, kind, user, client, token_id, expires, may_revoke, bearer)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"},
        {&rows->put_holder, "INSERT OR REPLACE INTO holders (holder, hash) VALUES (?, ?)"},
        {&rows->delete_token, "DELETE FROM tokens WHERE hash = ?"},
        {&rows->delete_holder, "DELETE FROM holders WHERE holder = ? AND hash = ?"},
        {&rows->delete_strays, "DELETE FROM holders WHERE hash NOT IN (SELECT hash FROM tokens)"},
    };
    *rows = (struct ledger_rows){.tokens = NULL};
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        int r = store_prepare(store, statements[i].sql, statements[i].statement);
        if (r < 0)
            return r;
    }
    return 0;
}

void ledger_rows_close(struct ledger_rows *rows)
{
    store_finish(rows->tokens);
    store_finish(rows->holders);
    store_finish(rows->put_token);
    store_finish(rows->put_holder);
    store_finish(rows->delete_token);
    store_finish(rows->delete_holder);
    store_finish(rows->delete_strays);
}

static int read_token(struct store_statement *row, struct held **out)
{
    struct held *held CLEANUP(held_freep) = calloc(1, sizeof *held);
    size_t length;
    const void *bytes = store_blob(row, 0, &length);
    if (!held)
        return -ENOMEM;
    if (length != sizeof held->hash)
        return -EINVAL;
    LIST_INIT(&held->holds);
    memcpy(held->hash, bytes, length);
    held->kind = (enum ledger_kind)store_integer(row, 1);
    int r = held_set_texts(held, store_text(row, 2), store_text(row, 3), store_text(row, 4));
    held->expires = store_integer(row, 5);
    held->over_boot_ms = lifetime_over(held->expires, LIFETIME_UNSEEN_MS);
    held->may_revoke = store_integer(row, 6) != 0;
    bytes = store_blob(row, 7, &length);
    if (r == 0)
        r = bearer_load(&held->bearer, bytes, length);
    if (r == 0)
        *out = STEAL(held);
    return r;
}

int ledger_rows_load(const struct ledger_rows *rows, int (*token)(void *argument, struct held *held),
    int (*holder)(void *argument, const char *holder, const uint8_t *hash), void *argument)
{
    int r;
    while ((r = store_row(rows->tokens)) > 0) {
        struct held *held;
        r = read_token(rows->tokens, &held);
        if (r == 0)
            r = token(argument, held);
        if (r < 0 && r != -EINVAL)
            break;
    }
    store_reset(rows->tokens);
    while (r == 0 && (r = store_row(rows->holders)) > 0) {
        size_t length;
        const void *hash = store_blob(rows->holders, 1, &length);
        r = length == VAULT_HASH_SIZE ? holder(argument, store_text(rows->holders, 0), hash) : 0;
    }
    store_reset(rows->holders);
    return r;
}

int ledger_rows_put_token(const struct ledger_rows *rows, const struct held *held)
{
    store_bind_blob(rows->put_token, 1, held->hash, sizeof held->hash);
    store_bind_integer(rows->put_token, 2, held->kind);
    store_bind_text(rows->put_token, 3, held->user);
    store_bind_text(rows->put_token, 4, held->client);
    store_bind_text(rows->put_token, 5, held->token_id);
    store_bind_integer(rows->put_token, 6, held->expires);
    store_bind_integer(rows->put_token, 7, held->may_revoke);
    store_bind_blob(rows->put_token, 8, held->bearer.sealed, held->bearer.length);
    return store_write(rows->put_token);
}

int ledger_rows_put_holder(const struct ledger_rows *rows, const struct hold *hold)
{
    store_bind_text(rows->put_holder, 1, hold->holder);
    store_bind_blob(rows->put_holder, 2, hold->token->hash, VAULT_HASH_SIZE);
    return store_write(rows->put_holder);
}

int ledger_rows_delete_token(const struct ledger_rows *rows, const struct held *held)
{
    const struct hold *hold;
    store_bind_blob(rows->delete_token, 1, held->hash, sizeof held->hash);
    int r = store_write(rows->delete_token);
    LIST_FOREACH(hold, &held->holds, entry)
    {
        if (r == 0)
            r = ledger_rows_delete_holder(rows, hold);
    }
    return r;
}

int ledger_rows_delete_holder(const struct ledger_rows *rows, const struct hold *hold)
{
    store_bind_text(rows->delete_holder, 1, hold->holder);
    store_bind_blob(rows->delete_holder, 2, hold->token->hash, VAULT_HASH_SIZE);
    return store_write(rows->delete_holder);
}

int ledger_rows_delete_strays(const struct ledger_rows *rows)
{
    return store_write(rows->delete_strays);
}
