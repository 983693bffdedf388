/* Finding and counting; nothing here changes anything. */
#include "session/session_match.h"
#include "session/session_registry.h"

#include <string.h>

struct session *sessions_of_login(struct sessions *sessions, struct process process, const char *user)
{
    struct session_entry *entry = session_match_login(&sessions->living, process, user);
    return entry ? &entry->session : NULL;
}

bool sessions_closed_audit(const struct sessions *sessions, uint32_t audit_id, uint32_t uid)
{
    return closed_audits_has(&sessions->closed_audits, audit_id, uid);
}

struct session *sessions_first(struct sessions *sessions)
{
    struct session_entry *entry = TAILQ_FIRST(&sessions->living);
    return entry ? &entry->session : NULL;
}

struct session *sessions_next(struct sessions *sessions, struct session *session)
{
    struct session_entry *next = TAILQ_NEXT((struct session_entry *)session, link);
    (void)sessions;
    return next ? &next->session : NULL;
}

struct session_entry *session_entry_find(const struct sessions *sessions, const char *reference)
{
    uint64_t key = table_key(&sessions->by_reference, reference, strlen(reference));
    struct table_link *link = table_first(&sessions->by_reference, key);
    for (; link; link = table_next(link)) {
        struct session_entry *entry = link->owner;
        if (strcmp(entry->session.reference, reference) == 0)
            return entry;
    }
    return NULL;
}

struct session *sessions_find(struct sessions *sessions, const char *reference)
{
    struct session_entry *entry = session_entry_find(sessions, reference);
    return entry && entry->session.state != C2M_SESSION_CLOSED ? &entry->session : NULL;
}

unsigned sessions_count(const struct sessions *sessions, enum c2m_session_state state)
{
    return state >= C2M_SESSION_PENDING && state <= C2M_SESSION_CLOSED ? sessions->counts[state] : 0;
}
