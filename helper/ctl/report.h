/*
 * What a check found, and a list of it.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stddef.h>

enum report_status { REPORT_OK, REPORT_SKIP, REPORT_WARN, REPORT_FAIL };

struct report {
    enum report_status status;
    const char *id; /* of the check */
    char what[300], mend[300]; /* in words; mend is "" when there is nothing to do */
    char fix[300]; /* the same as a command; "": there is none */
    char file[300]; /* "": none */
    unsigned line; /* 0: none */
};

struct reports {
    struct report *items;
    size_t count, room;
    const char *id; /* of those that are added now */
};

/* Adds one, and returns it for file and line. Memory that is missing ends the program. */
struct report *report_add(struct reports *reports, enum report_status status, const char *what, ...)
    __attribute__((format(printf, 3, 4)));
void report_mend(struct report *report, const char *mend, ...) __attribute__((format(printf, 2, 3)));
void report_fix(struct report *report, const char *fix, ...) __attribute__((format(printf, 2, 3)));
void report_at(struct report *report, const char *file, unsigned line);

enum report_status reports_worst(const struct reports *reports);
void reports_free(struct reports *reports);

#endif
