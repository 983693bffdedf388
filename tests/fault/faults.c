// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c tests/unit/deeds.c tests/unit/made_vfs.c tests/unit/disk_faults.c
/*
 * `make fault-test`: a disk that fails, or is full, at each write, sync, read and truncate while alice logs in and out.
 *
 * usage: faults [EVERY]    each EVERY-th point only
 */
#include "login_world.h"
#include "disk_faults.h"
#include "made_vfs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static unsigned every = 1;

static void no_fault_of_the_disk_breaks_a_promise(void **state)
{
    struct disk_fault_figures figures;
    unsigned broken = 0;
    (void)state;
    for (unsigned kind = 0; kind < DISK_FAULT_KINDS; kind++) {
        disk_faults_run(kind, every, &figures);
        disk_faults_print(&figures);
        broken += figures.unrevocable + figures.lost + figures.stuck + figures.wrong;
        broken += kind < 2 ? figures.late : 0; /* the space kept in reserve is for them */
        assert_true(figures.points > 1 && figures.grants > 0 && figures.closes > 0);
    }
    assert_int_equal(broken, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(
        no_fault_of_the_disk_breaks_a_promise, login_world_set_up, login_world_tear_down)};
    if (argc > 1)
        every = (unsigned)strtoul(argv[1], NULL, 10);
    if (every == 0)
        return 64;
    made_vfs_install(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
