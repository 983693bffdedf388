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

/*
 * jansson (2.14) does not look whether a string that it reads could be lengthened, and then reads and writes past its end.
 * So whoever lets it read, by itself or within libjwt, opens a last resort of memory before, and closes it. False: some was
 * taken from there. Then what was read is freed at once, as short of memory, and the resort wiped.
 */
void json_strict_open(void);
bool json_strict_close(void);
void json_strict_wipe(void);

#endif
