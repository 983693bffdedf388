/*
 * c2mctl rehearse: what libpam makes of pam_c2m's answers in a service, before anybody stands before its door.
 */
#include "commands.h"
#include "format.h"
#include "outcome.h"
#include "output.h"
#include "refusal.h"
#include "rehearsal.h"
#include "rehearse_json.h"
#include "rehearse_table.h"
#include "shipped.h"
#include "services.h"
#include "stack_checks.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
        rehearse_json(list, service, &findings, options->outage);
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
