/* Shared by login.c, which begins and ends a login, and login_answer.c, which judges what was typed. Nobody else includes this. */
#ifndef LOGIN_LOGIN_INTERNAL_H
#define LOGIN_LOGIN_INTERNAL_H

#include "login/login.h"
#include "login/throttle.h"

enum login_state { LOGIN_NEW, LOGIN_ASKED, LOGIN_EXCHANGING, LOGIN_RECORDING, LOGIN_DELAYED, LOGIN_OVER };

struct login {
    const struct login_parts *parts;
    struct login_request request;
    struct login_peer peer;
    enum login_state state;
    struct outcome outcome;
    int64_t answered_ms; /* 0: nothing was typed yet */
    struct secret *typed;
    struct throttle_trial trial; /* of what was typed */
    struct api_call *call;
    struct loop_timer *delay; /* with unmapped = deny: no refusal is faster than the floor */
    struct session *session; /* pending, while RECORDING */
    bool unmapped;
};

/* The way to the verdict: REASON is the outcome; MINE and ARGUMENT as in outcome_set. What was typed is wiped. */
void login_finish(struct login *login, enum reason reason, bool mine, uint32_t argument);

#endif
