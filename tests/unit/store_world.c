/* See store_world.h. */
#include "store_world.h"

#include "disk.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

const char *const store_world_schema[] = {
    "CREATE TABLE t (n INTEGER PRIMARY KEY, word TEXT NOT NULL, bytes BLOB NOT NULL);",
    "CREATE TABLE u (n INTEGER PRIMARY KEY); INSERT INTO u SELECT n FROM t;",
    "this is no SQL",
};
struct store_world world;
struct told told;

int store_world_open(void)
{
    int error = store_open(world.folder, store_world_schema, 1, &world.store);
    if (error != 0)
        return error;
    assert_int_equal(store_prepare(world.store, "INSERT INTO t VALUES (?1, ?2, ?3)", &world.insert), 0);
    assert_int_equal(store_prepare(world.store, "SELECT count(*) FROM t", &world.count), 0);
    assert_int_equal(store_prepare(world.store, "SELECT word, bytes FROM t WHERE n = ?1", &world.get), 0);
    return 0;
}

void store_world_close(void)
{
    store_finish(world.insert);
    store_finish(world.count);
    store_finish(world.get);
    store_close(world.store);
    world.insert = world.count = world.get = NULL;
    world.store = NULL;
}

int set_up(void **state)
{
    (void)state;
    disk_fails_from = disk_fails_at = 0;
    memset(&told, 0, sizeof told);
    snprintf(world.folder, sizeof world.folder, "%s", disk_folder());
    return store_world_open();
}

int tear_down(void **state)
{
    (void)state;
    disk_fails_from = disk_fails_at = 0;
    store_world_close();
    disk_remove(world.folder);
    return 0;
}

int put_row(int64_t n)
{
    store_bind_integer(world.insert, 1, n);
    store_bind_text(world.insert, 2, "word");
    store_bind_blob(world.insert, 3, "\0\1", 2);
    return store_write(world.insert);
}

int64_t count_rows(void)
{
    assert_int_equal(store_row(world.count), 1);
    int64_t count = store_integer(world.count, 0);
    store_reset(world.count);
    return count;
}

int64_t count_rows_after_reopening(void)
{
    store_world_close();
    assert_int_equal(store_world_open(), 0);
    return count_rows();
}

void store_world_start_anew(void)
{
    store_world_close();
    disk_remove(world.folder);
    assert_int_equal(mkdir(world.folder, 0700), 0);
}

void tell(void *letter, int error)
{
    strcat(told.order, letter);
    told.error = error;
}

void wait_for_it(char letter)
{
    static char letters[26][2];
    letters[letter - 'a'][0] = letter;
    assert_int_equal(store_after_commit(world.store, tell, letters[letter - 'a']), 0);
}

void expect_told(const char *order, int error)
{
    assert_string_equal(told.order, order);
    assert_int_equal(told.error, error);
    memset(&told, 0, sizeof told);
}
