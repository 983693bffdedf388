/*
 * Texts of bounded length on the wire: a length, an array, zeros behind it.
 */
#include "c2m/client.h"

#include <errno.h>
#include <string.h>

bool c2m_text_ok(uint16_t length, const char *bytes, size_t max)
{
    if (length > max)
        return false;
    for (size_t i = length; i < max; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

void c2m_text_cut(uint16_t *length, char *bytes, size_t max, const char *text)
{
    size_t size = strnlen(text, max);

    memset(bytes, 0, max);
    memcpy(bytes, text, size);
    *length = (uint16_t)size;
}

int c2m_text_set(uint16_t *length, char *bytes, size_t max, const char *text)
{
    bool fits = strlen(text) <= max;

    c2m_text_cut(length, bytes, max, fits ? text : "");
    return fits ? 0 : -E2BIG;
}
