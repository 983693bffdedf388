/*
 * What is wrong with a service's stack. Each adds what it finds, and nothing when all is well.
 */
#ifndef STACK_CHECKS_H
#define STACK_CHECKS_H

#include "outcome.h"
#include "report.h"

typedef void stack_check(struct reports *reports, const struct service *service);

stack_check stack_check_arguments; /* pam_c2m's own are understood */
stack_check stack_check_granted; /* a right token lets in */
stack_check stack_check_denied; /* a refusal is one */
stack_check stack_check_outage; /* somebody enters without the API */
stack_check stack_check_keys; /* keys, cron and root's key go on without the helper */
stack_check stack_check_missing; /* so do they without the module's file */
stack_check stack_check_early; /* the account phase is not cut short */
stack_check stack_check_session; /* logout is heard of, and sudo recognises the session */

/* All of them, with their ids. */
struct stack_check_named {
    const char *id;
    stack_check *check;
};
enum { STACK_CHECKS = 8 };
extern const struct stack_check_named stack_checks[STACK_CHECKS];

#endif
