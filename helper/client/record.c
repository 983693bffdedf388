/*
 * Fields of a line of the log. Both ends are ours, and still nothing is believed: what is no field ends the line.
 */
#include "c2m/record.h"

#include <string.h>

bool c2m_record_next(const char **at, struct c2m_record_field *out)
{
    const char *text = *at + strspn(*at, " ");

    out->key = text;
    out->key_length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
    text += out->key_length;
    if (out->key_length == 0 || *text++ != '=')
        return false;
    bool quoted = *text == '"';
    out->value = text + quoted;
    out->value_length = strcspn(out->value, quoted ? "\"" : " ");
    text = out->value + out->value_length;
    if (quoted && *text++ != '"')
        return false;
    *at = text;
    return *text == '\0' || *text == ' ';
}

const char *c2m_record_get(const char *line, const char *key, char *out, size_t size)
{
    struct c2m_record_field field;

    out[0] = '\0';
    while (c2m_record_next(&line, &field)) {
        if (field.key_length != strlen(key) || memcmp(field.key, key, field.key_length) != 0)
            continue;
        size_t length = field.value_length < size ? field.value_length : size - 1;
        memcpy(out, field.value, length);
        out[length] = '\0';
        break;
    }
    return out;
}
