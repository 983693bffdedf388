/*
 * Reading: items as they stand in the file, checked against the table; then what only the whole can tell. Every
 * error is reported, so that one run says all there is to mend.
 */
#include "config_reading.h"

#include "base/file.h"
#include "base/ini.h"
#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void set_presets(struct config *config)
{
    for (size_t i = 0; i < config_key_count; i++)
        if (config_keys[i].preset && strcmp(config_keys[i].section, "service") != 0)
            config_set(&config_keys[i], config, config_keys[i].preset);
}

int config_line(const struct config *config, const char *section, const char *name)
{
    const struct config_key *key = config_key_find(section, name);
    return key ? config->lines[key - config_keys] : 0;
}

/* `users` beside the file, so that several helpers need no more than a folder each. */
static void place_users(struct config *config)
{
    const char *slash = strrchr(config->file, '/');
    if (!config->users[0] && slash)
        snprintf(
            config->users, sizeof config->users, "%.*s/users", (int)(slash - config->file), config->file);
    else if (!config->users[0])
        snprintf(config->users, sizeof config->users, "users");
}

/*
 * What the service manager passed on (LoadCredential=seal.key:...) comes before the file in /etc, which it may have
 * made unreadable for us; a path that is written down comes before both.
 */
static void place_seal_key(struct config *config)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    char *out = config->seal_key;
    size_t size = sizeof config->seal_key;
    if (out[0])
        return;
    int length = folder && folder[0] == '/' ? snprintf(out, size, "%s/seal.key", folder) : -1;
    if (length < 0 || (size_t)length >= size || access(out, F_OK) != 0)
        snprintf(out, size, "/etc/c2m/seal.key");
}

int config_load(const char *file, struct config *out, config_report report, void *argument)
{
    struct reading *reading = calloc(1, sizeof *reading);
    int stopped = 0;
    if (!reading)
        return -ENOMEM;
    *out = (struct config){.file = ""};
    snprintf(out->file, sizeof out->file, "%s", file);
    *reading = (struct reading){.config = out, .report = report, .argument = argument};
    set_presets(out);
    int r = ini_read(file, reading_others, reading, &stopped);
    if (r == 0)
        r = ini_read(file, reading_services, reading, &stopped);
    if (r < 0)
        reading_fault(reading, 0, "%s", file_complaint(r, S_IWGRP | S_IWOTH));
    else if (r > 0)
        reading_fault(
            reading, r, "not a line of [section] or key = value, or with a control character in it");
    else
        reading_check(reading);
    snprintf(out->policy.prefix, sizeof out->policy.prefix, "%s", out->scope_prefix);
    place_users(out);
    place_seal_key(out);
    int errors = reading->errors;
    free(reading);
    return errors;
}
