/*
 * doctor: the helper's own judgement of its configuration (c2m-authd --check), a check for each kind of line.
 */
#include "check.h"
#include "memory.h"

#include "authd.h"
#include "shipped.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A line of it belongs to the first of these whose words it has; else it is config.valid's. */
static const struct {
    const char *id, *words;
} kinds[] = {
    {"config.placeholder", "placeholder"},
    {"config.secret", "others may read"},
    {"config.secret", "others may write"},
    {"config.secret", " may read it: chown"},
    {"config.scope", "required_scopes = any"},
    {"config.scope", "] audience alone"},
};

void check_config_readable(struct doctor *doctor, struct reports *reports)
{
    const char *config = check_config(doctor);
    char authd[PATH_MAX];

    doctor->config.status = -ENOENT;
    if (access(config, F_OK) != 0 && errno == ENOENT) {
        struct report *report = report_add(reports, REPORT_FAIL, "the helper has no configuration");
        report_mend(report, "authd.conf and users in %s are a start", shipped_examples());
        report_at(report, config, 0);
        return;
    }
    if (!check_as_root(reports, "what the helper makes of its configuration") ||
        !authd_find(doctor->options, authd, sizeof authd))
        return;
    capture_run(&doctor->config, (const char *const[]){authd, "--check", "--config", config, NULL});
    if (doctor->config.status == -ENOENT)
        report_add(reports, REPORT_SKIP, "the helper's configuration: %s is not there to judge it", authd);
    else if (doctor->config.status < 0)
        report_add(reports, REPORT_SKIP, "c2m-authd --check did not end: %s",
            strerrordesc_np(-doctor->config.status));
}

static const char *kind_of(const char *line)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strstr(line, kinds[i].words) != NULL)
            return kinds[i].id;
    return "config.valid";
}

/* "FILE:LINE: what: mend" or "FILE: what: mend", "warning: " before it. */
static void tell(struct reports *reports, char *line)
{
    bool warning = strncmp(line, "warning: ", 9) == 0;
    char *what, *mend, *colon;

    line += warning ? 9 : 0;
    what = strstr(line, ": ");
    if (what == NULL || line[0] != '/') {
        report_add(reports, warning ? REPORT_WARN : REPORT_FAIL, "%s", line);
        return;
    }
    *what = '\0';
    what += 2;
    colon = strrchr(line, ':');
    unsigned number = colon == NULL ? 0 : (unsigned)strtoul(colon + 1, NULL, 10);
    if (number != 0)
        *colon = '\0';
    mend = NULL;
    for (char *at = what; (at = strstr(at, ": ")) != NULL; at++)
        mend = at;
    if (mend != NULL)
        *mend = '\0';
    struct report *report = report_add(reports, warning ? REPORT_WARN : REPORT_FAIL, "%s", what);
    report_mend(report, "%s", mend == NULL ? "correct that line: authd.conf(5)" : mend + 2);
    report_at(report, line, number);
}

static void tell_lines(struct doctor *doctor, struct reports *reports)
{
    char *copied = strdup(doctor->config.text), *rest = copied;

    if (copied == NULL)
        memory_short();
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        size_t length = strlen(line);
        bool verdict = length > 4 && strcmp(line + length - 4, ": ok") == 0;
        if (length > 0 && !verdict && strcmp(kind_of(line), reports->id) == 0)
            tell(reports, line);
    }
    free(copied);
}

void check_config_placeholder(struct doctor *doctor, struct reports *reports)
{
    tell_lines(doctor, reports);
}

void check_config_secret(struct doctor *doctor, struct reports *reports)
{
    tell_lines(doctor, reports);
}

void check_config_scope(struct doctor *doctor, struct reports *reports)
{
    tell_lines(doctor, reports);
}

void check_config_valid(struct doctor *doctor, struct reports *reports)
{
    tell_lines(doctor, reports);
}
