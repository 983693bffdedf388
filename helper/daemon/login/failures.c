#include "login/failures.h"

enum {
    FREE = 10,
    WINDOW_MS = 5 * 60 * 1000,
    FIRST_WAIT_MS = 30 * 1000,
    LAST_WAIT_MS = 15 * 60 * 1000,
    DOUBLINGS_MAX = 5, /* enough from the first wait to the last */
    WRONG_CODES = 10,
    CODES_OFF_MS = 15 * 60 * 1000,
};

static int64_t wait_after(unsigned count)
{
    int64_t wait = (int64_t)FIRST_WAIT_MS << (count - FREE);
    return wait < LAST_WAIT_MS ? wait : LAST_WAIT_MS;
}

void failures_add(struct failures *failures, bool code, int64_t now_ms)
{
    if (failures->count < FREE && now_ms - failures->since_ms >= WINDOW_MS)
        failures->count = 0;
    if (failures->count == 0)
        failures->since_ms = now_ms;
    if (failures->count < FREE + DOUBLINGS_MAX)
        failures->count++;
    if (failures->count >= FREE)
        failures->wait_until_ms = now_ms + wait_after(failures->count);
    if (code && ++failures->wrong_codes >= WRONG_CODES) {
        failures->wrong_codes = 0;
        failures->codes_off_until_ms = now_ms + CODES_OFF_MS;
    }
}

void failures_forgive(struct failures *failures)
{
    *failures = (struct failures){.codes_off_until_ms = failures->codes_off_until_ms};
}

int64_t failures_wait(const struct failures *failures, bool code, int64_t now_ms)
{
    bool off = code && failures->codes_off_until_ms > failures->wait_until_ms;
    return (off ? failures->codes_off_until_ms : failures->wait_until_ms) - now_ms;
}
