/*
 * What a granted login keeps, and what a refused one gives back: its tokens in the ledger, its pending session,
 * the presence of its terminal, in one transaction. Whatever was obtained and is not kept is revoked.
 */
#ifndef LOGIN_KEEPING_H
#define LOGIN_KEEPING_H

#include "login/parts.h"

/* A reference that names nothing yet: giving up what another one holds would be giving up a stranger's session. */
void keeping_reference(const struct login_parts *parts, char out[9]);

/*
 * A long token that is a JWT says its own id, and when it ends; the API has just taken it as genuine. "": it says none.
 * OUT is returned; EXPIRES may be NULL, and stays as it is when nothing is said.
 */
const char *keeping_own_id(const struct secret *token, char out[CLAIMS_TEXT_SIZE], int64_t *expires);

/* The same of its client: whose account the API has just called suspended. "": it says none. */
const char *keeping_own_client(const struct secret *token, char out[CLAIMS_TEXT_SIZE]);

struct keeping {
    const char *reference;
    enum c2m_credential_form form;
    const struct secret *short_token;
    const char *short_id; /* of the API's answer; NULL or "": the token's own */
    const struct secret
        *long_token; /* NULL: a short token was pasted; one that a code bought is held already */
    const struct verified *verified;
    bool same_client; /* whose short_token is, long_token is known to be; else the user's map says it */
};

/*
 * Writes it in this turn's transaction. Over user.sock nothing opens: what was obtained is ordered to be revoked
 * at once, and *session stays NULL.
 */
int keeping_record(const struct login_parts *parts, const struct login_request *request,
    const struct keeping *keeping, struct session **session);
/* Another short token for a session that lives, held under its reference, written in this turn's transaction. */
int keeping_add(const struct login_parts *parts, const struct login_request *request,
    const struct keeping *keeping, int64_t expires);
/* The commit failed, or the peer is gone: session, presence and tokens are given up. SESSION may be NULL. */
void keeping_undo(
    const struct login_parts *parts, const char *reference, struct session *session, enum reason why);
/* A token that nobody waits for any more: it is revoked. LONG_TOKEN: what it was obtained with; NULL. */
void keeping_orphan(
    const struct login_parts *parts, const struct api_token *token, const struct secret *long_token);
/*
 * An obtained token that may not log in: it is revoked. EXPIRES: what the API said, when the token says nothing. One of
 * another client is alive although its long token is told that there is none.
 */
void keeping_discard(const struct login_parts *parts, const struct login_request *request,
    const struct keeping *keeping, int64_t expires);

#endif
