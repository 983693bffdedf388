/*
 * The filter before every terminal and log: control bytes, escape sequences, bidirectional marks and a second
 * line cannot pass. A backslash is escaped too, so that what is printed can be read back without doubt.
 */
#include "c2m/printable.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool passes(unsigned char byte)
{
    return byte >= 0x20 && byte <= 0x7e && byte != '\\';
}

char *c2m_printable(char *out, size_t size, const char *bytes, size_t length)
{
    size_t shown = length > C2M_PRINTABLE_LIMIT ? C2M_PRINTABLE_LIMIT : length;
    size_t used = 0;

    if (size == 0)
        return out;
    for (size_t i = 0; i < shown; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        size_t need = passes(byte) ? 1 : 4;
        if (used + need >= size) { /* an escape is written whole or not at all */
            out[used] = '\0';
            return out;
        }
        if (need == 1)
            out[used] = (char)byte;
        else
            snprintf(out + used, size - used, "\\x%02x", byte);
        used += need;
    }
    if (length > shown && used + 3 < size) {
        memcpy(out + used, "...", 3);
        used += 3;
    }
    out[used] = '\0';
    return out;
}
