// fakes: clock
/* How many requests a minute, and whose: against a clock that the test moves. */
#include "token/budget.h"

#include "fakes/clock.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MINUTE_MS = 61000 }; /* and a second to spare */

static struct budget *budget;

static void start(unsigned limit)
{
    budget_free(budget);
    budget = NULL;
    assert_int_equal(budget_new(limit, &budget), 0);
}

static int tear_down(void **state)
{
    (void)state;
    budget_free(budget);
    budget = NULL;
    return 0;
}

/* How many of LANE are let through at once. */
static unsigned take_all(enum budget_lane lane)
{
    unsigned count = 0;
    while (budget_take(budget, lane) == 0)
        count++;
    return count;
}

static void a_budget_of_nothing_is_none(void **state)
{
    (void)state;
    assert_int_equal(budget_new(0, &budget), -EINVAL);
    assert_null(budget);
}

static void logins_alone_may_use_the_whole_minute(void **state)
{
    (void)state;
    start(10);
    assert_int_equal(take_all(BUDGET_LOGIN), 10);
    assert_int_equal(budget_take(budget, BUDGET_LOGIN), MINUTE_MS);
    fake_boot_ms += MINUTE_MS - 1;
    assert_int_equal(budget_take(budget, BUDGET_LOGIN), 1);
    fake_boot_ms += 1;
    assert_int_equal(take_all(BUDGET_LOGIN), 10);
}

static void it_says_what_the_last_minute_held(void **state)
{
    unsigned used;
    (void)state;
    start(10);
    budget_take(budget, BUDGET_LOGIN);
    assert_int_equal(budget_used(budget, &used), 10);
    assert_int_equal(used, 1);
    fake_boot_ms += MINUTE_MS;
    budget_used(budget, &used);
    assert_int_equal(used, 0);
}

static void no_minute_ever_holds_more_than_the_limit(void **state)
{
    (void)state;
    static const unsigned limits[] = {1, 2, 3, 4, 5, 7, 10, 60};
    srand(7);
    for (size_t l = 0; l < sizeof limits / sizeof limits[0]; l++) {
        int64_t sent[64] = {0};
        unsigned count = 0;
        start(limits[l]);
        for (int i = 0; i < 20000; i++) {
            fake_boot_ms += rand() % 900;
            if (budget_take(budget, (enum budget_lane)(rand() % BUDGET_LANES)) != 0)
                continue;
            int64_t *oldest = &sent[count++ % limits[l]]; /* sent LIMIT requests ago */
            assert_true(*oldest == 0 || fake_boot_ms - *oldest >= MINUTE_MS);
            *oldest = fake_boot_ms;
        }
        assert_true(count > 100 * limits[l]);
    }
}

static void what_the_others_lend_never_includes_the_share_of_logins(void **state)
{
    (void)state;
    start(10);
    assert_int_equal(take_all(BUDGET_REVOCATION), 6);
    assert_int_equal(take_all(BUDGET_LOGIN), 4);
}

static void a_flood_of_logins_gives_way_to_revocations_within_a_minute(void **state)
{
    (void)state;
    start(10);
    assert_int_equal(take_all(BUDGET_LOGIN), 10);
    assert_int_equal(budget_take(budget, BUDGET_REVOCATION), MINUTE_MS);
    fake_boot_ms += MINUTE_MS;
    assert_int_equal(take_all(BUDGET_LOGIN), 8);
    assert_int_equal(take_all(BUDGET_REVOCATION), 2);
}

static void each_lane_that_asks_keeps_its_share_under_a_flood(void **state)
{
    (void)state;
    unsigned served[BUDGET_LANES] = {0};
    start(60);
    for (int i = 0; i < 60 * 600; i++) { /* ten minutes; logins ask ten times as often as anyone else */
        fake_boot_ms += 1000 / 60;
        for (int n = 0; n < 10; n++)
            served[BUDGET_LOGIN] += budget_take(budget, BUDGET_LOGIN) == 0;
        for (unsigned lane = BUDGET_RENEWAL; lane < BUDGET_LANES; lane++)
            served[lane] += budget_take(budget, (enum budget_lane)lane) == 0;
    }
    assert_in_range(served[BUDGET_LOGIN], 230, 320);
    assert_in_range(served[BUDGET_RENEWAL], 100, 140);
    assert_in_range(served[BUDGET_REVOCATION], 100, 140);
    assert_in_range(served[BUDGET_USER], 45, 75);
}

static void what_becomes_free_goes_to_the_highest_lane_that_waits(void **state)
{
    (void)state;
    start(10);
    assert_int_equal(take_all(BUDGET_LOGIN), 10);
    fake_boot_ms += MINUTE_MS - 5000;
    assert_int_equal(budget_take(budget, BUDGET_USER), 5000);
    assert_int_equal(budget_take(budget, BUDGET_LOGIN), 5000);
    fake_boot_ms += 5000;
    assert_int_equal(budget_take(budget, BUDGET_USER), 0); /* its own share */
    assert_int_equal(budget_take(budget, BUDGET_USER), 100);
    assert_int_equal(budget_take(budget, BUDGET_LOGIN), 0);
    assert_int_equal(budget_take(budget, BUDGET_USER), 0);
}

static void a_share_that_was_lent_is_not_paid_back_by_the_logins(void **state)
{
    (void)state;
    start(10);
    assert_int_equal(take_all(BUDGET_REVOCATION), 6);
    assert_int_equal(take_all(BUDGET_RENEWAL), 0);
    assert_int_equal(take_all(BUDGET_LOGIN), 4);
    fake_boot_ms += MINUTE_MS;
    assert_int_equal(take_all(BUDGET_REVOCATION), 4);
    assert_int_equal(take_all(BUDGET_RENEWAL), 2);
}

static void one_who_waited_and_never_came_back_blocks_nobody(void **state)
{
    (void)state;
    start(1);
    assert_int_equal(budget_take(budget, BUDGET_LOGIN), 0);
    fake_boot_ms += MINUTE_MS - 1000;
    assert_int_equal(budget_take(budget, BUDGET_LOGIN), 1000);
    fake_boot_ms += 1000;
    assert_int_equal(budget_take(budget, BUDGET_REVOCATION), 100);
    fake_boot_ms += 100;
    assert_int_equal(budget_take(budget, BUDGET_REVOCATION), 0);
}

static void suspects_have_no_share_and_leave_strangers_theirs(void **state)
{
    (void)state;
    start(20);
    assert_int_equal(take_all(BUDGET_SUSPECT), 10); /* 8 are for logins, 2 for strangers */
    assert_int_equal(take_all(BUDGET_STRANGER), 2);
    assert_int_equal(take_all(BUDGET_LOGIN), 8);
    fake_boot_ms += MINUTE_MS;
    for (unsigned lane = 0; lane < BUDGET_SUSPECT; lane++)
        assert_int_equal(budget_take(budget, (enum budget_lane)lane), 0);
    assert_int_equal(take_all(BUDGET_SUSPECT), 0); /* all the others are there now */
    start(20);
    assert_int_equal(budget_take(budget, BUDGET_SUSPECT), 0);
    assert_int_equal(take_all(BUDGET_LOGIN), 19); /* nothing is kept for them */
}

static void a_flood_of_suspects_takes_nothing_from_a_lane_that_asks(void **state)
{
    (void)state;
    unsigned served[BUDGET_LANES] = {0};
    start(60);
    for (int i = 0; i < 60 * 600; i++) { /* ten minutes; the others ask for a little less than their share */
        fake_boot_ms += 1000 / 60;
        for (int n = 0; n < 10; n++)
            served[BUDGET_SUSPECT] += budget_take(budget, BUDGET_SUSPECT) == 0;
        if (i % 160 == 0)
            served[BUDGET_LOGIN] += budget_take(budget, BUDGET_LOGIN) == 0;
        if (i % 320 == 150)
            served[BUDGET_REVOCATION] += budget_take(budget, BUDGET_REVOCATION) == 0;
    }
    assert_int_equal(served[BUDGET_LOGIN], 225); /* all */
    assert_in_range(
        served[BUDGET_REVOCATION], 101, 113); /* all but those of the first minute, when it was lent */
    assert_true(served[BUDGET_SUSPECT] > 0);
}

static void after_a_429_nothing_is_sent_until_it_is_over(void **state)
{
    (void)state;
    start(10);
    budget_hold(budget, 30);
    for (unsigned lane = 0; lane < BUDGET_LANES; lane++)
        assert_int_equal(budget_take(budget, (enum budget_lane)lane), 30000);
    fake_boot_ms += 29999;
    assert_int_equal(budget_held(budget), 1);
    assert_int_equal(budget_take(budget, BUDGET_LOGIN), 1);
    fake_boot_ms += 1;
    assert_int_equal(budget_held(budget), 0);
    assert_int_equal(budget_take(budget, BUDGET_LOGIN), 0);
}

static void a_hold_is_a_minute_by_default_and_an_hour_at_most(void **state)
{
    (void)state;
    static const struct {
        int64_t retry_after, held_ms;
    } rows[] = {{-1, 60000}, {0, 1000}, {1, 1000}, {3600, 3600000}, {3601, 3600000}, {1000000000, 3600000}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        start(10);
        budget_hold(budget, rows[i].retry_after);
        assert_int_equal(budget_held(budget), rows[i].held_ms);
    }
}

static void a_shorter_hold_does_not_end_a_longer_one(void **state)
{
    (void)state;
    start(10);
    budget_hold(budget, 600);
    budget_hold(budget, 1);
    assert_int_equal(budget_held(budget), 600000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_budget_of_nothing_is_none, tear_down),
        cmocka_unit_test_teardown(logins_alone_may_use_the_whole_minute, tear_down),
        cmocka_unit_test_teardown(it_says_what_the_last_minute_held, tear_down),
        cmocka_unit_test_teardown(no_minute_ever_holds_more_than_the_limit, tear_down),
        cmocka_unit_test_teardown(what_the_others_lend_never_includes_the_share_of_logins, tear_down),
        cmocka_unit_test_teardown(a_flood_of_logins_gives_way_to_revocations_within_a_minute, tear_down),
        cmocka_unit_test_teardown(each_lane_that_asks_keeps_its_share_under_a_flood, tear_down),
        cmocka_unit_test_teardown(what_becomes_free_goes_to_the_highest_lane_that_waits, tear_down),
        cmocka_unit_test_teardown(a_share_that_was_lent_is_not_paid_back_by_the_logins, tear_down),
        cmocka_unit_test_teardown(one_who_waited_and_never_came_back_blocks_nobody, tear_down),
        cmocka_unit_test_teardown(suspects_have_no_share_and_leave_strangers_theirs, tear_down),
        cmocka_unit_test_teardown(a_flood_of_suspects_takes_nothing_from_a_lane_that_asks, tear_down),
        cmocka_unit_test_teardown(after_a_429_nothing_is_sent_until_it_is_over, tear_down),
        cmocka_unit_test_teardown(a_hold_is_a_minute_by_default_and_an_hour_at_most, tear_down),
        cmocka_unit_test_teardown(a_shorter_hold_does_not_end_a_longer_one, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
