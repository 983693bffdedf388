/* A line of the control socket: see line.h. */
#include "line.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

/* The end of a string that begins at text[0], a quote; NULL if it has none. */
static const char *end_of_string(const char *text)
{
    for (text++; *text != '\0' && *text != '"'; text++)
        if (*text == '\\' && text[1] != '\0')
            text++;
    return *text == '"' ? text + 1 : NULL;
}

static const char *end_of_json(const char *text)
{
    int depth = 0;
    while (text != NULL && *text != '\0') {
        if (*text == '"') {
            text = end_of_string(text);
            continue;
        }
        depth += *text == '{' || *text == '[';
        depth -= *text == '}' || *text == ']';
        text++;
        if (depth == 0)
            return text;
    }
    return NULL;
}

static char *unquote(const char *text, const char *end)
{
    char *value = memory_zeroed((size_t)(end - text) + 1, 1);
    size_t at = 0;
    for (text++; text < end - 1; text++) {
        if (*text == '\\')
            text++;
        value[at++] = *text;
    }
    return value;
}

/* One value at *text, which is moved behind it. NULL if it does not end. */
static char *take_value(const char **text)
{
    const char *start = *text;
    bool is_string = *start == '"', is_json = *start == '{' || *start == '[';
    const char *end = is_string ? end_of_string(start)
                      : is_json ? end_of_json(start)
                                : start + strcspn(start, " \t");
    if (end == NULL || (*end != '\0' && *end != ' ' && *end != '\t'))
        return NULL;
    *text = end;
    return is_string ? unquote(start, end) : memory_copy_bytes(start, (size_t)(end - start));
}

/* name= at *text, which is moved behind it; NULL for a plain word. */
static char *take_name(const char **text)
{
    size_t length = strspn(*text, "abcdefghijklmnopqrstuvwxyz_-");
    if (length == 0 || (*text)[length] != '=')
        return NULL;
    char *name = memory_copy_bytes(*text, length);
    *text += length + 1;
    return name;
}

const char *line_parse(struct line *line, const char *text)
{
    *line = (struct line){0};
    text += strspn(text, " \t");
    line->command = take_value(&text);
    if (line->command == NULL || line->command[0] == '\0')
        return "a command is needed";
    for (text += strspn(text, " \t"); *text != '\0'; text += strspn(text, " \t")) {
        if (line->count == LINE_ARGUMENTS)
            return "too many arguments";
        struct argument *argument = &line->arguments[line->count++];
        argument->name = take_name(&text);
        argument->value = take_value(&text);
        if (argument->value == NULL)
            return "a value has no end, or no blank behind it";
    }
    return NULL;
}

void line_deinit(struct line *line)
{
    free(line->command);
    for (size_t i = 0; i < line->count; i++) {
        free(line->arguments[i].name);
        free(line->arguments[i].value);
    }
    *line = (struct line){0};
}

const char *line_value(struct line *line, const char *name)
{
    for (size_t i = 0; i < line->count; i++) {
        struct argument *argument = &line->arguments[i];
        if (argument->used || argument->name == NULL || strcmp(argument->name, name) != 0)
            continue;
        argument->used = true;
        return argument->value;
    }
    return NULL;
}

const char *line_word(struct line *line)
{
    for (size_t i = 0; i < line->count; i++) {
        struct argument *argument = &line->arguments[i];
        if (argument->used || argument->name != NULL)
            continue;
        argument->used = true;
        return argument->value;
    }
    return NULL;
}

const struct argument *line_unused(const struct line *line)
{
    for (size_t i = 0; i < line->count; i++)
        if (!line->arguments[i].used)
            return &line->arguments[i];
    return NULL;
}
