/*
 * Every row but the first refuses, and PAM_IGNORE stands in the row of IGNORE only: an error never ends there,
 * because a stack may well let an ignored module pass.
 */
#include "verdict.h"

#include <security/_pam_types.h>

struct row {
    uint32_t verdict;
    const char *word;
    int authenticate, account, session;
};

static const struct row table[] = {
    {C2M_GRANTED, "granted", PAM_SUCCESS, PAM_SUCCESS, PAM_SUCCESS},
    {C2M_DENIED, "denied", PAM_AUTH_ERR, PAM_PERM_DENIED, PAM_SESSION_ERR},
    {C2M_FORBIDDEN, "forbidden", PAM_PERM_DENIED, PAM_PERM_DENIED, PAM_SESSION_ERR},
    {C2M_EXHAUSTED, "exhausted", PAM_MAXTRIES, PAM_PERM_DENIED, PAM_SESSION_ERR},
    {C2M_ENDED, "ended", PAM_AUTH_ERR, PAM_ACCT_EXPIRED, PAM_SESSION_ERR},
    {C2M_UNAVAILABLE, "unavailable", PAM_AUTHINFO_UNAVAIL, PAM_AUTHINFO_UNAVAIL, PAM_SESSION_ERR},
    {C2M_IGNORE, "ignore", PAM_IGNORE, PAM_IGNORE, PAM_IGNORE},
};

static const struct row *find(uint32_t verdict)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].verdict == verdict)
            return &table[i];
    return NULL;
}

const char *verdict_word(uint32_t verdict)
{
    const struct row *row = find(verdict);
    return row == NULL ? "unknown" : row->word;
}

int verdict_outage(uint16_t operation)
{
    bool session = operation == C2M_OPEN || operation == C2M_CLOSE;
    return session ? PAM_SESSION_ERR : PAM_AUTHINFO_UNAVAIL;
}

int verdict_code(const struct c2m_verdict *verdict, uint16_t operation, unsigned prompted, bool reuse)
{
    const struct row *row = find(verdict->verdict);

    if (row == NULL || verdict->operation != operation)
        return verdict_outage(operation);
    switch (operation) {
    case C2M_AUTHENTICATE:
        /* A helper that was taken over could grant what nobody was asked for: root's line alone allows that. */
        if (row->verdict == C2M_GRANTED && !reuse && (prompted == 0 || verdict->prompted == 0))
            return PAM_AUTH_ERR;
        return row->authenticate;
    case C2M_ACCOUNT:
        return row->account;
    case C2M_OPEN:
    case C2M_CLOSE:
        return row->session;
    default:
        return PAM_SYSTEM_ERR;
    }
}
