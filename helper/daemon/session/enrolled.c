/*
 * Few, looked for rarely: a list. A change is in memory at once, and is taken back when its commit fails; the former
 * token is released only after the commit, so that at every moment the disk names one that lives.
 */
#include "session/enrolled.h"

#include "base/cleanup.h"
#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

struct entry {
    LIST_ENTRY(entry) link;
    struct enrollment enrollment;
    struct bearer secret; /* sealed */
};

/* Written, and its commit not told yet. */
struct change {
    LIST_ENTRY(change) link;
    struct enrolled *enrolled;
    struct entry *added; /* in the list; NULL: a removal */
    struct entry *former; /* out of it; NULL: there was none */
};

struct enrolled {
    struct store *store;
    struct vault *vault;
    struct ledger *ledger;
    struct store_statement *put, *remove, *read;
    LIST_HEAD(entries, entry) entries;
    LIST_HEAD(changes, change) changes;
    unsigned count;
};

static void entry_free(struct entry *entry)
{
    if (!entry)
        return;
    bearer_deinit(&entry->secret);
    free(entry);
}

static void entry_freep(struct entry **entry)
{
    entry_free(*entry);
}

static void enrolled_freep(struct enrolled **enrolled)
{
    enrolled_free(*enrolled);
}

static struct entry *find(const struct enrolled *enrolled, const char *owner)
{
    struct entry *entry;
    LIST_FOREACH(entry, &enrolled->entries, link)
    {
        if (strcmp(entry->enrollment.owner, owner) == 0)
            return entry;
    }
    return NULL;
}

/* The secret is bound to its client, and to the token that was issued by it. */
static struct bearer_owner owner_of(const struct enrollment *enrollment)
{
    return (struct bearer_owner){.user = enrollment->client, .hash = enrollment->hash, .is_parent = true};
}

static int copy(char *out, size_t size, const char *text)
{
    return snprintf(out, size, "%s", text) < (int)size ? 0 : -EINVAL;
}

static int read_entry(struct store_statement *row, struct entry **out)
{
    struct entry *entry CLEANUP(entry_freep) = calloc(1, sizeof *entry);
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

static void add(struct enrolled *enrolled, struct entry *entry)
{
    LIST_INSERT_HEAD(&enrolled->entries, entry, link);
    enrolled->count++;
}

static int load(struct enrolled *enrolled)
{
    struct entry *entry;
    int r;
    while ((r = store_row(enrolled->read)) == 1) {
        int error = read_entry(enrolled->read, &entry);
        if (error < 0) {
            store_reset(enrolled->read);
            return error;
        }
        add(enrolled, entry);
    }
    return r;
}

static int release_stray(void *argument, const char *holder)
{
    const struct enrolled *enrolled = argument;
    const struct entry *entry;
    LIST_FOREACH(entry, &enrolled->entries, link)
    {
        if (strcmp(entry->enrollment.holder, holder) == 0)
            return 0;
    }
    log_message(LOG_LEVEL_NOTICE, "ref=%s: a token that was about to be enrolled is given up", holder);
    ledger_release(enrolled->ledger, holder);
    return 0;
}

int enrolled_new(struct store *store, struct vault *vault, struct ledger *ledger, struct enrolled **out)
{
    struct enrolled *enrolled CLEANUP(enrolled_freep) = calloc(1, sizeof *enrolled);
    if (!enrolled)
        return -ENOMEM;
    enrolled->store = store;
    enrolled->vault = vault;
    enrolled->ledger = ledger;
    LIST_INIT(&enrolled->entries);
    LIST_INIT(&enrolled->changes);
    int r = store_prepare(store,
        "INSERT OR REPLACE INTO enrolled (owner, holder, client, way, since, expires, hash, secret, token_id)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &enrolled->put);
    if (r == 0)
        r = store_prepare(store, "DELETE FROM enrolled WHERE owner = ?1", &enrolled->remove);
    if (r == 0)
        r = store_prepare(store,
            "SELECT owner, holder, client, way, since, expires, hash, secret, token_id FROM enrolled",
            &enrolled->read);
    if (r == 0)
        r = load(enrolled);
    if (r == 0)
        r = ledger_holders(ledger, true, release_stray, enrolled);
    if (r == 0)
        *out = STEAL(enrolled);
    return r;
}

static void take_out(struct enrolled *enrolled, struct entry *entry)
{
    LIST_REMOVE(entry, link);
    enrolled->count--;
}

static void change_end(struct change *change)
{
    store_forget(change->enrolled->store, change);
    LIST_REMOVE(change, link);
    entry_free(change->former);
    free(change);
}

static void told(void *argument, int error)
{
    struct change *change = argument;
    struct enrolled *enrolled = change->enrolled;
    if (error == 0 && change->former)
        ledger_release(enrolled->ledger, change->former->enrollment.holder);
    if (error < 0 && change->added) {
        take_out(enrolled, change->added);
        entry_free(change->added);
    }
    if (error < 0 && change->former)
        add(enrolled, STEAL(change->former));
    change_end(change);
}

/* One change of an owner at a time: the next would not know which of the two to take back. */
static bool is_changing(const struct enrolled *enrolled, const char *owner)
{
    const struct change *change;
    LIST_FOREACH(change, &enrolled->changes, link)
    {
        const struct entry *entry = change->added ? change->added : change->former;
        if (strcmp(entry->enrollment.owner, owner) == 0)
            return true;
    }
    return false;
}

void enrolled_free(struct enrolled *enrolled)
{
    struct change *change;
    struct entry *entry;
    if (!enrolled)
        return;
    while ((change = LIST_FIRST(&enrolled->changes)))
        change_end(change);
    while ((entry = LIST_FIRST(&enrolled->entries))) {
        LIST_REMOVE(entry, link);
        entry_free(entry);
    }
    store_finish(enrolled->put);
    store_finish(enrolled->remove);
    store_finish(enrolled->read);
    free(enrolled);
}

const struct enrollment *enrolled_find(const struct enrolled *enrolled, const char *owner)
{
    const struct entry *entry = find(enrolled, owner);
    return entry ? &entry->enrollment : NULL;
}

int enrolled_each(
    const struct enrolled *enrolled, int (*fn)(void *argument, const struct enrollment *), void *argument)
{
    const struct entry *entry;
    LIST_FOREACH(entry, &enrolled->entries, link)
    {
        int r = fn(argument, &entry->enrollment);
        if (r != 0)
            return r;
    }
    return 0;
}

static int write_row(const struct enrolled *enrolled, const struct entry *entry)
{
    const struct enrollment *e = &entry->enrollment;
    store_bind_text(enrolled->put, 1, e->owner);
    store_bind_text(enrolled->put, 2, e->holder);
    store_bind_text(enrolled->put, 3, e->client);
    store_bind_integer(enrolled->put, 4, e->way);
    store_bind_integer(enrolled->put, 5, e->since);
    store_bind_integer(enrolled->put, 6, e->expires);
    store_bind_blob(enrolled->put, 7, e->hash, sizeof e->hash);
    store_bind_blob(enrolled->put, 8, entry->secret.sealed ? entry->secret.sealed : (const uint8_t *)"",
        entry->secret.length);
    store_bind_text(enrolled->put, 9, e->token_id);
    return store_write(enrolled->put);
}

/* The row is written; what follows is its commit's to decide. */
static int change(struct enrolled *enrolled, struct entry *added, struct entry *former)
{
    struct change *change = calloc(1, sizeof *change);
    if (!change || store_after_commit(enrolled->store, told, change) < 0) {
        free(change);
        return -ENOMEM;
    }
    *change = (struct change){.enrolled = enrolled, .added = added, .former = former};
    LIST_INSERT_HEAD(&enrolled->changes, change, link);
    if (former)
        take_out(enrolled, former);
    if (added)
        add(enrolled, added);
    return 0;
}

/* All or nothing: a row that nobody waits for must not stand. */
static int write_change(struct enrolled *enrolled, struct entry *added, struct entry *former)
{
    int r = store_begin(enrolled->store);
    if (r < 0)
        return r;
    if (!added)
        store_bind_text(enrolled->remove, 1, former->enrollment.owner);
    r = added ? write_row(enrolled, added) : store_write(enrolled->remove);
    if (r == 0)
        r = change(enrolled, added, former);
    int ended = store_end(enrolled->store, r == 0);
    return r < 0 ? r : ended;
}

int enrolled_put(struct enrolled *enrolled, const struct enrollment *enrollment, const struct secret *secret)
{
    struct entry *former = find(enrolled, enrollment->owner);
    struct entry *entry CLEANUP(entry_freep) = calloc(1, sizeof *entry);
    struct bearer_owner owner = owner_of(enrollment);
    if (!entry)
        return -ENOMEM;
    if (is_changing(enrolled, enrollment->owner))
        return -EBUSY;
    if (!former && enrolled->count >= ENROLLED_MAX)
        return -EAGAIN;
    entry->enrollment = *enrollment;
    int r = secret ? bearer_seal(&entry->secret, enrolled->vault, &owner, secret) : 0;
    if (r == 0)
        r = write_change(enrolled, entry, former);
    if (r == 0)
        STEAL(entry);
    return r;
}

int enrolled_remove(struct enrolled *enrolled, const char *owner)
{
    struct entry *entry = find(enrolled, owner);
    if (is_changing(enrolled, owner))
        return -EBUSY;
    return entry ? write_change(enrolled, NULL, entry) : -ENOENT;
}

int enrolled_token(const struct enrolled *enrolled, const char *owner, struct secret **out)
{
    const struct entry *entry = find(enrolled, owner);
    return entry ? ledger_long(enrolled->ledger, entry->enrollment.holder, out) : -ENOENT;
}

int enrolled_secret(const struct enrolled *enrolled, const char *owner, struct secret **out)
{
    const struct entry *entry = find(enrolled, owner);
    if (!entry)
        return -ENOENT;
    struct bearer_owner of = owner_of(&entry->enrollment);
    return bearer_open(&entry->secret, enrolled->vault, &of, out);
}

int enrolled_host_bearer(void *argument, const char *client, struct secret **out)
{
    const struct enrolled *enrolled = argument;
    const struct entry *host = find(enrolled, "");
    if (!host || !client[0] || strcmp(host->enrollment.client, client) != 0)
        return -ENOENT;
    return ledger_long(enrolled->ledger, host->enrollment.holder, out);
}
