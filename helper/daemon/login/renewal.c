/* A task lives from the first renewal of its session to the session's end; it carries what was tried. */
#include "login/renewal.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "login/keeping.h"
#include "login/renewed.h"
#include "session/suspension.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

enum { LOOK_MS = 5000, EARLY_LEAST = 60, TIMEOUT_MS = 10000, PAUSE_MS = 15000, PAUSE_MOST_MS = 300000 };

struct task {
    LIST_ENTRY(task) entry;
    struct renewal *renewal;
    char reference[9];
    struct api_call *call; /* NULL: none is under way */
    int64_t pause_ms, next_boot_ms;
    uint8_t long_hash[VAULT_HASH_SIZE]; /* of the long token that was asked with */
    struct api_token answer; /* until it is judged */
    struct jwks_wait *wait; /* for the keys that are published */
    bool waited;
    bool refused; /* for good */
};

struct waiter {
    TAILQ_ENTRY(waiter) entry;
    char reference[9];
    loop_fn fn;
    void *argument;
};

struct renewal {
    const struct login_parts *parts;
    struct loop_timer *timer;
    LIST_HEAD(task_list, task) tasks;
    TAILQ_HEAD(waiter_list, waiter) waiters;
};

static struct task *find(const struct renewal *renewal, const char *reference)
{
    struct task *task;
    LIST_FOREACH(task, &renewal->tasks, entry)
    {
        if (strcmp(task->reference, reference) == 0)
            return task;
    }
    return NULL;
}

static struct task *add(struct renewal *renewal, const char *reference)
{
    struct task *task = calloc(1, sizeof *task);
    if (!task)
        return NULL;
    *task = (struct task){.renewal = renewal, .pause_ms = PAUSE_MS};
    snprintf(task->reference, sizeof task->reference, "%s", reference);
    LIST_INSERT_HEAD(&renewal->tasks, task, entry);
    return task;
}

/* A callback may cancel others: each time from the start. */
static void wake(struct renewal *renewal, const char *reference)
{
    struct waiter *waiter;
    do {
        TAILQ_FOREACH(waiter, &renewal->waiters, entry)
        {
            if (strcmp(waiter->reference, reference) == 0)
                break;
        }
        if (!waiter)
            return;
        TAILQ_REMOVE(&renewal->waiters, waiter, entry);
        waiter->fn(waiter->argument);
        free(waiter);
    } while (waiter);
}

static bool is_busy(const struct task *task)
{
    return task->call || task->wait;
}

static void drop(struct task *task)
{
    if (task->call)
        api_cancel(task->call);
    if (task->wait)
        jwks_cancel(task->wait);
    if (task->answer.token)
        keeping_orphan(task->renewal->parts, &task->answer, NULL);
    secret_free(task->answer.token);
    LIST_REMOVE(task, entry);
    free(task);
}

static void tell(const struct session *session, enum reason reason)
{
    log_message(reason == REASON_CREDENTIAL ? LOG_LEVEL_INFO : LOG_LEVEL_NOTICE,
        "event=renewal ref=%s verdict=%s reason=%s user=%s", session->reference,
        reason == REASON_CREDENTIAL ? "granted" : "denied", reason_word(reason), session->user);
}

static void try_later(struct task *task)
{
    task->next_boot_ms = clock_boot_ms() + task->pause_ms;
    task->pause_ms = 2 * task->pause_ms < PAUSE_MOST_MS ? 2 * task->pause_ms : PAUSE_MOST_MS;
}

/* It was asked with a token that was rotated meanwhile, and is revoked: that says nothing of the present one. */
static bool was_rotated(const struct task *task)
{
    struct secret *long_token SECRET_CLEANUP = NULL;
    uint8_t hash[VAULT_HASH_SIZE];
    if (ledger_long(task->renewal->parts->ledger, task->reference, &long_token) < 0)
        return false;
    vault_hash(secret_bytes(long_token), secret_length(long_token), hash);
    return memcmp(hash, task->long_hash, sizeof hash) != 0;
}

static void judge(void *argument)
{
    struct task *task = argument;
    struct renewal *renewal = task->renewal;
    const struct login_parts *parts = renewal->parts;
    struct verified verified = {.hash = {0}};
    char reference[9];
    task->wait = NULL;
    enum reason reason = verifier_check_obtained(parts->verifier, task->answer.token, &verified);
    if (jwks_wait_for(parts->jwks, &reason, &task->waited, judge, task, &task->wait))
        return;
    struct session *session = sessions_find(parts->sessions, task->reference);
    struct secret *token SECRET_CLEANUP = STEAL(task->answer.token);
    reason = renewed_take(parts, session, token, &task->answer, &verified, reason);
    tell(session, reason == REASON_NONE ? REASON_CREDENTIAL : reason);
    if (reason == REASON_NONE)
        task->pause_ms = PAUSE_MS;
    try_later(task);
    memcpy(reference, task->reference, sizeof reference);
    wake(renewal, reference);
}

static void refused(struct task *task, const struct session *session, const struct api_token *answer)
{
    if (answer->outcome == API_REFUSED && was_rotated(task)) {
        task->next_boot_ms = 0; /* at the next look */
        return;
    }
    task->refused = answer->outcome == API_REFUSED || answer->outcome == API_FORBIDDEN;
    tell(session, answer->reason);
    try_later(task);
}

static void renewed(void *argument, struct api_token *answer)
{
    struct task *task = argument;
    const struct login_parts *parts = task->renewal->parts;
    const struct session *session =
        sessions_find(parts->sessions, task->reference); /* its end ends the task */
    char reference[9];
    task->call = NULL;
    if (answer->outcome == API_OK || answer->reason == REASON_SUSPENDED)
        suspension_set(parts->sessions, parts->presences, session->client, answer->outcome != API_OK);
    if (answer->outcome == API_OK) {
        task->answer = *answer;
        task->answer.token = STEAL(answer->token);
        task->waited = false;
        judge(task);
        return;
    }
    struct renewal *renewal = task->renewal;
    memcpy(reference, task->reference, sizeof reference);
    refused(task, session, answer);
    wake(renewal, reference);
}

/* A fifth of its life before its end, at least a minute: time for an outage to pass. */
static bool is_due(const struct session *session)
{
    int64_t early = (session->token_expires - session->token_issued) / 5;
    if (early < EARLY_LEAST && session->token_expires - session->token_issued > 3L * EARLY_LEAST)
        early = EARLY_LEAST;
    return session_token_over(session) || session->token_expires - clock_wall() <= early;
}

static void renew(struct renewal *renewal, const struct session *session)
{
    const struct login_parts *parts = renewal->parts;
    struct secret *long_token SECRET_CLEANUP = NULL;
    if (session->state != C2M_SESSION_ACTIVE || session->form == C2M_FORM_SHORT || !is_due(session))
        return;
    struct task *task = find(renewal, session->reference);
    if (!task)
        task = add(renewal, session->reference);
    if (!task || is_busy(task) || task->refused || clock_boot_ms() < task->next_boot_ms)
        return;
    int r = ledger_long(parts->ledger, session->reference, &long_token);
    if (r == 0)
        vault_hash(secret_bytes(long_token), secret_length(long_token), task->long_hash);
    if (r < 0 || store_probe(parts->store) < 0 || ledger_ready(parts->ledger) < 0 ||
        api_exchange(parts->api, long_token, &parts->options->request_scopes, BUDGET_RENEWAL, TIMEOUT_MS,
            renewed, task, &task->call) < 0)
        try_later(task);
}

bool renewal_possible(const struct renewal *renewal, const struct session *session)
{
    const struct task *task = find(renewal, session->reference);
    return session->form != C2M_FORM_SHORT && (!task || !task->refused);
}

void renewal_look(struct renewal *renewal)
{
    struct sessions *sessions = renewal->parts->sessions;
    for (struct session *s = sessions_first(sessions); s; s = sessions_next(sessions, s))
        renew(renewal, s);
}

static void on_time(void *argument)
{
    struct renewal *renewal = argument;
    renewal_look(renewal);
    loop_timer_set(renewal->timer, LOOK_MS);
}

int renewal_new(const struct login_parts *parts, struct renewal **out)
{
    struct renewal *renewal CLEANUP_FREE = calloc(1, sizeof *renewal);
    if (!renewal)
        return -ENOMEM;
    renewal->parts = parts;
    LIST_INIT(&renewal->tasks);
    TAILQ_INIT(&renewal->waiters);
    int r = loop_timer_new(parts->loop, on_time, renewal, &renewal->timer);
    if (r < 0)
        return r;
    loop_timer_set(renewal->timer, LOOK_MS);
    *out = STEAL(renewal);
    return 0;
}

void renewal_free(struct renewal *renewal)
{
    if (!renewal)
        return;
    for (struct task *task = LIST_FIRST(&renewal->tasks), *next; task; task = next) {
        next = LIST_NEXT(task, entry);
        drop(task);
    }
    for (struct waiter *waiter = TAILQ_FIRST(&renewal->waiters), *next; waiter; waiter = next) {
        next = TAILQ_NEXT(waiter, entry);
        free(waiter);
    }
    loop_timer_free(renewal->timer);
    free(renewal);
}

bool renewal_await(struct renewal *renewal, const char *reference, loop_fn fn, void *argument)
{
    const struct task *task = find(renewal, reference);
    struct waiter *waiter = task && is_busy(task) ? calloc(1, sizeof *waiter) : NULL;
    if (!waiter)
        return false;
    *waiter = (struct waiter){.fn = fn, .argument = argument};
    memcpy(waiter->reference, task->reference, sizeof waiter->reference);
    TAILQ_INSERT_TAIL(&renewal->waiters, waiter, entry);
    return true;
}

void renewal_cancel(struct renewal *renewal, const void *argument)
{
    for (struct waiter *waiter = TAILQ_FIRST(&renewal->waiters), *next; waiter; waiter = next) {
        next = TAILQ_NEXT(waiter, entry);
        if (waiter->argument != argument)
            continue;
        TAILQ_REMOVE(&renewal->waiters, waiter, entry);
        free(waiter);
    }
}

void renewal_forget(struct renewal *renewal, const char *reference)
{
    struct task *task = find(renewal, reference);
    if (task)
        drop(task);
    wake(renewal, reference);
}
