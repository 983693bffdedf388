/* The columns stand in one order everywhere: in COLUMNS, in the binding, in the reading. */
#include "session/session_rows.h"

#include "base/cleanup.h"
#include "session/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS \
    "reference, state, user, uid, service, tty, rhost, form, boot, authenticator, authenticator_start," \
    " authenticator_audit, parent, parent_start, parent_audit, opener, opener_start, audit, fresh, opened," \
    " client, token_id, token_hash, token_issued, token_expires, scopes, audiences, opened_boot"

enum statement { WRITE, DELETE, READ, ADD_AUDIT, PRUNE_AUDITS, FORGET_AUDITS, READ_AUDITS, STATEMENTS };

static const char *const texts[STATEMENTS] = {
    [WRITE] =
        "INSERT OR REPLACE INTO sessions (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
        " ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28)",
    [DELETE] = "DELETE FROM sessions WHERE reference = ?1",
    [READ] = "SELECT " COLUMNS " FROM sessions ORDER BY opened_boot, opened, reference",
    [ADD_AUDIT] = "INSERT OR IGNORE INTO closed_audits (audit, uid, boot) VALUES (?1, ?2, ?3)",
    [PRUNE_AUDITS] = "DELETE FROM closed_audits WHERE boot <> ?1",
    [FORGET_AUDITS] = "DELETE FROM closed_audits WHERE audit < ?1",
    [READ_AUDITS] = "SELECT audit, uid FROM closed_audits WHERE boot = ?1 ORDER BY audit",
};

struct session_rows {
    struct store_statement *statements[STATEMENTS];
};

void session_rows_free(struct session_rows *rows)
{
    if (!rows)
        return;
    for (int i = 0; i < STATEMENTS; i++)
        store_finish(rows->statements[i]);
    free(rows);
}

static void rows_freep(struct session_rows **rows)
{
    session_rows_free(*rows);
}

int session_rows_new(struct store *store, struct session_rows **out)
{
    struct session_rows *rows CLEANUP(rows_freep) = calloc(1, sizeof *rows);
    if (!rows)
        return -ENOMEM;
    for (int i = 0; i < STATEMENTS; i++) {
        int r = store_prepare(store, texts[i], &rows->statements[i]);
        if (r < 0)
            return r;
    }
    *out = STEAL(rows);
    return 0;
}

static int bind_process(struct store_statement *statement, int index, struct process process)
{
    store_bind_integer(statement, ++index, process.pid);
    store_bind_integer(statement, ++index, (int64_t)process.start);
    return index;
}

int session_rows_write(struct session_rows *rows, const struct session *session)
{
    struct store_statement *statement = rows->statements[WRITE];
    const char *const names[] = {session->service, session->tty, session->rhost};
    int i = 0;
    store_bind_text(statement, ++i, session->reference);
    store_bind_integer(statement, ++i, session->state);
    store_bind_text(statement, ++i, session->user);
    store_bind_integer(statement, ++i, session->uid);
    for (int n = 0; n < 3; n++)
        store_bind_text(statement, ++i, names[n]);
    store_bind_integer(statement, ++i, session->form);
    store_bind_text(statement, ++i, clock_boot_id());
    i = bind_process(statement, i, session->authenticator);
    store_bind_integer(statement, ++i, session->authenticator_audit);
    i = bind_process(statement, i, session->parent);
    store_bind_integer(statement, ++i, session->parent_audit);
    i = bind_process(statement, i, session->opener);
    store_bind_integer(statement, ++i, session->audit_id);
    store_bind_integer(statement, ++i, session->fresh);
    store_bind_integer(statement, ++i, session->opened_wall);
    store_bind_text(statement, ++i, session->client);
    store_bind_text(statement, ++i, session->token_id);
    store_bind_blob(statement, ++i, session->token_hash, sizeof session->token_hash);
    store_bind_integer(statement, ++i, session->token_issued);
    store_bind_integer(statement, ++i, session->token_expires);
    store_bind_text(statement, ++i, session->scopes);
    store_bind_text(statement, ++i, session->audiences);
    store_bind_integer(statement, ++i, session->opened_boot_ms);
    return store_write(statement);
}

int session_rows_delete(struct session_rows *rows, const char *reference)
{
    store_bind_text(rows->statements[DELETE], 1, reference);
    return store_write(rows->statements[DELETE]);
}

int session_rows_add_audit(struct session_rows *rows, uint32_t audit_id, uint32_t uid)
{
    store_bind_integer(rows->statements[ADD_AUDIT], 1, audit_id);
    store_bind_integer(rows->statements[ADD_AUDIT], 2, uid);
    store_bind_text(rows->statements[ADD_AUDIT], 3, clock_boot_id());
    return store_write(rows->statements[ADD_AUDIT]);
}

int session_rows_prune_audits(struct session_rows *rows)
{
    store_bind_text(rows->statements[PRUNE_AUDITS], 1, clock_boot_id());
    return store_write(rows->statements[PRUNE_AUDITS]);
}

int session_rows_forget_audits(struct session_rows *rows, uint32_t lowest)
{
    store_bind_integer(rows->statements[FORGET_AUDITS], 1, lowest);
    return store_write(rows->statements[FORGET_AUDITS]);
}

/* Reads one column after the other; what is none of ours makes the row unsound, and reads as empty. */
struct cursor {
    struct store_statement *statement;
    int column;
    bool sound;
};

static void read_text(struct cursor *cursor, char *out, size_t size)
{
    const char *text = store_text(cursor->statement, cursor->column++);
    size_t length = strnlen(text, size);
    bool fits = length < size;
    cursor->sound &= fits;
    memset(out, 0, size);
    memcpy(out, text, fits ? length : 0);
}

static int64_t read_number(struct cursor *cursor, int64_t least, int64_t most)
{
    int64_t value = store_integer(cursor->statement, cursor->column++);
    bool fits = value >= least && value <= most;
    cursor->sound &= fits;
    return fits ? value : least;
}

static uint32_t read_word(struct cursor *cursor)
{
    return (uint32_t)read_number(cursor, 0, UINT32_MAX);
}

static struct process read_process(struct cursor *cursor)
{
    struct process process = {.pid = (pid_t)read_number(cursor, 0, INT32_MAX)};
    process.start = (uint64_t)read_number(cursor, 0, INT64_MAX);
    return process;
}

static void read_hash(struct cursor *cursor, uint8_t out[VAULT_HASH_SIZE])
{
    size_t length = 0;
    const void *bytes = store_blob(cursor->statement, cursor->column++, &length);
    if (bytes && length == VAULT_HASH_SIZE)
        memcpy(out, bytes, VAULT_HASH_SIZE);
    else
        cursor->sound = false;
}

static char *read_long_text(struct cursor *cursor, size_t size)
{
    const char *text = store_text(cursor->statement, cursor->column++);
    cursor->sound &= strnlen(text, size) < size;
    return strndup(text, size - 1);
}

/* Each is ended by a newline, which whoever walks over them relies on. */
static char *read_audiences(struct cursor *cursor)
{
    char *audiences = read_long_text(cursor, CLAIMS_AUDIENCES_SIZE);
    size_t length = audiences ? strlen(audiences) : 0;
    if (length > 0 && audiences[length - 1] != '\n') {
        cursor->sound = false;
        audiences[0] = '\0';
    }
    return audiences;
}

static void read_row(struct cursor *cursor, struct session_row *row)
{
    struct session *session = &row->session;
    read_text(cursor, session->reference, sizeof session->reference);
    session->state = (enum c2m_session_state)read_number(cursor, C2M_SESSION_PENDING, C2M_SESSION_ACTIVE);
    read_text(cursor, session->user, sizeof session->user);
    session->uid = read_word(cursor);
    read_text(cursor, session->service, sizeof session->service);
    session->tty = read_long_text(cursor, C2M_NAME_MAX + 1);
    session->rhost = read_long_text(cursor, C2M_HOST_MAX + 1);
    session->form = (enum c2m_credential_form)read_number(cursor, C2M_FORM_SHORT, C2M_FORM_STORED);
    read_text(cursor, row->boot, sizeof row->boot);
    session->authenticator = read_process(cursor);
    session->authenticator_audit = read_word(cursor);
    session->parent = read_process(cursor);
    session->parent_audit = read_word(cursor);
    session->opener = read_process(cursor);
    session->audit_id = read_word(cursor);
    session->fresh = read_number(cursor, 0, 1) == 1;
    session->opened_wall = read_number(cursor, 0, INT64_MAX);
    session->client = read_long_text(cursor, CLAIMS_TEXT_SIZE);
    session->token_id = read_long_text(cursor, CLAIMS_TEXT_SIZE);
    read_hash(cursor, session->token_hash);
    session->token_issued = read_number(cursor, 0, (int64_t)1 << 40);
    session->token_expires = read_number(cursor, 0, (int64_t)1 << 40);
    session->scopes = read_long_text(cursor, SCOPES_SIZE);
    session->audiences = read_audiences(cursor);
    session->opened_boot_ms = read_number(cursor, 0, INT64_MAX);
}

int session_rows_each(
    struct session_rows *rows, int (*fn)(void *argument, struct session_row *row), void *argument)
{
    struct store_statement *statement = rows->statements[READ];
    int r;
    while ((r = store_row(statement)) == 1) {
        struct session_row row = {.boot = ""};
        struct cursor cursor = {.statement = statement, .sound = true};
        read_row(&cursor, &row);
        row.sound = cursor.sound;
        r = session_whole(&row.session) ? fn(argument, &row) : -ENOMEM;
        session_deinit(&row.session);
        if (r != 0) {
            store_reset(statement);
            return r;
        }
    }
    return r;
}

int session_rows_audits(
    struct session_rows *rows, int (*fn)(void *argument, uint32_t audit_id, uint32_t uid), void *argument)
{
    struct store_statement *statement = rows->statements[READ_AUDITS];
    int r;
    store_bind_text(statement, 1, clock_boot_id());
    while ((r = store_row(statement)) == 1) {
        r = fn(argument, (uint32_t)store_integer(statement, 0), (uint32_t)store_integer(statement, 1));
        if (r != 0) {
            store_reset(statement);
            return r;
        }
    }
    return r;
}
