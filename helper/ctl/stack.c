/*
 * The same reading as libpam's pam_handlers.c, except that a line which it could only let fail is a problem here.
 */
#include "stack.h"

#include "memory.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { DEPTH_MAX = 16 /* of includes, as in libpam */, ANY = STACK_TYPES };

/* What is being read. */
struct reading {
    struct stack *stack;
    const struct stack_dirs *dirs;
    struct stack_problem *problem;
};

/* The file that a line stands in, and what of it is wanted. */
struct place {
    const char *file;
    unsigned number;
    int type; /* ANY, or lines of one type only */
    unsigned level, depth;
};

static int read_file(const struct reading *reading, struct place place);

struct stack_dirs stack_dirs_of(const char *before)
{
    struct stack_dirs dirs = {.count = 0};

    if (before != NULL)
        dirs.dirs[dirs.count++] = before;
    dirs.dirs[dirs.count++] = "/etc/pam.d";
    dirs.dirs[dirs.count++] = "/usr/lib/pam.d";
    return dirs;
}

bool stack_find(const struct stack_dirs *dirs, const char *service, char path[static STACK_PATH_SIZE])
{
    if (service[0] == '/')
        return (size_t)snprintf(path, STACK_PATH_SIZE, "%s", service) < STACK_PATH_SIZE &&
               access(path, F_OK) == 0;
    for (size_t i = 0; i < dirs->count; i++) {
        int length = snprintf(path, STACK_PATH_SIZE, "%s/%s", dirs->dirs[i], service);
        if (length < STACK_PATH_SIZE && access(path, F_OK) == 0)
            return true;
    }
    return false;
}

static char *copy(const char *text)
{
    char *copied = strdup(text);

    if (copied == NULL)
        memory_short();
    return copied;
}

static int wrong(const struct reading *reading, const struct place *place, const char *what)
{
    *reading->problem = (struct stack_problem){.line = place->number, .what = what};
    snprintf(reading->problem->file, sizeof reading->problem->file, "%s", place->file);
    return -EINVAL;
}

static int type_of(const char *word)
{
    static const char *const names[] = {"auth", "account", "session", "password"};

    word += word[0] == '-';
    for (int i = 0; i < STACK_TYPES; i++)
        if (strcasecmp(word, names[i]) == 0)
            return i;
    return -1;
}

static int add(const struct reading *reading, const struct place *place, const struct stack_line *line)
{
    if (reading->stack->count == STACK_LINES_MAX)
        return wrong(reading, place, "the stack is too long to be rehearsed");
    reading->stack->lines[reading->stack->count++] = *line;
    return 0;
}

static int include(
    const struct reading *reading, const struct place *from, const char *name, struct place what)
{
    char path[STACK_PATH_SIZE];

    if (name == NULL)
        return wrong(reading, from, "what is to be included is missing");
    if (from->depth + 1 >= DEPTH_MAX)
        return wrong(reading, from, "includes itself, or too deeply");
    if (!stack_find(reading->dirs, name, path))
        return wrong(reading, from, "what it includes is not there: libpam refuses everybody");
    what.file = path;
    what.depth = from->depth + 1;
    return read_file(reading, what);
}

/* TYPE CONTROL MODULE ARGUMENTS, or an include of lines of that type. */
static int read_entry(const struct reading *reading, const struct place *place, int type, char *rest)
{
    char *control = stack_word(&rest);
    struct place what = {.type = type, .level = place->level};

    if (control == NULL)
        return wrong(reading, place, "the control is missing: libpam refuses everybody");
    bool opens = strcasecmp(control, "substack") == 0;
    if (strcasecmp(control, "include") == 0)
        return include(reading, place, stack_word(&rest), what);
    char *module = stack_word(&rest);
    if (module == NULL)
        return wrong(reading, place, "the module is missing: libpam refuses everybody");
    struct stack_line line = {.type = (enum stack_type)type,
        .number = place->number,
        .level = place->level,
        .opens = opens,
        .file = copy(place->file),
        .control = copy(control),
        .module = copy(module),
        .arguments = copy(opens ? "" : rest + strspn(rest, " \t\n"))};
    int rc = add(reading, place, &line);
    if (rc < 0 || !opens)
        return rc;
    what.level++;
    return include(reading, place, module, what);
}

static int read_line(const struct reading *reading, const struct place *place, char *line)
{
    char *first = stack_word(&line);

    if (first == NULL)
        return 0;
    if (strcasecmp(first, "@include") == 0) /* Debian's: lines of all types, as if they stood here */
        return include(
            reading, place, stack_word(&line), (struct place){.type = place->type, .level = place->level});
    int type = type_of(first);
    if (type < 0)
        return wrong(reading, place, "no type of PAM: libpam refuses everybody");
    return place->type == ANY || place->type == type ? read_entry(reading, place, type, line) : 0;
}

/* Drops the comment, and says whether the next line belongs to it. */
static bool is_continued(char *line)
{
    size_t length = strcspn(line, "#\n");
    bool comment = line[length] == '#';

    line[length] = '\0';
    while (length > 0 && isspace((unsigned char)line[length - 1]))
        line[--length] = '\0';
    if (comment || length == 0 || line[length - 1] != '\\')
        return false;
    line[length - 1] = ' ';
    return true;
}

static int read_lines(const struct reading *reading, struct place *place, FILE *file)
{
    char line[4096];
    size_t used = 0;
    unsigned number = 0;
    int rc = 0;

    while (rc == 0 && fgets(line + used, (int)(sizeof line - used), file) != NULL) {
        number++;
        if (used == 0)
            place->number = number;
        if (strchr(line + used, '\n') == NULL && !feof(file))
            return wrong(reading, place, "the line is too long");
        bool more = is_continued(line + used);
        used = more ? strlen(line) : 0;
        if (!more)
            rc = read_line(reading, place, line);
    }
    return rc == 0 && used > 0
               ? wrong(reading, place, "nothing follows the \\ at its end: libpam refuses everybody")
               : rc;
}

static int read_file(const struct reading *reading, struct place place)
{
    FILE *file = fopen(place.file, "re");

    if (file == NULL)
        return wrong(reading, &place, "cannot be opened");
    int rc = read_lines(reading, &place, file);
    fclose(file);
    return rc;
}

static bool has(const struct stack *stack, int type)
{
    for (size_t i = 0; i < stack->count; i++)
        if ((int)stack->lines[i].type == type)
            return true;
    return false;
}

int stack_read(
    struct stack *stack, const struct stack_dirs *dirs, const char *service, struct stack_problem *problem)
{
    const struct reading reading = {.stack = stack, .dirs = dirs, .problem = problem};
    char path[STACK_PATH_SIZE], other[STACK_PATH_SIZE];

    stack->count = 0;
    *problem = (struct stack_problem){.line = 0};
    if (strchr(service, '/') != NULL || !stack_find(dirs, service, path))
        return -ENOENT;
    int rc = read_file(&reading, (struct place){.file = path, .type = ANY});
    bool backed = stack_find(dirs, "other", other);
    for (int type = 0; rc == 0 && backed && type < STACK_TYPES; type++)
        if (!has(stack, type))
            rc = read_file(&reading, (struct place){.file = other, .type = type});
    return rc;
}

void stack_free(struct stack *stack)
{
    for (size_t i = 0; i < stack->count; i++) {
        free(stack->lines[i].file);
        free(stack->lines[i].control);
        free(stack->lines[i].module);
        free(stack->lines[i].arguments);
    }
    stack->count = 0;
}
