// link: tests/unit/disk.c
/* Names that root's module spoke of. */
#include "login/names.h"

#include "disk.h"
#include "session/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static char folder[256];
static struct store *store;
static struct names *names;

static void start(void)
{
    assert_int_equal(store_open(folder, schema_sql, SCHEMA_VERSION, &store), 0);
    assert_int_equal(names_new(store, &names), 0);
}

static void stop(void)
{
    names_free(names);
    store_close(store);
}

static int set_up(void **state)
{
    (void)state;
    disk_fails_from = 0;
    snprintf(folder, sizeof folder, "%s", disk_folder());
    start();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    stop();
    disk_remove(folder);
    return 0;
}

static void who_was_never_spoken_of_is_nobody(void **state)
{
    (void)state;
    assert_false(names_known(names, "alice", 1001));
    assert_false(names_known_uid(names, 1001));
}

static void a_name_is_known_with_its_uid_only(void **state)
{
    (void)state;
    names_learn(names, "alice", 1001);
    assert_true(names_known(names, "alice", 1001));
    assert_true(names_known_uid(names, 1001));
    assert_false(names_known(names, "alice", 1002));
    assert_false(names_known(names, "alicf", 1001));
    assert_false(names_known(names, "alic", 1001));
}

static void the_last_word_counts(void **state)
{
    (void)state;
    names_learn(names, "alice", 1001);
    names_learn(names, "alice", 1002);
    assert_false(names_known(names, "alice", 1001));
    assert_true(names_known(names, "alice", 1002));
}

static void a_restart_forgets_nothing(void **state)
{
    (void)state;
    names_learn(names, "alice", 1001);
    names_learn(names, "bob", 1002);
    names_learn(names, "bob", 4294967294);
    store_turn(store);
    stop();
    start();
    assert_true(names_known(names, "alice", 1001));
    assert_true(names_known(names, "bob", 4294967294));
    assert_false(names_known_uid(names, 1002));
}

static void what_cannot_be_written_is_known_until_the_restart(void **state)
{
    (void)state;
    disk_fails_from = disk_calls + 1;
    names_learn(names, "alice", 1001);
    store_turn(store);
    assert_true(names_known(names, "alice", 1001));
    disk_fails_from = 0;
    stop();
    start();
    assert_false(names_known(names, "alice", 1001));
}

static void a_name_too_many_is_not_known(void **state)
{
    char user[16];
    (void)state;
    for (uint32_t i = 0; i < 16385; i++) {
        snprintf(user, sizeof user, "u%u", i);
        names_learn(names, user, 2000 + i);
    }
    assert_true(names_known(names, "u16383", 18383));
    assert_false(names_known(names, "u16384", 18384));
    names_learn(names, "u0", 7);
    assert_true(names_known(names, "u0", 7));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(who_was_never_spoken_of_is_nobody),
        TEST(a_name_is_known_with_its_uid_only),
        TEST(the_last_word_counts),
        TEST(a_restart_forgets_nothing),
        TEST(what_cannot_be_written_is_known_until_the_restart),
        TEST(a_name_too_many_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
