/*
 * json-c: reading what json_strict has judged, by type, and writing requests. Lookups never convert: 123 is not
 * "123", 1.9 is no integer.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/secret.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json;

enum json_kind {
    JSON_ABSENT,
    JSON_NULL,
    JSON_BOOLEAN,
    JSON_INTEGER,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

/*
 * Judges by json_strict_object, then parses. -EINVAL: not a strict object, or one that json-c cannot read (json_weight.h);
 * -ENOMEM. The bytes may hold a token: freed memory is cleared by the interposed free.
 */
int json_parse(const char *bytes, size_t length, struct json **out);
void json_free(struct json *json);
static inline void json_freep(struct json **json)
{
    json_free(*json);
}
#define JSON_CLEANUP __attribute__((cleanup(json_freep)))

enum json_kind json_kind(const struct json *json, const char *key);
/* 0; -ENOENT when absent or null; -EINVAL when of another type. The text lives as long as JSON and holds no NUL inside. */
int json_text(const struct json *json, const char *key, const char **text, size_t *length);
int json_integer(
    const struct json *json, const char *key, int64_t *value); /* integers in the range of int64 only */
/* Calls FN for each element of an array of strings; -EINVAL when it is no array or holds something else; FN's non-zero result stops and is returned. */
int json_texts(const struct json *json, const char *key,
    int (*fn)(void *argument, const char *text, size_t length), void *argument);
/* The same for an array of objects; ELEMENT is NULL for what is none, and else belongs to JSON. */
int json_objects(const struct json *json, const char *key,
    int (*fn)(void *argument, const struct json *element), void *argument);
/* -ENOENT, -EINVAL as above. *out belongs to JSON (never free it) and lives as long. */
int json_member(const struct json *json, const char *key, const struct json **out);

/* Writing: an object, its members, its text. */
int json_new(struct json **out);
int json_set_text(struct json *json, const char *key, const char *text);
int json_set_secret(struct json *json, const char *key, const struct secret *secret);
int json_set_integer(struct json *json, const char *key, int64_t value);
/* Blank-separated words as an array of strings. */
int json_set_words(struct json *json, const char *key, const char *words);
int json_print(const struct json *json, struct secret **out);

#endif
