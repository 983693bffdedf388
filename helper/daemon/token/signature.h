/*
 * OpenSSL, and for HS256 the vault: a key parsed once and pinned to ONE algorithm, curve and size checked at load, and the check of a
 * signature against it (EVP; 19 µs for RS256, where parsing the key at each call takes 300).
 */
#ifndef TOKEN_SIGNATURE_H
#define TOKEN_SIGNATURE_H

#include "token/jwt_text.h"

#include <stdbool.h>
#include <stddef.h>

struct signature_key;

/*
 * A public key in PEM (SubjectPublicKeyInfo; a private or an encrypted key is refused, nothing is ever asked on
 * a terminal) for ALGORITHM: "RS256", "PS256" (RSA from 2048 to 8192 bits), "ES256" (P-256 only), "EdDSA" (Ed25519).
 * -EINVAL with *why a static sentence for the administrator.
 */
int signature_key_from_pem(
    const char *algorithm, const char *pem, size_t length, struct signature_key **out, const char **why);
/* The same of a SubjectPublicKeyInfo in DER, which must end with it. */
int signature_key_from_der(
    const char *algorithm, const uint8_t *der, size_t length, struct signature_key **out, const char **why);
/* The secret of "HS256", from 32 bytes to 1,024: whoever holds it can sign. Copied. */
int signature_key_from_secret(const void *bytes, size_t length, struct signature_key **out, const char **why);
void signature_key_free(struct signature_key *key);
const char *signature_key_algorithm(const struct signature_key *key);
/*
 * True only for a valid signature by exactly the pinned algorithm, which must be the header's byte for byte. False with
 * errno ENOMEM, which the caller has set to 0 before: memory was short, and nobody knows.
 */
bool signature_verify(const struct signature_key *key, const struct jwt_text *text);

#endif
