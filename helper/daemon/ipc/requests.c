/* The table at the end is the whole of what may be asked. */
#include "ipc/requests.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/reason.h"
#include "ipc/request.h"
#include "ipc/request_body.h"
#include "ipc/adopt_request.h"
#include "ipc/end_request.h"
#include "ipc/enroll_request.h"
#include "ipc/metrics.h"
#include "ipc/token_request.h"
#include "login/account.h"
#include "login/login.h"
#include "login/stored.h"

#include <string.h>

/* How long a person may take to paste a token, in all its parts. The application's own limit (LoginGraceTime) comes first. */
enum { PROMPT_MS = 10 * 60 * 1000 };

static void prompted(void *argument, const struct c2m_prompt *prompt)
{
    struct request *request = argument;
    int64_t now = clock_boot_ms();
    if (request->prompt_until_ms == 0)
        request->prompt_until_ms = now + PROMPT_MS;
    int64_t left = request->prompt_until_ms - now;
    peer_counted_prompt(request->peer);
    peer_deadline(request->peer, left > 0 ? left : 0);
    peer_send(request->peer, C2M_PROMPT, prompt, sizeof *prompt);
}

static void judged(void *argument, const struct outcome *outcome)
{
    request_say(argument, outcome);
}

/* At user.sock a user may authenticate as himself only, under a name that root's module once spoke of. */
static enum reason authority(
    const struct requests *requests, const struct peer *peer, const struct login_request *facts)
{
    const struct caller *caller = peer_caller(peer);
    if (peer_root_door(peer))
        return caller->uid == 0 ? REASON_NONE : REASON_NOT_ALLOWED;
    if (caller->uid != facts->uid || caller->facts.real_uid != facts->uid || facts->uid == 0)
        return REASON_NOT_ALLOWED;
    return names_known(requests->parts->names, facts->user, facts->uid) ? REASON_NONE : REASON_UNKNOWN_NAME;
}

/*
 * Reads the body and asks who may; false: the verdict was said already. NAMED: it is about a user; a session is its
 * opener's, and is closed even when the application has forgotten whose it was.
 */
static bool admit(struct request *request, const void *body, bool named)
{
    struct c2m_request wire;
    memcpy(&wire, body, sizeof wire);
    enum reason reason = REASON_PROTOCOL;
    if (request_body_read(&wire, request->peer, &request->facts) && (request->facts.user[0] || !named))
        reason = authority(request->requests, request->peer, &request->facts);
    if (reason == REASON_NONE)
        return true;
    outcome_set(&request->outcome, reason, false, 0);
    request_say(request, &request->outcome);
    return false;
}

static void authenticate(const struct requests *requests, struct peer *peer, const void *body)
{
    struct request *request = request_begin(requests, peer, "login");
    if (!request || !admit(request, body, true))
        return;
    const struct login_peer asked = {.prompt = prompted, .verdict = judged, .argument = request};
    if (login_new(requests->parts, &request->facts, &asked, &request->login) < 0) {
        outcome_set(&request->outcome, REASON_INTERNAL, false, 0);
        request_say(request, &request->outcome);
    }
}

/* Whoever breaks the protocol is granted nothing any more: what is under way ends here. */
static void broken(struct peer *peer)
{
    struct request *request = peer_state(peer);
    if (request && request->login)
        login_abandon(request->login, REASON_PROTOCOL);
    peer_finish(peer);
}

static void answer(const struct requests *requests, struct peer *peer, const void *body)
{
    struct request *request = peer_state(peer);
    uint16_t length;
    (void)requests;
    memcpy(&length, body, sizeof length);
    const char *typed = (const char *)body + offsetof(struct c2m_answer, typed.bytes);
    if (!request || !request->login || length > C2M_TOKEN_MAX) {
        broken(peer);
        return;
    }
    peer_deadline(
        peer, request->facts.deadline_ms); /* first: the answer may be followed by the last word at once */
    if (!login_answer(request->login, typed, length))
        broken(peer);
}

static void account(const struct requests *requests, struct peer *peer, const void *body)
{
    struct request *request = request_begin(requests, peer, "account");
    if (!request || !admit(request, body, true))
        return;
    account_judge(requests->parts, &request->facts, &request->outcome);
    request_say(request, &request->outcome);
}

/* Its line in the log names the login. */
static void name_session(struct request *request, const struct session *session)
{
    memcpy(request->outcome.reference, session->reference, sizeof session->reference);
    session_token_text(session, request->outcome.token_hash);
    request->outcome.form = session->form;
}

/* What pam_loginuid gives, by which sudo recognises the session: root is told of a service that comes without it. */
static void note_audit_id(const struct requests *requests, const struct login_request *facts)
{
    struct mismatches *mismatches = requests->parts->mismatches;
    if (facts->caller.audit_id == PROCESS_NO_AUDIT_ID)
        mismatches_keep(mismatches, C2M_MISMATCH_UNSET_AUDIT, facts->service);
    else
        mismatches_mended(mismatches, C2M_MISMATCH_UNSET_AUDIT, facts->service);
}

static void open_session(const struct requests *requests, struct peer *peer, const void *body)
{
    struct request *request = request_begin(requests, peer, "open");
    if (!request || !admit(request, body, false))
        return;
    const struct session *session =
        sessions_open(requests->parts->sessions, &request->facts.caller, request->facts.user);
    if (!session) {
        session = stored_open(requests->parts, requests->enrolled, &request->facts);
        if (session)
            renewal_look(requests->renewal); /* its first token */
    }
    outcome_set(&request->outcome, session ? REASON_OPENED : REASON_NO_LOGIN, false, 0);
    if (session) {
        name_session(request, session);
        note_audit_id(requests, &request->facts);
    }
    request_say_committed(request);
}

static void close_session(const struct requests *requests, struct peer *peer, const void *body)
{
    struct request *request = request_begin(requests, peer, "close");
    if (!request || !admit(request, body, false))
        return;
    struct sessions *sessions = requests->parts->sessions;
    struct process opener = request->facts.caller.process;
    const struct session *session = sessions_to_close(sessions, opener, request->facts.user);
    outcome_set(&request->outcome, session ? REASON_LOGOUT : REASON_NO_LOGIN, false, 0);
    if (session)
        name_session(request, session);
    sessions_close(sessions, opener, request->facts.user);
    request_say_committed(request);
}

static void status(const struct requests *requests, struct peer *peer, const void *body)
{
    (void)body;
    admin_status(requests->admin, peer);
}

static void list_sessions(const struct requests *requests, struct peer *peer, const void *body)
{
    (void)body;
    admin_sessions(requests->admin, peer);
}

static void list_revocations(const struct requests *requests, struct peer *peer, const void *body)
{
    (void)body;
    admin_revocations(requests->admin, peer);
}

static void explain(const struct requests *requests, struct peer *peer, const void *body)
{
    (void)requests;
    admin_explain(peer, body);
}

static void list_metrics(const struct requests *requests, struct peer *peer, const void *body)
{
    (void)body;
    metrics_request(requests->admin, peer);
}

static void list_mismatches(const struct requests *requests, struct peer *peer, const void *body)
{
    (void)body;
    admin_mismatches(requests->admin, peer);
}

enum right { ANYBODY, ROOT_DOOR };

static const struct {
    uint16_t operation;
    bool first; /* it begins a connection; ANSWER alone does not */
    enum right right;
    void (*handle)(const struct requests *requests, struct peer *peer, const void *body);
} table[] = {
    {C2M_AUTHENTICATE, true, ANYBODY, authenticate},
    {C2M_ANSWER, false, ANYBODY, answer},
    {C2M_ACCOUNT, true, ANYBODY, account},
    {C2M_OPEN, true, ROOT_DOOR, open_session},
    {C2M_CLOSE, true, ROOT_DOOR, close_session},
    {C2M_STATUS, true, ANYBODY, status},
    {C2M_SESSIONS, true, ANYBODY, list_sessions},
    {C2M_REVOCATIONS, true, ROOT_DOOR, list_revocations},
    {C2M_EXPLAIN, true, ROOT_DOOR, explain},
    {C2M_METRICS, true, ROOT_DOOR, list_metrics},
    {C2M_MISMATCHES, true, ROOT_DOOR, list_mismatches},
    {C2M_ADOPTABLE, true, ROOT_DOOR, adoptable_request},
    {C2M_ADOPT, true, ROOT_DOOR, adopt_request},
    {C2M_TOKEN, true, ANYBODY, token_request},
    {C2M_SESSION_END, true, ROOT_DOOR, end_request},
    {C2M_GIVE_UP, true, ANYBODY, give_up_request},
    {C2M_PRESENCES_END, true, ROOT_DOOR, presences_end_request},
    {C2M_ENROLL, true, ROOT_DOOR, enroll_request},
    {C2M_ROTATE, true, ROOT_DOOR, rotate_request},
    {C2M_ENROLLED, true, ROOT_DOOR, enrolled_request},
    {C2M_UNENROLL, true, ROOT_DOOR, unenroll_request},
};

static void refuse(struct peer *peer, enum reason reason)
{
    struct outcome outcome = {.verdict = C2M_DENIED};
    outcome_set(&outcome, reason, false, 0);
    peer_verdict(peer, &outcome);
}

void requests_handle(void *argument, struct peer *peer, uint16_t operation, const void *body)
{
    const struct requests *requests = argument;
    bool begun = peer_state(peer) != NULL;
    if (peer_caller(peer)->foreign) {
        if (request_refusal_logged(requests, peer))
            log_message(LOG_LEVEL_NOTICE, "event=request verdict=unavailable reason=%s uid=%u pid=%d door=%s",
                reason_word(REASON_FOREIGN_NAMESPACE), peer_caller(peer)->uid, (int)peer_caller(peer)->pid,
                peer_root_door(peer) ? "pam" : "user");
        refuse(peer, REASON_FOREIGN_NAMESPACE);
        return;
    }
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].operation != operation || table[i].first == begun)
            continue;
        if (table[i].right == ROOT_DOOR && !(peer_root_door(peer) && peer_caller(peer)->uid == 0))
            refuse(peer, REASON_NOT_ALLOWED);
        else
            table[i].handle(requests, peer, body);
        return;
    }
    broken(peer);
}

bool requests_known_uid(void *argument, uint32_t uid)
{
    const struct requests *requests = argument;
    return names_known_uid(requests->parts->names, uid);
}
