/* Every line is judged, also in the sections of other hosts: a file is right or it is not used. */
#include "askpass_config.h"

#include "complain.h"
#include "own_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINES_MAX = 10000 };

struct reading {
    const char *host; /* that is looked for */
    struct askpass_source *found;
    struct askpass_source source; /* of the section that is being read */
    bool section; /* there was one */
    bool wanted; /* it names the host */
};

static const struct {
    const char *key;
    enum askpass_kind kind;
} keys[] = {{"file", ASKPASS_FILE}, {"command", ASKPASS_COMMAND}, {"terminal", ASKPASS_TERMINAL}};

static char *trim(char *text)
{
    static const char blanks[] = " \t";
    text += strspn(text, blanks);
    size_t length = strlen(text);
    while (length > 0 && strchr(blanks, text[length - 1]) != NULL)
        text[--length] = '\0';
    return text;
}

/* Each of these returns NULL, or what is wrong. */
static const char *end_section(struct reading *reading)
{
    if (!reading->section)
        return NULL;
    if (reading->source.kind == ASKPASS_NONE)
        return "the section before this line says neither file nor command nor terminal";
    if (!reading->wanted)
        return NULL;
    if (reading->found->kind != ASKPASS_NONE)
        return "two sections name the host that asks";
    *reading->found = reading->source;
    return NULL;
}

/* NAMES: what stands behind "host". */
static bool names_host(char *names, const char *host)
{
    bool found = false;
    for (char *name = strsep(&names, " \t"); name != NULL; name = strsep(&names, " \t"))
        found |= name[0] != '\0' && strcasecmp(name, host) == 0;
    return found;
}

static const char *begin_section(struct reading *reading, char *line)
{
    size_t length = strlen(line);
    const char *wrong = end_section(reading);

    if (wrong != NULL)
        return wrong;
    if (line[length - 1] != ']')
        return "the ] is missing";
    line[length - 1] = '\0';
    char *name = trim(line + 1);
    reading->section = true;
    reading->source = (struct askpass_source){.kind = ASKPASS_NONE};
    if (strcmp(name, "sudo") == 0) {
        reading->wanted = reading->host[0] == '\0';
        return NULL;
    }
    if (strncmp(name, "host", 4) != 0 || (name[4] != ' ' && name[4] != '\t'))
        return "a section is [sudo] or [host NAME ...]";
    reading->wanted = reading->host[0] != '\0' && names_host(name + 5, reading->host);
    return NULL;
}

static const char *check_value(enum askpass_kind kind, const char *value)
{
    if (value[0] == '\0')
        return "the value is missing";
    if (kind == ASKPASS_FILE && value[0] != '/' && strncmp(value, "~/", 2) != 0)
        return "a file's path begins with / or ~/";
    if (kind == ASKPASS_TERMINAL && strcmp(value, "yes") != 0)
        return "terminal = yes is all that it can be";
    return NULL;
}

static const char *read_key(struct reading *reading, char *line)
{
    char *value = strchr(line, '=');
    struct askpass_source *source = &reading->source;

    if (value == NULL)
        return "neither [SECTION] nor key = value";
    if (!reading->section)
        return "a key before the first section";
    if (source->kind != ASKPASS_NONE)
        return "a section has one source";
    *value++ = '\0';
    const char *key = trim(line);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(key, keys[i].key) == 0)
            source->kind = keys[i].kind;
    if (source->kind == ASKPASS_NONE)
        return "the keys are file, command and terminal";
    value = trim(value);
    snprintf(source->value, sizeof source->value, "%s", value);
    return check_value(source->kind, value);
}

static const char *read_line(struct reading *reading, char *line)
{
    size_t length = strlen(line);

    if (length == 0 || line[length - 1] != '\n')
        return "the line is too long, has a NUL, or does not end";
    line[length - 1] = '\0';
    line = trim(line);
    if (line[0] == '\0' || line[0] == '#')
        return NULL;
    return line[0] == '[' ? begin_section(reading, line) : read_key(reading, line);
}

static bool read_all(FILE *lines, const char *file, struct reading *reading)
{
    char line[ASKPASS_LINE_SIZE];
    const char *wrong = NULL;
    unsigned number = 0;

    while (wrong == NULL && number < LINES_MAX && fgets(line, sizeof line, lines) != NULL) {
        number++;
        wrong = read_line(reading, line);
    }
    if (wrong == NULL && !feof(lines))
        wrong = "it cannot be read any further";
    if (wrong == NULL)
        wrong = end_section(reading);
    if (wrong == NULL)
        return true;
    complain_line(file, number, wrong);
    return false;
}

bool askpass_config_find(const char *file, const char *host, struct askpass_source *out)
{
    struct reading reading = {.host = host, .found = out};

    *out = (struct askpass_source){.kind = ASKPASS_NONE};
    int fd = own_file_open(file, S_IWGRP | S_IWOTH);
    if (fd < 0)
        return false;
    FILE *lines = fdopen(fd, "r");
    if (lines == NULL) {
        complain("cannot be read", file);
        close(fd);
        return false;
    }
    bool right = read_all(lines, file, &reading);
    fclose(lines);
    if (right && out->kind == ASKPASS_NONE)
        complain("askpass.conf has no section for who asks", host[0] == '\0' ? "sudo" : host);
    return right && out->kind != ASKPASS_NONE;
}

bool askpass_config_file(char *file, size_t size)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    int length = -1;

    if (base != NULL && base[0] == '/')
        length = snprintf(file, size, "%s/c2m/askpass.conf", base);
    else if (home != NULL && home[0] == '/')
        length = snprintf(file, size, "%s/.config/c2m/askpass.conf", home);
    if (length > 0 && (size_t)length < size)
        return true;
    complain("neither XDG_CONFIG_HOME nor HOME is a path", NULL);
    return false;
}
