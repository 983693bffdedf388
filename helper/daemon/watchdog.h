/* The service manager's watchdog (sd_watchdog_enabled(3)): while the loop turns, it hears of it. */
#ifndef WATCHDOG_H
#define WATCHDOG_H

#include "base/loop.h"

struct watchdog;

/*
 * Where the service manager set one ($WATCHDOG_USEC, for this process by $WATCHDOG_PID) it is told twice in that
 * time that the loop turns; else *out is NULL, and that is no failure. 0, or a negative errno.
 */
int watchdog_new(struct loop *loop, struct watchdog **out);
void watchdog_free(struct watchdog *watchdog); /* NULL is fine */

/* Half of what the service manager waits for, in milliseconds, at least 1; 0: it set no watchdog, or another's. */
int64_t watchdog_interval_ms(void);

#endif
