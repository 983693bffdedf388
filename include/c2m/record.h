/*
 * A line of the helper's log read back: `event=login ref=7f3a91c2 user="alice smith"`. The helper wrote it through the
 * printable filter, and a quote inside a value as \x22: so a quote ends a value, and only there.
 */
#ifndef C2M_RECORD_H
#define C2M_RECORD_H

#include <stdbool.h>
#include <stddef.h>

struct c2m_record_field {
    const char *key, *value; /* inside the line, not terminated */
    size_t key_length, value_length; /* the value without its quotes */
};

/* The next field from *AT, which moves behind it. False at the end, and at the first thing that is no field. */
bool c2m_record_next(const char **at, struct c2m_record_field *out);

/* The value of KEY copied into OUT of SIZE bytes, which is returned; "" when there is none, cut where it is full. */
const char *c2m_record_get(const char *line, const char *key, char *out, size_t size);

#endif
