/*
 * How long a token lives by a clock that nobody sets. A wall clock that is wrong (1970 or 2038 at the start, until the
 * network corrects it) must neither end a revocation nor spare a token one.
 */
#ifndef SESSION_LIFETIME_H
#define SESSION_LIFETIME_H

#include <stdint.h>

/*
 * Of a row that an earlier run wrote nobody knows how much of its life has passed: what the wall clock takes for over
 * may live for another hour, which no short token outlives. Until then it is tried.
 */
enum { LIFETIME_UNSEEN_MS = 3600 * 1000 };

/* The boot clock's reading, in ms, when a token is over that expires at EXPIRES (wall clock), as the wall clock says
 * now; LEAST_MS from now at least. */
int64_t lifetime_over(int64_t expires, int64_t least_ms);

#endif
