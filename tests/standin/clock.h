/* The clocks of the stand-in: real ones. */
#ifndef STANDIN_CLOCK_H
#define STANDIN_CLOCK_H

#include <stdint.h>

enum { CLOCK_TEXT = 32 };

/* Seconds since the epoch. */
int64_t clock_now(void);

/* Milliseconds since the epoch. */
int64_t clock_now_ms(void);

/* Microseconds that only go forward: for durations and delays. */
int64_t clock_steady_us(void);

/* RFC 3339 in UTC, for example 2030-01-31T12:00:00Z. */
void clock_text(int64_t seconds, char out[CLOCK_TEXT]);

#endif
