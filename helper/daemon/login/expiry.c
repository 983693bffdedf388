/* The session closes first: its tokens are given up in the same transaction, whatever becomes of the process. */
#include "login/expiry.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "session/hangup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_MS = 2000 };

struct expiry {
    const struct login_parts *parts;
    const struct renewal *renewal;
    struct hangups *hangups;
    struct loop_timer *timer;
};

static bool is_sudos(const struct session *session)
{
    return strcmp(session->service, "sudo") == 0 || strcmp(session->service, "sudo-i") == 0;
}

/* NONE: it is not over. */
static enum reason judge(const struct expiry *expiry, const struct session *session)
{
    const struct login_options *options = expiry->parts->options;
    if (session->state != C2M_SESSION_ACTIVE)
        return REASON_NONE;
    if (options->max_session_ms > 0 && clock_boot_ms() - session->opened_boot_ms >= options->max_session_ms)
        return REASON_MAX_SESSION;
    if (options->hang_up && !is_sudos(session) && session_token_over(session) &&
        !renewal_possible(expiry->renewal, session))
        return REASON_RAN_OUT;
    return REASON_NONE;
}

void expiry_look(struct expiry *expiry)
{
    struct sessions *sessions = expiry->parts->sessions;
    for (struct session *s = sessions_first(sessions), *next; s; s = next) {
        enum reason why = judge(expiry, s);
        next = sessions_next(sessions, s);
        if (why == REASON_NONE)
            continue;
        sessions_end(sessions, s, why);
        if (expiry->parts->options->hang_up)
            hangups_start(expiry->hangups, s->reference, s->user, s->opener);
    }
}

static void on_time(void *argument)
{
    struct expiry *expiry = argument;
    expiry_look(expiry);
    loop_timer_set(expiry->timer, LOOK_MS);
}

static void expiry_freep(struct expiry **expiry)
{
    expiry_free(*expiry);
}

int expiry_new(const struct login_parts *parts, const struct renewal *renewal, struct expiry **out)
{
    struct expiry *expiry CLEANUP(expiry_freep) = calloc(1, sizeof *expiry);
    if (!expiry)
        return -ENOMEM;
    expiry->parts = parts;
    expiry->renewal = renewal;
    int r = hangups_new(parts->loop, &expiry->hangups);
    if (r == 0)
        r = loop_timer_new(parts->loop, on_time, expiry, &expiry->timer);
    if (r < 0)
        return r;
    loop_timer_set(expiry->timer, LOOK_MS);
    *out = STEAL(expiry);
    return 0;
}

void expiry_free(struct expiry *expiry)
{
    if (!expiry)
        return;
    loop_timer_free(expiry->timer);
    hangups_free(expiry->hangups);
    free(expiry);
}
