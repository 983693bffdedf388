// link: tests/unit/disk.c tests/unit/store_world.c
/* A disk that fails at each write and sync, a process that is killed, and a log that must not grow. */
#include "base/state_reserve.h"
#include "disk.h"
#include "store_world.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { LOG_ROOM = 1024 * 1024 };

/* A turn of two writes against a disk that fails at call N: both rows or none, and the teller tells which. */
static bool turn_against_the_disk(long at, bool for_good, int error, int expected)
{
    assert_int_equal(store_room(world.store), 0);
    assert_int_equal(store_checkpoint(world.store), 0); /* so that the log's head is written as well */
    int64_t before = count_rows();
    long calls = disk_calls;
    disk_error = error;
    disk_fails_at = for_good ? 0 : calls + at;
    disk_fails_from = for_good ? calls + at : 0;
    bool written = put_row(2 * before + 1000) == 0 && put_row(2 * before + 1001) == 0;
    wait_for_it('a');
    store_turn(world.store);
    bool met = disk_calls >= calls + at;
    disk_fails_at = disk_fails_from = 0;
    /* no room for one write: the reserve makes some, and nobody notices */
    bool again = met && written && !for_good && expected == -ENOSPC && told.error == 0;
    assert_int_equal(count_rows(), again || (!met && written) ? before + 2 : before);
    expect_told("a", met && !again ? expected : 0);
    return met;
}

static void each_write_and_sync_that_fails_undoes_its_turn(void **state)
{
    (void)state;
    static const struct {
        int error, expected;
    } rows_of_errors[] = {
        {ENOSPC, -ENOSPC}, {EIO, -EIO}, {EROFS, -EROFS}, {EDQUOT, -ENOSPC}, {EFBIG, -ENOSPC}};
    for (size_t i = 0; i < sizeof rows_of_errors / sizeof rows_of_errors[0]; i++) {
        for (int for_good = 0; for_good < 2; for_good++) {
            long at = 1;
            while (turn_against_the_disk(at, for_good, rows_of_errors[i].error, rows_of_errors[i].expected))
                at++;
            assert_in_range(at, 5, 50);
            int64_t count = count_rows();
            assert_int_equal(put_row(count * 2 + 5000), 0);
            store_turn(world.store);
            assert_int_equal(count_rows_after_reopening(), count + 1);
        }
    }
}

static int put_large_row(int64_t n)
{
    static char bytes[100000];
    store_bind_integer(world.insert, 1, n);
    store_bind_text(world.insert, 2, "w");
    store_bind_blob(world.insert, 3, bytes, sizeof bytes);
    return store_write(world.insert);
}

/* More than the cache holds: SQLite writes before the commit, and rolls back by itself when it cannot. */
static void a_turn_that_fails_half_way_stays_lost(void **state)
{
    (void)state;
    assert_int_equal(put_row(-1), 0);
    wait_for_it('a');
    disk_error = ENOSPC;
    disk_fails_from = disk_calls + 1;
    int error = 0;
    for (int64_t n = 0; n < 100 && error == 0; n++)
        error = put_large_row(n);
    disk_fails_from = 0;
    assert_int_equal(error, -ENOSPC);
    assert_int_equal(put_row(1000), -ENOSPC);
    assert_int_equal(store_begin(world.store), -ENOSPC);
    store_turn(world.store);
    expect_told("a", -ENOSPC);
    assert_int_equal(count_rows(), 0);
    assert_int_equal(put_row(1000), 0);
    store_turn(world.store);
    assert_int_equal(count_rows_after_reopening(), 1);
}

static void a_group_is_lost_with_its_turn(void **state)
{
    (void)state;
    assert_int_equal(store_begin(world.store), 0);
    disk_fails_from = disk_calls + 1;
    int error = 0;
    for (int64_t n = 0; n < 100 && error == 0; n++)
        error = put_large_row(n);
    disk_fails_from = 0;
    assert_int_equal(store_end(world.store, true), -ENOSPC);
    store_turn(world.store);
    assert_int_equal(count_rows(), 0);
}

static void the_probe_sees_a_full_disk_and_the_room_after_it(void **state)
{
    (void)state;
    assert_int_equal(store_probe(world.store), 0);
    disk_error = ENOSPC;
    disk_fails_from = disk_calls + 1;
    assert_int_equal(store_probe(world.store), -ENOSPC);
    disk_error = EROFS;
    assert_int_equal(store_probe(world.store), -EROFS);
    disk_fails_from = 0;
    assert_int_equal(store_probe(world.store), 0);
    store_turn(world.store);
    assert_int_equal(count_rows_after_reopening(), 0);
}

static void the_probe_leaves_nothing_to_commit(void **state)
{
    (void)state;
    long syncs = disk_syncs;
    assert_int_equal(store_probe(world.store), 0);
    store_turn(world.store);
    assert_int_equal(disk_syncs, syncs);
}

static void the_probe_leaves_a_turn_as_it_was(void **state)
{
    (void)state;
    assert_int_equal(put_row(1), 0);
    assert_int_equal(store_probe(world.store), 0);
    assert_int_equal(put_row(2), 0);
    store_turn(world.store);
    assert_int_equal(count_rows_after_reopening(), 2);
}

static off_t size_of(const char *name)
{
    char path[300];
    struct stat status;
    snprintf(path, sizeof path, "%s/%s", world.folder, name);
    assert_int_equal(stat(path, &status), 0);
    return status.st_size;
}

static off_t log_size(void)
{
    return size_of("state.db-wal");
}

/* Nothing may grow, from now on; somebody else takes what the reserve does not. */
static void fill_the_disk(void)
{
    disk_limit(world.folder, disk_used(world.folder));
}

static void a_full_disk_takes_a_thousand_turns_more_and_grants_nothing(void **state)
{
    (void)state;
    assert_int_equal(store_room(world.store), 0);
    fill_the_disk();
    for (int n = 0; n < 1000; n++) {
        assert_int_equal(put_row(n), 0);
        wait_for_it('a');
        store_turn(world.store);
        expect_told("a", 0);
    }
    assert_true(size_of("reserve") < STATE_RESERVE_SIZE);
    assert_int_equal(store_room(world.store), -ENOSPC);
    assert_int_equal(store_probe(world.store), -ENOSPC);
    disk_limit(NULL, 0);
    assert_int_equal(store_room(world.store), 0);
    assert_int_equal(size_of("reserve"), STATE_RESERVE_SIZE);
    assert_int_equal(count_rows_after_reopening(), 1000);
}

static void a_reserve_is_given_back_piece_by_piece(void **state)
{
    (void)state;
    fill_the_disk();
    int turns = 0;
    for (; size_of("reserve") == STATE_RESERVE_SIZE; turns++) {
        assert_int_equal(put_row(turns), 0);
        store_turn(world.store);
        assert_in_range(turns, 0, 100);
    }
    assert_int_equal(size_of("reserve"), STATE_RESERVE_SIZE - STATE_RESERVE_PIECE);
    disk_limit(NULL, 0);
}

static void without_room_for_a_reserve_what_is_there_goes_on(void **state)
{
    char path[300];
    (void)state;
    assert_int_equal(put_row(1), 0);
    store_turn(world.store);
    store_world_close();
    snprintf(path, sizeof path, "%s/reserve", world.folder);
    assert_int_equal(unlink(path), 0);
    disk_limit(world.folder, disk_used(world.folder) + 100000);
    assert_int_equal(store_world_open(), 0);
    assert_int_equal(store_room(world.store), -ENOSPC);
    assert_int_equal(size_of("reserve"), 0); /* half a one would only be in the way */
    assert_int_equal(count_rows(), 1);
    assert_int_equal(put_row(2), 0);
    store_turn(world.store);
    disk_limit(NULL, 0);
    assert_int_equal(count_rows_after_reopening(), 2);
    assert_int_equal(store_room(world.store), 0);
}

/* No byte of it is left, for the file was of no length in between; the room for the next is there. */
static bool log_is_empty(void)
{
    static char bytes[LOG_ROOM + 1];
    char path[300];
    snprintf(path, sizeof path, "%s/state.db-wal", world.folder);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    ssize_t length = read(fd, bytes, sizeof bytes);
    close(fd);
    return length == LOG_ROOM && bytes[0] == 0 && memcmp(bytes, bytes + 1, LOG_ROOM - 1) == 0;
}

static void a_checkpoint_empties_the_log_also_amid_a_turn(void **state)
{
    (void)state;
    assert_int_equal(put_row(1), 0);
    store_turn(world.store);
    assert_false(log_is_empty());
    assert_int_equal(store_checkpoint(world.store), 0);
    assert_true(log_is_empty());
    assert_int_equal(put_row(2), 0);
    assert_int_equal(store_checkpoint(world.store), 0);
    assert_int_equal(put_row(3), 0);
    store_turn(world.store);
    assert_true(log_is_empty());
    assert_int_equal(count_rows_after_reopening(), 3);
}

static void a_checkpoint_that_failed_is_done_by_the_next(void **state)
{
    (void)state;
    assert_int_equal(put_row(1), 0);
    store_turn(world.store);
    disk_error = EIO;
    disk_fails_at = disk_calls + 1;
    assert_int_equal(store_checkpoint(world.store), -EIO);
    disk_fails_at = 0;
    assert_false(log_is_empty());
    assert_int_equal(store_checkpoint(world.store), 0);
    assert_true(log_is_empty());
}

/* Copying the log back, and laying it out: the commits before and after are there, and the next minute's does it all. */
static void each_call_of_a_checkpoint_that_fails_loses_nothing(void **state)
{
    static const int errors[] = {ENOSPC, EIO, EROFS};
    int rows = 0;
    bool met = true;
    (void)state;
    for (long at = 1; met; at++) {
        for (size_t i = 0; i < 2 * sizeof errors / sizeof errors[0]; i++) {
            assert_int_equal(store_room(world.store), 0);
            assert_int_equal(put_row(rows++), 0);
            store_turn(world.store);
            disk_error = errors[i / 2];
            *(i % 2 ? &disk_fails_from : &disk_fails_at) = disk_calls + at;
            store_checkpoint(world.store);
            met = disk_calls >= disk_fails_from + disk_fails_at;
            disk_fails_from = disk_fails_at = 0;
            assert_int_equal(put_row(rows++), 0);
            wait_for_it('a');
            store_turn(world.store);
            expect_told("a", 0);
            assert_int_equal(store_room(world.store), 0);
            assert_int_equal(store_checkpoint(world.store), 0);
            assert_true(log_is_empty());
            assert_int_equal(count_rows(), rows);
        }
        assert_in_range(at, 1, 100);
    }
    assert_int_equal(count_rows_after_reopening(), rows);
}

/* What a turn that failed had put there as well: it is sealed, and deleted. */
static void a_log_is_emptied_of_what_was_rolled_back(void **state)
{
    (void)state;
    assert_int_equal(put_row(1), 0);
    store_turn(world.store);
    assert_int_equal(store_checkpoint(world.store), 0);
    assert_int_equal(put_row(2), 0);
    wait_for_it('a');
    disk_error = EIO;
    disk_fails_at =
        disk_calls + 4; /* the head and its sync, a page in two writes: the commit's sync is next */
    store_turn(world.store);
    disk_fails_at = 0;
    expect_told("a", -EIO);
    assert_false(log_is_empty());
    assert_int_equal(store_checkpoint(world.store), 0);
    assert_true(log_is_empty());
}

/* Pages beyond the first: what the start looks at is well. More of them than the cache holds. */
static void damage_pages(void)
{
    char path[300];
    snprintf(path, sizeof path, "%s/state.db", world.folder);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    for (off_t page = 4; page < 1500; page++)
        assert_int_equal(pwrite(fd, "damaged damaged damaged", 23, page * 4096), 23);
    close(fd);
}

static void damage_that_is_met_late_is_told(void **state)
{
    int error = 0;
    (void)state;
    for (int n = 0; n < 3000; n++) {
        static char bytes[2000];
        store_bind_integer(world.insert, 1, n);
        store_bind_text(world.insert, 2, "w");
        store_bind_blob(world.insert, 3, bytes, sizeof bytes);
        assert_int_equal(store_write(world.insert), 0);
    }
    store_turn(world.store);
    assert_int_equal(store_checkpoint(world.store), 0);
    assert_false(store_damaged(world.store));
    damage_pages();
    for (int n = 0; error >= 0 && n < 3000; n++) {
        store_bind_integer(world.get, 1, n);
        error = store_row(world.get);
        if (error > 0)
            store_reset(world.get);
    }
    assert_int_equal(error, -EUCLEAN);
    assert_true(store_damaged(world.store));
    store_turn(world.store);
    store_world_close();
    assert_int_equal(store_world_open(), -EUCLEAN);
    store_world_start_anew();
    assert_int_equal(store_world_open(), 0);
}

static void the_log_begins_again_when_its_room_is_full(void **state)
{
    (void)state;
    assert_int_equal(store_checkpoint(world.store), 0);
    for (int n = 0; n < 500; n++) {
        assert_int_equal(put_large_row(n), 0);
        store_turn(world.store);
    }
    assert_in_range(log_size(), LOG_ROOM, LOG_ROOM + 400 * 1024); /* a turn's beyond it */
    assert_int_equal(count_rows_after_reopening(), 500);
}

static void the_log_begins_again_once_no_row_stands(void **state)
{
    (void)state;
    assert_int_equal(put_row(-1), 0);
    store_turn(world.store);
    assert_int_equal(store_checkpoint(world.store), 0);
    store_bind_integer(world.get, 1, -1);
    assert_int_equal(store_row(world.get), 1);
    for (int n = 0; n < 300; n++) {
        assert_int_equal(put_row(n), 0);
        store_turn(world.store);
    }
    off_t grown = log_size();
    assert_true(grown > LOG_ROOM);
    store_reset(world.get);
    for (int n = 300; n < 600; n++) {
        assert_int_equal(put_row(n), 0);
        store_turn(world.store);
    }
    assert_true(log_size() <= grown + 16 * 4120);
    assert_int_equal(store_checkpoint(world.store), 0);
    assert_true(log_is_empty());
    assert_int_equal(count_rows_after_reopening(), 601);
}

static void a_commit_stays_within_the_room_of_the_log(void **state)
{
    (void)state;
    assert_int_equal(store_checkpoint(world.store), 0);
    for (int n = 0; n < 20; n++) {
        assert_int_equal(put_row(n), 0);
        store_turn(world.store);
        assert_int_equal(log_size(), LOG_ROOM);
    }
    assert_int_equal(count_rows_after_reopening(), 20);
    assert_int_equal(log_size(), LOG_ROOM); /* a start gives it its room as well */
}

/* Once a minute, on a machine where nobody logs in, would wear a disk out. */
static void a_log_that_is_empty_is_not_emptied(void **state)
{
    (void)state;
    assert_int_equal(put_row(1), 0);
    store_turn(world.store);
    assert_int_equal(store_checkpoint(world.store), 0);
    long calls = disk_calls;
    assert_int_equal(store_checkpoint(world.store), 0);
    assert_int_equal(disk_calls, calls);
    assert_int_equal(put_row(2), 0);
    store_turn(world.store);
    assert_int_equal(store_checkpoint(world.store), 0);
    assert_true(log_is_empty());
    assert_int_equal(count_rows_after_reopening(), 2);
    calls = disk_calls;
    assert_int_equal(store_checkpoint(world.store), 0);
    assert_int_equal(disk_calls, calls); /* a start did it */
}

static void a_log_without_room_takes_none_of_the_reserve(void **state)
{
    (void)state;
    assert_int_equal(put_row(1), 0);
    store_turn(world.store);
    assert_int_equal(store_room(world.store), 0);
    store_world_close();
    disk_limit(world.folder, disk_used(world.folder) + 100000);
    assert_int_equal(store_world_open(), 0);
    assert_int_equal(size_of("reserve"), STATE_RESERVE_SIZE);
    assert_int_equal(log_size(), 0); /* half of its room would only be in the way */
    assert_int_equal(put_row(2), 0);
    wait_for_it('a');
    store_turn(world.store);
    expect_told("a", 0);
    assert_int_equal(store_checkpoint(world.store), 0);
    assert_int_equal(log_size(), 0);
    assert_int_equal(size_of("reserve"), STATE_RESERVE_SIZE);
    disk_limit(NULL, 0);
    assert_int_equal(count_rows_after_reopening(), 2);
    assert_int_equal(log_size(), LOG_ROOM);
}

/* Writes row after row, each a turn, and says so after each commit. */
static void write_for_ever(int out)
{
    if (store_world_open() != 0)
        _exit(1);
    for (int64_t n = count_rows();; n++) {
        if (put_row(n) != 0)
            _exit(1);
        store_turn(world.store);
        if (write(out, &n, sizeof n) != sizeof n)
            _exit(1);
        if (n % 7 == 0)
            store_checkpoint(world.store);
    }
}

static int64_t last_said_before_a_kill(unsigned delay_us)
{
    int ends[2];
    int64_t n, last = -1;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0)
        write_for_ever(ends[1]);
    close(ends[1]);
    assert_int_equal(read(ends[0], &last, sizeof last), sizeof last);
    usleep(delay_us);
    kill(child, SIGKILL);
    while (read(ends[0], &n, sizeof n) == sizeof n)
        last = n;
    close(ends[0]);
    waitpid(child, NULL, 0);
    return last;
}

static void nothing_that_was_told_is_lost_by_a_kill(void **state)
{
    (void)state;
    for (unsigned kill_number = 0; kill_number < 20; kill_number++) {
        store_world_close();
        int64_t last = last_said_before_a_kill(500 + 700 * kill_number);
        assert_int_equal(store_world_open(), 0);
        assert_in_range(count_rows(), last + 1, last + 2); /* the one in flight may be there or not */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_write_and_sync_that_fails_undoes_its_turn, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_turn_that_fails_half_way_stays_lost, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_group_is_lost_with_its_turn, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_probe_sees_a_full_disk_and_the_room_after_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_full_disk_takes_a_thousand_turns_more_and_grants_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reserve_is_given_back_piece_by_piece, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_room_for_a_reserve_what_is_there_goes_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_probe_leaves_nothing_to_commit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_probe_leaves_a_turn_as_it_was, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_checkpoint_empties_the_log_also_amid_a_turn, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_checkpoint_that_failed_is_done_by_the_next, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            each_call_of_a_checkpoint_that_fails_loses_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_log_is_emptied_of_what_was_rolled_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(damage_that_is_met_late_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_log_begins_again_when_its_room_is_full, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_log_begins_again_once_no_row_stands, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_commit_stays_within_the_room_of_the_log, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_log_that_is_empty_is_not_emptied, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_log_without_room_takes_none_of_the_reserve, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_that_was_told_is_lost_by_a_kill, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
