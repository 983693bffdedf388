/*
 * Memory runs out at the Nth allocation of a turn, or of a probe, for every N: that one may fail, and the next one does
 * not.
 */
// link: tests/unit/disk.c tests/unit/short_memory.c tests/unit/store_world.c -Wl,--wrap=sqlite3_step -fno-builtin-malloc -fno-builtin-calloc -fno-builtin-realloc
#include "short_memory.h"
#include "store_world.h"

#include <sqlite3.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* True: it was reached. */
static bool went_short(long nth, void (*act)(void))
{
    short_memory_at(nth);
    act();
    return short_memory_reached();
}

static void probe(void)
{
    store_probe(world.store);
}

/* A large row, which is copied: a small one needs no memory at all where SQLite has it from the turn before. */
static void write_a_turn(void)
{
    static const char bytes[100000];
    static int64_t n = 1000000;
    store_bind_integer(world.insert, 1, n++);
    store_bind_text(world.insert, 2, "w");
    store_bind_blob(world.insert, 3, bytes, sizeof bytes);
    store_write(world.insert);
    store_turn(world.store);
}

static void take_back_a_step(void)
{
    if (store_begin(world.store) == 0) {
        put_row(1);
        store_end(world.store, false);
    }
    store_turn(world.store);
}

static bool stands(int64_t n)
{
    store_bind_integer(world.get, 1, n);
    int found = store_row(world.get);
    store_reset(world.get);
    assert_in_range(found, 0, 1);
    return found == 1;
}

static void a_step_is_taken_back_though_memory_runs_out(void **state)
{
    (void)state;
    long nth = 1;
    for (bool reached = true; reached; nth++) {
        reached = went_short(nth, take_back_a_step);
        assert_false(stands(1));
        assert_int_equal(store_probe(world.store), 0);
        assert_int_equal(put_row((int)nth + 10), 0);
        wait_for_it('a');
        store_turn(world.store);
        expect_told("a", 0);
    }
    assert_true(nth > 3);
}

static void survives(void (*act)(void))
{
    long nth = 1;
    for (; went_short(nth, act); nth++) {
        store_turn(world.store);
        assert_int_equal(store_probe(world.store), 0);
        assert_int_equal(put_row((int)nth), 0);
        wait_for_it('a');
        store_turn(world.store);
        expect_told("a", 0);
    }
    assert_true(nth > 1);
}

static void a_probe_that_runs_out_of_memory_spoils_nothing(void **state)
{
    (void)state;
    survives(probe);
}

static void a_turn_that_runs_out_of_memory_spoils_no_other(void **state)
{
    (void)state;
    survives(write_a_turn);
}

/* The next step says that the database is corrupt, with this errno; -1: it does not. */
static int corrupt_with = -1;

int __real_sqlite3_step(sqlite3_stmt *statement);
int __wrap_sqlite3_step(sqlite3_stmt *statement)
{
    if (corrupt_with < 0)
        return __real_sqlite3_step(statement);
    errno = corrupt_with;
    corrupt_with = -1;
    return SQLITE_CORRUPT;
}

static void a_database_is_not_damaged_for_want_of_memory(void **state)
{
    (void)state;
    corrupt_with = ENOMEM;
    assert_int_equal(store_write(world.insert), -ENOMEM);
    assert_false(store_damaged(world.store));
    store_turn(world.store);
    assert_int_equal(put_row(1), 0);
    corrupt_with = 0;
    assert_int_equal(store_write(world.insert), -EUCLEAN);
    assert_true(store_damaged(world.store));
}

int main(void)
{
    if (!short_memory_possible) {
        puts("skipped: the address sanitizer brings its own allocator");
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_probe_that_runs_out_of_memory_spoils_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_step_is_taken_back_though_memory_runs_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_turn_that_runs_out_of_memory_spoils_no_other, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_database_is_not_damaged_for_want_of_memory, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
