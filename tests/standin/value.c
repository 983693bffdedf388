/* json-c, held to the letter: see value.h. */
#include "value.h"

#include "memory.h"

#include <ctype.h>
#include <string.h>

enum { DEPTH = 16 };

void value_drop(json_object **value)
{
    json_object_put(*value);
}

/* json-c keeps the last of two equal members and says nothing. The text is valid JSON when this is called, so
 * that the commas of the outermost object count its members. */
static size_t members_written(const char *text, size_t length)
{
    size_t depth = 0, commas = 0;
    bool in_string = false, empty = true;
    for (size_t i = 0; i < length; i++) {
        if (in_string) {
            if (text[i] == '\\')
                i++;
            else
                in_string = text[i] != '"';
            continue;
        }
        if (depth > 0 && text[i] != '}' && !isspace((unsigned char)text[i]))
            empty = false;
        in_string = text[i] == '"';
        depth += text[i] == '{' || text[i] == '[';
        depth -= text[i] == '}' || text[i] == ']';
        commas += text[i] == ',' && depth == 1;
    }
    return empty ? 0 : commas + 1;
}

static bool object_is_plain(json_object *object, const char *text, size_t length)
{
    if (members_written(text, length) != (size_t)json_object_object_length(object))
        return false;
    json_object_object_foreach(object, name, value)
    {
        (void)name;
        if (json_object_is_type(value, json_type_string) &&
            strlen(json_object_get_string(value)) != (size_t)json_object_get_string_len(value))
            return false;
    }
    return true;
}

static bool only_blanks(const char *text, size_t length)
{
    return strspn(text, " \t\r\n") >= length;
}

int value_parse(const char *text, size_t length, json_object **out)
{
    OWN_TEXT char *copy = memory_copy_bytes(text, length);
    json_tokener *tokener = json_tokener_new_ex(DEPTH);
    if (tokener == NULL || strlen(copy) != length || length > INT32_MAX - 1) {
        json_tokener_free(tokener);
        return -1;
    }
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    /* With its NUL: a number, true or null at the end is complete only when something follows. */
    OWN_JSON json_object *value = json_tokener_parse_ex(tokener, copy, (int)length + 1);
    bool complete = json_tokener_get_error(tokener) == json_tokener_success;
    size_t used = json_tokener_get_parse_end(tokener);
    json_tokener_free(tokener);
    if (!complete || (used < length && !only_blanks(copy + used, length - used)))
        return -1;
    if (json_object_is_type(value, json_type_object) && !object_is_plain(value, copy, length))
        return -1;
    *out = STEAL(value);
    return 0;
}

const char *value_text(json_object *value)
{
    return json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
}

const char *value_string(json_object *object, const char *name)
{
    json_object *value = NULL;
    if (!json_object_object_get_ex(object, name, &value) || !json_object_is_type(value, json_type_string))
        return NULL;
    return json_object_get_string(value);
}

int64_t value_integer(json_object *object, const char *name, int64_t otherwise)
{
    json_object *value = NULL;
    if (!json_object_object_get_ex(object, name, &value) || !json_object_is_type(value, json_type_int))
        return otherwise;
    return json_object_get_int64(value);
}

bool value_has(json_object *object, const char *name)
{
    return json_object_object_get_ex(object, name, NULL);
}

void value_put_string(json_object *object, const char *name, const char *value)
{
    json_object_object_add(object, name, value == NULL ? NULL : json_object_new_string(value));
}

void value_put_integer(json_object *object, const char *name, int64_t value)
{
    json_object_object_add(object, name, json_object_new_int64(value));
}

void value_override(json_object *object, json_object *changes)
{
    if (changes == NULL)
        return;
    json_object_object_foreach(changes, name, value)
    {
        if (value == NULL)
            json_object_object_del(object, name);
        else
            json_object_object_add(object, name, json_object_get(value));
    }
}
