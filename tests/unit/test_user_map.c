// Which client of the API is which user: exact, no guessing.
#include "login/user_map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static char error[1024];

static int load(const char *text, struct user_map **map)
{
    char file[] = "/tmp/c2m-users-XXXXXX";
    int fd = mkstemp(file);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    *map = NULL;
    int r = user_map_load(file, map, error, sizeof error);
    unlink(file);
    return r;
}

static void a_user_matches_each_of_his_clients_and_no_other(void **state)
{
    (void)state;
    struct user_map *map;
    assert_int_equal(load("# who is who\nbob = c2m_b\nalice = c2m_a c2m_a2 # two\n", &map), 0);
    assert_true(user_map_has(map, "alice"));
    assert_true(user_map_matches(map, "alice", "c2m_a"));
    assert_true(user_map_matches(map, "alice", "c2m_a2"));
    assert_true(user_map_matches(map, "bob", "c2m_b"));
    static const char *const others[] = {
        "c2m_b", "c2m_", "c2m_a ", " c2m_a", "c2m_a c2m_a2", "C2M_A", "", "c2m_a3", "a"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(user_map_matches(map, "alice", others[i]));
    user_map_free(map);
}

static void no_name_but_the_exact_one_is_in_the_map(void **state)
{
    (void)state;
    static const char *const names[] = {"Alice", "ALICE", " alice", "alice ", "alic", "alicee", "alice\n",
        "alice@c2m", "alice/../bob", "root", "0", "", "c2m_a", "al\303\255ce", "alice\x1b[0m", "-alice", "%s",
        "*", "alice=", "#"};
    struct user_map *map;
    assert_int_equal(load("alice = c2m_a\n", &map), 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_false(user_map_has(map, names[i]));
    user_map_free(map);
}

static void refused(const char *text, const char *expected)
{
    struct user_map *map;
    assert_true(load(text, &map) < 0);
    assert_null(map);
    if (!strstr(error, expected))
        fail_msg("expected \"%s\" in: %s", expected, error);
}

static void what_is_wrong_is_said_with_its_line(void **state)
{
    (void)state;
    refused("alice = c2m_a\nbob = c2m_b\nalice = c2m_c\n", ":3: this user stands here twice: \"alice\"");
    refused("Alice = c2m_a\n", ":1: not a user's name: \"Alice\"");
    refused("alice = \n", ":1: no client id");
    refused("alice = <c2m_abc123>\n", ":1: a placeholder still stands here:");
    refused("alice = c2m_*\n", ":1: not a client id:");
    refused("[users]\nalice = c2m_a\n", ":1: this file has no sections:");
    refused("alice c2m_a\n", ":1:");
    refused("a234567890123456789012345678901234 = c2m_a\n", "not a user's name");
}

static void a_missing_file_is_an_error(void **state)
{
    (void)state;
    struct user_map *map = NULL;
    assert_true(user_map_load("/nonexistent/users", &map, error, sizeof error) < 0);
    assert_non_null(strstr(error, "/nonexistent/users: "));
}

static void an_empty_map_has_nobody(void **state)
{
    (void)state;
    struct user_map *map;
    assert_int_equal(load("# nobody yet\n", &map), 0);
    assert_false(user_map_has(map, "alice"));
    assert_false(user_map_matches(map, "alice", "c2m_a"));
    user_map_free(map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_user_matches_each_of_his_clients_and_no_other),
        cmocka_unit_test(no_name_but_the_exact_one_is_in_the_map),
        cmocka_unit_test(what_is_wrong_is_said_with_its_line),
        cmocka_unit_test(a_missing_file_is_an_error),
        cmocka_unit_test(an_empty_map_has_nobody),
    };
    return cmocka_run_group_tests_name("user map", tests, NULL, NULL);
}
