/*
 * The states. enter_state is the only place where one changes; whatever ends a session, an answer or the death
 * of its opener, goes through session_end, which gives its tokens to the ledger in the same transaction.
 */
#include "session/session_registry.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "session/session.h"
#include "session/session_freshness.h"
#include "session/session_match.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void sessions_freep(struct sessions **sessions)
{
    sessions_free(*sessions);
}

static void overdue(void *argument)
{
    sessions_drop_overdue(argument);
}

int sessions_new(struct loop *loop, struct store *store, struct ledger *ledger, struct sessions **out)
{
    struct sessions *sessions CLEANUP(sessions_freep) = calloc(1, sizeof *sessions);
    if (!sessions)
        return -ENOMEM;
    sessions->loop = loop;
    sessions->store = store;
    sessions->ledger = ledger;
    TAILQ_INIT(&sessions->living);
    TAILQ_INIT(&sessions->ended);
    TAILQ_INIT(&sessions->graves);
    int r = session_saving_init(sessions);
    if (r == 0)
        r = table_init(&sessions->by_reference);
    if (r == 0)
        r = session_rows_new(store, &sessions->rows);
    if (r == 0)
        r = loop_timer_new(loop, overdue, sessions, &sessions->overdue);
    if (r < 0)
        return r;
    *out = STEAL(sessions);
    return 0;
}

/* What lives goes on living: the rows bring it back at the next start. */
void sessions_free(struct sessions *sessions)
{
    if (!sessions)
        return;
    session_saving_deinit(sessions);
    session_rows_free(sessions->rows);
    table_deinit(&sessions->by_reference);
    closed_audits_deinit(&sessions->closed_audits);
    loop_timer_free(sessions->overdue);
    free(sessions);
}

void sessions_on_end(struct sessions *sessions,
    void (*fn)(void *argument, const struct session *session, enum reason why), void *argument)
{
    sessions->on_end = fn;
    sessions->on_end_argument = argument;
}

/* AUDIT: what an opening found of the audit id, for the log. */
static void enter_state(
    struct session_entry *entry, enum c2m_session_state state, enum reason why, const char *audit)
{
    struct session *session = &entry->session;
    const char *was = session_state_word(session->state);
    if (session->state != 0)
        entry->owner->counts[session->state]--;
    else if (why == REASON_NONE)
        was = "stored";
    session->state = state;
    entry->owner->counts[state]++;
    session_log(session, was, why, audit);
}

void session_begin(struct session_entry *entry, enum c2m_session_state state, enum reason why)
{
    struct sessions *sessions = entry->owner;
    const char *reference = entry->session.reference;
    TAILQ_INSERT_HEAD(&sessions->living, entry, link);
    table_add(&sessions->by_reference, &entry->by_reference,
        table_key(&sessions->by_reference, reference, strlen(reference)), entry);
    enter_state(entry, state, why, NULL);
}

/* It leaves the living; its memory stays as long as session_saving.c needs it. */
static void close_entry(struct session_entry *entry, enum reason why)
{
    struct sessions *sessions = entry->owner;
    enter_state(entry, C2M_SESSION_CLOSED, why, NULL);
    process_watch_stop(&entry->authenticator);
    process_watch_stop(&entry->parent);
    TAILQ_REMOVE(&sessions->living, entry, link);
    TAILQ_INSERT_TAIL(&sessions->ended, entry, link);
}

void session_end(struct session_entry *entry, enum reason why)
{
    struct sessions *sessions = entry->owner;
    const struct session *session = &entry->session;
    if (session->state == C2M_SESSION_CLOSED)
        return;
    close_entry(entry, why);
    if (session->fresh && closed_audits_add(&sessions->closed_audits, session->audit_id, session->uid) < 0)
        log_message(LOG_LEVEL_ERROR, "ref=%s: no memory for its audit id", session->reference);
    int r = ledger_release(sessions->ledger, session->reference);
    if (r < 0)
        log_message(LOG_LEVEL_ERROR, "ref=%s: giving up its tokens is not written down yet: %s",
            session->reference, log_errno(r));
    session_save_end(entry);
    if (sessions->on_end)
        sessions->on_end(sessions->on_end_argument, session, why);
}

/* A program that authenticates and opens nothing would else shut the door on everybody for two minutes. */
static bool make_room(struct sessions *sessions, struct process authenticator)
{
    if (sessions->counts[C2M_SESSION_PENDING] < SESSIONS_PENDING_MAX)
        return true;
    struct session_entry *entry = session_match_displaced(&sessions->living, authenticator);
    if (entry)
        session_end(entry, REASON_NEVER_OPENED);
    return entry != NULL;
}

static int new_pending(
    struct sessions *sessions, const struct session_login *login, struct session_entry **out)
{
    struct session session;
    if (session_entry_find(sessions, login->reference))
        return -EEXIST;
    if (!make_room(sessions, login->authenticator.process))
        return -EAGAIN;
    int r = session_from_login(login, &session);
    if (r < 0)
        return r;
    r = session_entry_new(sessions, &session, out);
    session_deinit(&session);
    if (r < 0)
        return r;
    r = session_watch(*out, C2M_SESSION_PENDING);
    if (r < 0)
        session_entry_free(STEAL(*out));
    return r;
}

int sessions_pend(struct sessions *sessions, const struct session_login *login, struct session **out)
{
    struct session_entry *entry = NULL;
    *out = NULL;
    int r = new_pending(sessions, login, &entry);
    if (r < 0)
        return r;
    entry->due_boot_ms = clock_boot_ms() + SESSIONS_PENDING_MS;
    session_begin(entry, C2M_SESSION_PENDING, REASON_CREDENTIAL);
    r = session_save(entry);
    if (r < 0) {
        /* Not an end: the login gives its tokens up itself, after it has undone what it wrote with this. */
        close_entry(entry, REASON_STORE);
        session_save_end(entry);
        return r;
    }
    if (!loop_timer_pending(sessions->overdue))
        loop_timer_set(sessions->overdue, SESSIONS_PENDING_MS);
    *out = &entry->session;
    return 0;
}

static struct session_entry *entry_of(struct session *session)
{
    return (struct session_entry *)session;
}

void sessions_drop(struct sessions *sessions, struct session *session, enum reason why)
{
    (void)sessions;
    session_end(entry_of(session), why);
}

void sessions_end(struct sessions *sessions, struct session *session, enum reason why)
{
    (void)sessions;
    session_end(entry_of(session), why);
}

void sessions_drop_overdue(struct sessions *sessions)
{
    struct session_entry *entry, *next;
    int64_t now = clock_boot_ms(), soonest = INT64_MAX;
    for (entry = TAILQ_FIRST(&sessions->living); entry; entry = next) {
        next = TAILQ_NEXT(entry, link);
        if (entry->session.state != C2M_SESSION_PENDING)
            continue;
        if (entry->due_boot_ms <= now)
            session_end(entry, REASON_NEVER_OPENED);
        else if (entry->due_boot_ms < soonest)
            soonest = entry->due_boot_ms;
    }
    if (soonest != INT64_MAX)
        loop_timer_set(sessions->overdue, soonest - now);
}

/* Of the two that might have opened it only the one that did counts from here on. */
static bool keep_opener(struct session_entry *entry, struct process opener)
{
    bool authenticator = process_same(entry->session.authenticator, opener);
    process_watch_stop(authenticator ? &entry->parent : &entry->authenticator);
    return process_watch_on(authenticator ? &entry->authenticator : &entry->parent);
}

struct session *sessions_open(struct sessions *sessions, const struct process_facts *opener, const char *user)
{
    struct session_entry *entry = session_match_open(&sessions->living, opener->process, user);
    if (!entry || opener->foreign)
        return NULL;
    struct session *session = &entry->session;
    enum session_freshness freshness = session_freshness(sessions, session, opener);
    session->opener = opener->process;
    if (!keep_opener(entry, opener->process)) {
        session_end(entry, REASON_OPENER_DIED);
        return NULL;
    }
    session->fresh = freshness == SESSION_FRESH;
    session->audit_id = session->fresh ? opener->audit_id : PROCESS_NO_AUDIT_ID;
    session->opened_wall = clock_wall();
    session->opened_boot_ms = clock_boot_ms();
    enter_state(entry, C2M_SESSION_ACTIVE, REASON_OPENED, session_freshness_word(freshness));
    session_save(entry);
    return session;
}

const struct session *sessions_to_close(
    const struct sessions *sessions, struct process opener, const char *user)
{
    const struct session_entry *entry = session_match_close(&sessions->living, opener, user);
    return entry ? &entry->session : NULL;
}

bool sessions_close(struct sessions *sessions, struct process opener, const char *user)
{
    struct session_entry *entry = session_match_close(&sessions->living, opener, user);
    if (entry)
        session_end(entry, REASON_LOGOUT);
    return entry != NULL;
}
