/* A sorted array: read once, searched at each login. */
#include "login/user_map.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/ini.h"
#include "c2m/printable.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { USER_MAX = 32, CLIENT_MAX = 126, USERS_MAX = 65536 };

struct entry {
    char user[USER_MAX + 1];
    char *
        clients; /* blank-separated, one blank between and at both ends, so that a whole word can be searched */
    int line;
};

struct user_map {
    struct entry *entries;
    size_t count, room;
};

struct reading {
    struct user_map *map;
    const char *file;
    char *error;
    size_t error_size;
};

void user_map_free(struct user_map *map)
{
    if (!map)
        return;
    for (size_t i = 0; i < map->count; i++)
        free(map->entries[i].clients);
    free(map->entries);
    free(map);
}

static void user_map_freep(struct user_map **map)
{
    user_map_free(*map);
}

static int refuse(const struct reading *reading, int line, const char *what, const char *about)
{
    char shown[C2M_PRINTABLE_SIZE];
    snprintf(reading->error, reading->error_size, "%s:%d: %s \"%s\"", reading->file, line, what,
        c2m_printable(shown, sizeof shown, about, strlen(about)));
    return -EINVAL;
}

static bool is_user_name(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > USER_MAX || !strchr("abcdefghijklmnopqrstuvwxyz_", name[0]))
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == length;
}

static bool is_client(const char *client, size_t length)
{
    return length <= CLIENT_MAX &&
           strspn(client, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~@:/-") >= length;
}

/* Copies the clients with exactly one blank before, between and after. */
static int copy_clients(const struct reading *reading, const char *value, int line, char **out)
{
    char *clients CLEANUP_FREE = malloc(2 * strlen(value) + 3);
    if (!clients)
        return -ENOMEM;
    size_t used = 0;
    clients[used++] = ' ';
    for (const char *word = value + strspn(value, " \t,"); *word; word += strspn(word, " \t,")) {
        size_t length = strcspn(word, " \t,");
        if (!is_client(word, length))
            return refuse(reading, line,
                strchr(word, '<') ? "a placeholder still stands here:" : "not a client id:", word);
        memcpy(clients + used, word, length);
        used += length;
        clients[used++] = ' ';
        word += length;
    }
    clients[used] = '\0';
    if (used == 1)
        return refuse(reading, line, "no client id for", value);
    *out = STEAL(clients);
    return 0;
}

static struct entry *next_entry(struct user_map *map)
{
    if (map->count < map->room)
        return &map->entries[map->count];
    size_t room = map->room ? 2 * map->room : 16;
    struct entry *entries = room > USERS_MAX ? NULL : reallocarray(map->entries, room, sizeof *entries);
    if (!entries)
        return NULL;
    map->entries = entries;
    map->room = room;
    return &entries[map->count];
}

static int read_entry(void *argument, const char *section, const char *key, const char *value, int line)
{
    struct reading *reading = argument;
    struct user_map *map = reading->map;
    if (section[0])
        return refuse(reading, line, "this file has no sections:", section);
    if (!is_user_name(key))
        return refuse(reading, line, "not a user's name:", key);
    struct entry *entry = next_entry(map);
    if (!entry)
        return -ENOMEM;
    snprintf(entry->user, sizeof entry->user, "%s", key);
    entry->line = line;
    int r = copy_clients(reading, value, line, &entry->clients);
    if (r == 0)
        map->count++;
    return r;
}

static int by_user(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->user, ((const struct entry *)b)->user);
}

static int sort_and_refuse_duplicates(const struct reading *reading)
{
    struct user_map *map = reading->map;
    if (map->count > 0)
        qsort(map->entries, map->count, sizeof *map->entries, by_user);
    for (size_t i = 1; i < map->count; i++) {
        const struct entry *a = &map->entries[i - 1], *b = &map->entries[i];
        if (strcmp(a->user, b->user) == 0)
            return refuse(
                reading, a->line > b->line ? a->line : b->line, "this user stands here twice:", a->user);
    }
    return 0;
}

int user_map_load(const char *file, struct user_map **out, char *error, size_t error_size)
{
    struct user_map *map CLEANUP(user_map_freep) = calloc(1, sizeof *map);
    if (!map)
        return -ENOMEM;
    error[0] = '\0';
    struct reading reading = {.map = map, .file = file, .error = error, .error_size = error_size};
    int stopped = 0;
    int r = ini_read(file, read_entry, &reading, &stopped);
    if (stopped)
        r = stopped;
    if (r > 0) {
        snprintf(error, error_size, "%s:%d: not \"user = client-id ...\"", file, r);
        r = -EINVAL;
    }
    if (r == 0)
        r = sort_and_refuse_duplicates(&reading);
    if (r < 0) {
        if (!error[0])
            snprintf(error, error_size, "%s: %s", file, file_complaint(r, S_IWGRP | S_IWOTH));
        return r;
    }
    *out = STEAL(map);
    return 0;
}

static const struct entry *find(const struct user_map *map, const char *user)
{
    struct entry wanted = {.clients = NULL};
    size_t length = strlen(user);
    if (map->count == 0 || length > USER_MAX)
        return NULL;
    memcpy(wanted.user, user, length + 1);
    return bsearch(&wanted, map->entries, map->count, sizeof *map->entries, by_user);
}

bool user_map_has(const struct user_map *map, const char *user)
{
    return find(map, user) != NULL;
}

bool user_map_matches(const struct user_map *map, const char *user, const char *client)
{
    const struct entry *entry = find(map, user);
    size_t length = strlen(client);
    if (!entry || length == 0 || length > CLIENT_MAX || strchr(client, ' '))
        return false;
    char word[CLIENT_MAX + 3];
    snprintf(word, sizeof word, " %s ", client);
    return strstr(entry->clients, word) != NULL;
}

bool user_map_first(const struct user_map *map, const char *user, char *out, size_t size)
{
    const struct entry *entry = find(map, user);
    size_t length = entry ? strcspn(entry->clients + 1, " ") : 0;
    if (length == 0 || length >= size)
        return false;
    memcpy(out, entry->clients + 1, length);
    out[length] = '\0';
    return true;
}
