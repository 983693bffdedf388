/*
 * Presence without a prompt: the session that the caller stands in, or a credential typed at his terminal
 * before, within [service sudo] reuse. In doubt, ask.
 */
#ifndef LOGIN_PROOF_H
#define LOGIN_PROOF_H

#include "login/parts.h"

struct proof {
    enum reason reason; /* SESSION or TERMINAL: proven; else why he is asked */
    char reference[9]; /* of the session or the login that proved it */
    enum c2m_credential_form form;
    uint8_t token_hash[VAULT_HASH_SIZE];
};

void proof_find(const struct login_parts *parts, const struct login_request *request, struct proof *out);
/* A credential was typed at sudo's prompt and granted: the presence of the session that the caller stands in is renewed. */
void proof_renew(const struct login_parts *parts, const struct login_request *request);
/* ... and it proves presence for that terminal, where reuse allows one. Before the commit of the login. */
int proof_at_terminal(const struct login_parts *parts, const struct login_request *request,
    const char *reference, enum c2m_credential_form form, const struct verified *token);

#endif
