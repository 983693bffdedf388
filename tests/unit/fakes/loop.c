/* Stands in for base/loop.c: all of its functions, or the linker would take the real ones as well. */
#include "fakes/loop.h"

#include "fakes/clock.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/queue.h>

struct loop_timer {
    TAILQ_ENTRY(loop_timer) entry;
    struct loop *loop;
    loop_fn fn;
    void *argument;
    int64_t due; /* -1: not set */
};

struct loop {
    TAILQ_HEAD(, loop_timer) timers;
    loop_fn hook;
    void *hook_argument;
    int64_t odd_ms; /* of the second that the wall clock has not counted yet */
};

int loop_new(struct loop **out)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return -ENOMEM;
    TAILQ_INIT(&(*out)->timers);
    return 0;
}

void loop_free(struct loop *loop)
{
    assert(!loop || TAILQ_EMPTY(&loop->timers));
    free(loop);
}

void loop_set_turn_hook(struct loop *loop, loop_fn fn, void *argument)
{
    loop->hook = fn;
    loop->hook_argument = argument;
}

int loop_timer_new(struct loop *loop, loop_fn fn, void *argument, struct loop_timer **out)
{
    struct loop_timer *timer = calloc(1, sizeof *timer);
    if (!timer)
        return -ENOMEM;
    *timer = (struct loop_timer){.loop = loop, .fn = fn, .argument = argument, .due = -1};
    TAILQ_INSERT_TAIL(&loop->timers, timer, entry);
    *out = timer;
    return 0;
}

void loop_timer_set(struct loop_timer *timer, int64_t delay_ms)
{
    timer->due = fake_boot_ms + (delay_ms > 0 ? delay_ms : 0);
}

void loop_timer_set_us(struct loop_timer *timer, int64_t delay_us)
{
    loop_timer_set(timer, (delay_us + 999) / 1000);
}

void loop_timer_clear(struct loop_timer *timer)
{
    timer->due = -1;
}

bool loop_timer_pending(const struct loop_timer *timer)
{
    return timer->due >= 0;
}

void loop_timer_free(struct loop_timer *timer)
{
    if (!timer)
        return;
    TAILQ_REMOVE(&timer->loop->timers, timer, entry);
    free(timer);
}

static struct loop_timer *first(const struct loop *loop)
{
    struct loop_timer *timer, *first = NULL;
    TAILQ_FOREACH(timer, &loop->timers, entry)
    {
        if (timer->due >= 0 && (!first || timer->due < first->due))
            first = timer;
    }
    return first;
}

int64_t fake_loop_next(const struct loop *loop)
{
    const struct loop_timer *timer = first(loop);
    return !timer ? -1 : timer->due > fake_boot_ms ? timer->due - fake_boot_ms : 0;
}

int loop_turn(struct loop *loop, int timeout_ms)
{
    struct loop_timer *timer = first(loop);
    (void)timeout_ms;
    if (timer && timer->due <= fake_boot_ms) {
        timer->due = -1;
        timer->fn(timer->argument);
    }
    if (loop->hook)
        loop->hook(loop->hook_argument);
    return 0;
}

void fake_loop_settle(struct loop *loop)
{
    unsigned turns = 0;
    do {
        loop_turn(loop, 0);
        assert(++turns < 1000000); /* somebody spins */
    } while (fake_loop_next(loop) == 0);
}

void fake_loop_pass(struct loop *loop, int64_t ms)
{
    int64_t end = fake_boot_ms + ms;
    fake_loop_settle(loop);
    while (fake_boot_ms < end) {
        int64_t next = fake_loop_next(loop);
        int64_t step = next < 0 || next > end - fake_boot_ms ? end - fake_boot_ms : next;
        fake_boot_ms += step;
        loop->odd_ms += step;
        fake_wall += loop->odd_ms / 1000;
        loop->odd_ms %= 1000;
        fake_loop_settle(loop);
    }
}

void fake_loop_suspend(struct loop *loop, int64_t ms)
{
    struct loop_timer *timer;
    TAILQ_FOREACH(timer, &loop->timers, entry)
    {
        if (timer->due >= 0)
            timer->due += ms;
    }
    fake_boot_ms += ms;
    fake_wall += ms / 1000;
}

int loop_run(struct loop *loop)
{
    (void)loop;
    return -ENOSYS;
}

void loop_stop(struct loop *loop)
{
    (void)loop;
}

struct loop_io {
    int fd;
};

int loop_io_new(struct loop *loop, int fd, int events, loop_io_fn fn, void *argument, struct loop_io **out)
{
    (void)loop, (void)events, (void)fn, (void)argument;
    *out = calloc(1, sizeof **out);
    if (!*out)
        return -ENOMEM;
    (*out)->fd = fd;
    return 0;
}

int loop_io_set(struct loop_io *io, int events)
{
    (void)io, (void)events;
    return 0;
}

void loop_io_free(struct loop_io *io)
{
    free(io);
}

int loop_signal_new(struct loop *loop, int signal, loop_fn fn, void *argument, struct loop_signal **out)
{
    (void)loop, (void)signal, (void)fn, (void)argument, (void)out;
    return -ENOSYS;
}

void loop_signal_free(struct loop_signal *signal)
{
    (void)signal;
}
