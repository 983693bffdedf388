// link: tests/unit/disk.c tests/unit/store_world.c
/* Turns: what is told is on the disk, what is not told is not, and groups of writes are whole. */
#include "disk.h"
#include "store_world.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_turn_is_on_the_disk_before_anyone_is_told(void **state)
{
    (void)state;
    assert_int_equal(put_row(1), 0);
    wait_for_it('a');
    assert_string_equal(told.order, "");
    long syncs = disk_syncs;
    store_turn(world.store);
    assert_true(disk_syncs > syncs);
    expect_told("a", 0);
    assert_int_equal(count_rows_after_reopening(), 1);
}

static void a_turn_that_is_never_committed_leaves_nothing(void **state)
{
    (void)state;
    assert_int_equal(put_row(1), 0);
    assert_int_equal(count_rows(), 1);
    assert_int_equal(count_rows_after_reopening(), 0);
}

static void a_thousand_writes_of_a_turn_share_one_sync(void **state)
{
    (void)state;
    store_turn(world.store);
    for (int n = 0; n < 1000; n++)
        assert_int_equal(put_row(n), 0);
    long syncs = disk_syncs;
    store_turn(world.store);
    assert_in_range(disk_syncs - syncs, 1, 3); /* the log's head, its frames */
}

static void waiters_are_told_in_the_order_they_came(void **state)
{
    (void)state;
    wait_for_it('a');
    assert_int_equal(put_row(1), 0);
    wait_for_it('b');
    wait_for_it('c');
    store_turn(world.store);
    expect_told("abc", 0);
    store_turn(world.store);
    assert_string_equal(told.order, "");
}

static void a_waiter_of_a_turn_without_writes_is_told_too(void **state)
{
    (void)state;
    wait_for_it('a');
    long syncs = disk_syncs;
    store_turn(world.store);
    expect_told("a", 0);
    assert_int_equal(disk_syncs, syncs);
}

static void write_again(void *argument, int error)
{
    (void)argument;
    assert_int_equal(error, 0);
    told.rounds++;
    if (told.rounds < 3) {
        assert_int_equal(put_row(100 + told.rounds), 0);
        assert_int_equal(store_after_commit(world.store, write_again, &told), 0);
    }
}

static void what_a_waiter_writes_is_committed_too(void **state)
{
    (void)state;
    assert_int_equal(put_row(1), 0);
    assert_int_equal(store_after_commit(world.store, write_again, &told), 0);
    store_turn(world.store);
    assert_int_equal(told.rounds, 3);
    assert_int_equal(count_rows_after_reopening(), 3);
}

static void wait_for_ever(void *argument, int error)
{
    (void)error;
    assert_int_equal(store_after_commit(world.store, wait_for_ever, argument), 0);
}

static void a_waiter_that_asks_for_ever_is_left(void **state)
{
    (void)state;
    int self = 0;
    assert_int_equal(store_after_commit(world.store, wait_for_ever, &self), 0);
    store_turn(world.store);
    store_forget(world.store, &self);
}

static void forget_the_others(void *argument, int error)
{
    (void)error;
    store_forget(world.store, argument);
}

static void who_is_forgotten_is_not_told(void **state)
{
    (void)state;
    static char gone[] = "x";
    assert_int_equal(store_after_commit(world.store, forget_the_others, gone), 0);
    assert_int_equal(store_after_commit(world.store, tell, gone), 0);
    wait_for_it('a');
    assert_int_equal(store_after_commit(world.store, tell, gone), 0);
    store_turn(world.store);
    expect_told("a", 0);
}

static void a_group_of_writes_is_undone_as_a_whole(void **state)
{
    (void)state;
    assert_int_equal(put_row(1), 0);
    assert_int_equal(store_begin(world.store), 0);
    assert_int_equal(put_row(2), 0);
    assert_int_equal(store_begin(world.store), 0);
    assert_int_equal(put_row(3), 0);
    assert_int_equal(store_end(world.store, true), 0);
    assert_int_equal(store_end(world.store, false), 0);
    assert_int_equal(store_begin(world.store), 0);
    assert_int_equal(put_row(4), 0);
    assert_int_equal(store_begin(world.store), 0);
    assert_int_equal(put_row(5), 0);
    assert_int_equal(store_end(world.store, false), 0);
    assert_int_equal(store_end(world.store, true), 0);
    store_turn(world.store);
    assert_int_equal(count_rows_after_reopening(), 2);
    store_bind_integer(world.get, 1, 4);
    assert_int_equal(store_row(world.get), 1);
}

static void a_group_left_open_takes_its_turn_down(void **state)
{
    (void)state;
    assert_int_equal(store_begin(world.store), 0);
    assert_int_equal(put_row(1), 0);
    wait_for_it('a');
    store_turn(world.store);
    expect_told("a", -EINVAL);
    assert_int_equal(count_rows(), 0);
    assert_int_equal(store_end(world.store, true), -EINVAL);
}

static void a_refused_write_leaves_the_turn_alone(void **state)
{
    (void)state;
    assert_int_equal(put_row(1), 0);
    assert_int_equal(put_row(1), -EEXIST);
    store_bind_integer(world.insert, 1, 2); /* the other two were cleared: NULL */
    assert_int_equal(store_write(world.insert), -EEXIST);
    assert_int_equal(put_row(3), 0);
    wait_for_it('a');
    store_turn(world.store);
    expect_told("a", 0);
    assert_int_equal(count_rows_after_reopening(), 2);
}

static void texts_and_blobs_come_back_as_they_were(void **state)
{
    (void)state;
    size_t length;
    store_bind_integer(world.insert, 1, INT64_MIN);
    store_bind_text(world.insert, 2, "'; DROP TABLE t; --");
    store_bind_blob(world.insert, 3, NULL, 0);
    assert_int_equal(store_write(world.insert), 0);
    store_bind_integer(world.get, 1, INT64_MIN);
    assert_int_equal(store_row(world.get), 1);
    assert_string_equal(store_text(world.get, 0), "'; DROP TABLE t; --");
    store_blob(world.get, 1, &length);
    assert_int_equal(length, 0);
    assert_int_equal(store_row(world.get), 0);
    assert_int_equal(put_row(7), 0);
    store_bind_integer(world.get, 1, 7);
    assert_int_equal(store_row(world.get), 1);
    assert_memory_equal(store_blob(world.get, 1, &length), "\0\1", 2);
    assert_int_equal(length, 2);
    store_reset(world.get);
}

static void a_write_that_fails_takes_its_turn_down(void **state)
{
    (void)state;
    char *text = malloc(1024 * 1024 + 2);
    memset(text, 'x', 1024 * 1024 + 1);
    text[1024 * 1024 + 1] = '\0';
    assert_int_equal(put_row(7), 0);
    wait_for_it('a');
    store_bind_integer(world.insert, 1, 1);
    store_bind_text(world.insert, 2, text);
    store_bind_blob(world.insert, 3, "", 0);
    assert_int_equal(store_write(world.insert), -E2BIG);
    free(text);
    assert_int_equal(put_row(8), -E2BIG);
    store_turn(world.store);
    expect_told("a", -E2BIG);
    assert_int_equal(put_row(9), 0);
    store_turn(world.store);
    assert_int_equal(count_rows_after_reopening(), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_turn_is_on_the_disk_before_anyone_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_turn_that_is_never_committed_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_thousand_writes_of_a_turn_share_one_sync, set_up, tear_down),
        cmocka_unit_test_setup_teardown(waiters_are_told_in_the_order_they_came, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_waiter_of_a_turn_without_writes_is_told_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_a_waiter_writes_is_committed_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_waiter_that_asks_for_ever_is_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_is_forgotten_is_not_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_group_of_writes_is_undone_as_a_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_group_left_open_takes_its_turn_down, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_refused_write_leaves_the_turn_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_and_blobs_come_back_as_they_were, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_write_that_fails_takes_its_turn_down, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
