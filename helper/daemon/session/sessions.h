/*
 * The login sessions of this host: pending (a verdict was granted, nothing opened yet) -> active (tied to the
 * opener by pid, start time and pidfd) -> closed. The only place where a session changes its state.
 *
 * A pending one is dropped when both its processes are gone, or after two minutes; an active one closes with
 * close_session or with its opener. Either way its holder in the ledger is released, in one transaction.
 */
#ifndef SESSION_SESSIONS_H
#define SESSION_SESSIONS_H

#include "base/loop.h"
#include "base/process.h"
#include "base/reason.h"
#include "base/store.h"
#include "session/ledger.h"
#include "token/verifier.h"
#include "c2m/wire.h"

#include <stdbool.h>
#include <stdint.h>

struct sessions;

/* What is looked at for each of ten thousand lies together, at the end: whoever walks the list meets one or two lines of cache. */
struct session {
    char reference[9];
    char user[C2M_NAME_MAX + 1];
    char service[C2M_NAME_MAX + 1];
    char *tty, *rhost;
    enum c2m_credential_form form;
    uint32_t authenticator_audit, parent_audit; /* audit ids at BEGIN: freshness needs a change since */
    int64_t proved_boot_ms; /* the last proof of presence; 0: none in this boot */
    int64_t opened_wall; /* of the pending login until it opens */
    int64_t opened_boot_ms; /* the same on the boot clock; after a restart never before its opener began */
    uint32_t sudo_uses;
    /* the current token, as the policy needs it again */
    char *client, *token_id; /* as in struct claims, as are the next two */
    char *scopes, *audiences;
    uint8_t token_hash[VAULT_HASH_SIZE];
    int64_t token_issued, token_expires; /* wall clock */
    int64_t token_expires_boot_ms; /* the same on the boot clock: whichever comes first */
    bool suspended; /* the API said last that the account is; in memory; see suspension.h */
    bool fresh;
    uint32_t audit_id; /* PROCESS_NO_AUDIT_ID unless fresh */
    uint32_t uid;
    enum c2m_session_state state;
    struct process authenticator; /* who authenticated; 0 after a restart that found it gone */
    struct process parent; /* its parent, if that was uid 0 then; pid 0 otherwise */
    struct process opener;
};

/* What the login knows of a granted credential; strings are copied. */
struct session_login {
    const char *reference, *user, *service, *tty, *rhost;
    uint32_t uid;
    enum c2m_credential_form form;
    struct process_facts authenticator; /* read at BEGIN */
    struct process_facts parent; /* read at BEGIN; process.pid 0 when it was gone */
    const struct verified *token;
};

/* The state of the store is loaded by sessions_resume. The arguments stay the caller's. */
int sessions_new(struct loop *loop, struct store *store, struct ledger *ledger, struct sessions **out);
void sessions_free(struct sessions *sessions);
/*
 * FN is told of every session that ends (pending dropped or active closed). One listener. An ended session's
 * memory stays, its state CLOSED, to the end of the turn: whoever got a pointer in this turn may still look at it.
 */
void sessions_on_end(struct sessions *sessions,
    void (*fn)(void *argument, const struct session *session, enum reason why), void *argument);
/*
 * After a start: openers that live in this boot are watched again, everything else becomes revocations
 * (OPENER_DIED, REBOOT), holders without a session are released.
 */
int sessions_resume(struct sessions *sessions);

/*
 * A granted login becomes a pending session; its tokens were given to the ledger under the same reference in
 * the same turn. The caller grants only after the commit, and calls sessions_drop when that failed.
 */
int sessions_pend(struct sessions *sessions, const struct session_login *login, struct session **out);
void sessions_drop(struct sessions *sessions, struct session *session, enum reason why);

/*
 * OPEN: the newest pending login of the process that authenticated (whatever USER says now: sudo's is root by
 * then), or of its child with the same USER, where the parent was uid 0. Judges freshness of the audit id and
 * writes. NULL when there is none.
 */
struct session *sessions_open(
    struct sessions *sessions, const struct process_facts *opener, const char *user);
/* CLOSE by the opener itself. False when it opened none. */
bool sessions_close(struct sessions *sessions, struct process opener, const char *user);
/* Which one that is; NULL. */
const struct session *sessions_to_close(
    const struct sessions *sessions, struct process opener, const char *user);
void sessions_end(struct sessions *sessions, struct session *session, enum reason why);

/* The newest login, pending or active, that PROCESS authenticated for USER (acct_mgmt); NULL. */
struct session *sessions_of_login(struct sessions *sessions, struct process process, const char *user);
/* True when ID was the fresh audit id of a session of UID that closed in this boot (remembered until reboot). */
bool sessions_closed_audit(const struct sessions *sessions, uint32_t audit_id, uint32_t uid);

/* Iteration, newest first. */
struct session *sessions_first(struct sessions *sessions);
struct session *sessions_next(struct sessions *sessions, struct session *session);
struct session *sessions_find(struct sessions *sessions, const char *reference);
unsigned sessions_count(const struct sessions *sessions, enum c2m_session_state state);

/* A proof of presence for an active session, now (in memory: a restart asks again). */
void sessions_prove(struct session *session);
/* Another token takes the current one's place; written later at the latest. -ENOMEM: it stays. */
int sessions_renew(struct session *session, const struct verified *token);
/* The claims of the current token, for the policy. */
void session_claims(const struct session *session, struct claims *out);
/* False for a stored one until its first token is there. */
bool session_has_token(const struct session *session);
/* The current token's name in the log; "" without one. */
const char *session_token_text(const struct session *session, char out[9]);
/* True when the current token has run out on either clock. */
bool session_token_over(const struct session *session);
/* As c2mctl sees it. */
void session_describe(
    const struct sessions *sessions, const struct session *session, struct c2m_session *out);

#endif
