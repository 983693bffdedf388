/*
 * Guessers and honest people, in simulated time: the real login, throttle, API, budget and revoker against a server
 * of the test's own, which counts. alice and bob log in at their usual places; [login] is login_world's.
 *
 * Needs "fakes: clock loop http_server", guessing.c, and what login_world.h says, but for its fake API.
 */
#ifndef TESTS_GUESSING_H
#define TESTS_GUESSING_H

#include "login_world.h"

#include "fakes/http_server.h"

enum { GUESSING_LIMIT = 60, GUESSING_TAKES_MS = 80, STEP_MS = 100, MINUTE_STEPS = 600 };
#define GOOD_CODE \
    "424242" /* good for whoever types it; a long token lt_c2m_USER_… is USER's, anything else a guess */

extern struct guessing {
    /* What the server was asked for, and what it is to say: REFUSE_WITH to the next REFUSALS requests. */
    struct {
        unsigned guesses, exchanges, issues, revocations, refusals;
        long refuse_with;
        int64_t retry_after;
    } server;
    unsigned honest, granted, unavailable; /* honest logins, and how they ended */
    unsigned throttled; /* of all */
    struct process_facts guesser, guessers_parent;
    struct person people[3]; /* alice's and bob's usual places, and another */
} guessing;

int guessing_set_up(void **state);
int guessing_tear_down(void **state);

/* One login of USER; over when time has passed. Whoever got in leaves again then, so that his tokens are revoked. */
struct attempt {
    const char *service, *user, *rhost;
    const struct process_facts *caller, *parent;
    bool honest;
};
/* The prompt that came. */
enum c2m_text attempt_start(const struct attempt *attempt, const char *typed);
void pass(int64_t ms);

/* Guess NUMBER: another long token each time, round the origins and then round the users (alice, bob). */
void one_guesses(unsigned number, unsigned origins, unsigned users);
/* As USER from there, what is typed by a guesser at sshd. */
void guess(const char *user, const char *rhost, const char *typed);
/* A dozen a minute: six by long tokens from the usual place, five by short ones, one by a long one from a new place. */
void one_logs_in(unsigned number);
/* USER, an honest one, at sshd from RHOST. */
enum c2m_text enters(const char *user, const char *rhost, const char *typed);
void no_minute_held_more_than_the_limit(void);

#endif
