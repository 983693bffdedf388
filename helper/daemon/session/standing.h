/*
 * Who stands in a session: the whole rule, from kernel facts only.
 *
 * A caller stands in a session when ALL of this holds: the uid asked for = the session's uid = the caller's real
 * uid, not 0; the session is active, its opener lives (pid and start time re-read), in our pid namespace; and
 * the caller's audit id is the session's fresh one with loginuid = uid, or, where the session has no fresh id,
 * the caller's session leader is the opener, its child, or a grandchild through a child of that user (each step
 * by pid and start time, re-read).
 *
 * Presence without a prompt needs more: effective uid 0, and a controlling terminal whose session leader is the
 * opener, its child or grandchild as above, with the user's real uid; or, where the audit id is fresh, the opener
 * itself with root's: shadow's login(1). And the caller is in front of that terminal, not a job in its background,
 * whose question nobody would see. In doubt: no.
 */
#ifndef SESSION_STANDING_H
#define SESSION_STANDING_H

#include "base/process.h"
#include "base/reason.h"
#include "session/sessions.h"

#include <stdbool.h>

/* The session that CALLER, asking for UID, stands in; NULL with *why (NOT_STANDING, FOREIGN_NAMESPACE, SESSION_CLOSED). */
struct session *standing_find(
    struct sessions *sessions, const struct process_facts *caller, uint32_t uid, enum reason *why);
/* Does that process, a terminal's leader, stand in SESSION? */
bool standing_leader(const struct session *session, struct process leader);
/*
 * May presence be taken from SESSION, in which CALLER stands? REASON_NONE, NO_TERMINAL, NOT_STANDING,
 * STALE_PROOF (older than REUSE_MS, which never slides: the caller renews nothing).
 */
enum reason standing_presence(
    const struct session *session, const struct process_facts *caller, int64_t reuse_ms);
/* Is CALLER of the process group that its terminal is for just now? (A process may make its own that group.) */
bool standing_in_front(const struct process_facts *caller);
/*
 * The terminal on which CALLER would be asked: its device and its session leader, whose real uid must be UID.
 * REASON_NONE with *leader and *tty filled, else NO_TERMINAL.
 */
enum reason standing_terminal(
    const struct process_facts *caller, uint32_t uid, struct process *leader, uint32_t *tty);

#endif
