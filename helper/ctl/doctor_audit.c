/*
 * doctor: do sessions have what sudo is recognised by? Their stacks may look right, and pam_loginuid be missing, or fail.
 */
#include "check.h"
#include "mismatch.h"

#include <string.h>
#include <unistd.h>

static const struct stack_line *session_line(const struct stack *stack, const char *module)
{
    for (size_t i = 0; i < stack->count; i++)
        if (stack->lines[i].type == STACK_SESSION && stack_line_is(&stack->lines[i], module))
            return &stack->lines[i];
    return NULL;
}

/* The stack of that service, when it could be read. */
static const struct stack *stack_of(const struct doctor *doctor, const char *service)
{
    for (size_t i = 0; i < doctor->service_count; i++)
        if (strcmp(doctor->services[i].name, service) == 0)
            return &doctor->services[i].stack;
    return NULL;
}

/* A kernel without such ids is helper.kernel's to tell. */
void check_helper_audit(struct doctor *doctor, struct reports *reports)
{
    char service[MISMATCH_SIZE];

    if (!check_as_root(reports, "whether sessions get audit ids") ||
        access("/proc/self/sessionid", F_OK) != 0)
        return;
    int rc = mismatch_last(doctor->options, C2M_MISMATCH_UNSET_AUDIT, service);
    if (rc < 0)
        report_add(reports, REPORT_SKIP, "whether sessions get audit ids: %s", strerrordesc_np(-rc));
    if (rc <= 0)
        return;
    struct report *report = report_add(reports, REPORT_WARN,
        "%s opened its last session without an audit id: sudo will not recognise it", service);
    const struct stack *stack = stack_of(doctor, service);
    const struct stack_line *ours = stack == NULL ? NULL : session_line(stack, "pam_c2m.so");
    if (ours == NULL || session_line(stack, "pam_loginuid.so") != NULL) {
        report_mend(report, "log in again; if it stays, pam_loginuid fails: the log of %s says why", service);
        return;
    }
    report_mend(report, "add \"session required pam_loginuid.so\" above pam_c2m's session line");
    report_at(report, ours->file, ours->number);
}
