// fakes: clock
/* Who must wait, what is refused again unasked, and which lane an attempt gets: the throttle alone. */
#include "login/throttle.h"

#include "base/cleanup.h"
#include "fakes/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { SECOND = 1000, MINUTE = 60 * SECOND, ALICE = 1001, BOB = 1002 };

static struct throttle *throttle;
static struct throttle_trial trial; /* the last one */

static int set_up(void **state)
{
    (void)state;
    return throttle_new(&throttle);
}

static int tear_down(void **state)
{
    (void)state;
    throttle_free(throttle);
    return 0;
}

static struct login_request from(const char *user, const char *rhost, uint32_t uid)
{
    struct login_request request = {.root_door = true, .caller = {.real_uid = uid}, .service = "sshd"};
    snprintf(request.user, sizeof request.user, "%s", user);
    snprintf(request.rhost, sizeof request.rhost, "%s", rhost);
    return request;
}

static enum reason ask(const struct login_request *request, enum c2m_credential_form form, const char *typed)
{
    struct secret *secret SECRET_CLEANUP = NULL;
    assert_int_equal(secret_new(typed, strlen(typed), &secret), 0);
    return throttle_ask(throttle, request, form, secret, &trial);
}

static void tell(enum reason reason, bool mine)
{
    struct outcome outcome = {.verdict = C2M_DENIED};
    outcome_set(&outcome, reason, mine, 12);
    throttle_tell(throttle, &trial, &outcome, mine);
}

static void attempt(const struct login_request *request, enum reason reason, bool mine)
{
    assert_int_equal(ask(request, C2M_FORM_SHORT, "eyJ.a.b"), REASON_NONE);
    tell(reason, mine);
}

static void fail_times(const struct login_request *request, unsigned times)
{
    for (unsigned i = 0; i < times; i++)
        attempt(request, REASON_SIGNATURE, false);
}

static void expect_wait(const struct login_request *request, uint32_t seconds)
{
    enum reason reason = ask(request, C2M_FORM_SHORT, "eyJ.a.c");
    assert_string_equal(reason_word(reason), reason_word(seconds ? REASON_THROTTLED : REASON_NONE));
    if (seconds)
        assert_int_equal(trial.argument, seconds);
    assert_false(trial.mine);
}

static void the_eleventh_attempt_waits_for_half_a_minute(void **state)
{
    struct login_request alice = from("alice", "192.0.2.7", 0);
    (void)state;
    fail_times(&alice, 9);
    expect_wait(&alice, 0);
    fail_times(&alice, 1);
    expect_wait(&alice, 30);
    fake_boot_ms += 28001;
    expect_wait(&alice, 2); /* rounded up */
    fake_boot_ms += 1998;
    expect_wait(&alice, 1);
    fake_boot_ms += 1;
    expect_wait(&alice, 0);
    tell(REASON_SIGNATURE, false);
    expect_wait(&alice, 60);
}

static void who_waits_does_not_wait_longer_by_asking(void **state)
{
    struct login_request alice = from("alice", "192.0.2.7", 0);
    (void)state;
    fail_times(&alice, 10);
    for (int i = 0; i < 100; i++) {
        expect_wait(&alice, 30);
        tell(REASON_THROTTLED, false);
    }
    fake_boot_ms += 30 * SECOND;
    expect_wait(&alice, 0);
}

static void nobody_waits_for_anothers_failures(void **state)
{
    struct login_request guessed = from("alice", "", BOB), alice_here = from("alice", "", ALICE),
                         alice_there = from("alice", "192.0.2.7", BOB), bob = from("bob", "", BOB);
    (void)state;
    fail_times(&guessed, 10);
    expect_wait(&guessed, 30);
    expect_wait(&alice_here, 0);
    expect_wait(&alice_there, 0);
    expect_wait(&bob, 0);
}

static void a_name_and_an_origin_that_only_run_together_are_others(void **state)
{
    struct login_request one = from("a", "uid 1", 0), other = from("ahost ", "", 1);
    (void)state;
    fail_times(&one, 10);
    expect_wait(&other, 0);
}

static void another_service_or_credential_is_no_way_around(void **state)
{
    struct login_request alice = from("alice", "192.0.2.7", 0);
    (void)state;
    fail_times(&alice, 10);
    snprintf(alice.service, sizeof alice.service, "login");
    assert_int_equal(ask(&alice, C2M_FORM_LONG, "lt_other"), REASON_THROTTLED);
    assert_int_equal(ask(&alice, C2M_FORM_CODE, "123456"), REASON_THROTTLED);
}

static void an_outage_and_the_users_own_token_do_not_count(void **state)
{
    static const enum reason outages[] = {REASON_API_LIMITED, REASON_API_UNREACHABLE, REASON_API_TIMEOUT,
        REASON_API_TLS, REASON_API_ERROR, REASON_API_NONSENSE, REASON_STORE, REASON_DEADLINE, REASON_FULL,
        REASON_PROTOCOL, REASON_PEER_GONE, REASON_INTERNAL};
    struct login_request alice = from("alice", "192.0.2.7", 0);
    (void)state;
    for (size_t i = 0; i < sizeof outages / sizeof outages[0]; i++)
        for (int times = 0; times < 10; times++)
            attempt(&alice, outages[i], false);
    for (int times = 0; times < 20; times++)
        attempt(&alice, times % 2 ? REASON_EXPIRED : REASON_SCOPE, true);
    expect_wait(&alice, 0);
}

static void each_refusal_by_the_api_or_by_verification_counts(void **state)
{
    static const enum reason refusals[] = {REASON_CUT, REASON_MALFORMED, REASON_JSON, REASON_ALGORITHM,
        REASON_HEADER, REASON_UNKNOWN_KEY, REASON_SIGNATURE, REASON_CLAIM, REASON_ISSUER, REASON_EXPIRED,
        REASON_NOT_YET, REASON_TOKEN_TYPE, REASON_LIFETIME, REASON_SUBJECT, REASON_REVOKED, REASON_OURS,
        REASON_NO_TOKEN_ID, REASON_API_REFUSED, REASON_API_FORBIDDEN, REASON_SUSPENDED};
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        char rhost[32];
        snprintf(rhost, sizeof rhost, "192.0.2.%zu", i);
        struct login_request alice = from("alice", rhost, 0);
        for (int times = 0; times < 10; times++)
            attempt(&alice, refusals[i], false);
        expect_wait(&alice, 30);
    }
}

static void who_hangs_up_before_the_answer_has_failed(void **state)
{
    struct login_request alice = from("alice", "192.0.2.7", 0);
    (void)state;
    for (int times = 0; times < 10; times++) {
        expect_wait(&alice, 0);
        throttle_left(throttle, &trial);
        throttle_left(throttle, &trial); /* once */
    }
    expect_wait(&alice, 30);
}

static void a_login_there_forgives_what_was_wrong_before(void **state)
{
    struct login_request alice = from("alice", "192.0.2.7", 0), other = from("alice", "192.0.2.8", 0);
    (void)state;
    fail_times(&alice, 9);
    fail_times(&other, 9);
    attempt(&alice, REASON_CREDENTIAL, true);
    fail_times(&alice, 9);
    expect_wait(&alice, 0);
    fail_times(&other, 1);
    expect_wait(&other, 30); /* which was elsewhere */
}

static void half_an_hour_without_a_failure_forgives_too(void **state)
{
    struct login_request alice = from("alice", "192.0.2.7", 0);
    (void)state;
    fail_times(&alice, 10);
    fake_boot_ms += 30 * MINUTE - 1;
    fail_times(&alice, 1);
    expect_wait(&alice, 60);
    fake_boot_ms += 30 * MINUTE;
    fail_times(&alice, 9);
    expect_wait(&alice, 0);
}

static void a_reload_forgives_everybody(void **state)
{
    struct login_request alice = from("alice", "192.0.2.7", 0);
    (void)state;
    assert_int_equal(ask(&alice, C2M_FORM_LONG, "lt_wrong"), REASON_NONE);
    tell(REASON_API_REFUSED, false);
    fail_times(&alice, 9);
    throttle_forget(throttle);
    expect_wait(&alice, 0);
    assert_int_equal(ask(&alice, C2M_FORM_LONG, "lt_wrong"), REASON_NONE);
}

static void refuse_long(const struct login_request *request, enum reason reason, bool mine)
{
    assert_int_equal(ask(request, C2M_FORM_LONG, "lt_wrong"), REASON_NONE);
    tell(reason, mine);
}

static void a_refused_long_token_is_refused_again_for_half_a_minute(void **state)
{
    struct login_request alice = from("alice", "192.0.2.7", 0);
    (void)state;
    refuse_long(&alice, REASON_CUT, false);
    fake_boot_ms += 30 * SECOND - 1;
    assert_int_equal(ask(&alice, C2M_FORM_LONG, "lt_wrong"), REASON_CUT);
    assert_int_equal(trial.argument, 12);
    assert_false(trial.mine);
    tell(REASON_CUT, false); /* which does not make it younger */
    assert_int_equal(ask(&alice, C2M_FORM_LONG, "lt_other"), REASON_NONE);
    fake_boot_ms += 1;
    refuse_long(&alice, REASON_SCOPE, true);
    assert_int_equal(ask(&alice, C2M_FORM_LONG, "lt_wrong"), REASON_SCOPE);
    assert_true(trial.mine);
}

static void it_is_refused_again_wherever_it_is_typed(void **state)
{
    struct login_request here = from("alice", "192.0.2.7", 0), there = from("alice", "192.0.2.8", 0);
    (void)state;
    refuse_long(&here, REASON_API_REFUSED, false);
    assert_int_equal(ask(&there, C2M_FORM_LONG, "lt_wrong"), REASON_API_REFUSED);
}

static void another_user_or_service_may_have_it_judged(void **state)
{
    struct login_request alice = from("alice", "192.0.2.7", 0), bob = from("bob", "192.0.2.7", 0);
    (void)state;
    refuse_long(&alice, REASON_SUBJECT, false);
    assert_int_equal(ask(&bob, C2M_FORM_LONG, "lt_wrong"), REASON_NONE);
    snprintf(alice.service, sizeof alice.service, "sudo");
    assert_int_equal(ask(&alice, C2M_FORM_LONG, "lt_wrong"), REASON_NONE);
}

static void what_an_outage_stopped_may_be_tried_at_once(void **state)
{
    struct login_request alice = from("alice", "192.0.2.7", 0);
    (void)state;
    refuse_long(&alice, REASON_API_TIMEOUT, false);
    refuse_long(&alice, REASON_API_LIMITED, false);
    refuse_long(&alice, REASON_CREDENTIAL, true);
    assert_int_equal(ask(&alice, C2M_FORM_LONG, "lt_wrong"), REASON_NONE);
}

static void a_repetition_is_no_further_failure(void **state)
{
    struct login_request alice = from("alice", "192.0.2.7", 0);
    (void)state;
    refuse_long(&alice, REASON_API_REFUSED, false);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(ask(&alice, C2M_FORM_LONG, "lt_wrong"), REASON_API_REFUSED);
        tell(REASON_API_REFUSED, false);
    }
    fail_times(&alice, 8);
    expect_wait(&alice, 0);
}

static void a_uid_has_two_exchanges_a_minute_at_user_sock(void **state)
{
    struct login_request alice = from("alice", "anything", ALICE), bob = from("bob", "", BOB);
    (void)state;
    alice.root_door = bob.root_door = false;
    assert_int_equal(ask(&alice, C2M_FORM_LONG, "lt_1"), REASON_NONE);
    assert_int_equal(trial.lane, BUDGET_USER);
    fake_boot_ms += 20 * SECOND;
    snprintf(alice.rhost, sizeof alice.rhost, "elsewhere");
    assert_int_equal(ask(&alice, C2M_FORM_LONG, "lt_2"), REASON_NONE);
    assert_int_equal(ask(&alice, C2M_FORM_LONG, "lt_3"), REASON_THROTTLED);
    assert_int_equal(trial.argument, 40);
    assert_int_equal(ask(&alice, C2M_FORM_SHORT, "eyJ.a.b"), REASON_NONE); /* asks nobody */
    assert_int_equal(ask(&bob, C2M_FORM_LONG, "lt_1"), REASON_NONE);
    fake_boot_ms += 40 * SECOND;
    assert_int_equal(ask(&alice, C2M_FORM_CODE, "123456"), REASON_NONE);
    assert_int_equal(ask(&alice, C2M_FORM_LONG, "lt_4"), REASON_THROTTLED);
    assert_int_equal(trial.argument, 20);
    fake_boot_ms += 20 * SECOND;
    assert_int_equal(ask(&alice, C2M_FORM_LONG, "lt_4"), REASON_NONE);
}

static void at_pam_sock_exchanges_are_not_counted(void **state)
{
    struct login_request alice = from("alice", "", ALICE);
    (void)state;
    for (int i = 0; i < 50; i++)
        assert_int_equal(ask(&alice, C2M_FORM_LONG, "lt_1"), REASON_NONE);
}

static enum budget_lane lane(const char *user, const char *rhost)
{
    struct login_request request = from(user, rhost, 0);
    assert_int_equal(ask(&request, C2M_FORM_LONG, "lt_1"), REASON_NONE);
    return trial.lane;
}

static void where_something_was_refused_only_the_last_lane_is_left(void **state)
{
    struct login_request guesser = from("alice", "192.0.2.66", 0);
    (void)state;
    assert_int_equal(lane("alice", "192.0.2.66"), BUDGET_LOGIN);
    fail_times(&guesser, 1);
    assert_int_equal(lane("alice", "192.0.2.66"), BUDGET_SUSPECT);
    assert_int_equal(lane("bob", "192.0.2.66"), BUDGET_SUSPECT);
    assert_int_equal(lane("bob", "192.0.2.7"), BUDGET_LOGIN);
    assert_int_equal(lane("alice", "192.0.2.7"), BUDGET_STRANGER);
    assert_int_equal(lane("alice", "192.0.2.7"), BUDGET_SUSPECT); /* it had its try */
    assert_int_equal(lane("alice", "192.0.2.8"), BUDGET_STRANGER);
    fake_boot_ms += 15 * MINUTE;
    assert_int_equal(lane("bob", "192.0.2.66"), BUDGET_LOGIN);
    assert_int_equal(lane("alice", "192.0.2.7"), BUDGET_LOGIN);
}

static void who_was_here_before_goes_first_for_a_week(void **state)
{
    struct login_request alice = from("alice", "192.0.2.7", 0), bob = from("bob", "192.0.2.7", 0);
    (void)state;
    attempt(&alice, REASON_CREDENTIAL, true);
    fail_times(&alice, 1);
    fail_times(&bob, 1);
    assert_int_equal(lane("alice", "192.0.2.7"), BUDGET_LOGIN);
    assert_int_equal(lane("bob", "192.0.2.7"), BUDGET_SUSPECT);
    fake_boot_ms += (int64_t)7 * 24 * 60 * MINUTE;
    fail_times(&bob, 1);
    assert_int_equal(lane("alice", "192.0.2.7"), BUDGET_SUSPECT);
}

static void when_guessers_fill_the_table_every_stranger_is_one(void **state)
{
    char host[32];
    struct login_request alice = from("alice", "192.0.2.7", 0);
    (void)state;
    attempt(&alice, REASON_CREDENTIAL, true);
    for (int i = 0; i < 8192; i++) {
        snprintf(host, sizeof host, "host%d", i);
        struct login_request guesser = from("bob", host, 0);
        fail_times(&guesser, 1);
    }
    assert_int_equal(lane("carol", "192.0.2.9"), BUDGET_SUSPECT);
    assert_int_equal(lane("alice", "192.0.2.7"), BUDGET_LOGIN);
}

static void wrong_codes_switch_off_codes_for_that_user_and_origin_alone(void **state)
{
    struct login_request alice = from("alice", "192.0.2.7", 0), other = from("alice", "192.0.2.8", 0),
                         bob = from("bob", "192.0.2.7", 0);
    char code[16];
    (void)state;
    for (int i = 0; i < 10; i++) {
        assert_int_equal(throttle_codes_off(throttle, &alice), 0);
        snprintf(code, sizeof code, "%06d", i);
        assert_int_equal(ask(&alice, C2M_FORM_CODE, code), REASON_NONE);
        tell(REASON_API_REFUSED, false);
        fake_boot_ms += MINUTE; /* too slow for the other limit */
    }
    assert_int_equal(throttle_codes_off(throttle, &alice), 14 * 60);
    assert_int_equal(ask(&alice, C2M_FORM_CODE, "987654"), REASON_THROTTLED);
    assert_int_equal(trial.argument, 14 * 60);
    expect_wait(&alice, 0); /* a token may be tried */
    tell(REASON_CREDENTIAL, true);
    assert_int_equal(throttle_codes_off(throttle, &alice), 14 * 60);
    assert_int_equal(throttle_codes_off(throttle, &other), 0);
    assert_int_equal(ask(&other, C2M_FORM_CODE, "987654"), REASON_NONE);
    assert_int_equal(ask(&bob, C2M_FORM_CODE, "987654"), REASON_NONE);
    fake_boot_ms += 14 * MINUTE;
    assert_int_equal(throttle_codes_off(throttle, &alice), 0);
    assert_int_equal(ask(&alice, C2M_FORM_CODE, "987654"), REASON_NONE);
}

static void only_the_first_word_on_a_trial_counts(void **state)
{
    struct login_request alice = from("alice", "192.0.2.7", 0);
    (void)state;
    expect_wait(&alice, 0);
    for (int i = 0; i < 20; i++) {
        tell(REASON_SIGNATURE, false);
        throttle_left(throttle, &trial);
    }
    expect_wait(&alice, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_eleventh_attempt_waits_for_half_a_minute),
        TEST(who_waits_does_not_wait_longer_by_asking),
        TEST(nobody_waits_for_anothers_failures),
        TEST(a_name_and_an_origin_that_only_run_together_are_others),
        TEST(another_service_or_credential_is_no_way_around),
        TEST(an_outage_and_the_users_own_token_do_not_count),
        TEST(each_refusal_by_the_api_or_by_verification_counts),
        TEST(who_hangs_up_before_the_answer_has_failed),
        TEST(a_login_there_forgives_what_was_wrong_before),
        TEST(half_an_hour_without_a_failure_forgives_too),
        TEST(a_reload_forgives_everybody),
        TEST(a_refused_long_token_is_refused_again_for_half_a_minute),
        TEST(it_is_refused_again_wherever_it_is_typed),
        TEST(another_user_or_service_may_have_it_judged),
        TEST(what_an_outage_stopped_may_be_tried_at_once),
        TEST(a_repetition_is_no_further_failure),
        TEST(a_uid_has_two_exchanges_a_minute_at_user_sock),
        TEST(at_pam_sock_exchanges_are_not_counted),
        TEST(where_something_was_refused_only_the_last_lane_is_left),
        TEST(who_was_here_before_goes_first_for_a_week),
        TEST(when_guessers_fill_the_table_every_stranger_is_one),
        TEST(wrong_codes_switch_off_codes_for_that_user_and_origin_alone),
        TEST(only_the_first_word_on_a_trial_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
