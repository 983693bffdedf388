/* The last good set in the store, with the URL that it is of and when it was fetched. */
#ifndef TOKEN_JWKS_CACHE_H
#define TOKEN_JWKS_CACHE_H

#include "base/secret.h"
#include "base/store.h"

#include <stddef.h>
#include <stdint.h>

struct jwks_cache;

int jwks_cache_new(struct store *store, struct jwks_cache **out);
void jwks_cache_free(struct jwks_cache *cache);
/* In this turn's transaction; it replaces the one before, of whatever URL. FETCHED: wall clock. */
int jwks_cache_put(
    struct jwks_cache *cache, const char *url, const char *bytes, size_t length, int64_t fetched);
/* 0 with what is there of URL, *bytes the caller's; -ENOENT: nothing. */
int jwks_cache_get(struct jwks_cache *cache, const char *url, struct secret **bytes, int64_t *fetched);

#endif
