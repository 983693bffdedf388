// link: -Wl,--wrap=malloc tests/fuzz/small_buffer.c
/*
 * The map of users and clients. A user is found by exactly what stands before a "=" of the file, and matches exactly
 * the words behind it.
 */
#include "given.h"

#include "login/user_map.h"

#include <stdlib.h>
#include <string.h>

static const char names[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
static const char *const strangers[] = {
    "", " ", "root ", "Alice", "alice\n", "0", "alice=", "*", "%", "a b", " alice"};

static void no_stranger_is_known(const struct user_map *map)
{
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        must(!user_map_has(map, strangers[i]), "what is no name is nobody's");
        must(!user_map_matches(map, "alice", strangers[i]) || strcmp(strangers[i], "0") == 0 ||
                 strcmp(strangers[i], "Alice") == 0,
            "what is no client is nobody's");
    }
}

static void first_of(const struct user_map *map, const char *user)
{
    char client[128], longer[256];
    must(user_map_first(map, user, client, sizeof client), "who is mapped has a client");
    must(user_map_matches(map, user, client), "the first client is one of his");
    memcpy(longer, client, strlen(client) + 1);
    memcpy(longer + strlen(client), " ", 2);
    must(!user_map_matches(map, user, longer), "a client with a blank is none");
    must(!user_map_first(map, user, client, strlen(client)), "a room that is too small is refused");
}

/* The word before a "=", as a stranger to the code under test reads it. */
static bool user_of(const char *line, size_t length, char out[64])
{
    size_t at = 0, used = 0;
    while (at < length && (line[at] == ' ' || line[at] == '\t'))
        at++;
    while (at < length && used < 63 && line[at] != '\0' && strchr(names, line[at]))
        out[used++] = line[at++];
    out[used] = '\0';
    return used > 0;
}

/* "a b" is two clients, and no one's. */
static void two_are_no_one(const struct user_map *map, const char *user, const char *line, size_t length)
{
    char words[128] = "";
    const char *equals = memchr(line, '=', length);
    if (!equals)
        return;
    size_t at = (size_t)(equals + 1 - line), used = 0;
    while (at < length && line[at] == ' ')
        at++;
    while (at < length && used < sizeof words - 1 && line[at] != '\0' && line[at] != '#' && line[at] != ';')
        words[used++] = line[at++];
    while (used > 0 && words[used - 1] == ' ')
        words[--used] = '\0';
    must(!strchr(words, ' ') || !user_map_matches(map, user, words), "two clients are not one");
}

static void each_line_is_known(const struct user_map *map, struct given given)
{
    while (given.left > 0) {
        char user[64];
        size_t length;
        const char *line = given_line(&given, &length);
        if (!user_of(line, length, user))
            continue;
        must(user_map_has(map, user) && strlen(user) <= 32, "each user of the file is mapped");
        first_of(map, user);
        two_are_no_one(map, user, line, length);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char error[256];
    struct user_map *map = NULL;
    const char *file = given_file(data, size);
    int r = user_map_load(file, &map, error, sizeof error);
    must((r == 0) == (map != NULL), "a map or an error");
    must(r == 0 || (strncmp(error, file, strlen(file)) == 0 && given_printable(error)),
        "an error is one printable line with the file's name");
    if (map) {
        no_stranger_is_known(map);
        each_line_is_known(map, (struct given){data, size});
    }
    user_map_free(map);
    return 0;
}
