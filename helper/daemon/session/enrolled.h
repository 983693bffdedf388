/*
 * What is enrolled: long tokens that are kept, for the host itself and for users, and the client's secret where one
 * was given to issue the next from. The token is the ledger's, held by the enrollment's reference: never a proof, on
 * the deny list as OURS, and revoked when another takes its place. One for each owner.
 *
 * Two slots, so to speak: a new token is held under a reference of its own; when it has proved good the row names
 * that one, and after the commit the former is released: the sessions that it serves hold the new one instead, so that
 * it is revoked (one of another client serves them to their end). What is held and named by no row (the helper was killed
 * between two of these) is given up at the start.
 */
#ifndef SESSION_ENROLLED_H
#define SESSION_ENROLLED_H

#include "base/store.h"
#include "base/vault.h"
#include "session/bearer.h"
#include "session/ledger.h"
#include "c2m/wire.h"

#include <stdbool.h>
#include <stdint.h>

struct enrolled;

enum { ENROLLED_MAX = 1024 };

struct enrollment {
    char owner[C2M_NAME_MAX + 1]; /* a user; "": the host itself */
    char holder[C2M_REFERENCE_SIZE + 1];
    char client[C2M_ID_MAX + 1];
    char token_id[128]; /* "": nobody said it, and it cannot be revoked */
    enum c2m_enroll_way way; /* how it was issued, and the next will be */
    int64_t since, expires; /* wall clock; expires 0: nobody said */
    uint8_t hash[VAULT_HASH_SIZE];
};

/* Loads the rows. The arguments stay the caller's. */
int enrolled_new(struct store *store, struct vault *vault, struct ledger *ledger, struct enrolled **out);
/* After a start: gives up what no row names, and no session of KNOWN (which holds its user's token too) either. */
int enrolled_resume(
    struct enrolled *enrolled, bool (*known)(void *argument, const char *holder), void *argument);
void enrolled_free(struct enrolled *enrolled);
/* Lives until the owner is enrolled anew or removed. NULL: there is none. */
const struct enrollment *enrolled_find(const struct enrolled *enrolled, const char *owner);
/* HOLDER is what the row of OWNER names ("": there is no row), and no change of it waits for its commit. */
bool enrolled_is(const struct enrolled *enrolled, const char *owner, const char *holder);
/* FN for each; stops at and returns its non-zero result. */
int enrolled_each(
    const struct enrolled *enrolled, int (*fn)(void *argument, const struct enrollment *), void *argument);
/*
 * ENROLLMENT takes the place of its owner's former one, which is released after this turn's commit. SECRET, NULL for none,
 * is kept sealed. A negative errno, or a commit that fails: everything is as before, and the new token is still the
 * caller's to release. -EBUSY: another change of this owner waits for its commit; -EAGAIN: too many.
 */
int enrolled_put(struct enrolled *enrolled, const struct enrollment *enrollment, const struct secret *secret);
/* The same; -ENOENT: there is none. */
int enrolled_remove(struct enrolled *enrolled, const char *owner);
/* The kept long token of OWNER; -ENOENT, or the errno of the seal. */
int enrolled_token(const struct enrolled *enrolled, const char *owner, struct secret **out);
/* The client's secret, where the way is C2M_ENROLL_SECRET. */
int enrolled_secret(const struct enrolled *enrolled, const char *owner, struct secret **out);
/* Is the host's token kept, and of that client? */
bool enrolled_host_is(const struct enrolled *enrolled, const char *client);
/* revoker_host_fn: the host's own token, as a bearer for what belongs to the host's own client, and for nothing else. */
int enrolled_host_bearer(void *argument, const char *client, struct secret **out);

#endif
