// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c tests/unit/deeds.c tests/unit/made_vfs.c tests/unit/tape.c tests/unit/power_cuts.c
/*
 * `make power-test OPS=500 CUTS=3000`: a power cut at points all over a trace of logins and logouts loses nothing that
 * was acknowledged; on a disk that ignores syncs it must, or the test would prove nothing.
 *
 * usage: cuts OPERATIONS CUTS [SEED]
 */
#include "login_world.h"
#include "made_vfs.h"
#include "power_cuts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

static struct power_options options;

static struct power_figures run(void)
{
    struct power_figures figures;
    power_cuts_run(&options, &figures);
    power_figures_print(&options, &figures);
    return figures;
}

static void what_was_acknowledged_survives(void **state)
{
    (void)state;
    options.syncs_ignored = false;
    struct power_figures figures = run();
    assert_int_equal(figures.corrupt, 0);
    assert_int_equal(figures.lost, 0);
}

static void without_syncs_it_does_not(void **state)
{
    (void)state;
    options.syncs_ignored = true;
    struct power_figures figures = run();
    assert_true(figures.corrupt + figures.losing > options.cuts / 100);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, login_world_set_up, login_world_tear_down)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {TEST(what_was_acknowledged_survives), TEST(without_syncs_it_does_not)};
    if (argc < 3)
        return 64;
    options.operations = (unsigned)strtoul(argv[1], NULL, 10);
    options.cuts = (unsigned)strtoul(argv[2], NULL, 10);
    options.seed = argc > 3 ? strtoull(argv[3], NULL, 10) : (uint64_t)time(NULL);
    made_vfs_install(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
