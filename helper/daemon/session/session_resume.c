/*
 * After a start: what the last run left. Whatever cannot be proven to live in this boot ends now, as if it had
 * ended while we looked; an audit id of another boot means nothing and is not remembered.
 */
#include "session/session_registry.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "session/session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_reference(const char *text)
{
    return strlen(text) == C2M_REFERENCE_SIZE && strspn(text, "0123456789abcdef") == C2M_REFERENCE_SIZE;
}

/* Of this boot's rows, and of no others is it asked. Its opener cannot have begun after it, and neither in the future. */
static int64_t opened_boot_ms(const struct session *session)
{
    int64_t now = clock_boot_ms(), began = process_start_ms(session->opener),
            opened = session->opened_boot_ms < began ? began : session->opened_boot_ms;
    return opened > now ? now : opened;
}

/* NONE: it goes on. */
static enum reason judge(const struct session_row *row)
{
    if (!row->sound)
        return REASON_INTERNAL;
    if (!clock_boot_id()[0] || strcmp(row->boot, clock_boot_id()) != 0)
        return REASON_REBOOT;
    return REASON_NONE;
}

static int go_on(struct session_entry *entry)
{
    struct session *session = &entry->session;
    enum c2m_session_state state = session->state;
    int r = session_watch(entry, state);
    if (r == -ESRCH) {
        session_end(entry, state == C2M_SESSION_PENDING ? REASON_NEVER_OPENED : REASON_OPENER_DIED);
        return 0;
    }
    if (process_look(session->authenticator) == -ESRCH)
        session->authenticator = (struct process){.pid = 0};
    return r;
}

/* Entries are made while the rows are read, and judged after: reading and writing do not mix. */
struct resuming {
    struct sessions *sessions;
    struct resumed {
        struct session_entry *entry;
        enum reason why;
    } *items;
    size_t count;
};

static int take(void *argument, struct session_row *row)
{
    struct resuming *resuming = argument;
    struct session_entry *entry;
    struct session *session = &row->session;
    enum c2m_session_state state = session->state;
    enum reason why = judge(row);
    if (!is_reference(session->reference) || session_entry_find(resuming->sessions, session->reference)) {
        log_message(
            LOG_LEVEL_ERROR, "sessions: a row of state.db has no reference of ours, it is passed over");
        return 0;
    }
    if (resuming->count == SESSIONS_MAX)
        return -EOVERFLOW;
    /* NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): none, until session_begin below */
    session->state = 0;
    if (why == REASON_REBOOT)
        session->fresh = false;
    session_set_deadline(session);
    session->opened_boot_ms = opened_boot_ms(session);
    int r = session_entry_new(resuming->sessions, session, &entry);
    if (r < 0)
        return r;
    entry->on_disk = true;
    entry->due_boot_ms = entry->session.opened_boot_ms + SESSIONS_PENDING_MS;
    session_begin(entry, state, REASON_NONE);
    resuming->items[resuming->count++] = (struct resumed){.entry = entry, .why = why};
    return 0;
}

static int resume_rows(struct sessions *sessions)
{
    struct resumed *items CLEANUP_FREE = calloc(SESSIONS_MAX, sizeof *items);
    struct resuming resuming = {.sessions = sessions, .items = items};
    if (!items)
        return -ENOMEM;
    int r = session_rows_each(sessions->rows, take, &resuming);
    for (size_t i = 0; r == 0 && i < resuming.count; i++) {
        if (items[i].why != REASON_NONE)
            session_end(items[i].entry, items[i].why);
        else
            r = go_on(items[i].entry);
    }
    return r;
}

static int take_audit(void *argument, uint32_t audit_id, uint32_t uid)
{
    struct sessions *sessions = argument;
    return closed_audits_add(&sessions->closed_audits, audit_id, uid);
}

static int resume_audits(struct sessions *sessions)
{
    int r = session_rows_prune_audits(sessions->rows);
    return r < 0 ? r : session_rows_audits(sessions->rows, take_audit, sessions);
}

struct holders {
    struct sessions *sessions;
    char (*items)[9];
    size_t count, room;
};

static int collect(void *argument, const char *holder)
{
    struct holders *holders = argument;
    if (sessions_find(holders->sessions, holder))
        return 0;
    if (holders->count == holders->room) {
        size_t room = holders->room ? 2 * holders->room : 64;
        void *items = reallocarray(holders->items, room, sizeof *holders->items);
        if (!items)
            return -ENOMEM;
        holders->items = items;
        holders->room = room;
    }
    snprintf(holders->items[holders->count++], sizeof *holders->items, "%s", holder);
    return 0;
}

/* Presences of terminals end with a restart, and a login that was never confirmed has no session. */
static int release_strangers(struct sessions *sessions)
{
    struct holders holders = {.sessions = sessions};
    int r = ledger_holders(sessions->ledger, false, collect, &holders);
    for (size_t i = 0; r == 0 && i < holders.count; i++) {
        log_message(
            LOG_LEVEL_NOTICE, "ref=%s: held tokens without a session, gives them up", holders.items[i]);
        int released = ledger_release(sessions->ledger, holders.items[i]);
        if (released < 0)
            log_message(LOG_LEVEL_ERROR, "ref=%s: giving up its tokens is not written down yet: %s",
                holders.items[i], log_errno(released));
    }
    free(holders.items);
    return r;
}

int sessions_resume(struct sessions *sessions)
{
    int r = resume_audits(sessions);
    if (r == 0)
        r = resume_rows(sessions);
    if (r == 0)
        r = release_strangers(sessions);
    if (r == 0)
        sessions_drop_overdue(sessions);
    return r;
}
