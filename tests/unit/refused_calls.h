/*
 * The calls that an intruder in the helper would want, and how the filter refuses each: as a table, for a child behind
 * the filter and for the helper itself.
 */
#ifndef TESTS_REFUSED_CALLS_H
#define TESTS_REFUSED_CALLS_H

struct refused_call {
    const char *name; /* NULL: the end of the table */
    long number, arguments[6];
    int error;
};

#define ATTEMPT(call, error, ...) {#call, SYS_##call, {__VA_ARGS__}, error}

extern const struct refused_call refused_calls[];

/* Makes it: 0, or the errno that came of it. */
int refused_call_try(const struct refused_call *call);

#endif
