/* See kept_statements.h. */
#include "kept_statements.h"

#include "given.h"

#include "base/store.h"

#include <sqlite3.h>

#include <string.h>

enum { KEPT_MAX = 256 };

static struct kept {
    const struct store *store;
    struct store_statement *statement;
    char *sql;
    uint64_t hash;
    bool taken;
} all[KEPT_MAX];
static unsigned count;

int __real_store_prepare(struct store *store, const char *sql, struct store_statement **out);
int __wrap_store_prepare(struct store *store, const char *sql, struct store_statement **out);
void __wrap_store_finish(struct store_statement *statement);

void kept_statements_alone(void)
{
    must(sqlite3_config(SQLITE_CONFIG_SINGLETHREAD) == SQLITE_OK &&
             sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK,
        "SQLite is not in use yet");
}

static uint64_t hash_of(const char *text)
{
    uint64_t hash = 5381;
    for (; *text; text++)
        hash = hash * 33 + (uint8_t)*text;
    return hash;
}

int __wrap_store_prepare(struct store *store, const char *sql, struct store_statement **out)
{
    uint64_t hash = hash_of(sql);
    unsigned i = 0;
    while (i < count &&
           (all[i].taken || all[i].store != store || all[i].hash != hash || strcmp(all[i].sql, sql) != 0))
        i++;
    must(i < KEPT_MAX, "there is room for every statement");
    if (i == count) {
        int r = __real_store_prepare(store, sql, &all[i].statement);
        if (r < 0)
            return r;
        all[count++] = (struct kept){store, all[i].statement, strdup(sql), hash, false};
    }
    all[i].taken = true;
    *out = all[i].statement;
    return 0;
}

void __wrap_store_finish(struct store_statement *statement)
{
    for (unsigned i = 0; statement && i < count; i++)
        if (all[i].statement == statement) {
            must(all[i].taken, "a statement is finished once");
            store_reset(statement);
            all[i].taken = false;
            return;
        }
    must(!statement, "a statement that is finished was prepared");
}
