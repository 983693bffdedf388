/*
 * From a token to a grant: exchange, verify, judge, record, commit. What a token must pass stands in gate.c; what is
 * kept of it in keeping.c.
 */
#include "login/login_internal.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "login/credential.h"
#include "login/gate.h"
#include "login/keeping.h"
#include "login/proof.h"
#include "session/suspension.h"

#include <errno.h>

/* Kept back from the module's deadline, so that our verdict arrives before it gives up. */
enum { DEADLINE_MARGIN_MS = 500 };

static void give_back(struct login *login, enum reason why)
{
    keeping_undo(login->parts, login->outcome.reference, STEAL(login->session), why);
}

/* The only place that grants by a credential: the tokens are on disk. */
static void recorded(void *argument, int error)
{
    struct login *login = argument;
    enum reason reason = error < 0 ? REASON_STORE : REASON_CREDENTIAL;
    if (login->session && login->session->state == C2M_SESSION_CLOSED)
        reason = REASON_PEER_GONE; /* whoever might have opened it died in this very turn */
    if (reason != REASON_CREDENTIAL) {
        give_back(login, reason);
        login_finish(login, reason, false, 0);
        return;
    }
    login->session = NULL; /* the sessions' own from here on */
    proof_renew(login->parts, &login->request);
    login_finish(login, REASON_CREDENTIAL, true, 0);
}

/* Genuine, the user's own, allowed: written down before it is said. */
static void record(struct login *login, const struct keeping *keeping)
{
    login_enter(login, LOGIN_RECORDING);
    int r = keeping_record(login->parts, &login->request, keeping, &login->session);
    if (r == 0)
        r = store_after_commit(login->parts->store, recorded, login);
    if (r == 0)
        return;
    give_back(login, REASON_STORE);
    login_finish(login, r == -EAGAIN ? REASON_FULL : REASON_STORE, false, 0);
}

bool login_may_be_cut(const struct login *login, size_t length)
{
    return !login->assembled && credential_cut_length(length);
}

static uint32_t text_argument(enum reason reason, const struct login *login, const struct claims *claims)
{
    const struct policy_rule *rule = policy_rule_for(login->parts->policy, login->request.service);
    int64_t ago = clock_wall() - claims->expires;
    if (reason == REASON_EXPIRED)
        return ago > 0 ? (uint32_t)(ago / 60)
                       : 0; /* by the boot clock alone, when the wall clock was set back */
    return reason == REASON_TOO_OLD ? (uint32_t)(rule->max_age / 60) : 0;
}

/* Verifies and judges TOKEN; REASON_NONE when it may be recorded. EXPIRED is told to its owner alone. */
static enum reason judge(
    struct login *login, const struct secret *token, bool ours, struct verified *verified, bool *mine)
{
    *mine = false;
    struct verifier *verifier = login->parts->verifier;
    enum reason reason =
        ours ? verifier_check_obtained(verifier, token, verified) : verifier_check(verifier, token, verified);
    if (reason != REASON_NONE && reason != REASON_EXPIRED)
        return reason;
    vault_hash_text(verified->hash, login->outcome.token_hash);
    const struct gate_token judged = {
        .claims = &verified->claims, .hash = verified->hash, .form = login->outcome.form, .ours = ours};
    enum reason gate = gate_judge(login->parts, &login->request, &judged, mine);
    if (gate == REASON_AUDIENCE)
        mismatches_keep(login->parts->mismatches, C2M_MISMATCH_AUDIENCE, verified->claims.audiences);
    return gate == REASON_NONE || (*mine && reason == REASON_EXPIRED) ? reason : gate;
}

/* As in jwks_wait_for: AGAIN judges it anew. */
static bool wait_for_keys(struct login *login, enum reason *reason, jwks_fn again)
{
    if (!jwks_wait_for(login->parts->jwks, reason, &login->waited, again, login, &login->wait))
        return false;
    login_enter(login, LOGIN_WAITING);
    return true;
}

void login_judge_typed(void *argument)
{
    struct login *login = argument;
    struct verified verified = {.hash = {0}};
    bool mine;
    login->wait = NULL;
    enum reason reason = judge(login, login->typed, false, &verified, &mine);
    if (wait_for_keys(login, &reason, login_judge_typed))
        return;
    if (reason == REASON_NONE) {
        const struct keeping keeping = {.reference = login->outcome.reference,
            .form = C2M_FORM_SHORT,
            .short_token = login->typed,
            .verified = &verified};
        record(login, &keeping);
        return;
    }
    bool genuine = login->outcome.token_hash[0] != '\0';
    if (!genuine && reason != REASON_NO_KEYS && login_may_be_cut(login, secret_length(login->typed)))
        reason = REASON_CUT;
    uint32_t argument_of = reason == REASON_CUT ? (uint32_t)secret_length(login->typed)
                                                : text_argument(reason, login, &verified.claims);
    login_finish(login, reason, mine, argument_of);
}

/* TOKEN is freed by the caller. */
static struct keeping keeping_of(
    const struct login *login, const struct secret *token, const struct verified *verified)
{
    return (struct keeping){.reference = login->outcome.reference,
        .form = login->outcome.form,
        .short_token = token,
        .short_id = login->answer.token_id,
        .long_token = login->issued ? login->issued : login->typed,
        .verified = verified};
}

void login_discard(struct login *login)
{
    struct secret *token SECRET_CLEANUP = STEAL(login->obtained);
    struct verified verified;
    if (!token)
        return;
    verifier_check_obtained(login->parts->verifier, token, &verified); /* for its id and its life alone */
    const struct keeping keeping = keeping_of(login, token, &verified);
    keeping_discard(login->parts, &login->request, &keeping, login->answer.expires);
}

static void judge_obtained(void *argument)
{
    struct login *login = argument;
    struct verified verified = {.hash = {0}};
    bool mine;
    login->wait = NULL;
    enum reason reason = judge(login, login->obtained, true, &verified, &mine);
    if (wait_for_keys(login, &reason, judge_obtained))
        return;
    if (mine)
        suspension_set(login->parts->sessions, login->parts->presences, verified.claims.subject, false);
    if (reason != REASON_NONE) {
        login_discard(login);
        login_finish(login, reason, mine, text_argument(reason, login, &verified.claims));
        return;
    }
    struct secret *token SECRET_CLEANUP = STEAL(login->obtained);
    const struct keeping keeping = keeping_of(login, token, &verified);
    record(login, &keeping);
}

int64_t login_time_left(const struct login *login)
{
    return login->answered_us / 1000 + login->request.deadline_ms - DEADLINE_MARGIN_MS - clock_boot_ms();
}

static void exchanged(void *argument, struct api_token *answer)
{
    struct login *login = argument;
    login->call = NULL;
    login_hear(login, answer);
    login->outcome.why = answer->why;
    if (answer->outcome != API_OK && login->issued) {
        give_back(login, answer->reason);
        login_finish(login, answer->reason, false, 0);
        return;
    }
    if (answer->outcome != API_OK) {
        bool cut = answer->outcome == API_REFUSED && login_may_be_cut(login, secret_length(login->typed));
        login_finish(
            login, cut ? REASON_CUT : answer->reason, false, cut ? (uint32_t)secret_length(login->typed) : 0);
        return;
    }
    login->obtained = STEAL(answer->token);
    login->answer = *answer;
    judge_obtained(login);
}

void login_exchange(struct login *login, const struct secret *long_token)
{
    login_enter(login, LOGIN_EXCHANGING);
    int r = api_exchange(login->parts->api, long_token, &login->parts->options->request_scopes,
        login->trial.lane, login_time_left(login), exchanged, login, &login->call);
    if (r == 0)
        return;
    if (login->issued)
        give_back(login, REASON_INTERNAL);
    login_finish(login, REASON_INTERNAL, false, 0);
}
