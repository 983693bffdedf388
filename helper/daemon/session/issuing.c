/* Rows of the table `host`: "issuing:" and the reference; the owner, a newline, the client. Too rare to keep statements for. */
#include "session/issuing.h"

#include "base/log.h"
#include "c2m/wire.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PREFIX "issuing:"

enum { NAME_SIZE = sizeof PREFIX + C2M_REFERENCE_SIZE, VALUE_SIZE = C2M_NAME_MAX + C2M_ID_MAX + 2 };

static void name_of(const char *reference, char out[NAME_SIZE])
{
    snprintf(out, NAME_SIZE, PREFIX "%s", reference);
}

/* VALUE NULL: the statement has none. */
static int write_once(struct store *store, const char *sql, const char *name, const char *value)
{
    struct store_statement *statement;
    int r = store_prepare(store, sql, &statement);
    if (r < 0)
        return r;
    store_bind_text(statement, 1, name);
    if (value)
        store_bind_text(statement, 2, value);
    r = store_write(statement);
    store_finish(statement);
    return r;
}

int issuing_begin(struct store *store, const char *reference, const char *owner, const char *client)
{
    char name[NAME_SIZE], value[VALUE_SIZE];
    name_of(reference, name);
    snprintf(value, sizeof value, "%s\n%s", owner, client);
    return write_once(store, "INSERT OR REPLACE INTO host (name, value) VALUES (?1, ?2)", name, value);
}

void issuing_end(struct store *store, const char *reference)
{
    char name[NAME_SIZE];
    name_of(reference, name);
    write_once(store, "DELETE FROM host WHERE name = ?1", name, NULL);
}

static void say(const char *name, const char *value)
{
    struct log_line line;
    const char *client = strchr(value, '\n');
    size_t owner_length = client ? (size_t)(client - value) : 0;
    log_begin(&line, "issue");
    log_text(&line, "ref", name + strlen(PREFIX));
    if (owner_length > 0)
        log_bytes(&line, "user", value, owner_length);
    log_text(&line, "client", client ? client + 1 : value);
    log_text(&line, "hint",
        "killed while a token was issued: look for it in the API's list of this client's tokens");
    log_send(&line, LOG_LEVEL_WARNING);
}

int issuing_resume(struct store *store)
{
    struct store_statement *statement;
    bool any = false;
    int r = store_prepare(store, "SELECT name, value FROM host WHERE name GLOB '" PREFIX "*'", &statement);
    if (r < 0)
        return r;
    while ((r = store_row(statement)) == 1) {
        say(store_text(statement, 0), store_text(statement, 1));
        any = true;
    }
    store_finish(statement);
    if (r == 0 && any)
        r = write_once(store, "DELETE FROM host WHERE name GLOB ?1", PREFIX "*", NULL);
    return r;
}
