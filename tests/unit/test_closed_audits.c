/* The audit ids of closed sessions: kept in order, once each, bounded. */
#include "session/closed_audits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void ids_are_found_in_whatever_order_they_came(void **state)
{
    static const uint32_t ids[] = {7, 3, 0xfffffffe, 11, 9, 0};
    struct closed_audits audits = {.items = NULL};
    (void)state;
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(closed_audits_add(&audits, ids[i], 1001), 0);
    for (size_t i = 0; i < 6; i++) {
        assert_true(closed_audits_has(&audits, ids[i], 1001));
        assert_true(closed_audits_has_id(&audits, ids[i]));
        assert_false(closed_audits_has(&audits, ids[i], 1002));
        assert_false(closed_audits_has(&audits, ids[i] + 1, 1001));
    }
    assert_false(closed_audits_has_id(&audits, 8));
    closed_audits_deinit(&audits);
}

static void an_id_is_kept_once_for_each_uid(void **state)
{
    struct closed_audits audits = {.items = NULL};
    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(closed_audits_add(&audits, 7, 1001), 0);
        assert_int_equal(closed_audits_add(&audits, 7, 1002), 0);
    }
    assert_int_equal(audits.count, 2);
    assert_int_equal(closed_audits_lowest(&audits), 0);
    closed_audits_deinit(&audits);
}

static void beyond_the_bound_the_oldest_are_forgotten(void **state)
{
    struct closed_audits audits = {.items = NULL};
    (void)state;
    for (uint32_t id = 0; id < CLOSED_AUDITS_MAX + 10; id++)
        assert_int_equal(closed_audits_add(&audits, id, 1001), 0);
    assert_int_equal(audits.count, CLOSED_AUDITS_MAX);
    assert_int_equal(audits.capacity, CLOSED_AUDITS_MAX);
    assert_int_equal(closed_audits_lowest(&audits), 10);
    assert_false(closed_audits_has(&audits, 9, 1001));
    assert_true(closed_audits_has(&audits, 10, 1001));
    assert_true(closed_audits_has(&audits, CLOSED_AUDITS_MAX + 9, 1001));
    closed_audits_deinit(&audits);
    assert_false(closed_audits_has(&audits, 10, 1001));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_found_in_whatever_order_they_came),
        cmocka_unit_test(an_id_is_kept_once_for_each_uid),
        cmocka_unit_test(beyond_the_bound_the_oldest_are_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
