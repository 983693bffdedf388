/*
 * What the tests of revocations and of the ledger stand in: the real store and vault in a folder of their own,
 * time that stands still, an API that answers when told, and what the log was told.
 * Needs "fakes: clock loop api", disk.c, receipts.c, said.c, and --wrap of log_send and log_message.
 */
#ifndef TESTS_REVOCATION_WORLD_H
#define TESTS_REVOCATION_WORLD_H

#include "session/deny_list.h"
#include "session/ledger.h"
#include "session/revoker.h"

#include "disk.h"
#include "fakes/api.h"
#include "fakes/clock.h"
#include "fakes/loop.h"
#include "receipts.h"
#include "said.h"

enum { NOW = 1700000000, SHORT_LIFE = 900, LONG_LIFE = 30 * 24 * 3600 };

extern struct revocation_world {
    struct loop *loop;
    struct store *store;
    struct vault *vault;
    struct api *api;
    struct deny_list *deny_list;
    struct revoker *revoker;
    struct ledger *ledger;
    struct ledger_options options;
    char folder[256], key_folder[256], key[300];
} world;

int revocation_world_set_up(void **state);
int revocation_world_tear_down(void **state);
void world_stop(void); /* SIGKILL: what is not committed is gone */
void world_start(void);
void world_restart(void);
void world_turn(void); /* whatever is due now, and its commit */

void hash_of(const char *text, uint8_t hash[VAULT_HASH_SIZE]);
enum deny_kind denied(const char *token_id, const char *text); /* either may be NULL */
int64_t rows_of(const char *table);
/* Any file of the state directory holds that text. */
bool disk_holds(const char *text);

/* An order for a token of ALICE's, of the text "text of ID"; 0 expires in SHORT_LIFE; NULL is no bearer. */
struct order {
    const char *id, *reference, *self, *parent;
    bool is_long;
    int64_t expires;
};
int ask_for(struct order order);
#define ASK(...) ask_for((struct order){__VA_ARGS__})

/* HOLDER holds a token of alice's: its id is "tok_TEXT" and its bearer TEXT. Shorts live SHORT_LIFE, longs LONG_LIFE. */
int hold(const char *holder, enum ledger_kind kind, const char *text);
/* The same, but it lacks tokens:revoke. */
int hold_powerless(const char *holder, enum ledger_kind kind, const char *text);
int hold_token(
    const char *holder, const struct ledger_token *token, const char *text); /* hash is filled in */
/* No further page fits: the next insert fails, not only its commit. False: there is room again. */
void world_full(bool full);

#endif
