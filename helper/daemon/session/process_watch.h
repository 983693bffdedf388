/*
 * Tells once that a process has ended. A pidfd, not a pid: nothing that was started since can stand in for it.
 * A watch is embedded in what it watches for; zeroed memory is one that is off.
 */
#ifndef SESSION_PROCESS_WATCH_H
#define SESSION_PROCESS_WATCH_H

#include "base/loop.h"
#include "base/process.h"

#include <stdbool.h>

struct process_watch {
    struct loop_io *io; /* NULL: off */
    int pidfd; /* only while it is on */
    loop_fn fn;
    void *argument;
};

/*
 * FN is called from the loop when PROCESS has ended, never from inside; the watch is off by then, and FN may
 * start it again. -ESRCH: it has ended already, or cannot be seen; another negative errno. Off on errors.
 */
int process_watch_start(
    struct process_watch *watch, struct loop *loop, struct process process, loop_fn fn, void *argument);
void process_watch_stop(struct process_watch *watch); /* harmless when it is off */
bool process_watch_on(const struct process_watch *watch);
/* On, and the process has not ended, whether FN has been told or not: cheaper than /proc, and it cannot be another's pid. */
bool process_watch_lives(const struct process_watch *watch);

#endif
