// fakes: clock loop http_server
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c
/*
 * Ten minutes of guessing, in simulated time: the real login, throttle, API, budget and revoker against a server of
 * the test's own. And how a 429 is obeyed there.
 */
#include "login_world.h"

#include "fakes/http_server.h"
#include "fakes/loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LIMIT = 60, STEP_MS = 100, MINUTE_STEPS = 600, MINUTES = 10, LOGINS_MAX = 1024, TAKES_MS = 80 };

static struct http *http;
static struct budget *budget;
static struct process_facts guesser, guessers_parent;
static struct person people[3]; /* alice's and bob's usual places, and another */

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
    assert_int_equal(budget_new(LIMIT, &budget), 0);
    return api_new(loop, http, budget, "https://api.test", out);
}

/* What the server was asked for, and what it is to say. */
static struct {
    unsigned guesses, exchanges, revocations;
    long refuse_with;
    int64_t retry_after;
} server;

static void issue(const char *client, struct http_answer *answer)
{
    static char body[4096];
    char id[32];
    snprintf(id, sizeof id, "tok%u", server.exchanges);
    char *payload = token_payload(client, id, fake_wall - 10, fake_wall + LIFE, GOOD);
    char *token = token_mint(world.key, "EdDSA", "{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}", payload);
    snprintf(body, sizeof body, "{\"access_token\":\"%s\",\"token_id\":\"%s\",\"expires_in\":%d}", token, id,
        LIFE);
    free(payload);
    free(token);
    answer->status = 201;
    answer->body = body;
}

static void serve(const char *url, const char *bearer, struct http_answer *answer)
{
    if (server.refuse_with) {
        answer->status = server.refuse_with;
        answer->retry_after = server.retry_after;
    } else if (strstr(url, "/revoke")) {
        server.revocations++;
        answer->status = 204;
    } else if (strncmp(bearer, "lt_c2m_", 7) == 0) {
        server.exchanges++;
        issue(strncmp(bearer, "lt_c2m_bob", 10) == 0 ? "c2m_bob" : "c2m_alice", answer);
    } else {
        server.guesses++;
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
tries[LOGINS_MAX];

static int set_up(void **state)
{
    memset(&server, 0, sizeof server);
    fake_http_server = serve;
    fake_http_takes_ms = TAKES_MS;
    login_world_set_up(state);
    fake_http_reset();
    struct process_facts listener = spawn_daemon();
    guessers_parent = spawn(&listener);
    guesser = spawn(&guessers_parent);
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++)
        people[i] = arrives();
    return 0;
}

static int tear_down(void **state)
{
    for (struct try *try = tries; try < tries + LOGINS_MAX; try++) { /* of a test that failed */
        login_free(try->login);
        try->login = NULL;
    }
    int r = login_world_tear_down(state);
    http_free(http);
    budget_free(budget);
    return r;
}

static unsigned honest_count, honest_granted, honest_unavailable, throttled;
static bool prompted;

static void on_prompt(void *argument, const struct c2m_prompt *prompt)
{
    (void)argument, (void)prompt;
    prompted = true;
}

static void on_verdict(void *argument, const struct outcome *outcome)
{
    struct try *try = argument;
    try->over = true;
    try->outcome = *outcome;
    throttled += outcome->verdict == C2M_EXHAUSTED;
    if (!try->honest)
        return;
    honest_granted += outcome->verdict == C2M_GRANTED;
    honest_unavailable += outcome->verdict == C2M_UNAVAILABLE;
}

static struct try *start(const char *user, const char *rhost, const struct process_facts *caller,
    const struct process_facts *parent, const char *typed, bool honest)
{
    struct try *try = tries;
    while (try->login)
        assert_true(++try < tries + LOGINS_MAX);
    *try = (struct try){.honest = honest};
    struct login_request request =
        request_of("sshd", user, strcmp(user, "alice") == 0 ? ALICE : BOB, caller, parent);
    const struct login_peer peer = {.prompt = on_prompt, .verdict = on_verdict, .argument = try};
    snprintf(request.rhost, sizeof request.rhost, "%s", rhost);
    prompted = false;
    honest_count += honest;
    assert_int_equal(login_new(&world.parts, &request, &peer, &try->login), 0);
    assert_true(prompted);
    assert_true(login_answer(try->login, typed, strlen(typed)));
    return try;
}

/* Time passes; what is over goes, and whoever got in leaves again, so that his token is revoked. */
static void pass(int64_t ms)
{
    fake_loop_pass(world.loop, ms);
    for (struct try *try = tries; try < tries + LOGINS_MAX; try++) {
        if (!try->login || !try->over)
            continue;
        if (try->outcome.verdict == C2M_GRANTED)
            login_unheard(try->login);
        login_free(try->login);
        try->login = NULL;
    }
}

static void one_guesses(unsigned number, unsigned origins, unsigned users)
{
    char rhost[32], typed[32];
    snprintf(rhost, sizeof rhost, "198.51.100.%u", number % origins);
    snprintf(typed, sizeof typed, "lt_guess_%u", number);
    start(number / origins % users ? "bob" : "alice", rhost, &guesser, &guessers_parent, typed, false);
}

/* A dozen a minute: six by long tokens from the usual place, five by short ones, one by a long one from a new place. */
static void one_logs_in(unsigned number)
{
    char rhost[32], id[32], typed[64];
    unsigned who = number % 2;
    const char *user = who ? "bob" : "alice", *client = who ? "c2m_bob" : "c2m_alice";
    const struct person *person = &people[number % 12 == 5 ? 2 : who];
    snprintf(id, sizeof id, "short%u", number);
    snprintf(rhost, sizeof rhost, number % 12 == 5 ? "203.0.113.%u" : "192.0.2.%u",
        number % 12 == 5 ? number : who);
    snprintf(typed, sizeof typed, "lt_%s_%u", client, number);
    char *payload = token_payload(client, id, fake_wall - 10, fake_wall + LIFE, GOOD);
    char *token = token_mint(world.key, "EdDSA", "{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}", payload);
    bool is_long = number % 4 < 2 || number % 12 == 5;
    start(user, rhost, &person->authenticator, &person->monitor, is_long ? typed : token, true);
    free(payload);
    free(token);
}

static void no_minute_held_more_than_the_limit(void)
{
    for (unsigned i = LIMIT; i < fake_http_count(); i++)
        assert_true(fake_http_sent_ms(i) - fake_http_sent_ms(i - LIMIT) >= 60000);
}

static void guessers_cost_no_more_than_the_budget_and_keep_nobody_out(void **state)
{
    (void)state;
    one_logs_in(0);
    one_logs_in(1); /* both were here before */
    pass(10000);
    assert_int_equal(honest_granted, 2);
    for (unsigned step = 0; step < MINUTES * MINUTE_STEPS; step++) {
        one_guesses(step, 50, 2);
        if (step % 50 == 25)
            one_logs_in(2 + step / 50);
        pass(STEP_MS);
    }
    pass(20000);
    print_message("%u honest logins: %u granted, %u unavailable; 6000 guesses: %u sent, %u told to wait\n",
        honest_count, honest_granted, honest_unavailable, server.guesses, throttled);
    print_message("%u requests: %u exchanges, %u revocations\n", fake_http_count(), server.exchanges,
        server.revocations);
    no_minute_held_more_than_the_limit();
    assert_int_equal(honest_count, 2 + 12 * MINUTES);
    assert_true(100 * honest_granted >= 99 * honest_count);
    assert_int_equal(honest_granted + honest_unavailable, honest_count); /* nobody was refused */
}

static void one_who_guesses_at_one_user_costs_a_handful_of_requests(void **state)
{
    (void)state;
    throttled = 0;
    for (unsigned step = 0; step < MINUTES * MINUTE_STEPS; step++) {
        one_guesses(step, 1, 1);
        pass(STEP_MS);
    }
    assert_in_range(server.guesses, 10, 15); /* ten, and one after 30, 60, 120 and 240 s */
    assert_int_equal(fake_http_count(), server.guesses);
    assert_int_equal(throttled, MINUTES * MINUTE_STEPS - server.guesses);
}

/* The first login learns of the 429; another comes each second. Returns when the next request was sent. */
static int64_t next_request_after_a_429(int64_t retry_after)
{
    server.refuse_with = 429;
    server.retry_after = retry_after;
    one_logs_in(0);
    pass(TAKES_MS);
    assert_int_equal(fake_http_count(), 1);
    int64_t told = fake_boot_ms;
    server.refuse_with = 0;
    for (unsigned i = 1; fake_http_count() == 1 && i < 4000; i++) {
        one_logs_in(12 * i);
        pass(1000);
    }
    return fake_http_sent_ms(1) - told;
}

static void after_a_429_nothing_is_sent_until_the_second_that_it_named(void **state)
{
    (void)state;
    assert_int_equal(next_request_after_a_429(37), 37000);
    pass(20000);
}

static void after_one_that_named_none_nothing_is_sent_for_a_minute(void **state)
{
    (void)state;
    assert_int_equal(next_request_after_a_429(-1), 60000);
    pass(20000);
}

static void what_cannot_be_served_in_time_is_unavailable_at_once_and_no_failure(void **state)
{
    (void)state;
    server.refuse_with = 429;
    server.retry_after = 600;
    for (unsigned i = 0; i < 30; i++) {
        unsigned unavailable = honest_unavailable;
        one_logs_in(12 * i);
        pass(TAKES_MS);
        assert_int_equal(honest_unavailable, unavailable + 1);
    }
    assert_int_equal(fake_http_count(), 1);
    server.refuse_with = 0;
    pass(600000);
    unsigned granted = honest_granted;
    one_logs_in(12);
    pass(1000);
    assert_int_equal(honest_granted, granted + 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(guessers_cost_no_more_than_the_budget_and_keep_nobody_out),
        TEST(one_who_guesses_at_one_user_costs_a_handful_of_requests),
        TEST(after_a_429_nothing_is_sent_until_the_second_that_it_named),
        TEST(after_one_that_named_none_nothing_is_sent_for_a_minute),
        TEST(what_cannot_be_served_in_time_is_unavailable_at_once_and_no_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
