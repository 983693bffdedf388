/*
 * The two clocks: the wall clock for what the API says (exp, iat), and CLOCK_BOOTTIME, which counts suspended
 * time and is never set, for deadlines and the age of proofs. A test links tests/unit/fakes/clock.c instead.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

enum { CLOCK_BOOT_ID_SIZE = 37 };

int64_t clock_wall(void); /* seconds since 1970 */
int64_t clock_boot_ms(void); /* milliseconds since boot, suspended time included */
int64_t clock_boot_us(void);

/* The kernel's boot id (/proc/sys/kernel/random/boot_id, else $C2M_BOOT_ID), read once; "" when nobody says it. */
const char *clock_boot_id(void);

#endif
