/* Signatures of JWTs, made and checked with OpenSSL. libjwt signs what the service issues (signer.h); this is
 * for what libjwt cannot or must not decide: whether a bearer or an assertion is genuine, and tokens that are
 * wrong on purpose. */
#ifndef STANDIN_SIGNATURE_H
#define STANDIN_SIGNATURE_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>

struct algorithm;

/* The algorithm of that name (RS256, RS384, RS512, PS256, ES256, ES384, HS256, HS384, HS512, EdDSA), or NULL. */
const struct algorithm *signature_algorithm(const char *name);

/* A key of `length` bytes for the HS family. The caller frees it. */
EVP_PKEY *signature_secret(const char *secret, size_t length);

/* A new key that fits the algorithm. The caller frees it. */
EVP_PKEY *signature_new_key(const struct algorithm *algorithm);

/* Whether the key's type, and its curve, are the algorithm's. */
bool signature_key_fits(const struct algorithm *algorithm, EVP_PKEY *key);

/* Signs `text`. The caller frees *out. 0, or -1 where the key does not fit. */
int signature_make(const struct algorithm *algorithm, EVP_PKEY *key, const char *text, unsigned char **out,
    size_t *out_length);

/* Whether the signature is the key's over the first `length` characters of `text`. */
bool signature_holds(const struct algorithm *algorithm, EVP_PKEY *key, const char *text, size_t length,
    const unsigned char *signature, size_t signature_length);

#endif
