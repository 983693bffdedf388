/* A set of scopes: see scopes.h. */
#include "scopes.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

void scopes_deinit(struct scopes *scopes)
{
    for (size_t i = 0; i < scopes->count; i++)
        free(scopes->names[i]);
    free(scopes->names);
    *scopes = (struct scopes){0};
}

void scopes_add(struct scopes *scopes, const char *name)
{
    for (size_t i = 0; i < scopes->count; i++)
        if (strcmp(scopes->names[i], name) == 0)
            return;
    scopes->names = memory_resize(scopes->names, scopes->count + 1, sizeof *scopes->names);
    scopes->names[scopes->count++] = memory_copy(name);
}

static bool is_scope(json_object *value)
{
    if (!json_object_is_type(value, json_type_string))
        return false;
    const char *name = json_object_get_string(value);
    size_t length = (size_t)json_object_get_string_len(value);
    /* RFC 6749, 3.3: printable ASCII without blank, quote and backslash. */
    for (size_t i = 0; i < length; i++)
        if (name[i] <= ' ' || name[i] > '~' || name[i] == '"' || name[i] == '\\')
            return false;
    return length > 0;
}

int scopes_add_json(struct scopes *scopes, json_object *array)
{
    if (!json_object_is_type(array, json_type_array))
        return -1;
    for (size_t i = 0; i < json_object_array_length(array); i++) {
        json_object *value = json_object_array_get_idx(array, i);
        if (!is_scope(value))
            return -1;
        scopes_add(scopes, json_object_get_string(value));
    }
    return 0;
}

void scopes_add_list(struct scopes *scopes, const char *list)
{
    OWN_TEXT char *copy = memory_copy(list);
    char *rest = NULL;
    for (char *name = strtok_r(copy, ", ", &rest); name != NULL; name = strtok_r(NULL, ", ", &rest))
        scopes_add(scopes, name);
}

void scopes_add_all(struct scopes *scopes, const struct scopes *others)
{
    for (size_t i = 0; i < others->count; i++)
        scopes_add(scopes, others->names[i]);
}

static bool covers(const char *held, const char *scope)
{
    size_t length = strlen(held);
    if (length >= 2 && strcmp(held + length - 2, ":*") == 0)
        return strncmp(held, scope, length - 1) == 0 && scope[length - 1] != '\0';
    return strcmp(held, scope) == 0;
}

bool scopes_hold(const struct scopes *held, const char *scope)
{
    for (size_t i = 0; i < held->count; i++)
        if (covers(held->names[i], scope))
            return true;
    return false;
}

bool scopes_cover(const struct scopes *held, const struct scopes *asked, const char **missing)
{
    for (size_t i = 0; i < asked->count; i++) {
        if (scopes_hold(held, asked->names[i]))
            continue;
        if (missing != NULL)
            *missing = asked->names[i];
        return false;
    }
    return true;
}

json_object *scopes_to_json(const struct scopes *scopes)
{
    json_object *array = json_object_new_array();
    for (size_t i = 0; i < scopes->count; i++)
        json_object_array_add(array, json_object_new_string(scopes->names[i]));
    return array;
}
