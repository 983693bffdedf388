/*
 * Tokens that prove nothing here, by id and by the SHA-256 of their canonical text, until they expire: revoked
 * ones, and those that this helper obtained, delivered or keeps (never a proof, whoever pastes them).
 *
 * Written before anything else forgets the token. An entry is dropped only when the wall clock is a day past its
 * expiry AND its life has passed while helpers ran on this state, by the boot clock: a clock that is set back, jumps
 * ahead and comes back, or is years ahead at a start, revives nothing.
 */
#ifndef SESSION_DENY_LIST_H
#define SESSION_DENY_LIST_H

#include "base/store.h"
#include "base/vault.h"

#include <stddef.h>
#include <stdint.h>

struct deny_list;

enum {
    DENY_LIST_MAX = 1000000,
    DENY_LIST_RESERVE =
        65536, /* of it, for what the ledger holds already: a login needs more room than this */
};

enum deny_kind {
    DENY_NOT,
    DENY_OURS = 1, /* no proof, but alive */
    DENY_REVOKED = 2, /* dead; wins over OURS */
};

/* Creates its part of the schema's statements and loads what the store holds. */
int deny_list_new(struct store *store, struct deny_list **out);
void deny_list_free(struct deny_list *list);
/*
 * Records an entry in this turn's transaction; in memory it is in force at once, and stays so if the commit
 * fails (then it is written again later, which is what a negative errno of the store means too). TOKEN_ID may be
 * "". Idempotent. -EAGAIN (full) and -ENOMEM: it is not in force.
 */
int deny_list_add(struct deny_list *list, const char *token_id, const uint8_t hash[VAULT_HASH_SIZE],
    int64_t expires, enum deny_kind kind);
/* The stronger of what is known of the id and of the hash (either may be NULL; the id may be ""). */
enum deny_kind deny_list_find(const struct deny_list *list, const char *token_id, const uint8_t *hash);
size_t deny_list_size(const struct deny_list *list);
/* Drops what is past; called by a timer of the daemon. */
void deny_list_prune(struct deny_list *list);

#endif
