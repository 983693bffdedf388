// fakes: clock loop http_server
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/guessing.c tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c
/* How a 429 is obeyed, and what becomes of codes after ten wrong ones, in simulated time. */
#include "guessing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { QUARTER_MS = 15 * 60 * 1000 };

/* The next request is told so. */
static void a_429_comes(int64_t retry_after)
{
    guessing.server.refusals = 1;
    guessing.server.refuse_with = 429;
    guessing.server.retry_after = retry_after;
}

/* The first login learns of the 429; another comes each second. Returns when the next request was sent. */
static int64_t next_request_after_a_429(int64_t retry_after)
{
    a_429_comes(retry_after);
    one_logs_in(0);
    pass(GUESSING_TAKES_MS);
    assert_int_equal(fake_http_count(), 1);
    int64_t told = fake_boot_ms;
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

/* A short token, which asks nobody; its revocation at logout is told to wait. */
static void one_that_a_revocation_hears_holds_logins_as_well(void **state)
{
    (void)state;
    one_logs_in(2);
    a_429_comes(37);
    pass(1000);
    assert_int_equal(guessing.granted, 1);
    pass(GUESSING_TAKES_MS);
    assert_int_equal(fake_http_count(), 1);
    int64_t told = fake_http_sent_ms(0) + GUESSING_TAKES_MS;
    while (fake_boot_ms < told + 40000) {
        one_logs_in(12);
        pass(1000);
    }
    assert_int_equal(guessing.server.revocations > 0 && guessing.server.exchanges > 0, true);
    assert_in_range(fake_http_sent_ms(1) - told, 37000, 37999);
    pass(20000);
}

/* In the middle of a flood; short tokens go on, since nobody is asked. */
static void hold_amid_a_flood(int64_t retry_after, int64_t held_ms)
{
    int64_t told = 0;
    unsigned before = 0, number = 0, granted = 0;
    for (unsigned step = 0; step < 4 * MINUTE_STEPS; step++) {
        one_guesses(step, 50, 2);
        if (step == MINUTE_STEPS)
            a_429_comes(retry_after);
        pass(STEP_MS);
        if (step >= MINUTE_STEPS && told == 0 && guessing.server.refusals == 0) {
            told = fake_boot_ms;
            before = fake_http_count();
            granted = guessing.granted;
        }
        if (told && fake_boot_ms < told + held_ms && step % 100 == 0)
            one_logs_in(2 + 4 * number++);
    }
    assert_true(told > 0 && fake_http_count() > before);
    assert_in_range(fake_http_sent_ms(before) - told, held_ms - STEP_MS, held_ms + 999);
    assert_true(number > 0);
    assert_int_equal(guessing.granted, granted + number);
    no_minute_held_more_than_the_limit();
    pass(20000);
}

static void amid_a_flood_a_429_silences_all_but_short_tokens(void **state)
{
    (void)state;
    hold_amid_a_flood(45, 45000);
}

static void amid_a_flood_one_that_names_nothing_silences_all_for_a_minute(void **state)
{
    (void)state;
    hold_amid_a_flood(-1, 60000);
}

static void what_cannot_be_served_in_time_is_unavailable_at_once_and_no_failure(void **state)
{
    (void)state;
    a_429_comes(600);
    for (unsigned i = 0; i < 30; i++) {
        unsigned unavailable = guessing.unavailable;
        one_logs_in(12 * i);
        pass(GUESSING_TAKES_MS);
        assert_int_equal(guessing.unavailable, unavailable + 1);
    }
    assert_int_equal(fake_http_count(), 1);
    pass(600000);
    unsigned granted = guessing.granted;
    one_logs_in(12);
    pass(1000);
    assert_int_equal(guessing.granted, granted + 1);
}

/* Alice's codes at 192.0.2.66: too slow for the wait that any failures bring. */
static void ten_wrong_codes(void)
{
    char code[16];
    for (unsigned i = 0; i < 10; i++) {
        pass(60000);
        snprintf(code, sizeof code, "%06u", i);
        assert_int_equal(enters("alice", "192.0.2.66", code), C2M_TEXT_ASK_TOKEN_OR_CODE);
        pass(1000);
    }
    assert_int_equal(guessing.server.guesses, 10);
    assert_int_equal(guessing.throttled, 0);
}

static void expect_entry(const char *user, const char *rhost, const char *typed, enum c2m_text prompt)
{
    unsigned granted = guessing.granted;
    assert_int_equal(enters(user, rhost, typed), prompt);
    pass(1000);
    assert_int_equal(guessing.granted, granted + 1);
}

static void ten_wrong_codes_switch_codes_off_for_that_user_at_that_origin_alone(void **state)
{
    (void)state;
    world.policy.login.accept[POLICY_LOCAL] |= 1u << C2M_FORM_CODE;
    world.policy.login.accept[POLICY_REMOTE] |= 1u << C2M_FORM_CODE;
    ten_wrong_codes();
    unsigned sent = fake_http_count();
    int64_t off = fake_boot_ms - 1000 + GUESSING_TAKES_MS; /* when the tenth was refused */
    assert_int_equal(enters("alice", "192.0.2.66", GOOD_CODE), C2M_TEXT_ASK_TOKEN);
    pass(1000);
    assert_int_equal(guessing.throttled, 1);
    assert_int_equal(fake_http_count(), sent); /* it is not spent */
    expect_entry("alice", "192.0.2.66", "lt_c2m_alice_1", C2M_TEXT_ASK_TOKEN);
    expect_entry("alice", "192.0.2.7", GOOD_CODE, C2M_TEXT_ASK_TOKEN_OR_CODE);
    expect_entry("bob", "192.0.2.66", GOOD_CODE, C2M_TEXT_ASK_TOKEN_OR_CODE);
    pass(off + QUARTER_MS - 1 - fake_boot_ms);
    assert_int_equal(enters("alice", "192.0.2.66", "hunter2"), C2M_TEXT_ASK_TOKEN);
    pass(1);
    expect_entry("alice", "192.0.2.66", GOOD_CODE, C2M_TEXT_ASK_TOKEN_OR_CODE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, guessing_set_up, guessing_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(after_a_429_nothing_is_sent_until_the_second_that_it_named),
        TEST(after_one_that_named_none_nothing_is_sent_for_a_minute),
        TEST(one_that_a_revocation_hears_holds_logins_as_well),
        TEST(amid_a_flood_a_429_silences_all_but_short_tokens),
        TEST(amid_a_flood_one_that_names_nothing_silences_all_for_a_minute),
        TEST(what_cannot_be_served_in_time_is_unavailable_at_once_and_no_failure),
        TEST(ten_wrong_codes_switch_codes_off_for_that_user_at_that_origin_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
