/*
 * Shared by login.c, which begins and ends a login, login_answer.c, which takes what was typed, login_judge.c, which
 * goes on with the token, login_issue.c, which makes a long token of a code, and login_suspended.c, which hears of
 * suspended accounts. Nobody else includes this.
 */
#ifndef LOGIN_LOGIN_INTERNAL_H
#define LOGIN_LOGIN_INTERNAL_H

#include "login/assembly.h"
#include "login/login.h"
#include "login/throttle.h"

enum login_state {
    LOGIN_NEW,
    LOGIN_ASKED,
    LOGIN_JUDGING,
    LOGIN_EXCHANGING,
    LOGIN_WAITING,
    LOGIN_RECORDING,
    LOGIN_DELAYED,
    LOGIN_OVER
};

struct login {
    const struct login_parts *parts;
    struct login_request request;
    struct login_peer peer;
    enum login_state state;
    struct outcome outcome;
    int64_t entered_us; /* its state, on the boot clock */
    int64_t answered_us; /* on the boot clock; 0: nothing was typed yet */
    struct assembly *assembly; /* of a token that comes in parts, from the first one on */
    struct secret *typed;
    struct throttle_trial trial; /* of what was typed */
    struct secret *issued; /* the long token that what was typed has bought: in the ledger, for this login */
    struct api_call *call;
    /* WAITING for the keys that are published */
    struct jwks_wait *wait;
    bool waited; /* once is enough */
    struct secret *obtained; /* what the exchange yielded, until it is judged */
    struct api_token answer; /* its id and its life; no token in it */
    struct loop_timer *delay; /* with unmapped = deny: no refusal is faster than the floor */
    struct session *session; /* pending, while RECORDING */
    bool unmapped;
    bool assembled; /* what was typed came in parts, hence whole */
};

/* The only place where the state changes: the time in the former one is noted. */
void login_enter(struct login *login, enum login_state state);
/* The way to the verdict: REASON is the outcome; MINE and ARGUMENT as in outcome_set. What was typed is wiped. */
void login_finish(struct login *login, enum reason reason, bool mine, uint32_t argument);

/* What was typed is a short token: on the way to the verdict, and again when keys were fetched. ARGUMENT is the login. */
void login_judge_typed(void *argument);
/* A token that came in parts has the hash that it was sent with: nobody cut it. */
bool login_may_be_cut(const struct login *login, size_t length);
/* What is left of the deadline for the API, with a margin kept back. */
int64_t login_time_left(const struct login *login);
/* Exchanges LONG_TOKEN, which is the login's, and goes on with what comes. */
void login_exchange(struct login *login, const struct secret *long_token);
/* What was typed is a code or a client's secret: buys a long token with it, and exchanges that. */
void login_issue(struct login *login);
/* ANSWER, of the exchange or the issue, may call an account suspended: its sessions know it from then on. */
void login_hear(const struct login *login, const struct api_token *answer);
/* What the exchange yielded, if it is not judged yet, is revoked. */
void login_discard(struct login *login);

#endif
