/*
 * A line's control: what libpam does with each answer of a module. pam.d(5), pam_tokens.h.
 */
#ifndef CONTROL_H
#define CONTROL_H

enum { CONTROL_RESULTS = 32 };

/* A positive one is the number of lines to jump over. */
enum {
    CONTROL_IGNORE = 0,
    CONTROL_OK = -1,
    CONTROL_DONE = -2,
    CONTROL_BAD = -3,
    CONTROL_DIE = -4,
    CONTROL_RESET = -5
};

/* Each answer's action; what cannot be understood is `bad` throughout, as in libpam. */
void control_read(int actions[static CONTROL_RESULTS], const char *control);

/* "auth_err" of 7, and back; "unknown", -1. */
const char *control_result_name(int result);
int control_result(const char *name);

#endif
