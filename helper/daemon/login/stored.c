/* The session holds the long token too: what it obtains is revoked with it, and it lives on with its enrollment. */
#include "login/stored.h"

#include "base/log.h"
#include "login/keeping.h"
#include "login/origin.h"

#include <stdio.h>
#include <string.h>

/* The login uid is the kernel's word on whose login it is: su and runuser, by root, run in that of somebody else. */
static bool may_be_served(const struct login_parts *parts, const struct login_request *request)
{
    const struct process_facts *opener = &request->caller;
    return parts->options->stored && request->uid != 0 && request->user[0] && !opener->foreign &&
           opener->real_uid == 0 && opener->effective_uid == 0 && request->uid != PROCESS_NO_UID &&
           opener->login_uid == request->uid && user_map_has(parts->user_map, request->user) &&
           policy_rule_for(parts->policy, request->service)->accept[origin_side(request)] != 0;
}

/* The long token alone: what else the enrollment holds for a moment is not the session's. */
static int hold(const struct login_parts *parts, const struct enrolled *enrolled,
    const struct enrollment *kept, const char *reference)
{
    struct secret *token SECRET_CLEANUP = NULL;
    int r = enrolled_token(enrolled, kept->owner, &token);
    const struct ledger_token held = {
        .kind = LEDGER_ENROLLED,
        .user = kept->owner,
        .client = kept->client,
        .token_id = kept->token_id,
        .hash = kept->hash,
        .expires = kept->expires,
        .may_revoke = true,
    };
    return r < 0 ? r : ledger_hold(parts->ledger, reference, &held, token);
}

struct session *stored_open(
    const struct login_parts *parts, const struct enrolled *enrolled, const struct login_request *request)
{
    const struct enrollment *kept =
        may_be_served(parts, request) ? enrolled_find(enrolled, request->user) : NULL;
    struct session *session = NULL;
    struct verified none = {.hash = {0}};
    char reference[9];
    if (!kept)
        return NULL;
    keeping_reference(parts, reference);
    snprintf(none.claims.subject, sizeof none.claims.subject, "%s", kept->client);
    const struct session_login login = {
        .reference = reference,
        .user = request->user,
        .service = request->service,
        .tty = request->tty,
        .rhost = request->rhost,
        .uid = request->uid,
        .form = C2M_FORM_STORED,
        .authenticator = request->caller,
        .token = &none,
    };
    if (hold(parts, enrolled, kept, reference) < 0 || sessions_pend(parts->sessions, &login, &session) < 0) {
        ledger_release(parts->ledger, reference);
        log_message(LOG_LEVEL_ERROR, "ref=%s: no session by what is kept for %s: the state cannot be written",
            reference, request->user);
        return NULL;
    }
    return sessions_open(parts->sessions, &request->caller, request->user);
}
