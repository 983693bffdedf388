/* The client mode: see ask.h. */
#include "ask.h"

#include "file.h"
#include "local.h"
#include "memory.h"
#include "value.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Reads up to the end of the line, or of the connection. */
static char *read_line(int fd)
{
    char *text = memory_copy("");
    size_t used = 0;
    for (;;) {
        text = memory_resize(text, used + 65536 + 1, 1);
        ssize_t n = read(fd, text + used, 65536);
        if (n < 0 && errno == EINTR)
            continue;
        used += n > 0 ? (size_t)n : 0;
        text[used] = '\0';
        if (n <= 0 || text[used - 1] == '\n')
            return text;
    }
}

static char *exchange(const char *directory, const char *line)
{
    OWN_TEXT char *path = file_path(directory, "control");
    OWN_TEXT char *ended = memory_format("%s\n", line);
    int fd = local_connect(path);
    if (fd < 0 || local_send(fd, ended, strlen(ended)) != 0) {
        warn("cannot talk to %s", path);
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    char *answer = read_line(fd);
    close(fd);
    return answer;
}

/* The member at a dotted path; a step into an array is a number. NULL also stands for null. */
static json_object *find(json_object *value, const char *field, bool *found)
{
    OWN_TEXT char *copy = memory_copy(field);
    char *rest = NULL;
    *found = true;
    for (char *step = strtok_r(copy, ".", &rest); step != NULL; step = strtok_r(NULL, ".", &rest)) {
        size_t index = strtoul(step, NULL, 10);
        if (json_object_is_type(value, json_type_array) && index < json_object_array_length(value))
            value = json_object_array_get_idx(value, index);
        else if (!json_object_is_type(value, json_type_object) ||
                 !json_object_object_get_ex(value, step, &value))
            *found = false;
        if (!*found)
            return NULL;
    }
    return value;
}

static int print_field(json_object *answer, const char *field)
{
    bool found = false;
    json_object *value = find(answer, field, &found);
    if (!found) {
        warnx("the answer has no %s: %s", field, value_text(answer));
        return 1;
    }
    if (json_object_is_type(value, json_type_string))
        puts(json_object_get_string(value));
    else
        puts(value_text(value));
    return 0;
}

int ask(const char *directory, const char *line, const char *field)
{
    OWN_TEXT char *text = exchange(directory, line);
    OWN_JSON json_object *answer = NULL;
    json_object *ok = NULL;
    if (text == NULL)
        return 1;
    if (value_parse(text, strlen(text), &answer) != 0 || !json_object_is_type(answer, json_type_object)) {
        warnx("not an answer: %s", text);
        return 1;
    }
    bool good = json_object_object_get_ex(answer, "ok", &ok) && json_object_get_boolean(ok);
    if (field == NULL)
        fputs(text, stdout);
    else if (!good)
        fputs(text, stderr);
    else
        return print_field(answer, field);
    return good ? 0 : 1;
}
