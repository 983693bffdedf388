/*
 * The end of a session's time. `[session] max_session`: it closes when it is that old, and its tokens are revoked.
 * `on_expiry = hangup`: so does a login whose token has run out where none can come after it, and then, or at
 * max_session, its process is hung up. An outage is no end: renewal goes on trying, until max_session.
 *
 * What sudo runs is not interrupted because the token that was typed for it ran out; it ends with its login.
 */
#ifndef LOGIN_EXPIRY_H
#define LOGIN_EXPIRY_H

#include "login/parts.h"
#include "login/renewal.h"

struct expiry;

/* Looks at the sessions every few seconds. PARTS and RENEWAL stay the caller's. */
int expiry_new(const struct login_parts *parts, const struct renewal *renewal, struct expiry **out);
void expiry_free(struct expiry *expiry);
/* Looks now; by itself it does so every few seconds. */
void expiry_look(struct expiry *expiry);

#endif
