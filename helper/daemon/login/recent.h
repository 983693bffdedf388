/*
 * What happened lately, by key: a table of fixed size, made at once, so that nothing can fail later. A record
 * that was not touched for so long is none; where no room is left, the one that was touched first goes.
 */
#ifndef LOGIN_RECENT_H
#define LOGIN_RECENT_H

#include "base/vault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct recent;

struct recent_key {
    uint8_t hash[VAULT_HASH_SIZE]; /* of whatever it stands for: two of them are never the same */
};

/* At most MAXIMUM records of RECORD_SIZE bytes, each for KEEP_MS after its last touch. -ENOMEM. */
int recent_new(size_t maximum, size_t record_size, int64_t keep_ms, struct recent **out);
void recent_free(struct recent *recent);
/* NULL: there is none, or it is too old. A record may be written to until the next call. */
void *recent_find(struct recent *recent, const struct recent_key *key);
/* The record, of zeros if there was none; from now on the youngest. Never NULL. */
void *recent_touch(struct recent *recent, const struct recent_key *key);
/* Every record is in use and young: a new one costs another. */
bool recent_full(const struct recent *recent);
void recent_clear(struct recent *recent);

#endif
