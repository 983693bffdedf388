/* Few: a list. */
#include "login/client_secrets.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/ini.h"
#include "base/vault.h"
#include "c2m/printable.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

enum { CLIENT_MAX = 126, SECRETS_MAX = 4096 };

struct entry {
    LIST_ENTRY(entry) link;
    char client[CLIENT_MAX + 1];
    struct secret *secret;
};

struct client_secrets {
    LIST_HEAD(entries, entry) entries;
    unsigned count;
};

struct reading {
    struct client_secrets *secrets;
    const char *file;
    char *error;
    size_t error_size;
};

void client_secrets_free(struct client_secrets *secrets)
{
    struct entry *entry;
    if (!secrets)
        return;
    while ((entry = LIST_FIRST(&secrets->entries))) {
        LIST_REMOVE(entry, link);
        secret_free(entry->secret);
        free(entry);
    }
    free(secrets);
}

static void client_secrets_freep(struct client_secrets **secrets)
{
    client_secrets_free(*secrets);
}

/* ABOUT may be a client's name or a section's, and never what stands behind the '='. */
static int refuse(const struct reading *reading, int line, const char *what, const char *about)
{
    char shown[C2M_PRINTABLE_SIZE];
    snprintf(reading->error, reading->error_size, "%s:%d: %s \"%s\"", reading->file, line, what,
        c2m_printable(shown, sizeof shown, about, strlen(about)));
    return -EINVAL;
}

static const struct secret *find(const struct client_secrets *secrets, const char *client)
{
    const struct entry *entry;
    LIST_FOREACH(entry, &secrets->entries, link)
    {
        if (strcmp(entry->client, client) == 0)
            return entry->secret;
    }
    return NULL;
}

static int add(struct client_secrets *secrets, const char *client, const char *value)
{
    struct entry *entry CLEANUP_FREE = calloc(1, sizeof *entry);
    if (!entry || secret_new(value, strlen(value), &entry->secret) < 0)
        return -ENOMEM;
    snprintf(entry->client, sizeof entry->client, "%s", client);
    LIST_INSERT_HEAD(&secrets->entries, entry, link);
    STEAL(entry);
    secrets->count++;
    return 0;
}

static int read_entry(void *argument, const char *section, const char *key, const char *value, int line)
{
    const struct reading *reading = argument;
    if (section[0])
        return refuse(reading, line, "this file has no sections:", section);
    if (!key[0] || strlen(key) > CLIENT_MAX)
        return refuse(reading, line, "not a client id:", key);
    if (!value[0])
        return refuse(reading, line, "no secret for", key);
    if (value[0] == '<')
        return refuse(reading, line, "a placeholder still stands here for", key);
    if (find(reading->secrets, key))
        return refuse(reading, line, "this client stands here twice:", key);
    return reading->secrets->count < SECRETS_MAX ? add(reading->secrets, key, value) : -EFBIG;
}

/* ini_read does not mind who can read the file. */
static int check_mode(const char *file)
{
    int fd = file_open(file, VAULT_FORBIDDEN);
    if (fd < 0)
        return fd;
    close(fd);
    return 0;
}

int client_secrets_load(const char *file, struct client_secrets **out, char *error, size_t error_size)
{
    struct client_secrets *secrets CLEANUP(client_secrets_freep) = calloc(1, sizeof *secrets);
    if (!secrets)
        return -ENOMEM;
    LIST_INIT(&secrets->entries);
    error[0] = '\0';
    struct reading reading = {.secrets = secrets, .file = file, .error = error, .error_size = error_size};
    int stopped = 0, r = check_mode(file);
    if (r == 0)
        r = ini_read(file, read_entry, &reading, &stopped);
    if (stopped)
        r = stopped;
    if (r > 0) {
        snprintf(error, error_size, "%s:%d: not \"client-id = secret\"", file, r);
        r = -EINVAL;
    }
    if (r < 0 && !error[0])
        snprintf(error, error_size, "%s: %s", file, file_complaint(r, VAULT_FORBIDDEN));
    if (r == 0)
        *out = STEAL(secrets);
    return r;
}

const struct secret *client_secrets_find(const struct client_secrets *secrets, const char *client)
{
    return secrets ? find(secrets, client) : NULL;
}
