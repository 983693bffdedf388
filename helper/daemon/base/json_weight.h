/*
 * json-c forgets members and empties texts without a word when memory is short, and what is absent may open a
 * door. So what it made of a text is weighed against the text: the values inside containers (each comma and each
 * container that is not empty bring one), and the bytes of all names and texts.
 */
#ifndef BASE_JSON_WEIGHT_H
#define BASE_JSON_WEIGHT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Of a text that json_strict_object has passed. JSON_WEIGHT_NONE: json-c (0.16) would not read it whole. It takes
 * a letter written as two escapes whose number ends in d800 to dfff (U+1D800, say) for half of one, and forgets it.
 */
#define JSON_WEIGHT_NONE SIZE_MAX
size_t json_weight(const char *bytes, size_t length);

#endif
