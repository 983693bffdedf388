/*
 * What was delivered to a session, or is being fetched for it: one short token, sealed, and the long token that
 * it comes from while it is on its way.
 */
#ifndef SESSION_PARCEL_H
#define SESSION_PARCEL_H

#include "session/bearer.h"
#include "session/ledger.h"
#include "session/sessions.h"
#include "token/api.h"
#include "token/jwks.h"
#include "token/verifier.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

struct parcel {
    LIST_ENTRY(parcel) entry;
    struct delivery *delivery;
    char reference[9]; /* of the session */
    char user[C2M_NAME_MAX + 1];
    char client[CLAIMS_TEXT_SIZE];
    struct api_call *call; /* the exchange is under way */
    struct jwks_wait *wait; /* the published keys are fetched: its token may be of a new one */
    bool waited; /* once is enough */
    struct secret *obtained; /* what the exchange yielded, until it is judged */
    struct api_token answer; /* its id and its life; no token in it */
    bool recording; /* the commit is */
    bool closed; /* the session ended meanwhile: what comes is revoked */
    uint8_t hash[VAULT_HASH_SIZE];
    struct bearer token;
    int64_t expires, life; /* wall clock; seconds that it had when it came */
    uint8_t parent_hash[VAULT_HASH_SIZE];
    struct bearer parent;
};

int parcel_new(const struct session *session, struct parcel **out);
void parcel_free(struct parcel *parcel);
int parcel_set_parent(struct parcel *parcel, const struct vault *vault, const struct secret *parent);
int parcel_set_token(
    struct parcel *parcel, const struct vault *vault, const struct secret *token, int64_t expires);
int parcel_token(const struct parcel *parcel, const struct vault *vault, struct secret **out);
/* It lives MIN_TTL seconds more, or nearly as long as the API lets a token live. */
bool parcel_fresh(const struct parcel *parcel, int64_t min_ttl);
/* May what the API answered be handed out? REASON_NONE; SUBJECT, TOO_WIDE, NO_TOKEN_ID. */
enum reason parcel_judge(const struct parcel *parcel, const struct scopes *allowed, const char *prefix,
    const struct verified *verified, const struct api_token *answer);
/* The session holds it from now on. */
int parcel_hold(const struct parcel *parcel, struct ledger *ledger, const struct secret *token,
    const struct verified *verified, const struct api_token *answer);
/* It is not handed out: it is revoked, by the long token that it comes from. */
void parcel_discard(const struct parcel *parcel, struct ledger *ledger, const struct vault *vault,
    const struct secret *token, const struct verified *verified, const struct api_token *answer);

#endif
