/* The clocks of the stand-in: see clock.h. */
#include "clock.h"

#include <stdio.h>
#include <time.h>

static int64_t read_clock(clockid_t which, int64_t units)
{
    struct timespec now;
    clock_gettime(which, &now);
    return now.tv_sec * units + now.tv_nsec / (1000000000 / units);
}

int64_t clock_now(void)
{
    return read_clock(CLOCK_REALTIME, 1);
}

int64_t clock_now_ms(void)
{
    return read_clock(CLOCK_REALTIME, 1000);
}

int64_t clock_steady_us(void)
{
    return read_clock(CLOCK_MONOTONIC, 1000000);
}

void clock_text(int64_t seconds, char out[CLOCK_TEXT])
{
    time_t moment = (time_t)seconds;
    struct tm parts;
    out[0] = '\0';
    if (gmtime_r(&moment, &parts) != NULL)
        strftime(out, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%SZ", &parts);
}
