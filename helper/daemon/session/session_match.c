/* The list is short beside what a login costs, and its newest entries are the likeliest: no index. */
#include "session/session_match.h"

#include <string.h>

/* No process is the same as none. */
static bool same(struct process a, struct process b)
{
    return a.pid > 0 && process_same(a, b);
}

static bool may_open(const struct session *session, struct process process, const char *user)
{
    if (session->state != C2M_SESSION_PENDING)
        return false;
    return same(session->authenticator, process) ||
           (same(session->parent, process) && strcmp(session->user, user) == 0);
}

struct session_entry *session_match_open(
    const struct session_list *living, struct process process, const char *user)
{
    struct session_entry *entry;
    for (entry = TAILQ_FIRST(living); entry; entry = TAILQ_NEXT(entry, link))
        if (may_open(&entry->session, process, user))
            return entry;
    return NULL;
}

struct session_entry *session_match_close(
    const struct session_list *living, struct process process, const char *user)
{
    struct session_entry *entry, *newest = NULL;
    for (entry = TAILQ_FIRST(living); entry; entry = TAILQ_NEXT(entry, link)) {
        const struct session *session = &entry->session;
        if (session->state != C2M_SESSION_ACTIVE || !same(session->opener, process))
            continue;
        if (strcmp(session->user, user) == 0)
            return entry;
        if (!newest)
            newest = entry;
    }
    return newest;
}

struct session_entry *session_match_login(
    const struct session_list *living, struct process process, const char *user)
{
    struct session_entry *entry;
    for (entry = TAILQ_FIRST(living); entry; entry = TAILQ_NEXT(entry, link))
        if (same(entry->session.authenticator, process) && strcmp(entry->session.user, user) == 0)
            return entry;
    return NULL;
}

struct session_entry *session_match_displaced(const struct session_list *living, struct process authenticator)
{
    struct session_entry *entry;
    TAILQ_FOREACH_REVERSE(entry, living, session_list, link)
    {
        if (entry->session.state != C2M_SESSION_PENDING)
            continue;
        if (!process_watch_on(&entry->authenticator) || same(entry->session.authenticator, authenticator))
            return entry;
    }
    return NULL;
}
