#include "rehearse_json.h"

#include "rehearse_table.h"

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

/* An object for each case. DOWN: what is, and the row's label says who comes; NULL: there is none. */
static void add_row(
    struct output *list, const struct service *service, const char *down, const struct rehearse_row *row)
{
    const struct outcome *outcome = &service->outcomes[row->who][row->verdict][row->phase];
    unsigned bits = outcome_depends_on(service, outcome);
    char when[400];

    for (unsigned which = 0; which < 1U << service->conditions.count; which++) {
        if ((which & ~bits) != 0)
            continue;
        struct output *item = output_item(list);
        if (down != NULL) {
            output_word(item, "down", down);
            output_word(item, "who", row->label);
        }
        output_word(item, "user", whos[row->who]);
        output_word(item, "verdict", verdicts[row->verdict]);
        output_word(item, "phase", phases[row->phase]);
        output_word(item, "result", rehearse_result_word(outcome->kind[which]));
        add_place(item, service, outcome->line[which]);
        rehearse_when(when, sizeof when, service, bits, which);
        if (bits != 0)
            output_line(item, "when", when);
    }
}

static void add_rows(
    struct output *list, const struct service *service, const char *down, const struct rehearse_row *rows)
{
    for (; rows->label != NULL; rows++)
        add_row(list, service, down, rows);
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

void rehearse_json(
    struct output *list, const struct service *service, const struct reports *findings, bool outage)
{
    struct output *item = output_item(list);

    text(item, "service", service->name);
    text(item, "file", service->file);
    output_bool(item, "asks_c2m", stack_names_c2m(&service->stack, STACK_TYPES));
    struct output *outcomes = output_list(item, outage ? "outage" : "outcomes");
    if (outage) {
        add_rows(outcomes, service, "api", rehearse_api_down);
        add_rows(outcomes, service, "helper", rehearse_helper_down);
    }
    for (int who = 0; !outage && who < 3; who++)
        for (int verdict = 0; verdict < VERDICTS; verdict++)
            for (int phase = 0; phase < 2; phase++)
                add_row(outcomes, service, NULL,
                    &(struct rehearse_row){NULL, (enum who)who, (enum verdict)verdict, phase});
    add_findings(item, findings);
}
