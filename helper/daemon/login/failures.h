/*
 * The failures of one user at one origin, and what follows from them: plain arithmetic, without a clock. Ten within
 * five minutes are free; then 30 s, twice as long after each further one, 15 minutes at most. Ten wrong codes in a
 * row switch codes off for 15 minutes. All zeros: none.
 */
#ifndef LOGIN_FAILURES_H
#define LOGIN_FAILURES_H

#include <stdbool.h>
#include <stdint.h>

enum { FAILURES_KEEP_MS = 30 * 60 * 1000 }; /* after the last one they are forgiven; longer than any wait */

struct failures {
    unsigned count, wrong_codes;
    int64_t since_ms, wait_until_ms, codes_off_until_ms;
};

void failures_add(struct failures *failures, bool code, int64_t now_ms);
/* A login: they are forgiven. Codes that are switched off stay off: a token says nothing about who typed codes. */
void failures_forgive(struct failures *failures);
/* Milliseconds to wait for a code, or for anything else; not positive: none. */
int64_t failures_wait(const struct failures *failures, bool code, int64_t now_ms);

#endif
