// link: tests/unit/disk.c tests/unit/store_world.c tests/unit/made_vfs.c tests/unit/tape.c
/* The power is cut while the log is emptied and laid out anew: what was committed before is there all the same. */
#include "disk.h"
#include "made_vfs.h"
#include "store_world.h"
#include "tape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cmocka.h>

enum { ROWS = 40, CUTS_EACH = 20 }; /* the rows' log is longer than what is laid out at once */

static struct tape *tape;

static int record(const struct made_vfs_event *event)
{
    if (event->kind != MADE_READ && event->file != MADE_OTHER)
        tape_add(tape, event);
    return 0;
}

/* The first event of the checkpoint. */
static long record_rows_and_a_checkpoint(void)
{
    made_vfs_tell(record);
    assert_int_equal(store_world_open(), 0);
    for (int n = 0; n < ROWS; n++) {
        assert_int_equal(put_row(n), 0);
        store_turn(world.store);
    }
    long begin = tape_length(tape);
    assert_int_equal(store_checkpoint(world.store), 0);
    made_vfs_tell(NULL);
    return begin;
}

static void a_cut_while_the_log_is_laid_out_brings_nothing_back(void **state)
{
    (void)state;
    long begin = record_rows_and_a_checkpoint();
    struct platter *platter = platter_new(tape, false);
    for (long when = begin; when <= tape_length(tape); when++) {
        platter_play(platter, when);
        for (uint64_t cut = 0; cut < CUTS_EACH; cut++) {
            store_world_start_anew();
            platter_cut(platter, world.folder, (uint64_t)when * CUTS_EACH + cut);
            assert_int_equal(store_world_open(), 0);
            assert_int_equal(count_rows(), ROWS);
        }
    }
    platter_free(platter);
}

static int set_up_tape(void **state)
{
    (void)state;
    tape = tape_new();
    snprintf(world.folder, sizeof world.folder, "%s", disk_folder());
    return 0;
}

static int tear_down_tape(void **state)
{
    int failed = tear_down(state);
    tape_free(tape);
    return failed;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_cut_while_the_log_is_laid_out_brings_nothing_back, set_up_tape, tear_down_tape),
    };
    made_vfs_install(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
