/*
 * The keys that the service publishes at a URL (RFC 7517), while they change.
 *
 * Fetched at the start and then as often as Cache-Control says, between 5 minutes and 12 hours (an hour without it);
 * when a token names an unknown key, at once, but so at most once a minute. A set without a key of use is refused, and
 * the one before stays. The last good set serves for a day after it was fetched, over restarts too (it lies in the
 * store); then there are no keys, and no token can be verified.
 */
#ifndef TOKEN_JWKS_H
#define TOKEN_JWKS_H

#include "base/http.h"
#include "base/loop.h"
#include "base/reason.h"
#include "base/store.h"
#include "token/keyset.h"

#include <stdbool.h>
#include <stdint.h>

struct jwks;
struct jwks_wait;

/* The keys from now on, which become the callee's; an empty set when there are none any more. */
typedef void (*jwks_keys_fn)(void *argument, struct keyset *keyset);
typedef void (*jwks_fn)(void *argument);

/*
 * URL, https, and ALGORITHMS, blank-separated, are copied. LOOP, HTTP and STORE stay the caller's and live longer.
 * -EINVAL: not such a URL; -ENOMEM. Nothing happens before jwks_start.
 */
int jwks_new(struct loop *loop, struct http *http, struct store *store, const char *url,
    const char *algorithms, struct jwks **out);
/* Whoever waits is told; no more keys come. */
void jwks_free(struct jwks *jwks);
/* FN gets what the store holds of this URL, from inside, and every other set later. The first fetch begins. */
void jwks_start(struct jwks *jwks, jwks_keys_fn fn, void *argument);
bool jwks_is(const struct jwks *jwks, const char *url, const char *algorithms);

/* A token named an unknown key: fetches, unless that was done less than a minute ago; then when the minute is over. */
void jwks_miss(struct jwks *jwks);
/*
 * A miss, and FN is called once when the fetch that is under way has ended, well or not, after the new keys were
 * given; never from inside. -EAGAIN: none is; -ENOMEM.
 */
int jwks_await(struct jwks *jwks, jwks_fn fn, void *argument, struct jwks_wait **out);
/* No callback will come. */
void jwks_cancel(struct jwks_wait *wait);
/*
 * What a check said whose key may be a new one. True: *REASON is UNKNOWN_KEY, the published keys are fetched again, for
 * the first time (*WAITED), and FN is called as in jwks_await. Else *REASON is what to go by. JWKS may be NULL.
 */
bool jwks_wait_for(
    struct jwks *jwks, enum reason *reason, bool *waited, jwks_fn fn, void *argument, struct jwks_wait **out);
/* What a key is that is still unknown: UNKNOWN_KEY, a refusal, or NO_KEYS, an outage: nobody could be asked. */
enum reason jwks_reason(const struct jwks *jwks);
/* How long ago, in seconds, the set that is in force was fetched; -1: there is none. */
int64_t jwks_age(const struct jwks *jwks);

#endif
