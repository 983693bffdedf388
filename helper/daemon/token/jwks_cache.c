/* Three rows of the table `host`, written together. */
#include "token/jwks_cache.h"

#include "base/cleanup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

struct jwks_cache {
    struct store *store;
    struct store_statement *select, *put;
};

static void cache_freep(struct jwks_cache **cache)
{
    jwks_cache_free(*cache);
}

int jwks_cache_new(struct store *store, struct jwks_cache **out)
{
    CLEANUP(cache_freep) struct jwks_cache *cache = calloc(1, sizeof *cache);
    if (!cache)
        return -ENOMEM;
    cache->store = store;
    int r = store_prepare(store, "SELECT value FROM host WHERE name = ?", &cache->select);
    if (r == 0)
        r = store_prepare(store, "INSERT OR REPLACE INTO host (name, value) VALUES (?, ?)", &cache->put);
    if (r == 0)
        *out = STEAL(cache);
    return r;
}

void jwks_cache_free(struct jwks_cache *cache)
{
    if (!cache)
        return;
    store_finish(cache->select);
    store_finish(cache->put);
    free(cache);
}

static int put(struct jwks_cache *cache, const char *name, const char *value)
{
    store_bind_text(cache->put, 1, name);
    store_bind_text(cache->put, 2, value);
    return store_write(cache->put);
}

int jwks_cache_put(
    struct jwks_cache *cache, const char *url, const char *bytes, size_t length, int64_t fetched)
{
    SECRET_CLEANUP struct secret *text = NULL; /* with a NUL at its end */
    char seconds[24];
    int r = secret_new(bytes, length, &text);
    if (r == 0)
        r = store_begin(cache->store);
    if (r < 0)
        return r;
    snprintf(seconds, sizeof seconds, "%" PRId64, fetched);
    r = put(cache, "jwks_url", url);
    if (r == 0)
        r = put(cache, "jwks_fetched", seconds);
    if (r == 0)
        r = put(cache, "jwks", secret_bytes(text));
    int ended = store_end(cache->store, r == 0);
    return r < 0 ? r : ended;
}

static int get(struct jwks_cache *cache, const char *name, struct secret **out)
{
    store_bind_text(cache->select, 1, name);
    int r = store_row(cache->select);
    if (r <= 0)
        return r < 0 ? r : -ENOENT;
    const char *text = store_text(cache->select, 0);
    r = secret_new(text, strlen(text), out);
    store_reset(cache->select);
    return r;
}

int jwks_cache_get(struct jwks_cache *cache, const char *url, struct secret **bytes, int64_t *fetched)
{
    SECRET_CLEANUP struct secret *of = NULL, *seconds = NULL, *text = NULL;
    int r = get(cache, "jwks_url", &of);
    if (r == 0)
        r = get(cache, "jwks_fetched", &seconds);
    if (r == 0)
        r = get(cache, "jwks", &text);
    if (r < 0)
        return r;
    if (strcmp(secret_bytes(of), url) != 0)
        return -ENOENT;
    *fetched = strtoll(secret_bytes(seconds), NULL, 10);
    *bytes = STEAL(text);
    return 0;
}
