/*
 * Whose account a login's answer calls suspended. Who logs in may type another one's token under any name: it is the
 * token's client that counts, never the user's who is named.
 */
#include "login/login_internal.h"

#include "base/cleanup.h"
#include "login/keeping.h"
#include "session/suspension.h"

#include <string.h>

static void suspend(const struct login *login, const char *client)
{
    suspension_set(login->parts->sessions, login->parts->presences, client, true);
}

static bool holds(const struct login *login, const struct session *session)
{
    struct secret *token SECRET_CLEANUP = NULL;
    return strcmp(session->user, login->request.user) == 0 &&
           ledger_long(login->parts->ledger, session->reference, &token) == 0 &&
           secret_equal(token, login->typed);
}

/* What was typed says so itself, or a session that it opened knows: its client may not be told by an opaque one. */
static void suspend_typed(const struct login *login)
{
    const struct login_parts *parts = login->parts;
    char client[CLAIMS_TEXT_SIZE];
    keeping_own_client(login->typed, client);
    suspend(login, client);
    for (struct session *s = sessions_first(parts->sessions); s; s = sessions_next(parts->sessions, s))
        if (!s->suspended && holds(login, s))
            suspend(login, s->client);
}

void login_hear(const struct login *login, const struct api_token *answer)
{
    char client[CLAIMS_TEXT_SIZE];
    if (answer->reason != REASON_SUSPENDED)
        return;
    if (login->outcome.form == C2M_FORM_LONG)
        suspend_typed(login);
    else if (user_map_first(login->parts->user_map, login->request.user, client, sizeof client))
        suspend(login, client);
}
