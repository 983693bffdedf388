// fakes: clock ledger
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message -Wl,--wrap=loop_timer_set tests/unit/cast.c tests/unit/session_world.c tests/unit/made_proc.c tests/unit/disk.c
/* Who stands in a session, and who is asked: each way in that was tried with a real sshd and sudo, as kernel facts. */
#include "cast.h"

#include "session/standing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { REUSE_MS = 300000 };

static bool is_fresh(void **state)
{
    return *(const bool *)*state;
}

/* sudo's question: may CALLER, who is asked to be UID, go on without a prompt? */
static bool granted(const struct process_facts *caller, uint32_t uid)
{
    enum reason why;
    struct session *session = standing_find(world.sessions, caller, uid, &why);
    return session && standing_presence(session, caller, REUSE_MS) == REASON_NONE;
}

static enum reason refused(const struct process_facts *caller, uint32_t uid)
{
    enum reason why = REASON_NONE;
    assert_null(standing_find(world.sessions, caller, uid, &why));
    return why;
}

/* He stands there, for `c2mctl token`, and is asked by sudo all the same. */
static enum reason asked(const struct process_facts *caller, const struct session *session)
{
    enum reason why;
    assert_ptr_equal(standing_find(world.sessions, caller, session->uid, &why), session);
    return standing_presence(session, caller, REUSE_MS);
}

static void sudo_in_the_login_shell_is_granted(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, is_fresh(state), PTS_3);
    struct process_facts sudo = spawn_setuid(&alice.shell);
    assert_true(granted(&sudo, ALICE));
}

static void sudo_in_a_second_channel_of_the_connection_is_granted(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, is_fresh(state), PTS_3);
    struct process_facts of_user = spawn_as(&alice.opener, ALICE), shell = spawn_leader(&of_user, PTS_4);
    struct process_facts sudo = spawn_setuid(&shell);
    assert_true(granted(&sudo, ALICE));
}

static void sudo_after_a_console_login_is_granted(void **state)
{
    struct login alice = console("alice", ALICE, 7, is_fresh(state), 0x401);
    struct process_facts sudo = spawn_setuid(&alice.shell);
    assert_true(granted(&sudo, ALICE));
}

static void sudo_below_su_to_alice_in_alices_own_session_is_granted(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, is_fresh(state), PTS_3);
    struct process_facts su = spawn_setuid(&alice.shell), shell = spawn_as(&su, ALICE);
    struct process_facts sudo = spawn_setuid(&shell);
    assert_true(granted(&sudo, ALICE));
}

static void malware_of_the_same_uid_on_the_same_terminal_is_out_of_reach(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, is_fresh(state), PTS_3);
    struct process_facts background = spawn(&alice.shell); /* it took the terminal with tcsetpgrp */
    struct process_facts sudo = spawn_setuid(&background);
    assert_true(granted(&sudo, ALICE));
}

static void a_stranger_through_a_user_run_sshd_is_asked(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, is_fresh(state), PTS_3);
    struct process_facts sudo = spawn_as(&alice.shell, 0), daemon = spawn_leader(&sudo, 0); /* sudo sshd -p 2202 */
    struct process_facts monitor = spawn(&daemon), of_user = spawn_as(&monitor, ALICE);
    struct process_facts shell = spawn_leader(&of_user, PTS_4), asking = spawn_setuid(&shell);
    assert_int_equal(monitor.audit_id, 7);
    assert_int_equal(refused(&monitor, ALICE), REASON_NOT_STANDING); /* in authenticate already */
    assert_false(granted(&asking, ALICE));
    /* and a login through it with a token has no fresh id to stand by */
    struct process_facts real = made(child(), daemon.process.pid, 0);
    real.audit_id = 7;
    real.login_uid = ALICE;
    made_proc_put(&real);
    pend(&real, &NO_PARENT, "alice", ALICE);
    assert_false(sessions_open(world.sessions, &real, "alice")->fresh);
    assert_false(granted(&asking, ALICE));
}

static void su_alice_by_mallory_inside_alices_session_is_asked(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, is_fresh(state), PTS_3);
    struct process_facts sudo = spawn_as(&alice.shell, 0), mallory = spawn_as(&sudo, MALLORY); /* sudo -u mallory */
    struct process_facts su = spawn_setuid(&mallory);
    assert_int_equal(su.audit_id, 7);
    assert_int_equal(su.login_uid, alice.session->fresh ? ALICE : su.login_uid);
    assert_int_equal(refused(&su, ALICE), REASON_NOT_STANDING);
}

static void a_second_login_by_key_in_a_container_where_all_share_one_id_is_asked(void **state)
{
    (void)state;
    struct login alice = ssh("alice", ALICE, 7, false, PTS_3);
    struct process_facts shell = ssh_by_key(ALICE, 7, PTS_4), sudo = spawn_setuid(&shell);
    struct process_facts own = spawn_setuid(&alice.shell);
    assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
    assert_true(granted(&own, ALICE));
}

static void an_unset_id_is_never_compared_with_an_unset_id(void **state)
{
    (void)state;
    struct login alice = ssh("alice", ALICE, PROCESS_NO_AUDIT_ID, false, PTS_3); /* our line before pam_loginuid */
    struct process_facts shell = ssh_by_key(ALICE, PROCESS_NO_AUDIT_ID, PTS_4), sudo = spawn_setuid(&shell);
    struct process_facts own = spawn_setuid(&alice.shell);
    sudo.login_uid = ALICE;
    made_proc_put(&sudo);
    assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
    assert_true(granted(&own, ALICE));
}

static void sudo_below_setsid_is_asked(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, is_fresh(state), PTS_3);
    struct process_facts job = spawn_leader(&alice.shell, 0), sudo = spawn_setuid(&job);
    if (is_fresh(state))
        assert_int_equal(asked(&sudo, alice.session), REASON_NO_TERMINAL);
    else
        assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
}

static void sudo_of_a_job_that_survived_its_shell_is_asked(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, is_fresh(state), PTS_3);
    struct process_facts job = spawn(&alice.shell), sudo = spawn_setuid(&job);
    made_proc_remove(alice.shell.process.pid);
    sudo.tty = 0; /* the kernel took the terminal away with its leader */
    made_proc_put(&sudo);
    if (is_fresh(state))
        assert_int_equal(asked(&sudo, alice.session), REASON_NO_TERMINAL);
    else
        assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
    sudo.tty = PTS_3; /* and whatever it says, a leader is needed */
    made_proc_put(&sudo);
    assert_false(granted(&sudo, ALICE));
}

static void sudo_below_script_is_asked(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, is_fresh(state), PTS_3);
    struct process_facts script = spawn(&alice.shell), shell = spawn_leader(&script, PTS_4);
    struct process_facts sudo = spawn_setuid(&shell);
    if (is_fresh(state))
        assert_int_equal(asked(&sudo, alice.session), REASON_NOT_STANDING);
    else
        assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
}

static void sudo_of_a_login_without_a_terminal_is_asked(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, is_fresh(state), 0); /* ssh host sudo id */
    struct process_facts sudo = spawn_setuid(&alice.shell);
    assert_int_equal(asked(&sudo, alice.session), REASON_NO_TERMINAL);
}

static void tmux_of_a_session_driven_from_a_login_by_key_is_asked(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, is_fresh(state), PTS_3);
    struct process_facts server = spawn_leader(&alice.shell, 0);
    server.parent = 1;
    made_proc_put(&server);
    struct process_facts pane = spawn_leader(&server, PTS_4), sudo = spawn_setuid(&pane);
    ssh_by_key(ALICE, 9, 0x8805);
    if (is_fresh(state))
        assert_int_equal(asked(&sudo, alice.session), REASON_NOT_STANDING);
    else
        assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
}

static void tmux_of_a_dead_session_is_asked_and_account_refuses_it(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, is_fresh(state), PTS_3);
    struct process_facts server = spawn_leader(&alice.shell, 0), pane = spawn_leader(&server, PTS_4);
    struct process_facts sudo = spawn_setuid(&pane);
    assert_true(sessions_close(world.sessions, alice.opener.process, "alice"));
    turn();
    assert_int_equal(refused(&sudo, ALICE), is_fresh(state) ? REASON_SESSION_CLOSED : REASON_NOT_STANDING);
}

static void another_login_by_key_is_asked(void **state)
{
    struct process_facts shell, sudo;
    ssh("alice", ALICE, 7, is_fresh(state), PTS_3);
    shell = ssh_by_key(ALICE, 9, PTS_4);
    sudo = spawn_setuid(&shell);
    assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
}

static void a_nested_ssh_by_key_is_asked(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, is_fresh(state), PTS_3);
    struct process_facts client = spawn(&alice.shell), shell = ssh_by_key(ALICE, 9, PTS_4); /* ssh localhost */
    struct process_facts sudo = spawn_setuid(&shell);
    assert_int_equal(client.audit_id, 7);
    assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
}

static void a_job_of_cron_or_at_and_a_service_of_alices_are_asked(void **state)
{
    ssh("alice", ALICE, 7, is_fresh(state), PTS_3);
    struct process_facts cron = spawn_daemon(0), job = spawn_as(&cron, ALICE), service = spawn_daemon(ALICE);
    job.audit_id = 11;
    job.login_uid = ALICE;
    made_proc_put(&job);
    struct process_facts by_job = spawn_setuid(&job), by_service = spawn_setuid(&service);
    assert_int_equal(refused(&by_job, ALICE), REASON_NOT_STANDING);
    assert_int_equal(refused(&by_service, ALICE), REASON_NOT_STANDING);
}

static void a_process_that_writes_its_own_loginuid_is_asked(void **state)
{
    ssh("alice", ALICE, 7, is_fresh(state), PTS_3);
    struct process_facts service = spawn_daemon(ALICE);
    service.login_uid = ALICE; /* the kernel gives it an id of its own with that */
    service.audit_id = 12;
    made_proc_put(&service);
    struct process_facts sudo = spawn_setuid(&service);
    assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
}

static void su_alice_inside_bobs_session_is_asked(void **state)
{
    struct login bob = ssh("bob", BOB, 7, is_fresh(state), PTS_3);
    ssh("alice", ALICE, 8, is_fresh(state), PTS_4);
    struct process_facts su = spawn_setuid(&bob.shell);
    assert_int_equal(refused(&su, ALICE), REASON_NOT_STANDING);
    /* and once he has typed alice's credential, the shell below su asks again: the terminal is bob's */
    struct process_facts real = made(child(), bob.shell.process.pid, BOB);
    real.leader = bob.shell.process.pid;
    real.effective_uid = 0;
    real.tty = PTS_3;
    real.audit_id = 7;
    real.login_uid = bob.shell.login_uid;
    made_proc_put(&real);
    struct session *session = pend(&real, &bob.shell, "alice", ALICE);
    assert_ptr_equal(sessions_open(world.sessions, &real, "alice"), session);
    assert_false(session->fresh);
    struct process_facts shell = spawn_as(&real, ALICE), sudo = spawn_setuid(&shell);
    assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
}

static void su_bob_inside_alices_session_is_asked(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, is_fresh(state), PTS_3);
    struct process_facts su = spawn_setuid(&alice.shell), shell = spawn_as(&su, BOB), sudo = spawn_setuid(&shell);
    assert_int_equal(refused(&su, BOB), REASON_NOT_STANDING);
    assert_int_equal(refused(&sudo, BOB), REASON_NOT_STANDING);
    assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
}

static void the_shell_of_a_killed_monitor_is_asked(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, is_fresh(state), PTS_3);
    struct process_facts sudo = spawn_setuid(&alice.shell);
    child_kill(alice.opener.process.pid);
    made_proc_remove(alice.opener.process.pid); /* the loop has not heard of it yet */
    assert_int_equal(refused(&sudo, ALICE), is_fresh(state) ? REASON_SESSION_CLOSED : REASON_NOT_STANDING);
    turn();
    assert_null(sessions_first(world.sessions));
    assert_int_equal(refused(&sudo, ALICE), is_fresh(state) ? REASON_SESSION_CLOSED : REASON_NOT_STANDING);
}

#define ONE(name, fresh, words) {words, name, session_world_set_up, session_world_tear_down, fresh}
#define BOTH(name) ONE(name, &yes, #name " (fresh id)"), ONE(name, &no, #name " (no fresh id)")

int main(void)
{
    static bool yes = true, no = false;
    const struct CMUnitTest tests[] = {
        BOTH(sudo_in_the_login_shell_is_granted),
        BOTH(sudo_in_a_second_channel_of_the_connection_is_granted),
        BOTH(sudo_after_a_console_login_is_granted),
        BOTH(sudo_below_su_to_alice_in_alices_own_session_is_granted),
        BOTH(malware_of_the_same_uid_on_the_same_terminal_is_out_of_reach),
        BOTH(a_stranger_through_a_user_run_sshd_is_asked),
        BOTH(su_alice_by_mallory_inside_alices_session_is_asked),
        ONE(a_second_login_by_key_in_a_container_where_all_share_one_id_is_asked, &no,
            "a_second_login_by_key_in_a_container_where_all_share_one_id_is_asked"),
        ONE(an_unset_id_is_never_compared_with_an_unset_id, &no, "an_unset_id_is_never_compared_with_an_unset_id"),
        BOTH(sudo_below_setsid_is_asked),
        BOTH(sudo_of_a_job_that_survived_its_shell_is_asked),
        BOTH(sudo_below_script_is_asked),
        BOTH(sudo_of_a_login_without_a_terminal_is_asked),
        BOTH(tmux_of_a_session_driven_from_a_login_by_key_is_asked),
        BOTH(tmux_of_a_dead_session_is_asked_and_account_refuses_it),
        BOTH(another_login_by_key_is_asked),
        BOTH(a_nested_ssh_by_key_is_asked),
        BOTH(a_job_of_cron_or_at_and_a_service_of_alices_are_asked),
        BOTH(a_process_that_writes_its_own_loginuid_is_asked),
        BOTH(su_alice_inside_bobs_session_is_asked),
        BOTH(su_bob_inside_alices_session_is_asked),
        BOTH(the_shell_of_a_killed_monitor_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
