/*
 * What an answer of pam_c2m leads to in a service: a few runs of its stack, and the words for them.
 */
#ifndef OUTCOME_H
#define OUTCOME_H

#include "assume.h"
#include "stack.h"

enum verdict {
    VERDICT_GRANTED,
    VERDICT_DENIED,
    VERDICT_UNAVAILABLE,
    VERDICT_IGNORE,
    VERDICT_MISSING,
    VERDICTS
};
/* The better for a stranger, the greater. */
enum outcome_kind { OUTCOME_REFUSED, OUTCOME_PASSWORD, OUTCOME_IN };

/* One phase. Entry C of each list holds when the conditions of the bits of C answer success, the others not. */
struct outcome {
    enum outcome_kind kind[1 << CONDITIONS_MAX];
    int line[1 << CONDITIONS_MAX]; /* index of the line that decides; -1: it cannot be told */
};

/* A service, and what was found out about it. */
struct service {
    const char *name;
    char file[STACK_PATH_SIZE];
    struct stack stack;
    struct conditions conditions;
    struct outcome outcomes[3][VERDICTS][2]; /* by enum who, verdict, phase */
};

/* stack_read(), and all runs. Errors: those of stack_read() and rehearsal_run(). service_free() in either case. */
int service_rehearse(
    struct service *service, const struct stack_dirs *dirs, const char *name, struct stack_problem *problem);
void service_free(struct service *service);

/* The conditions that change an outcome, as bits. */
unsigned outcome_depends_on(const struct service *service, const struct outcome *outcome);
enum outcome_kind outcome_worst(
    const struct service *service, const struct outcome *outcome); /* the least of all */
enum outcome_kind outcome_best(const struct service *service, const struct outcome *outcome);

/* Is pam_c2m there asked about root? */
bool service_asks_root(const struct service *service, enum stack_type phase);

#endif
