#include "sudo_rules.h"

#include "memory.h"

#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLANK " \t"

/* One line, which may go on behind a backslash. NULL: there is none. */
static char *next_line(char **rest, unsigned *line, unsigned *lines)
{
    char *found = *rest;

    *line = *lines + 1;
    for (char *at = found; at != NULL; at++) {
        at += strcspn(at, "\n");
        ++*lines;
        *rest = *at == '\0' ? NULL : at + 1;
        if (*at == '\0' || at == found || at[-1] != '\\') {
            *at = '\0';
            break;
        }
        at[-1] = *at = ' ';
    }
    return found;
}

/* Copies without blanks until one of ENDS or the end, none of them in quotes. The rest. */
static const char *copy_until(const char *at, const char *ends, char *out, size_t size)
{
    size_t used = 0;

    for (bool quoted = false; *at != '\0' && (quoted || strchr(ends, *at) == NULL); at++) {
        quoted = quoted != (*at == '"');
        if ((quoted || strchr(BLANK, *at) == NULL) && used + 1 < size)
            out[used++] = *at;
    }
    out[used] = '\0';
    return at;
}

/* ":alice, bob": goes on behind a comma, and before one. */
static const char *read_binding(const char *at, char *out, size_t size)
{
    const char *rest;

    out[0] = '\0';
    do {
        size_t used = strlen(out);
        at = copy_until(at + strspn(at, BLANK), BLANK, out + used, size - used);
        rest = at + strspn(at, BLANK);
    } while (*rest == ',' || (*rest != '\0' && out[0] != '\0' && out[strlen(out) - 1] == ','));
    return rest;
}

void sudo_rules_each(
    const char *text, void (*see)(void *data, const struct sudo_default *one, unsigned line), void *data)
{
    char *copied = strdup(text), *rest = copied;
    unsigned line, lines = 0;

    if (copied == NULL)
        memory_short();
    for (const char *at; (at = next_line(&rest, &line, &lines)) != NULL;) {
        struct sudo_default one = {.binding = ""};
        at += strspn(at, BLANK);
        if (strncmp(at, "Defaults", 8) != 0)
            continue;
        at += 8;
        if (strchr(BLANK, *at) == NULL)
            at = read_binding(at, one.binding, sizeof one.binding);
        do {
            at = copy_until(at, ",#", one.setting, sizeof one.setting);
            if (one.setting[0] != '\0')
                see(data, &one, line);
        } while (*at++ == ',');
    }
    free(copied);
}

struct search {
    const struct sudo_default *wanted;
    const char *file; /* that is being read */
    struct sudo_place found;
};

static void see(void *data, const struct sudo_default *one, unsigned line)
{
    struct search *search = data;

    if (strcmp(one->binding, search->wanted->binding) != 0 ||
        strcmp(one->setting, search->wanted->setting) != 0)
        return;
    snprintf(search->found.file, sizeof search->found.file, "%s", search->file);
    search->found.line = line;
}

static void search_file(struct search *search, const char *path)
{
    const char *name = strrchr(path, '/') + 1;
    char text[65536];

    if (strchr(name, '.') != NULL || name[strlen(name) - 1] == '~')
        return; /* sudo does not read it */
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return;
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    search->file = path;
    sudo_rules_each(text, see, search);
}

struct sudo_place sudo_rules_find(const struct sudo_default *wanted)
{
    struct search search = {.wanted = wanted, .found = {.line = 0}};
    glob_t files;

    search_file(&search, "/etc/sudoers");
    if (glob("/etc/sudoers.d/*", 0, NULL, &files) != 0)
        return search.found;
    for (size_t i = 0; i < files.gl_pathc; i++)
        search_file(&search, files.gl_pathv[i]);
    globfree(&files);
    return search.found;
}
