/*
 * The keys that may have signed a token: one from a file, the keys of a JWK Set, or none at all where the channel is
 * trusted instead. Each key is pinned to one algorithm.
 */
#ifndef TOKEN_KEYSET_H
#define TOKEN_KEYSET_H

#include "token/jwt_text.h"
#include "token/signature.h"

enum { KEYSET_MAX = 32 };

struct keyset;

/*
 * One public key, in PEM or as a JWK, from a file of at most 16 KiB that nobody else may write; it answers for every
 * key id. A negative errno; *why: a static sentence.
 */
int keyset_from_file(const char *file, const char *algorithm, struct keyset **out, const char **why);
/*
 * The secret of HS256, from a file that nobody else may read: its bytes (without the newline after a text), or a JWK
 * of kind oct. What is a key of another kind is never taken for a secret.
 */
int keyset_from_secret(const char *file, struct keyset **out, const char **why);
/* No key: an exchanged token is trusted because the API itself sent it (OpenID Connect Core, 3.1.3.7). -ENOMEM. */
int keyset_of_channel(struct keyset **out);
/* ALGORITHMS, blank-separated, and no key for them yet. -ENOMEM. */
int keyset_empty(const char *algorithms, struct keyset **out);
/*
 * A JWK Set (RFC 7517, 5) of at most 32 keys for ALGORITHMS. A key that cannot be used is told to REPORT (its id may
 * be "") and left out; -EINVAL when none is left, or it is no such set; -ENOMEM.
 */
typedef void (*keyset_report)(void *argument, const char *key_id, const char *why);
int keyset_from_jwks(const char *bytes, size_t length, const char *algorithms, keyset_report report,
    void *argument, struct keyset **out, const char **why);

void keyset_free(struct keyset *keyset);
unsigned keyset_count(const struct keyset *keyset);
bool keyset_is_channel(const struct keyset *keyset);
/*
 * The key that must have signed TEXT: by key id and algorithm; without a key id the only one of that algorithm. NULL
 * with *why = REASON_ALGORITHM (no key may be of it) or REASON_UNKNOWN_KEY.
 */
const struct signature_key *keyset_find(
    const struct keyset *keyset, const struct jwt_text *text, enum reason *why);

#endif
