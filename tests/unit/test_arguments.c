/* Root's line in /etc/pam.d: understood to the last word, or refused. */
#include "arguments.h"

#include "c2m/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char *read_one(struct arguments *out, const char *argument)
{
    return arguments_read(out, 1, &argument);
}

static void no_arguments_are_the_defaults(void **state)
{
    (void)state;
    struct arguments arguments;
    assert_null(arguments_read(&arguments, 0, NULL));
    assert_null(arguments.service);
    assert_string_equal(arguments.runtime_dir, C2M_RUNTIME_DIR);
    assert_int_equal(arguments.min_uid, 1000);
    assert_false(arguments.allow_root || arguments.reuse || arguments.debug || arguments.quiet);
}

static void every_argument_reaches_its_place(void **state)
{
    (void)state;
    struct arguments arguments;
    const char *argv[] = {
        "service=sudo", "runtime_dir=/x", "min_uid=5", "allow_root", "reuse", "debug", "quiet"};
    assert_null(arguments_read(&arguments, 7, argv));
    assert_string_equal(arguments.service, "sudo");
    assert_string_equal(arguments.runtime_dir, "/x");
    assert_int_equal(arguments.min_uid, 5);
    assert_true(arguments.allow_root && arguments.reuse && arguments.debug && arguments.quiet);
}

static void one_flag_sets_no_other(void **state)
{
    (void)state;
    struct arguments arguments;
    assert_null(read_one(&arguments, "reuse"));
    assert_true(arguments.reuse);
    assert_false(arguments.allow_root || arguments.debug || arguments.quiet);
    assert_null(read_one(&arguments, "debug"));
    assert_true(arguments.debug);
    assert_false(arguments.allow_root || arguments.reuse || arguments.quiet);
}

static void what_is_not_understood_is_named(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "=", "reus", "reuse1", "Reuse", "reuse=", "reuse=yes",
        "allow_root=1", "debug=no", "min_uid", "min_uid=", "min_uid=-1", "min_uid=+1", "min_uid= 1",
        "min_uid=1k", "min_uid=0x10", "min_uid=2147483648", "min_uid=18446744073709551616", "service",
        "service=", "service=a b", "service=../x", "service=a/b", "service=\n", "runtime_dir",
        "runtime_dir=", "runtime_dir=run/c2m", "use_first_pass", "try_first_pass", " reuse"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct arguments arguments;
        const char *argv[] = {"debug", wrong[i], "quiet"};
        if (strncmp(wrong[i], "debug", 5) == 0)
            argv[0] = "quiet";
        assert_ptr_equal(arguments_read(&arguments, 2, argv), wrong[i]);
    }
}

static void an_argument_given_twice_is_refused(void **state)
{
    (void)state;
    struct arguments arguments;
    const char *argv[] = {"min_uid=1000", "min_uid=0"};
    assert_ptr_equal(arguments_read(&arguments, 2, argv), argv[1]);
}

static void a_value_too_long_for_the_wire_or_a_socket_is_refused(void **state)
{
    (void)state;
    struct arguments arguments;
    char service[128] = "service=";
    char directory[128] = "runtime_dir=/";
    memset(service + 8, 'a', C2M_NAME_MAX);
    assert_null(read_one(&arguments, service));
    service[8 + C2M_NAME_MAX] = 'a';
    assert_non_null(read_one(&arguments, service));
    memset(directory + 13, 'a', 89);
    assert_null(read_one(&arguments, directory));
    directory[13 + 89] = 'a';
    assert_non_null(read_one(&arguments, directory));
}

static void the_bounds_of_min_uid_are_accepted(void **state)
{
    (void)state;
    struct arguments arguments;
    assert_null(read_one(&arguments, "min_uid=0"));
    assert_int_equal(arguments.min_uid, 0);
    assert_null(read_one(&arguments, "min_uid=2147483647"));
    assert_int_equal(arguments.min_uid, INT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_arguments_are_the_defaults),
        cmocka_unit_test(every_argument_reaches_its_place),
        cmocka_unit_test(one_flag_sets_no_other),
        cmocka_unit_test(what_is_not_understood_is_named),
        cmocka_unit_test(an_argument_given_twice_is_refused),
        cmocka_unit_test(a_value_too_long_for_the_wire_or_a_socket_is_refused),
        cmocka_unit_test(the_bounds_of_min_uid_are_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
