/*
 * The state machine. What a token must pass stands in gate.c, what proves presence in proof.c; here is the order
 * of things: ask, tell what was typed, exchange, verify, judge, record, commit, grant.
 */
#include "login/login.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "login/credential.h"
#include "login/gate.h"
#include "login/keeping.h"
#include "login/proof.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum login_state { LOGIN_NEW, LOGIN_ASKED, LOGIN_EXCHANGING, LOGIN_RECORDING, LOGIN_DELAYED, LOGIN_OVER };

/* Kept back from the module's deadline, so that our verdict arrives before it gives up. */
enum { DEADLINE_MARGIN_MS = 500 };

struct login {
    const struct login_parts *parts;
    struct login_request request;
    struct login_peer peer;
    enum login_state state;
    struct outcome outcome;
    int64_t answered_ms;
    struct secret *typed;
    struct api_call *call;
    struct loop_timer *delay; /* with unmapped = deny: no refusal is faster than the floor */
    struct session *session;  /* pending, while RECORDING */
    bool unmapped;
};

const char *login_reference(const struct login *login)
{
    return login->outcome.reference;
}

static void note_refusal(struct login *login)
{
    const struct outcome *outcome = &login->outcome;
    struct attempt_note note = {.text = outcome->text,
        .argument = {outcome->text_argument[0], outcome->text_argument[1]}};
    if (outcome->verdict == C2M_GRANTED || outcome->verdict == C2M_IGNORE || outcome->text == C2M_TEXT_NONE)
        return;
    memcpy(note.reference, outcome->reference, sizeof note.reference);
    attempts_note(login->parts->attempts, login->request.parent.process, login->request.user, &note);
}

/* The only way out. */
static void say(struct login *login)
{
    login->state = LOGIN_OVER;
    note_refusal(login);
    login->peer.verdict(login->peer.argument, &login->outcome);
}

static void say_late(void *argument)
{
    say(argument);
}

static void finish(struct login *login, enum reason reason, bool mine, uint32_t argument)
{
    outcome_set(&login->outcome, reason, mine, argument);
    if (login->unmapped && login->answered_ms > 0) {
        login->outcome.verdict = C2M_DENIED;
        login->outcome.text = C2M_TEXT_NOT_ACCEPTED;
    }
    int64_t spent = clock_boot_ms() - login->answered_ms;
    bool refused = login->outcome.verdict == C2M_DENIED || login->outcome.verdict == C2M_FORBIDDEN;
    if (refused && login->answered_ms > 0 && login->parts->options->unmapped_deny &&
        spent < login->parts->options->refusal_floor_ms) {
        login->state = LOGIN_DELAYED;
        loop_timer_set(login->delay, login->parts->options->refusal_floor_ms - spent);
        return;
    }
    say(login);
}

/* The only place that grants by a credential: the tokens are on disk. */
static void recorded(void *argument, int error)
{
    struct login *login = argument;
    if (error < 0) {
        keeping_undo(login->parts, login->outcome.reference, STEAL(login->session));
        finish(login, REASON_STORE, false, 0);
        return;
    }
    login->session = NULL; /* the sessions' own from here on */
    proof_renew(login->parts, &login->request);
    finish(login, REASON_CREDENTIAL, true, 0);
}

/* Genuine, the user's own, allowed: written down before it is said. */
static void record(struct login *login, const struct keeping *keeping)
{
    login->state = LOGIN_RECORDING;
    int r = keeping_record(login->parts, &login->request, keeping, &login->session);
    if (r == 0)
        r = store_after_commit(login->parts->store, recorded, login);
    if (r < 0) {
        keeping_undo(login->parts, login->outcome.reference, STEAL(login->session));
        finish(login, r == -EAGAIN ? REASON_FULL : REASON_STORE, false, 0);
    }
}

static uint32_t text_argument(enum reason reason, const struct login *login, const struct claims *claims)
{
    const struct policy_rule *rule = policy_rule_for(login->parts->policy, login->request.service);
    if (reason == REASON_EXPIRED)
        return (uint32_t)((clock_wall() - claims->expires) / 60);
    return reason == REASON_TOO_OLD ? (uint32_t)(rule->max_age / 60) : 0;
}

/* Verifies and judges TOKEN; REASON_NONE when it may be recorded. EXPIRED is told to its owner alone. */
static enum reason judge(struct login *login, const struct secret *token, bool ours, struct verified *verified, bool *mine)
{
    *mine = false;
    enum reason reason = verifier_check(login->parts->verifier, token, verified);
    if (reason != REASON_NONE && reason != REASON_EXPIRED)
        return reason;
    vault_hash_text(verified->hash, login->outcome.token_hash);
    const struct gate_token judged = {
        .claims = &verified->claims, .hash = verified->hash, .form = login->outcome.form, .ours = ours};
    enum reason gate = gate_judge(login->parts, &login->request, &judged, mine);
    return gate == REASON_NONE || (*mine && reason == REASON_EXPIRED) ? reason : gate;
}

static void answer_short(struct login *login)
{
    struct verified verified;
    bool mine;
    enum reason reason = judge(login, login->typed, false, &verified, &mine);
    if (reason == REASON_NONE) {
        const struct keeping keeping = {
            .reference = login->outcome.reference, .form = C2M_FORM_SHORT, .short_token = login->typed, .verified = &verified};
        record(login, &keeping);
        return;
    }
    if (credential_cut_length(secret_length(login->typed)) && !mine)
        reason = REASON_CUT;
    uint32_t argument = reason == REASON_CUT ? (uint32_t)secret_length(login->typed)
                                             : text_argument(reason, login, &verified.claims);
    finish(login, reason, mine, argument);
}

static void exchanged(void *argument, struct api_token *answer)
{
    struct login *login = argument;
    login->call = NULL;
    if (answer->outcome != API_OK) {
        bool cut = answer->outcome == API_REFUSED && credential_cut_length(secret_length(login->typed));
        finish(login, cut ? REASON_CUT : answer->reason, false, cut ? (uint32_t)secret_length(login->typed) : 0);
        return;
    }
    struct secret *token SECRET_CLEANUP = STEAL(answer->token);
    struct verified verified = {.hash = {0}};
    bool mine;
    const struct keeping keeping = {.reference = login->outcome.reference,
        .form = C2M_FORM_LONG,
        .short_token = token,
        .short_id = answer->token_id,
        .long_token = login->typed,
        .verified = &verified};
    enum reason reason = judge(login, token, true, &verified, &mine);
    if (reason == REASON_NONE) {
        record(login, &keeping);
        return;
    }
    keeping_discard(login->parts, &login->request, &keeping, answer->expires);
    finish(login, reason, mine, text_argument(reason, login, &verified.claims));
}

static void answer_long(struct login *login)
{
    if (store_probe(login->parts->store) < 0) {
        finish(login, REASON_STORE, false, 0); /* nothing is obtained that could not be revoked */
        return;
    }
    login->state = LOGIN_EXCHANGING;
    enum budget_lane lane = login->request.root_door ? BUDGET_LOGIN : BUDGET_USER;
    int r = api_exchange(login->parts->api, login->typed, &login->parts->options->request_scopes, lane,
        login->request.deadline_ms - DEADLINE_MARGIN_MS, exchanged, login, &login->call);
    if (r < 0)
        finish(login, REASON_INTERNAL, false, 0);
}

bool login_answer(struct login *login, const char *typed, size_t length)
{
    if (login->state != LOGIN_ASKED)
        return false;
    login->answered_ms = clock_boot_ms();
    struct credential credential;
    credential_tell(typed, length, login->parts->options->long_prefixes, &credential);
    login->outcome.form = credential.form;
    const struct policy_rule *rule = policy_rule_for(login->parts->policy, login->request.service);
    enum reason reason = login->unmapped ? REASON_UNMAPPED : credential.reason;
    if (reason == REASON_NONE && (!policy_accepts(rule, credential.form) ||
                                     (credential.form != C2M_FORM_SHORT && credential.form != C2M_FORM_LONG)))
        reason = REASON_FORM_NOT_ACCEPTED;
    if (reason == REASON_NONE && secret_new(typed, length, &login->typed) < 0)
        reason = REASON_INTERNAL;
    if (reason != REASON_NONE)
        finish(login, reason, false, (uint32_t)length);
    else if (credential.form == C2M_FORM_SHORT)
        answer_short(login);
    else
        answer_long(login);
    return true;
}

static void ask(struct login *login, unsigned accept)
{
    struct attempt_note note = {.text = C2M_TEXT_NONE};
    struct c2m_prompt prompt = {.prompt = C2M_TEXT_ASK_TOKEN};
    bool code = accept & 1u << C2M_FORM_CODE, token = accept & (1u << C2M_FORM_SHORT | 1u << C2M_FORM_LONG);
    if (code)
        prompt.prompt = token ? C2M_TEXT_ASK_TOKEN_OR_CODE : C2M_TEXT_ASK_CODE;
    memcpy(prompt.reference, login->outcome.reference, C2M_REFERENCE_SIZE);
    if (attempts_take(login->parts->attempts, login->request.parent.process, login->request.user, &note)) {
        prompt.reason = note.text;
        prompt.reason_argument[0] = note.argument[0];
        prompt.reason_argument[1] = note.argument[1];
        memcpy(prompt.reference, note.reference, C2M_REFERENCE_SIZE); /* of the refusal that it speaks of */
    }
    login->state = LOGIN_ASKED;
    login->peer.prompt(login->peer.argument, &prompt);
}

/* Local work only: a user who is not mapped is told so in microseconds. */
static void begin(struct login *login)
{
    const struct login_parts *parts = login->parts;
    const struct login_request *request = &login->request;
    const struct policy_rule *rule = policy_rule_for(parts->policy, request->service);
    login->unmapped = !user_map_has(parts->user_map, request->user);
    if (rule->accept == 0) {
        finish(login, REASON_SERVICE_OFF, false, 0);
        return;
    }
    if (login->unmapped && (!parts->options->unmapped_deny || !request->can_ask)) {
        finish(login, REASON_UNMAPPED, false, 0);
        return;
    }
    struct proof proof;
    proof_find(parts, request, &proof);
    if (!login->unmapped && (proof.reason == REASON_SESSION || proof.reason == REASON_TERMINAL)) {
        memcpy(login->outcome.reference, proof.reference, sizeof proof.reference);
        vault_hash_text(proof.token_hash, login->outcome.token_hash);
        login->outcome.form = proof.form;
        finish(login, proof.reason, true, 0);
    } else if (!request->can_ask) {
        finish(login, REASON_NO_CONVERSATION, false, 0);
    } else {
        ask(login, rule->accept);
    }
}

int login_new(const struct login_parts *parts, const struct login_request *request, const struct login_peer *peer,
    struct login **out)
{
    struct login *login = calloc(1, sizeof *login);
    if (!login)
        return -ENOMEM;
    login->parts = parts;
    login->request = *request;
    login->peer = *peer;
    int r = loop_timer_new(parts->loop, say_late, login, &login->delay);
    if (r < 0) {
        free(login);
        return r;
    }
    vault_reference(login->outcome.reference);
    if (request->root_door)
        names_learn(parts->names, request->user, request->uid);
    *out = login;
    begin(login);
    return 0;
}

void login_abandon(struct login *login, enum reason why)
{
    if (login->state == LOGIN_OVER || login->state == LOGIN_DELAYED)
        return;
    if (login->call)
        api_cancel(STEAL(login->call)); /* its token goes to login_orphan */
    if (login->state == LOGIN_RECORDING) {
        store_forget(login->parts->store, login);
        keeping_undo(login->parts, login->outcome.reference, STEAL(login->session));
    }
    finish(login, why, false, 0);
}

void login_free(struct login *login)
{
    if (!login)
        return;
    if (login->call)
        api_cancel(login->call);
    if (login->state == LOGIN_RECORDING) {
        store_forget(login->parts->store, login);
        keeping_undo(login->parts, login->outcome.reference, login->session);
    }
    loop_timer_free(login->delay);
    secret_free(login->typed);
    free(login);
}
