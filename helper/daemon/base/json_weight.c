/* One walk over the bytes: no parser, the text is known to be strict. */
#include "base/json_weight.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char blanks[] = {' ', '\t', '\r', '\n'};

/* JSON_WEIGHT_NONE for the first half of a pair that json-c forgets. */
static size_t weigh_escape(const char *escape, size_t *length)
{
    char digits[5] = "";
    *length = escape[1] == 'u' ? 6 : 2;
    if (*length == 2)
        return 1;
    memcpy(digits, escape + 2, 4);
    unsigned long code = strtoul(digits, NULL, 16);
    bool half = code >= 0xd800 && code < 0xe000; /* of a pair, which is four bytes */
    if (half && code < 0xdc00 && (code & 0x3e) == 0x36)
        return JSON_WEIGHT_NONE;
    return code < 0x80 ? 1 : code < 0x800 || half ? 2 : 3;
}

size_t json_weight(const char *bytes, size_t length)
{
    size_t weight = 0, step = 1;
    bool quoted = false, opened = false; /* the last thing seen opened a container */
    for (size_t i = 0; i < length; i += step) {
        char c = bytes[i];
        step = 1;
        if (quoted) {
            size_t letter = c == '\\' ? weigh_escape(bytes + i, &step) : c != '"';
            if (letter == JSON_WEIGHT_NONE)
                return JSON_WEIGHT_NONE;
            weight += letter;
            quoted = c != '"';
        } else if (!memchr(blanks, c, sizeof blanks)) {
            weight += c == '{' || c == '[' || c == ',';
            weight -= opened && (c == '}' || c == ']');
            opened = c == '{' || c == '[';
            quoted = c == '"';
        }
    }
    return weight;
}
