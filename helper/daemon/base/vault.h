/*
 * libsodium: sealing of bearers at rest and in memory (XChaCha20-Poly1305), SHA-256, random references.
 * A sealed text is bound to its context (which row, whose, which token): moved elsewhere it does not open.
 * A key on the same disk protects copies of the database only.
 */
#ifndef BASE_VAULT_H
#define BASE_VAULT_H

#include "base/secret.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

struct vault;

enum { VAULT_HASH_SIZE = 32, VAULT_OVERHEAD = 24 + 16 };

/* What a sealed text belongs to; each is part of the associated data, NUL-separated. */
struct vault_context {
    const char *row; /* "bearer" */
    const char *user;
    const char *token_id;
};

/* Modes that a key's file may not have: readable by others, or writable by group or others. */
#define VAULT_FORBIDDEN (S_IWGRP | S_IRWXO)
/*
 * Reads the 32-byte key from FILE: a regular file, not readable by others, not writable by group or others,
 * owned by root or by us; inside $CREDENTIALS_DIRECTORY 0400 and 0440 are both fine.
 * -EPERM with another mode or owner, -EMSGSIZE with another size. The key lives in guarded memory.
 */
int vault_new(const char *file, struct vault **out);
void vault_free(struct vault *vault);

/* *sealed is malloc'ed, secret_length + VAULT_OVERHEAD bytes. */
int vault_seal(const struct vault *vault, const struct vault_context *context, const struct secret *secret,
    uint8_t **sealed, size_t *sealed_length);
/* -EBADMSG: not sealed by this key in this context. */
int vault_open(const struct vault *vault, const struct vault_context *context, const uint8_t *sealed,
    size_t sealed_length, struct secret **out);

void vault_hash(const void *bytes, size_t length, uint8_t out[VAULT_HASH_SIZE]);
/* The first 8 hex digits and a NUL: how a secret appears in a log. */
void vault_hash_text(const uint8_t hash[VAULT_HASH_SIZE], char out[9]);
/* 8 random hex digits and a NUL. */
void vault_reference(char out[9]);
void vault_random(void *out, size_t length);

#endif
