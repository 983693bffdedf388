/* The firewall's limit of requests a minute: see limit.h. */
#include "limit.h"

#include "clock.h"

enum { WINDOW_US = 60000000, SECOND_US = 1000000 };

void limit_set(struct limit *limit, unsigned allowed)
{
    *limit = (struct limit){.allowed = allowed};
}

long limit_count(struct limit *limit)
{
    int64_t now = clock_steady_us();
    if (limit->allowed == 0)
        return 0;
    if (now >= limit->window_ends_us) {
        limit->window_ends_us = now + WINDOW_US;
        limit->used = 0;
    }
    if (limit->used < limit->allowed) {
        limit->used++;
        return 0;
    }
    return (long)((limit->window_ends_us - now + SECOND_US - 1) / SECOND_US);
}
