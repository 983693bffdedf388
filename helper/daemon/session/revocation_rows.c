/* Statements and columns. A row that makes no sense is left alone: it is on disk for whoever looks into it. */
#include "session/revocation_rows.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "session/lifetime.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS \
    "hash, reference, user, client, token_id, is_long, expires, state, bearer_long, bearer_self, asked, " \
    "settled, " \
    "tries, lost, last_status, word"

static void revocation_freep(struct revocation **revocation)
{
    revocation_free(*revocation);
}

int revocation_rows_open(struct revocation_rows *rows, struct store *store)
{
    const struct {
        struct store_statement **statement;
        const char *sql;
    } statements[] = {
        {&rows->pending, "SELECT " COLUMNS " FROM revocations WHERE state = 1 ORDER BY asked"},
        {&rows->receipts, "SELECT " COLUMNS " FROM revocations WHERE state <> 1 ORDER BY settled DESC"},
        {&rows->state, "SELECT state FROM revocations WHERE hash = ?"},
        {&rows->unrevocable, "SELECT count(*) FROM revocations WHERE state = 4 AND expires > ?"},
        {&rows->hopeless,
            "SELECT " COLUMNS
            " FROM revocations WHERE state = 4 AND expires > ? AND client = ? AND token_id <> ''"},
        {&rows->put, "INSERT OR REPLACE INTO revocations (" COLUMNS
                     ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
        {&rows->prune_old, "DELETE FROM revocations WHERE state <> 1 AND settled < ?"},
        {&rows->prune_many,
            "DELETE FROM revocations WHERE hash IN (SELECT hash FROM revocations WHERE state <> 1"
            " ORDER BY settled DESC LIMIT -1 OFFSET ?)"},
    };
    *rows = (struct revocation_rows){.store = store};
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        int r = store_prepare(store, statements[i].sql, statements[i].statement);
        if (r < 0)
            return r;
    }
    return 0;
}

void revocation_rows_close(struct revocation_rows *rows)
{
    store_finish(rows->pending);
    store_finish(rows->receipts);
    store_finish(rows->state);
    store_finish(rows->unrevocable);
    store_finish(rows->hopeless);
    store_finish(rows->put);
    store_finish(rows->prune_old);
    store_finish(rows->prune_many);
}

static void read_text(struct store_statement *row, int column, char *out, size_t size)
{
    const char *text = store_text(row, column);
    size_t length = strnlen(text, size);
    if (length < size)
        memcpy(out, text, length);
}

static int read_bearer(struct store_statement *row, int column, struct bearer *out)
{
    size_t length;
    const void *sealed = store_blob(row, column, &length);
    return bearer_load(out, sealed, length);
}

static void bind_bearer(struct store_statement *row, int index, const struct bearer *bearer)
{
    store_bind_blob(row, index, bearer->sealed ? (const void *)bearer->sealed : "", bearer->length);
}

static int read_row(struct store_statement *row, struct revocation **out)
{
    struct revocation *revocation CLEANUP(revocation_freep) = calloc(1, sizeof *revocation);
    size_t length;
    const void *hash = store_blob(row, 0, &length);
    if (!revocation)
        return -ENOMEM;
    if (length != sizeof revocation->hash)
        return -EINVAL;
    memcpy(revocation->hash, hash, length);
    read_text(row, 1, revocation->reference, sizeof revocation->reference);
    read_text(row, 2, revocation->user, sizeof revocation->user);
    read_text(row, 3, revocation->client, sizeof revocation->client);
    read_text(row, 4, revocation->token_id, sizeof revocation->token_id);
    revocation->is_long = store_integer(row, 5) != 0;
    revocation->expires = store_integer(row, 6);
    revocation->state = (enum c2m_revocation_state)store_integer(row, 7);
    int r = read_bearer(row, 8, &revocation->bearers[REVOCATION_BEARER_LONG]);
    if (r == 0)
        r = read_bearer(row, 9, &revocation->bearers[REVOCATION_BEARER_SELF]);
    revocation->asked = store_integer(row, 10);
    revocation->settled = store_integer(row, 11);
    revocation->tries = (unsigned)store_integer(row, 12);
    revocation->lost = store_integer(row, 13) != 0;
    revocation->last_status = (long)store_integer(row, 14);
    revocation->word = reason_of_word(store_text(row, 15));
    revocation->over_boot_ms = lifetime_over(revocation->expires, LIFETIME_UNSEEN_MS);
    if (r == 0)
        *out = STEAL(revocation);
    return r;
}

static int each(struct store_statement *statement, int (*fn)(void *argument, struct revocation *revocation),
    void *argument)
{
    int r;
    while ((r = store_row(statement)) > 0) {
        struct revocation *revocation;
        r = read_row(statement, &revocation);
        if (r == 0)
            r = fn(argument, revocation);
        if (r < 0 && r != -EINVAL) {
            store_reset(statement);
            return r;
        }
    }
    return r;
}

int revocation_rows_load(const struct revocation_rows *rows,
    int (*fn)(void *argument, struct revocation *revocation), void *argument)
{
    return each(rows->pending, fn, argument);
}

int revocation_rows_hopeless(const struct revocation_rows *rows, const char *client,
    int (*fn)(void *argument, struct revocation *revocation), void *argument)
{
    store_bind_integer(rows->hopeless, 1, clock_wall());
    store_bind_text(rows->hopeless, 2, client);
    return each(rows->hopeless, fn, argument);
}

int revocation_rows_put(const struct revocation_rows *rows, const struct revocation *revocation)
{
    struct store_statement *put = rows->put;
    store_bind_blob(put, 1, revocation->hash, sizeof revocation->hash);
    store_bind_text(put, 2, revocation->reference);
    store_bind_text(put, 3, revocation->user);
    store_bind_text(put, 4, revocation->client);
    store_bind_text(put, 5, revocation->token_id);
    store_bind_integer(put, 6, revocation->is_long);
    store_bind_integer(put, 7, revocation->expires);
    store_bind_integer(put, 8, revocation->state);
    bind_bearer(put, 9, &revocation->bearers[REVOCATION_BEARER_LONG]);
    bind_bearer(put, 10, &revocation->bearers[REVOCATION_BEARER_SELF]);
    store_bind_integer(put, 11, revocation->asked);
    store_bind_integer(put, 12, revocation->settled);
    store_bind_integer(put, 13, revocation->tries);
    store_bind_integer(put, 14, revocation->lost || revocation->call);
    store_bind_integer(put, 15, revocation->last_status);
    store_bind_text(put, 16, reason_word(revocation->word));
    return store_write(put);
}

int revocation_rows_state(const struct revocation_rows *rows, const uint8_t *hash)
{
    store_bind_blob(rows->state, 1, hash, VAULT_HASH_SIZE);
    int state = store_row(rows->state) > 0 ? (int)store_integer(rows->state, 0) : 0;
    store_reset(rows->state);
    return state;
}

int revocation_rows_receipts(const struct revocation_rows *rows,
    int (*fn)(void *argument, const struct revocation *revocation), void *argument)
{
    int r;
    while ((r = store_row(rows->receipts)) > 0) {
        struct revocation *revocation CLEANUP(revocation_freep) = NULL;
        r = read_row(rows->receipts, &revocation);
        if (r == 0)
            r = fn(argument, revocation);
        if (r != 0 && r != -EINVAL) {
            store_reset(rows->receipts);
            return r;
        }
    }
    return r;
}

unsigned revocation_rows_unrevocable(const struct revocation_rows *rows)
{
    store_bind_integer(rows->unrevocable, 1, clock_wall());
    unsigned count = store_row(rows->unrevocable) > 0 ? (unsigned)store_integer(rows->unrevocable, 0) : 0;
    store_reset(rows->unrevocable);
    return count;
}

static void prune(struct store *store, struct store_statement *statement, int64_t value)
{
    if (store_begin(store) < 0)
        return;
    store_bind_integer(statement, 1, value);
    store_end(store, store_write(statement) == 0);
}

/* Neither failure matters: the next time does it. */
void revocation_rows_prune(const struct revocation_rows *rows)
{
    prune(rows->store, rows->prune_old, clock_wall() - REVOCATION_RECEIPT_LIFE);
    prune(rows->store, rows->prune_many, REVOCATION_RECEIPTS_MAX);
}
