/* One at a time, which the API's rate limit likes best. */
#include "login/rotation.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "login/enroll.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_MS = 5 * 60 * 1000, PAUSE_MS = LOOK_MS, PAUSE_MOST_MS = 6 * 3600 * 1000, WEEK = 7 * 24 * 3600 };

struct rotation {
    const struct login_parts *parts;
    struct enrolled *enrolled;
    struct loop_timer *timer;
    struct enroll *enroll; /* under way; NULL: none is */
    char owner[C2M_NAME_MAX + 1]; /* whose */
    bool failed; /* OWNER's: whoever else is due comes first */
    int64_t pause_ms, next_boot_ms; /* after a failure nobody's is tried for a while */
};

static bool is_due(const struct enrollment *enrollment)
{
    int64_t now = clock_wall(), life = enrollment->expires - enrollment->since;
    if (enrollment->expires == 0)
        return now - enrollment->since >= WEEK;
    return enrollment->expires - now <= life / 5;
}

static int find_due(void *argument, const struct enrollment *enrollment)
{
    struct rotation *rotation = argument;
    if (!is_due(enrollment) || (rotation->failed && strcmp(enrollment->owner, rotation->owner) == 0))
        return 0;
    rotation->failed = false;
    memcpy(rotation->owner, enrollment->owner, sizeof rotation->owner);
    return 1;
}

/* The one that failed last is tried again when nobody else is due. */
static bool choose(struct rotation *rotation)
{
    bool found = enrolled_each(rotation->enrolled, find_due, rotation);
    if (!found && rotation->failed) {
        rotation->failed = false;
        found = enrolled_each(rotation->enrolled, find_due, rotation);
    }
    return found;
}

static void told(void *argument, enum reason reason, int64_t retry_after)
{
    struct rotation *rotation = argument;
    bool kept = reason == REASON_CREDENTIAL;
    (void)retry_after; /* a pause is longer */
    log_message(kept ? LOG_LEVEL_NOTICE : LOG_LEVEL_WARNING,
        "event=rotation ref=%s verdict=%s reason=%s user=%s", enroll_reference(rotation->enroll),
        kept ? "granted" : "denied", reason_word(reason), rotation->owner);
    enroll_free(STEAL(rotation->enroll));
    if (kept) {
        rotation->pause_ms = PAUSE_MS;
        rotation_look(rotation); /* the next one */
        return;
    }
    rotation->failed = true;
    rotation->next_boot_ms = clock_boot_ms() + rotation->pause_ms;
    rotation->pause_ms = 2 * rotation->pause_ms < PAUSE_MOST_MS ? 2 * rotation->pause_ms : PAUSE_MOST_MS;
}

void rotation_look(struct rotation *rotation)
{
    if (rotation->enroll || clock_boot_ms() < rotation->next_boot_ms || !choose(rotation))
        return;
    enroll_rotate(rotation->parts, rotation->enrolled, rotation->owner, told, rotation, &rotation->enroll);
}

static void on_time(void *argument)
{
    struct rotation *rotation = argument;
    rotation_look(rotation);
    loop_timer_set(rotation->timer, LOOK_MS);
}

static void rotation_freep(struct rotation **rotation)
{
    rotation_free(*rotation);
}

int rotation_new(const struct login_parts *parts, struct enrolled *enrolled, struct rotation **out)
{
    struct rotation *rotation CLEANUP(rotation_freep) = calloc(1, sizeof *rotation);
    if (!rotation)
        return -ENOMEM;
    rotation->parts = parts;
    rotation->enrolled = enrolled;
    rotation->pause_ms = PAUSE_MS;
    int r = loop_timer_new(parts->loop, on_time, rotation, &rotation->timer);
    if (r < 0)
        return r;
    loop_timer_set(rotation->timer, LOOK_MS);
    *out = STEAL(rotation);
    return 0;
}

void rotation_free(struct rotation *rotation)
{
    if (!rotation)
        return;
    enroll_free(rotation->enroll);
    loop_timer_free(rotation->timer);
    free(rotation);
}
