/*
 * What a stack does while something is away: the API, the helper, the module's own file; and at the end of a session.
 */
#include "stack_checks.h"

#include "control.h"

#include <security/_pam_types.h>
#include <string.h>

/* Index of the first line of this module and type; count when there is none. */
static size_t find_line(const struct service *service, enum stack_type type, const char *module)
{
    size_t i = 0;

    while (i < service->stack.count &&
           (service->stack.lines[i].type != type || !stack_line_is(&service->stack.lines[i], module)))
        i++;
    return i;
}

static const struct stack_line *c2m_line(const struct service *service, enum stack_type type)
{
    size_t i = find_line(service, type, "pam_c2m.so");

    return i == service->stack.count ? NULL : &service->stack.lines[i];
}

static bool is_shut(const struct service *service, enum who who, enum verdict verdict, enum stack_type phase)
{
    return outcome_best(service, &service->outcomes[who][verdict][phase]) == OUTCOME_REFUSED;
}

void stack_check_outage(struct reports *reports, const struct service *service)
{
    const struct stack_line *line = c2m_line(service, STACK_AUTH);

    if (line == NULL || !is_shut(service, WHO_MAPPED, VERDICT_UNAVAILABLE, STACK_AUTH))
        return;
    struct report *report =
        report_add(reports, REPORT_WARN, "nobody who is mapped enters by %s in an outage", service->name);
    report_mend(report, "add authinfo_unavail=ignore to its line, above pam_unix");
    report_at(report, line->file, line->number);
}

void stack_check_keys(struct reports *reports, const struct service *service)
{
    const struct stack_line *line = c2m_line(service, STACK_ACCOUNT);

    if (line == NULL)
        return;
    bool root = is_shut(service, WHO_ROOT, VERDICT_UNAVAILABLE, STACK_ACCOUNT) &&
                !is_shut(service, WHO_ROOT, VERDICT_IGNORE, STACK_ACCOUNT);
    if (!root && !is_shut(service, WHO_MAPPED, VERDICT_UNAVAILABLE, STACK_ACCOUNT))
        return;
    struct report *report = report_add(reports, root ? REPORT_FAIL : REPORT_WARN,
        "%s: while the helper is down %s, public keys and all", service->name,
        root ? "everybody is refused" : "everybody but root is refused");
    report_mend(report, "add authinfo_unavail=ignore to its account line");
    report_at(report, line->file, line->number);
}

/* Would this user pass while pam_c2m keeps out of it, but not without its file? */
static bool locks_out(const struct service *service, enum who who, enum stack_type phase)
{
    const struct outcome *ignored = &service->outcomes[who][VERDICT_IGNORE][phase];
    const struct outcome *missing = &service->outcomes[who][VERDICT_MISSING][phase];

    for (unsigned which = 0; which < 1U << service->conditions.count; which++)
        if (ignored->kind[which] != OUTCOME_REFUSED && missing->kind[which] == OUTCOME_REFUSED)
            return true;
    return false;
}

void stack_check_missing(struct reports *reports, const struct service *service)
{
    for (enum stack_type phase = STACK_AUTH; phase <= STACK_ACCOUNT; phase++) {
        const struct stack_line *line = c2m_line(service, phase);
        bool root = locks_out(service, WHO_ROOT, phase);
        if (line == NULL || (!root && !locks_out(service, WHO_MAPPED, phase)))
            continue;
        struct report *report = report_add(reports, REPORT_WARN, "%s: removing pam_c2m.so would lock out %s",
            service->name, root ? "root too" : "who is mapped");
        report_mend(report, "add module_unknown=ignore to its line");
        report_at(report, line->file, line->number);
    }
}

void stack_check_early(struct reports *reports, const struct service *service)
{
    const struct stack_line *line = c2m_line(service, STACK_ACCOUNT);
    int actions[CONTROL_RESULTS];

    if (line == NULL)
        return;
    control_read(actions, line->control);
    if (actions[PAM_SUCCESS] != CONTROL_DONE)
        return;
    struct report *report = report_add(reports, REPORT_FAIL,
        "%s: success of pam_c2m ends the account phase, and what stands below is skipped", service->name);
    report_mend(report, "use [success=ok ...] there");
    report_at(report, line->file, line->number);
}

/*
 * Who needs no session line: what is typed at sudo is given up when sudo ends, or with the terminal's presence. And
 * services that Debian calls not interactive (systemd-user, cron), where its profile puts none: they log nobody in.
 */
static bool logs_nobody_in(const struct service *service)
{
    if (strcmp(service->name, "sudo") == 0 || strcmp(service->name, "sudo-i") == 0)
        return true;
    for (size_t i = 0; i < service->stack.count; i++)
        if (service->stack.lines[i].type == STACK_SESSION &&
            strcmp(basename(service->stack.lines[i].file), "common-session-noninteractive") == 0)
            return true;
    return false;
}

void stack_check_session(struct reports *reports, const struct service *service)
{
    size_t ours = find_line(service, STACK_SESSION, "pam_c2m.so");
    size_t loginuid = find_line(service, STACK_SESSION, "pam_loginuid.so");
    struct report *report;

    if (c2m_line(service, STACK_AUTH) == NULL)
        return;
    if (ours == service->stack.count) {
        if (logs_nobody_in(service))
            return;
        report = report_add(
            reports, REPORT_FAIL, "%s has no session line of pam_c2m: logout revokes nothing", service->name);
        report_mend(report, "add \"session optional pam_c2m.so\"%s",
            loginuid == service->stack.count ? "" : " below pam_loginuid");
        report_at(report, service->file, 0);
    } else if (loginuid < service->stack.count && ours < loginuid) {
        report = report_add(reports, REPORT_FAIL,
            "%s: pam_c2m's session line stands above pam_loginuid: sudo will not recognise the session",
            service->name);
        report_mend(report, "move it below pam_loginuid");
        report_at(report, service->stack.lines[ours].file, service->stack.lines[ours].number);
    }
}
