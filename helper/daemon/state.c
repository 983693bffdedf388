/* The machine's id is kept as a hash: machine-id(5) asks that it be told to nobody. */
#include "state.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/vault.h"
#include "session/schema.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { MACHINE_ID_SIZE = 32, MACHINE_TEXT_SIZE = 2 * VAULT_HASH_SIZE + 1 };

static void store_closep(struct store **store)
{
    store_close(*store);
}

/* "" where there is none (a container, an image's first boot): then nothing can be told apart. */
static void read_machine(const char *file, char out[MACHINE_TEXT_SIZE])
{
    static const char purpose[] = "c2m-authd state of ";
    char text[sizeof purpose + MACHINE_ID_SIZE];
    uint8_t hash[VAULT_HASH_SIZE];
    int fd CLEANUP_CLOSE = file_open(file, S_IWGRP | S_IWOTH);
    out[0] = '\0';
    memcpy(text, purpose, sizeof purpose);
    char *id = text + sizeof purpose - 1;
    if (fd < 0 || file_read(fd, id, MACHINE_ID_SIZE) != MACHINE_ID_SIZE)
        return;
    id[MACHINE_ID_SIZE] = '\0';
    if (strspn(id, "0123456789abcdef") != MACHINE_ID_SIZE)
        return;
    vault_hash(text, strlen(text), hash);
    for (size_t i = 0; i < sizeof hash; i++)
        snprintf(out + 2 * i, 3, "%02x", hash[i]);
}

/* 1: the state says the same machine, or none yet; 0: another one. */
static int is_ours(struct store *store, const char *machine)
{
    struct store_statement *statement;
    int r = store_prepare(store, "SELECT value FROM host WHERE name = 'machine'", &statement);
    if (r < 0)
        return r;
    r = store_row(statement);
    int ours = r <= 0 || strcmp(store_text(statement, 0), machine) == 0;
    store_finish(statement);
    return r < 0 ? r : ours;
}

static void written(void *argument, int error)
{
    *(int *)argument = error;
}

static int claim(struct store *store, const char *machine)
{
    struct store_statement *statement;
    int error = 0, r = store_prepare(
                       store, "INSERT OR REPLACE INTO host (name, value) VALUES ('machine', ?1)", &statement);
    if (r < 0)
        return r;
    store_bind_text(statement, 1, machine);
    r = store_write(statement);
    store_finish(statement);
    if (r == 0)
        r = store_after_commit(store, written, &error);
    store_turn(store);
    return r < 0 ? r : error;
}

static int set_aside(const char *directory, const char *why)
{
    char name[64];
    int r = store_set_aside(directory, why, name);
    if (r < 0) {
        log_message(LOG_LEVEL_ERROR, "%s: the old state cannot be set aside: %s", directory, log_errno(r));
        return r;
    }
    if (strcmp(why, "damaged") == 0)
        log_message(LOG_LEVEL_ERROR,
            "%s: the database is damaged: it is %s now, and a fresh one is begun: tokens of its sessions are "
            "not "
            "revoked, they expire",
            directory, name);
    else
        log_message(LOG_LEVEL_ERROR,
            "%s: the state is another machine's (a clone, a restored image): it is %s now, nothing of it is "
            "revoked, "
            "and a fresh one is begun. If this is that machine with a new machine-id: stop c2m-authd, name "
            "the file "
            "state.db again, and start c2m-authd --adopt once",
            directory, name);
    return 0;
}

static int open_once(const char *directory, struct store **out)
{
    int r = store_open(directory, schema_sql, SCHEMA_VERSION, out);
    if (r < 0 && r != -EUCLEAN)
        log_message(LOG_LEVEL_ERROR, "%s: %s", directory,
            r == -EBUSY    ? "another c2m-authd uses this state"
            : r == -EPROTO ? "made by a newer c2m-authd: upgrade this one"
                           : log_errno(r));
    return r;
}

/* 1: it was set aside, and another try finds nothing. */
static int open_or_set_aside(const char *directory, const char *machine, bool adopt, struct store **out)
{
    struct store *store CLEANUP(store_closep) = NULL;
    int r = open_once(directory, &store);
    const char *why = r == -EUCLEAN ? "damaged" : NULL;
    if (r == 0 && machine[0] && !adopt) {
        r = is_ours(store, machine);
        why = r == 0 ? "another" : NULL;
        r = r < 0 ? r : 0;
    }
    if (why) {
        store_close(STEAL(store)); /* it may be renamed only then */
        r = set_aside(directory, why);
        return r < 0 ? r : 1;
    }
    if (r == 0 && machine[0])
        r = claim(store, machine);
    if (r == 0)
        *out = STEAL(store);
    return r;
}

int state_open(const char *directory, const char *machine_file, bool adopt, struct store **out)
{
    char machine[MACHINE_TEXT_SIZE];
    read_machine(machine_file, machine);
    int r = open_or_set_aside(directory, machine, adopt, out);
    return r == 1 ? open_or_set_aside(directory, machine, true, out) : r;
}
