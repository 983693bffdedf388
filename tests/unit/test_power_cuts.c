// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c tests/unit/deeds.c tests/unit/made_vfs.c tests/unit/tape.c tests/unit/power_cuts.c
/* What was acknowledged survives a power cut at any moment. The whole of it is `make power-test`. */
#include "login_world.h"
#include "made_vfs.h"
#include "power_cuts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

static struct power_figures run(bool syncs_ignored)
{
    const struct power_options options = {
        .operations = 120, .cuts = 200, .seed = (uint64_t)time(NULL), .syncs_ignored = syncs_ignored};
    struct power_figures figures;
    power_cuts_run(&options, &figures);
    power_figures_print(&options, &figures);
    return figures;
}

static void a_power_cut_loses_nothing_that_was_acknowledged(void **state)
{
    struct power_figures figures = run(false);
    (void)state;
    assert_int_equal(figures.corrupt, 0);
    assert_int_equal(figures.lost, 0);
    assert_in_range(figures.closes, 10, 120); /* or nothing was promised */
}

static void on_a_disk_that_ignores_syncs_it_does(void **state)
{
    struct power_figures figures = run(true);
    (void)state;
    assert_true(figures.corrupt + figures.losing > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, login_world_set_up, login_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_power_cut_loses_nothing_that_was_acknowledged),
        TEST(on_a_disk_that_ignores_syncs_it_does),
    };
    made_vfs_install(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
