/* See guessing.h. */
#include "guessing.h"

#include "fakes/loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TRIES_MAX = 1024 };

struct guessing guessing;
static struct http *http;
static struct budget *budget;

/* What login_world asks of the fake API, which is not here. */
void fake_api_reset(void)
{
}
unsigned fake_api_count(void)
{
    return 0;
}
const struct fake_request *fake_api_request(unsigned index)
{
    (void)index;
    return NULL;
}

int login_world_api(struct loop *loop, struct api **out)
{
    assert_int_equal(http_new(loop, NULL, &http), 0);
    assert_int_equal(budget_new(GUESSING_LIMIT, &budget), 0);
    return api_new(loop, http, budget, "https://api.test", out);
}

static void give(const char *token, const char *id, int life, struct http_answer *answer)
{
    static char body[4096];
    snprintf(body, sizeof body, "{\"access_token\":\"%s\",\"token_id\":\"%s\",\"expires_in\":%d}", token, id,
        life);
    answer->status = 201;
    answer->body = body;
}

static char *short_token(const char *client, const char *id)
{
    char *payload = token_payload(client, id, fake_wall - 10, fake_wall + LIFE, GOOD);
    char *token = token_mint(world.key, "EdDSA", "{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}", payload);
    free(payload);
    return token;
}

static void exchange(const char *client, struct http_answer *answer)
{
    char id[32];
    snprintf(id, sizeof id, "tok%u", guessing.server.exchanges++);
    char *token = short_token(client, id);
    give(token, id, LIFE, answer);
    free(token);
}

/* A code buys what the next exchange is asked with. */
static void issue(const char *client, struct http_answer *answer)
{
    char token[48], id[32];
    snprintf(id, sizeof id, "bought%u", guessing.server.issues++);
    snprintf(token, sizeof token, "lt_%s_%s", client, id);
    give(token, id, 3600, answer);
}

static void serve(const char *url, const char *bearer, const char *body, struct http_answer *answer)
{
    if (guessing.server.refusals > 0) {
        guessing.server.refusals--;
        answer->status = guessing.server.refuse_with;
        answer->retry_after = guessing.server.retry_after;
    } else if (strstr(url, "/revoke")) {
        guessing.server.revocations++;
        answer->status = 204;
    } else if (strncmp(bearer, "lt_c2m_", 7) == 0) {
        exchange(strncmp(bearer, "lt_c2m_bob", 10) == 0 ? "c2m_bob" : "c2m_alice", answer);
    } else if (strstr(body, "\"" GOOD_CODE "\"")) {
        issue(strstr(body, "\"c2m_bob\"") ? "c2m_bob" : "c2m_alice", answer);
    } else {
        guessing.server.guesses++;
        answer->status = 401;
    }
    answer->body_length = strlen(answer->body);
}

/* Logins under way, and those that are over. */
static struct
try {
    struct login *login;
    bool honest, over;
    struct outcome outcome;
}
tries[TRIES_MAX];

int guessing_set_up(void **state)
{
    guessing = (struct guessing){.honest = 0};
    fake_http_server = serve;
    fake_http_takes_ms = GUESSING_TAKES_MS;
    login_world_set_up(state);
    fake_http_reset();
    struct process_facts listener = spawn_daemon();
    guessing.guessers_parent = spawn(&listener);
    guessing.guesser = spawn(&guessing.guessers_parent);
    for (size_t i = 0; i < sizeof guessing.people / sizeof guessing.people[0]; i++)
        guessing.people[i] = arrives();
    return 0;
}

int guessing_tear_down(void **state)
{
    for (struct try *try = tries; try < tries + TRIES_MAX; try++) { /* of a test that failed */
        login_free(try->login);
        try->login = NULL;
    }
    int r = login_world_tear_down(state);
    http_free(http);
    budget_free(budget);
    return r;
}

static enum c2m_text prompted;

static void on_prompt(void *argument, const struct c2m_prompt *prompt)
{
    (void)argument;
    prompted = (enum c2m_text)prompt->prompt;
}

static void on_verdict(void *argument, const struct outcome *outcome)
{
    struct try *try = argument;
    try->over = true;
    try->outcome = *outcome;
    guessing.throttled += outcome->verdict == C2M_EXHAUSTED;
    if (!try->honest)
        return;
    guessing.granted += outcome->verdict == C2M_GRANTED;
    guessing.unavailable += outcome->verdict == C2M_UNAVAILABLE;
}

static uint32_t uid_of(const char *user)
{
    if (strcmp(user, "alice") == 0)
        return ALICE;
    return strcmp(user, "bob") == 0 ? BOB : MALLORY;
}

enum c2m_text attempt_start(const struct attempt *attempt, const char *typed)
{
    struct try *try = tries;
    while (try->login)
        assert_true(++try < tries + TRIES_MAX);
    *try = (struct try){.honest = attempt->honest};
    struct login_request request =
        request_of(attempt->service, attempt->user, uid_of(attempt->user), attempt->caller, attempt->parent);
    const struct login_peer peer = {.prompt = on_prompt, .verdict = on_verdict, .argument = try};
    snprintf(request.rhost, sizeof request.rhost, "%s", attempt->rhost);
    prompted = C2M_TEXT_NONE;
    guessing.honest += attempt->honest;
    assert_int_equal(login_new(&world.parts, &request, &peer, &try->login), 0);
    assert_int_not_equal(prompted, C2M_TEXT_NONE);
    assert_true(login_answer(try->login, typed, strlen(typed)));
    return prompted;
}

void pass(int64_t ms)
{
    fake_loop_pass(world.loop, ms);
    for (struct try *try = tries; try < tries + TRIES_MAX; try++) {
        if (!try->login || !try->over)
            continue;
        if (try->outcome.verdict == C2M_GRANTED)
            login_unheard(try->login);
        login_free(try->login);
        try->login = NULL;
    }
}

void guess(const char *user, const char *rhost, const char *typed)
{
    const struct attempt attempt = {"sshd", user, rhost, &guessing.guesser, &guessing.guessers_parent, false};
    attempt_start(&attempt, typed);
}

void one_guesses(unsigned number, unsigned origins, unsigned users)
{
    char rhost[32], typed[32];
    snprintf(rhost, sizeof rhost, "198.51.%u.%u", number % origins / 250, number % origins % 250);
    snprintf(typed, sizeof typed, "lt_guess_%u", number);
    guess(number / origins % users ? "bob" : "alice", rhost, typed);
}

enum c2m_text enters(const char *user, const char *rhost, const char *typed)
{
    const struct person *person = &guessing.people[strcmp(user, "bob") == 0];
    const struct attempt attempt = {"sshd", user, rhost, &person->authenticator, &person->monitor, true};
    return attempt_start(&attempt, typed);
}

void one_logs_in(unsigned number)
{
    char rhost[32], id[32], typed[64];
    bool bob = number % 2 == 1, elsewhere = number % 12 == 5;
    const struct person *person = &guessing.people[elsewhere ? 2 : bob];
    snprintf(rhost, sizeof rhost, elsewhere ? "203.0.113.%u" : "192.0.2.%u", elsewhere ? number : bob);
    snprintf(typed, sizeof typed, "lt_%s_%u", bob ? "c2m_bob" : "c2m_alice", number);
    snprintf(id, sizeof id, "short%u", number);
    char *token = short_token(bob ? "c2m_bob" : "c2m_alice", id);
    const struct attempt attempt = {
        "sshd", bob ? "bob" : "alice", rhost, &person->authenticator, &person->monitor, true};
    attempt_start(&attempt, number % 4 < 2 || elsewhere ? typed : token);
    free(token);
}

void no_minute_held_more_than_the_limit(void)
{
    for (unsigned i = GUESSING_LIMIT; i < fake_http_count(); i++)
        assert_true(fake_http_sent_ms(i) - fake_http_sent_ms(i - GUESSING_LIMIT) >= 60000);
}
