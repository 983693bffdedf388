/* A moment in the past, as somebody types it. */
#ifndef MOMENT_H
#define MOMENT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * So long before NOW: "90s", "30m", "2h", "7d"; or local time: "2026-11-29", "2026-11-29 10:00", "2026-11-29 10:00:00"
 * (as this program prints it; a T serves for the blank). Seconds since 1970 in OUT. False: none of these.
 */
bool moment_read(const char *text, int64_t now, int64_t *out);

#endif
