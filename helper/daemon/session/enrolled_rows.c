/* Columns stand in one order everywhere: in the statements, in the binding, in the reading. */
#include "session/enrolled_rows.h"

#include "base/cleanup.h"
#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void enrolled_entry_free(struct enrolled_entry *entry)
{
    if (!entry)
        return;
    bearer_deinit(&entry->secret);
    free(entry);
}

static void entry_freep(struct enrolled_entry **entry)
{
    enrolled_entry_free(*entry);
}

int enrolled_rows_open(struct enrolled_rows *rows, struct store *store)
{
    *rows = (struct enrolled_rows){.put = NULL};
    int r = store_prepare(store,
        "INSERT OR REPLACE INTO enrolled (owner, holder, client, way, since, expires, hash, secret, token_id)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &rows->put);
    if (r == 0)
        r = store_prepare(store, "DELETE FROM enrolled WHERE owner = ?1", &rows->remove);
    if (r == 0)
        r = store_prepare(store,
            "SELECT owner, holder, client, way, since, expires, hash, secret, token_id FROM enrolled",
            &rows->read);
    return r;
}

void enrolled_rows_close(struct enrolled_rows *rows)
{
    store_finish(rows->put);
    store_finish(rows->remove);
    store_finish(rows->read);
}

static int copy(char *out, size_t size, const char *text)
{
    return snprintf(out, size, "%s", text) < (int)size ? 0 : -EINVAL;
}

static int read_entry(struct store_statement *row, struct enrolled_entry **out)
{
    struct enrolled_entry *entry CLEANUP(entry_freep) = calloc(1, sizeof *entry);
    struct enrollment *e = entry ? &entry->enrollment : NULL;
    size_t length;
    if (!entry)
        return -ENOMEM;
    if (copy(e->owner, sizeof e->owner, store_text(row, 0)) < 0 ||
        copy(e->holder, sizeof e->holder, store_text(row, 1)) < 0 ||
        copy(e->client, sizeof e->client, store_text(row, 2)) < 0 ||
        copy(e->token_id, sizeof e->token_id, store_text(row, 8)) < 0)
        return -EINVAL;
    e->way = (enum c2m_enroll_way)store_integer(row, 3);
    e->since = store_integer(row, 4);
    e->expires = store_integer(row, 5);
    const void *hash = store_blob(row, 6, &length);
    if (length != sizeof e->hash)
        return -EINVAL;
    memcpy(e->hash, hash, length);
    const void *sealed = store_blob(row, 7, &length);
    int r = bearer_load(&entry->secret, sealed, length);
    if (r == 0)
        *out = STEAL(entry);
    return r;
}

int enrolled_rows_put(const struct enrolled_rows *rows, const struct enrolled_entry *entry)
{
    const struct enrollment *e = &entry->enrollment;
    store_bind_text(rows->put, 1, e->owner);
    store_bind_text(rows->put, 2, e->holder);
    store_bind_text(rows->put, 3, e->client);
    store_bind_integer(rows->put, 4, e->way);
    store_bind_integer(rows->put, 5, e->since);
    store_bind_integer(rows->put, 6, e->expires);
    store_bind_blob(rows->put, 7, e->hash, sizeof e->hash);
    store_bind_blob(rows->put, 8, entry->secret.sealed ? entry->secret.sealed : (const uint8_t *)"",
        entry->secret.length);
    store_bind_text(rows->put, 9, e->token_id);
    return store_write(rows->put);
}

int enrolled_rows_delete(const struct enrolled_rows *rows, const char *owner)
{
    store_bind_text(rows->remove, 1, owner);
    return store_write(rows->remove);
}

int enrolled_rows_load(
    const struct enrolled_rows *rows, int (*fn)(void *argument, struct enrolled_entry *entry), void *argument)
{
    struct enrolled_entry *entry;
    int r;
    while ((r = store_row(rows->read)) == 1) {
        int error = read_entry(rows->read, &entry);
        if (error == -EINVAL) {
            log_message(LOG_LEVEL_ERROR, "enrolled: a row of state.db makes no sense, it is passed over");
            continue;
        }
        if (error == 0)
            error = fn(argument, entry);
        if (error < 0) {
            store_reset(rows->read);
            return error;
        }
    }
    return r;
}
