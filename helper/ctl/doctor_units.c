/*
 * doctor: why systemd does not run the helper, by its own word, and whether it will after the next boot.
 */
#include "doctor_units.h"

#include "capture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SOCKETS "c2m-authd.socket c2m-authd-user.socket"

enum { SOCKET, USER_SOCKET, SERVICE, UNITS };
static const char *const names[UNITS] = {"c2m-authd.socket", "c2m-authd-user.socket", "c2m-authd.service"};

struct unit {
    char load[24], active[24], sub[24], result[40], file[24],
        restarts[12]; /* systemd's words; "": it did not say */
};

bool doctor_units_exist(void)
{
    return access("/run/systemd/system", F_OK) == 0;
}

/* "KEY=value" of a line of TEXT, which are systemd's own words. */
static void property(const char *text, const char *key, char *out, size_t size)
{
    size_t length = strlen(key);

    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n"), line += *line == '\n')
        if (strncmp(line, key, length) == 0 && line[length] == '=')
            snprintf(out, size, "%.*s", (int)strcspn(line + length + 1, "\n"), line + length + 1);
}

static bool read_unit(const char *name, struct unit *unit)
{
    struct capture *capture = &(struct capture){.status = 0};

    *unit = (struct unit){.load = ""};
    capture_run(capture, (const char *const[]){"/usr/bin/systemctl", "show", "-p",
                             "LoadState,ActiveState,SubState,Result,UnitFileState,NRestarts", name, NULL});
    if (capture->status != 0)
        return false;
    property(capture->text, "LoadState", unit->load, sizeof unit->load);
    property(capture->text, "ActiveState", unit->active, sizeof unit->active);
    property(capture->text, "SubState", unit->sub, sizeof unit->sub);
    property(capture->text, "Result", unit->result, sizeof unit->result);
    property(capture->text, "UnitFileState", unit->file, sizeof unit->file);
    property(capture->text, "NRestarts", unit->restarts, sizeof unit->restarts);
    return unit->load[0] != '\0';
}

static bool read_units(struct unit *units)
{
    for (int i = 0; i < UNITS; i++)
        if (!read_unit(names[i], &units[i]))
            return false;
    return true;
}

/* Those that are masked, with blanks between them. */
static bool masked(const struct unit *units, char *out, size_t size)
{
    out[0] = '\0';
    for (int i = 0; i < UNITS; i++)
        if (strcmp(units[i].load, "masked") == 0) {
            size_t length = strlen(out);
            snprintf(out + length, size - length, "%s%s", length == 0 ? "" : " ", names[i]);
        }
    return out[0] != '\0';
}

/* It waits to be started again (auto-restart, since systemd 255 auto-restart-queued too), or just is. */
static bool ends_at_once(const struct unit *service)
{
    bool again = strcmp(service->active, "activating") == 0 && atoi(service->restarts) > 0;
    return again || strncmp(service->sub, "auto-restart", strlen("auto-restart")) == 0 ||
           strcmp(service->active, "failed") == 0;
}

/* While it is started again, systemd has forgotten how it ended. */
static const char *how_it_ended(const struct unit *service)
{
    return strcmp(service->result, "success") == 0 ? "again and again" : service->result;
}

bool doctor_units_explain(struct reports *reports)
{
    struct unit units[UNITS];
    struct report *report;
    char found[120];

    if (!doctor_units_exist() || !read_units(units))
        return false;
    if (masked(units, found, sizeof found)) {
        report = report_add(reports, REPORT_FAIL, "the helper does not run: masked in systemd: %s", found);
        report_mend(report, "systemctl unmask %s && systemctl enable --now " SOCKETS, found);
        report_fix(report, "systemctl unmask %s && systemctl enable --now " SOCKETS, found);
        return true;
    }
    if (ends_at_once(&units[SERVICE])) {
        report = report_add(reports, REPORT_FAIL, "systemd starts the helper, and it ends at once (%s)",
            how_it_ended(&units[SERVICE]));
        report_mend(report, "journalctl -u c2m-authd says why");
        return true;
    }
    return false;
}

bool doctor_units_listen(void)
{
    struct unit unit;

    return doctor_units_exist() && read_unit(names[SOCKET], &unit) && strcmp(unit.active, "active") == 0;
}

void check_helper_enabled(struct doctor *doctor, struct reports *reports)
{
    struct unit units[UNITS];

    (void)doctor;
    if (!doctor_units_exist())
        return;
    if (!read_units(units)) {
        report_add(reports, REPORT_SKIP, "whether the helper's sockets are enabled: systemctl does not say");
        return;
    }
    if (strcmp(units[SERVICE].file, "enabled") == 0)
        return; /* it requires them */
    for (int i = SOCKET; i <= USER_SOCKET; i++) {
        if (strcmp(units[i].active, "active") != 0 || strcmp(units[i].file, "enabled") == 0)
            continue; /* one that systemd does not run was started by hand */
        struct report *report =
            report_add(reports, REPORT_WARN, "%s listens now, and not after the next boot: it is %s",
                names[i], units[i].file[0] == '\0' ? "not enabled" : units[i].file);
        report_mend(report, "systemctl enable " SOCKETS);
        report_fix(report, "systemctl enable " SOCKETS);
        return;
    }
}
