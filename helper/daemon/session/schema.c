/* The tables of state.db. Times are seconds of the wall clock unless the name says otherwise. */
#include "session/schema.h"

const char *const schema_sql[SCHEMA_VERSION] = {
    "CREATE TABLE host (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE names (user TEXT PRIMARY KEY, uid INTEGER NOT NULL) WITHOUT ROWID;" /* heard from root's module */
    "CREATE TABLE sessions ("
    " reference TEXT PRIMARY KEY, state INTEGER NOT NULL, user TEXT NOT NULL, uid INTEGER NOT NULL,"
    " service TEXT NOT NULL, tty TEXT NOT NULL, rhost TEXT NOT NULL, form INTEGER NOT NULL,"
    " boot TEXT NOT NULL," /* clock_boot_id of the last change of state */
    " authenticator INTEGER NOT NULL, authenticator_start INTEGER NOT NULL, authenticator_audit INTEGER NOT "
    "NULL,"
    " parent INTEGER NOT NULL, parent_start INTEGER NOT NULL, parent_audit INTEGER NOT NULL,"
    " opener INTEGER NOT NULL, opener_start INTEGER NOT NULL, audit INTEGER NOT NULL, fresh INTEGER NOT NULL,"
    " opened INTEGER NOT NULL, client TEXT NOT NULL, token_id TEXT NOT NULL, token_hash BLOB NOT NULL,"
    " token_issued INTEGER NOT NULL, token_expires INTEGER NOT NULL, scopes TEXT NOT NULL, audiences TEXT "
    "NOT NULL"
    ") WITHOUT ROWID;"
    "CREATE TABLE closed_audits (audit INTEGER NOT NULL, uid INTEGER NOT NULL, boot TEXT NOT NULL,"
    " PRIMARY KEY (audit, uid)) WITHOUT ROWID;" /* fresh ids of sessions closed in that boot */
    "CREATE TABLE tokens ("
    " hash BLOB PRIMARY KEY, kind INTEGER NOT NULL, user TEXT NOT NULL, client TEXT NOT NULL, token_id TEXT "
    "NOT NULL,"
    " expires INTEGER NOT NULL, may_revoke INTEGER NOT NULL, bearer BLOB NOT NULL" /* sealed */
    ") WITHOUT ROWID;"
    "CREATE TABLE holders (holder TEXT NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (holder, hash)) WITHOUT "
    "ROWID;"
    "CREATE TABLE denied ("
    " hash BLOB PRIMARY KEY, token_id TEXT NOT NULL, expires INTEGER NOT NULL, kind INTEGER NOT NULL"
    ") WITHOUT ROWID;"
    "CREATE TABLE revocations ("
    " hash BLOB PRIMARY KEY, reference TEXT NOT NULL, user TEXT NOT NULL, client TEXT NOT NULL, token_id "
    "TEXT NOT NULL,"
    " is_long INTEGER NOT NULL, expires INTEGER NOT NULL, state INTEGER NOT NULL," /* enum c2m_revocation_state */
    " bearer_long BLOB NOT NULL, bearer_self BLOB NOT NULL," /* sealed; empty: none */
    " asked INTEGER NOT NULL, settled INTEGER NOT NULL, tries INTEGER NOT NULL, lost INTEGER NOT NULL,"
    " last_status INTEGER NOT NULL, word TEXT NOT NULL"
    ") WITHOUT ROWID;"
    "CREATE INDEX revocations_state ON revocations (state, settled);",
    "CREATE TABLE enrolled (" /* a long token that is kept: the ledger's, by its holder */
    " owner TEXT PRIMARY KEY," /* a user; "": the host itself */
    " holder TEXT NOT NULL, client TEXT NOT NULL, token_id TEXT NOT NULL, way INTEGER NOT NULL," /* enum c2m_enroll_way */
    " since INTEGER NOT NULL, expires INTEGER NOT NULL, hash BLOB NOT NULL,"
    " secret BLOB NOT NULL" /* the client's, sealed; empty: none */
    ") WITHOUT ROWID;",
    "ALTER TABLE sessions ADD COLUMN opened_boot INTEGER NOT NULL DEFAULT 0;", /* ms of the boot clock, in BOOT */
    "ALTER TABLE denied ADD COLUMN over INTEGER NOT NULL DEFAULT 0;", /* by lived_ms; 0: unknown */
};
