/* One entry for each process, from the first signal to its end, or to the day that nothing helps. */
#include "session/hangup.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/reason.h"
#include "session/process_watch.h"
#include "c2m/wire.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/queue.h>

enum { PATIENCE_MS = 2000 };

struct hangup {
    LIST_ENTRY(hangup) entry;
    struct process_watch watch;
    struct loop_timer *timer;
    char reference[C2M_REFERENCE_SIZE + 1];
    char user[C2M_NAME_MAX + 1];
    pid_t pid;
    bool terminated; /* SIGTERM was sent */
};

struct hangups {
    struct loop *loop;
    LIST_HEAD(hangup_list, hangup) list;
};

int hangups_new(struct loop *loop, struct hangups **out)
{
    struct hangups *hangups = calloc(1, sizeof *hangups);
    if (!hangups)
        return -ENOMEM;
    hangups->loop = loop;
    LIST_INIT(&hangups->list);
    *out = hangups;
    return 0;
}

static void drop(struct hangup *hangup)
{
    LIST_REMOVE(hangup, entry);
    process_watch_stop(&hangup->watch);
    loop_timer_free(hangup->timer);
    free(hangup);
}

void hangups_free(struct hangups *hangups)
{
    if (!hangups)
        return;
    for (struct hangup *hangup = LIST_FIRST(&hangups->list), *next; hangup; hangup = next) {
        next = LIST_NEXT(hangup, entry);
        drop(hangup);
    }
    free(hangups);
}

static void finish(struct hangup *hangup, enum reason reason)
{
    log_message(reason == REASON_HUNG_UP ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING,
        "event=hangup ref=%s reason=%s user=%s pid=%d", hangup->reference, reason_word(reason), hangup->user,
        (int)hangup->pid);
    drop(hangup);
}

static void has_ended(void *argument)
{
    finish(argument, REASON_HUNG_UP);
}

/* -ESRCH is told by the watch. */
static void signal_it(struct hangup *hangup, int signal)
{
    int r = process_signal(hangup->watch.pidfd, signal);
    if (r < 0 && r != -ESRCH)
        finish(hangup, REASON_NOT_ALLOWED);
    else
        loop_timer_set(hangup->timer, PATIENCE_MS);
}

static void still_there(void *argument)
{
    struct hangup *hangup = argument;
    if (hangup->terminated) {
        finish(hangup, REASON_STILL_THERE);
        return;
    }
    hangup->terminated = true;
    signal_it(hangup, SIGTERM);
}

void hangups_start(struct hangups *hangups, const char *reference, const char *user, struct process process)
{
    struct hangup *hangup = calloc(1, sizeof *hangup);
    if (!hangup) {
        log_message(LOG_LEVEL_ERROR, "ref=%s: no memory to hang up", reference);
        return;
    }
    snprintf(hangup->reference, sizeof hangup->reference, "%s", reference);
    snprintf(hangup->user, sizeof hangup->user, "%s", user);
    hangup->pid = process.pid;
    LIST_INSERT_HEAD(&hangups->list, hangup, entry);
    int r = loop_timer_new(hangups->loop, still_there, hangup, &hangup->timer);
    if (r == 0)
        r = process_watch_start(&hangup->watch, hangups->loop, process, has_ended, hangup);
    if (r == 0) {
        signal_it(hangup, SIGHUP);
        return;
    }
    if (r != -ESRCH) /* else it has ended by itself */
        log_message(LOG_LEVEL_ERROR, "ref=%s: cannot hang up: %s", reference, log_errno(r));
    drop(hangup);
}
