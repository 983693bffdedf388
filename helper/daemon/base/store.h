/*
 * SQLite (WAL, synchronous=FULL): one database, one commit a turn of the loop.
 *
 * The first write of a turn begins a transaction; the turn hook commits it, then runs what asked to wait for
 * it, with 0 or the error. So nothing is promised before it is on disk, and a thousand logins share one fsync.
 * When the commit fails (full, read-only), everything of that turn is rolled back and each waiter is told.
 */
#ifndef BASE_STORE_H
#define BASE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct store;
struct store_statement;

/*
 * Opens or makes DIRECTORY/state.db (0600). STEPS[i] makes version i + 1 of the tables from version i; those that are
 * missing to VERSION are taken together or not at all, and user_version keeps how far it is.
 * -EPROTO: made by a newer program; -EUCLEAN: corrupt, or no database of ours; -EBUSY: another process has it;
 * -EACCES: the directory or a file is another's, or others may write to it or read it; -EROFS, -ENOSPC.
 * page cache bounded, secure_delete on, foreign files refused.
 */
int store_open(const char *directory, const char *const *steps, int version, struct store **out);
void store_close(struct store *store); /* commits nothing */
/*
 * Renames DIRECTORY's database, which nobody has open, to state.db.WHY-TIME (in OUT), so that store_open makes another.
 * -EBUSY: somebody has it; or the errno.
 */
int store_set_aside(const char *directory, const char *why, char out[64]);

/*
 * Opens for reading what store_set_aside put beside STORE in DIRECTORY, as far as it can be read: nothing of it is
 * checked, and no row of it can be changed. -EUCLEAN: nothing at all can be read.
 */
int store_open_aside(const struct store *store, const char *directory, const char *name, struct store **out);

/* Statements are prepared once, at start, and belong to the caller. */
int store_prepare(struct store *store, const char *sql, struct store_statement **out);
void store_finish(struct store_statement *statement);

/* Parameters count from 1. Texts and blobs are copied. */
void store_bind_text(struct store_statement *statement, int index, const char *text);
void store_bind_blob(struct store_statement *statement, int index, const void *bytes, size_t length);
void store_bind_integer(struct store_statement *statement, int index, int64_t value);

/* Each column of the row of FROM, which may be another store's, is the parameter of its place. */
void store_bind_row(struct store_statement *statement, const struct store_statement *from);

/* Runs a write to its end and resets it, which clears its parameters. A negative errno: nothing of it was done. */
int store_write(struct store_statement *statement);
/* 1: a row stands; 0: no more (reset); negative errno (reset). Columns count from 0 and live until the next call. */
int store_row(struct store_statement *statement);
const char *store_text(struct store_statement *statement, int column); /* never NULL */
const void *store_blob(struct store_statement *statement, int column, size_t *length);
int64_t store_integer(struct store_statement *statement, int column);
void store_reset(struct store_statement *statement);

/* All or nothing for several writes (SAVEPOINT; nests). store_end undoes them unless KEEP. */
int store_begin(struct store *store);
int store_end(struct store *store, bool keep);

/*
 * FN runs once: after the commit of this turn (0), or when it failed (a negative errno). When nothing was
 * written in this turn it runs at the end of the turn with 0. Never from inside this call.
 * A write that failed fails the turn, but for -EEXIST and what store_end undoes.
 */
typedef void (*store_fn)(void *argument, int error);
int store_after_commit(struct store *store, store_fn fn, void *argument);

/* Who waits. */
struct store_waiter {
    STAILQ_ENTRY(store_waiter) entry;
    store_fn fn;
    void *argument;
    bool lent; /* by who asked: nobody frees it here */
};
/*
 * As store_after_commit, at the end of the next store_turn: who asks again from inside is told one turn later. WAITER lies
 * with who asks until it is told or forgotten, so that this needs no memory.
 */
void store_next_turn(struct store *store, struct store_waiter *waiter, store_fn fn, void *argument);
/* Forgets what ARGUMENT asked to wait for. */
void store_forget(struct store *store, void *argument);

/* The turn hook of the loop: commits and tells. Safe to call with nothing to do. */
void store_turn(struct store *store);
/*
 * A page that makes no sense was met: what is written from here on may be lost, or cannot be written. End, and start
 * again: store_open looks at every page.
 */
bool store_damaged(const struct store *store);
/*
 * Truncates the write-ahead log, unless nothing was written since; called by a timer. In a turn that has written it is done
 * at the turn's end. -EBUSY: a row stands.
 */
int store_checkpoint(struct store *store);
/*
 * 0: what is granted now can be given up later, because the reserve of disk space (state_reserve.h) is whole, or is made
 * so now. -ENOSPC, or another errno: nothing more may be granted. What is given up goes on being written all the same.
 */
int store_room(struct store *store);
/* The same, and tries a write and takes it back, without a sync: 0 when the state can be written. */
int store_probe(struct store *store);

/* The space in reserve is known not to be whole: nothing is granted. */
bool store_scarce(const struct store *store);

#endif
