/*
 * A bearer at rest, on disk and in memory: sealed, and bound to its user and to the token that it stands for,
 * so that it does not open in another row.
 */
#ifndef SESSION_BEARER_H
#define SESSION_BEARER_H

#include "base/secret.h"
#include "base/vault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bearer {
    uint8_t *sealed; /* NULL: there is none */
    size_t length;
};

struct bearer_owner {
    const char *user;
    const uint8_t *hash; /* of the token, VAULT_HASH_SIZE bytes */
    bool is_parent; /* the bearer is the long token that may revoke it, not the token itself */
};

int bearer_seal(struct bearer *bearer, const struct vault *vault, const struct bearer_owner *owner,
    const struct secret *secret);
/* -ENOENT: there is none. -EBADMSG: sealed by another key, or for another owner. */
int bearer_open(const struct bearer *bearer, const struct vault *vault, const struct bearer_owner *owner,
    struct secret **out);
/* Takes a copy of what a row holds; none for LENGTH 0. */
int bearer_load(struct bearer *bearer, const void *sealed, size_t length);
void bearer_deinit(struct bearer *bearer);

#endif
