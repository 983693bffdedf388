/* Who may open and close which session: by pid AND start time, never by a bare pid, and by the user's name where a parent acts. */
#ifndef SESSION_SESSION_MATCH_H
#define SESSION_SESSION_MATCH_H

#include "session/session_registry.h"

/*
 * The newest pending login that PROCESS authenticated, whatever USER says now (sudo's is root by then), or that
 * its child authenticated for the same USER while PROCESS was root. NULL.
 */
struct session_entry *session_match_open(
    const struct session_list *living, struct process process, const char *user);
/* Of the active sessions that PROCESS opened the newest of USER, else the newest; NULL. */
struct session_entry *session_match_close(
    const struct session_list *living, struct process process, const char *user);
/* The newest login, pending or active, that PROCESS authenticated for USER; NULL. */
struct session_entry *session_match_login(
    const struct session_list *living, struct process process, const char *user);
/*
 * The oldest pending one that makes room for a login by AUTHENTICATOR: it opens the newest of its own before any
 * other, and who has ended opens none (a parent that lives is late). NULL: each of them may still be opened.
 */
struct session_entry *session_match_displaced(
    const struct session_list *living, struct process authenticator);

#endif
