/*
 * jansson's judgement: json-c accepts duplicates, NaN, raw control characters and \u0000 even when strict;
 * jansson, with duplicates refused, accepts none of them. It judges (json_loadb, json_delete), json-c reads.
 */
#ifndef BASE_JSON_STRICT_H
#define BASE_JSON_STRICT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * True when BYTES are exactly one JSON object: RFC 8259, UTF-8, no duplicate members, no NUL, depth at most 16, nothing
 * after it. False with errno ENOMEM, which the caller has set to 0 before: memory was short, and nobody knows.
 */
bool json_strict_object(const char *bytes, size_t length);

#endif
