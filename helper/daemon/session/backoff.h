/* How long to wait before the next try: exponential backoff with full jitter, and the bounds of Retry-After. Pure. */
#ifndef SESSION_BACKOFF_H
#define SESSION_BACKOFF_H

#include <stdint.h>

enum {
    BACKOFF_FIRST_MS = 1000,
    BACKOFF_MAX_MS = 300 * 1000,
    BACKOFF_RETRY_AFTER_MIN = 1, /* seconds */
    BACKOFF_RETRY_AFTER_MAX = 3600,
    BACKOFF_RETRY_AFTER_UNSAID = 60, /* a 429 that does not say */
};

/* The most that is waited after FAILURES failures (the first is 0): min(300 s, 1 s * 2^failures). */
int64_t backoff_limit_ms(unsigned failures);
/* Evenly from 0 to that; RANDOM is any 64 random bits. */
int64_t backoff_ms(unsigned failures, uint64_t random);
/* What a Retry-After of SECONDS (-1: absent) is obeyed as. */
int64_t backoff_retry_after_ms(int64_t seconds);

#endif
