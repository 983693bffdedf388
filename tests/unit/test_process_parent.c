// link: tests/unit/made_proc.c tests/unit/disk.c
/* The parent of who authenticates: it may be the one that opens the session. */
#include "base/process.h"

#include "made_proc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct process_facts made(pid_t pid, pid_t parent, uid_t uid)
{
    struct process_facts facts = {.process = {.pid = pid, .start = 10 * (uint64_t)pid},
        .parent = parent,
        .leader = pid,
        .state = 'S',
        .real_uid = uid,
        .effective_uid = uid,
        .login_uid = PROCESS_NO_UID,
        .audit_id = PROCESS_NO_AUDIT_ID};
    made_proc_put(&facts);
    return facts;
}

static int set_up(void **state)
{
    (void)state;
    made_proc_open();
    made(50, 1, 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    made_proc_close();
    return 0;
}

static void the_parent_is_read_whole(void **state)
{
    const struct process_facts facts = made(51, 50, 1001);
    struct process_facts parent;
    (void)state;
    process_parent(&facts, &parent);
    assert_int_equal(parent.process.pid, 50);
    assert_int_equal(parent.process.start, 500);
    assert_int_equal(parent.real_uid, 0);
    assert_int_equal(parent.parent, 1);
}

static void expect_none(const struct process_facts *child)
{
    struct process_facts parent = {.process = {.pid = 7}, .real_uid = 0};
    process_parent(child, &parent);
    assert_int_equal(parent.process.pid, 0);
}

static void a_parent_that_is_gone_is_none(void **state)
{
    const struct process_facts orphan = made(52, 60, 0), foreign = made(53, 0, 0);
    (void)state;
    expect_none(&orphan);
    expect_none(&foreign);
}

/* Root's parent died and another one took its place: what is read now is not who the login came from. */
static void a_child_that_changed_its_parent_has_none(void **state)
{
    const struct process_facts child = made(54, 50, 0);
    (void)state;
    made(54, 1, 0);
    expect_none(&child);
}

static void a_child_whose_pid_is_anothers_by_now_has_none(void **state)
{
    struct process_facts child = made(55, 50, 0);
    (void)state;
    child.process.start = 1;
    expect_none(&child);
    made_proc_remove(55);
    expect_none(&child);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_parent_is_read_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_parent_that_is_gone_is_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_child_that_changed_its_parent_has_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_child_whose_pid_is_anothers_by_now_has_none, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
