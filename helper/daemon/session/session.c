/* Names that are compared lie within; the longer texts, short as a rule, on the heap: 10,000 sessions are to be small. */
#include "session/session.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "session/session_registry.h"
#include "c2m/client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool copy(char *out, size_t size, const char *text)
{
    size_t length = strnlen(text, size);
    bool fits = length < size;
    if (!fits)
        length = size - 1;
    memset(out, 0, size);
    memcpy(out, text, length);
    return fits;
}

static int copy_token(struct session *out, const struct verified *token)
{
    const struct claims *claims = &token->claims;
    memcpy(out->token_hash, token->hash, sizeof out->token_hash);
    out->token_issued = claims->issued;
    out->token_expires = claims->expires;
    session_set_deadline(out);
    out->client = strdup(claims->subject);
    out->token_id = strdup(claims->token_id);
    out->scopes = strdup(claims->scopes.text);
    out->audiences = strdup(claims->audiences);
    return out->client && out->token_id && out->scopes && out->audiences ? 0 : -ENOMEM;
}

/* A parent may open the session only if it was root when the child authenticated: sshd's monitor, never a shell. */
static void copy_parent(struct session *out, const struct process_facts *parent)
{
    out->parent_audit = PROCESS_NO_AUDIT_ID;
    if (parent->process.pid <= 0 || parent->real_uid != 0 || parent->effective_uid != 0 || parent->foreign)
        return;
    out->parent = parent->process;
    out->parent_audit = parent->audit_id;
}

int session_from_login(const struct session_login *login, struct session *out)
{
    *out = (struct session){.uid = login->uid,
        .form = login->form,
        .authenticator = login->authenticator.process,
        .authenticator_audit = login->authenticator.audit_id,
        .audit_id = PROCESS_NO_AUDIT_ID,
        .proved_boot_ms =
            login->form == C2M_FORM_STORED ? 0 : clock_boot_ms(), /* nobody has typed anything */
        .opened_wall = clock_wall(),
        .opened_boot_ms = clock_boot_ms()};
    copy_parent(out, &login->parent);
    bool fits = copy(out->reference, sizeof out->reference, login->reference) &&
                copy(out->user, sizeof out->user, login->user) &&
                copy(out->service, sizeof out->service, login->service);
    if (!fits)
        return -E2BIG;
    out->tty = strndup(login->tty, C2M_NAME_MAX);
    out->rhost = strndup(login->rhost, C2M_HOST_MAX);
    int r = copy_token(out, login->token);
    if (!out->tty || !out->rhost)
        r = -ENOMEM;
    if (r < 0)
        session_deinit(out);
    return r;
}

static void forget_token(struct session *session)
{
    free(STEAL(session->client));
    free(STEAL(session->token_id));
    free(STEAL(session->scopes));
    free(STEAL(session->audiences));
}

void session_deinit(struct session *session)
{
    free(STEAL(session->tty));
    free(STEAL(session->rhost));
    forget_token(session);
}

bool session_whole(const struct session *session)
{
    return session->tty && session->rhost && session->client && session->token_id && session->scopes &&
           session->audiences;
}

void session_move(struct session *out, struct session *session)
{
    *out = *session;
    session->tty = session->rhost = NULL;
    session->client = session->token_id = session->scopes = session->audiences = NULL;
}

void session_set_deadline(struct session *session)
{
    session->token_expires_boot_ms = clock_boot_ms() + (session->token_expires - clock_wall()) * 1000;
}

bool session_token_over(const struct session *session)
{
    return clock_wall() >= session->token_expires || clock_boot_ms() >= session->token_expires_boot_ms;
}

bool session_has_token(const struct session *session)
{
    return session->token_expires != 0;
}

const char *session_token_text(const struct session *session, char out[9])
{
    out[0] = '\0';
    if (session_has_token(session))
        vault_hash_text(session->token_hash, out);
    return out;
}

int sessions_renew(struct session *session, const struct verified *token)
{
    struct session former = *session;
    int r = copy_token(session, token);
    if (r < 0) {
        forget_token(session);
        *session = former;
        return r;
    }
    forget_token(&former);
    session_save((struct session_entry *)session);
    return 0;
}

void sessions_prove(struct session *session)
{
    if (session->state == C2M_SESSION_ACTIVE)
        session->proved_boot_ms = clock_boot_ms();
}

void session_claims(const struct session *session, struct claims *out)
{
    *out = (struct claims){
        .type = CLAIMS_TYPE_SHORT, .expires = session->token_expires, .issued = session->token_issued};
    copy(out->subject, sizeof out->subject, session->client);
    copy(out->token_id, sizeof out->token_id, session->token_id);
    copy(out->scopes.text, sizeof out->scopes.text, session->scopes);
    copy(out->audiences, sizeof out->audiences, session->audiences);
}

void session_describe(const struct sessions *sessions, const struct session *session, struct c2m_session *out)
{
    char hash[9];
    vault_hash_text(session->token_hash, hash);
    *out = (struct c2m_session){.opened = session->opened_wall,
        .expires = session->token_expires,
        .uid = session->uid,
        .state = session->state,
        .form = session->form,
        .opener_pid = (uint32_t)session->opener.pid,
        .opener_start = session->opener.start,
        .audit_id = session->audit_id,
        .sudo_uses = session->sudo_uses,
        .tokens = ledger_count(sessions->ledger, session->reference)};
    memcpy(out->reference, session->reference, sizeof out->reference);
    memcpy(out->token_hash, hash, sizeof out->token_hash);
    c2m_text_cut(&out->user.length, out->user.bytes, C2M_NAME_MAX, session->user);
    c2m_text_cut(&out->service.length, out->service.bytes, C2M_NAME_MAX, session->service);
    c2m_text_cut(&out->tty.length, out->tty.bytes, C2M_NAME_MAX, session->tty);
    c2m_text_cut(&out->rhost.length, out->rhost.bytes, C2M_HOST_MAX, session->rhost);
}

const char *session_state_word(enum c2m_session_state state)
{
    switch (state) {
    case C2M_SESSION_PENDING:
        return "pending";
    case C2M_SESSION_ACTIVE:
        return "active";
    case C2M_SESSION_CLOSED:
        return "closed";
    }
    return "none";
}

static enum log_level level_of(enum reason why)
{
    bool plain =
        why == REASON_NONE || why == REASON_CREDENTIAL || why == REASON_OPENED || why == REASON_LOGOUT;
    return plain ? LOG_LEVEL_INFO : LOG_LEVEL_NOTICE;
}

void session_log(const struct session *session, const char *was, enum reason why, const char *audit)
{
    struct process process = session->opener.pid > 0 ? session->opener : session->authenticator;
    struct log_line line;
    char hash[9];
    log_begin(&line, "session");
    log_text(&line, "ref", session->reference);
    log_text(&line, "state", session_state_word(session->state));
    log_text(&line, "was", was);
    log_text(&line, "reason", why == REASON_NONE ? NULL : reason_word(why));
    log_text(&line, "user", session->user);
    log_text(&line, "service", session->service);
    log_text(&line, "rhost", session->rhost);
    log_text(&line, "tty", session->tty);
    log_number(&line, "pid", process.pid);
    log_text(&line, "audit", audit);
    log_text(&line, "token", session_token_text(session, hash));
    log_send(&line, level_of(why));
}
