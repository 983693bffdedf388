/*
 * One try is one request with one bearer; a round is a try with each bearer; between rounds it backs off. What
 * an answer means stands in revocation_answer.c, whose turn it is in revocation_queue.c.
 *
 * Before a request leaves, its row says that the answer was lost, and says the truth again when it has come: so
 * a helper that dies between the two knows after its restart that the token may be dead already.
 */
#include "session/revoker_internal.h"

#include "base/clock.h"
#include "session/backoff.h"
#include "session/revocation_answer.h"

#include <errno.h>

enum { IN_FLIGHT_MAX = 4, WAKE_SPREAD_MS = 5000, TIMEOUT_MS = 15000, PUMP_MAX = 64 };

static void try_bearers(struct revocation *revocation);

void revoker_arm(struct revoker *revoker)
{
    int64_t delay = revocation_queue_delay(&revoker->queue, revoker->in_flight < IN_FLIGHT_MAX);
    if (!TAILQ_EMPTY(&revoker->unsaved.dirty) && (delay < 0 || delay > UNSAVED_RETRY_MS))
        delay = UNSAVED_RETRY_MS;
    if (delay >= 0)
        loop_timer_set(revoker->timer, delay);
    else
        loop_timer_clear(revoker->timer);
}

static void fail_round(struct revocation *revocation)
{
    struct revoker *revoker = revocation->revoker;
    uint64_t random;
    vault_random(&random, sizeof random);
    int64_t delay = backoff_ms(revocation->failures, random);
    if (delay < revocation->retry_after_ms)
        delay = revocation->retry_after_ms;
    revocation->not_before_boot_ms = clock_boot_ms() + revocation->retry_after_ms;
    revocation->bearer = 0;
    revocation->retry_after_ms = 0;
    if (revocation->failures++ == 0) {
        revocation_log(revocation);
        if (!revocation->is_long)
            revocation_queue_unpark(&revoker->queue, revocation);
    }
    revocation_queue_wait(&revoker->queue, revocation, delay);
    if (revocation->answered)
        unsaved_write(&revocation->saving);
    revocation->answered = false; /* a round in which nothing could be sent changes no row */
}

static bool all_refused(const struct revocation *revocation)
{
    for (unsigned i = 0; i < REVOCATION_BEARERS_KEPT; i++)
        if (revocation->bearers[i].sealed && !(revocation->refused & 1u << i))
            return false;
    return revocation->refused & 1u << REVOCATION_BEARER_HOST ||
           !revoker_host_may(revocation->revoker, revocation->client);
}

static void next_bearer(struct revocation *revocation, int64_t retry_after)
{
    int64_t told_ms = retry_after < 0 ? 0 : backoff_retry_after_ms(retry_after);
    if (told_ms > revocation->retry_after_ms)
        revocation->retry_after_ms = told_ms;
    revocation->bearer++;
    if (all_refused(revocation))
        revoker_settle(revocation, C2M_REVOCATION_UNREVOCABLE, REASON_INSUFFICIENT_SCOPE);
    else
        try_bearers(revocation);
}

static enum revocation_next judge(const struct revocation *revocation, const struct api_revocation *answer)
{
    struct api_health health;
    api_health(revocation->revoker->api, &health);
    const struct revocation_try attempt = {.bearer_is_target = revocation->bearer == REVOCATION_BEARER_SELF,
        .bearer_is_stranger = revocation->bearer == REVOCATION_BEARER_LONG && !revocation->client[0],
        .answer_was_lost = revocation->lost,
        .base_proven = health.proven,
        .over = revocation->expires > 0 && revocation->expires <= clock_wall()};
    return revocation_judge(answer, &attempt);
}

/* The same bearer again, and nothing of anybody before. */
static void wait(struct revocation *revocation, int64_t retry_after)
{
    struct revocation_queue *queue = &revocation->revoker->queue;
    int64_t delay = backoff_retry_after_ms(retry_after);
    revocation_queue_hold(queue, delay);
    revocation_queue_wait(queue, revocation, delay);
    unsaved_write(&revocation->saving);
}

static void take_answer(struct revocation *revocation, const struct api_revocation *answer)
{
    if (!answer->limited) {
        revocation->tries++;
        revocation->last_status = answer->status;
    }
    revocation->word = answer->reason == REASON_NONE ? REASON_RETRY : answer->reason;
    revocation->why = answer->why;
    enum revocation_next next = judge(revocation, answer);
    if (answer->lost)
        revocation->lost = true;
    switch (next) {
    case REVOCATION_DONE:
        revoker_settle(revocation, C2M_REVOCATION_DONE, REASON_DONE);
        return;
    case REVOCATION_DONE_BEFORE:
        revoker_settle(revocation, C2M_REVOCATION_DONE, REASON_DONE_BEFORE);
        return;
    case REVOCATION_OVER:
        revoker_settle(revocation, C2M_REVOCATION_EXPIRED, REASON_EXPIRED_FIRST);
        return;
    case REVOCATION_WAIT:
        wait(revocation, answer->retry_after);
        return;
    case REVOCATION_NEXT_BEARER_NO_SCOPE:
        revocation->refused |= 1u << revocation->bearer;
        break;
    case REVOCATION_NEXT_BEARER:
        break;
    }
    next_bearer(revocation, answer->retry_after);
}

static void answered(void *argument, const struct api_revocation *answer)
{
    struct revocation *revocation = argument;
    struct revoker *revoker = revocation->revoker;
    revocation->call = NULL;
    revocation->answered = true;
    revoker->in_flight--;
    take_answer(revocation, answer);
    revoker_arm(revoker);
}

static int open_bearer(const struct revocation *revocation, struct secret **out)
{
    const struct revoker *revoker = revocation->revoker;
    if (revocation->bearer != REVOCATION_BEARER_HOST)
        return revocation_bearer(revocation, revoker->vault, revocation->bearer, out);
    return revoker->host ? revoker->host(revoker->host_argument, revocation->client, out) : -ENOENT;
}

/* The next bearer of this round that may do it and opens. A key that was exchanged may come back: not for ever lost. */
static int find_bearer(struct revocation *revocation, struct secret **out)
{
    for (; revocation->bearer < REVOCATION_BEARERS; revocation->bearer++) {
        if (revocation->refused & 1u << revocation->bearer)
            continue;
        int r = open_bearer(revocation, out);
        if (r == 0)
            return 0;
        if (r != -ENOENT)
            revocation->word = REASON_NO_BEARER;
    }
    return -ENOENT;
}

static void try_bearers(struct revocation *revocation)
{
    struct revoker *revoker = revocation->revoker;
    struct secret *bearer SECRET_CLEANUP = NULL;
    int r = find_bearer(revocation, &bearer);
    if (r == 0)
        r = api_revoke(
            revoker->api, revocation->token_id, bearer, TIMEOUT_MS, answered, revocation, &revocation->call);
    if (r == 0) {
        revoker->in_flight++;
        unsaved_write(&revocation->saving); /* the answer is lost until it comes */
    } else if (r == -EINVAL) {
        revoker_settle(revocation, C2M_REVOCATION_UNREVOCABLE, REASON_NO_TOKEN_ID);
    } else {
        fail_round(revocation);
    }
}

/* What waits for its turn after failures, and would wait longer; what was told when to come again comes then. */
static void wake(struct revoker *revoker, struct revocation *revocation)
{
    uint64_t random;
    vault_random(&random, sizeof random);
    int64_t delay = (int64_t)(random % WAKE_SPREAD_MS), now = clock_boot_ms();
    if (delay < revocation->not_before_boot_ms - now)
        delay = revocation->not_before_boot_ms - now;
    if (now + delay < revocation->due_boot_ms)
        revocation_queue_wait(&revoker->queue, revocation, delay);
}

/* The outage is over: five minutes of waiting would be in vain. Four at a time and the budget bound what follows. */
void revoker_wake(void *argument)
{
    struct revoker *revoker = argument;
    struct revocation *revocation;
    TAILQ_FOREACH(revocation, &revoker->all, entry)
    {
        if (revocation->failures > 0 && revocation->place.in == &revoker->queue.waiting)
            wake(revoker, revocation);
    }
    revoker_arm(revoker);
}

/* A part at a time: an outage may leave tens of thousands that are due at once. */
void revoker_pump(void *argument)
{
    struct revoker *revoker = argument;
    unsaved_retry(&revoker->unsaved);
    for (int i = 0; i < PUMP_MAX; i++) {
        struct revocation *over = revocation_queue_take_over(&revoker->queue), *next = NULL;
        if (over)
            revoker_settle(over, C2M_REVOCATION_EXPIRED, REASON_EXPIRED_FIRST);
        else if (revoker->in_flight < IN_FLIGHT_MAX)
            next = revocation_queue_take(&revoker->queue);
        if (next)
            try_bearers(next);
        if (!over && !next)
            break;
    }
    revoker_arm(revoker);
}
