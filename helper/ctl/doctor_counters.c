/*
 * doctor: what the helper counted since its start, by its own word (c2mctl metrics).
 */
#include "authd.h"
#include "check.h"
#include "listing.h"
#include "mismatch.h"
#include "unrevoked.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void metric_seen(void *data, const void *item);

static bool ask(
    const struct doctor *doctor, struct reports *reports, const char *what, metric_seen *see, void *data)
{
    if (!check_as_root(reports, what))
        return false;
    const struct listing metrics = {C2M_METRICS, NULL, 0, C2M_METRIC_IS, sizeof(struct c2m_metric)};
    int rc = listing_each_quietly(doctor->options, &metrics, see, data);
    if (rc < 0)
        report_add(reports, REPORT_SKIP, "%s: %s", what, strerrordesc_np(-rc));
    return rc == 0;
}

static bool label_is(const struct c2m_name *label, const char *word)
{
    return label->length == strlen(word) && memcmp(label->bytes, word, label->length) == 0;
}

static void see_offset(void *data, const void *item)
{
    const struct c2m_metric *metric = item;
    if (metric->family == C2M_METRIC_CLOCK_OFFSET)
        *(int64_t *)data = metric->value;
}

void check_api_clock(struct doctor *doctor, struct reports *reports)
{
    enum { PATIENCE = 10 }; /* [verify] tolerance is 30 s */
    int64_t offset = 0;

    if (!ask(doctor, reports, "how far the clocks are apart", see_offset, &offset) ||
        (offset < PATIENCE && offset > -PATIENCE))
        return;
    struct report *report = report_add(reports, REPORT_WARN, "the clock is %lld s %s the API's",
        (long long)(offset < 0 ? -offset : offset), offset < 0 ? "ahead of" : "behind");
    report_mend(report, "timedatectl set-ntp true");
    report_fix(report, "timedatectl set-ntp true");
}

/* Why a token is none of ours that an honest user brings, by the words of the log, and the key to look at. */
static const struct mismatch {
    const char *reason, *what, *section, *key;
    int kind; /* enum c2m_mismatch_kind: the helper keeps what the last one carried; -1: it does not */
    const char *carried, *against;
} mismatches[] = {
    {"issuer", "their issuer", "verify", "issuer", C2M_MISMATCH_ISSUER, "iss", "configured"},
    {"audience", "their audience", "login", "audience", C2M_MISMATCH_AUDIENCE, "aud", "configured"},
    {"unknown_key", "a key that signed them and is not known here", "verify", "jwks", C2M_MISMATCH_KEY, "kid",
        "not among the keys of"},
    {"no_keys", "want of keys: the set could not be read", "verify", "jwks", -1, NULL, NULL},
    {"signature", "their signature", "verify", "key", -1, NULL, NULL},
    {"algorithm", "their algorithm", "verify", "algorithm", -1, NULL, NULL},
    {"scope", "a scope that they lack", "login", "required_scopes", -1, NULL, NULL},
};
enum { MISMATCHES = sizeof mismatches / sizeof mismatches[0] };

struct logins {
    int64_t granted, refused[MISMATCHES];
};

static void see_login(void *data, const void *item)
{
    const struct c2m_metric *metric = item;
    struct logins *logins = data;

    if (metric->family != C2M_METRIC_LOGINS)
        return;
    if (label_is(&metric->labels[1], "granted"))
        logins->granted += metric->value;
    for (size_t i = 0; i < MISMATCHES; i++)
        if (label_is(&metric->labels[2], mismatches[i].reason))
            logins->refused[i] += metric->value;
}

/* With what the last of them carried, where that is kept: beside what is configured it tells which of the two is wrong. */
static void report_refused(
    const struct doctor *doctor, struct reports *reports, const struct mismatch *one, long long count)
{
    char value[200], carried[MISMATCH_SIZE];
    bool configured = authd_value(check_config(doctor), one->section, one->key, value, sizeof value);
    struct report *report;

    if (configured && one->kind >= 0 &&
        mismatch_last(doctor->options, (enum c2m_mismatch_kind)one->kind, carried) > 0) {
        report = report_add(reports, REPORT_WARN, "%lld tokens refused: %s \"%s\", %s \"%.110s\"", count,
            one->carried, carried, one->against, value);
        report_mend(report, "correct [%s] %s, if these tokens are the API's", one->section, one->key);
    } else {
        report = report_add(reports, REPORT_WARN, "%lld tokens were refused for %s", count, one->what);
        if (configured)
            report_mend(report, "[%s] %s = %s: is that what the API issues?", one->section, one->key, value);
        else
            report_mend(
                report, "[%s] %s is not set: does it say what the API issues?", one->section, one->key);
    }
    report_at(report, check_config(doctor), 0);
}

/* Some are guesses, or another host's tokens: it is ours to mend when they are more than those that were right. */
void check_api_tokens(struct doctor *doctor, struct reports *reports)
{
    enum { SOME = 3 };
    struct logins logins = {.granted = 0};

    if (!ask(doctor, reports, "which tokens are refused", see_login, &logins))
        return;
    for (size_t i = 0; i < MISMATCHES; i++)
        if (logins.refused[i] >= SOME && logins.refused[i] > logins.granted)
            report_refused(doctor, reports, &mismatches[i], (long long)logins.refused[i]);
}

static void see_held(void *data, const void *item)
{
    const struct c2m_metric *metric = item;

    if (metric->family == C2M_METRIC_BUDGET_HELD)
        *(int64_t *)data = metric->value;
}

static void report_refusals(const struct doctor *doctor, struct reports *reports)
{
    struct unrevoked refused;
    struct report *report;
    int rc = unrevoked_count(doctor->options, check_config(doctor), &refused);

    if (rc < 0)
        report_add(reports, REPORT_SKIP, "what the API refuses to revoke: %s", strerrordesc_np(-rc));
    if (refused.unauthorised > 0) {
        report =
            report_add(reports, REPORT_WARN, "the API refused %u revocations (401)", refused.unauthorised);
        report_mend(report, "the host's token is over or was revoked: c2mctl enroll another");
    }
    if (refused.forbidden > 0) {
        report = report_add(reports, REPORT_WARN, "the API refused %u revocations", refused.forbidden);
        report_mend(report, "the host's token lacks tokens:revoke: c2mctl enroll one that holds it");
    }
}

void check_api_limits(struct doctor *doctor, struct reports *reports)
{
    int64_t held = 0; /* seconds that a 429 still forbids */

    if (!ask(doctor, reports, "what the API limits", see_held, &held))
        return;
    if (held > 0) {
        struct report *report =
            report_add(reports, REPORT_WARN, "the API limits this host, %lld s left", (long long)held);
        report_mend(
            report, "lower requests_per_minute in [api]: hosts behind one address share the API's limit");
        report_at(report, check_config(doctor), 0);
    }
    if (doctor->status.revocations_pending > 0 || doctor->status.revocations_unrevocable > 0)
        report_refusals(doctor, reports);
}
