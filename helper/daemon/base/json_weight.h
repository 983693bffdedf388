/*
 * json-c forgets members and empties texts without a word when memory is short, and what is absent may open a
 * door. So what it made of a text is weighed against the text: the values inside containers (each comma and each
 * container that is not empty bring one), and the bytes of all names and texts.
 */
#ifndef BASE_JSON_WEIGHT_H
#define BASE_JSON_WEIGHT_H

#include <stddef.h>

/* Of a text that json_strict_object has passed. */
size_t json_weight(const char *bytes, size_t length);

#endif
