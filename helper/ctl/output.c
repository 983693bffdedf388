/*
 * json-c's objects stand behind `struct output`; nothing is parsed.
 */
#include "output.h"

#include "memory.h"

#include "c2m/printable.h"

#include <inttypes.h>
#include <json-c/json_object.h>
#include <json-c/linkhash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct json_object *json_of(struct output *output)
{
    return (struct json_object *)output;
}

static struct output *output_of(struct json_object *json)
{
    if (json == NULL)
        memory_short();
    return (struct output *)json;
}

static void add(struct output *output, const char *key, struct json_object *value)
{
    if (json_object_object_add(json_of(output), key, value) < 0)
        memory_short();
}

/* json-c takes no object for a null. */
static void add_made(struct output *output, const char *key, struct json_object *value)
{
    if (value == NULL)
        memory_short();
    add(output, key, value);
}

struct output *output_new(void)
{
    struct output *output = output_of(json_object_new_object());
    output_number(output, "schema", 1);
    return output;
}

void output_free(struct output *output)
{
    json_object_put(json_of(output));
}

void output_drop(struct output **output)
{
    output_free(*output);
}

void output_text(struct output *output, const char *key, const char *bytes, size_t length)
{
    char text[C2M_PRINTABLE_SIZE];
    add_made(output, key, json_object_new_string(c2m_printable(text, sizeof text, bytes, length)));
}

void output_line(struct output *output, const char *key, const char *line)
{
    char text[4096];
    size_t used = 0;
    size_t left = strlen(line);

    text[0] = '\0';
    while (left > 0 && used + C2M_PRINTABLE_SIZE <= sizeof text) {
        size_t piece = left < C2M_PRINTABLE_LIMIT ? left : C2M_PRINTABLE_LIMIT;
        c2m_printable(text + used, sizeof text - used, line, piece);
        used += strlen(text + used);
        line += piece;
        left -= piece;
    }
    add_made(output, key, json_object_new_string(text));
}

void output_word(struct output *output, const char *key, const char *word)
{
    if (word == NULL)
        output_null(output, key);
    else
        add_made(output, key, json_object_new_string(word));
}

void output_secret(struct output *output, const char *key, const char *bytes, size_t length)
{
    add_made(output, key, json_object_new_string_len(bytes, (int)length));
}

void output_number(struct output *output, const char *key, int64_t number)
{
    add_made(output, key, json_object_new_int64(number));
}

void output_bool(struct output *output, const char *key, bool value)
{
    add_made(output, key, json_object_new_boolean(value));
}

void output_null(struct output *output, const char *key)
{
    add(output, key, NULL);
}

void output_time(struct output *output, const char *key, int64_t time)
{
    if (time == 0)
        output_null(output, key);
    else
        output_number(output, key, time);
}

struct output *output_object(struct output *output, const char *key)
{
    struct output *object = output_of(json_object_new_object());
    add(output, key, json_of(object));
    return object;
}

struct output *output_list(struct output *output, const char *key)
{
    struct output *list = output_of(json_object_new_array());
    add(output, key, json_of(list));
    return list;
}

struct output *output_item(struct output *list)
{
    struct output *item = output_of(json_object_new_object());
    if (json_object_array_add(json_of(list), json_of(item)) < 0)
        memory_short();
    return item;
}

/* json-c's own writer leaves out what it has no memory for, and does not tell. */
static void print_text(const char *bytes, size_t length)
{
    putchar('"');
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)bytes[i] < ' ') {
            printf("\\u%04x", (unsigned)bytes[i]);
            continue;
        }
        if (bytes[i] == '"' || bytes[i] == '\\')
            putchar('\\');
        putchar(bytes[i]);
    }
    putchar('"');
}

static void print_value(struct json_object *value);

static void print_members(struct json_object *object)
{
    const char *between = "{";

    json_object_object_foreach(object, key, member)
    {
        printf("%s\"%s\":", between, key); /* a word of ours */
        print_value(member);
        between = ",";
    }
    printf(between[0] == '{' ? "{}" : "}");
}

static void print_items(struct json_object *list)
{
    size_t count = json_object_array_length(list);

    putchar('[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            putchar(',');
        print_value(json_object_array_get_idx(list, i));
    }
    putchar(']');
}

/* What the functions above add: no number has a fraction. */
static void print_value(struct json_object *value)
{
    if (json_object_is_type(value, json_type_object))
        print_members(value);
    else if (json_object_is_type(value, json_type_array))
        print_items(value);
    else if (json_object_is_type(value, json_type_string))
        print_text(json_object_get_string(value), (size_t)json_object_get_string_len(value));
    else if (json_object_is_type(value, json_type_int))
        printf("%" PRId64, json_object_get_int64(value));
    else if (json_object_is_type(value, json_type_boolean))
        printf(json_object_get_boolean(value) ? "true" : "false");
    else
        printf("null");
}

void output_print(const struct output *output)
{
    struct output *readable;

    memcpy(&readable, &output, sizeof(struct output *));
    print_value(json_of(readable));
    putchar('\n');
}

void output_error(const char *code, const char *message)
{
    struct output *output = output_new();

    output_bool(output, "ok", false);
    struct output *error = output_object(output, "error");
    output_word(error, "code", code);
    output_word(error, "message", message);
    output_print(output);
    output_free(output);
}
