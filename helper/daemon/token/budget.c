/*
 * A log of what was sent in the last minute: never more than the limit, whichever way the service counts.
 *
 * A lane may use its own share, and beyond it what is not held back for the others: the logins' share always,
 * because a login cannot wait a minute for what was lent, and from suspects the strangers' too; another lane's share
 * while that lane has asked within the last two minutes (it may have been told to wait for one). So an idle lane's
 * share is lent, and given back within a minute of asking.
 *
 * Where nobody else has asked for two minutes, a revocation may have what logins do not use: as long as the first login
 * that comes would wait for one mean distance of two requests, the second for two, and so on.
 */
#include "token/budget.h"

#include "base/clock.h"

#include <errno.h>
#include <stdlib.h>

enum {
    WINDOW_MS = 61000, /* a request may take longer on its way than the next one: a second to spare */
    HOLD_DEFAULT_S = 60,
    HOLD_MAX_S = 3600,
    WAITS_MAX_MS = 10000, /* nobody waits longer: a login has no more time, a revocation comes back later */
    YIELD_MS = 100,
    QUIET_MS = 2 * WINDOW_MS,
};

static const unsigned percent[BUDGET_LANES] = {[BUDGET_LOGIN] = 40,
    [BUDGET_STRANGER] = 10,
    [BUDGET_RENEWAL] = 20,
    [BUDGET_REVOCATION] = 20,
    [BUDGET_USER] = 10,
    [BUDGET_SUSPECT] = 0};

struct sent {
    int64_t at;
    enum budget_lane lane;
};

/* How many were sent within the window, by lane. */
struct usage {
    unsigned lane[BUDGET_LANES], total;
};

struct budget {
    unsigned limit;
    unsigned share[BUDGET_LANES];
    int64_t held_until;
    int64_t asked[BUDGET_LANES]; /* when each lane last asked */
    int64_t waiting_until[BUDGET_LANES]; /* somebody of that lane was told to wait, and may come until then */
    uint64_t throttled[BUDGET_LANES];
    struct usage usage;
    unsigned first; /* in the ring, of usage.total */
    struct sent ring[];
};

int budget_new(unsigned requests_per_minute, struct budget **out)
{
    if (requests_per_minute == 0 || requests_per_minute > 1000000)
        return -EINVAL;
    struct budget *budget = calloc(1, sizeof *budget + requests_per_minute * sizeof budget->ring[0]);
    if (!budget)
        return -ENOMEM;
    budget->limit = requests_per_minute;
    for (unsigned lane = 0; lane < BUDGET_LANES; lane++) {
        budget->share[lane] = requests_per_minute * percent[lane] / 100;
        if (budget->share[lane] == 0 && percent[lane] > 0 && requests_per_minute >= BUDGET_LANES)
            budget->share[lane] = 1;
        budget->asked[lane] = INT64_MIN / 2;
    }
    budget->asked[BUDGET_LOGIN] = clock_boot_ms(); /* nobody knows who came before the start */
    *out = budget;
    return 0;
}

void budget_free(struct budget *budget)
{
    free(budget);
}

static void forget_old(struct budget *budget, int64_t now)
{
    while (budget->usage.total > 0 && budget->ring[budget->first].at + WINDOW_MS <= now) {
        budget->usage.lane[budget->ring[budget->first].lane]--;
        budget->usage.total--;
        budget->first = (budget->first + 1) % budget->limit;
    }
}

/* Whether ASKER, who wants more than its share, leaves LANE its own. */
static bool reserved(const struct budget *budget, unsigned lane, unsigned asker, int64_t now)
{
    return lane == BUDGET_LOGIN || (lane == BUDGET_STRANGER && asker == BUDGET_SUSPECT) ||
           budget->asked[lane] > now - 2L * WINDOW_MS;
}

static bool within_share(const struct budget *budget, const struct usage *usage, unsigned lane)
{
    return usage->lane[lane] < budget->share[lane];
}

/* Within its own share a lane leaves room for the higher ones' shares, beyond it for all the others'. */
static bool affordable(const struct budget *budget, const struct usage *usage, unsigned lane, int64_t now)
{
    unsigned kept = 0, others = within_share(budget, usage, lane) ? lane : BUDGET_LANES;
    for (unsigned other = 0; other < others; other++) {
        if (other != lane && reserved(budget, other, lane, now) && within_share(budget, usage, other))
            kept += budget->share[other] - usage->lane[other];
    }
    return budget->limit - usage->total > kept;
}

/* Beyond its own share, to a higher lane that waits for what has just become free. */
static bool yields(const struct budget *budget, unsigned lane, int64_t now)
{
    for (unsigned higher = 0; higher < lane && !within_share(budget, &budget->usage, lane); higher++) {
        if (budget->waiting_until[higher] > now)
            return true;
    }
    return false;
}

static bool is_quiet(const struct budget *budget, int64_t now)
{
    for (unsigned lane = 0; lane < BUDGET_LANES; lane++)
        if (lane != BUDGET_REVOCATION && budget->asked[lane] > now - QUIET_MS)
            return false;
    return true;
}

/* How long until one more would leave each of the logins' share a slot that is free when its turn comes. */
static int64_t lending_wait(const struct budget *budget, int64_t now)
{
    unsigned left = budget->limit - budget->usage.total;
    int64_t wait = 0;
    if (left == 0)
        return budget->ring[budget->first].at + WINDOW_MS - now;
    for (unsigned login = left; login <= budget->share[BUDGET_LOGIN] && login - left < budget->usage.total;
        login++) {
        int64_t at = budget->ring[(budget->first + login - left) % budget->limit].at,
                early = at + WINDOW_MS - now - (int64_t)login * (WINDOW_MS / budget->limit);
        wait = early > wait ? early : wait;
    }
    return wait;
}

/* When enough of what was sent is a minute old. */
static int64_t wait_for(const struct budget *budget, enum budget_lane lane, int64_t now)
{
    struct usage usage = budget->usage;
    for (unsigned i = 0; i < budget->usage.total; i++) {
        const struct sent *sent = &budget->ring[(budget->first + i) % budget->limit];
        usage.lane[sent->lane]--;
        usage.total--;
        if (affordable(budget, &usage, lane, now))
            return sent->at + WINDOW_MS - now;
    }
    return WINDOW_MS;
}

/* 0: what logins do not use is lent. */
static int64_t wait_beyond(const struct budget *budget, enum budget_lane lane, int64_t now)
{
    int64_t wait = wait_for(budget, lane, now);
    if (lane != BUDGET_REVOCATION || !is_quiet(budget, now))
        return wait;
    int64_t lent = lending_wait(budget, now);
    return lent < wait ? lent : wait;
}

int64_t budget_take(struct budget *budget, enum budget_lane lane)
{
    int64_t now = clock_boot_ms(), wait = budget_held(budget);
    budget->asked[lane] = now;
    forget_old(budget, now);
    if (wait == 0 && !affordable(budget, &budget->usage, lane, now))
        wait = wait_beyond(budget, lane, now);
    else if (wait == 0 && yields(budget, lane, now))
        wait = YIELD_MS;
    if (wait > 0) {
        budget->throttled[lane]++;
        if (wait <= WAITS_MAX_MS)
            budget->waiting_until[lane] = now + wait + YIELD_MS;
        return wait;
    }
    budget->waiting_until[lane] = 0;
    unsigned last = (budget->first + budget->usage.total) % budget->limit;
    budget->ring[last] = (struct sent){now, lane};
    budget->usage.lane[lane]++;
    budget->usage.total++;
    return 0;
}

unsigned budget_used(struct budget *budget, unsigned *used)
{
    forget_old(budget, clock_boot_ms());
    *used = budget->usage.total;
    return budget->limit;
}

uint64_t budget_throttled(const struct budget *budget, enum budget_lane lane)
{
    return budget->throttled[lane];
}

const char *budget_lane_word(enum budget_lane lane)
{
    static const char *const words[BUDGET_LANES] = {[BUDGET_LOGIN] = "login",
        [BUDGET_STRANGER] = "stranger",
        [BUDGET_RENEWAL] = "renewal",
        [BUDGET_REVOCATION] = "revocation",
        [BUDGET_USER] = "user",
        [BUDGET_SUSPECT] = "suspect"};
    return words[lane];
}

void budget_hold(struct budget *budget, int64_t retry_after)
{
    if (retry_after < 0)
        retry_after = HOLD_DEFAULT_S;
    if (retry_after < 1)
        retry_after = 1;
    if (retry_after > HOLD_MAX_S)
        retry_after = HOLD_MAX_S;
    int64_t until = clock_boot_ms() + retry_after * 1000;
    if (until > budget->held_until)
        budget->held_until = until;
}

int64_t budget_held(const struct budget *budget)
{
    int64_t left = budget->held_until - clock_boot_ms();
    return left > 0 ? left : 0;
}
