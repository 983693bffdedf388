/*
 * Each write waits for its own commit, so it does not matter in which order the store tells them, nor whether
 * one is written while others are told: a row is on disk when its last write is.
 */
#include "session/unsaved.h"

#include "base/clock.h"
#include "base/log.h"

static void turn(void *argument, int error);

static void wait_for_turn(struct unsaved *set)
{
    if (!set->waiting)
        store_next_turn(set->store, &set->waiter, turn, set);
    set->waiting = true;
}

/* Once, not once a second. */
static void complain(struct unsaved *set, int error)
{
    if (set->table && !set->complained)
        log_message(LOG_LEVEL_ERROR, "state: %s not written: %s: kept in memory and written again",
            set->table, log_errno(error));
    set->complained = true;
}

static void be_content(struct unsaved *set)
{
    if (set->table && set->complained)
        log_message(LOG_LEVEL_NOTICE, "state: %s written", set->table);
    set->complained = false;
}

static void clean(struct unsaved_row *row)
{
    if (row->dirty)
        TAILQ_REMOVE(&row->set->dirty, row, entry);
    row->dirty = false;
}

void unsaved_later(struct unsaved_row *row)
{
    if (!row->dirty)
        TAILQ_INSERT_TAIL(&row->set->dirty, row, entry);
    row->dirty = true;
    row->set->retry_ms = clock_boot_ms() + UNSAVED_RETRY_MS;
    wait_for_turn(row->set);
}

static void told(void *argument, int error)
{
    struct unsaved_row *row = argument;
    row->in_flight--;
    if (error < 0) {
        complain(row->set, error);
        unsaved_later(row);
    } else if (TAILQ_EMPTY(&row->set->dirty)) {
        be_content(row->set);
    }
    if (row->set->told)
        row->set->told(row->set->owner, row->record, error);
}

int unsaved_write(struct unsaved_row *row)
{
    int r = row->set->write(row->set->owner, row->record);
    if (r == 0)
        r = store_after_commit(row->set->store, told, row);
    if (r < 0) {
        complain(row->set, r);
        unsaved_later(row);
        return r;
    }
    clean(row);
    row->in_flight++;
    return 0;
}

/* Stops at the first failure: a full disk is asked once a second, not once a row. */
void unsaved_retry(struct unsaved *set)
{
    if (clock_boot_ms() < set->retry_ms)
        return;
    struct unsaved_row *row, *last = TAILQ_LAST(&set->dirty, unsaved_rows);
    while ((row = TAILQ_FIRST(&set->dirty)) && unsaved_write(row) == 0 && row != last)
        ;
}

/* Once a turn, until the time has come. */
static void turn(void *argument, int error)
{
    struct unsaved *set = argument;
    (void)error;
    set->waiting = false;
    unsaved_retry(set);
    if (!TAILQ_EMPTY(&set->dirty))
        wait_for_turn(set);
}

void unsaved_init(struct unsaved *set, struct store *store, void *owner,
    int (*write)(void *owner, void *record), void (*tell)(void *owner, void *record, int error))
{
    *set = (struct unsaved){.store = store, .owner = owner, .write = write, .told = tell};
    TAILQ_INIT(&set->dirty);
}

void unsaved_deinit(struct unsaved *set)
{
    if (set->waiting)
        store_forget(set->store, set);
}

void unsaved_row_init(struct unsaved_row *row, struct unsaved *set, void *record)
{
    *row = (struct unsaved_row){.set = set, .record = record};
}

bool unsaved_settled(const struct unsaved_row *row)
{
    return !row->dirty && row->in_flight == 0;
}

void unsaved_drop(struct unsaved_row *row)
{
    clean(row);
    if (row->in_flight > 0)
        store_forget(row->set->store, row);
    row->in_flight = 0;
}
