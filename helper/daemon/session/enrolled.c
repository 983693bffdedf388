/*
 * Few, looked for rarely: a list. A change is in memory at once, and is taken back when its commit fails; the former
 * token is released only after the commit, so that at every moment the disk names one that lives.
 */
#include "session/enrolled_rows.h"

#include "base/cleanup.h"
#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Written, and its commit not told yet. */
struct change {
    LIST_ENTRY(change) link;
    struct enrolled *enrolled;
    struct enrolled_entry *added; /* in the list; NULL: a removal */
    struct enrolled_entry *former; /* out of it; NULL: there was none */
};

struct enrolled {
    struct store *store;
    struct vault *vault;
    struct ledger *ledger;
    struct enrolled_rows rows;
    LIST_HEAD(entries, enrolled_entry) entries;
    LIST_HEAD(changes, change) changes;
    unsigned count;
};

static void enrolled_freep(struct enrolled **enrolled)
{
    enrolled_free(*enrolled);
}

static struct enrolled_entry *find(const struct enrolled *enrolled, const char *owner)
{
    struct enrolled_entry *entry;
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

static void add(struct enrolled *enrolled, struct enrolled_entry *entry)
{
    LIST_INSERT_HEAD(&enrolled->entries, entry, link);
    enrolled->count++;
}

static int take(void *argument, struct enrolled_entry *entry)
{
    add(argument, entry);
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
    int r = enrolled_rows_open(&enrolled->rows, store);
    if (r == 0)
        r = enrolled_rows_load(&enrolled->rows, take, enrolled);
    if (r == 0)
        *out = STEAL(enrolled);
    return r;
}

static void take_out(struct enrolled *enrolled, struct enrolled_entry *entry)
{
    LIST_REMOVE(entry, link);
    enrolled->count--;
}

static void change_free(struct change *change)
{
    store_forget(change->enrolled->store, change);
    enrolled_entry_free(change->former);
    free(change);
}

/* The sessions that it serves are the heir's from now on (of another client: stay its own); without one it ends for them. */
static void release(
    const struct enrolled *enrolled, const struct enrollment *former, const struct enrolled_entry *heir)
{
    ledger_release(enrolled->ledger, former->holder);
    if (heir)
        ledger_succeed(enrolled->ledger, heir->enrollment.hash, former->hash);
    else
        ledger_revoke(enrolled->ledger, former->hash);
}

static void told(void *argument, int error)
{
    struct change *change = argument;
    struct enrolled *enrolled = change->enrolled;
    /* before the former is given up, which may be one that no bearer could revoke either */
    if (error == 0 && change->added && change->added->enrollment.owner[0] == '\0')
        ledger_reopen(enrolled->ledger, change->added->enrollment.client);
    if (error == 0 && change->former)
        release(enrolled, &change->former->enrollment, change->added);
    if (error < 0 && change->added) {
        take_out(enrolled, change->added);
        ledger_release(enrolled->ledger, change->added->enrollment.holder); /* who asked for it may be gone */
        enrolled_entry_free(change->added);
    }
    if (error < 0 && change->former)
        add(enrolled, STEAL(change->former));
    LIST_REMOVE(change, link);
    change_free(change);
}

/* One change of an owner at a time: the next would not know which of the two to take back. */
static bool is_changing(const struct enrolled *enrolled, const char *owner)
{
    const struct change *change;
    LIST_FOREACH(change, &enrolled->changes, link)
    {
        const struct enrolled_entry *entry = change->added ? change->added : change->former;
        if (strcmp(entry->enrollment.owner, owner) == 0)
            return true;
    }
    return false;
}

struct strays {
    const struct enrolled *enrolled;
    bool (*known)(void *argument, const char *holder);
    void *argument;
};

static int release_stray(void *argument, const char *holder)
{
    const struct strays *strays = argument;
    const struct enrolled_entry *entry;
    LIST_FOREACH(entry, &strays->enrolled->entries, link)
    {
        if (strcmp(entry->enrollment.holder, holder) == 0)
            return 0;
    }
    if (strays->known(strays->argument, holder))
        return 0;
    log_message(LOG_LEVEL_NOTICE, "ref=%s: a token that was about to be enrolled is given up", holder);
    ledger_release(strays->enrolled->ledger, holder);
    return 0;
}

int enrolled_resume(
    struct enrolled *enrolled, bool (*known)(void *argument, const char *holder), void *argument)
{
    struct strays strays = {.enrolled = enrolled, .known = known, .argument = argument};
    const struct enrolled_entry *entry;
    int r = ledger_holders(enrolled->ledger, true, release_stray, &strays);
    /* whom a kill left with a former one */
    LIST_FOREACH(entry, &enrolled->entries, link)
    {
        ledger_succeed(enrolled->ledger, entry->enrollment.hash, NULL);
    }
    return r;
}

void enrolled_free(struct enrolled *enrolled)
{
    struct change *change;
    struct enrolled_entry *entry;
    if (!enrolled)
        return;
    while ((change = LIST_FIRST(&enrolled->changes))) {
        LIST_REMOVE(change, link);
        change_free(change);
    }
    while ((entry = LIST_FIRST(&enrolled->entries))) {
        LIST_REMOVE(entry, link);
        enrolled_entry_free(entry);
    }
    enrolled_rows_close(&enrolled->rows);
    free(enrolled);
}

const struct enrollment *enrolled_find(const struct enrolled *enrolled, const char *owner)
{
    const struct enrolled_entry *entry = find(enrolled, owner);
    return entry ? &entry->enrollment : NULL;
}

int enrolled_each(
    const struct enrolled *enrolled, int (*fn)(void *argument, const struct enrollment *), void *argument)
{
    const struct enrolled_entry *entry;
    LIST_FOREACH(entry, &enrolled->entries, link)
    {
        int r = fn(argument, &entry->enrollment);
        if (r != 0)
            return r;
    }
    return 0;
}

bool enrolled_is(const struct enrolled *enrolled, const char *owner, const char *holder)
{
    const struct enrollment *now = enrolled_find(enrolled, owner);
    return !is_changing(enrolled, owner) && strcmp(now ? now->holder : "", holder) == 0;
}

/* Who is told of the commit stands ready before anything is written: what fails then leaves nothing behind. */
static int write_change(
    struct enrolled *enrolled, struct enrolled_entry *added, struct enrolled_entry *former)
{
    struct change *change = calloc(1, sizeof *change);
    if (!change || store_after_commit(enrolled->store, told, change) < 0) {
        free(change);
        return -ENOMEM;
    }
    int r = 0;
    if (added)
        r = enrolled_rows_put(&enrolled->rows, added);
    else if (former)
        r = enrolled_rows_delete(&enrolled->rows, former->enrollment.owner);
    if (r < 0) {
        store_forget(enrolled->store, change);
        free(change);
        return r;
    }
    *change = (struct change){.enrolled = enrolled, .added = added, .former = former};
    LIST_INSERT_HEAD(&enrolled->changes, change, link);
    if (former)
        take_out(enrolled, former);
    if (added)
        add(enrolled, added);
    return 0;
}

int enrolled_put(struct enrolled *enrolled, const struct enrollment *enrollment, const struct secret *secret)
{
    struct enrolled_entry *former = find(enrolled, enrollment->owner);
    struct bearer_owner owner = owner_of(enrollment);
    if (is_changing(enrolled, enrollment->owner))
        return -EBUSY;
    if (!former && enrolled->count >= ENROLLED_MAX)
        return -EAGAIN;
    struct enrolled_entry *entry = calloc(1, sizeof *entry);
    if (!entry)
        return -ENOMEM;
    entry->enrollment = *enrollment;
    int r = secret ? bearer_seal(&entry->secret, enrolled->vault, &owner, secret) : 0;
    if (r == 0)
        r = write_change(enrolled, entry, former);
    if (r < 0)
        enrolled_entry_free(entry);
    return r;
}

int enrolled_remove(struct enrolled *enrolled, const char *owner)
{
    struct enrolled_entry *entry = find(enrolled, owner);
    if (is_changing(enrolled, owner))
        return -EBUSY;
    return entry ? write_change(enrolled, NULL, entry) : -ENOENT;
}

int enrolled_token(const struct enrolled *enrolled, const char *owner, struct secret **out)
{
    const struct enrolled_entry *entry = find(enrolled, owner);
    return entry ? ledger_long(enrolled->ledger, entry->enrollment.holder, out) : -ENOENT;
}

int enrolled_secret(const struct enrolled *enrolled, const char *owner, struct secret **out)
{
    const struct enrolled_entry *entry = find(enrolled, owner);
    if (!entry)
        return -ENOENT;
    struct bearer_owner of = owner_of(&entry->enrollment);
    return bearer_open(&entry->secret, enrolled->vault, &of, out);
}

bool enrolled_host_is(const struct enrolled *enrolled, const char *client)
{
    const struct enrolled_entry *host = find(enrolled, "");
    return host && client[0] && strcmp(host->enrollment.client, client) == 0;
}

int enrolled_host_bearer(void *argument, const char *client, struct secret **out)
{
    const struct enrolled *enrolled = argument;
    if (!enrolled_host_is(enrolled, client))
        return -ENOENT;
    return ledger_long(enrolled->ledger, find(enrolled, "")->enrollment.holder, out);
}
