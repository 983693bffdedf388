/* What lies in the registry for one session: its facts, its row, and the watches of the processes it depends on. */
#include "session/session_registry.h"

#include "session/session.h"

#include <errno.h>
#include <stdlib.h>

/* The processes that may open it, or its opener, are gone. */
static void processes_gone(void *argument)
{
    struct session_entry *entry = argument;
    if (process_watch_on(&entry->authenticator) || process_watch_on(&entry->parent))
        return;
    session_end(
        entry, entry->session.state == C2M_SESSION_PENDING ? REASON_NEVER_OPENED : REASON_OPENER_DIED);
}

static int watch(struct session_entry *entry, struct process_watch *with, struct process process)
{
    int r = process.pid > 0 ? process_watch_start(with, entry->owner->loop, process, processes_gone, entry)
                            : -ESRCH;
    return r == -ESRCH ? 0 : r;
}

int session_watch(struct session_entry *entry, enum c2m_session_state state)
{
    const struct session *session = &entry->session;
    bool pending = state == C2M_SESSION_PENDING;
    int r = watch(entry, &entry->authenticator, pending ? session->authenticator : session->opener);
    if (r == 0 && pending)
        r = watch(entry, &entry->parent, session->parent);
    if (r < 0)
        return r;
    return process_watch_on(&entry->authenticator) || process_watch_on(&entry->parent) ? 0 : -ESRCH;
}

bool session_opener_lives(const struct session *session)
{
    const struct session_entry *entry = (const struct session_entry *)session;
    return process_watch_lives(&entry->authenticator) || process_watch_lives(&entry->parent);
}

int session_entry_new(struct sessions *sessions, struct session *session, struct session_entry **out)
{
    const unsigned *counts = sessions->counts;
    if (counts[C2M_SESSION_PENDING] + counts[C2M_SESSION_ACTIVE] + counts[C2M_SESSION_CLOSED] >= SESSIONS_MAX)
        return -EAGAIN;
    struct session_entry *entry = calloc(1, sizeof *entry);
    if (!entry)
        return -ENOMEM;
    entry->owner = sessions;
    session_move(&entry->session, session);
    unsaved_row_init(&entry->row, &sessions->unsaved, entry);
    *out = entry;
    return 0;
}

void session_entry_free(struct session_entry *entry)
{
    unsaved_drop(&entry->row);
    process_watch_stop(&entry->authenticator);
    process_watch_stop(&entry->parent);
    session_deinit(&entry->session);
    free(entry);
}
