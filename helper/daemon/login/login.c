/* How a login begins and how it ends. What proves presence stands in proof.c, what was typed in login_answer.c. */
#include "login/login_internal.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "login/keeping.h"
#include "login/origin.h"
#include "login/proof.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *login_reference(const struct login *login)
{
    return login->outcome.reference;
}

void login_enter(struct login *login, enum login_state state)
{
    static const enum outcome_step steps[] = {[LOGIN_ASKED] = STEP_PROMPT,
        [LOGIN_EXCHANGING] = STEP_API,
        [LOGIN_WAITING] = STEP_KEYS,
        [LOGIN_RECORDING] = STEP_COMMIT,
        [LOGIN_DELAYED] = STEP_FLOOR,
        [LOGIN_OVER] = STEP_HERE};
    int64_t now = clock_boot_us();
    login->outcome.spent_us[steps[login->state]] += now - login->entered_us;
    login->entered_us = now;
    login->state = state;
}

static void note_refusal(struct login *login)
{
    const struct outcome *outcome = &login->outcome;
    struct attempt_note note = {.text = outcome->text};
    if (outcome->text == C2M_TEXT_NONE) /* of a grant as well */
        return;
    memcpy(note.argument, outcome->text_argument, sizeof note.argument);
    memcpy(note.reference, outcome->reference, sizeof note.reference);
    attempts_note(login->parts->attempts, login->request.parent.process, login->request.user, &note);
}

/* The only way out. */
static void say(struct login *login)
{
    login_enter(login, LOGIN_OVER);
    note_refusal(login);
    login->peer.verdict(login->peer.argument, &login->outcome);
}

static void say_late(void *argument)
{
    say(argument);
}

/* With unmapped = deny nobody learns who is mapped: neither by a token of another user nor by any other. */
static bool must_hide(const struct login *login, enum reason reason)
{
    if (login->answered_us == 0)
        return false;
    return reason == REASON_UNMAPPED || (reason == REASON_SUBJECT && login->parts->options->unmapped_deny);
}

void login_finish(struct login *login, enum reason reason, bool mine, uint32_t argument)
{
    secret_free(STEAL(login->typed));
    secret_free(STEAL(login->issued));
    assembly_free(STEAL(login->assembly));
    outcome_set(&login->outcome, reason, mine, argument);
    if (must_hide(login, reason)) {
        login->outcome.verdict = C2M_DENIED;
        login->outcome.text = C2M_TEXT_NOT_ACCEPTED;
        login->outcome.text_argument[0] = 0;
    }
    throttle_tell(login->parts->throttle, &login->trial, &login->outcome, mine);
    /* To the microsecond: what judging took, which differs by the reason, must not show behind the floor. */
    int64_t left =
        login->answered_us + login->parts->options->refusal_floor_ms * INT64_C(1000) - clock_boot_us();
    bool refused = login->outcome.verdict == C2M_DENIED || login->outcome.verdict == C2M_FORBIDDEN;
    if (refused && login->parts->options->unmapped_deny && left > 0) {
        login_enter(login, LOGIN_DELAYED);
        loop_timer_set_us(login->delay, left);
        return;
    }
    say(login);
}

static void ask(struct login *login, unsigned accept)
{
    struct attempt_note note = {.text = C2M_TEXT_NONE};
    struct c2m_prompt prompt = {.prompt = C2M_TEXT_ASK_TOKEN};
    bool code = accept & 1u << C2M_FORM_CODE, token = accept & (1u << C2M_FORM_SHORT | 1u << C2M_FORM_LONG);
    if (code && token && throttle_codes_off(login->parts->throttle, &login->request) > 0)
        code = false;
    if (code)
        prompt.prompt = token ? C2M_TEXT_ASK_TOKEN_OR_CODE : C2M_TEXT_ASK_CODE;
    memcpy(prompt.reference, login->outcome.reference, C2M_REFERENCE_SIZE);
    if (attempts_take(login->parts->attempts, login->request.parent.process, login->request.user, &note)) {
        prompt.reason = note.text;
        memcpy(prompt.reason_argument, note.argument, sizeof prompt.reason_argument);
        memcpy(prompt.reference, note.reference, C2M_REFERENCE_SIZE); /* of the refusal that it speaks of */
    }
    login_enter(login, LOGIN_ASKED);
    login->peer.prompt(login->peer.argument, &prompt);
}

/* Local work only: a user who is not mapped is told so in microseconds. */
static void begin(struct login *login)
{
    const struct login_parts *parts = login->parts;
    const struct login_request *request = &login->request;
    const struct policy_rule *rule = policy_rule_for(parts->policy, request->service);
    const unsigned accept = rule->accept[origin_side(request)];
    login->unmapped = request->uid == C2M_NO_UID || !user_map_has(parts->user_map, request->user);
    if (accept == 0) {
        login_finish(login, REASON_SERVICE_OFF, false, 0);
        return;
    }
    if (login->unmapped && (!parts->options->unmapped_deny || !request->can_ask)) {
        login_finish(login, REASON_UNMAPPED, false, 0);
        return;
    }
    struct proof proof;
    proof_find(parts, request, &proof);
    if (!login->unmapped && (proof.reason == REASON_SESSION || proof.reason == REASON_TERMINAL)) {
        memcpy(login->outcome.reference, proof.reference, sizeof proof.reference);
        vault_hash_text(proof.token_hash, login->outcome.token_hash);
        login->outcome.form = proof.form;
        login_finish(login, proof.reason, true, 0);
    } else if (!request->can_ask) {
        login_finish(login, REASON_NO_CONVERSATION, false, 0);
    } else {
        process_parent(&login->request.caller, &login->request.parent);
        ask(login, accept);
    }
}

int login_new(const struct login_parts *parts, const struct login_request *request,
    const struct login_peer *peer, struct login **out)
{
    struct login *login = calloc(1, sizeof *login);
    if (!login)
        return -ENOMEM;
    login->parts = parts;
    login->entered_us = clock_boot_us();
    login->request = *request;
    login->peer = *peer;
    int r = loop_timer_new(parts->loop, say_late, login, &login->delay);
    if (r < 0) {
        free(login);
        return r;
    }
    keeping_reference(parts, login->outcome.reference);
    if (request->root_door && request->uid != C2M_NO_UID)
        names_learn(parts->names, request->user, request->uid);
    *out = login;
    begin(login);
    return 0;
}

/* Whatever is under way stops; what it obtained or wrote is given up. */
static void stop(struct login *login, enum reason why)
{
    if (login->call)
        api_cancel(STEAL(login->call)); /* its token goes to login_orphan */
    if (login->wait)
        jwks_cancel(STEAL(login->wait));
    login_discard(login);
    if (login->issued && (login->state == LOGIN_EXCHANGING || login->state == LOGIN_WAITING))
        keeping_undo(login->parts, login->outcome.reference, NULL, why);
    if (login->state != LOGIN_RECORDING)
        return;
    store_forget(login->parts->store, login);
    keeping_undo(login->parts, login->outcome.reference, STEAL(login->session), why);
}

void login_abandon(struct login *login, enum reason why)
{
    if (login->state == LOGIN_OVER || login->state == LOGIN_DELAYED)
        return;
    stop(login, why);
    login_finish(login, why, false, 0);
}

void login_unheard(struct login *login)
{
    bool kept =
        login->state == LOGIN_OVER && login->outcome.reason == REASON_CREDENTIAL && login->request.root_door;
    const char *reference = login->outcome.reference;
    if (kept)
        keeping_undo(
            login->parts, reference, sessions_find(login->parts->sessions, reference), REASON_PEER_GONE);
}

void login_free(struct login *login)
{
    if (!login)
        return;
    if (login->call)
        throttle_left(login->parts->throttle, &login->trial);
    stop(login, REASON_PEER_GONE);
    loop_timer_free(login->delay);
    secret_free(login->typed);
    secret_free(login->issued);
    assembly_free(login->assembly);
    free(login);
}
