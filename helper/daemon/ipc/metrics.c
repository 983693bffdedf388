/* The names stand in c2mctl; here are numbers. A list is a snapshot of one turn. */
#include "ipc/metrics.h"

#include "base/clock.h"
#include "c2m/client.h"

#include <stdio.h>
#include <stdlib.h>

/* Seconds, as the label says, and as microseconds; nearer where logins without the API end. */
static const struct {
    const char *label;
    int64_t us;
} buckets[] = {{"0.005", 5000}, {"0.01", 10000}, {"0.025", 25000}, {"0.05", 50000}, {"0.1", 100000},
    {"0.25", 250000}, {"0.5", 500000}, {"1", 1000000}, {"2.5", 2500000}, {"5", 5000000}, {"10", 10000000},
    {"+Inf", INT64_MAX}};

enum { BUCKETS = sizeof buckets / sizeof buckets[0], GAUGES = 24 };

void metrics_login(struct tally *tally, const struct login_request *request, const struct outcome *outcome,
    int64_t duration_us)
{
    /* At user.sock anybody says what he likes. */
    const char *service = request->root_door ? request->service : "user.sock";
    int64_t work_us = duration_us - outcome->spent_us[STEP_PROMPT];
    tally_add(
        tally, C2M_METRIC_LOGINS, service, outcome_word(outcome->verdict), reason_word(outcome->reason), 1);
    if (outcome->verdict == C2M_IGNORE)
        return;
    for (size_t i = 0; i < BUCKETS; i++)
        tally_add(tally, C2M_METRIC_LOGIN_BUCKET, buckets[i].label, NULL, NULL, work_us <= buckets[i].us);
    tally_add(tally, C2M_METRIC_LOGIN_SUM, NULL, NULL, NULL, work_us);
    tally_add(tally, C2M_METRIC_LOGIN_COUNT, NULL, NULL, NULL, 1);
}

static void put(struct c2m_metric *out, uint32_t family, const char *label, int64_t value)
{
    *out = (struct c2m_metric){.family = family, .value = value};
    c2m_text_cut(&out->labels[0].length, out->labels[0].bytes, C2M_NAME_MAX, label);
}

/* What stands still while the rest goes on: lanes of the budget, and the keys. */
static size_t put_waiting(const struct admin *admin, struct c2m_metric *out)
{
    int64_t age = *admin->jwks ? jwks_age(*admin->jwks) : -1;
    size_t n = 0;
    for (unsigned lane = 0; lane < BUDGET_LANES; lane++)
        put(&out[n++], C2M_METRIC_THROTTLED, budget_lane_word(lane),
            (int64_t)budget_throttled(admin->budget, lane));
    if (age >= 0)
        put(&out[n++], C2M_METRIC_JWKS_AGE, "", age);
    return n;
}

static size_t put_gauges(const struct admin *admin, struct c2m_metric *out)
{
    struct api_health health;
    unsigned pending, unrevocable, used;
    size_t n = 0;
    api_health(admin->api, &health);
    revoker_counts(admin->revoker, &pending, &unrevocable);
    int64_t oldest = revoker_oldest(admin->revoker), now = clock_wall();
    unsigned limit = budget_used(admin->budget, &used);
    put(&out[n++], C2M_METRIC_BUILD, C2M_HELPER_VERSION, 1);
    put(&out[n++], C2M_METRIC_STARTED, "", admin->started);
    put(&out[n++], C2M_METRIC_SESSIONS, "active", sessions_count(admin->sessions, C2M_SESSION_ACTIVE));
    put(&out[n++], C2M_METRIC_SESSIONS, "pending", sessions_count(admin->sessions, C2M_SESSION_PENDING));
    put(&out[n++], C2M_METRIC_PENDING, "", pending);
    put(&out[n++], C2M_METRIC_UNREVOCABLE, "", unrevocable);
    put(&out[n++], C2M_METRIC_OLDEST, "", oldest > 0 && now > oldest ? now - oldest : 0);
    put(&out[n++], C2M_METRIC_BUDGET, "", limit);
    put(&out[n++], C2M_METRIC_BUDGET_USED, "", used);
    put(&out[n++], C2M_METRIC_BUDGET_HELD, "", (budget_held(admin->budget) + 999) / 1000);
    put(&out[n++], C2M_METRIC_RESERVE, "", !store_scarce(admin->store));
    if (health.asked)
        put(&out[n++], C2M_METRIC_API_UP, "", health.answering);
    if (health.last_answer > 0)
        put(&out[n++], C2M_METRIC_CLOCK_OFFSET, "", health.clock_offset);
    n += put_waiting(admin, out + n);
    return n;
}

void metrics_request(const struct admin *admin, struct peer *peer)
{
    size_t count;
    const struct tally_row *rows = tally_rows(admin->tally, &count);
    struct c2m_metric *records = calloc(count + GAUGES, sizeof *records);
    if (!records) {
        peer_finish(peer);
        return;
    }
    size_t n = put_gauges(admin, records);
    for (size_t i = 0; i < count; i++, n++) {
        records[n] = (struct c2m_metric){.family = rows[i].family, .value = rows[i].value};
        for (size_t label = 0; label < TALLY_LABELS; label++)
            c2m_text_cut(&records[n].labels[label].length, records[n].labels[label].bytes, C2M_NAME_MAX,
                rows[i].labels[label]);
    }
    peer_records(peer, C2M_METRIC_IS, records, n, sizeof *records);
}
