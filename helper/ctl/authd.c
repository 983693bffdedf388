#include "authd.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define AUTHD_INSTALLED "/usr/libexec/c2m/c2m-authd"

bool authd_find(const struct options *options, char *path, size_t size)
{
    if (options->authd != NULL)
        return (size_t)snprintf(path, size, "%s", options->authd) < size;
    ssize_t length = readlink("/proc/self/exe", path, size - 1);
    if (length > 0) {
        path[length] = '\0';
        char *name = strrchr(path, '/');
        size_t room = size - (size_t)(name - path);
        if ((size_t)snprintf(name, room, "/c2m-authd") < room && access(path, X_OK) == 0)
            return true;
    }
    return (size_t)snprintf(path, size, "%s", AUTHD_INSTALLED) < size;
}

/* "  key = value # why": the value, without blanks around it. */
static char *value_of(char *line, const char *key)
{
    char *at = line + strspn(line, " \t");
    size_t length = strlen(key);

    if (strncmp(at, key, length) != 0)
        return NULL;
    at += length + strspn(at + length, " \t");
    if (*at != '=')
        return NULL;
    at++;
    at += strspn(at, " \t");
    at[strcspn(at, " \t\n#")] = '\0';
    return at;
}

bool authd_value(const char *config, const char *section, const char *key, char *out, size_t size)
{
    FILE *file = fopen(config, "re");
    size_t length = strlen(section);
    char line[1024];
    bool inside = false, found = false;

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        const char *value = value_of(line, key);
        if (line[0] == '[')
            inside = strncmp(line + 1, section, length) == 0 && line[1 + length] == ']';
        if (!inside || value == NULL)
            continue;
        snprintf(out, size, "%s", value);
        found = true;
    }
    if (file != NULL)
        fclose(file);
    return found;
}
