/* Full jitter spreads a thousand revocations that failed in the same second over the whole wait. */
#include "session/backoff.h"

int64_t backoff_limit_ms(unsigned failures)
{
    enum { DOUBLINGS = 9 }; /* 512 s: beyond the most */
    int64_t limit = (int64_t)BACKOFF_FIRST_MS << (failures < DOUBLINGS ? failures : DOUBLINGS);
    return limit < BACKOFF_MAX_MS ? limit : BACKOFF_MAX_MS;
}

int64_t backoff_ms(unsigned failures, uint64_t random)
{
    return (int64_t)(random % ((uint64_t)backoff_limit_ms(failures) + 1));
}

int64_t backoff_retry_after_ms(int64_t seconds)
{
    if (seconds < 0)
        seconds = BACKOFF_RETRY_AFTER_UNSAID;
    if (seconds < BACKOFF_RETRY_AFTER_MIN)
        seconds = BACKOFF_RETRY_AFTER_MIN;
    if (seconds > BACKOFF_RETRY_AFTER_MAX)
        seconds = BACKOFF_RETRY_AFTER_MAX;
    return seconds * 1000;
}
