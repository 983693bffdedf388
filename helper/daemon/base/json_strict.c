/* jansson's judgement. Of jansson only json_loadb and json_delete: its other names are json-c's as well. */
#include "base/json_strict.h"

#include <jansson.h>

#include <string.h>

enum { DEPTH_MAX = 16 };

/*
 * The deepest nesting, counted before jansson recurses: its own bound of 2,048 is more stack than a stranger is
 * owed. In a malformed text this count can only run ahead of jansson, which stops at the first fault.
 */
static bool shallow(const char *bytes, size_t length)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        if (quoted && bytes[i] == '\\')
            i++;
        else if (bytes[i] == '"')
            quoted = !quoted;
        else if (!quoted && (bytes[i] == '{' || bytes[i] == '['))
            depth++;
        else if (!quoted && (bytes[i] == '}' || bytes[i] == ']'))
            depth--;
        if (depth > DEPTH_MAX)
            return false;
    }
    return true;
}

/* jansson takes an array as well. */
static bool opens_object(const char *bytes, size_t length)
{
    size_t i = 0;
    while (i < length && (bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\n' || bytes[i] == '\r'))
        i++;
    return i < length && bytes[i] == '{';
}

/* jansson (2.14) passes over one that stands behind a number or a word: its buffer ends with a NUL of its own. */
static bool holds_nul(const char *bytes, size_t length)
{
    return length > 0 && memchr(bytes, '\0', length);
}

bool json_strict_object(const char *bytes, size_t length)
{
    if (holds_nul(bytes, length) || !opens_object(bytes, length) || !shallow(bytes, length))
        return false;
    json_error_t ignored;
    json_t *value = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &ignored);
    if (!value)
        return false;
    json_delete(value);
    return true;
}
