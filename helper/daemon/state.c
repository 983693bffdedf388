/* The machine's id is kept as a hash: machine-id(5) asks that it be told to nobody. */
#include "state.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/vault.h"
#include "salvage.h"
#include "session/adoption.h"
#include "session/schema.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char aside_damaged[] = "damaged";

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

enum said { SAYS_ANOTHER, SAYS_OURS, SAYS_NOTHING };

/* Which machine the state says; a negative errno. */
static int says_machine(struct store *store, const char *machine)
{
    struct store_statement *statement;
    int r = store_prepare(store, "SELECT value FROM host WHERE name = 'machine'", &statement);
    if (r < 0)
        return r;
    r = store_row(statement);
    enum said said = r <= 0                                           ? SAYS_NOTHING
                     : strcmp(store_text(statement, 0), machine) == 0 ? SAYS_OURS
                                                                      : SAYS_ANOTHER;
    store_finish(statement);
    return r < 0 ? r : (int)said;
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

static int set_aside(const char *directory, const char *why, char name[64])
{
    int r = store_set_aside(directory, why, name);
    if (r < 0)
        log_message(LOG_LEVEL_ERROR, "%s: the old state cannot be set aside: %s", directory, log_errno(r));
    else if (strcmp(why, aside_damaged) == 0)
        log_message(LOG_LEVEL_ERROR, "%s: the database is damaged: it is %s now, and a fresh one is begun",
            directory, name);
    else
        log_message(LOG_LEVEL_ERROR,
            "%s: the state is another machine's (a clone, a restored image): it is %s now, nothing of it is "
            "revoked, "
            "and a fresh one is begun. If this is that machine with a new machine-id: c2mctl adopt",
            directory, name);
    return r;
}

/* What no proof says is this machine's sends nothing, as with another machine's state. */
static int take_over(
    const char *directory, const char *name, const char *machine, bool adopt, struct store *fresh)
{
    struct store *old CLEANUP(store_closep) = NULL;
    struct salvaged salvaged = {.tokens = 0};
    int r = store_open_aside(fresh, directory, name, &old);
    bool foreign = r == 0 && machine[0] && !adopt && says_machine(old, machine) != SAYS_OURS;
    if (r == 0)
        r = salvage(old, fresh, foreign, &salvaged);
    if (r < 0)
        log_message(LOG_LEVEL_ERROR,
            "%s: nothing of %s can be read: %s: tokens of its sessions are not revoked, they expire",
            directory, name, log_errno(r));
    else
        log_message(LOG_LEVEL_ERROR,
            "%s: read from %s: %u tokens of sessions, which are over and are revoked now, %u revocations, %u "
            "denied tokens%s; what could not be read is not revoked, it expires",
            directory, name, salvaged.tokens, salvaged.revocations, salvaged.denied,
            foreign ? " (nothing that is sent: it does not say that it is this machine's; c2m-authd --adopt "
                      "would take it)"
                    : "");
    return r;
}

/* What SQLite says of a page that makes no sense: corrupt, too large, or no SQL of ours. */
static bool is_damage(int error)
{
    return error == -EUCLEAN || error == -E2BIG || error == -EINVAL;
}

/* What root ordered: c2mctl adopt. When that cannot be done now the start goes on without it, and the order stands. */
static void adopt_ordered(const char *directory, struct store *store)
{
    char name[ADOPTION_NAME_SIZE];
    if (adoption_due(store, name) < 0 || !name[0])
        return;
    int r = take_over(directory, name, "", true, store);
    if (r < 0 && r != -ENOENT && !is_damage(r)) {
        log_message(LOG_LEVEL_ERROR, "%s: %s is adopted at the next start", directory, name);
        return;
    }
    if (adoption_done(store) < 0)
        log_message(LOG_LEVEL_ERROR, "%s: that %s was adopted cannot be written down", directory, name);
    store_turn(store);
}

static int open_once(const char *directory, struct store **out)
{
    int r = store_open(directory, schema_sql, SCHEMA_VERSION, out);
    if (r < 0 && !is_damage(r))
        log_message(LOG_LEVEL_ERROR, "%s: %s", directory,
            r == -EBUSY    ? "another c2m-authd uses this state"
            : r == -EPROTO ? "made by a newer c2m-authd: upgrade this one"
                           : log_errno(r));
    return r;
}

/* With a NAME in ASIDE it was set aside as that, and another try finds nothing. */
static int open_or_set_aside(const char *directory, const char *machine, bool adopt, const char **why,
    char aside[64], struct store **out)
{
    struct store *store CLEANUP(store_closep) = NULL;
    int r = open_once(directory, &store);
    *why = is_damage(r) || (r == 0 && !salvage_readable(store)) ? aside_damaged : NULL;
    if (r == 0 && !*why && machine[0] && !adopt) {
        r = says_machine(store, machine);
        *why = r == SAYS_ANOTHER ? "another" : is_damage(r) ? aside_damaged : NULL;
        r = r < 0 ? r : 0;
    }
    if (*why) {
        store_close(STEAL(store)); /* it may be renamed only then */
        return set_aside(directory, *why, aside);
    }
    if (r == 0 && machine[0])
        r = claim(store, machine);
    if (r == 0)
        *out = STEAL(store);
    return r;
}

int state_open(const char *directory, const char *machine_file, bool adopt, struct store **out)
{
    char machine[MACHINE_TEXT_SIZE], aside[64];
    const char *why, *again;
    read_machine(machine_file, machine);
    int r = open_or_set_aside(directory, machine, adopt, &why, aside, out);
    if (r == 0 && !why)
        adopt_ordered(directory, *out);
    if (r < 0 || !why)
        return r;
    r = open_or_set_aside(directory, machine, true, &again, aside, out);
    if (r == 0 && again)
        return -EUCLEAN; /* a fresh one is damaged already: the disk is not to be trusted */
    if (r == 0 && why == aside_damaged)
        take_over(directory, aside, machine, adopt, *out);
    else if (r == 0 && adoption_offer(*out, aside) == 0)
        store_turn(*out);
    return r;
}
