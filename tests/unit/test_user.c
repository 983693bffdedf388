// fakes: kernel
// link: -Wl,--wrap=getsockopt,--wrap=geteuid,--wrap=getpwnam_r
/* From the application's name to a uid: exact, or nobody. */
#include "user.h"

#include "fakes/kernel.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static int resolve_as(const char *account, const char *pw_name, uid_t uid, const char *name)
{
    uint32_t found;
    fake_account = account;
    fake_pw_name = pw_name;
    fake_pw_uid = uid;
    int rc = user_resolve(name, &found);
    if (rc < 0)
        assert_int_equal(found, UINT32_MAX);
    return rc;
}

static void an_account_has_its_uid(void **state)
{
    (void)state;
    uint32_t uid;
    assert_int_equal(user_resolve("alice", &uid), 0);
    assert_int_equal(uid, 1001);
    assert_int_equal(user_resolve("nosuch", &uid), -ENOENT);
    assert_int_equal(uid, UINT32_MAX);
}

/* Names made to confuse; the name service is willing to find each of them. */
static void an_odd_name_is_refused_before_it_is_looked_up(void **state)
{
    (void)state;
    static const char *const odd[] = {"", " ", " root", "root ", "alice bob", "alice\n", "\nalice", "alice\t",
        "a\1b", "a\x7f", "\x1b[2J", "alice/../bob", "/alice", "alice:x", "-alice", "-", "0", "1001", "00000",
        "al\xc3\xad"
        "ce",
        "\xd0\xb0"
        "lice",
        "alice\xe2\x80\xae", "alice\xa0", "alice\r"};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++)
        assert_int_equal(resolve_as(odd[i], odd[i], 1001, odd[i]), -EINVAL);
}

static void unusual_names_that_exist_are_accepted(void **state)
{
    (void)state;
    static const char *const sound[] = {
        "_apt", "a", "alice.b", "alice-b", "host$", "Alice", "alice@example.org", "a1", "1a"};
    for (size_t i = 0; i < sizeof sound / sizeof sound[0]; i++)
        assert_int_equal(resolve_as(sound[i], sound[i], 1001, sound[i]), 0);
}

static void a_name_has_a_length_that_the_wire_holds(void **state)
{
    (void)state;
    char name[4097];
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_int_equal(resolve_as(name, name, 1001, name), -EINVAL);
    name[63] = '\0';
    assert_int_equal(resolve_as(name, name, 1001, name), -EINVAL);
    name[62] = '\0';
    assert_int_equal(resolve_as(name, name, 1001, name), 0);
}

static void another_name_for_the_same_account_is_nobody(void **state)
{
    (void)state;
    assert_int_equal(resolve_as("ALICE", "alice", 1001, "ALICE"), -ENOENT);
    assert_int_equal(resolve_as("alice@c2m", "alice", 1001, "alice@c2m"), -ENOENT);
    assert_int_equal(resolve_as("admin", "root", 0, "admin"), -ENOENT);
}

static void uids_that_are_none_are_refused(void **state)
{
    (void)state;
    assert_int_equal(resolve_as("x", "x", (uid_t)-1, "x"), -EINVAL);
    assert_int_equal(resolve_as("x", "x", 0x80000000, "x"), -EINVAL);
    assert_int_equal(resolve_as("x", "x", 0x7fffffff, "x"), 0);
}

static void a_name_service_that_fails_is_not_a_missing_user(void **state)
{
    (void)state;
    uint32_t uid;
    fake_name_service_error = EIO;
    assert_int_equal(user_resolve("alice", &uid), -EIO);
    fake_name_service_error = ERANGE;
    assert_int_equal(user_resolve("alice", &uid), -ERANGE);
    fake_name_service_error = ENOENT;
    assert_int_equal(user_resolve("alice", &uid), -ENOENT);
    fake_name_service_error = 0;
}

static void root_and_the_systems_accounts_are_left_alone(void **state)
{
    (void)state;
    struct arguments arguments = {.min_uid = 1000};
    assert_true(user_left_alone(0, &arguments));
    assert_true(user_left_alone(1, &arguments));
    assert_true(user_left_alone(999, &arguments));
    assert_false(user_left_alone(1000, &arguments));
    arguments.min_uid = 0;
    assert_true(user_left_alone(0, &arguments));
    assert_false(user_left_alone(1, &arguments));
}

static void allow_root_is_for_root_only(void **state)
{
    (void)state;
    struct arguments arguments = {.min_uid = 1000, .allow_root = true};
    assert_false(user_left_alone(0, &arguments));
    assert_true(user_left_alone(1, &arguments));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_account_has_its_uid),
        cmocka_unit_test(an_odd_name_is_refused_before_it_is_looked_up),
        cmocka_unit_test(unusual_names_that_exist_are_accepted),
        cmocka_unit_test(a_name_has_a_length_that_the_wire_holds),
        cmocka_unit_test(another_name_for_the_same_account_is_nobody),
        cmocka_unit_test(uids_that_are_none_are_refused),
        cmocka_unit_test(a_name_service_that_fails_is_not_a_missing_user),
        cmocka_unit_test(root_and_the_systems_accounts_are_left_alone),
        cmocka_unit_test(allow_root_is_for_root_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
