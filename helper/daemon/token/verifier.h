/*
 * Is it genuine? jwt_text, then claims by type, then the signature by a pinned key, then the times and the
 * issuer. Remembers at most 1,024 SHA-256s of canonical text with their claims until they expire: the signature
 * only; the times are judged each time, and the deny list, the map and the policy are the callers'.
 */
#ifndef TOKEN_VERIFIER_H
#define TOKEN_VERIFIER_H

#include "base/mismatch.h"
#include "base/secret.h"
#include "base/vault.h"
#include "token/claims.h"
#include "token/keyset.h"

struct verifier;

struct verifier_options {
    const char *issuer; /* exact; required. Copied. */
    int64_t tolerance; /* seconds that clocks may differ */
    int64_t max_lifetime; /* of a short token: exp - iat; a pasted one must have iat */
};

struct verified {
    struct claims claims;
    uint8_t hash[VAULT_HASH_SIZE]; /* SHA-256 of the canonical text */
};

/* The keyset becomes the verifier's, unless this fails: -EINVAL without an issuer or a lifetime, -ENOMEM. */
int verifier_new(const struct verifier_options *options, struct keyset *keyset, struct verifier **out);
void verifier_free(struct verifier *verifier);
/* Keeps there what issuer a genuine token names that is refused for it, and which key one that is unknown; it lives longer. */
void verifier_set_mismatches(struct verifier *verifier, struct mismatches *mismatches);
/* Other keys, which become the verifier's; what the former ones had signed is forgotten. */
void verifier_set_keyset(struct verifier *verifier, struct keyset *keyset);
/*
 * Another configuration and other keys, as verifier_new takes them; without a KEYSET the keys stay. On a negative
 * errno everything stays.
 */
int verifier_reload(struct verifier *verifier, const struct verifier_options *options, struct keyset *keyset);
/* Forgets every remembered token: the next check of each looks at its signature again. */
void verifier_forget(struct verifier *verifier);
/*
 * REASON_NONE with *out filled: a genuine, current short token (or one without token_type); else why not:
 * any of jwt_text's and claims', UNKNOWN_KEY, ALGORITHM, SIGNATURE, ISSUER, EXPIRED, NOT_YET, TOKEN_TYPE,
 * LIFETIME. For EXPIRED *out is filled too, because only a genuine token may be told so; for any other reason
 * it holds the hash alone (zeros when TOO_LONG).
 */
enum reason verifier_check(struct verifier *verifier, const struct secret *token, struct verified *out);
/*
 * The same for a token that the API itself has just sent over TLS that was verified. Where the channel is trusted
 * (keyset_of_channel) nobody looks at its signature; everywhere else that makes no difference. What was typed is never
 * trusted so: verifier_check says UNKNOWN_KEY to all of it there.
 */
enum reason verifier_check_obtained(
    struct verifier *verifier, const struct secret *token, struct verified *out);

#endif
