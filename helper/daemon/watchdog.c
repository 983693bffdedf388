#include "watchdog.h"

#include "ready.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

struct watchdog {
    struct loop_timer *timer;
    int64_t interval_ms;
};

/* A decimal number and nothing else; 0 for whatever is none. */
static int64_t number(const char *text)
{
    char *end = NULL;
    if (!text || *text < '1' || *text > '9')
        return 0;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    return errno == 0 && *end == '\0' ? value : 0;
}

int64_t watchdog_interval_ms(void)
{
    const char *pid = getenv("WATCHDOG_PID");
    int64_t usec = number(getenv("WATCHDOG_USEC"));
    if (usec == 0 || (pid && number(pid) != getpid()))
        return 0;
    return usec < 2000 ? 1 : usec / 2000;
}

static void tell(void *argument)
{
    const struct watchdog *watchdog = argument;
    ready_tell("WATCHDOG=1");
    loop_timer_set(watchdog->timer, watchdog->interval_ms);
}

int watchdog_new(struct loop *loop, struct watchdog **out)
{
    int64_t interval_ms = watchdog_interval_ms();
    *out = NULL;
    if (interval_ms == 0)
        return 0;
    struct watchdog *watchdog = calloc(1, sizeof *watchdog);
    if (!watchdog)
        return -ENOMEM;
    watchdog->interval_ms = interval_ms;
    int r = loop_timer_new(loop, tell, watchdog, &watchdog->timer);
    if (r < 0) {
        free(watchdog);
        return r;
    }
    loop_timer_set(watchdog->timer, interval_ms);
    *out = watchdog;
    return 0;
}

void watchdog_free(struct watchdog *watchdog)
{
    if (!watchdog)
        return;
    loop_timer_free(watchdog->timer);
    free(watchdog);
}
