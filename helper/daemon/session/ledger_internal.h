/* Shared by ledger.c, which writes what is held and gives up what is not, and ledger_holders.c. Nobody else includes this. */
#ifndef SESSION_LEDGER_INTERNAL_H
#define SESSION_LEDGER_INTERNAL_H

#include "session/ledger_rows.h"

struct ledger {
    struct store *store;
    struct vault *vault;
    struct deny_list *deny_list;
    struct revoker *revoker;
    struct ledger_options options;
    struct ledger_rows rows;
    struct unsaved saving_tokens, saving_holds;
    struct held_tokens tokens;
    void *reserve; /* memory for a token that exists at the API when there is no other; NULL: it was needed */
};

#endif
