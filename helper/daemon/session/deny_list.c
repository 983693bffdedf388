/*
 * Every entry lies in two tables, by hash and by id. One text may go by two ids (the API's, and its own jti):
 * the second one gets an entry of its own, under the hash of that id.
 *
 * When is an entry past? Not by the wall clock alone, which may jump to 2038 and come back: its life must have
 * passed on the boot clock too, and then a margin on each, so that a clock set back revives nothing.
 *
 * The boot clock begins anew with each boot, and a helper that starts with the clock years ahead would take every
 * entry for past. So what counts is how long helpers have run on this state (lived.h). What is not counted of it only
 * keeps entries longer.
 */
#include "session/deny_list.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "session/lifetime.h"
#include "session/lived.h"
#include "session/table.h"
#include "session/unsaved.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { WALL_MARGIN = 24 * 3600, BOOT_MARGIN_MS = 3600 * 1000, PRUNE_BUCKETS = 16384, PRUNE_ENTRIES = 1000 };

struct entry {
    struct unsaved_row row;
    struct table_link by_hash, by_id;
    uint8_t hash[VAULT_HASH_SIZE];
    char *token_id;
    int64_t expires;
    int64_t over_ms; /* by lived_ms */
    enum deny_kind kind;
};

struct deny_list {
    struct table by_hash, by_id;
    struct unsaved unsaved;
    struct store_statement *select, *put, *remove;
    struct lived lived;
    size_t cursor; /* the bucket where the next prune goes on */
};

static void deny_list_freep(struct deny_list **list)
{
    deny_list_free(*list);
}

static void entry_free(struct deny_list *list, struct entry *entry)
{
    unsaved_drop(&entry->row);
    table_remove(&list->by_hash, &entry->by_hash);
    if (entry->token_id[0])
        table_remove(&list->by_id, &entry->by_id);
    free(entry->token_id);
    free(entry);
}

static int write_entry(void *owner, void *record)
{
    const struct deny_list *list = owner;
    const struct entry *entry = record;
    store_bind_blob(list->put, 1, entry->hash, sizeof entry->hash);
    store_bind_text(list->put, 2, entry->token_id);
    store_bind_integer(list->put, 3, entry->expires);
    store_bind_integer(list->put, 4, entry->kind);
    store_bind_integer(list->put, 5, entry->over_ms);
    return store_write(list->put);
}

static void extend(const struct deny_list *list, struct entry *entry, int64_t expires)
{
    int64_t left_ms = lifetime_over(expires, 0) - clock_boot_ms(); /* bounded, whatever a row says */
    int64_t over = lived_ms(&list->lived) + left_ms + BOOT_MARGIN_MS;
    entry->expires = expires;
    if (over > entry->over_ms)
        entry->over_ms = over;
}

static int entry_new(struct deny_list *list, const char *token_id, const uint8_t *hash, struct entry **out)
{
    struct entry *entry CLEANUP_FREE = calloc(1, sizeof *entry);
    if (entry)
        entry->token_id = strdup(token_id);
    if (!entry || !entry->token_id)
        return -ENOMEM;
    memcpy(entry->hash, hash, sizeof entry->hash);
    unsaved_row_init(&entry->row, &list->unsaved, entry);
    table_add(&list->by_hash, &entry->by_hash, table_key(&list->by_hash, hash, VAULT_HASH_SIZE), entry);
    if (token_id[0])
        table_add(&list->by_id, &entry->by_id, table_key(&list->by_id, token_id, strlen(token_id)), entry);
    *out = STEAL(entry);
    return 0;
}

static struct entry *find_hash(const struct deny_list *list, const uint8_t *hash)
{
    struct table_link *link = table_first(&list->by_hash, table_key(&list->by_hash, hash, VAULT_HASH_SIZE));
    for (; link; link = table_next(link)) {
        struct entry *entry = link->owner;
        if (memcmp(entry->hash, hash, VAULT_HASH_SIZE) == 0)
            return entry;
    }
    return NULL;
}

static int load(struct deny_list *list)
{
    int r;
    while ((r = store_row(list->select)) > 0) {
        struct entry *entry;
        size_t length;
        const void *hash = store_blob(list->select, 0, &length);
        if (length != VAULT_HASH_SIZE)
            continue;
        r = entry_new(list, store_text(list->select, 1), hash, &entry);
        if (r < 0) {
            store_reset(list->select);
            return r;
        }
        entry->over_ms = store_integer(list->select, 4);
        if (entry->over_ms > 0)
            entry->expires = store_integer(list->select, 2);
        else
            extend(list, entry, store_integer(list->select, 2));
        entry->kind = store_integer(list->select, 3) == DENY_OURS ? DENY_OURS : DENY_REVOKED;
    }
    return r;
}

int deny_list_new(struct store *store, struct deny_list **out)
{
    struct deny_list *list CLEANUP(deny_list_freep) = calloc(1, sizeof *list);
    if (!list)
        return -ENOMEM;
    unsaved_init(&list->unsaved, store, list, write_entry, NULL);
    list->unsaved.table = "denied";
    int r = table_init(&list->by_hash);
    if (r == 0)
        r = table_init(&list->by_id);
    if (r == 0)
        r = store_prepare(store, "SELECT hash, token_id, expires, kind, over FROM denied", &list->select);
    if (r == 0)
        r = store_prepare(store,
            "INSERT OR REPLACE INTO denied (hash, token_id, expires, kind, over) VALUES (?, ?, ?, ?, ?)",
            &list->put);
    if (r == 0)
        r = store_prepare(store, "DELETE FROM denied WHERE hash = ?", &list->remove);
    if (r == 0)
        r = lived_init(&list->lived, store);
    if (r == 0)
        r = load(list);
    if (r == 0)
        *out = STEAL(list);
    return r;
}

void deny_list_free(struct deny_list *list)
{
    if (!list)
        return;
    for (size_t i = 0; i < list->by_hash.size; i++)
        while (list->by_hash.buckets[i])
            entry_free(list, list->by_hash.buckets[i]->owner);
    unsaved_deinit(&list->unsaved);
    table_deinit(&list->by_hash);
    table_deinit(&list->by_id);
    store_finish(list->select);
    store_finish(list->put);
    store_finish(list->remove);
    lived_deinit(&list->lived);
    free(list);
}

static int admit(struct deny_list *list, const char *token_id, const uint8_t *hash, struct entry **out)
{
    return deny_list_size(list) < DENY_LIST_MAX ? entry_new(list, token_id, hash, out) : -EAGAIN;
}

static int strengthen(const struct deny_list *list, struct entry *entry, int64_t expires, enum deny_kind kind)
{
    bool stronger = kind > entry->kind, longer = expires > entry->expires || entry->over_ms == 0;
    if (stronger)
        entry->kind = kind;
    if (longer)
        extend(list, entry, expires);
    return stronger || longer || entry->row.dirty ? unsaved_write(&entry->row) : 0;
}

static int add_other_id(struct deny_list *list, const char *token_id, int64_t expires, enum deny_kind kind)
{
    uint8_t hash[VAULT_HASH_SIZE];
    vault_hash(token_id, strlen(token_id), hash);
    struct entry *entry = find_hash(list, hash);
    int r = entry ? 0 : admit(list, token_id, hash, &entry);
    return r < 0 ? r : strengthen(list, entry, expires, kind);
}

int deny_list_add(struct deny_list *list, const char *token_id, const uint8_t hash[VAULT_HASH_SIZE],
    int64_t expires, enum deny_kind kind)
{
    struct entry *entry = find_hash(list, hash);
    int other = 0, r = entry ? 0 : admit(list, token_id, hash, &entry);
    if (r < 0)
        return r;
    if (token_id[0] && strcmp(entry->token_id, token_id) != 0)
        other = add_other_id(list, token_id, expires, kind);
    r = strengthen(list, entry, expires, kind);
    return r < 0 ? r : other;
}

static enum deny_kind find_id(const struct deny_list *list, const char *token_id)
{
    enum deny_kind kind = DENY_NOT;
    struct table_link *link = table_first(&list->by_id, table_key(&list->by_id, token_id, strlen(token_id)));
    for (; link; link = table_next(link)) {
        const struct entry *entry = link->owner;
        if (entry->kind > kind && strcmp(entry->token_id, token_id) == 0)
            kind = entry->kind;
    }
    return kind;
}

enum deny_kind deny_list_find(const struct deny_list *list, const char *token_id, const uint8_t *hash)
{
    const struct entry *entry = hash ? find_hash(list, hash) : NULL;
    enum deny_kind by_hash = entry ? entry->kind : DENY_NOT;
    enum deny_kind by_id = token_id && token_id[0] ? find_id(list, token_id) : DENY_NOT;
    return by_hash > by_id ? by_hash : by_id;
}

size_t deny_list_size(const struct deny_list *list)
{
    return list->by_hash.count;
}

static bool past(const struct deny_list *list, const struct entry *entry)
{
    return clock_wall() - WALL_MARGIN > entry->expires && lived_ms(&list->lived) > entry->over_ms;
}

/* Dropped from memory only with its row: what a failed commit leaves on disk is loaded and dropped again. */
static bool drop(struct deny_list *list, struct entry *entry)
{
    store_bind_blob(list->remove, 1, entry->hash, sizeof entry->hash);
    if (!unsaved_settled(&entry->row) || store_write(list->remove) < 0)
        return false;
    entry_free(list, entry);
    return true;
}

/* A part of the table at a time: a million entries must not stop the loop. */
void deny_list_prune(struct deny_list *list)
{
    size_t buckets = list->by_hash.size < PRUNE_BUCKETS ? list->by_hash.size : PRUNE_BUCKETS, dropped = 0;
    unsaved_retry(&list->unsaved);
    lived_write(&list->lived);
    for (size_t i = 0; i < buckets && dropped < PRUNE_ENTRIES; i++) {
        list->cursor = (list->cursor + 1) & (list->by_hash.size - 1);
        for (struct table_link *link = list->by_hash.buckets[list->cursor], *next; link; link = next) {
            next = link->next;
            if (past(list, link->owner) && drop(list, link->owner))
                dropped++;
        }
    }
}
