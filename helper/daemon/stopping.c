#include "stopping.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "ready.h"

#include <errno.h>
#include <stdlib.h>

enum { WAIT_MS = 10 * 1000 }; /* as long as a request may take; below TimeoutStopSec of the unit */

struct stopping {
    struct loop *loop;
    struct api *api;
    struct loop_timer *timer;
    bool begun;
};

static void settled(void *argument)
{
    const struct stopping *stopping = argument;
    loop_stop(stopping->loop);
}

static void on_time(void *argument)
{
    const struct stopping *stopping = argument;
    log_message(LOG_LEVEL_WARNING,
        "stopping: the API has not answered: what it may have issued lives until it expires");
    loop_stop(stopping->loop);
}

void stopping_begin(struct stopping *stopping)
{
    if (stopping->begun) {
        loop_stop(stopping->loop);
        return;
    }
    stopping->begun = true;
    log_message(LOG_LEVEL_NOTICE, "stopping");
    ready_tell("STOPPING=1");
    loop_timer_set(stopping->timer, WAIT_MS);
    api_settle(stopping->api, settled, stopping);
}

void stopping_free(struct stopping *stopping)
{
    if (!stopping)
        return;
    loop_timer_free(stopping->timer);
    free(stopping);
}

static void stopping_freep(struct stopping **stopping)
{
    stopping_free(*stopping);
}

int stopping_new(struct loop *loop, struct api *api, struct stopping **out)
{
    struct stopping *stopping CLEANUP(stopping_freep) = calloc(1, sizeof *stopping);
    if (!stopping)
        return -ENOMEM;
    stopping->loop = loop;
    stopping->api = api;
    int r = loop_timer_new(loop, on_time, stopping, &stopping->timer);
    if (r == 0)
        *out = STEAL(stopping);
    return r;
}
