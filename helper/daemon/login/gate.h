/*
 * The one gate before a grant: a genuine token, is it this user's, alive, and may it do that here? Used for a
 * token just typed, one just exchanged, and the one that a session or a terminal was proved with, so that no
 * way in is judged more mildly than another.
 */
#ifndef LOGIN_GATE_H
#define LOGIN_GATE_H

#include "login/parts.h"

struct gate_token {
    const struct claims *claims;
    const uint8_t *hash;
    enum c2m_credential_form form;
    bool
        ours; /* obtained by this helper for this very login or session: OURS on the deny list is no objection */
};

/*
 * REASON_NONE, or the first objection: NO_TOKEN_ID, REVOKED, OURS, SUBJECT, then the policy's. *mine says
 * whether the token is the user's own, so that the refusal may be explained to him.
 */
enum reason gate_judge(const struct login_parts *parts, const struct login_request *request,
    const struct gate_token *token, bool *mine);
/* The same for a session's current token, which may have run out meanwhile (EXPIRED). */
enum reason gate_judge_session(
    const struct login_parts *parts, const struct login_request *request, const struct session *session);
/* As if the session's own user typed its token now, at its own service and from where it was opened. */
void gate_request_of(const struct session *session, struct login_request *out);

#endif
