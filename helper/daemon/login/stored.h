/*
 * `[session] stored = yes`: a session that something else authenticated (a public key) is served by the long token that
 * is kept for its user: it has short ones for the API, which die at logout. It proves no presence: whoever stands in it
 * is asked by sudo as before.
 */
#ifndef LOGIN_STORED_H
#define LOGIN_STORED_H

#include "login/parts.h"
#include "session/enrolled.h"

/*
 * OPEN without a login: an active session without a token yet, which renewal fetches. NULL when it is not configured,
 * nothing is kept for the user, or the opener is not root's through and through with that user's login uid: sudo, su and
 * runuser run for somebody else.
 */
struct session *stored_open(
    const struct login_parts *parts, const struct enrolled *enrolled, const struct login_request *request);

#endif
