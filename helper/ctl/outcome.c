/*
 * Each answer is tried with the right and with the wrong local password: who comes in with the right one only, comes in
 * by it. Where the module has several codes for one answer, the one that lets most in counts.
 */
#include "outcome.h"

#include "rehearsal.h"

#include <errno.h>
#include <security/_pam_types.h>
#include <stdio.h>
#include <string.h>

/* pam_module/verdict.c has the codes. */
static const struct {
    enum verdict verdict;
    int codes[2];
} answers[] = {
    {VERDICT_GRANTED, {PAM_SUCCESS, PAM_SUCCESS}},
    {VERDICT_DENIED, {PAM_AUTH_ERR, PAM_ACCT_EXPIRED}},
    {VERDICT_DENIED, {PAM_PERM_DENIED, PAM_ACCT_EXPIRED}},
    {VERDICT_DENIED, {PAM_MAXTRIES, PAM_ACCT_EXPIRED}},
    {VERDICT_UNAVAILABLE, {PAM_AUTHINFO_UNAVAIL, PAM_AUTHINFO_UNAVAIL}},
    {VERDICT_IGNORE, {PAM_IGNORE, PAM_IGNORE}},
    {VERDICT_MISSING, {PAM_MODULE_UNKNOWN, PAM_MODULE_UNKNOWN}},
};
enum { ANSWERS = sizeof answers / sizeof answers[0] };

static unsigned combinations(const struct service *service)
{
    return 1U << service->conditions.count;
}

/* The first line that asked for the local password. */
static int password_line(const struct stack *stack, const struct replay *replay)
{
    for (size_t i = 0; i < replay->asked_count; i++)
        if (stack_line_is(&stack->lines[replay->asked[i]], "pam_unix.so"))
            return replay->asked[i];
    return replay->decider;
}

static void judge(struct outcome *outcome, unsigned which, const struct stack *stack,
    const struct replay *right, const struct replay *wrong)
{
    enum outcome_kind kind = OUTCOME_REFUSED;
    int line = wrong->decider;

    if (wrong->verdict == PAM_SUCCESS) {
        kind = OUTCOME_IN;
    } else if (right->verdict == PAM_SUCCESS) {
        kind = OUTCOME_PASSWORD;
        line = password_line(stack, right);
    }
    if (outcome->line[which] == -2 || kind > outcome->kind[which]) {
        outcome->kind[which] = kind;
        outcome->line[which] = line;
    }
}

static int try(struct service *service, enum who who, size_t answer, unsigned which)
{
    struct rehearsal runs[2];

    for (int password = 0; password < 2; password++) {
        struct assumed_case assumed = {.who = who, .password = password == 1, .conditions = which};
        int results[STACK_LINES_MAX];
        memcpy(assumed.c2m, answers[answer].codes, sizeof assumed.c2m);
        assume_all(results, &service->stack, &service->conditions, &assumed);
        int rc = rehearsal_run(&runs[password], &service->stack, results);
        if (rc < 0)
            return rc;
    }
    for (int phase = 0; phase < 2; phase++)
        judge(&service->outcomes[who][answers[answer].verdict][phase], which, &service->stack,
            &runs[1].phase[phase], &runs[0].phase[phase]);
    return 0;
}

static void forget(struct service *service)
{
    struct outcome *outcome = &service->outcomes[0][0][0];

    for (size_t i = 0; i < sizeof service->outcomes / sizeof *outcome; i++)
        for (size_t which = 0; which < 1 << CONDITIONS_MAX; which++)
            outcome[i].line[which] = -2;
}

int service_rehearse(
    struct service *service, const struct stack_dirs *dirs, const char *name, struct stack_problem *problem)
{
    int rc = stack_read(&service->stack, dirs, name, problem);

    service->name = name;
    forget(service);
    if (rc == 0 && !stack_find(dirs, name, service->file))
        rc = -ENOENT;
    if (rc == 0)
        conditions_find(&service->conditions, &service->stack);
    for (int who = 0; rc == 0 && who < 3; who++)
        for (size_t answer = 0; rc == 0 && answer < ANSWERS; answer++)
            for (unsigned which = 0; rc == 0 && which < combinations(service); which++)
                rc = try(service, (enum who)who, answer, which);
    return rc;
}

void service_free(struct service *service)
{
    stack_free(&service->stack);
}

unsigned outcome_depends_on(const struct service *service, const struct outcome *outcome)
{
    unsigned bits = 0;

    for (unsigned which = 0; which < combinations(service); which++)
        for (unsigned bit = 1; bit < combinations(service); bit <<= 1)
            if (outcome->kind[which] != outcome->kind[which ^ bit])
                bits |= bit;
    return bits;
}

enum outcome_kind outcome_worst(const struct service *service, const struct outcome *outcome)
{
    enum outcome_kind worst = OUTCOME_IN;

    for (unsigned which = 0; which < combinations(service); which++)
        worst = outcome->kind[which] < worst ? outcome->kind[which] : worst;
    return worst;
}

enum outcome_kind outcome_best(const struct service *service, const struct outcome *outcome)
{
    enum outcome_kind best = OUTCOME_REFUSED;

    for (unsigned which = 0; which < combinations(service); which++)
        best = outcome->kind[which] > best ? outcome->kind[which] : best;
    return best;
}

bool service_asks_root(const struct service *service, enum stack_type phase)
{
    for (size_t i = 0; i < service->stack.count; i++) {
        const struct stack_line *line = &service->stack.lines[i];
        if (line->type == phase && stack_line_is(line, "pam_c2m.so") &&
            strstr(line->arguments, "allow_root") != NULL)
            return true;
    }
    return false;
}
