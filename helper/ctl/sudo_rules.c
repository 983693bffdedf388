#include "sudo_rules.h"

#include "memory.h"

#include <glob.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLANK " \t"

enum { TEXT_SIZE = 65536, NESTED_MAX = 128 }; /* of a file; how deep sudo itself goes */

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

/* Those of one line, if it has any. */
static void each_of_line(const char *at, unsigned line, sudo_rules_see *see, void *data)
{
    struct sudo_default one = {.binding = ""};

    at += strspn(at, BLANK);
    if (strncmp(at, "Defaults", 8) != 0)
        return;
    at += 8;
    if (strchr(BLANK, *at) == NULL)
        at = read_binding(at, one.binding, sizeof one.binding);
    do {
        at = copy_until(at, ",#", one.setting, sizeof one.setting);
        if (one.setting[0] != '\0')
            see(data, &one, line);
    } while (*at++ == ',');
}

void sudo_rules_each(const char *text, sudo_rules_see *see, void *data)
{
    char *copied = strdup(text), *rest = copied;
    unsigned line, lines = 0;

    if (copied == NULL)
        memory_short();
    for (const char *at; (at = next_line(&rest, &line, &lines)) != NULL;)
        each_of_line(at, line, see, data);
    free(copied);
}

struct search {
    const struct sudo_default *wanted;
    const char *file; /* that is being read */
    unsigned nested;
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

static bool is_word(const char **at, const char *word)
{
    size_t length = strlen(word);

    if (strncmp(*at, word, length) != 0 || (*at)[length] == '\0' || strchr(BLANK, (*at)[length]) == NULL)
        return false;
    *at += length + strspn(*at + length, BLANK);
    return true;
}

/* In quotes, or with backslashes; %h is this host; beside the file that names it, unless it says where. */
static void read_path(const char *at, const char *includer, char *out, size_t size)
{
    const char *end = *at == '"' ? "\"" : BLANK;
    char host[256] = "";
    size_t used = 0;

    gethostname(host, sizeof host - 1);
    at += *at == '"';
    if (*at != '/')
        used = (size_t)snprintf(out, size, "%.*s/", (int)(strrchr(includer, '/') - includer), includer);
    for (; *at != '\0' && strchr(end, *at) == NULL && used + sizeof host < size; at++) {
        if (strncmp(at, "%h", 2) == 0) {
            used += (size_t)snprintf(out + used, size - used, "%.*s", (int)strcspn(host, "."), host);
            at++;
            continue;
        }
        at += *at == '\\' && at[1] != '\0';
        out[used++] = *at;
    }
    out[used] = '\0';
}

static void search_file(struct search *search, const char *path);

static void search_folder(struct search *search, const char *folder)
{
    size_t length = strlen(folder);
    char pattern[PATH_MAX + 2];
    glob_t files;

    while (length > 0 && folder[length - 1] == '/')
        length--;
    snprintf(pattern, sizeof pattern, "%.*s/*", (int)length, folder);
    if (glob(pattern, 0, NULL, &files) != 0)
        return;
    for (size_t i = 0; i < files.gl_pathc; i++) {
        const char *name = strrchr(files.gl_pathv[i], '/') + 1;
        if (strchr(name, '.') == NULL && name[strlen(name) - 1] != '~') /* else sudo does not read it */
            search_file(search, files.gl_pathv[i]);
    }
    globfree(&files);
}

/* "@include FILE", "@includedir FOLDER": read where they stand. With '#', as before sudo 1.9.1, behind no blank. */
static void search_included(struct search *search, const char *line)
{
    const char *at = line + strspn(line, BLANK);
    char path[PATH_MAX];

    if (*at != '@' && *line != '#')
        return;
    at++;
    bool folder = is_word(&at, "includedir");
    if (!folder && !is_word(&at, "include"))
        return;
    read_path(at, search->file, path, sizeof path);
    if (folder)
        search_folder(search, path);
    else
        search_file(search, path);
}

/* NULL: it cannot be read. The caller frees it. */
static char *read_file(const char *path)
{
    FILE *file = fopen(path, "re");
    char text[TEXT_SIZE];

    if (file == NULL)
        return NULL;
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    char *copied = strdup(text);
    if (copied == NULL)
        memory_short();
    return copied;
}

static void search_file(struct search *search, const char *path)
{
    const char *includer = search->file;
    char *text = search->nested == NESTED_MAX ? NULL : read_file(path), *rest = text;
    unsigned line, lines = 0;

    search->file = path;
    search->nested++;
    for (const char *at; (at = next_line(&rest, &line, &lines)) != NULL;) {
        each_of_line(at, line, see, search);
        search_included(search, at);
    }
    search->nested--;
    search->file = includer;
    free(text);
}

struct sudo_place sudo_rules_find(const struct sudo_default *wanted)
{
    struct search search = {.wanted = wanted, .found = {.line = 0}};

    search_file(&search, "/etc/sudoers");
    return search.found;
}
