/*
 * One damaged page hides what lies behind it from one side only; so each table is read forwards, then backwards, in the
 * order in which it lies there: the "+" keeps an index out, which would have to be read and sorted as a whole.
 */
#include "salvage.h"

#include <errno.h>
#include <stdio.h>

#define IS_HASH "typeof(hash) = 'blob' AND length(hash) = 32"
#define IS_REFERENCE(column) \
    "typeof(" column ") = 'text' AND length(" column ") = 8 AND " column " NOT GLOB '*[^0-9a-f]*'"

static const struct table {
    const char *name, *orders[2], *columns, *values, *sound;
    bool harmless; /* also when it is another machine's */
} tables[] = {
    {"denied", {"hash", "hash DESC"}, "hash, token_id, expires, kind", "?, ?, ?, ?",
        IS_HASH " AND typeof(token_id) = 'text' AND typeof(expires) = 'integer' AND kind IN (1, 2)", true},
    {"revocations", {"hash", "hash DESC"},
        "hash, reference, user, client, token_id, is_long, expires, state, bearer_long, bearer_self, asked, "
        "settled, tries, lost, last_status, word",
        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?",
        IS_HASH " AND " IS_REFERENCE("reference") " AND typeof(token_id) = 'text' AND typeof(expires) = "
                                                  "'integer' AND +state IN (1, 2, 3, 4)",
        false},
    {"tokens", {"hash", "hash DESC"}, "hash, kind, user, client, token_id, expires, may_revoke, bearer",
        "?, ?, ?, ?, ?, ?, ?, ?",
        IS_HASH " AND kind BETWEEN 1 AND 6 AND typeof(token_id) = 'text' AND typeof(expires) = 'integer' AND "
                "typeof(bearer) = 'blob'",
        false},
    {"holders", {"holder, hash", "holder DESC, hash DESC"}, "holder, hash", "?, ?",
        IS_HASH " AND " IS_REFERENCE("holder"), false},
    {"enrolled", {"owner", "owner DESC"},
        "owner, holder, client, token_id, way, since, expires, hash, secret", "?, ?, ?, ?, ?, ?, ?, ?, ?",
        IS_HASH " AND " IS_REFERENCE("holder") " AND typeof(way) = 'integer'", false},
    {"closed_audits", {"audit, uid", "audit DESC, uid DESC"}, "audit, uid, boot", "?, ?, ?",
        "typeof(audit) = 'integer' AND typeof(uid) = 'integer' AND typeof(boot) = 'text'", false},
};

/* How far it can be read; a row that the fresh one has, or does not take, is passed over. */
static void copy_rows(struct store_statement *from, struct store *fresh, struct store_statement *to)
{
    while (store_row(from) == 1 && store_begin(fresh) == 0) {
        store_bind_row(to, from);
        store_end(fresh, store_write(to) == 0);
    }
}

static void read_table(
    struct store *old, const struct table *table, struct store *fresh, struct store_statement *to)
{
    struct store_statement *from;
    char sql[1024];
    for (int i = 0; i < 2; i++) {
        snprintf(sql, sizeof sql, "SELECT %s FROM %s WHERE %s ORDER BY %s", table->columns, table->name,
            table->sound, table->orders[i]);
        if (store_prepare(old, sql, &from) < 0)
            return;
        copy_rows(from, fresh, to);
        store_finish(from);
    }
}

static int copy_table(struct store *old, struct store *fresh, const struct table *table)
{
    struct store_statement *to;
    char sql[512];
    snprintf(sql, sizeof sql, "INSERT OR IGNORE INTO %s (%s) VALUES (%s)", table->name, table->columns,
        table->values);
    int r = store_prepare(fresh, sql, &to);
    if (r < 0)
        return r;
    read_table(old, table, fresh, to);
    store_finish(to);
    return 0;
}

static unsigned count(struct store *store, const char *sql)
{
    struct store_statement *statement;
    if (store_prepare(store, sql, &statement) < 0)
        return 0;
    unsigned rows = store_row(statement) == 1 ? (unsigned)store_integer(statement, 0) : 0;
    store_finish(statement);
    return rows;
}

static void written(void *argument, int error)
{
    *(int *)argument = error;
}

int salvage(struct store *old, struct store *fresh, bool foreign, struct salvaged *out)
{
    int error = 0, r = 0;
    for (size_t i = 0; r == 0 && i < sizeof tables / sizeof tables[0]; i++)
        if (!foreign || tables[i].harmless)
            r = copy_table(old, fresh, &tables[i]);
    *out = (struct salvaged){
        .tokens = count(fresh, "SELECT count(*) FROM tokens"),
        .revocations = count(fresh, "SELECT count(*) FROM revocations"),
        .denied = count(fresh, "SELECT count(*) FROM denied"),
    };
    if (r == 0)
        r = store_after_commit(fresh, written, &error);
    store_turn(fresh);
    return r < 0 ? r : error;
}

static bool can_be_read(struct store *store, const char *columns, const char *table)
{
    struct store_statement *statement;
    char sql[512];
    snprintf(sql, sizeof sql, "SELECT %s FROM %s", columns, table);
    if (store_prepare(store, sql, &statement) < 0)
        return false;
    store_finish(statement);
    return true;
}

bool salvage_readable(struct store *store)
{
    bool sound = can_be_read(store, "reference, state, user", "sessions") &&
                 can_be_read(store, "user, uid", "names") && can_be_read(store, "name, value", "host");
    for (size_t i = 0; sound && i < sizeof tables / sizeof tables[0]; i++)
        sound = can_be_read(store, tables[i].columns, tables[i].name);
    return sound;
}
