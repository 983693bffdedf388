/*
 * c2mctl metrics: the helper's counters in the text format of Prometheus, on standard output or in a file of
 * node_exporter's textfile collector. That one is replaced as a whole, so that nobody ever reads half of it.
 */
#include "commands.h"
#include "complain.h"
#include "listing.h"
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LABELS = 3, METRICS_MAX = 4096, PATH_SIZE = 4096 };

/* In the order in which they are printed; a histogram's three stand together. */
static const struct family {
    uint32_t number;
    const char *name, *type, *help; /* a type of NULL: it belongs to the one above */
    const char *labels[LABELS];
    int64_t unit; /* so many of the helper's are one */
} families[] = {
    /* A table, a row a line. */
    /* clang-format off */
    {C2M_METRIC_BUILD, "c2m_build_info", "gauge", "Version of the helper.", {"version"}, 1},
    {C2M_METRIC_STARTED, "c2m_start_time_seconds", "gauge", "When the helper started; counters begin then.", {NULL}, 1},
    {C2M_METRIC_LOGINS, "c2m_logins_total", "counter", "Logins, by how they ended.", {"service", "verdict", "reason"}, 1},
    {C2M_METRIC_LOGIN_BUCKET, "c2m_login_duration_seconds_bucket", "histogram", "Time until a login's verdict, without the time at the prompt.", {"le"}, 1},
    {C2M_METRIC_LOGIN_SUM, "c2m_login_duration_seconds_sum", NULL, NULL, {NULL}, 1000000},
    {C2M_METRIC_LOGIN_COUNT, "c2m_login_duration_seconds_count", NULL, NULL, {NULL}, 1},
    {C2M_METRIC_API_REQUESTS, "c2m_api_requests_total", "counter", "Requests of the API, by endpoint and HTTP status.", {"endpoint", "code"}, 1},
    {C2M_METRIC_API_UP, "c2m_api_up", "gauge", "Whether the API answered the last request.", {NULL}, 1},
    {C2M_METRIC_BUDGET, "c2m_api_budget_requests", "gauge", "Requests that a minute may hold.", {NULL}, 1},
    {C2M_METRIC_BUDGET_USED, "c2m_api_budget_used_requests", "gauge", "Requests that the last minute held.", {NULL}, 1},
    {C2M_METRIC_BUDGET_HELD, "c2m_api_held_seconds", "gauge", "How long a 429 still forbids requests.", {NULL}, 1},
    {C2M_METRIC_THROTTLED, "c2m_throttled_total", "counter", "How often a lane's requests were told to wait.", {"lane"}, 1},
    {C2M_METRIC_JWKS_AGE, "c2m_jwks_age_seconds", "gauge", "How long ago the keys that are in force were fetched.", {NULL}, 1},
    {C2M_METRIC_CLOCK_OFFSET, "c2m_clock_offset_seconds", "gauge", "The API's clock minus this host's.", {NULL}, 1},
    {C2M_METRIC_SESSIONS, "c2m_sessions", "gauge", "Login sessions.", {"state"}, 1},
    {C2M_METRIC_PENDING, "c2m_revocations_pending", "gauge", "Tokens that the API has not confirmed dead yet.", {NULL}, 1},
    {C2M_METRIC_OLDEST, "c2m_revocation_oldest_age_seconds", "gauge", "How long the oldest of them waits.", {NULL}, 1},
    {C2M_METRIC_UNREVOCABLE, "c2m_revocations_unrevocable", "gauge", "Tokens that nobody may revoke and that still live.", {NULL}, 1},
    {C2M_METRIC_RESERVE, "c2m_state_reserve_whole", "gauge", "0: the disk is full, and no token lets anybody in.", {NULL}, 1},
    /* clang-format on */
};
enum { FAMILIES = sizeof families / sizeof families[0] };

struct metrics {
    struct c2m_metric *list;
    size_t count;
};

static void metrics_drop(struct metrics *metrics)
{
    free(metrics->list);
}

/* A label's text as the format wants it; the rest of the filter's work is done by refusing what is not printable. */
static void print_label(FILE *out, const struct c2m_name *text)
{
    for (size_t i = 0; i < text->length; i++) {
        char c = text->bytes[i];
        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else
            fputc(c >= 0x20 && c <= 0x7e ? c : '?', out);
    }
}

static void print_value(FILE *out, int64_t value, int64_t unit)
{
    if (unit == 1)
        fprintf(out, " %" PRId64 "\n", value);
    else
        fprintf(out, " %.6f\n", (double)value / (double)unit);
}

static void print_metric(FILE *out, const struct family *family, const struct c2m_metric *metric)
{
    const char *before = "{";

    fputs(family->name, out);
    for (size_t i = 0; i < LABELS && family->labels[i] != NULL; i++) {
        fprintf(out, "%s%s=\"", before, family->labels[i]);
        print_label(out, &metric->labels[i]);
        fputc('"', out);
        before = ",";
    }
    fputs(before[0] == ',' ? "}" : "", out);
    print_value(out, metric->value, family->unit);
}

/* The name of a histogram is that of its buckets without the last word. */
static void print_head(FILE *out, const struct family *family)
{
    int length = (int)strlen(family->name);

    if (family->type == NULL)
        return;
    if (strcmp(family->type, "histogram") == 0)
        length -= (int)strlen("_bucket");
    fprintf(out, "# HELP %.*s %s\n", length, family->name, family->help);
    fprintf(out, "# TYPE %.*s %s\n", length, family->name, family->type);
}

static void print_all(FILE *out, const struct metrics *metrics)
{
    for (const struct family *family = families; family < families + FAMILIES; family++) {
        bool begun = false;
        for (size_t i = 0; i < metrics->count; i++) {
            if (metrics->list[i].family != family->number)
                continue;
            if (!begun)
                print_head(out, family);
            begun = true;
            print_metric(out, family, &metrics->list[i]);
        }
    }
}

static void print_json(const struct metrics *metrics)
{
    struct output *output __attribute__((cleanup(output_drop))) = output_new();
    struct output *list = output_list(output, "metrics");

    for (size_t f = 0; f < FAMILIES; f++) {
        for (size_t i = 0; i < metrics->count; i++) {
            const struct c2m_metric *metric = &metrics->list[i];
            if (metric->family != families[f].number)
                continue;
            struct output *item = output_item(list);
            output_word(item, "name", families[f].name);
            for (size_t k = 0; k < LABELS && families[f].labels[k] != NULL; k++)
                output_text(item, families[f].labels[k], metric->labels[k].bytes, metric->labels[k].length);
            output_number(item, families[f].unit == 1 ? "value" : "value_us", metric->value);
        }
    }
    output_print(output);
}

static bool is_sound(const struct c2m_metric *metric)
{
    for (size_t i = 0; i < LABELS; i++)
        if (!c2m_text_ok(metric->labels[i].length, metric->labels[i].bytes, C2M_NAME_MAX))
            return false;
    return true;
}

static int see(struct helper *helper, const void *item, void *data)
{
    struct metrics *metrics = data;
    const struct c2m_metric *metric = item;
    struct c2m_metric *grown = is_sound(metric) && metrics->count < METRICS_MAX
                                   ? reallocarray(metrics->list, metrics->count + 1, sizeof *grown)
                                   : NULL;

    if (grown == NULL)
        return helper_confused(helper);
    metrics->list = grown;
    metrics->list[metrics->count++] = *metric;
    return EXIT_OK;
}

static int fetch(const struct options *options, struct metrics *metrics)
{
    const struct listing listing = {C2M_METRICS, NULL, 0, C2M_METRIC_IS, sizeof(struct c2m_metric)};

    return listing_each(options, &listing, see, metrics);
}

/* "up" is the command's own: it is 0 where nobody else could say so. */
static bool write_whole(FILE *out, const struct metrics *metrics, bool up)
{
    fprintf(out, "# HELP c2m_up Whether the helper answered.\n# TYPE c2m_up gauge\nc2m_up %d\n", up);
    if (up)
        print_all(out, metrics);
    return fflush(out) == 0 && !ferror(out);
}

static int write_to(int fd, const struct metrics *metrics, bool up)
{
    FILE *out = fdopen(fd, "w");

    if (out == NULL) {
        close(fd);
        return -errno;
    }
    errno = EIO;
    bool well = write_whole(out, metrics, up) && fchmod(fd, 0644) == 0 && fsync(fd) == 0;
    int error = well ? 0 : -errno;
    return fclose(out) != 0 && error == 0 ? -errno : error;
}

/* Beside it under a name that the collector does not read (it takes *.prom), then renamed over it. */
static int replace(const char *path, const struct metrics *metrics, bool up)
{
    char fresh[PATH_SIZE];

    if (snprintf(fresh, sizeof fresh, "%s.XXXXXX", path) >= PATH_SIZE)
        return -ENAMETOOLONG;
    int fd = mkostemp(fresh, O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int error = write_to(fd, metrics, up);
    if (error == 0 && rename(fresh, path) != 0)
        error = -errno;
    if (error != 0)
        unlink(fresh);
    return error;
}

int command_metrics(const struct options *options)
{
    struct metrics metrics __attribute__((cleanup(metrics_drop))) = {.list = NULL};

    int code = fetch(options, &metrics);
    if (options->textfile != NULL) {
        int error = code == EXIT_OK || code == EXIT_UNAVAILABLE || code == EXIT_RETRY
                        ? replace(options->textfile, &metrics, code == EXIT_OK)
                        : 0;
        if (error != 0)
            complain(strerrordesc_np(-error), options->textfile);
        return error != 0 && code == EXIT_OK ? EXIT_SOFTWARE : code;
    }
    if (code != EXIT_OK)
        return code;
    if (options->json)
        print_json(&metrics);
    else
        write_whole(stdout, &metrics, true);
    return EXIT_OK;
}
