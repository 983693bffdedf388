/*
 * The table of revocations: orders that are pending, and receipts of what is settled (30 days, at most 10,000).
 */
#ifndef SESSION_REVOCATION_ROWS_H
#define SESSION_REVOCATION_ROWS_H

#include "base/store.h"
#include "session/revocation.h"

enum { REVOCATION_RECEIPTS_MAX = 10000, REVOCATION_RECEIPT_LIFE = 30 * 24 * 3600 };

struct revocation_rows {
    struct store *store;
    struct store_statement *pending, *receipts, *state, *unrevocable, *hopeless, *put, *prune_old,
        *prune_many;
};

int revocation_rows_open(struct revocation_rows *rows, struct store *store);
void revocation_rows_close(struct revocation_rows *rows);
/* FN gets each pending one, and owns it. */
int revocation_rows_load(const struct revocation_rows *rows,
    int (*fn)(void *argument, struct revocation *revocation), void *argument);
/* FN gets each of CLIENT's that was unrevocable and still lives, and owns it. */
int revocation_rows_hopeless(const struct revocation_rows *rows, const char *client,
    int (*fn)(void *argument, struct revocation *revocation), void *argument);
int revocation_rows_put(const struct revocation_rows *rows, const struct revocation *revocation);
/* The state of the row with that hash; 0 when there is none. */
int revocation_rows_state(const struct revocation_rows *rows, const uint8_t *hash);
/* FN for each receipt on disk, newest first; its revocation has no bearers and is the callee's for the call only. */
int revocation_rows_receipts(const struct revocation_rows *rows,
    int (*fn)(void *argument, const struct revocation *revocation), void *argument);
/* How many are unrevocable and still alive. */
unsigned revocation_rows_unrevocable(const struct revocation_rows *rows);
/* Forgets receipts that are too old or too many. */
void revocation_rows_prune(const struct revocation_rows *rows);

#endif
