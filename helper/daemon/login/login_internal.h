/* Shared by login.c, which begins and ends a login, and login_answer.c, which judges what was typed. Nobody else includes this. */
#ifndef LOGIN_LOGIN_INTERNAL_H
#define LOGIN_LOGIN_INTERNAL_H

#include "login/login.h"

enum login_state {
    LOGIN_NEW,
    LOGIN_ASKED,
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
    int64_t answered_ms; /* 0: nothing was typed yet */
    struct secret *typed;
    struct api_call *call;
    /* WAITING for the keys that are published */
    struct jwks_wait *wait;
    bool waited; /* once is enough */
    struct secret *obtained; /* what the exchange yielded, until it is judged */
    struct api_token answer; /* its id and its life; no token in it */
    struct loop_timer *delay; /* with unmapped = deny: no refusal is faster than the floor */
    struct session *session; /* pending, while RECORDING */
    bool unmapped;
};

/* The way to the verdict: REASON is the outcome; MINE and ARGUMENT as in outcome_set. What was typed is wiped. */
void login_finish(struct login *login, enum reason reason, bool mine, uint32_t argument);

/* What the exchange yielded, if it is not judged yet, is revoked. */
void login_discard(struct login *login);

#endif
