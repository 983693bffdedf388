/*
 * doctor: which services ask pam_c2m, and their rehearsal, of which the checks of stack_checks.h judge.
 */
#include "check.h"
#include "memory.h"

#include "rehearsal.h"
#include "shipped.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void check_stack_present(struct doctor *doctor, struct reports *reports)
{
    services_find(&doctor->names, &doctor->dirs);
    if (doctor->names.count > 0)
        return;
    struct report *report = report_add(reports, REPORT_FAIL, "no PAM service asks pam_c2m");
    if (access(SHIPPED_PROFILE, F_OK) == 0) {
        report_mend(report, "pam-auth-update --enable c2m; or, for single services, the stacks in %s/pam.d",
            shipped_examples());
        report_fix(report, "pam-auth-update --enable c2m");
    } else {
        report_mend(report, "%s/pam.d has stacks for sshd and sudo; c2mctl rehearse --pam-dir tries them",
            shipped_examples());
    }
    report_at(report, "/etc/pam.d", 0);
}

static void tell_problem(struct reports *reports, const char *name, const struct stack_problem *problem)
{
    struct report *report = report_add(reports, REPORT_FAIL, "%s: %s", name, problem->what);

    report_mend(report, "correct that line");
    report_at(report, problem->file, problem->line);
}

static void rehearse(struct doctor *doctor, struct reports *reports, const char *name)
{
    struct service *service = &doctor->services[doctor->service_count];
    struct stack_problem problem;

    int rc = service_rehearse(service, &doctor->dirs, name, &problem);
    if (rc == 0) {
        doctor->service_count++;
        return;
    }
    service_free(service);
    if (rc == -EINVAL && problem.what != NULL)
        tell_problem(reports, name, &problem);
    else
        report_add(reports, REPORT_SKIP, "%s could not be rehearsed: %s", name, strerrordesc_np(-rc));
}

void check_stack_readable(struct doctor *doctor, struct reports *reports)
{
    int rc = rehearsal_possible();

    if (rc < 0) {
        report_add(reports, REPORT_SKIP, "no stack is rehearsed: %s",
            rc == -ENOENT ? "pam_debug.so is missing" : strerrordesc_np(-rc));
        return;
    }
    doctor->services = calloc(doctor->names.count, sizeof *doctor->services);
    if (doctor->services == NULL)
        memory_short();
    for (size_t i = 0; i < doctor->names.count; i++)
        rehearse(doctor, reports, doctor->names.names[i]);
}
