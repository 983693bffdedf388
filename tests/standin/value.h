/* json-c, held to the letter: what the stand-in accepts as JSON, and short ways to build it.
 * Nothing here is called json_...: jansson, below libjwt, has functions of such names too. */
#ifndef STANDIN_VALUE_H
#define STANDIN_VALUE_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A JSON value of this kind is put back where its scope ends. */
#define OWN_JSON __attribute__((cleanup(value_drop)))
void value_drop(json_object **value);

/* Parses exactly one value. Refuses what json-c lets pass although it is not JSON, or not safe: bytes behind
 * the value, a member twice in the outermost object, a NUL inside its strings. 0 with *out (NULL for the
 * value null; the caller puts it back), or -1. */
int value_parse(const char *text, size_t length, json_object **out);

/* The text of a value, compact. It lives as long as the value and is not changed. */
const char *value_text(json_object *value);

/* A member that is a string, or NULL. */
const char *value_string(json_object *object, const char *name);

/* A member that is an integer, or `otherwise`. */
int64_t value_integer(json_object *object, const char *name, int64_t otherwise);

/* Whether the object has this member, be it null. */
bool value_has(json_object *object, const char *name);

/* Sets a member to a string; NULL becomes null. */
void value_put_string(json_object *object, const char *name, const char *value);
void value_put_integer(json_object *object, const char *name, int64_t value);

/* Lays the members of `changes` over `object`; a null removes. `changes` may be NULL. */
void value_override(json_object *object, json_object *changes);

#endif
