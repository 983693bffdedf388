/* One session by itself: made from a login, read by the policy, shown and logged. */
#ifndef SESSION_SESSION_H
#define SESSION_SESSION_H

#include "session/sessions.h"

/*
 * A session as a granted login begins it; the state stays 0. -E2BIG: a name does not fit; -ENOMEM. What only
 * informs (tty, rhost) is cut. session_deinit frees what it holds.
 */
int session_from_login(const struct session_login *login, struct session *out);
void session_deinit(struct session *session);
/* SESSION's facts, its texts with them: those are OUT's from here on. */
void session_move(struct session *out, struct session *session);
/* Was there memory for each of its texts? */
bool session_whole(const struct session *session);
/* The boot clock's end of the token, from the wall clock's as it stands now. */
void session_set_deadline(struct session *session);
/* Does the opener of an active session live? By its pidfd, now: the loop may not have heard of its death yet. */
bool session_opener_lives(const struct session *session);
/* "pending", "active", "closed"; "none" before the first. */
const char *session_state_word(enum c2m_session_state state);
/* The one line of a change of state; WAS and AUDIT are words, AUDIT NULL when it is not news. */
void session_log(const struct session *session, const char *was, enum reason why, const char *audit);

#endif
