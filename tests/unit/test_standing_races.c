// fakes: clock ledger
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message -Wl,--wrap=loop_timer_set -Wl,--wrap=process_read tests/unit/cast.c tests/unit/session_world.c tests/unit/made_proc.c tests/unit/said.c tests/unit/disk.c
/* /proc is read in steps: what changes between two of them must not be believed. */
#include "cast.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* What happens right after a process was read for the first time. */
static struct interruption {
    pid_t pid;
    void (*happens)(void);
} interruption;

int __real_process_read(pid_t pid, struct process_facts *out);
int __wrap_process_read(pid_t pid, struct process_facts *out);

int __wrap_process_read(pid_t pid, struct process_facts *out)
{
    int r = __real_process_read(pid, out);
    if (interruption.pid == pid) {
        interruption.pid = 0;
        interruption.happens();
    }
    return r;
}

static struct login alice;
static struct process_facts sudo;

static void the_shell_changes_hands(void)
{
    struct process_facts shell = alice.shell;
    shell.parent = 1;
    made_proc_put(&shell);
}

static void the_shell_is_another(void)
{
    struct process_facts shell = alice.shell;
    shell.process.start++;
    made_proc_put(&shell);
}

static void the_shell_dies(void)
{
    struct process_facts shell = alice.shell;
    shell.state = 'Z';
    made_proc_put(&shell);
}

static void the_shell_is_gone(void)
{
    made_proc_remove(alice.shell.process.pid);
}

static void a_parent_that_changes_while_it_is_read_is_not_believed(void **state)
{
    (void)state;
    alice = ssh("alice", ALICE, 7, cast_fresh, PTS_3);
    sudo = spawn_setuid(&alice.shell);
    assert_true(granted(&sudo, ALICE));
    interruption = (struct interruption){.pid = alice.shell.parent, .happens = the_shell_changes_hands};
    assert_int_equal(standing_presence(alice.session, &sudo, REUSE_MS), REASON_NOT_STANDING);
    assert_int_equal(interruption.pid, 0);
    static void (*const happens[])(void) = {the_shell_is_another, the_shell_dies, the_shell_is_gone};
    for (size_t i = 0; i < sizeof happens / sizeof happens[0]; i++) {
        made_proc_put(&alice.shell);
        interruption = (struct interruption){.pid = alice.shell.parent, .happens = happens[i]};
        assert_int_equal(standing_presence(alice.session, &sudo, REUSE_MS), REASON_NOT_STANDING);
    }
    made_proc_put(&alice.shell);
    assert_int_equal(standing_presence(alice.session, &sudo, REUSE_MS), REASON_NONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, session_world_set_up, session_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_parent_that_changes_while_it_is_read_is_not_believed),
    };
    int failed = cmocka_run_group_tests_name("with a fresh audit id", tests, NULL, NULL);
    cast_fresh = false;
    return failed + cmocka_run_group_tests_name("without a fresh audit id", tests, NULL, NULL);
}
