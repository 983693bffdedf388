// fakes: clock
/* A bounded table of what happened lately. */
#include "login/recent.h"

#include "fakes/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { KEEP_MS = 1000, MAXIMUM = 4 };

static struct recent *recent;

static int set_up(void **state)
{
    (void)state;
    return recent_new(MAXIMUM, sizeof(int), KEEP_MS, &recent);
}

static int tear_down(void **state)
{
    (void)state;
    recent_free(recent);
    return 0;
}

static struct recent_key key(int number)
{
    struct recent_key made = {.hash = {0}};
    memcpy(made.hash + VAULT_HASH_SIZE - sizeof number, &number, sizeof number); /* what differs comes last */
    return made;
}

static int *find(int number)
{
    const struct recent_key wanted = key(number);
    return recent_find(recent, &wanted);
}

static int *touch(int number)
{
    const struct recent_key wanted = key(number);
    return recent_touch(recent, &wanted);
}

static void a_record_is_of_its_key_alone_and_begins_with_zeros(void **state)
{
    (void)state;
    assert_null(find(1));
    int *record = touch(1);
    assert_int_equal(*record, 0);
    *record = 7;
    assert_null(find(2));
    assert_int_equal(*touch(2), 0);
    assert_int_equal(*find(1), 7);
    assert_int_equal(*touch(1), 7);
}

static void it_is_kept_from_its_last_touch_on(void **state)
{
    (void)state;
    *touch(1) = 7;
    fake_boot_ms += KEEP_MS - 1;
    assert_int_equal(*touch(1), 7);
    fake_boot_ms += KEEP_MS - 1;
    assert_non_null(find(1)); /* which is no touch */
    fake_boot_ms += 1;
    assert_null(find(1));
    assert_int_equal(*touch(1), 0);
}

static void where_it_is_full_the_longest_untouched_goes(void **state)
{
    (void)state;
    for (int i = 1; i <= MAXIMUM; i++) {
        assert_false(recent_full(recent));
        *touch(i) = i;
    }
    assert_true(recent_full(recent));
    touch(1);
    assert_int_equal(*touch(5), 0);
    assert_null(find(2));
    for (int i = 3; i <= MAXIMUM; i++)
        assert_int_equal(*find(i), i);
    assert_int_equal(*find(1), 1);
    fake_boot_ms += KEEP_MS;
    assert_false(recent_full(recent)); /* of old ones it is not */
}

static void a_thousand_keys_take_turns_and_none_is_anothers(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        *touch(i) = i;
        for (int back = 0; back < MAXIMUM && back <= i; back++)
            assert_int_equal(*find(i - back), i - back);
        assert_null(find(i - MAXIMUM));
    }
}

static void what_is_cleared_is_gone(void **state)
{
    (void)state;
    recent_clear(recent);
    for (int i = 1; i <= MAXIMUM; i++)
        touch(i);
    recent_clear(recent);
    for (int i = 1; i <= MAXIMUM; i++)
        assert_null(find(i));
    assert_false(recent_full(recent));
    *touch(1) = 7;
    assert_int_equal(*find(1), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_record_is_of_its_key_alone_and_begins_with_zeros, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_is_kept_from_its_last_touch_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(where_it_is_full_the_longest_untouched_goes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_thousand_keys_take_turns_and_none_is_anothers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_cleared_is_gone, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
