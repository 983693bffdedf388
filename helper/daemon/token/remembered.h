/*
 * The tokens whose signature was valid a moment ago: SHA-256 of the canonical text -> claims. It saves the
 * check of the signature and nothing else. At most 1,024; to make room, an expired one goes first, then the oldest.
 */
#ifndef TOKEN_REMEMBERED_H
#define TOKEN_REMEMBERED_H

#include "base/vault.h"
#include "token/claims.h"

#include <stdbool.h>
#include <stdint.h>

enum { REMEMBERED_MAX = 1024 };

struct remembered;

struct remembered_token {
    struct claims claims;
    int64_t boot_deadline_ms; /* CLOCK_BOOTTIME: a wall clock that is set back revives nothing */
};

int remembered_new(struct remembered **out);
void remembered_free(struct remembered *memory);
/* True when it is there, and *out is filled; else *out is untouched. */
bool remembered_find(
    const struct remembered *memory, const uint8_t hash[VAULT_HASH_SIZE], struct remembered_token *out);
/* Copies. NOW, the wall clock, tells which ones are expired. Without memory the token is simply not remembered. */
void remembered_add(struct remembered *memory, const uint8_t hash[VAULT_HASH_SIZE],
    const struct remembered_token *token, int64_t now);
void remembered_forget(struct remembered *memory);

#endif
