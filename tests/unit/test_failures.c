/* How many failures are free, and how long one waits then. */
#include "login/failures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { SECOND = 1000, MINUTE = 60 * SECOND };

static int64_t now = 1000 * MINUTE;

static void fail_times(struct failures *failures, unsigned times, int64_t apart_ms)
{
    for (unsigned i = 0; i < times; i++) {
        now += apart_ms;
        failures_add(failures, false, now);
    }
}

static void ten_within_five_minutes_are_one_too_many(void **state)
{
    struct failures failures = {0};
    (void)state;
    fail_times(&failures, 9, SECOND);
    assert_true(failures_wait(&failures, false, now) <= 0);
    fail_times(&failures, 1, SECOND);
    assert_int_equal(failures_wait(&failures, false, now), 30 * SECOND);
    assert_int_equal(failures_wait(&failures, false, now + 30 * SECOND - 1), 1);
    assert_int_equal(failures_wait(&failures, false, now + 30 * SECOND), 0);
}

static void nine_every_five_minutes_never_wait(void **state)
{
    struct failures failures = {0};
    (void)state;
    for (int i = 0; i < 20; i++) {
        fail_times(&failures, 9, SECOND);
        assert_true(failures_wait(&failures, false, now) <= 0);
        now += 5 * MINUTE;
    }
}

static void each_further_one_doubles_the_wait_up_to_a_quarter_of_an_hour(void **state)
{
    static const int64_t waits[] = {30, 60, 120, 240, 480, 900, 900, 900};
    struct failures failures = {0};
    (void)state;
    fail_times(&failures, 9, 0);
    for (unsigned i = 0; i < sizeof waits / sizeof waits[0]; i++) {
        fail_times(&failures, 1, 0);
        assert_int_equal(failures_wait(&failures, false, now), waits[i] * SECOND);
        now += waits[i] * SECOND;
    }
    for (int i = 0; i < 1000; i++)
        fail_times(&failures, 1, 0);
    assert_int_equal(failures_wait(&failures, false, now), 900 * SECOND);
}

static void a_login_forgives_them(void **state)
{
    struct failures failures = {0};
    (void)state;
    fail_times(&failures, 9, 0);
    failures_forgive(&failures);
    fail_times(&failures, 9, 0);
    assert_true(failures_wait(&failures, false, now) <= 0);
}

static void wrong_codes(struct failures *failures, unsigned times)
{
    for (unsigned i = 0; i < times; i++)
        failures_add(failures, true, now);
}

static void ten_wrong_codes_in_a_row_switch_codes_off_for_a_quarter_of_an_hour(void **state)
{
    struct failures failures = {0};
    (void)state;
    wrong_codes(&failures, 9);
    assert_true(failures_wait(&failures, true, now) <= 0);
    wrong_codes(&failures, 1);
    assert_int_equal(failures_wait(&failures, true, now), 15 * MINUTE);
    assert_int_equal(failures_wait(&failures, false, now), 30 * SECOND); /* a token has its own wait */
    assert_int_equal(failures_wait(&failures, true, now + 15 * MINUTE), 0);
}

static void slowly_typed_they_are_in_a_row_all_the_same(void **state)
{
    struct failures failures = {0};
    (void)state;
    for (int i = 0; i < 10; i++) {
        assert_true(failures_wait(&failures, true, now) <= 0);
        now += 4 * MINUTE;
        failures_add(&failures, true, now);
    }
    assert_int_equal(failures_wait(&failures, true, now), 15 * MINUTE);
    assert_true(failures_wait(&failures, false, now) <= 0);
}

static void a_login_between_them_begins_the_row_anew(void **state)
{
    struct failures failures = {0};
    (void)state;
    wrong_codes(&failures, 9);
    failures_forgive(&failures);
    wrong_codes(&failures, 9);
    assert_true(failures_wait(&failures, true, now) <= 0);
}

static void a_login_by_token_does_not_switch_codes_on_again(void **state)
{
    struct failures failures = {0};
    (void)state;
    wrong_codes(&failures, 10);
    failures_forgive(&failures);
    assert_int_equal(failures_wait(&failures, true, now), 15 * MINUTE);
    assert_true(failures_wait(&failures, false, now) <= 0);
}

static void wrong_tokens_do_not_switch_codes_off(void **state)
{
    struct failures failures = {0};
    (void)state;
    fail_times(&failures, 10, 0);
    assert_int_equal(failures_wait(&failures, true, now), 30 * SECOND); /* no longer than anything else */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_within_five_minutes_are_one_too_many),
        cmocka_unit_test(nine_every_five_minutes_never_wait),
        cmocka_unit_test(each_further_one_doubles_the_wait_up_to_a_quarter_of_an_hour),
        cmocka_unit_test(a_login_forgives_them),
        cmocka_unit_test(ten_wrong_codes_in_a_row_switch_codes_off_for_a_quarter_of_an_hour),
        cmocka_unit_test(slowly_typed_they_are_in_a_row_all_the_same),
        cmocka_unit_test(a_login_between_them_begins_the_row_anew),
        cmocka_unit_test(a_login_by_token_does_not_switch_codes_on_again),
        cmocka_unit_test(wrong_tokens_do_not_switch_codes_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
