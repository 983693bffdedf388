/* How long is waited: the bounds, whatever the dice say. */
#include "session/backoff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_most_doubles_from_a_second_to_five_minutes(void **state)
{
    static const int64_t expected[] = {
        1000, 2000, 4000, 8000, 16000, 32000, 64000, 128000, 256000, 300000, 300000};
    (void)state;
    for (unsigned i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_int_equal(backoff_limit_ms(i), expected[i]);
}

static void the_most_never_overflows(void **state)
{
    (void)state;
    assert_int_equal(backoff_limit_ms(63), BACKOFF_MAX_MS);
    assert_int_equal(backoff_limit_ms(64), BACKOFF_MAX_MS);
    assert_int_equal(backoff_limit_ms(UINT32_MAX), BACKOFF_MAX_MS);
}

static void the_jitter_reaches_from_nothing_to_the_most_and_never_beyond(void **state)
{
    (void)state;
    for (unsigned failures = 0; failures < 12; failures++) {
        uint64_t limit = (uint64_t)backoff_limit_ms(failures);
        assert_int_equal(backoff_ms(failures, 0), 0);
        assert_int_equal(backoff_ms(failures, limit), limit);
        assert_int_equal(backoff_ms(failures, limit + 1), 0);
        assert_in_range(backoff_ms(failures, UINT64_MAX), 0, limit);
    }
}

static void the_jitter_is_spread_evenly(void **state)
{
    unsigned quarters[4] = {0};
    uint64_t random = 1;
    (void)state;
    for (unsigned i = 0; i < 40000; i++) {
        random = random * 6364136223846793005 + 1442695040888963407;
        quarters[backoff_ms(9, random >> 16) * 4 / (BACKOFF_MAX_MS + 1)]++;
    }
    for (unsigned i = 0; i < 4; i++)
        assert_in_range(quarters[i], 9000, 11000);
}

static void retry_after_is_obeyed_between_a_second_and_an_hour(void **state)
{
    (void)state;
    assert_int_equal(backoff_retry_after_ms(0), 1000);
    assert_int_equal(backoff_retry_after_ms(1), 1000);
    assert_int_equal(backoff_retry_after_ms(17), 17000);
    assert_int_equal(backoff_retry_after_ms(3600), 3600000);
    assert_int_equal(backoff_retry_after_ms(3601), 3600000);
    assert_int_equal(backoff_retry_after_ms(INT64_MAX), 3600000);
}

static void a_wait_that_was_not_said_is_a_minute(void **state)
{
    (void)state;
    assert_int_equal(backoff_retry_after_ms(-1), 60000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_most_doubles_from_a_second_to_five_minutes),
        cmocka_unit_test(the_most_never_overflows),
        cmocka_unit_test(the_jitter_reaches_from_nothing_to_the_most_and_never_beyond),
        cmocka_unit_test(the_jitter_is_spread_evenly),
        cmocka_unit_test(retry_after_is_obeyed_between_a_second_and_an_hour),
        cmocka_unit_test(a_wait_that_was_not_said_is_a_minute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
