/*
 * Figures for people: times, spans, and texts that may hold anything.
 */
#ifndef FORMAT_H
#define FORMAT_H

#include "c2m/printable.h"

#include <stddef.h>
#include <stdint.h>

enum { FORMAT_SIZE = 32 };

struct format_text {
    char text[C2M_PRINTABLE_SIZE];
};

/* "11:52" today, "2026-11-25 11:52" on another day; "never" for 0. OUT holds FORMAT_SIZE bytes and is returned. */
const char *format_minute(char *out, int64_t time, int64_t now);
/* "2026-11-25 11:52:07": for receipts. */
const char *format_second(char *out, int64_t time);
/* "40s", "12m", "5h", "3d": the largest unit. */
const char *format_span(char *out, int64_t seconds);
/* Through the printable filter; "-" when it is empty. */
const char *format_bytes(struct format_text *out, const char *bytes, size_t length);
/* Prints a text of any length through the filter. */
void format_print(const char *text);

#endif
