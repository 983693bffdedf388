/* The keys that sign short tokens: the current one, and older ones that are still published. They live in the
 * stand-in's directory, so that tokens outlive a restart. */
#ifndef STANDIN_KEYS_H
#define STANDIN_KEYS_H

#include "value.h"

#include <openssl/evp.h>
#include <stdbool.h>

struct signing_key {
    struct signing_key *next; /* older */
    EVP_PKEY *pair;
    char *material; /* for signer.h: the private PEM, or the shared secret */
    char *public_pem; /* NULL for HS256 */
    char kid[17];
};

struct keys {
    const char *algorithm;
    const char *directory;
    struct signing_key *current;
    EVP_PKEY *foreign; /* made when it is first asked for */
};

/* Reads the directory's keys for this algorithm, or makes the first one, and publishes them there:
 * verify-key.pem and jwks.json, or hs256.secret. 0, or -1 with a message on standard error. */
int keys_open(struct keys *keys, const char *algorithm, const char *directory);

void keys_deinit(struct keys *keys);

/* A new current key; the old ones stay published with `keep`. 0, or -1 as above. */
int keys_rotate(struct keys *keys, bool keep);

/* The key of that id, or NULL; the current one for a NULL. */
struct signing_key *keys_find(const struct keys *keys, const char *kid);

/* A key of the same algorithm that is published nowhere; it belongs to `keys`. */
EVP_PKEY *keys_foreign(struct keys *keys);

/* The JWKS: a new JSON object, without keys for HS256. */
json_object *keys_to_jwks(const struct keys *keys);

#endif
