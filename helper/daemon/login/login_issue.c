/*
 * A one-time code, or a client's secret, buys a long token (POST /auth/tokens/long) that nobody but the ledger ever
 * sees: it is written down before it is used, exchanged as a pasted one is, and revoked with the session, after its
 * short ones. It is asked for as short a life as the API has, and for no more than this login needs.
 */
#include "login/login_internal.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "login/keeping.h"

#include <errno.h>

enum { ISSUED_LIFE = 3600 };

static int add_scope(void *argument, const char *scope, size_t length)
{
    return scopes_add(argument, scope, length);
}

/* What logs in here, and at sudo where the session may speak for its user; none when nothing says which. */
static void scopes_for(const struct login *login, struct scopes *out)
{
    const struct policy *policy = login->parts->policy;
    const struct policy_rule *rule = policy_rule_for(policy, login->request.service);
    *out = login->parts->options->issue_scopes;
    int error = scopes_empty(out) || scopes_empty(&rule->required);
    if (!error)
        error = scopes_each(&rule->required, add_scope, out);
    for (unsigned i = 0; !error && i < policy->count; i++)
        if (policy->services[i].rule.reuse_ms > 0)
            error = scopes_each(&policy->services[i].rule.required, add_scope, out);
    if (error)
        out->text[0] = '\0';
}

/* In this turn's transaction, before it is used. */
static int hold(const struct login *login, const char *client, const struct api_token *answer)
{
    uint8_t hash[VAULT_HASH_SIZE];
    char own[CLAIMS_TEXT_SIZE];
    keeping_own_id(login->issued, own, NULL);
    vault_hash(secret_bytes(login->issued), secret_length(login->issued), hash);
    const struct ledger_token token = {
        .kind = LEDGER_ISSUED_LONG,
        .user = login->request.user,
        .client = client,
        .token_id = answer->token_id[0] ? answer->token_id : own,
        .claimed_id = own[0] ? own : NULL,
        .hash = hash,
        .expires = answer->expires ? answer->expires : clock_wall() + ISSUED_LIFE,
        .may_revoke = true,
    };
    return ledger_hold(login->parts->ledger, login->outcome.reference, &token, login->issued);
}

static void issued(void *argument, struct api_token *answer)
{
    struct login *login = argument;
    char client[CLAIMS_TEXT_SIZE] = "";
    login->call = NULL;
    login_hear(login, answer);
    login->outcome.why = answer->why;
    if (answer->outcome != API_OK) {
        login_finish(login, answer->reason, false, 0);
        return;
    }
    login->issued = STEAL(answer->token);
    user_map_first(login->parts->user_map, login->request.user, client, sizeof client);
    int r = hold(login, client, answer);
    if (r == 0) {
        login_exchange(login, login->issued);
        return;
    }
    keeping_undo(login->parts, login->outcome.reference, NULL, REASON_STORE);
    login_finish(login, r == -EAGAIN ? REASON_FULL : REASON_STORE, false, 0);
}

void login_issue(struct login *login)
{
    char client[CLAIMS_TEXT_SIZE];
    struct scopes scopes;
    bool code = login->outcome.form == C2M_FORM_CODE;
    if (!user_map_first(login->parts->user_map, login->request.user, client, sizeof client)) {
        login_finish(login, REASON_UNMAPPED, false, 0);
        return;
    }
    scopes_for(login, &scopes);
    const struct api_issue issue = {
        .client_id = client,
        .code = code ? login->typed : NULL,
        .client_secret = code ? client_secrets_find(login->parts->client_secrets, client) : login->typed,
        .scopes = &scopes,
        .ttl_seconds = ISSUED_LIFE,
    };
    login_enter(login, LOGIN_EXCHANGING);
    if (api_issue(login->parts->api, &issue, login->trial.lane, login_time_left(login), issued, login,
            &login->call) < 0)
        login_finish(login, REASON_INTERNAL, false, 0);
}
