/* SQLite: errors, statements, parameters and columns. What a turn is stands in store_turn.c. */
#include "base/store.h"

#include "base/cleanup.h"
#include "base/store_internal.h"

#include <sqlite3.h>

#include <errno.h>
#include <stdio.h>

enum { TEXT_MAX = 1024 * 1024 };

struct store_statement {
    struct store *store;
    sqlite3_stmt *sql;
    int bind_error; /* of the parameters given so far: told by the next step */
};

static const struct {
    int code, error;
} errors[] = {
    {SQLITE_FULL, -ENOSPC},
    {SQLITE_READONLY, -EROFS},
    {SQLITE_CORRUPT, -EUCLEAN},
    {SQLITE_NOTADB, -EUCLEAN},
    {SQLITE_NOMEM, -ENOMEM},
    {SQLITE_BUSY, -EBUSY},
    {SQLITE_LOCKED, -EBUSY},
    {SQLITE_CONSTRAINT, -EEXIST},
    {SQLITE_TOOBIG, -E2BIG},
    {SQLITE_PERM, -EACCES},
};

/*
 * The kernel's word says more than SQLite's; sqlite3_system_errno misses it when a COMMIT fails, so each call
 * here starts with errno 0. It may be the word of another call: only those that fit are believed.
 */
static int error_of_io(int system)
{
    static const int fitting[] = {ENOSPC, EROFS, EACCES, EPERM, EMFILE, ENFILE};
    for (size_t i = 0; i < sizeof fitting / sizeof fitting[0]; i++) {
        if (fitting[i] == system)
            return -system;
    }
    return system == EDQUOT || system == EFBIG ? -ENOSPC : -EIO;
}

static int error_of(int code)
{
    int kind = code & 0xff, system = errno;
    /* With no memory left SQLite has called a sound database corrupt: one that is will be called so again. */
    if (code == SQLITE_IOERR_NOMEM || (kind == SQLITE_CORRUPT && system == ENOMEM))
        return -ENOMEM;
    if (kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN)
        return error_of_io(system);
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        if (errors[i].code == kind)
            return errors[i].error;
    }
    return -EINVAL;
}

/* What an answer of SQLite's means for us; when it has rolled the transaction back by itself, the turn is lost. */
static int judge(struct store *store, int code)
{
    if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE)
        return 0;
    int error = error_of(code);
    store->damaged |= error == -EUCLEAN;
    if (store->open && sqlite3_get_autocommit(store->db)) {
        store->open = false;
        store->failed = error;
    }
    return error;
}

/* In place of SQLite's own, which would do a checkpoint before the commit is told. */
static int count_pages(void *store, sqlite3 *db, const char *name, int pages)
{
    (void)db;
    (void)name;
    ((struct store *)store)->log_pages = pages;
    return SQLITE_OK;
}

int store_connect(struct store *store, const char *file)
{
    int error = store_disk_new(store);
    if (error < 0)
        return error;
    errno = 0;
    int code = sqlite3_open_v2(file, &store->db,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE,
        store_disk_name(store->disk));
    if (!store->db)
        return -ENOMEM;
    if (code != SQLITE_OK)
        return error_of(code);
    sqlite3_wal_hook(store->db, count_pages, store);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_limit(store->db, SQLITE_LIMIT_LENGTH, TEXT_MAX);
    sqlite3_limit(store->db, SQLITE_LIMIT_ATTACHED, 0);
    return 0;
}

void store_disconnect(struct store *store)
{
    for (int i = 0; i < STORE_WORDS; i++)
        sqlite3_finalize(STEAL(store->words[i]));
    sqlite3_close_v2(store->db);
    store->db = NULL;
    store_disk_free(store->disk);
    store->disk = NULL;
}

int store_run(struct store *store, const char *sql)
{
    errno = 0;
    return judge(store, sqlite3_exec(store->db, sql, NULL, NULL, NULL));
}

int store_learn_words(struct store *store)
{
    /* All savepoints have one name: SQLite takes it for the innermost. */
    static const char *const words[STORE_WORDS] = {[STORE_BEGIN] = "BEGIN IMMEDIATE",
        [STORE_COMMIT] = "COMMIT",
        [STORE_ROLLBACK] = "ROLLBACK",
        [STORE_SAVEPOINT] = "SAVEPOINT step",
        [STORE_RELEASE] = "RELEASE step",
        [STORE_UNDO] = "ROLLBACK TO step"};
    int error = 0;
    for (int i = 0; error == 0 && i < STORE_WORDS; i++)
        error = judge(store,
            sqlite3_prepare_v3(store->db, words[i], -1, SQLITE_PREPARE_PERSISTENT, &store->words[i], NULL));
    return error;
}

int store_say(struct store *store, enum store_word word)
{
    errno = 0;
    int error = judge(store, sqlite3_step(store->words[word]));
    sqlite3_reset(store->words[word]);
    return error;
}

int store_query(struct store *store, const char *sql, int64_t *value)
{
    sqlite3_stmt *statement = NULL;
    errno = 0;
    int code = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        *value = sqlite3_column_int64(statement, 0);
    int error = code == SQLITE_DONE ? -EINVAL : judge(store, code);
    sqlite3_finalize(statement);
    return error;
}

int store_prepare(struct store *store, const char *sql, struct store_statement **out)
{
    CLEANUP_FREE struct store_statement *statement = calloc(1, sizeof *statement);
    if (!statement)
        return -ENOMEM;
    statement->store = store;
    int error = judge(
        store, sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement->sql, NULL));
    if (error == 0)
        *out = STEAL(statement);
    return error;
}

void store_finish(struct store_statement *statement)
{
    if (statement)
        sqlite3_finalize(statement->sql);
    free(statement);
}

static void bound(struct store_statement *statement, int code)
{
    if (code != SQLITE_OK && statement->bind_error == 0)
        statement->bind_error = error_of(code);
}

void store_bind_text(struct store_statement *statement, int index, const char *text)
{
    bound(statement, sqlite3_bind_text(statement->sql, index, text, -1, SQLITE_TRANSIENT));
}

/* Of no bytes it is an empty blob, where SQLite would take the null pointer for NULL. */
void store_bind_blob(struct store_statement *statement, int index, const void *bytes, size_t length)
{
    const void *blob = length > 0 ? bytes : "";
    bound(statement, sqlite3_bind_blob64(statement->sql, index, blob, length, SQLITE_TRANSIENT));
}

void store_bind_integer(struct store_statement *statement, int index, int64_t value)
{
    bound(statement, sqlite3_bind_int64(statement->sql, index, value));
}

void store_bind_row(struct store_statement *statement, const struct store_statement *from)
{
    int count = sqlite3_data_count(from->sql);
    for (int i = 0; i < count; i++)
        bound(statement, sqlite3_bind_value(statement->sql, i + 1, sqlite3_column_value(from->sql, i)));
}

void store_reset(struct store_statement *statement)
{
    sqlite3_reset(statement->sql);
    sqlite3_clear_bindings(statement->sql);
    statement->bind_error = 0;
}

/*
 * A statement that writes never runs outside of the turn's transaction, whichever way it is called. When it fails the
 * turn is lost: who waits for the commit must not hear that what he wrote is on disk.
 */
int store_row(struct store_statement *statement)
{
    struct store *store = statement->store;
    int error = statement->bind_error;
    bool writes = !sqlite3_stmt_readonly(statement->sql);
    if (error == 0 && writes)
        error = store_enter(store);
    errno = 0;
    int code = error == 0 ? sqlite3_step(statement->sql) : SQLITE_DONE;
    if (code == SQLITE_ROW)
        return 1;
    if (error == 0)
        error = judge(store, code);
    if (error != 0 && error != -EEXIST && writes && store->depth == 0) /* a step is undone by who began it */
        store->failed = error;
    store_reset(statement);
    return error;
}

int store_write(struct store_statement *statement)
{
    int result;
    do
        result = store_row(statement);
    while (result == 1);
    return result;
}

const char *store_text(struct store_statement *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement->sql, column);
    return text ? (const char *)text : "";
}

const void *store_blob(struct store_statement *statement, int column, size_t *length)
{
    const void *bytes = sqlite3_column_blob(statement->sql, column);
    *length = (size_t)sqlite3_column_bytes(statement->sql, column);
    return bytes;
}

int64_t store_integer(struct store_statement *statement, int column)
{
    return sqlite3_column_int64(statement->sql, column);
}
