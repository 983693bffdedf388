/*
 * One key as a JSON Web Key (RFC 7517, 7518, 8037): RSA, EC on P-256, OKP on Ed25519, and oct where HS256 is asked
 * for. It is pinned to ONE algorithm: its `alg`, or else the only one of those asked for that its kind fits.
 */
#ifndef TOKEN_JWK_H
#define TOKEN_JWK_H

#include "base/json.h"
#include "token/signature.h"

enum { JWK_KEY_ID_SIZE = 128 };

struct jwk {
    char key_id[JWK_KEY_ID_SIZE]; /* "": it has none */
    struct signature_key *key; /* the caller's */
};

/* True when WORD is one of the blank-separated ALGORITHMS. */
bool jwk_lists(const char *algorithms, const char *word);
/*
 * ALGORITHMS: those that it may be for, blank-separated. -EINVAL with *why a static sentence: a private key, one of
 * another use or algorithm, numbers that are not canonical, a key that `signature` refuses; -ENOMEM. KEY_ID is filled
 * also when the key is refused.
 */
int jwk_read(const struct json *json, const char *algorithms, struct jwk *out, const char **why);

#endif
