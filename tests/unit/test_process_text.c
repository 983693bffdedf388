/* The texts of /proc, with names as hostile as a process can choose them. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/process_text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define REST " 4194560 1 2 3 4 5 6 7 8 20 0 1 0 "
#define TAIL " 8523776 1216 18446744073709551615 1 1 0 0 0 0 0 4096 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
#define FIELDS " S 1 4711 4700 34817 4711" REST "12345" TAIL

static struct process_facts facts;

static int parse(const char *text)
{
    facts = (struct process_facts){.parent = 0};
    return process_text_stat(text, strlen(text), 4711, &facts);
}

static void a_name_cannot_pose_as_the_fields_behind_it(void **state)
{
    static const char *const names[] = {"bash", ") R 1 1 1 1 1", "a) S 1 2 3 4", ") ) )", "((((", "))))",
        "a b\nc", "\n) Z 0 0", "", "4711 (x) S 9", "\xff\xfe\x01"};
    char text[512];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(text, sizeof text, "4711 (%s)" FIELDS, names[i]);
        assert_int_equal(parse(text), 0);
        assert_int_equal(facts.process.pid, 4711);
        assert_int_equal(facts.process.start, 12345);
        assert_int_equal(facts.parent, 1);
        assert_int_equal(facts.leader, 4700);
        assert_int_equal(facts.tty, 34817);
        assert_int_equal(facts.state, 'S');
    }
}

static void a_text_that_is_not_the_kernels_is_refused(void **state)
{
    static const char *const texts[] = {"", "4711", "4711 (bash", "4711 (bash)", "4711 (bash) ",
        "4711 (bash) S", "4711 (bash) S 1 2 3", "4711 bash" FIELDS,
        "4711 (bash)S 1 4711 4700 34817 4711" REST "12345" TAIL,
        "4711 (bash) S 1 4711 x 34817 4711" REST "12345" TAIL,
        "4711 (bash) S 1 4711  4700 34817 4711" REST "12345" TAIL,
        "4711 (bash) S 1 4711 4700 34817 4711" REST "12345x" TAIL,
        "4711 (bash) S 1 4711 4700 34817 4711" REST "99999999999999999999" TAIL};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_equal(parse(texts[i]), -EPROTO);
}

static void the_text_of_another_pid_is_refused(void **state)
{
    (void)state;
    assert_int_equal(parse("4712 (bash)" FIELDS), -EPROTO);
    assert_int_equal(parse("47110 (bash)" FIELDS), -EPROTO);
    assert_int_equal(parse("471 (bash)" FIELDS), -EPROTO);
}

static void a_nul_in_the_text_is_refused(void **state)
{
    const char text[] = "4711 (bash)\0" FIELDS;
    const char late[] = "4711 (a) S 1 4711 4700 34817 4711\0 (b) S 1 4711 4700 34817 4711" REST "12345" TAIL;
    (void)state;
    assert_int_equal(process_text_stat(text, sizeof text - 1, 4711, &facts), -EPROTO);
    assert_int_equal(process_text_stat(late, sizeof late - 1, 4711, &facts), -EPROTO);
}

static void a_process_outside_of_our_sessions_has_the_leader_zero(void **state)
{
    (void)state;
    assert_int_equal(parse("4711 (kthread) S 2 0 0 0 -1" REST "12345" TAIL), 0);
    assert_int_equal(facts.leader, 0);
    assert_int_equal(facts.tty, 0);
}

static struct process_status status_of(const char *line)
{
    struct process_status status = {.has_uids = false};
    process_text_status_line(&status, line);
    return status;
}

static void the_first_two_uids_are_the_real_and_the_effective_one(void **state)
{
    (void)state;
    struct process_status status = status_of("Uid:\t1000\t0\t3\t4");
    assert_true(status.has_uids);
    assert_int_equal(status.real_uid, 1000);
    assert_int_equal(status.effective_uid, 0);
    status = status_of("Uid:\t4294967294\t4294967294\t0\t0");
    assert_int_equal(status.real_uid, 4294967294u);
}

static void other_lines_say_nothing_of_uids(void **state)
{
    static const char *const lines[] = {"", "Name:\tUid:\t0\t0\t0\t0", " Uid:\t0\t0\t0\t0", "Uid: 0\t0\t0\t0",
        "Uid:\t", "Uid:\t0", "Uid:\t0 0 0 0", "Uid:\tx\t0", "Uid:\t0\tx", "uid:\t0\t0\t0\t0",
        "Gid:\t0\t0\t0\t0"};
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        assert_false(status_of(lines[i]).has_uids);
}

static void namespaces_are_counted_or_not_told_at_all(void **state)
{
    (void)state;
    assert_int_equal(status_of("NSpid:\t4711").namespaces, 1);
    assert_int_equal(status_of("NSpid:\t4711\t1").namespaces, 2);
    assert_int_equal(status_of("NSpid:\t4711\t12\t1").namespaces, 3);
    assert_int_equal(status_of("NSpid:\t").namespaces, 0);
    assert_int_equal(status_of("NSpid:\t4711\tx").namespaces, 0);
    assert_int_equal(status_of("NSpid:\t4711\t").namespaces, 0);
    assert_int_equal(status_of("NStgid:\t4711").namespaces, 0);
}

static void a_number_is_a_whole_one_of_32_bits(void **state)
{
    static const char *const none[] = {
        "", "\n", "x", "-1", "4294967296", "42 43", "42\n\n", "42x", " 42", "99999999999999999999"};
    (void)state;
    assert_int_equal(process_text_number("42", 7), 42);
    assert_int_equal(process_text_number("42\n", 7), 42);
    assert_int_equal(process_text_number("0", 7), 0);
    assert_int_equal(process_text_number("4294967295", 7), 4294967295u);
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_int_equal(process_text_number(none[i], 7), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_cannot_pose_as_the_fields_behind_it),
        cmocka_unit_test(a_text_that_is_not_the_kernels_is_refused),
        cmocka_unit_test(the_text_of_another_pid_is_refused),
        cmocka_unit_test(a_nul_in_the_text_is_refused),
        cmocka_unit_test(a_process_outside_of_our_sessions_has_the_leader_zero),
        cmocka_unit_test(the_first_two_uids_are_the_real_and_the_effective_one),
        cmocka_unit_test(other_lines_say_nothing_of_uids),
        cmocka_unit_test(namespaces_are_counted_or_not_told_at_all),
        cmocka_unit_test(a_number_is_a_whole_one_of_32_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
