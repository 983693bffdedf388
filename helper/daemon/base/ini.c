/*
 * inih as distributions build it holds lines of 199 bytes, cuts a section's name at 49, splits at ':' as well, takes
 * an indented line for more of the last value, ends inline comments at ';' but not at '#', passes over what follows
 * a ']', and each of these is a choice of its build. So the file is read here, every line is judged before inih sees
 * it, and inih gets it in the one form that all builds read alike: without its value, which waits beside it.
 */
#include "base/ini.h"

#include "base/cleanup.h"
#include "base/file.h"

#include <ini.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

enum { FILE_MAX = 256 * 1024, TEXT_MAX = 1000, SECTION_MAX = 49 };

struct reading {
    ini_fn fn;
    void *argument;
    const char *rest, *end; /* of the file's text, which a NUL follows */
    int line, bad_line, stopped;
    char text[TEXT_MAX + 1];
    const char *value; /* of the line that inih is at */
};

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool holds_control(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
            return true;
    }
    return false;
}

static void cut_comment(char *text)
{
    for (char *c = text; *c; c++) {
        if ((*c == '#' || *c == ';') && (c == text || blank(c[-1]))) {
            *c = '\0';
            return;
        }
    }
}

static char *trim(char *text)
{
    while (blank(*text))
        text++;
    size_t length = strlen(text);
    while (length > 0 && blank(text[length - 1]))
        text[--length] = '\0';
    return text;
}

/* The next line of the file without its end and its comment; NULL when it cannot be one. */
static char *take_line(struct reading *reading)
{
    size_t length = strcspn(reading->rest, "\n");
    bool ended = reading->rest[length] == '\n' || reading->rest + length == reading->end; /* not by a NUL */
    if (!ended || length > TEXT_MAX || holds_control(reading->rest, length))
        return NULL;
    memcpy(reading->text, reading->rest, length);
    reading->text[length] = '\0';
    reading->rest += length + (reading->rest[length] == '\n');
    cut_comment(reading->text);
    return trim(reading->text);
}

/* "[name]" and nothing else; "[]" would read as "before any section". */
static bool is_section(const char *line)
{
    size_t length = strlen(line);
    return length > 2 && length - 2 <= SECTION_MAX && strcspn(line, "]") == length - 1;
}

/* Cuts LINE after the key; its value stays in the reading. */
static bool split(struct reading *reading, char *line)
{
    char *equals = strchr(line, '=');
    if (!equals)
        return false;
    *equals = '\0';
    reading->value = trim(equals + 1);
    return *line != '\0' && !strchr(line, ':');
}

/* inih passes over a section without keys, and says nothing of its line. */
static bool tell_section(struct reading *reading, const char *line)
{
    char name[SECTION_MAX + 1];
    snprintf(name, sizeof name, "%.*s", (int)strlen(line) - 2, line + 1);
    reading->stopped = reading->fn(reading->argument, name, NULL, NULL, reading->line);
    return true;
}

/* A byte order mark, which some builds pass over, and would then tell a key of no name. */
static bool is_marked(const char *line)
{
    static const char mark[] = "\xef\xbb\xbf";
    return strncmp(line, mark, sizeof mark - 1) == 0;
}

/* What inih calls for a line of at most SIZE - 1 bytes, as fgets(3). */
static char *give_line(char *out, int size, void *stream)
{
    struct reading *reading = stream;
    if (reading->bad_line > 0 || reading->stopped != 0 || reading->rest == reading->end)
        return NULL;
    reading->line++;
    char *line = take_line(reading);
    bool good = line && !is_marked(line) &&
                (*line == '\0' ||
                    (*line == '[' ? is_section(line) && tell_section(reading, line) : split(reading, line)));
    int length =
        !good ? size : snprintf(out, (size_t)size, "%s%s\n", line, *line && *line != '[' ? " =" : "");
    if (reading->stopped != 0)
        return NULL;
    if (length < size)
        return out;
    reading->bad_line = reading->line;
    return NULL;
}

/* Some builds announce a new section without a key. */
static int take_pair(void *user, const char *section, const char *key, const char *value)
{
    struct reading *reading = user;
    (void)value;
    if (key)
        reading->stopped = reading->fn(reading->argument, section, key, reading->value, reading->line);
    return reading->stopped == 0;
}

/* The length of the file, which is read into TEXT and ends there with a NUL. */
static ssize_t read_file(const char *file, char text[FILE_MAX + 1])
{
    int fd CLEANUP_CLOSE = file_open(file, S_IWGRP | S_IWOTH);
    if (fd < 0)
        return fd;
    ssize_t got = file_read(fd, text, FILE_MAX + 1);
    if (got > FILE_MAX)
        return -EFBIG;
    if (got >= 0)
        text[got] = '\0';
    return got;
}

int ini_read(const char *file, ini_fn fn, void *argument, int *stopped)
{
    char *text CLEANUP_FREE = malloc(FILE_MAX + 1);
    *stopped = 0;
    if (!text)
        return -ENOMEM;
    ssize_t length = read_file(file, text);
    if (length < 0)
        return (int)length;
    struct reading reading = {.fn = fn, .argument = argument, .rest = text, .end = text + length};
    int r = ini_parse_stream(give_line, &reading, take_pair, &reading);
    *stopped = reading.stopped;
    explicit_bzero(reading.text, sizeof reading.text); /* the last line may be a secret */
    if (reading.stopped != 0)
        return 0;
    if (r < 0)
        return -ENOMEM;
    return reading.bad_line > 0 ? reading.bad_line : r;
}
