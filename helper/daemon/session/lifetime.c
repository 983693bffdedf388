/* See lifetime.h. */
#include "session/lifetime.h"

#include "base/clock.h"

enum { LONGEST = 100L * 365 * 24 * 3600 }; /* seconds: beyond it only a clock of 1970 and a damaged row are */

int64_t lifetime_over(int64_t expires, int64_t least_ms)
{
    int64_t now = clock_wall(), left_ms = least_ms;
    if (expires > now)
        left_ms = (expires > now + LONGEST ? LONGEST : expires - now) * 1000;
    return clock_boot_ms() + (left_ms > least_ms ? left_ms : least_ms);
}
