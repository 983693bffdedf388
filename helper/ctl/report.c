#include "report.h"

#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct report *report_add(struct reports *reports, enum report_status status, const char *what, ...)
{
    va_list arguments;

    if (reports->count == reports->room) {
        reports->room = reports->room == 0 ? 16 : 2 * reports->room;
        reports->items = reallocarray(reports->items, reports->room, sizeof *reports->items);
        if (reports->items == NULL)
            memory_short();
    }
    struct report *report = &reports->items[reports->count++];
    *report = (struct report){.status = status, .id = reports->id};
    va_start(arguments, what);
    vsnprintf(report->what, sizeof report->what, what, arguments);
    va_end(arguments);
    return report;
}

void report_mend(struct report *report, const char *mend, ...)
{
    va_list arguments;

    va_start(arguments, mend);
    vsnprintf(report->mend, sizeof report->mend, mend, arguments);
    va_end(arguments);
}

void report_fix(struct report *report, const char *fix, ...)
{
    va_list arguments;

    va_start(arguments, fix);
    vsnprintf(report->fix, sizeof report->fix, fix, arguments);
    va_end(arguments);
}

void report_at(struct report *report, const char *file, unsigned line)
{
    snprintf(report->file, sizeof report->file, "%s", file);
    report->line = line;
}

enum report_status reports_worst(const struct reports *reports)
{
    enum report_status worst = REPORT_OK;

    for (size_t i = 0; i < reports->count; i++)
        if (reports->items[i].status > worst)
            worst = reports->items[i].status;
    return worst;
}

void reports_free(struct reports *reports)
{
    free(reports->items);
    *reports = (struct reports){.items = NULL};
}
