/*
 * c2mctl rehearse: what libpam makes of pam_c2m's answers in a service, before anybody stands before its door.
 */
#include "commands.h"
#include "format.h"
#include "outcome.h"
#include "output.h"
#include "refusal.h"
#include "rehearsal.h"
#include "rehearse_table.h"
#include "shipped.h"
#include "services.h"
#include "stack_checks.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const whos[] = {"mapped", "unmapped", "root"};
static const char *const verdicts[] = {"granted", "denied", "unavailable", "ignore", "missing"};
static const char *const phases[] = {"auth", "account"};

static void text(struct output *output, const char *key, const char *value)
{
    output_text(output, key, value, strlen(value));
}

static void add_place(struct output *item, const struct service *service, int line)
{
    if (line < 0) {
        output_null(item, "file");
        output_null(item, "line");
        return;
    }
    text(item, "file", service->stack.lines[line].file);
    output_number(item, "line", service->stack.lines[line].number);
}

static void add_outcome(struct output *list, const struct service *service, const char *const words[3],
    const struct outcome *outcome)
{
    unsigned bits = outcome_depends_on(service, outcome);
    char when[400];

    for (unsigned which = 0; which < 1U << service->conditions.count; which++) {
        if ((which & ~bits) != 0)
            continue;
        struct output *item = output_item(list);
        output_word(item, "user", words[0]);
        output_word(item, "verdict", words[1]);
        output_word(item, "phase", words[2]);
        output_word(item, "result", rehearse_result_word(outcome->kind[which]));
        add_place(item, service, outcome->line[which]);
        rehearse_when(when, sizeof when, service, bits, which);
        if (bits != 0)
            output_line(item, "when", when);
    }
}

static void add_findings(struct output *item, const struct reports *findings)
{
    struct output *list = output_list(item, "findings");

    for (size_t i = 0; i < findings->count; i++) {
        const struct report *report = &findings->items[i];
        struct output *finding = output_item(list);
        output_word(finding, "id", report->id);
        output_word(finding, "status", report->status == REPORT_FAIL ? "fail" : "warn");
        output_line(finding, "what", report->what);
        output_line(finding, "mend", report->mend);
        text(finding, "file", report->file);
        output_number(finding, "line", report->line);
    }
}

static void add_json(struct output *list, const struct service *service, const struct reports *findings)
{
    struct output *item = output_item(list);

    text(item, "service", service->name);
    text(item, "file", service->file);
    output_bool(item, "asks_c2m", stack_names_c2m(&service->stack, STACK_TYPES));
    struct output *outcomes = output_list(item, "outcomes");
    for (int who = 0; who < 3; who++)
        for (int verdict = 0; verdict < VERDICTS; verdict++)
            for (int phase = 0; phase < 2; phase++)
                add_outcome(outcomes, service,
                    (const char *const[]){whos[who], verdicts[verdict], phases[phase]},
                    &service->outcomes[who][verdict][phase]);
    add_findings(item, findings);
}

/* "assumed: there is no /etc/nologin (pam_nologin.so); ..." */
static void print_assumed(const struct service *service)
{
    const struct stack *stack = &service->stack;
    bool any = false;

    for (size_t i = 0; i < stack->count; i++) {
        const char *words = stack->lines[i].type <= STACK_ACCOUNT ? assume_words(&stack->lines[i]) : NULL;
        bool told = words == NULL;
        for (size_t before = 0; !told && before < i; before++)
            told = stack->lines[before].type <= STACK_ACCOUNT && assume_words(&stack->lines[before]) == words;
        if (told)
            continue;
        printf("%s%s", any ? "; " : "  assumed: ", words);
        any = true;
    }
    if (service->conditions.more)
        printf("%smodules that are not known here answer success", any ? "; " : "  assumed: ");
    if (any || service->conditions.more)
        printf("\n");
}

static void print_findings(const struct reports *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct report *report = &findings->items[i];
        printf("! ");
        format_print(report->what);
        printf(": ");
        format_print(report->mend);
        printf(" (");
        format_print(report->file);
        if (report->line != 0)
            printf(":%u", report->line);
        printf(")\n");
    }
}

static void tell(
    const struct options *options, const struct service *service, struct output *list, bool first)
{
    struct reports findings __attribute__((cleanup(reports_free))) = {.items = NULL};

    for (size_t i = 0; i < STACK_CHECKS; i++) {
        findings.id = stack_checks[i].id;
        stack_checks[i].check(&findings, service);
    }
    if (options->json) {
        add_json(list, service, &findings);
        return;
    }
    if (!first)
        printf("\n");
    if (options->outage)
        rehearse_print_outage(service);
    else
        rehearse_print(service);
    if (!stack_names_c2m(&service->stack, STACK_TYPES))
        printf("  pam_c2m is not in this stack\n");
    if (!options->quiet)
        print_assumed(service);
    print_findings(&findings);
}

static int failed(
    const struct options *options, const char *name, const struct stack_problem *problem, int error)
{
    struct format_text shown;
    char message[STACK_PATH_SIZE + 200];

    if (error == -EINVAL && problem->what != NULL)
        snprintf(message, sizeof message, "%s:%u: %s",
            format_bytes(&shown, problem->file, strlen(problem->file)), problem->line, problem->what);
    else if (error == -ENOENT)
        snprintf(message, sizeof message, "there is no PAM service \"%s\"",
            format_bytes(&shown, name, strlen(name)));
    else
        snprintf(message, sizeof message, "libpam cannot be asked: %s", strerrordesc_np(-error));
    refusal_tell(options,
        error == -ENOENT   ? "no_service"
        : error == -EINVAL ? "stack"
                           : "rehearsal",
        message);
    return error == -ENOENT || error == -EINVAL ? EXIT_CONFIGURATION : EXIT_SOFTWARE;
}

static int rehearse_each(
    const struct options *options, const struct stack_dirs *dirs, const char *const *names, size_t count)
{
    struct output *output __attribute__((cleanup(output_drop))) = output_new();
    struct output *list = output_list(output, "services");
    struct service *service = calloc(1, sizeof *service);
    struct stack_problem problem;
    int code = EXIT_OK;

    for (size_t i = 0; service != NULL && i < count; i++) {
        int rc = service_rehearse(service, dirs, names[i], &problem);
        if (rc == 0)
            tell(options, service, list, i == 0);
        service_free(service);
        if (rc < 0)
            code = failed(options, names[i], &problem, rc);
        if (rc < 0 && options->json)
            break;
    }
    free(service);
    if (options->json && code == EXIT_OK) {
        output_bool(output, "ok", true);
        output_print(output);
    }
    return code;
}

int command_rehearse(const struct options *options)
{
    struct stack_dirs dirs = stack_dirs_of(options->pam_dir);
    const char *names[SERVICES_MAX];
    struct services services;

    int rc = rehearsal_possible();
    if (rc < 0) {
        refusal_tell(options, "no_pam_debug",
            rc == -ENOENT ? "pam_debug.so is missing: it comes with libpam, in libpam-modules"
                          : "libpam cannot be asked: no private folder in /tmp, or no process");
        return EXIT_UNAVAILABLE;
    }
    if (options->word_count > 0)
        return rehearse_each(options, &dirs, options->words, options->word_count);
    services_find(&services, &dirs);
    if (services.count == 0) {
        char message[200];
        snprintf(message, sizeof message, "no PAM service names pam_c2m: %s/pam.d shows how, pam_c2m(8) why",
            shipped_examples());
        refusal_tell(options, "no_stack", message);
        return EXIT_CONFIGURATION;
    }
    for (size_t i = 0; i < services.count; i++)
        names[i] = services.names[i];
    return rehearse_each(options, &dirs, names, services.count);
}
