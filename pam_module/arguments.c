/*
 * The arguments as a table: name, kind, place. A flag that has a value, or a value that is missing or out of
 * bounds, is as wrong as an unknown name: a line that is not understood must not be half obeyed.
 */
#include "arguments.h"

#include "c2m/wire.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { MIN_UID_DEFAULT = 1000, RUNTIME_DIR_MAX = 90 /* leaves room for a socket's name in sun_path */ };

typedef bool reader(void *place, const char *value);

static bool read_flag(void *place, const char *value)
{
    *(bool *)place = true;
    return value == NULL;
}

/* The name of a section of the helper's configuration, hence its alphabet. */
static bool read_service(void *place, const char *value)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

    if (value == NULL || value[0] == '\0' || strlen(value) > C2M_NAME_MAX)
        return false;
    *(const char **)place = value;
    return value[strspn(value, alphabet)] == '\0';
}

static bool read_directory(void *place, const char *value)
{
    if (value == NULL || value[0] != '/' || strlen(value) > RUNTIME_DIR_MAX)
        return false;
    *(const char **)place = value;
    return true;
}

static bool read_uid(void *place, const char *value)
{
    if (value == NULL || value[0] == '\0' || value[strspn(value, "0123456789")] != '\0')
        return false;
    errno = 0;
    unsigned long number = strtoul(value, NULL, 10);
    if (errno != 0 || number > INT32_MAX)
        return false;
    *(uint32_t *)place = (uint32_t)number;
    return true;
}

static const struct {
    const char *name;
    reader *read;
    size_t offset;
} table[] = {
    {"service", read_service, offsetof(struct arguments, service)},
    {"runtime_dir", read_directory, offsetof(struct arguments, runtime_dir)},
    {"min_uid", read_uid, offsetof(struct arguments, min_uid)},
    {"allow_root", read_flag, offsetof(struct arguments, allow_root)},
    {"reuse", read_flag, offsetof(struct arguments, reuse)},
    {"debug", read_flag, offsetof(struct arguments, debug)},
    {"quiet", read_flag, offsetof(struct arguments, quiet)},
};
enum { ARGUMENTS = sizeof table / sizeof table[0] };

static size_t find(const char *argument, size_t length)
{
    size_t i = 0;

    while (
        i < ARGUMENTS && (strlen(table[i].name) != length || strncmp(table[i].name, argument, length) != 0))
        i++;
    return i;
}

const char *arguments_read(struct arguments *out, int argc, const char **argv)
{
    bool seen[ARGUMENTS] = {false};

    *out = (struct arguments){.runtime_dir = C2M_RUNTIME_DIR, .min_uid = MIN_UID_DEFAULT};
    for (int n = 0; n < argc; n++) {
        size_t length = strcspn(argv[n], "=");
        const char *value = argv[n][length] == '=' ? argv[n] + length + 1 : NULL;
        size_t i = find(argv[n], length);
        if (i == ARGUMENTS || seen[i] || !table[i].read((char *)out + table[i].offset, value))
            return argv[n];
        seen[i] = true;
    }
    return NULL;
}
