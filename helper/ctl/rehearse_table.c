/*
 * Rows are data: who, which answer, and how it is called. A row whose outcome hangs on a group has a line for each case.
 */
#include "rehearse_table.h"

#include "format.h"

#include <stdio.h>
#include <string.h>

enum { LABEL = 30, CELL = 46, BOTH = 2 };

static const struct rehearse_row mapped[] = {
    {"right token; live session", WHO_MAPPED, VERDICT_GRANTED, BOTH},
    {"wrong token; ended session", WHO_MAPPED, VERDICT_DENIED, BOTH},
    {"helper or API down", WHO_MAPPED, VERDICT_UNAVAILABLE, BOTH},
    {"not C2M's (a key, cron)", WHO_MAPPED, VERDICT_IGNORE, BOTH},
    {"pam_c2m.so missing", WHO_MAPPED, VERDICT_MISSING, BOTH},
    {.label = NULL},
};
static const struct rehearse_row unmapped[] = {
    {"unmapped = ignore", WHO_UNMAPPED, VERDICT_IGNORE, BOTH},
    {"unmapped = deny", WHO_UNMAPPED, VERDICT_DENIED, STACK_AUTH},
    {"helper down", WHO_UNMAPPED, VERDICT_UNAVAILABLE, BOTH},
    {"pam_c2m.so missing", WHO_UNMAPPED, VERDICT_MISSING, BOTH},
    {.label = NULL},
};
static const struct rehearse_row root[] = {
    {"never asks C2M", WHO_ROOT, VERDICT_IGNORE, BOTH},
    {"pam_c2m.so missing", WHO_ROOT, VERDICT_MISSING, BOTH},
    {.label = NULL},
};
static const struct rehearse_row root_asked[] = {
    {"right token; live session", WHO_ROOT, VERDICT_GRANTED, BOTH},
    {"wrong token; ended session", WHO_ROOT, VERDICT_DENIED, BOTH},
    {"helper or API down", WHO_ROOT, VERDICT_UNAVAILABLE, BOTH},
    {"not C2M's (a key, cron)", WHO_ROOT, VERDICT_IGNORE, BOTH},
    {"pam_c2m.so missing", WHO_ROOT, VERDICT_MISSING, BOTH},
    {.label = NULL},
};
const struct rehearse_row rehearse_api_down[] = {
    {"a short-term token", WHO_MAPPED, VERDICT_GRANTED, STACK_AUTH},
    {"a long-term token, a code", WHO_MAPPED, VERDICT_UNAVAILABLE, STACK_AUTH},
    {"who is not mapped", WHO_UNMAPPED, VERDICT_IGNORE, STACK_AUTH},
    {"root", WHO_ROOT, VERDICT_IGNORE, STACK_AUTH},
    {"a public key, cron", WHO_MAPPED, VERDICT_IGNORE, STACK_ACCOUNT},
    {.label = NULL},
};
const struct rehearse_row rehearse_helper_down[] = {
    {"whoever is not root", WHO_MAPPED, VERDICT_UNAVAILABLE, STACK_AUTH},
    {"root", WHO_ROOT, VERDICT_UNAVAILABLE, STACK_AUTH},
    {"a public key, cron", WHO_MAPPED, VERDICT_UNAVAILABLE, STACK_ACCOUNT},
    {"root's key", WHO_ROOT, VERDICT_UNAVAILABLE, STACK_ACCOUNT},
    {.label = NULL},
};

const char *rehearse_result_word(enum outcome_kind kind)
{
    static const char *const words[] = {"refused", "password", "in"};

    return words[kind];
}

/* "refused (sshd:12)" */
static void cell(char *out, size_t size, const struct service *service, const struct rehearse_row *row,
    int phase, unsigned which)
{
    static const char *const words[2][3] = {
        {"refused", "the local password decides", "in"}, {"refused", "the local password decides", "passes"}};
    const struct outcome *outcome = &service->outcomes[row->who][row->verdict][phase];
    const char *word = words[phase][outcome->kind[which]];
    struct format_text file;

    snprintf(out, size, "%s", word);
    if (outcome->line[which] < 0)
        return;
    const struct stack_line *line = &service->stack.lines[outcome->line[which]];
    const char *name = strrchr(line->file, '/') == NULL ? line->file : strrchr(line->file, '/') + 1;
    snprintf(out, size, "%s (%s:%u)", word, format_bytes(&file, name, strlen(name)), line->number);
}

static void print_cells(const struct service *service, const struct rehearse_row *row, unsigned which)
{
    char auth[200], account[200];

    cell(auth, sizeof auth, service, row, STACK_AUTH, which);
    cell(account, sizeof account, service, row, STACK_ACCOUNT, which);
    if (row->phase == BOTH)
        printf("%-*s %s\n", CELL, auth, account);
    else
        printf("%s\n", row->phase == STACK_AUTH ? auth : account);
}

void rehearse_when(char *out, size_t size, const struct service *service, unsigned bits, unsigned which)
{
    out[0] = '\0';
    for (size_t i = 0; i < service->conditions.count; i++) {
        char words[200];
        struct format_text shown;
        if ((bits & 1U << i) == 0)
            continue;
        condition_words(words, sizeof words, service->conditions.lines[i]);
        snprintf(out + strlen(out), size - strlen(out), "%s%s%s", out[0] == '\0' ? "" : ", ",
            (which & 1U << i) == 0 ? "not " : "", format_bytes(&shown, words, strlen(words)));
    }
}

static unsigned depends_on(const struct service *service, const struct rehearse_row *row)
{
    unsigned bits = 0;

    for (int phase = 0; phase < 2; phase++)
        if (row->phase == BOTH || row->phase == phase)
            bits |= outcome_depends_on(service, &service->outcomes[row->who][row->verdict][phase]);
    return bits;
}

static void print_row(const struct service *service, const struct rehearse_row *row)
{
    unsigned bits = depends_on(service, row);
    char when[400];

    if (bits == 0) {
        printf("  %-*s ", LABEL, row->label);
        print_cells(service, row, 0);
        return;
    }
    printf("  %s\n", row->label);
    for (unsigned which = 1U << service->conditions.count; which-- > 0;) {
        if ((which & ~bits) != 0)
            continue;
        rehearse_when(when, sizeof when, service, bits, which);
        printf("    %-*s ", LABEL - 2, when);
        print_cells(service, row, which);
    }
}

static void print_rows(
    const struct service *service, const char *title, const struct rehearse_row *rows, const char *columns)
{
    char head[200];
    struct format_text name;

    snprintf(head, sizeof head, "%s: %s", format_bytes(&name, service->name, strlen(service->name)), title);
    if (columns == NULL)
        printf("%s\n", head);
    else
        printf("%-*s %-*s account\n", LABEL + 2, head, CELL, columns);
    for (; rows->label != NULL; rows++)
        print_row(service, rows);
}

void rehearse_print(const struct service *service)
{
    bool asked = service_asks_root(service, STACK_AUTH) || service_asks_root(service, STACK_ACCOUNT);

    print_rows(service, "who is mapped", mapped, "auth");
    print_rows(service, "who is not mapped", unmapped, "auth");
    print_rows(service, "root", asked ? root_asked : root, "auth");
}

void rehearse_print_outage(const struct service *service)
{
    print_rows(service, "the API is down", rehearse_api_down, NULL);
    print_rows(service, "the helper is down", rehearse_helper_down, NULL);
}
