/*
 * The transaction of a turn: begun by its first write, committed by store_turn, told to those who wait. A turn
 * whose transaction is lost stays lost to its end: a later write in it must not become true without the ones
 * before it.
 */
#include "base/store_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    ROUNDS_MAX = 100,
    LOG_PAGES = STORE_LOG_ROOM / 4120, /* a page and its header, as it lies in the log */
};

int store_enter(struct store *store)
{
    if (store->failed || store->open)
        return store->failed;
    int error = store_say(store, STORE_BEGIN);
    store->open = error == 0;
    store->failed = error;
    return error;
}

int store_begin(struct store *store)
{
    int error = store_enter(store);
    if (error == 0)
        error = store_say(store, STORE_SAVEPOINT);
    if (error == 0)
        store->depth++;
    return error;
}

int store_end(struct store *store, bool keep)
{
    if (store->depth == 0)
        return -EINVAL;
    store->depth--;
    if (store->failed) /* undone already, with the rest of the turn */
        return keep ? store->failed : 0;
    int error = keep ? 0 : store_say(store, STORE_UNDO);
    return error ? error : store_say(store, STORE_RELEASE);
}

int store_after_commit(struct store *store, store_fn fn, void *argument)
{
    struct store_waiter *waiter = malloc(sizeof *waiter);
    if (!waiter)
        return -ENOMEM;
    *waiter = (struct store_waiter){.fn = fn, .argument = argument};
    STAILQ_INSERT_TAIL(&store->waiting, waiter, entry);
    return 0;
}

void store_next_turn(struct store *store, struct store_waiter *waiter, store_fn fn, void *argument)
{
    *waiter = (struct store_waiter){.fn = fn, .argument = argument, .lent = true};
    STAILQ_INSERT_TAIL(&store->next_turn, waiter, entry);
}

static void waits_no_more(struct store_waiter *waiter)
{
    if (!waiter->lent)
        free(waiter);
}

static void forget(struct store_waiters *waiters, const void *argument)
{
    struct store_waiters kept = STAILQ_HEAD_INITIALIZER(kept);
    struct store_waiter *waiter;
    while ((waiter = STAILQ_FIRST(waiters))) {
        STAILQ_REMOVE_HEAD(waiters, entry);
        if (argument && waiter->argument != argument)
            STAILQ_INSERT_TAIL(&kept, waiter, entry);
        else
            waits_no_more(waiter);
    }
    STAILQ_CONCAT(waiters, &kept);
}

void store_forget(struct store *store, void *argument)
{
    if (!argument)
        return;
    forget(&store->waiting, argument);
    forget(&store->telling, argument);
    forget(&store->next_turn, argument);
}

void store_forget_all(struct store *store)
{
    forget(&store->waiting, NULL);
    forget(&store->telling, NULL);
    forget(&store->next_turn, NULL);
}

static int commit(struct store *store)
{
    int error = store->failed;
    if (error == 0 && store->depth > 0) /* half of what belongs together must not become true */
        error = -EINVAL;
    if (error == 0 && store->open)
        error = store_say(store, STORE_COMMIT);
    if (error == -ENOSPC)
        store_make_room(store); /* at a sync: for the next try */
    store->checkpoint_due |= store->open && !store->reserved;
    if (error != 0)
        store_say(store, STORE_ROLLBACK); /* fails when SQLite has done it by itself */
    store->open = false;
    store->failed = 0;
    store->depth = 0;
    return error;
}

/* A waiter may write, ask to wait again and forget others: what it asks for belongs to the next round. */
static void tell(struct store *store, int error)
{
    struct store_waiter *waiter;
    STAILQ_CONCAT(&store->telling, &store->waiting);
    while ((waiter = STAILQ_FIRST(&store->telling))) {
        store_fn fn = waiter->fn;
        void *argument = waiter->argument;
        STAILQ_REMOVE_HEAD(&store->telling, entry);
        waits_no_more(waiter);
        fn(argument, error);
    }
}

/* Once those who waited are told; what begins again at the log's start finds its room there. */
static void bound_log(struct store *store)
{
    int64_t busy;
    if (store->log_pages < LOG_PAGES || store->open)
        return;
    store->log_pages = 0; /* the next commit counts, should this fail */
    store_query(store, "PRAGMA wal_checkpoint(PASSIVE)", &busy);
}

void store_turn(struct store *store)
{
    STAILQ_CONCAT(&store->waiting, &store->next_turn);
    /* A bound, so that a waiter that asks for ever holds the loop for a while only. */
    for (int round = 0; round < ROUNDS_MAX; round++) {
        if (!store->open && !store->failed && STAILQ_EMPTY(&store->waiting))
            break;
        tell(store, commit(store));
    }
    if (store->checkpoint_due && !store->open)
        store_checkpoint(store);
    bound_log(store);
    store_tell_room(store);
}

bool store_damaged(const struct store *store)
{
    return store->damaged;
}

int store_checkpoint(struct store *store)
{
    int64_t busy = 0;
    store->checkpoint_due = store->open;
    if (store->open || store->log_empty) /* open: SQLite refuses, and the turn's end comes back to it */
        return 0;
    /* On a full disk the log keeps the room that it has, and begins again in it. */
    int error = store_query(
        store, store->reserved ? "PRAGMA wal_checkpoint(TRUNCATE)" : "PRAGMA wal_checkpoint(RESTART)", &busy);
    if (error == 0 && !busy && store->reserved)
        store->log_empty = store_disk_lay_out_log(store);
    return error == 0 && busy ? -EBUSY : error;
}

/* A write that is taken back as a whole: a savepoint inside a transaction would leave a page for the commit. */
static int try_write(struct store *store)
{
    int64_t version = 0;
    char sql[64];
    int error = store_query(store, "PRAGMA user_version", &version);
    if (error == 0)
        error = store_say(store, STORE_BEGIN);
    if (error != 0)
        return error;
    snprintf(sql, sizeof sql, "PRAGMA user_version = %lld", (long long)version);
    error = store_run(store, sql);
    int undone = store_say(store, STORE_ROLLBACK);
    return error ? error : undone;
}

int store_probe(struct store *store)
{
    int error = store->failed ? store->failed : store_room(store);
    if (error == 0 && !store->open)
        error = try_write(store);
    /* SQLite writes nothing to the disk before a commit. */
    return error ? error : state_dir_probe(&store->directory);
}
