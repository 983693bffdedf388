/*
 * What memory holds and the disk does not hold yet. A row is written into this turn's transaction; when the
 * write or the commit fails (a full disk), the row is dirty: memory goes on, and the row is written again a
 * second later, at the end of a turn, until it is on disk.
 */
#ifndef SESSION_UNSAVED_H
#define SESSION_UNSAVED_H

#include "base/store.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

enum { UNSAVED_RETRY_MS = 1000 };

struct unsaved;

/* Lies in the record that it saves. */
struct unsaved_row {
    TAILQ_ENTRY(unsaved_row) entry;
    struct unsaved *set;
    void *record;
    unsigned in_flight; /* writes whose commit has not been told */
    bool dirty;
};

struct unsaved {
    struct store *store;
    const char *table; /* for the log; NULL: its owner says what must be said */
    void *owner;
    /* Writes RECORD as it is now. A negative errno: not now. */
    int (*write)(void *owner, void *record);
    /* A commit of RECORD was told. May free it when unsaved_settled says so. NULL: nobody asks. */
    void (*told)(void *owner, void *record, int error);
    TAILQ_HEAD(unsaved_rows, unsaved_row) dirty;
    int64_t retry_ms;
    struct store_waiter waiter;
    bool waiting, complained;
};

void unsaved_init(struct unsaved *set, struct store *store, void *owner,
    int (*write)(void *owner, void *record), void (*told)(void *owner, void *record, int error));
/* Every row was dropped before. */
void unsaved_deinit(struct unsaved *set);
void unsaved_row_init(struct unsaved_row *row, struct unsaved *set, void *record);
/* Writes now. A negative errno: it is dirty. */
int unsaved_write(struct unsaved_row *row);
/* Not now: it is dirty. */
void unsaved_later(struct unsaved_row *row);
/* Nothing is dirty or under way: what the row says is on disk. */
bool unsaved_settled(const struct unsaved_row *row);
/* Nothing is written or told of it any more: before the record is freed, or when another row stands for it. */
void unsaved_drop(struct unsaved_row *row);
/* Writes what is dirty and due, for whoever has a timer. */
void unsaved_retry(struct unsaved *set);

#endif
