// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/revocation_world.c tests/unit/receipts.c tests/unit/said.c tests/unit/disk.c
/* When it forgets: late, and never because a clock is wrong. */
#include "revocation_world.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { DAY = 24 * 3600 };

static int deny(const char *token_id, const char *text, int64_t expires, enum deny_kind kind)
{
    uint8_t hash[VAULT_HASH_SIZE];
    hash_of(text, hash);
    return deny_list_add(world.deny_list, token_id, hash, expires, kind);
}

/* Often enough to come to every part of the table. */
static void prune(void)
{
    for (int i = 0; i < 4; i++)
        deny_list_prune(world.deny_list);
    world_turn();
}

static void pass(int64_t seconds)
{
    fake_wall += seconds;
    fake_boot_ms += seconds * 1000;
}

static void it_is_kept_for_a_day_beyond_its_expiry(void **state)
{
    (void)state;
    assert_int_equal(deny("tok_1", "text", NOW + 900, DENY_REVOKED), 0);
    world_turn();
    pass(900 + DAY);
    prune();
    assert_int_equal(denied("tok_1", "text"), DENY_REVOKED);
    pass(1);
    prune();
    assert_int_equal(denied("tok_1", "text"), DENY_NOT);
    assert_int_equal(deny_list_size(world.deny_list), 0);
    assert_int_equal(rows_of("denied"), 0);
}

static void a_clock_that_jumps_to_2038_and_back_revives_nothing(void **state)
{
    (void)state;
    assert_int_equal(deny("tok_1", "text", NOW + LONG_LIFE, DENY_REVOKED), 0);
    world_turn();
    fake_wall = 2147483648;
    prune();
    fake_wall = NOW;
    assert_int_equal(denied("tok_1", "text"), DENY_REVOKED);
    world_restart();
    assert_int_equal(denied("tok_1", "text"), DENY_REVOKED);
}

static void a_clock_that_is_wrong_at_boot_and_corrected_revives_nothing(void **state)
{
    (void)state;
    assert_int_equal(deny("tok_1", "text", NOW + 900, DENY_REVOKED), 0);
    world_turn();
    fake_wall = NOW + 10 * 365 * DAY;
    world_restart();
    pass(600);
    prune();
    fake_wall = NOW + 600;
    assert_int_equal(denied("tok_1", "text"), DENY_REVOKED);
}

static void a_clock_that_is_set_back_keeps_what_it_has(void **state)
{
    (void)state;
    assert_int_equal(deny("tok_1", "text", NOW + 900, DENY_REVOKED), 0);
    world_turn();
    pass(7200); /* its life and the margin of the boot clock are over */
    prune();
    fake_wall = NOW;
    assert_int_equal(denied("tok_1", "text"), DENY_REVOKED);
    fake_wall = 0;
    prune();
    assert_int_equal(denied("tok_1", "text"), DENY_REVOKED);
}

static void many_are_found_and_dropped_part_by_part(void **state)
{
    char id[32], text[32];
    (void)state;
    for (int i = 0; i < 5000; i++) {
        snprintf(id, sizeof id, "tok_%d", i);
        snprintf(text, sizeof text, "text %d", i);
        assert_int_equal(deny(id, text, NOW + 900, DENY_REVOKED), 0);
    }
    world_turn();
    for (int i = 0; i < 5000; i++) {
        snprintf(id, sizeof id, "tok_%d", i);
        assert_int_equal(denied(id, NULL), DENY_REVOKED);
    }
    pass(900 + DAY + 1);
    deny_list_prune(world.deny_list);
    assert_in_range(deny_list_size(world.deny_list), 3900, 4000); /* no call drops them all */
    for (int i = 0; i < 10; i++)
        prune();
    assert_int_equal(deny_list_size(world.deny_list), 0);
    assert_int_equal(rows_of("denied"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, revocation_world_set_up, revocation_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_kept_for_a_day_beyond_its_expiry),
        TEST(a_clock_that_jumps_to_2038_and_back_revives_nothing),
        TEST(a_clock_that_is_wrong_at_boot_and_corrected_revives_nothing),
        TEST(a_clock_that_is_set_back_keeps_what_it_has),
        TEST(many_are_found_and_dropped_part_by_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
