/*
 * Judged by what libpam's rehearsal came to; pam_c2m's line is where most of it is mended.
 */
#include "stack_checks.h"

#include "control.h"
#include "shipped.h"

#include <security/_pam_types.h>
#include <string.h>

const struct stack_check_named stack_checks[STACK_CHECKS] = {{"stack.arguments", stack_check_arguments},
    {"stack.granted", stack_check_granted}, {"stack.denied", stack_check_denied},
    {"stack.outage", stack_check_outage}, {"stack.keys", stack_check_keys},
    {"stack.missing", stack_check_missing}, {"stack.early", stack_check_early},
    {"stack.session", stack_check_session}};

static const struct stack_line *c2m_line(const struct service *service, enum stack_type type)
{
    for (size_t i = 0; i < service->stack.count; i++)
        if (service->stack.lines[i].type == type && stack_line_is(&service->stack.lines[i], "pam_c2m.so"))
            return &service->stack.lines[i];
    return NULL;
}

static const struct outcome *outcome_of(
    const struct service *service, enum who who, enum verdict verdict, enum stack_type phase)
{
    return &service->outcomes[who][verdict][phase];
}

static void at_line(struct report *report, const struct stack_line *line)
{
    report_at(report, line->file, line->number);
}

void stack_check_arguments(struct reports *reports, const struct service *service)
{
    char wrong[64];

    for (size_t i = 0; i < service->stack.count; i++) {
        const struct stack_line *line = &service->stack.lines[i];
        if (!stack_line_is(line, "pam_c2m.so") || assume_wrong_argument(line, wrong, sizeof wrong) == NULL)
            continue;
        struct report *report = report_add(
            reports, REPORT_FAIL, "%s: pam_c2m takes no argument \"%s\", and fails", service->name, wrong);
        report_mend(report, "correct or remove it: pam_c2m(8) has the list");
        at_line(report, line);
    }
}

/* "success=2 jumps onto pam_deny", where a line's jump does that. */
static const struct stack_line *jump_of(const struct stack_line *line, int *over)
{
    int actions[CONTROL_RESULTS];

    if (line == NULL)
        return NULL;
    control_read(actions, line->control);
    *over = actions[PAM_SUCCESS];
    return *over > 0 ? line : NULL;
}

void stack_check_granted(struct reports *reports, const struct service *service)
{
    for (enum stack_type phase = STACK_AUTH; phase <= STACK_ACCOUNT; phase++) {
        const struct outcome *granted = outcome_of(service, WHO_MAPPED, VERDICT_GRANTED, phase);
        const struct stack_line *line = c2m_line(service, phase);
        int over = 0;
        if (line == NULL || outcome_best(service, granted) == OUTCOME_IN)
            continue;
        const struct stack_line *decider =
            granted->line[0] < 0 ? line : &service->stack.lines[granted->line[0]];
        const struct stack_line *jump = jump_of(line, &over);
        struct report *report =
            jump != NULL && stack_line_is(decider, "pam_deny.so")
                ? report_add(reports, REPORT_FAIL, "%s: success=%d jumps onto pam_deny at %s:%u",
                      service->name, over, decider->file, decider->number)
                : report_add(reports, REPORT_FAIL, "%s: a right token does not let in (%s)", service->name,
                      phase == STACK_AUTH ? "auth" : "account");
        if (jump != NULL)
            report_mend(report, "move the line that was added, or correct the number");
        else
            report_mend(report, "compare it with the stacks in %s/pam.d", shipped_examples());
        at_line(report, jump != NULL ? jump : decider);
    }
}

/* Where a right token decides, a wrong one must as well. */
static enum outcome_kind best_where_granted(
    const struct service *service, enum verdict verdict, enum stack_type phase)
{
    const struct outcome *granted = outcome_of(service, WHO_MAPPED, VERDICT_GRANTED, phase);
    const struct outcome *other = outcome_of(service, WHO_MAPPED, verdict, phase);
    enum outcome_kind best = OUTCOME_REFUSED;

    for (unsigned which = 0; which < 1U << service->conditions.count; which++)
        if (granted->kind[which] == OUTCOME_IN && other->kind[which] > best)
            best = other->kind[which];
    return best;
}

void stack_check_denied(struct reports *reports, const struct service *service)
{
    for (enum stack_type phase = STACK_AUTH; phase <= STACK_ACCOUNT; phase++) {
        const struct stack_line *line = c2m_line(service, phase);
        enum outcome_kind best = best_where_granted(service, VERDICT_DENIED, phase);
        struct report *report;
        if (line == NULL || best == OUTCOME_REFUSED)
            continue;
        if (phase == STACK_ACCOUNT)
            report = report_add(reports, REPORT_FAIL, "%s lets in whose session was ended", service->name);
        else if (best == OUTCOME_IN)
            report = report_add(reports, REPORT_FAIL, "%s lets refused tokens in", service->name);
        else
            report = report_add(
                reports, REPORT_FAIL, "%s: after a refused token the local password decides", service->name);
        report_mend(report, "restore default=%s", phase == STACK_AUTH ? "die" : "bad");
        at_line(report, line);
    }
}
