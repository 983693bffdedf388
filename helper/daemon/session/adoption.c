/* Two rows of the table `host`: what is offered, and what was ordered. */
#include "session/adoption.h"

#include "base/cleanup.h"

#include "c2m/client.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void store_closep(struct store **store)
{
    if (*store)
        store_close(*store);
}

static int read_name(struct store *store, const char *row, char name[ADOPTION_NAME_SIZE])
{
    struct store_statement *statement;
    name[0] = '\0';
    int r = store_prepare(store, "SELECT value FROM host WHERE name = ?1", &statement);
    if (r < 0)
        return r;
    store_bind_text(statement, 1, row);
    r = store_row(statement);
    if (r == 1)
        snprintf(name, ADOPTION_NAME_SIZE, "%s", store_text(statement, 0));
    store_finish(statement);
    return r < 0 ? r : 0;
}

static int write_name(struct store *store, const char *row, const char *name)
{
    struct store_statement *statement;
    int r = store_prepare(store, "INSERT OR REPLACE INTO host (name, value) VALUES (?1, ?2)", &statement);
    if (r < 0)
        return r;
    store_bind_text(statement, 1, row);
    store_bind_text(statement, 2, name);
    r = store_write(statement);
    store_finish(statement);
    return r;
}

int adoption_offer(struct store *store, const char *name)
{
    return write_name(store, "aside", name);
}

static uint32_t count(struct store *store, const char *sql)
{
    struct store_statement *statement;
    if (store_prepare(store, sql, &statement) < 0)
        return 0;
    uint32_t rows = store_row(statement) == 1 ? (uint32_t)store_integer(statement, 0) : 0;
    store_finish(statement);
    return rows;
}

int adoption_look(struct store *store, const char *directory, struct c2m_adoptable *out)
{
    struct store *aside CLEANUP(store_closep) = NULL;
    char name[ADOPTION_NAME_SIZE], due[ADOPTION_NAME_SIZE] = "";
    int r = read_name(store, "aside", name);
    if (r == 0 && !name[0])
        r = -ENOENT;
    if (r == 0)
        r = store_open_aside(store, directory, name, &aside);
    if (r == 0)
        r = adoption_due(store, due);
    if (r < 0)
        return r;
    *out = (struct c2m_adoptable){
        .sessions = count(aside, "SELECT count(*) FROM sessions"),
        .tokens = count(aside, "SELECT count(*) FROM tokens"),
        .revocations = count(aside, "SELECT count(*) FROM revocations WHERE state = 1"),
        .enrolled = count(aside, "SELECT count(*) FROM enrolled"),
        .denied = count(aside, "SELECT count(*) FROM denied"),
        .ordered = due[0] != '\0',
    };
    c2m_text_cut(&out->name.length, out->name.bytes, C2M_NAME_MAX, name);
    return 0;
}

int adoption_order(struct store *store)
{
    char name[ADOPTION_NAME_SIZE];
    int r = read_name(store, "aside", name);
    if (r < 0)
        return r;
    return name[0] ? write_name(store, "adopt", name) : -ENOENT;
}

int adoption_due(struct store *store, char name[ADOPTION_NAME_SIZE])
{
    return read_name(store, "adopt", name);
}

int adoption_done(struct store *store)
{
    struct store_statement *statement;
    int r = store_prepare(store, "DELETE FROM host WHERE name IN ('adopt', 'aside')", &statement);
    if (r < 0)
        return r;
    r = store_write(statement);
    store_finish(statement);
    return r;
}
