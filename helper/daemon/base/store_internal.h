/*
 * Between store.c and store_disk.c, which name SQLite, store_turn.c, which owns the transaction of a turn, and store_open.c,
 * which says what a database of ours is. Nobody else includes this.
 */
#ifndef BASE_STORE_INTERNAL_H
#define BASE_STORE_INTERNAL_H

#include "base/state_dir.h"
#include "base/store.h"

enum { STORE_LOG_ROOM = 1024 * 1024 };

/* What each turn says: parsed once, so that taking a turn back needs no memory. */
enum store_word {
    STORE_BEGIN,
    STORE_COMMIT,
    STORE_ROLLBACK,
    STORE_SAVEPOINT,
    STORE_RELEASE,
    STORE_UNDO,
    STORE_WORDS
};

struct sqlite3;
struct sqlite3_stmt;
struct store_disk;

STAILQ_HEAD(store_waiters, store_waiter);

struct store {
    struct sqlite3 *db;
    struct store_disk *disk; /* what SQLite writes through */
    struct state_dir directory;
    bool reserved; /* the reserve is whole */
    bool scarce; /* it was told that it is not */
    int no_room; /* why it is not */
    bool damaged; /* SQLite met a page that makes no sense */
    bool open; /* a transaction */
    int failed; /* why this turn's transaction is lost; 0 */
    unsigned depth; /* of savepoints */
    struct sqlite3_stmt *words[STORE_WORDS];
    int log_pages; /* in the write-ahead log, by the last commit */
    bool log_empty; /* SQLite wrote nothing since it was cut to nothing */
    bool checkpoint_due; /* asked for while a transaction was open */
    struct store_waiters waiting, telling, next_turn;
};

/* store.c */
int store_connect(struct store *store, const char *file);
void store_disconnect(struct store *store); /* what is not committed is gone */
int store_run(struct store *store, const char *sql);
int store_learn_words(struct store *store); /* before the first store_say */
int store_say(struct store *store, enum store_word word);
int store_query(struct store *store, const char *sql, int64_t *value); /* the first column of the first row */

/* store_disk.c: -ENOMEM; store->disk is there, for store_disk_free, all the same where there was memory for it. */
int store_disk_new(struct store *store);
void store_disk_free(struct store_disk *disk);
const char *store_disk_name(const struct store_disk *disk); /* of its VFS */
/*
 * Gives a write-ahead log of no length its room, in zeros, which is no log to SQLite (fileformat2.html#walformat): a commit
 * that makes its file longer has the file's size and its blocks to sync besides. Where there is no room it stays empty.
 * False: it is not empty.
 */
bool store_disk_lay_out_log(struct store *store);

/* store_turn.c: begins this turn's transaction unless it is open; why not, when it is lost. */
int store_enter(struct store *store);
void store_forget_all(struct store *store);

/* store_room.c: the disk is full. True: there may be room now, so a write is worth another try. */
bool store_make_room(struct store *store);
/* Whoever reads the log is told when the reserve is used, and when it is whole again. */
void store_tell_room(struct store *store);

#endif
