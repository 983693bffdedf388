/*
 * c2mctl doctor: what breaks in practice, each with its cure. Goes through the table of checks; one that fails silences
 * those that follow from it.
 */
#include "check.h"
#include "commands.h"
#include "format.h"
#include "memory.h"
#include "output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHECKS_MAX = 64 };

static const char *const statuses[] = {
    [REPORT_OK] = "ok", [REPORT_SKIP] = "skip", [REPORT_WARN] = "warn", [REPORT_FAIL] = "fail"};

/* What became of a check. */
struct result {
    struct reports reports;
    const struct check *cause; /* not run: this one failed, */
    bool unread; /* or could not be read */
};

static bool skipped(const struct reports *reports)
{
    for (size_t i = 0; i < reports->count; i++)
        if (reports->items[i].status == REPORT_SKIP)
            return true;
    return false;
}

/* Does this one, which came before, keep CHECK from being run? */
static bool prevents(const struct check *before, const struct result *result, const struct check *check)
{
    bool needed = strcmp(check->needs, before->id) == 0;
    char word[64];

    snprintf(word, sizeof word, "%s ", before->id);
    if (!needed && strstr(check->after, word) == NULL)
        return false;
    if (reports_worst(&result->reports) == REPORT_FAIL || (result->cause != NULL && !result->unread))
        return true;
    return needed && (result->cause != NULL || skipped(&result->reports));
}

static void find_cause(const struct check *check, struct result *result, const struct result *results)
{
    for (size_t i = 0; checks + i < check; i++) {
        const struct result *before = &results[i];
        if (!prevents(&checks[i], before, check))
            continue;
        result->cause = before->cause == NULL ? &checks[i] : before->cause;
        result->unread =
            before->cause == NULL ? reports_worst(&before->reports) != REPORT_FAIL : before->unread;
        return;
    }
}

static void run(struct doctor *doctor, const struct check *check, struct reports *reports)
{
    reports->id = check->id;
    if (check->run != NULL) {
        check->run(doctor, reports);
        return;
    }
    for (size_t i = 0; i < doctor->service_count; i++)
        check->stack(reports, &doctor->services[i]);
}

static void text(struct output *output, const char *key, const char *value)
{
    if (value[0] == '\0')
        output_null(output, key);
    else
        output_line(output, key, value);
}

/* The same keys for each, whatever became of it. */
static struct output *add_item(
    struct output *list, const char *id, const char *status, const struct report *report)
{
    struct output *item = output_item(list);

    output_word(item, "id", id);
    output_word(item, "status", status);
    output_line(item, "what", report->what);
    text(item, "mend", report->mend);
    text(item, "fix", report->fix);
    text(item, "file", report->file);
    if (report->line == 0)
        output_null(item, "line");
    else
        output_number(item, "line", report->line);
    return item;
}

static void add_json(struct output *list, const struct check *check, const struct result *result)
{
    if (result->reports.count == 0) {
        struct report nothing = {.line = 0};
        snprintf(nothing.what, sizeof nothing.what, "%s", check->title);
        struct output *item = add_item(list, check->id, result->cause == NULL ? "ok" : "skip", &nothing);
        if (result->cause != NULL)
            output_word(item, "cause", result->cause->id);
    }
    for (size_t i = 0; i < result->reports.count; i++) {
        const struct report *report = &result->reports.items[i];
        add_item(list, check->id, statuses[report->status], report);
    }
}

static const char *shown(struct format_text *out, const char *words)
{
    return format_bytes(out, words, strlen(words));
}

/* FAIL sshd.kbdint        KbdInteractiveAuthentication no (/etc/ssh/sshd_config:62): set yes in 00-c2m.conf */
static void print_report(const struct report *report)
{
    static const char *const words[] = {[REPORT_OK] = "OK", "SKIP", "WARN", "FAIL"};
    struct format_text file;

    printf("%s %-18s ", words[report->status], report->id);
    format_print(report->what);
    if (report->file[0] != '\0' && report->line != 0)
        printf(" (%s:%u)", shown(&file, report->file), report->line);
    else if (report->file[0] != '\0')
        printf(" (%s)", shown(&file, report->file));
    if (report->mend[0] != '\0')
        printf(": ");
    format_print(report->mend);
    printf("\n");
}

static void print_fix(const struct report *report)
{
    if (report->status < REPORT_WARN)
        return;
    if (report->fix[0] == '\0')
        printf("# ");
    format_print(report->fix[0] == '\0' ? report->what : report->fix);
    if (report->fix[0] == '\0' && report->mend[0] != '\0') {
        printf(": ");
        format_print(report->mend);
    }
    if (report->fix[0] == '\0' && report->file[0] != '\0') {
        printf(" (");
        format_print(report->file);
        printf(report->line == 0 ? ")" : ":%u)", report->line);
    }
    printf("\n");
}

static void print_results(const struct options *options, const struct result *results)
{
    size_t counts[4] = {0};

    for (size_t i = 0; i < check_count; i++) {
        const struct reports *reports = &results[i].reports;
        if (results[i].cause == NULL && reports->count == 0)
            counts[REPORT_OK]++;
        if (results[i].cause != NULL)
            counts[REPORT_SKIP]++;
        for (size_t n = 0; n < reports->count; n++) {
            counts[reports->items[n].status]++;
            if (options->fix)
                print_fix(&reports->items[n]);
            else if (!options->quiet || reports->items[n].status >= REPORT_WARN)
                print_report(&reports->items[n]);
        }
    }
    if (!options->fix && !options->quiet)
        printf("%zu ok, %zu skipped, %zu warnings, %zu failures\n", counts[REPORT_OK], counts[REPORT_SKIP],
            counts[REPORT_WARN], counts[REPORT_FAIL]);
}

static void print_list(const struct options *options)
{
    struct output *output __attribute__((cleanup(output_drop))) = output_new();
    struct output *list = output_list(output, "checks");

    for (size_t i = 0; i < check_count; i++) {
        struct output *item = output_item(list);
        output_word(item, "id", checks[i].id);
        output_word(item, "title", checks[i].title);
        if (!options->json)
            printf("%-18s %s\n", checks[i].id, checks[i].title);
    }
    if (options->json)
        output_print(output);
}

static enum report_status tell(const struct options *options, const struct result *results)
{
    struct output *output __attribute__((cleanup(output_drop))) = output_new();
    enum report_status worst = REPORT_OK;

    for (size_t i = 0; i < check_count; i++) {
        enum report_status one = reports_worst(&results[i].reports);
        worst = one > worst ? one : worst;
    }
    output_bool(output, "ok", worst < REPORT_WARN);
    struct output *list = output_list(output, "checks");
    for (size_t i = 0; i < check_count; i++)
        add_json(list, &checks[i], &results[i]);
    if (options->json)
        output_print(output);
    else
        print_results(options, results);
    return worst;
}

int command_doctor(const struct options *options)
{
    struct doctor *doctor = calloc(1, sizeof *doctor);
    struct result results[CHECKS_MAX] = {0};

    if (doctor == NULL)
        memory_short();
    if (options->list) {
        print_list(options);
        free(doctor);
        return EXIT_OK;
    }
    doctor->options = options;
    doctor->dirs = stack_dirs_of(NULL);
    for (size_t i = 0; i < check_count; i++) {
        find_cause(&checks[i], &results[i], results);
        if (results[i].cause == NULL)
            run(doctor, &checks[i], &results[i].reports);
    }
    enum report_status worst = tell(options, results);
    for (size_t i = 0; i < check_count; i++)
        reports_free(&results[i].reports);
    for (size_t i = 0; i < doctor->service_count; i++)
        service_free(&doctor->services[i]);
    free(doctor->services);
    free(doctor);
    return worst == REPORT_FAIL ? 2 : worst == REPORT_WARN ? 1 : 0; /* Nagios' own */
}
