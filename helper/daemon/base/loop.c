/*
 * libevent. A wait is one call of event_base_loop with EVLOOP_ONCE: it returns when the callbacks of one wake-up
 * have run, which is a turn. The watches are counted, so that one that outlives the loop is seen at once.
 */
#include "base/loop.h"

#include "base/cleanup.h"
#include "base/log.h"

#include <event2/event.h>

#include <assert.h>
#include <errno.h>

struct loop {
    struct event_base *base;
    loop_fn hook;
    void *hook_argument;
    bool begun, stopped;
    unsigned watches;
};

/* What loop_timer, loop_io and loop_signal are: they differ for the caller only. */
struct watch {
    struct loop *loop;
    struct event *event;
    int fd, events;
    loop_fn fn; /* or, for a descriptor: */
    loop_io_fn io_fn;
    void *argument;
};

static void say(int severity, const char *text)
{
    log_message(severity >= EVENT_LOG_WARN ? LOG_LEVEL_WARNING : LOG_LEVEL_DEBUG, "libevent: %s", text);
}

int loop_new(struct loop **out)
{
    struct loop *loop CLEANUP_FREE = calloc(1, sizeof *loop);
    struct event_config *config = loop ? event_config_new() : NULL;
    if (!config)
        return -ENOMEM;
    event_set_log_callback(say);
    /* A timer counts from when it is set, not from when its turn began, and never fires early. */
    int flags = EVENT_BASE_FLAG_NO_CACHE_TIME | EVENT_BASE_FLAG_PRECISE_TIMER;
    event_config_set_flag(config, flags | EVENT_BASE_FLAG_NOLOCK | EVENT_BASE_FLAG_IGNORE_ENV);
    loop->base = event_base_new_with_config(config);
    event_config_free(config);
    if (!loop->base)
        return -EIO;
    *out = STEAL(loop);
    return 0;
}

void loop_free(struct loop *loop)
{
    if (!loop)
        return;
    assert(loop->watches == 0);
    event_base_free(loop->base);
    free(loop);
}

void loop_set_turn_hook(struct loop *loop, loop_fn fn, void *argument)
{
    loop->hook = fn;
    loop->hook_argument = argument;
}

static void run_hook(struct loop *loop)
{
    if (loop->hook)
        loop->hook(loop->hook_argument);
}

/* What was written before the loop ran is committed before the loop waits for the first time. */
static void begin(struct loop *loop)
{
    if (!loop->begun)
        run_hook(loop);
    loop->begun = true;
}

static int turn(struct loop *loop, int flags)
{
    int r = event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY | flags);
    run_hook(loop);
    return r < 0 ? -EIO : 0;
}

int loop_run(struct loop *loop)
{
    int r = 0;
    begin(loop);
    while (!loop->stopped && r == 0)
        r = turn(loop, EVLOOP_ONCE);
    loop->stopped = false;
    return r;
}

void loop_stop(struct loop *loop)
{
    loop->stopped = true;
}

/* The last act of the callback is the call, because it may free the watch. */
static void on_event(evutil_socket_t fd, short events, void *argument)
{
    const struct watch *watch = argument;
    int ready = (events & EV_READ ? LOOP_READ : 0) | (events & EV_WRITE ? LOOP_WRITE : 0);
    if (watch->io_fn)
        watch->io_fn(watch->argument, fd, ready);
    else
        watch->fn(watch->argument);
}

static struct watch *watch_new(struct watch like, int events)
{
    struct watch *watch CLEANUP_FREE = calloc(1, sizeof *watch);
    if (!watch)
        return NULL;
    *watch = like;
    watch->event = event_new(like.loop->base, like.fd, (short)events, on_event, watch);
    if (!watch->event)
        return NULL;
    like.loop->watches++;
    return STEAL(watch);
}

static void watch_free(struct watch *watch)
{
    if (!watch)
        return;
    watch->loop->watches--;
    event_free(watch->event);
    free(watch);
}

int loop_timer_new(struct loop *loop, loop_fn fn, void *argument, struct loop_timer **out)
{
    const struct watch like = {.loop = loop, .fd = -1, .fn = fn, .argument = argument};
    *out = (struct loop_timer *)watch_new(like, 0);
    return *out ? 0 : -ENOMEM;
}

void loop_timer_set(struct loop_timer *timer, int64_t delay_ms)
{
    int64_t ms = delay_ms > 0 ? delay_ms : 0;
    loop_timer_set_us(timer, ms > INT64_MAX / 1000 ? INT64_MAX : ms * 1000);
}

void loop_timer_set_us(struct loop_timer *timer, int64_t delay_us)
{
    int64_t us = delay_us > 0 ? delay_us : 0;
    const struct timeval delay = {.tv_sec = us / 1000000, .tv_usec = us % 1000000};
    if (event_add(((struct watch *)timer)->event, &delay) < 0)
        log_message(LOG_LEVEL_ERROR, "a timer could not be set: %s", log_errno(ENOMEM));
}

void loop_timer_clear(struct loop_timer *timer)
{
    event_del(((struct watch *)timer)->event);
}

bool loop_timer_pending(const struct loop_timer *timer)
{
    return event_pending(((const struct watch *)timer)->event, EV_TIMEOUT, NULL);
}

void loop_timer_free(struct loop_timer *timer)
{
    watch_free((struct watch *)timer);
}

static void nothing(void *argument)
{
    (void)argument;
}

int loop_turn(struct loop *loop, int timeout_ms)
{
    struct loop_timer *bound;
    begin(loop);
    if (timeout_ms <= 0)
        return turn(loop, EVLOOP_NONBLOCK);
    if (loop_timer_new(loop, nothing, NULL, &bound) < 0)
        return -ENOMEM;
    loop_timer_set(bound, timeout_ms);
    int r = turn(loop, EVLOOP_ONCE);
    loop_timer_free(bound);
    return r;
}

static short persistent(int events)
{
    return (short)(EV_PERSIST | (events & LOOP_READ ? EV_READ : 0) | (events & LOOP_WRITE ? EV_WRITE : 0));
}

int loop_io_new(struct loop *loop, int fd, int events, loop_io_fn fn, void *argument, struct loop_io **out)
{
    struct watch *watch =
        watch_new((struct watch){.loop = loop, .fd = fd, .io_fn = fn, .argument = argument}, EV_PERSIST);
    if (!watch)
        return -ENOMEM;
    int r = loop_io_set((struct loop_io *)watch, events);
    if (r < 0)
        watch_free(watch);
    else
        *out = (struct loop_io *)watch;
    return r;
}

int loop_io_set(struct loop_io *io, int events)
{
    struct watch *watch = (struct watch *)io;
    if (events == watch->events)
        return 0;
    watch->events = 0;
    int r = event_del(watch->event);
    if (r == 0)
        r = event_assign(watch->event, watch->loop->base, watch->fd, persistent(events), on_event, watch);
    if (r == 0 && events != 0)
        r = event_add(watch->event, NULL);
    if (r < 0)
        return -EIO; /* no memory, or a file that cannot be waited for */
    watch->events = events;
    return 0;
}

void loop_io_free(struct loop_io *io)
{
    watch_free((struct watch *)io);
}

int loop_signal_new(struct loop *loop, int signal, loop_fn fn, void *argument, struct loop_signal **out)
{
    struct watch *watch = watch_new(
        (struct watch){.loop = loop, .fd = signal, .fn = fn, .argument = argument}, EV_SIGNAL | EV_PERSIST);
    if (!watch)
        return -ENOMEM;
    if (event_add(watch->event, NULL) < 0) {
        watch_free(watch);
        return -EIO;
    }
    *out = (struct loop_signal *)watch;
    return 0;
}

void loop_signal_free(struct loop_signal *signal)
{
    watch_free((struct watch *)signal);
}
