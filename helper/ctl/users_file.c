#include "users_file.h"

#include "authd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void users_file_path(const char *config, char *path, size_t size)
{
    const char *slash = strrchr(config, '/');
    char value[1024];

    if (authd_value(config, "login", "users", value, sizeof value) && value[0] == '/')
        snprintf(path, size, "%s", value);
    else
        snprintf(path, size, "%.*s/users", slash == NULL ? 1 : (int)(slash - config),
            slash == NULL ? "." : config);
}

static bool read_entry(struct users_file_entry *entry, char *line)
{
    char *equals;

    line[strcspn(line, "#;\n")] = '\0';
    equals = strchr(line, '=');
    if (equals == NULL)
        return false;
    *equals = '\0';
    char *name = line + strspn(line, " \t"), *rest = equals + 1;
    name[strcspn(name, " \t")] = '\0';
    snprintf(entry->user, sizeof entry->user, "%s", name);
    snprintf(entry->clients, sizeof entry->clients, " ");
    for (char *client; (client = strsep(&rest, " \t,")) != NULL;) {
        size_t used = strlen(entry->clients), room = sizeof entry->clients - used;
        if (client[0] != '\0' && strlen(client) + 2 < room)
            snprintf(entry->clients + used, room, "%s ", client);
    }
    return name[0] != '\0';
}

int users_file_read(
    const char *path, void (*see)(void *data, const struct users_file_entry *entry), void *data)
{
    struct users_file_entry entry = {.line = 0};
    FILE *file = fopen(path, "re");
    char line[4096];

    if (file == NULL)
        return -errno;
    while (fgets(line, sizeof line, file) != NULL) {
        entry.line++;
        if (read_entry(&entry, line))
            see(data, &entry);
    }
    fclose(file);
    return 0;
}
