// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/delivery_world.c tests/unit/revocation_world.c tests/unit/receipts.c tests/unit/said.c tests/unit/disk.c tests/unit/tokens.c tests/unit/verifying.c
/* One narrow token a session: who gets it, when, and at what cost. */
#include "delivery_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void the_long_token_is_exchanged_for_the_configured_scopes(void **state)
{
    (void)state;
    get(0, 60);
    assert_int_equal(fake_api_count(), 1);
    const struct fake_request *request = fake_api_request(0);
    assert_int_equal(request->kind, FAKE_EXCHANGE);
    assert_string_equal(request->bearer, "lt_1");
    assert_string_equal(request->scopes.text, "jobs:read jobs:submit");
    assert_int_equal(request->lane, BUDGET_RENEWAL);
    assert_int_equal(request->timeout_ms, TIMEOUT_MS);
    issue("jobs:read jobs:submit", "tok_d1");
    expect_token(0, "tok_d1");
}

static void it_is_handed_out_after_the_commit_and_held_by_the_session(void **state)
{
    (void)state;
    get(0, 60);
    issue_without_a_turn("jobs:read", "tok_d1");
    assert_int_equal(results[0].count, 0);
    assert_int_equal(ledger_count(world.ledger, SESSION), 3);
    store_turn(world.store);
    expect_token(0, "tok_d1");
    assert_int_equal(results[0].expires, NOW + SHORT_LIFE);
    assert_int_equal(denied("tok_d1", results[0].token), DENY_OURS); /* it proves nothing here */
}

static void a_cached_token_costs_no_request_and_is_not_told_from_inside(void **state)
{
    (void)state;
    get(0, 60);
    issue("jobs:read", "tok_d1");
    fake_loop_pass(world.loop, 100 * 1000);
    get(1, 800);
    assert_int_equal(results[1].count, 0);
    world_turn();
    expect_token(1, "tok_d1");
    assert_int_equal(fake_api_count(), 1);
}

static void a_token_that_lives_too_short_is_replaced(void **state)
{
    (void)state;
    get(0, 60);
    issue("jobs:read", "tok_d1");
    fake_loop_pass(world.loop, 100 * 1000);
    get(1, 801);
    assert_int_equal(fake_api_count(), 2);
    issue("jobs:read", "tok_d2");
    expect_token(1, "tok_d2");
    assert_int_equal(ledger_count(world.ledger, SESSION), 4); /* the first lives too, until logout */
}

static void a_life_that_the_api_never_gives_costs_no_request_each_time(void **state)
{
    (void)state;
    get(0, 24 * 3600);
    issue("jobs:read", "tok_d1");
    expect_token(0, "tok_d1");
    fake_loop_pass(world.loop, 80 * 1000);
    get(1, 24 * 3600);
    world_turn();
    expect_token(1, "tok_d1");
    fake_loop_pass(world.loop, 20 * 1000);
    get(2, 24 * 3600);
    assert_int_equal(fake_api_count(), 2);
}

static void who_asks_meanwhile_waits_for_the_same_one(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        get(i, 60);
    assert_int_equal(fake_api_count(), 1);
    issue("jobs:read", "tok_d1");
    for (int i = 0; i < 3; i++)
        expect_token(i, "tok_d1");
}

static void who_asks_during_the_commit_waits_for_it_too(void **state)
{
    (void)state;
    get(0, 60);
    issue_without_a_turn("jobs:read", "tok_d1");
    get(1, 60);
    assert_int_equal(results[1].count, 0);
    world_turn();
    expect_token(0, "tok_d1");
    expect_token(1, "tok_d1");
    assert_int_equal(fake_api_count(), 1);
}

static void what_is_not_configured_is_not_delivered(void **state)
{
    (void)state;
    deliver_scopes("");
    get(0, 60);
    assert_int_equal(results[0].count, 0);
    world_turn();
    expect_refused(0, REASON_NO_DELIVERY);
    assert_int_equal(fake_api_count(), 0);
}

static void a_session_of_a_short_token_delivers_nothing(void **state)
{
    (void)state;
    session.form = C2M_FORM_SHORT;
    get(0, 60);
    world_turn();
    expect_refused(0, REASON_SHORT_SESSION);
    session.form = C2M_FORM_CODE;
    memcpy(session.reference, "bbbbbbbb", 9); /* whose long token nobody holds */
    get(1, 60);
    world_turn();
    expect_refused(1, REASON_SHORT_SESSION);
    assert_int_equal(fake_api_count(), 0);
}

static void the_word_of_the_api_is_passed_on(void **state)
{
    (void)state;
    get(0, 60);
    const struct api_token answer = {
        .outcome = API_UNAVAILABLE, .reason = REASON_API_LIMITED, .retry_after = 42};
    fake_api_issue(0, NULL, &answer);
    expect_refused(0, REASON_API_LIMITED);
    assert_int_equal(results[0].retry_after, 42);
    get(1, 60);
    assert_int_equal(fake_api_count(), 2); /* nothing is remembered of it */
}

static void who_cancels_is_not_told_and_the_next_one_gets_it(void **state)
{
    (void)state;
    get(0, 60);
    delivery_cancel(delivery, &results[0]);
    issue("jobs:read", "tok_d1");
    assert_int_equal(results[0].count, 0);
    get(1, 60);
    world_turn();
    expect_token(1, "tok_d1");
    get(2, 60);
    delivery_cancel(delivery, &results[2]);
    world_turn();
    assert_int_equal(results[2].count, 0);
}

static void a_callback_may_cancel_another_and_ask_again(void **state)
{
    (void)state;
    get(0, 60);
    get(1, 60);
    results[0].cancels = &results[1];
    results[0].asks_again = &results[2];
    issue("jobs:read", "tok_d1");
    expect_token(0, "tok_d1");
    assert_int_equal(results[1].count, 0);
    expect_token(2, "tok_d1");
}

static void two_sessions_have_tokens_of_their_own(void **state)
{
    (void)state;
    get(0, 60);
    issue("jobs:read", "tok_d1");
    memcpy(session.reference, "bbbbbbbb", 9);
    assert_int_equal(hold("bbbbbbbb", LEDGER_PASTED_LONG, "lt_2"), 0);
    get(1, 60);
    assert_string_equal(fake_api_request(1)->bearer, "lt_2");
    issue("jobs:read", "tok_d2");
    expect_token(1, "tok_d2");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, delivery_world_set_up, delivery_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_long_token_is_exchanged_for_the_configured_scopes),
        TEST(it_is_handed_out_after_the_commit_and_held_by_the_session),
        TEST(a_cached_token_costs_no_request_and_is_not_told_from_inside),
        TEST(a_token_that_lives_too_short_is_replaced),
        TEST(a_life_that_the_api_never_gives_costs_no_request_each_time),
        TEST(who_asks_meanwhile_waits_for_the_same_one),
        TEST(who_asks_during_the_commit_waits_for_it_too),
        TEST(what_is_not_configured_is_not_delivered),
        TEST(a_session_of_a_short_token_delivers_nothing),
        TEST(the_word_of_the_api_is_passed_on),
        TEST(who_cancels_is_not_told_and_the_next_one_gets_it),
        TEST(a_callback_may_cancel_another_and_ask_again),
        TEST(two_sessions_have_tokens_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
