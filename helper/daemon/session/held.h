/*
 * A token that lives because of this host, and who holds it: the objects and how they find one another, no disk.
 *
 * A token without a holder is given up: its row may go only when its revocation is ordered. A holder's row goes
 * by itself while others hold the token, else with the token.
 */
#ifndef SESSION_HELD_H
#define SESSION_HELD_H

#include "session/bearer.h"
#include "session/ledger.h"
#include "session/table.h"
#include "session/unsaved.h"
#include "c2m/wire.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

/* Of a token that does not say how long it lives: the API's longest, in seconds. */
enum { HELD_UNKNOWN_LIFE = 90 * 24 * 3600 };

struct hold {
    LIST_ENTRY(hold) entry; /* of its token */
    struct table_link by_holder;
    struct unsaved_row saving;
    struct held *token;
    char holder[C2M_REFERENCE_SIZE + 1];
    bool over; /* until its row is gone from the disk */
};

struct held {
    TAILQ_ENTRY(held) entry;
    struct table_link by_hash;
    struct unsaved_row saving;
    LIST_HEAD(, hold) holds;
    unsigned holders; /* those that are not over */
    char released_by[C2M_REFERENCE_SIZE + 1]; /* the last one */
    /* the row */
    uint8_t hash[VAULT_HASH_SIZE];
    enum ledger_kind kind;
    char *user, *client, *token_id;
    int64_t expires;
    int64_t over_boot_ms; /* its life is over on the boot clock */
    bool may_revoke;
    struct bearer bearer;
};

int held_new(const struct vault *vault, const struct ledger_token *token, const struct secret *secret,
    struct held **out);
void held_free(struct held *held);
int held_set_texts(struct held *held, const char *user, const char *client, const char *token_id);
int held_bearer(const struct held *held, const struct vault *vault, struct secret **out);
bool held_is_long(const struct held *held);

struct held_tokens {
    TAILQ_HEAD(, held) all;
    struct table by_hash, by_holder;
};

int held_tokens_init(struct held_tokens *tokens);
/* Frees all of them. */
void held_tokens_deinit(struct held_tokens *tokens);
size_t held_tokens_count(const struct held_tokens *tokens);
/* HELD becomes the set's. */
void held_add(struct held_tokens *tokens, struct unsaved *saving, struct held *held);
/* Takes the token and its holds out and frees them. */
void held_remove(struct held_tokens *tokens, struct held *held);
struct held *held_find(const struct held_tokens *tokens, const uint8_t *hash);

/* HOLDER holds HELD from now on; one that is over holds it again. -EINVAL: no reference. */
int hold_add(struct held_tokens *tokens, struct unsaved *saving, struct held *held, const char *holder,
    struct hold **out);
void hold_remove(struct held_tokens *tokens, struct hold *hold);
/* It holds no more; with the last one the token is given up. */
void hold_end(struct hold *hold);
/* Iteration over what HOLDER holds, or held: those that are over too. */
struct hold *hold_first(const struct held_tokens *tokens, const char *holder);
struct hold *hold_next(const struct hold *hold);

#endif
