/*
 * Which tokens live because of this host, and who holds each: a session has several tokens, a token pasted
 * twice has several sessions, a terminal's presence is a holder too. With its last holder a token is denied and
 * its revocation ordered, in one transaction.
 *
 * Bearers are sealed, in the store and in memory.
 */
#ifndef SESSION_LEDGER_H
#define SESSION_LEDGER_H

#include "base/store.h"
#include "base/vault.h"
#include "session/deny_list.h"
#include "session/revoker.h"

#include <stdbool.h>
#include <stdint.h>

struct ledger;

struct ledger_options {
    bool revoke_pasted_long; /* [revocation] pasted_long = revoke, where its id is known */
};

enum ledger_kind {
    LEDGER_PASTED_SHORT = 1,
    LEDGER_EXCHANGED, /* a short token obtained for a login; OURS on the deny list */
    LEDGER_DELIVERED, /* a short token printed by c2mctl token; OURS */
    LEDGER_PASTED_LONG, /* the user's own: a bearer, forgotten with its last holder */
    LEDGER_ISSUED_LONG, /* from a code: revoked after its short ones; OURS */
    LEDGER_ENROLLED, /* a long token that is kept for the host or a user (enrolled.h), however it came; OURS */
};

struct ledger_token {
    enum ledger_kind kind;
    const char *user;
    const char *client;
    const char *token_id; /* "" when unknown */
    const char *claimed_id; /* NULL, or the id that the token itself states: denied beside token_id */
    const uint8_t *hash; /* VAULT_HASH_SIZE bytes */
    int64_t expires; /* wall clock; 0 when unknown: 90 days are assumed */
    bool may_revoke; /* it holds tokens:revoke, or nothing says that it does not */
};

/* Loads tokens and holders. The arguments stay the caller's. */
int ledger_new(struct store *store, struct vault *vault, struct deny_list *deny_list, struct revoker *revoker,
    const struct ledger_options *options, struct ledger **out);
void ledger_free(struct ledger *ledger);

/* Asked before a token is obtained: whether there is memory in reserve for it. 0 or -ENOMEM. */
int ledger_ready(struct ledger *ledger);

/*
 * HOLDER (a reference of 8 hex digits) holds the token from now on; a token known by hash gets one holder more.
 * Written in this turn's transaction. EXCHANGED, DELIVERED, ISSUED_LONG and ENROLLED go onto the deny list as OURS.
 *
 * -EAGAIN: too many tokens or pending revocations; or the errno of the store. Then a pasted token is not held;
 * an obtained one exists at the API whatever we could write, so it is, in memory, of which some is kept in reserve for it:
 * release HOLDER and it is revoked. -ENOMEM for an obtained one: the reserve was not enough either.
 */
int ledger_hold(
    struct ledger *ledger, const char *holder, const struct ledger_token *token, const struct secret *bearer);
/* Gives all that FROM holds to TO as well (sudo's session and its terminal's presence). */
int ledger_share(struct ledger *ledger, const char *from, const char *to);
/*
 * HOLDER ends: whatever only it held is put on the deny list as REVOKED and ordered to be revoked, shorts with
 * its long token as first bearer. One transaction: do not wrap it in a store_begin that may be undone. Idempotent;
 * a failure to write keeps memory right and is written again later, by itself.
 */
int ledger_release(struct ledger *ledger, const char *holder);
/*
 * Whoever holds the enrolled token FORMER (NULL: any other one of the same user) holds HEIR instead, which then is the
 * one that is exchanged again; FORMER is given up. Of the same client alone: another's could not revoke what FORMER
 * yielded. -ENOENT: nobody holds HEIR.
 */
int ledger_succeed(
    struct ledger *ledger, const uint8_t heir[VAULT_HASH_SIZE], const uint8_t former[VAULT_HASH_SIZE]);
/* Nobody holds it any more, whoever does: it is given up now. -ENOENT: it is not known. */
int ledger_revoke(struct ledger *ledger, const uint8_t hash[VAULT_HASH_SIZE]);
/* HOLDER gives up this one token alone, as in ledger_release; -ENOENT: it does not hold it. */
int ledger_drop(struct ledger *ledger, const char *holder, const uint8_t hash[VAULT_HASH_SIZE]);
/* The host has another token of CLIENT: what could not be revoked for want of a scope is tried again. */
void ledger_reopen(struct ledger *ledger, const char *client);
/* The long token that HOLDER may exchange again: -ENOENT when there is none. */
int ledger_long(struct ledger *ledger, const char *holder, struct secret **out);
unsigned ledger_count(const struct ledger *ledger, const char *holder);
/*
 * FN for each holder known, so that those whose session is gone can be released at start; or, with ENROLLED, for each
 * that holds an enrolled token, and for no other.
 */
int ledger_holders(
    struct ledger *ledger, bool enrolled, int (*fn)(void *argument, const char *holder), void *argument);

#endif
