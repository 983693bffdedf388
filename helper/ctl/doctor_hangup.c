/*
 * doctor: may the helper hang up logins, where it is told to?
 */
#include "authd.h"
#include "check.h"
#include "shipped.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define DROP_IN "/etc/systemd/system/c2m-authd.service.d/hangup.conf"
#define SHIPPED SHIPPED_DATA "/hangup.conf"

/* By systemd's own word; -1: it does not say. */
static int unit_may_signal(void)
{
    struct capture *capture = &(struct capture){.status = 0};

    capture_run(capture, (const char *const[]){"/usr/bin/systemctl", "show", "-p", "AmbientCapabilities",
                             "c2m-authd.service", NULL});
    if (capture->status != 0 || strstr(capture->text, "AmbientCapabilities=") == NULL)
        return -1;
    return strcasestr(capture->text, "cap_kill") != NULL;
}

void check_helper_hangup(struct doctor *doctor, struct reports *reports)
{
    char value[32];

    if (!authd_value(check_config(doctor), "session", "on_expiry", value, sizeof value) ||
        strcmp(value, "hangup") != 0 || access("/run/systemd/system", F_OK) != 0)
        return; /* started by hand it is root's, with all rights; else it says so itself */
    int may = unit_may_signal();
    if (may < 0)
        report_add(reports, REPORT_SKIP, "whether the unit may signal others: systemctl does not say");
    if (may != 0)
        return;
    struct report *report = report_add(
        reports, REPORT_FAIL, "on_expiry = hangup, and the unit gives no CAP_KILL: c2m-authd does not start");
    report_mend(report, "install " SHIPPED " as " DROP_IN ", systemctl daemon-reload, restart c2m-authd");
    report_fix(report, "install -D -m 0644 " SHIPPED " " DROP_IN
                       " && systemctl daemon-reload && systemctl restart c2m-authd");
    report_at(report, check_config(doctor), 0);
}
