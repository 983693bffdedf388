/*
 * A short token that a renewal brought for a session. Genuine and the user's own it takes the former one's place,
 * whatever the policy says of it; any other is revoked.
 */
#ifndef LOGIN_RENEWED_H
#define LOGIN_RENEWED_H

#include "login/parts.h"

/*
 * REASON: what the verifier said of TOKEN; VERIFIED: what it holds. NONE: it is the session's, and the policy lets it
 * be. Any other: why not; of one that took its place, that it lost what sudo and delivery need.
 */
enum reason renewed_take(const struct login_parts *parts, struct session *session, const struct secret *token,
    const struct api_token *answer, const struct verified *verified, enum reason reason);

#endif
