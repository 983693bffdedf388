/*
 * Three clocks run: `next` fetches, `end` takes away a set that nobody could renew for a day, and since `missed_ms`
 * an unknown key begins no fetch of its own for a minute. All of them count time since boot.
 */
#include "token/jwks.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/vault.h"
#include "token/jwks_cache.h"

#include <errno.h>
#include <sys/queue.h>

enum {
    SECOND = 1000, /* ms */
    MINUTE = 60 * SECOND,
    HOUR = 60 * MINUTE,
    DAY = 24 * HOUR,
    TIMEOUT = 5 * SECOND, /* of a fetch: a login waits for it */
    MISS_GAP = MINUTE,
    RETRY = MINUTE,
    RETRY_WITHOUT_KEYS = 10 * SECOND,
    CLOCK_SKEW = 300 /* s: how far a set's time may lie ahead of a clock that was just set */
};

struct jwks_wait {
    LIST_ENTRY(jwks_wait) entry;
    jwks_fn fn;
    void *argument;
};
LIST_HEAD(waits, jwks_wait);

struct jwks {
    char *url, *algorithms;
    struct http *http;
    struct jwks_cache *cache;
    struct loop_timer *next, *end;
    struct http_call *call; /* under way; NULL: none */
    struct waits waits;
    jwks_keys_fn fn;
    void *argument;
    int64_t next_ms; /* when `next` fires */
    int64_t missed_ms; /* when a miss last began a fetch */
    int64_t fetched_ms; /* when the set that is in force was last seen at the service */
    bool in_force; /* a set was given, and its day is not over */
    bool failed; /* the last fetch, or there was none */
    uint8_t hash[VAULT_HASH_SIZE]; /* of the text of the set that is in force */
    uint8_t read[VAULT_HASH_SIZE]; /* of the last text that was read, good or not */
    bool known; /* what is read is what was read before: it is not said again what is wrong with it */
};

static void jwks_freep(struct jwks **jwks)
{
    jwks_free(*jwks);
}

static void report(void *argument, const char *key_id, const char *why)
{
    const struct jwks *jwks = argument;
    if (!jwks->known)
        log_message(LOG_LEVEL_WARNING, "keys: %s: the key \"%s\" is left out: %s", jwks->url, key_id, why);
}

/* Gives the set unless it is in force already: then nothing that was remembered need be forgotten. */
static int give(struct jwks *jwks, const char *bytes, size_t length, int64_t age_ms, const char **why)
{
    struct keyset *keyset = NULL;
    uint8_t hash[VAULT_HASH_SIZE];
    vault_hash(bytes, length, hash);
    jwks->known = memcmp(hash, jwks->read, sizeof hash) == 0;
    memcpy(jwks->read, hash, sizeof hash);
    bool same = jwks->in_force && memcmp(hash, jwks->hash, sizeof hash) == 0;
    int r = same ? 0 : keyset_from_jwks(bytes, length, jwks->algorithms, report, jwks, &keyset, why);
    if (r < 0)
        return r;
    loop_timer_set(jwks->end, DAY - age_ms);
    jwks->fetched_ms = clock_boot_ms() - age_ms;
    if (same)
        return 0;
    memcpy(jwks->hash, hash, sizeof hash);
    jwks->in_force = true;
    log_message(LOG_LEVEL_NOTICE, "keys: %u in force, of %s", keyset_count(keyset), jwks->url);
    jwks->fn(jwks->argument, keyset);
    return 0;
}

/* NULL when ANSWER is a set of use, which is in force then. */
static const char *take(struct jwks *jwks, const struct http_answer *answer)
{
    static const char *const errors[] = {[HTTP_OK] = NULL,
        [HTTP_NAME] = "its host's name cannot be resolved",
        [HTTP_UNREACHABLE] = "it cannot be reached",
        [HTTP_PROXY] = "the proxy cannot be reached, or refuses",
        [HTTP_TIMEOUT] = "it does not answer in time",
        [HTTP_CERTIFICATE] = "its certificate is refused",
        [HTTP_CERTIFICATE_NAME] = "its certificate is another host's",
        [HTTP_CERTIFICATE_DATES] = "its certificate is over, or not yet valid",
        [HTTP_TLS] = "there is no TLS with it",
        [HTTP_BROKEN] = "the answer broke off",
        [HTTP_TOO_LARGE] = "the answer is larger than 64 KiB",
        [HTTP_INTERNAL] = "out of memory"};
    const char *why = errors[answer->error];
    if (!why && answer->status != 200)
        why = "it answers with another status than 200";
    if (why || give(jwks, answer->body, answer->body_length, 0, &why) < 0)
        return why;
    int r = jwks_cache_put(jwks->cache, jwks->url, answer->body, answer->body_length, clock_wall());
    if (r < 0)
        log_message(LOG_LEVEL_WARNING, "keys: not written down: %s", log_errno(r));
    return NULL;
}

/* Whoever is told may cancel others, or go on to something else that waits. */
static void tell(struct jwks *jwks)
{
    struct waits told = LIST_HEAD_INITIALIZER(told);
    struct jwks_wait *wait;
    while ((wait = LIST_FIRST(&jwks->waits))) {
        LIST_REMOVE(wait, entry);
        LIST_INSERT_HEAD(&told, wait, entry);
    }
    while ((wait = LIST_FIRST(&told))) {
        LIST_REMOVE(wait, entry);
        wait->fn(wait->argument);
        free(wait);
    }
}

static int64_t clamp_age(int64_t seconds)
{
    int64_t ms = seconds < 0 ? HOUR : seconds > DAY / SECOND ? DAY : seconds * SECOND;
    return ms < 5L * MINUTE ? 5L * MINUTE : ms > 12L * HOUR ? 12L * HOUR : ms;
}

/* Once, not once a minute. */
static void say(const struct jwks *jwks, const char *why, bool failed_before)
{
    if (why && !failed_before)
        log_message(LOG_LEVEL_WARNING, "keys: %s: %s: %s", jwks->url, why,
            jwks->in_force ? "the last good set serves" : "no token can be verified");
    else if (!why && failed_before)
        log_message(LOG_LEVEL_INFO, "keys: %s: fetched", jwks->url);
}

static void fetch_in(struct jwks *jwks, int64_t delay_ms)
{
    jwks->next_ms = clock_boot_ms() + delay_ms;
    loop_timer_set(jwks->next, delay_ms);
}

static void answered(void *argument, const struct http_answer *answer)
{
    struct jwks *jwks = argument;
    bool failed_before = jwks->failed;
    jwks->call = NULL;
    const char *why = take(jwks, answer);
    jwks->failed = why != NULL;
    say(jwks, why, failed_before);
    fetch_in(jwks, !why ? clamp_age(answer->cache_max_age) : jwks->in_force ? RETRY : RETRY_WITHOUT_KEYS);
    tell(jwks);
}

static void fetch(void *argument)
{
    struct jwks *jwks = argument;
    const struct http_request request = {.get = true, .url = jwks->url, .timeout_ms = TIMEOUT};
    if (jwks->call)
        return;
    int r = http_start(jwks->http, &request, answered, jwks, &jwks->call);
    if (r == 0)
        return;
    jwks->failed = true;
    fetch_in(jwks, RETRY_WITHOUT_KEYS);
}

/* The day is over. */
static void expire(void *argument)
{
    struct jwks *jwks = argument;
    struct keyset *none;
    if (keyset_empty(jwks->algorithms, &none) < 0) {
        loop_timer_set(jwks->end, SECOND);
        return;
    }
    log_message(LOG_LEVEL_ERROR, "keys: %s was not there for a day: no token can be verified", jwks->url);
    jwks->in_force = false;
    jwks->fn(jwks->argument, none);
}

int jwks_new(struct loop *loop, struct http *http, struct store *store, const char *url,
    const char *algorithms, struct jwks **out)
{
    CLEANUP(jwks_freep) struct jwks *jwks = calloc(1, sizeof *jwks);
    if (!jwks)
        return -ENOMEM;
    *jwks = (struct jwks){.url = strdup(url),
        .algorithms = strdup(algorithms),
        .http = http,
        .missed_ms = clock_boot_ms() - MISS_GAP};
    LIST_INIT(&jwks->waits);
    if (!jwks->url || !jwks->algorithms)
        return -ENOMEM;
    if (strncmp(url, "https://", 8) != 0)
        return -EINVAL;
    int r = loop_timer_new(loop, fetch, jwks, &jwks->next);
    if (r == 0)
        r = loop_timer_new(loop, expire, jwks, &jwks->end);
    if (r == 0)
        r = jwks_cache_new(store, &jwks->cache);
    if (r == 0)
        *out = STEAL(jwks);
    return r;
}

void jwks_free(struct jwks *jwks)
{
    if (!jwks)
        return;
    if (jwks->call)
        http_cancel(jwks->call);
    jwks->call = NULL;
    tell(jwks);
    loop_timer_free(jwks->next);
    loop_timer_free(jwks->end);
    jwks_cache_free(jwks->cache);
    free(jwks->url);
    free(jwks->algorithms);
    free(jwks);
}

/* What the store holds, while it is not a day old. One from the future is of a clock that was wrong. */
static void restore(struct jwks *jwks)
{
    SECRET_CLEANUP struct secret *bytes = NULL;
    const char *why;
    int64_t fetched;
    if (jwks_cache_get(jwks->cache, jwks->url, &bytes, &fetched) < 0)
        return;
    int64_t age = clock_wall() - fetched;
    if (age < -CLOCK_SKEW || age >= DAY / SECOND)
        return;
    give(jwks, secret_bytes(bytes), secret_length(bytes), age > 0 ? age * SECOND : 0, &why);
}

void jwks_start(struct jwks *jwks, jwks_keys_fn fn, void *argument)
{
    jwks->fn = fn;
    jwks->argument = argument;
    restore(jwks);
    fetch_in(jwks, 0);
}

bool jwks_is(const struct jwks *jwks, const char *url, const char *algorithms)
{
    return strcmp(jwks->url, url) == 0 && strcmp(jwks->algorithms, algorithms) == 0;
}

void jwks_miss(struct jwks *jwks)
{
    int64_t now = clock_boot_ms(), again = jwks->missed_ms + MISS_GAP;
    if (jwks->call)
        return;
    if (now >= again) {
        jwks->missed_ms = now;
        fetch(jwks);
    } else if (again < jwks->next_ms) {
        fetch_in(jwks, again - now);
    }
}

int jwks_await(struct jwks *jwks, jwks_fn fn, void *argument, struct jwks_wait **out)
{
    jwks_miss(jwks);
    if (!jwks->call)
        return -EAGAIN;
    struct jwks_wait *wait = malloc(sizeof *wait);
    if (!wait)
        return -ENOMEM;
    wait->fn = fn;
    wait->argument = argument;
    LIST_INSERT_HEAD(&jwks->waits, wait, entry);
    *out = wait;
    return 0;
}

void jwks_cancel(struct jwks_wait *wait)
{
    LIST_REMOVE(wait, entry);
    free(wait);
}

enum reason jwks_reason(const struct jwks *jwks)
{
    return jwks->failed || !jwks->in_force ? REASON_NO_KEYS : REASON_UNKNOWN_KEY;
}

bool jwks_wait_for(
    struct jwks *jwks, enum reason *reason, bool *waited, jwks_fn fn, void *argument, struct jwks_wait **out)
{
    if (*reason != REASON_UNKNOWN_KEY || !jwks)
        return false;
    if (!*waited && jwks_await(jwks, fn, argument, out) == 0) {
        *waited = true;
        return true;
    }
    *reason = jwks_reason(jwks);
    return false;
}

int64_t jwks_age(const struct jwks *jwks)
{
    return jwks->in_force ? (clock_boot_ms() - jwks->fetched_ms) / SECOND : -1;
}
