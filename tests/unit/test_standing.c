// fakes: clock ledger
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message -Wl,--wrap=loop_timer_set -Wl,--wrap=process_read tests/unit/cast.c tests/unit/session_world.c tests/unit/made_proc.c tests/unit/said.c tests/unit/disk.c
/* Inside of a session: where sudo goes on, and where it asks all the same; each row as it was tried with a real sshd and sudo. */
#include "cast.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void sudo_in_the_login_shell_is_granted(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, cast_fresh, PTS_3);
    struct process_facts sudo = spawn_setuid(&alice.shell);
    (void)state;
    assert_true(granted(&sudo, ALICE));
}

static void sudo_in_a_second_channel_of_the_connection_is_granted(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, cast_fresh, PTS_3);
    struct process_facts of_user = spawn_as(&alice.opener, ALICE), shell = spawn_leader(&of_user, PTS_4);
    struct process_facts sudo = spawn_setuid(&shell);
    (void)state;
    assert_true(granted(&sudo, ALICE));
}

/* By its pid and its start: what is said of a pane that has ended is said of no other. */
static void a_terminals_leader_stands_in_its_own_session_alone(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, cast_fresh, PTS_3),
                 bob = ssh("bob", BOB, 9, cast_fresh, PTS_4 + 1);
    struct process_facts of_user = spawn_as(&alice.opener, ALICE), shell = spawn_leader(&of_user, PTS_4);
    struct process another = shell.process;
    (void)state;
    another.start++;
    assert_true(standing_leader(alice.session, shell.process));
    assert_false(standing_leader(alice.session, another));
    assert_false(standing_leader(alice.session, bob.shell.process));
    assert_false(standing_leader(bob.session, shell.process));
    made_proc_remove(shell.process.pid);
    assert_false(standing_leader(alice.session, shell.process));
}

static void sudo_after_a_console_login_is_granted(void **state)
{
    struct login alice = console("alice", ALICE, 7, cast_fresh, 0x401);
    struct process_facts sudo = spawn_setuid(&alice.shell);
    (void)state;
    assert_true(granted(&sudo, ALICE));
}

static void sudo_below_su_to_alice_in_alices_own_session_is_granted(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, cast_fresh, PTS_3);
    struct process_facts su = spawn_setuid(&alice.shell), shell = spawn_as(&su, ALICE);
    struct process_facts sudo = spawn_setuid(&shell);
    (void)state;
    assert_true(granted(&sudo, ALICE));
}

static void malware_of_the_same_uid_on_the_same_terminal_is_out_of_reach(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, cast_fresh, PTS_3);
    struct process_facts background = spawn(&alice.shell); /* it took the terminal with tcsetpgrp */
    struct process_facts sudo = spawn_setuid(&background);
    (void)state;
    assert_true(granted(&sudo, ALICE));
}

static void sudo_below_setsid_is_asked(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, cast_fresh, PTS_3);
    struct process_facts job = spawn_leader(&alice.shell, 0), sudo = spawn_setuid(&job);
    (void)state;
    if (cast_fresh)
        assert_int_equal(asked(&sudo, alice.session), REASON_NO_TERMINAL);
    else
        assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
}

static void sudo_of_a_job_that_survived_its_shell_is_asked(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, cast_fresh, PTS_3);
    struct process_facts job = spawn(&alice.shell), sudo = spawn_setuid(&job);
    (void)state;
    made_proc_remove(alice.shell.process.pid);
    sudo.tty = 0; /* the kernel took the terminal away with its leader */
    made_proc_put(&sudo);
    if (cast_fresh)
        assert_int_equal(asked(&sudo, alice.session), REASON_NO_TERMINAL);
    else
        assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
    sudo.tty = PTS_3; /* and whatever it says, a leader is needed */
    made_proc_put(&sudo);
    assert_false(granted(&sudo, ALICE));
}

static void sudo_below_script_is_asked(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, cast_fresh, PTS_3);
    struct process_facts script = spawn(&alice.shell), shell = spawn_leader(&script, PTS_4);
    struct process_facts sudo = spawn_setuid(&shell);
    (void)state;
    if (cast_fresh)
        assert_int_equal(asked(&sudo, alice.session), REASON_NOT_STANDING);
    else
        assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
}

static void sudo_of_a_login_without_a_terminal_is_asked(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, cast_fresh, 0); /* ssh host sudo id */
    struct process_facts sudo = spawn_setuid(&alice.shell);
    (void)state;
    assert_int_equal(asked(&sudo, alice.session), REASON_NO_TERMINAL);
}

static void tmux_of_a_session_driven_from_a_login_by_key_is_asked(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, cast_fresh, PTS_3);
    struct process_facts server = spawn_leader(&alice.shell, 0);
    (void)state;
    server.parent = 1;
    made_proc_put(&server);
    struct process_facts pane = spawn_leader(&server, PTS_4), sudo = spawn_setuid(&pane);
    ssh_by_key(ALICE, 9, 0x8805);
    if (cast_fresh)
        assert_int_equal(asked(&sudo, alice.session), REASON_NOT_STANDING);
    else
        assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
}

static void tmux_of_a_dead_session_is_asked_and_account_refuses_it(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, cast_fresh, PTS_3);
    struct process_facts server = spawn_leader(&alice.shell, 0), pane = spawn_leader(&server, PTS_4);
    struct process_facts sudo = spawn_setuid(&pane);
    (void)state;
    assert_true(sessions_close(world.sessions, alice.opener.process, "alice"));
    turn();
    assert_int_equal(refused(&sudo, ALICE), cast_fresh ? REASON_SESSION_CLOSED : REASON_NOT_STANDING);
}

static void the_shell_of_a_killed_monitor_is_asked(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, cast_fresh, PTS_3);
    struct process_facts sudo = spawn_setuid(&alice.shell);
    (void)state;
    child_kill(alice.opener.process.pid);
    made_proc_remove(alice.opener.process.pid); /* the loop has not heard of it yet */
    assert_int_equal(refused(&sudo, ALICE), cast_fresh ? REASON_SESSION_CLOSED : REASON_NOT_STANDING);
    turn();
    assert_null(sessions_first(world.sessions));
    assert_int_equal(refused(&sudo, ALICE), cast_fresh ? REASON_SESSION_CLOSED : REASON_NOT_STANDING);
}

static unsigned reads;

int __real_process_read(pid_t pid, struct process_facts *out);
int __wrap_process_read(pid_t pid, struct process_facts *out)
{
    reads++;
    return __real_process_read(pid, out);
}

/* Each question of his would else hold up everybody's. */
static void what_is_read_for_one_does_not_grow_with_his_sessions(void **state)
{
    struct process_facts elsewhere = ssh_by_key(ALICE, 6, PTS_4), sudo = spawn_setuid(&elsewhere);
    (void)state;
    for (unsigned i = 0; i < 20; i++)
        ssh("alice", ALICE, 7 + i, cast_fresh, PTS_3);
    reads = 0;
    assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
    assert_in_range(reads, 0, 2); /* its leader, and the parent of that */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, session_world_set_up, session_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sudo_in_the_login_shell_is_granted),
        TEST(sudo_in_a_second_channel_of_the_connection_is_granted),
        TEST(a_terminals_leader_stands_in_its_own_session_alone),
        TEST(sudo_after_a_console_login_is_granted),
        TEST(sudo_below_su_to_alice_in_alices_own_session_is_granted),
        TEST(malware_of_the_same_uid_on_the_same_terminal_is_out_of_reach),
        TEST(sudo_below_setsid_is_asked),
        TEST(sudo_of_a_job_that_survived_its_shell_is_asked),
        TEST(sudo_below_script_is_asked),
        TEST(sudo_of_a_login_without_a_terminal_is_asked),
        TEST(tmux_of_a_session_driven_from_a_login_by_key_is_asked),
        TEST(tmux_of_a_dead_session_is_asked_and_account_refuses_it),
        TEST(the_shell_of_a_killed_monitor_is_asked),
        TEST(what_is_read_for_one_does_not_grow_with_his_sessions),
    };
    int failed = cmocka_run_group_tests_name("with a fresh audit id", tests, NULL, NULL);
    cast_fresh = false;
    return failed + cmocka_run_group_tests_name("without a fresh audit id", tests, NULL, NULL);
}
