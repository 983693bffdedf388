/*
 * One authenticate, from BEGIN to its verdict: the only place that grants.
 *
 *   NEW -> ASKED -> JUDGING -> (EXCHANGING ->) (WAITING ->) RECORDING -> OVER    a credential was typed
 *   ASKED -> JUDGING -> ASKED                      a part of a token was typed, the next one is asked for
 *   NEW -> OVER                                                       presence is proved, or it is not ours to judge
 *
 * A grant follows the commit that recorded its tokens. Whatever was obtained and is not granted is revoked.
 */
#ifndef LOGIN_LOGIN_H
#define LOGIN_LOGIN_H

#include "login/outcome.h"
#include "login/parts.h"

struct login;

struct login_peer {
    /* The peer is to be asked, for each part of a token again; its answer comes back by login_answer. */
    void (*prompt)(void *argument, const struct c2m_prompt *prompt);
    /* The verdict, exactly once, unless login_free came first. The login may be freed afterwards, not inside. */
    void (*verdict)(void *argument, const struct outcome *outcome);
    void *argument;
};

/*
 * Begins: calls prompt or verdict, perhaps from inside. PARTS are borrowed and outlive the login; REQUEST is
 * copied. -ENOMEM.
 */
int login_new(const struct login_parts *parts, const struct login_request *request,
    const struct login_peer *peer, struct login **out);
/* What was typed. False when nothing was asked: a protocol error. */
bool login_answer(struct login *login, const char *typed, size_t length);
/* The deadline is over, or the helper stops: the verdict is UNAVAILABLE with that reason, unless it was given. */
void login_abandon(struct login *login, enum reason why);
/* Its verdict never reached the peer: a grant is taken back, or a process that was told "no" would open its session. */
void login_unheard(struct login *login);
/* The peer is gone, or has its verdict: what is under way is undone. NULL is fine. */
void login_free(struct login *login);
/* Who is asked what, for the log line: the reference, 8 hex digits. */
const char *login_reference(const struct login *login);

/* keeping_orphan, for api_set_orphan. ARGUMENT: struct login_parts. */
void login_orphan(void *argument, struct api_token *token, const struct secret *long_token);

#endif
