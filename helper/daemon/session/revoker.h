/*
 * Ends tokens at the API, until each is dead: recorded before it is promised, retried with exponential backoff
 * and full jitter over outages and restarts, Retry-After obeyed, a receipt kept (30 days, at most 10,000).
 *
 * Bearers in this order: the session's long token, then the token itself, then the host's own for what belongs to
 * the host's client. When it is done, and when the next bearer is due, is the table of design "Revocation": 204, or 200 with a JSON object that carries no
 * error: done. 404 not_found: done only from another bearer than the target, or from the target itself after a
 * try whose answer was lost, and only if this base URL has been proven (api_health). 401 with a token code for a
 * bearer that is the target, after a lost answer: done. Anything else: the next bearer at once; when all were
 * tried, backoff and begin again. UNREVOCABLE only without a bearer, or when each said insufficient_scope.
 * Expired targets are settled as EXPIRED without a request (by the wall clock, unless it jumped: their life must
 * have passed on the boot clock too). Short tokens before long ones; soonest useful first.
 */
#ifndef SESSION_REVOKER_H
#define SESSION_REVOKER_H

#include "base/loop.h"
#include "base/store.h"
#include "base/vault.h"
#include "token/api.h"
#include "c2m/wire.h"

#include <stdint.h>

struct revoker;

struct revoker_order {
    const char *reference; /* of the session or the login */
    const char *user;
    const char
        *client; /* "" when it is not known to be the long bearer's too: a 404 to that one proves nothing */
    const char *token_id; /* "": unrevocable, said so */
    const uint8_t *hash; /* VAULT_HASH_SIZE bytes, of the token's canonical text */
    bool is_long;
    int64_t expires; /* wall clock */
    int64_t over_boot_ms; /* the same on the boot clock, when it is known; else 0 */
    const struct secret *bearer_long; /* NULL: none */
    const struct secret *bearer_self; /* NULL: none, or it is known to lack tokens:revoke */
};

/* Loads what is pending and goes on with it. All arguments stay the caller's and live longer. */
int revoker_new(
    struct loop *loop, struct store *store, struct vault *vault, struct api *api, struct revoker **out);
void revoker_free(struct revoker *revoker); /* what is pending stays in the store */
/*
 * Who gives the host's own long token, as the last bearer for tokens of CLIENT: -ENOENT when it is none of its client's.
 * Asked at each try, so that a token that was rotated meanwhile is not used.
 */
typedef int (*revoker_host_fn)(void *argument, const char *client, struct secret **out);
void revoker_set_host(struct revoker *revoker, revoker_host_fn fn, void *argument);
/*
 * Records in this turn's transaction; the first try follows the commit. A second order for the same token is
 * the same revocation. If the commit fails it stays in memory, is tried, and is written again later.
 */
int revoker_ask(struct revoker *revoker, const struct revoker_order *order);
/*
 * The host has another token: what no bearer might revoke of CLIENT's, and still lives, is asked for again. A negative
 * errno: not all of it.
 */
int revoker_reopen(struct revoker *revoker, const char *client);
/* FN for each, pending first, then receipts from the newest; stops at and returns its non-zero result. */
int revoker_each(struct revoker *revoker, int (*fn)(void *argument, const struct c2m_revocation *revocation),
    void *argument);
/* UNREVOCABLE: those whose token has not expired yet; may be NULL. */
void revoker_counts(const struct revoker *revoker, unsigned *pending, unsigned *unrevocable);
/* When the oldest that is pending was asked for, wall clock; 0 when none is. */
int64_t revoker_oldest(const struct revoker *revoker);

#endif
