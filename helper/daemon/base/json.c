/*
 * json-c. A struct json is a json_object and never anything else: the name only keeps the library's header in
 * this file. Its getters convert without a word, so the type is looked at before each.
 */
#include "base/json.h"

#include "base/cleanup.h"
#include "base/json_strict.h"
#include "base/json_weight.h"

#include <json-c/json.h>

#include <errno.h>
#include <limits.h>
#include <string.h>

enum { DEPTH_MAX = 32 }; /* beyond json_strict's, which decides */

/* json-c has no const where it caches a text inside the object. */
static struct json_object *object_of(const struct json *json)
{
    struct json_object *object;
    memcpy(&object, &json, sizeof(struct json_object *));
    return object;
}

static void put(struct json_object **object)
{
    json_object_put(*object);
}

static void free_tokener(struct json_tokener **tokener)
{
    if (*tokener)
        json_tokener_free(*tokener);
}

/* The same of what json-c made of it: no deeper than the tokener went. */
static size_t weigh_tree(struct json_object *value)
{
    size_t weight = 0;
    if (json_object_is_type(value, json_type_string))
        return (size_t)json_object_get_string_len(value);
    if (json_object_is_type(value, json_type_array)) {
        for (size_t i = 0, length = json_object_array_length(value); i < length; i++)
            weight += 1 + weigh_tree(json_object_array_get_idx(value, i));
    } else if (json_object_is_type(value, json_type_object)) {
        json_object_object_foreach(value, name, inner) weight += 1 + strlen(name) + weigh_tree(inner);
    }
    return weight;
}

/* 0; -EINVAL; -ENOMEM, which jansson leaves to malloc to say: nobody knows what the text is. */
static int judge(const char *bytes, size_t length)
{
    errno = 0;
    if (json_strict_object(bytes, length))
        return 0;
    return errno == ENOMEM ? -ENOMEM : -EINVAL;
}

int json_parse(const char *bytes, size_t length, struct json **out)
{
    int error = length > INT_MAX ? -EINVAL : judge(bytes, length);
    if (error != 0)
        return error;
    size_t weight = json_weight(bytes, length);
    if (weight == JSON_WEIGHT_NONE)
        return -EINVAL;
    CLEANUP(free_tokener) struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
    if (!tokener)
        return -ENOMEM;
    /* Not STRICT, which jansson is already: json-c 0.18 (Debian 13) then refuses every letter that is no ASCII. */
    json_tokener_set_flags(tokener, JSON_TOKENER_VALIDATE_UTF8);
    CLEANUP(put) struct json_object *object = json_tokener_parse_ex(tokener, bytes, (int)length);
    if (!object) /* a strict text: what can still fail is memory, which this version of json-c does not name */
        return -ENOMEM;
    if (weight != weigh_tree(object))
        return -ENOMEM;
    *out = (struct json *)STEAL(object);
    return 0;
}

void json_free(struct json *json)
{
    json_object_put(object_of(json));
}

/* NULL when it is absent or null. */
static struct json_object *value_of(const struct json *json, const char *key)
{
    struct json_object *value = NULL;
    json_object_object_get_ex(object_of(json), key, &value);
    return value;
}

enum json_kind json_kind(const struct json *json, const char *key)
{
    static const enum json_kind kinds[] = {
        [json_type_null] = JSON_NULL,
        [json_type_boolean] = JSON_BOOLEAN,
        [json_type_int] = JSON_INTEGER,
        [json_type_double] = JSON_NUMBER,
        [json_type_string] = JSON_STRING,
        [json_type_array] = JSON_ARRAY,
        [json_type_object] = JSON_OBJECT,
    };
    struct json_object *value = NULL;
    bool present = json_object_object_get_ex(object_of(json), key, &value);
    return present ? kinds[json_object_get_type(value)] : JSON_ABSENT;
}

static int text_of(struct json_object *value, const char **text, size_t *length)
{
    if (!json_object_is_type(value, json_type_string))
        return -EINVAL;
    *text = json_object_get_string(value);
    *length = (size_t)json_object_get_string_len(value);
    return strlen(*text) == *length ? 0 : -EINVAL;
}

int json_text(const struct json *json, const char *key, const char **text, size_t *length)
{
    struct json_object *value = value_of(json, key);
    return value ? text_of(value, text, length) : -ENOENT;
}

int json_integer(const struct json *json, const char *key, int64_t *value)
{
    struct json_object *number = value_of(json, key);
    if (!number)
        return -ENOENT;
    /* json-c holds up to UINT64_MAX as an integer and clamps it to INT64_MAX here. */
    if (!json_object_is_type(number, json_type_int) ||
        (json_object_get_int64(number) == INT64_MAX && json_object_get_uint64(number) != INT64_MAX))
        return -EINVAL;
    *value = json_object_get_int64(number);
    return 0;
}

static int array_of(const struct json *json, const char *key, struct json_object **out)
{
    *out = value_of(json, key);
    if (!*out)
        return -ENOENT;
    return json_object_is_type(*out, json_type_array) ? 0 : -EINVAL;
}

int json_objects(const struct json *json, const char *key,
    int (*fn)(void *argument, const struct json *element), void *argument)
{
    struct json_object *array;
    int result = array_of(json, key, &array);
    size_t count = result == 0 ? json_object_array_length(array) : 0;
    for (size_t i = 0; i < count && result == 0; i++) {
        struct json_object *element = json_object_array_get_idx(array, i);
        bool object = json_object_is_type(element, json_type_object);
        result = fn(argument, object ? (const struct json *)element : NULL);
    }
    return result;
}

int json_texts(const struct json *json, const char *key,
    int (*fn)(void *argument, const char *text, size_t length), void *argument)
{
    struct json_object *array;
    int r = array_of(json, key, &array);
    if (r < 0)
        return r;
    size_t count = json_object_array_length(array);
    int result = 0;
    for (size_t i = 0; i < count && result == 0; i++) {
        const char *text;
        size_t length;
        result = text_of(json_object_array_get_idx(array, i), &text, &length);
        if (result == 0)
            result = fn(argument, text, length);
    }
    return result;
}

int json_member(const struct json *json, const char *key, const struct json **out)
{
    struct json_object *value = value_of(json, key);
    if (!value)
        return -ENOENT;
    if (!json_object_is_type(value, json_type_object))
        return -EINVAL;
    *out = (const struct json *)value;
    return 0;
}

int json_new(struct json **out)
{
    *out = (struct json *)json_object_new_object();
    return *out ? 0 : -ENOMEM;
}

/* VALUE becomes JSON's, also when this fails. */
static int set(struct json *json, const char *key, struct json_object *value)
{
    if (!value)
        return -ENOMEM;
    if (json_object_object_add(object_of(json), key, value) != 0) {
        json_object_put(value);
        return -ENOMEM;
    }
    return 0;
}

int json_set_text(struct json *json, const char *key, const char *text)
{
    return set(json, key, json_object_new_string(text));
}

int json_set_secret(struct json *json, const char *key, const struct secret *secret)
{
    if (secret_length(secret) > INT_MAX)
        return -EINVAL;
    return set(json, key, json_object_new_string_len(secret_bytes(secret), (int)secret_length(secret)));
}

int json_set_integer(struct json *json, const char *key, int64_t value)
{
    return set(json, key, json_object_new_int64(value));
}

static int add_word(struct json_object *array, const char *word, size_t length)
{
    struct json_object *text = json_object_new_string_len(word, (int)length);
    if (text && json_object_array_add(array, text) == 0)
        return 0;
    json_object_put(text);
    return -ENOMEM;
}

int json_set_words(struct json *json, const char *key, const char *words)
{
    CLEANUP(put) struct json_object *array = json_object_new_array();
    if (!array)
        return -ENOMEM;
    for (words += strspn(words, " "); *words; words += strspn(words, " ")) {
        size_t length = strcspn(words, " ");
        if (add_word(array, words, length) != 0)
            return -ENOMEM;
        words += length;
    }
    return set(json, key, STEAL(array));
}

int json_print(const struct json *json, struct secret **out)
{
    size_t length = 0;
    const char *text = json_object_to_json_string_length(
        object_of(json), JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &length);
    if (!text)
        return -ENOMEM;
    /* json-c copies bytes that are no UTF-8 as they are: what we send is judged like what we read. */
    int error = judge(text, length);
    return error == 0 ? secret_new(text, length, out) : error;
}
