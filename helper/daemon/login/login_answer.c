/* What was typed: in parts or whole, which form it has, and whether it may be judged. It goes on in login_judge.c. */
#include "login/login_internal.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "login/credential.h"
#include "login/keeping.h"
#include "login/origin.h"

#include <string.h>

/*
 * Nothing is obtained that could not be revoked, and no token that this helper keeps proves anything. A JWT can be
 * spelled anew (an ECDSA signature has a twin), so what it says of its id is asked about too: that can only deny.
 */
static void answer_by_api(struct login *login)
{
    uint8_t hash[VAULT_HASH_SIZE];
    char id[CLAIMS_TEXT_SIZE];
    keeping_own_id(login->typed, id, NULL);
    vault_hash(secret_bytes(login->typed), secret_length(login->typed), hash);
    enum deny_kind denied = deny_list_find(login->parts->deny_list, id, hash);
    if (denied != DENY_NOT)
        login_finish(login, denied == DENY_OURS ? REASON_OURS : REASON_REVOKED, false, 0);
    else if (store_probe(login->parts->store) < 0 || ledger_ready(login->parts->ledger) < 0)
        login_finish(login, REASON_STORE, false, 0);
    else if (login->outcome.form == C2M_FORM_LONG)
        login_exchange(login, login->typed);
    else
        login_issue(login);
}

/* What can be said of it without asking anybody: it is no credential, or none that is accepted here. */
static enum reason admit(const struct login *login, const struct credential *credential)
{
    const struct policy_rule *rule = policy_rule_for(login->parts->policy, login->request.service);
    if (credential->reason != REASON_NONE)
        return credential->reason == REASON_CUT && login->assembled ? REASON_MALFORMED : credential->reason;
    if (!policy_accepts(rule, origin_side(&login->request), credential->form))
        return REASON_FORM_NOT_ACCEPTED;
    return REASON_NONE;
}

/* Whether it may be judged, now and for this user. Who is not mapped gets the answers of who is, as far as they go. */
static enum reason ask(struct login *login)
{
    enum reason reason = throttle_ask(
        login->parts->throttle, &login->request, login->outcome.form, login->typed, &login->trial);
    if (reason != REASON_NONE || !login->unmapped)
        return reason;
    size_t length = secret_length(login->typed);
    login->trial.argument = (uint32_t)length;
    return login_may_be_cut(login, length) ? REASON_CUT : REASON_UNMAPPED;
}

static void answer_whole(struct login *login, const char *typed, size_t length)
{
    struct credential credential;
    const struct policy_rule *rule = policy_rule_for(login->parts->policy, login->request.service);
    credential_tell(typed, length, login->parts->options->long_prefixes, &credential);
    if (policy_accepts(rule, origin_side(&login->request), C2M_FORM_SECRET))
        credential_take_secret(typed, length, &credential);
    login->outcome.form = credential.form;
    login->trial.argument = (uint32_t)length;
    enum reason reason = admit(login, &credential);
    if (reason == REASON_NONE)
        reason = secret_new(typed, length, &login->typed) < 0 ? REASON_INTERNAL : ask(login);
    if (reason != REASON_NONE)
        login_finish(login, reason, login->trial.mine, login->trial.argument);
    else if (credential.form == C2M_FORM_SHORT)
        login_judge_typed(login);
    else
        answer_by_api(login);
}

static void ask_next_part(struct login *login)
{
    struct c2m_prompt prompt = {.prompt = C2M_TEXT_ASK_PART,
        .prompt_argument = {assembly_next(login->assembly), assembly_count(login->assembly)}};
    memcpy(prompt.reference, login->outcome.reference, C2M_REFERENCE_SIZE);
    login_enter(login, LOGIN_ASKED);
    login->peer.prompt(login->peer.argument, &prompt);
}

/* Who began with a part is asked for the others; until the last one nothing is judged, and nobody else is asked. */
static void answer_part(struct login *login, const char *typed, size_t length)
{
    struct secret *token SECRET_CLEANUP = NULL;
    enum reason reason = REASON_NONE;
    if (!login->assembly && assembly_new(&login->assembly) < 0)
        reason = REASON_INTERNAL;
    if (reason == REASON_NONE)
        reason = assembly_add(login->assembly, typed, length, &token);
    if (reason != REASON_NONE) {
        login_finish(login, reason, false, 0);
    } else if (!token) {
        ask_next_part(login);
    } else {
        login->assembled = true;
        assembly_free(STEAL(login->assembly));
        answer_whole(login, secret_bytes(token), secret_length(token));
    }
}

bool login_answer(struct login *login, const char *typed, size_t length)
{
    if (login->state != LOGIN_ASKED)
        return false;
    login->answered_us = clock_boot_us();
    login_enter(login, LOGIN_JUDGING);
    if (login->assembly || assembly_begins(typed, length))
        answer_part(login, typed, length);
    else
        answer_whole(login, typed, length);
    return true;
}
