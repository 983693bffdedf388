/*
 * Is the opener's audit id this session's own? A user can run an sshd whose children inherit his id, and in a
 * container all logins may share one; an id proves a session only when it was made for it.
 */
#ifndef SESSION_SESSION_FRESHNESS_H
#define SESSION_SESSION_FRESHNESS_H

#include "session/session_registry.h"

enum session_freshness {
    SESSION_FRESH,
    SESSION_AUDIT_UNSET, /* our session line stands before pam_loginuid, or there is none */
    SESSION_AUDIT_UNCHANGED, /* the opener had it at BEGIN already */
    SESSION_AUDIT_INHERITED, /* its parent has it too */
    SESSION_AUDIT_HELD, /* a live session has it */
    SESSION_AUDIT_CLOSED, /* a closed one had it, in this boot */
    SESSION_AUDIT_UNSURE, /* the parent cannot be read */
};

/* OPENER: its facts as read at OPEN. SESSION is pending still. */
enum session_freshness session_freshness(
    const struct sessions *sessions, const struct session *session, const struct process_facts *opener);
/* "fresh", "unset", "unchanged" ...: how a log line says it. */
const char *session_freshness_word(enum session_freshness freshness);

#endif
