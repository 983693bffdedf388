/* The tables of the ledger: tokens, and who holds which. */
#ifndef SESSION_LEDGER_ROWS_H
#define SESSION_LEDGER_ROWS_H

#include "base/store.h"
#include "session/held.h"

struct ledger_rows {
    struct store_statement *tokens, *holders, *put_token, *put_holder, *delete_token, *delete_holder,
        *delete_strays;
};

int ledger_rows_open(struct ledger_rows *rows, struct store *store);
void ledger_rows_close(struct ledger_rows *rows);
/* TOKEN gets each token and owns it; HOLDER is told who holds which hash. */
int ledger_rows_load(const struct ledger_rows *rows, int (*token)(void *argument, struct held *held),
    int (*holder)(void *argument, const char *holder, const uint8_t *hash), void *argument);
int ledger_rows_put_token(const struct ledger_rows *rows, const struct held *held);
int ledger_rows_put_holder(const struct ledger_rows *rows, const struct hold *hold);
/* The token and all its holders. */
int ledger_rows_delete_token(const struct ledger_rows *rows, const struct held *held);
int ledger_rows_delete_holder(const struct ledger_rows *rows, const struct hold *hold);
/* Holders of no token. */
int ledger_rows_delete_strays(const struct ledger_rows *rows);

#endif
