/* At most 16,384 names are remembered: beyond that a new one is simply not known at user.sock. */
#include "login/names.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "c2m/wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MAX = 16384 };

struct name {
    uint32_t uid;
    char user[C2M_NAME_MAX + 1];
};

struct names {
    struct store_statement *write;
    struct name *list;
    size_t count, room;
};

void names_free(struct names *names)
{
    if (!names)
        return;
    store_finish(names->write);
    free(names->list);
    free(names);
}

static void names_freep(struct names **names)
{
    names_free(*names);
}

static struct name *find(const struct names *names, const char *user)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->list[i].user, user) == 0)
            return &names->list[i];
    return NULL;
}

static struct name *add(struct names *names, const char *user, uint32_t uid)
{
    if (names->count == names->room) {
        size_t room = names->room ? 2 * names->room : 64;
        struct name *list = room > NAMES_MAX ? NULL : reallocarray(names->list, room, sizeof *list);
        if (!list)
            return NULL;
        names->list = list;
        names->room = room;
    }
    struct name *name = &names->list[names->count++];
    name->uid = uid;
    snprintf(name->user, sizeof name->user, "%s", user);
    return name;
}

static int load(struct names *names, struct store *store)
{
    struct store_statement *read;
    int r = store_prepare(store, "SELECT user, uid FROM names", &read);
    if (r < 0)
        return r;
    while ((r = store_row(read)) > 0)
        if (!add(names, store_text(read, 0), (uint32_t)store_integer(read, 1)))
            break;
    store_finish(read);
    return r > 0 ? -ENOMEM : r;
}

int names_new(struct store *store, struct names **out)
{
    struct names *names CLEANUP(names_freep) = calloc(1, sizeof *names);
    if (!names)
        return -ENOMEM;
    int r = store_prepare(store, "INSERT OR REPLACE INTO names (user, uid) VALUES (?1, ?2)", &names->write);
    if (r == 0)
        r = load(names, store);
    if (r < 0)
        return r;
    *out = STEAL(names);
    return 0;
}

void names_learn(struct names *names, const char *user, uint32_t uid)
{
    struct name *name = find(names, user);
    if (name && name->uid == uid)
        return;
    if (name)
        name->uid = uid;
    else if (!add(names, user, uid))
        return;
    store_bind_text(names->write, 1, user);
    store_bind_integer(names->write, 2, uid);
    int r = store_write(names->write);
    if (r < 0)
        log_message(LOG_LEVEL_WARNING, "a name could not be written down: %s", log_errno(r));
}

bool names_known(const struct names *names, const char *user, uint32_t uid)
{
    const struct name *name = find(names, user);
    return name && name->uid == uid;
}

bool names_known_uid(const struct names *names, uint32_t uid)
{
    for (size_t i = 0; i < names->count; i++)
        if (names->list[i].uid == uid)
            return true;
    return false;
}
