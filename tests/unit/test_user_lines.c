// fakes: clock
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/said.c
/* Whoever is refused without end fills no log, and nobody's refusals are hidden by another's. */
#include "ipc/user_lines.h"

#include "fakes/clock.h"
#include "said.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { MALLORY = 1003, BOB = 1002 };

static struct user_lines lines;

static int set_up(void **state)
{
    (void)state;
    lines = (struct user_lines){.others = {.count = 0}};
    forget_log();
    return 0;
}

static unsigned taken(uint32_t uid, unsigned asked)
{
    unsigned count = 0;
    for (unsigned i = 0; i < asked; i++)
        count += user_lines_take(&lines, uid);
    return count;
}

static void what_is_beyond_the_bound_is_said_once(void **state)
{
    (void)state;
    assert_int_equal(taken(MALLORY, USER_LINES_MAX), USER_LINES_MAX);
    assert_false(said("uid"));
    assert_int_equal(taken(MALLORY, 1), 0);
    assert_true(
        said("uid 1003 is refused more than 100 times in 10 s at user.sock: the others are not logged"));
    forget_log();
    assert_int_equal(taken(MALLORY, 100000), 0);
    assert_false(said("uid"));
}

static void another_has_a_share_of_his_own(void **state)
{
    (void)state;
    taken(MALLORY, USER_LINES_MAX + 1);
    assert_int_equal(taken(BOB, USER_LINES_MAX + 1), USER_LINES_MAX);
}

static void the_window_passes(void **state)
{
    (void)state;
    taken(MALLORY, USER_LINES_MAX + 1);
    fake_boot_ms += USER_LINES_WINDOW_MS - 1;
    assert_int_equal(taken(MALLORY, 1), 0);
    fake_boot_ms += 1;
    assert_int_equal(taken(MALLORY, USER_LINES_MAX + 1), USER_LINES_MAX);
}

static void whoever_finds_no_room_shares_with_others(void **state)
{
    (void)state;
    for (uint32_t uid = 0; uid < USER_LINES_USERS; uid++)
        assert_int_equal(taken(uid, 1), 1);
    assert_int_equal(taken(MALLORY, USER_LINES_MAX), USER_LINES_MAX);
    assert_int_equal(taken(BOB, 1), 0);
    assert_int_equal(taken(0, 1), 1);
    fake_boot_ms += USER_LINES_WINDOW_MS;
    assert_int_equal(taken(BOB, USER_LINES_MAX), USER_LINES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_beyond_the_bound_is_said_once, set_up),
        cmocka_unit_test_setup(another_has_a_share_of_his_own, set_up),
        cmocka_unit_test_setup(the_window_passes, set_up),
        cmocka_unit_test_setup(whoever_finds_no_room_shares_with_others, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
