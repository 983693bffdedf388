// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/revocation_world.c tests/unit/receipts.c tests/unit/said.c tests/unit/disk.c
/* Outages, limits, expiry, clocks that step: hours of it, in fake time. */
#include "revocation_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void unreachable(const struct fake_request *request, struct api_revocation *answer)
{
    (void)request;
    answer->reason = REASON_API_UNREACHABLE;
}

static void works(const struct fake_request *request, struct api_revocation *answer)
{
    (void)request;
    answer->status = 204;
}

/* Lets SECONDS pass and answers each request when it comes; returns how many there were. */
static unsigned pass(int64_t seconds, void (*server)(const struct fake_request *, struct api_revocation *))
{
    unsigned before = fake_api_count();
    for (int64_t second = 0; second < seconds; second++) {
        fake_loop_pass(world.loop, 1000);
        while (fake_api_serve(server) > 0)
            world_turn();
    }
    return fake_api_count() - before;
}

static void got_token(void *argument, struct api_token *token)
{
    (void)argument, (void)token;
}

static void an_hour_of_outage_and_then_it_is_done(void **state)
{
    (void)state;
    ASK("tok_1", .self = "short", .parent = "lt_1", .expires = NOW + LONG_LIFE);
    unsigned sent = pass(3600, unreachable);
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "api_unreachable");
    /* Ten rounds until the wait is five minutes at most, then one every 150 s on average, with two bearers. */
    assert_in_range(sent, 20, 200);
    pass(300, works);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done");
    assert_true(said("state=pending reason=api_unreachable"));
}

static void the_wait_between_rounds_grows_and_is_bounded(void **state)
{
    int64_t last = 0, longest = 0;
    (void)state;
    ASK("tok_1", .self = "short", .expires = NOW + LONG_LIFE);
    for (unsigned round = 0; round < 100; round++) {
        while (fake_api_waiting() < 0)
            fake_loop_pass(world.loop, fake_loop_next(world.loop) > 0 ? fake_loop_next(world.loop) : 1);
        const struct fake_request *request = fake_api_request((unsigned)fake_api_waiting());
        int64_t wait = round ? request->sent_boot_ms - last : 0;
        assert_in_range(wait, 0, round < 9 ? 1000 << round : 300 * 1000);
        longest = wait > longest ? wait : longest;
        last = request->sent_boot_ms;
        ANSWER(.status = 503);
    }
    assert_in_range(longest, 200 * 1000, 300 * 1000);
}

static void a_429_is_obeyed_to_the_second_by_all(void **state)
{
    (void)state;
    ASK("tok_1", .self = "short", .parent = "lt_1", .expires = NOW + 500);
    world_turn();
    ANSWER_RETRY_AFTER(17, .status = 429, .code = "rate_limited", JSON_ERROR, .reason = REASON_API_LIMITED);
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "api_limited");
    assert_int_equal(receipt("tok_1").next_try, fake_wall + 17);
    ASK("tok_2", .self = "short", .expires = NOW + 600);
    fake_loop_pass(world.loop, 16999);
    assert_int_equal(fake_api_count(), 1);
    fake_loop_pass(world.loop, 1);
    assert_int_equal(fake_api_count(), 3);
    expect_request(1, "tok_1", "lt_1"); /* the same bearer again */
    expect_request(2, "tok_2", "short");
}

static void a_429_that_says_nothing_is_a_minute(void **state)
{
    (void)state;
    ASK("tok_1", .self = "short");
    world_turn();
    ANSWER(.status = 429);
    fake_loop_pass(world.loop, 59999);
    assert_int_equal(fake_api_count(), 1);
    fake_loop_pass(world.loop, 1);
    assert_int_equal(fake_api_count(), 2);
}

static void retry_after_is_at_least_a_second_and_at_most_an_hour(void **state)
{
    (void)state;
    ASK("tok_1", .self = "short", .expires = NOW + LONG_LIFE);
    world_turn();
    ANSWER_RETRY_AFTER(0, .status = 429);
    fake_loop_pass(world.loop, 999);
    assert_int_equal(fake_api_count(), 1);
    fake_loop_pass(world.loop, 1);
    assert_int_equal(fake_api_count(), 2);
    ANSWER_RETRY_AFTER(7 * 24 * 3600, .status = 429);
    fake_loop_pass(world.loop, 3600 * 1000 - 1);
    assert_int_equal(fake_api_count(), 2);
    fake_loop_pass(world.loop, 1);
    assert_int_equal(fake_api_count(), 3);
}

static void what_the_budget_does_not_let_out_is_no_try(void **state)
{
    (void)state;
    ASK("tok_1", .self = "short");
    world_turn();
    ANSWER_RETRY_AFTER(5, .limited = true, .reason = REASON_API_LIMITED);
    assert_int_equal(receipt("tok_1").tries, 0);
    fake_loop_pass(world.loop, 5000);
    ANSWER(.status = 204);
    assert_int_equal(receipt("tok_1").tries, 1);
}

static void a_503_with_retry_after_delays_the_next_round(void **state)
{
    (void)state;
    ASK("tok_1", .self = "short", .parent = "lt_1");
    world_turn();
    ANSWER_RETRY_AFTER(40, .status = 503);
    ANSWER_RETRY_AFTER(10, .status = 503); /* the other bearer, at once */
    fake_loop_pass(world.loop, 39999);
    assert_int_equal(fake_api_count(), 2);
    fake_loop_pass(world.loop, 1);
    assert_int_equal(fake_api_count(), 3);
}

static void what_has_expired_is_settled_without_a_request(void **state)
{
    (void)state;
    ASK("tok_1", .self = "short", .expires = NOW);
    world_turn();
    expect_receipt("tok_1", C2M_REVOCATION_EXPIRED, "expired_first");
    assert_int_equal(fake_api_count(), 0);
    assert_false(said("state=pending")); /* nor was it ever pending */
}

static void what_expires_while_it_waits_is_settled_in_that_second(void **state)
{
    (void)state;
    ASK("tok_1", .self = "short", .expires = NOW + 100);
    ASK("tok_2", .self = "short", .expires = NOW + 200);
    world_turn();
    ANSWER_RETRY_AFTER(3000, .status = 429);
    ANSWER_RETRY_AFTER(3000, .status = 429);
    fake_loop_pass(world.loop, 99999);
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "retry");
    fake_loop_pass(world.loop, 1);
    expect_receipt("tok_1", C2M_REVOCATION_EXPIRED, "expired_first");
    expect_receipt("tok_2", C2M_REVOCATION_PENDING, "retry");
    fake_loop_pass(world.loop, 100 * 1000);
    expect_receipt("tok_2", C2M_REVOCATION_EXPIRED, "expired_first");
    assert_int_equal(fake_api_count(), 2);
}

static void a_wall_clock_that_jumps_ahead_ends_nothing(void **state)
{
    (void)state;
    ASK("tok_1", .self = "short");
    world_turn();
    ANSWER(.status = 500);
    fake_wall = 2147483648;
    pass(2, unreachable);
    fake_wall = NOW + 2;
    pass(60, works);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done");
}

static void a_wall_clock_that_is_set_back_neither_stalls_nor_storms(void **state)
{
    (void)state;
    ASK("tok_1", .self = "short");
    world_turn();
    ANSWER(.status = 500);
    fake_wall -= 10 * 365 * 24 * 3600;
    unsigned sent = pass(1800, unreachable); /* its life is over on the boot clock meanwhile */
    assert_in_range(sent, 5, 100);
    pass(300, works);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done");
}

static void hundreds_that_are_over_at_once_are_all_settled(void **state)
{
    unsigned pending;
    char id[16];
    (void)state;
    for (int i = 0; i < 500; i++) {
        snprintf(id, sizeof id, "tok_%d", i);
        ASK(id, .self = "short");
    }
    world_turn();
    revoker_counts(world.revoker, &pending, NULL);
    assert_int_equal(pending, 500);
    fake_loop_pass(world.loop, SHORT_LIFE * 1000);
    revoker_counts(world.revoker, &pending, NULL);
    assert_int_equal(pending, 4); /* those whose answer is awaited */
    fake_api_serve(unreachable);
    world_turn();
    revoker_counts(world.revoker, &pending, NULL);
    assert_int_equal(pending, 0);
    assert_int_equal(fake_api_count(), 4);
}

/* Whoever succeeds at the API (here a login) ends the waiting of all, but not of those that were told how long. */
static void a_success_after_an_outage_wakes_what_waits(void **state)
{
    struct secret *bearer = NULL;
    struct api_call *call;
    char id[16];
    (void)state;
    for (int i = 0; i < 50; i++) {
        snprintf(id, sizeof id, "tok_%d", i);
        ASK(id, .self = "short", .expires = NOW + LONG_LIFE);
    }
    pass(3600, unreachable);
    ASK("tok_told", .self = "short", .expires = NOW + LONG_LIFE);
    world_turn();
    while (fake_api_waiting() >= 0)
        ANSWER_RETRY_AFTER(
            strcmp(fake_api_request((unsigned)fake_api_waiting())->token_id, "tok_told") ? -1 : 100,
            .status = 503);
    assert_int_equal(secret_new("lt_1", 4, &bearer), 0);
    assert_int_equal(api_exchange(world.api, bearer, NULL, BUDGET_LOGIN, 1000, got_token, NULL, &call), 0);
    secret_free(bearer);
    fake_api_issue(fake_api_count() - 1, "short of a login", &(struct api_token){.retry_after = -1});
    unsigned sent = pass(6, works);
    assert_in_range(sent, 45, 51); /* the others were tried in the last seconds */
    expect_receipt("tok_told", C2M_REVOCATION_PENDING, "retry");
    pass(100, works);
    expect_receipt("tok_told", C2M_REVOCATION_DONE, "done");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, revocation_world_set_up, revocation_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_hour_of_outage_and_then_it_is_done),
        TEST(a_success_after_an_outage_wakes_what_waits),
        TEST(the_wait_between_rounds_grows_and_is_bounded),
        TEST(a_429_is_obeyed_to_the_second_by_all),
        TEST(a_429_that_says_nothing_is_a_minute),
        TEST(retry_after_is_at_least_a_second_and_at_most_an_hour),
        TEST(what_the_budget_does_not_let_out_is_no_try),
        TEST(a_503_with_retry_after_delays_the_next_round),
        TEST(what_has_expired_is_settled_without_a_request),
        TEST(what_expires_while_it_waits_is_settled_in_that_second),
        TEST(a_wall_clock_that_jumps_ahead_ends_nothing),
        TEST(a_wall_clock_that_is_set_back_neither_stalls_nor_storms),
        TEST(hundreds_that_are_over_at_once_are_all_settled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
