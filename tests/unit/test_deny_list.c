// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/revocation_world.c tests/unit/receipts.c tests/unit/said.c tests/unit/disk.c
/* What proves nothing here any more, whatever happens to the clock, the disk and the helper. */
#include "revocation_world.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int deny(const char *token_id, const char *text, int64_t expires, enum deny_kind kind)
{
    uint8_t hash[VAULT_HASH_SIZE];
    hash_of(text, hash);
    return deny_list_add(world.deny_list, token_id, hash, expires, kind);
}

static void pass(int64_t seconds)
{
    fake_wall += seconds;
    fake_boot_ms += seconds * 1000;
}

static void a_token_is_found_by_its_text_and_by_its_id(void **state)
{
    (void)state;
    assert_int_equal(deny("tok_1", "text", NOW + 900, DENY_REVOKED), 0);
    assert_int_equal(denied("tok_1", NULL), DENY_REVOKED);
    assert_int_equal(denied(NULL, "text"), DENY_REVOKED);
    assert_int_equal(denied("tok_2", "text"), DENY_REVOKED);
    assert_int_equal(denied("tok_1", "another text"), DENY_REVOKED);
    assert_int_equal(denied("tok_2", "another text"), DENY_NOT);
    assert_int_equal(denied("tok_", NULL), DENY_NOT);
    assert_int_equal(denied("", NULL), DENY_NOT);
}

static void a_token_without_an_id_does_not_deny_others_without_one(void **state)
{
    (void)state;
    assert_int_equal(deny("", "text", NOW + 900, DENY_REVOKED), 0);
    assert_int_equal(denied("", "text"), DENY_REVOKED);
    assert_int_equal(denied("", "another text"), DENY_NOT);
}

static void revoked_wins_over_ours_and_is_never_weakened(void **state)
{
    (void)state;
    assert_int_equal(deny("tok_1", "text", NOW + 900, DENY_OURS), 0);
    assert_int_equal(denied("tok_1", NULL), DENY_OURS);
    assert_int_equal(deny("tok_1", "text", NOW + 900, DENY_REVOKED), 0);
    assert_int_equal(deny("tok_1", "text", NOW + 900, DENY_OURS), 0);
    assert_int_equal(denied("tok_1", NULL), DENY_REVOKED);
    assert_int_equal(deny_list_size(world.deny_list), 1);
    world_turn();
    world_restart();
    assert_int_equal(denied("tok_1", "text"), DENY_REVOKED);
}

static void the_stronger_of_two_tokens_with_one_id_counts(void **state)
{
    (void)state;
    assert_int_equal(deny("tok_1", "text", NOW + 900, DENY_REVOKED), 0);
    assert_int_equal(deny("tok_1", "another text", NOW + 900, DENY_OURS), 0);
    assert_int_equal(denied("tok_1", "another text"), DENY_REVOKED);
    assert_int_equal(denied(NULL, "another text"), DENY_OURS);
}

static void a_second_id_of_one_text_is_denied_as_well(void **state)
{
    (void)state;
    assert_int_equal(deny("tok_api", "text", NOW + 900, DENY_OURS), 0);
    assert_int_equal(deny("tok_jti", "text", NOW + 900, DENY_REVOKED), 0);
    assert_int_equal(denied("tok_jti", NULL), DENY_REVOKED);
    assert_int_equal(denied("tok_api", NULL), DENY_REVOKED);
    world_turn();
    world_restart();
    assert_int_equal(denied("tok_jti", NULL), DENY_REVOKED);
    assert_int_equal(denied(NULL, "text"), DENY_REVOKED);
}

static void it_is_known_after_a_restart(void **state)
{
    (void)state;
    assert_int_equal(deny("tok_1", "text", NOW + 900, DENY_OURS), 0);
    assert_int_equal(deny("tok_2", "text 2", NOW + 900, DENY_REVOKED), 0);
    world_turn();
    world_restart();
    assert_int_equal(deny_list_size(world.deny_list), 2);
    assert_int_equal(denied("tok_2", NULL), DENY_REVOKED);
    assert_int_equal(denied(NULL, "text 2"), DENY_REVOKED);
    assert_int_equal(denied("tok_1", NULL), DENY_OURS);
    assert_int_equal(denied(NULL, "text"), DENY_OURS);
}

static void run_for(int64_t hours)
{
    for (; hours > 0; hours--) {
        pass(3600);
        deny_list_prune(world.deny_list);
        world_turn();
    }
}

/* Nobody tells a helper that starts so that its clock is wrong. */
static void a_start_with_the_clock_years_ahead_forgets_nothing_that_may_live(void **state)
{
    enum { DAY = 24 * 3600, YEARS = 10 * 365 * DAY };
    (void)state;
    assert_int_equal(deny("tok_1", "text", NOW + 30L * DAY, DENY_REVOKED), 0);
    run_for(2);
    fake_wall += YEARS;
    world_restart();
    run_for(5L * 24);
    assert_int_equal(denied("tok_1", "text"), DENY_REVOKED);
    fake_wall -= YEARS;
    assert_int_equal(denied("tok_1", "text"), DENY_REVOKED);
}

/* Started anew each day, for which the boot clock begins at 0, and off at night. */
static void starts_do_not_keep_an_entry_for_ever(void **state)
{
    enum { DAY = 24 * 3600 };
    int days = 0;
    (void)state;
    assert_int_equal(deny("tok_1", "text", NOW + 30L * DAY, DENY_REVOKED), 0);
    while (denied("tok_1", "text") && days < 100) {
        run_for(12);
        fake_wall += DAY / 2;
        fake_boot_ms = 1000;
        world_restart();
        days++;
    }
    assert_in_range(days, 60, 66);
    assert_int_equal(rows_of("denied"), 0);
}

static void it_is_in_force_when_the_commit_fails_and_written_when_the_disk_is_back(void **state)
{
    (void)state;
    disk_error = ENOSPC;
    disk_fails_from = disk_calls + 1;
    deny("tok_1", "text", NOW + 900, DENY_REVOKED);
    world_turn();
    assert_int_equal(denied("tok_1", "text"), DENY_REVOKED);
    assert_int_equal(rows_of("denied"), 0);
    assert_true(said("state: denied not written"));
    forget_log();
    pass(5);
    world_turn();
    assert_int_equal(rows_of("denied"), 0);
    assert_false(said("not written")); /* said once */
    disk_fails_from = 0;
    pass(5);
    world_turn();
    assert_int_equal(rows_of("denied"), 1);
    assert_true(said("state: denied written"));
    world_restart();
    assert_int_equal(denied("tok_1", "text"), DENY_REVOKED);
}

static void a_full_disk_is_asked_once_a_second_not_once_a_turn(void **state)
{
    (void)state;
    disk_error = ENOSPC;
    disk_fails_from = disk_calls + 1;
    deny("tok_1", "text", NOW + 900, DENY_REVOKED);
    world_turn();
    long calls = disk_calls;
    for (int i = 0; i < 50; i++)
        world_turn();
    assert_int_equal(disk_calls, calls);
    disk_fails_from = 0;
}

/* A million rows, made by SQLite itself. */
static void a_full_list_takes_no_more_and_strengthens_what_it_has(void **state)
{
    struct store_statement *fill;
    (void)state;
    assert_int_equal(deny("tok_1", "text", NOW + 900, DENY_OURS), 0);
    assert_int_equal(store_prepare(world.store,
                         "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)"
                         " INSERT INTO denied (hash, token_id, expires, kind) SELECT CAST(printf('%032d', i) "
                         "AS BLOB), 'tok_' || i, 1700000900, 2 FROM n",
                         &fill),
        0);
    assert_int_equal(store_write(fill), 0);
    store_finish(fill);
    world_turn();
    world_restart();
    assert_int_equal(deny_list_size(world.deny_list), DENY_LIST_MAX);
    assert_int_equal(denied("tok_999999", NULL), DENY_REVOKED);
    assert_int_equal(deny("tok_more", "one more", NOW + 900, DENY_REVOKED), -EAGAIN);
    assert_int_equal(denied("tok_more", "one more"), DENY_NOT);
    assert_int_equal(hold("aaaaaaaa", LEDGER_PASTED_SHORT, "a login"), -EAGAIN);
    assert_int_equal(deny("tok_1", "text", NOW + 900, DENY_REVOKED), 0);
    assert_int_equal(denied("tok_1", "text"), DENY_REVOKED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, revocation_world_set_up, revocation_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_token_is_found_by_its_text_and_by_its_id),
        TEST(a_token_without_an_id_does_not_deny_others_without_one),
        TEST(revoked_wins_over_ours_and_is_never_weakened),
        TEST(the_stronger_of_two_tokens_with_one_id_counts),
        TEST(a_second_id_of_one_text_is_denied_as_well),
        TEST(it_is_known_after_a_restart),
        TEST(a_start_with_the_clock_years_ahead_forgets_nothing_that_may_live),
        TEST(starts_do_not_keep_an_entry_for_ever),
        TEST(it_is_in_force_when_the_commit_fails_and_written_when_the_disk_is_back),
        TEST(a_full_disk_is_asked_once_a_second_not_once_a_turn),
        TEST(a_full_list_takes_no_more_and_strengthens_what_it_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
