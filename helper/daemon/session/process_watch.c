/* The pidfd is readable from the moment that the last thread of the process has ended, a zombie included. */
#include "session/process_watch.h"

#include <unistd.h>

void process_watch_stop(struct process_watch *watch)
{
    if (!watch->io)
        return;
    loop_io_free(watch->io);
    watch->io = NULL;
    close(watch->pidfd);
}

static void fired(void *argument, int fd, int events)
{
    struct process_watch *watch = argument;
    (void)fd;
    (void)events;
    process_watch_stop(watch);
    watch->fn(watch->argument);
}

int process_watch_start(
    struct process_watch *watch, struct loop *loop, struct process process, loop_fn fn, void *argument)
{
    *watch = (struct process_watch){.fn = fn, .argument = argument, .pidfd = process_pidfd(process)};
    if (watch->pidfd < 0)
        return watch->pidfd;
    int r = loop_io_new(loop, watch->pidfd, LOOP_READ, fired, watch, &watch->io);
    if (r < 0) {
        close(watch->pidfd);
        watch->io = NULL;
    }
    return r;
}

bool process_watch_on(const struct process_watch *watch)
{
    return watch->io != NULL;
}

bool process_watch_lives(const struct process_watch *watch)
{
    return process_watch_on(watch) && !process_ended(watch->pidfd);
}
