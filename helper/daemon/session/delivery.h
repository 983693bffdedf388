/*
 * `c2mctl token`: a short token for the API, narrowed to [delivery] scopes, for a process that stands in a
 * session that was opened with a long token. One token a session is cached (sealed) until its rest of life is
 * below what is asked for. Never a tokens: scope, never one that logs in; what comes back is verified, must be
 * the user's, and that narrow, or it is revoked and refused.
 */
#ifndef SESSION_DELIVERY_H
#define SESSION_DELIVERY_H

#include "session/ledger.h"
#include "session/presence.h"
#include "session/sessions.h"
#include "token/api.h"
#include "token/jwks.h"
#include "token/verifier.h"

struct delivery;

struct delivery_options {
    struct scopes scopes; /* empty: off */
    const char *prefix; /* of scopes in tokens, or NULL; copied */
};

struct delivery_result {
    enum reason
        reason; /* CREDENTIAL: here is a token; else NO_DELIVERY, SHORT_SESSION, API_*, TOO_WIDE, DEADLINE ... */
    struct secret *token;
    int64_t expires;
    int64_t retry_after;
};
typedef void (*delivery_fn)(void *argument, struct delivery_result *result);

struct delivery_parts {
    struct loop *loop;
    struct store *store;
    struct vault *vault;
    struct api *api;
    struct verifier *verifier;
    struct jwks *const
        *jwks; /* where its keys come from, read at each use; NULL, or a pointer to NULL: not from a URL */
    struct ledger *ledger;
    struct sessions *sessions; /* where it is remembered that an account is suspended */
    struct presences *presences;
};

int delivery_new(
    const struct delivery_parts *parts, const struct delivery_options *options, struct delivery **out);
void delivery_free(struct delivery *delivery);
/*
 * FN exactly once, after the commit that records the token, never from inside
 * (but for the lack of memory to remember it by); it may take the token with STEAL.
 * delivery_cancel(ARGUMENT) stops it. Whether the session's own token is still alive is the caller's to judge.
 */
void delivery_get(struct delivery *delivery, const struct session *session, int64_t min_ttl,
    int64_t timeout_ms, delivery_fn fn, void *argument);
void delivery_cancel(struct delivery *delivery, void *argument);
/* The session ended: its cached token is forgotten (the ledger revokes it). */
void delivery_forget(struct delivery *delivery, const char *reference);

#endif
