// fakes: clock ledger
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message -Wl,--wrap=loop_timer_set tests/unit/session_world.c tests/unit/made_proc.c tests/unit/said.c tests/unit/disk.c
/* What a start makes of what the last run left: it goes on, or it ends with the reason. */
#include "session_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char reference[9];

/* An active session with the fresh id 7, opened by the process that authenticated. */
static struct process_facts opened(void)
{
    struct process_facts listener = made(child(), 1, 0), opener = made(child(), listener.process.pid, 0);
    struct session *session = pend(&opener, &NO_PARENT, "alice", ALICE);
    opener.audit_id = 7;
    made_proc_put(&opener);
    assert_ptr_equal(sessions_open(world.sessions, &opener, "alice"), session);
    assert_true(session->fresh);
    memcpy(reference, session->reference, sizeof reference);
    turn();
    return opener;
}

static void a_session_whose_opener_lives_is_known_after_a_restart_and_logout_closes_it(void **state)
{
    struct process_facts opener = opened();
    (void)state;
    session_world_restart();
    struct session *session = sessions_find(world.sessions, reference);
    assert_non_null(session);
    assert_int_equal(session->state, C2M_SESSION_ACTIVE);
    assert_string_equal(session->user, "alice");
    assert_string_equal(session->service, "sshd");
    assert_string_equal(session->tty, "ssh");
    assert_string_equal(session->rhost, "192.0.2.7");
    assert_int_equal(session->uid, ALICE);
    assert_int_equal(session->form, C2M_FORM_SHORT);
    assert_true(session->fresh);
    assert_int_equal(session->audit_id, 7);
    assert_int_equal(session->opened_wall, fake_wall);
    assert_memory_equal(session->token_hash, token()->hash, VAULT_HASH_SIZE);
    assert_true(said("state=active was=stored user=alice"));
    assert_true(sessions_close(world.sessions, opener.process, "alice"));
    turn();
    assert_int_equal(fake_ledger_releases(reference), 1);
    assert_int_equal(rows_of("sessions"), 0);
}

static void a_session_of_before_the_restart_is_watched_again(void **state)
{
    struct process_facts opener = opened();
    (void)state;
    session_world_restart();
    child_kill(opener.process.pid);
    turn();
    assert_null(sessions_first(world.sessions));
    assert_int_equal(world.ended_why, REASON_OPENER_DIED);
    assert_int_equal(fake_ledger_releases(reference), 1);
}

static void no_proof_of_presence_survives_a_restart(void **state)
{
    opened();
    (void)state;
    assert_int_equal(sessions_find(world.sessions, reference)->proved_boot_ms, fake_boot_ms);
    session_world_restart();
    assert_int_equal(sessions_find(world.sessions, reference)->proved_boot_ms, 0);
}

static void a_session_whose_opener_died_meanwhile_ends_at_the_start(void **state)
{
    struct process_facts opener = opened();
    (void)state;
    child_reap(opener.process.pid);
    session_world_restart();
    assert_null(sessions_first(world.sessions));
    assert_true(said("state=closed was=active reason=opener_died"));
    assert_int_equal(fake_ledger_releases(reference), 1);
    assert_int_equal(rows_of("sessions"), 0);
    assert_true(sessions_closed_audit(world.sessions, 7, ALICE));
}

static void a_reused_pid_is_not_the_opener(void **state)
{
    struct process_facts opener = opened();
    (void)state;
    opener.process.start++;
    made_proc_put(&opener);
    session_world_restart();
    assert_null(sessions_first(world.sessions));
    assert_int_equal(world.ended_why, REASON_OPENER_DIED);
}

static void sessions_of_another_boot_end_at_the_start_and_their_audit_ids_mean_nothing(void **state)
{
    opened();
    (void)state;
    fake_boot_id = "00000000-1111-2222-3333-444444444444";
    session_world_restart(); /* a process of that pid and start lives here too */
    assert_null(sessions_first(world.sessions));
    assert_true(said("state=closed was=active reason=reboot"));
    assert_int_equal(fake_ledger_releases(reference), 1);
    assert_int_equal(rows_of("sessions"), 0);
    assert_false(sessions_closed_audit(world.sessions, 7, ALICE));
    assert_int_equal(rows_of("closed_audits"), 0);
}

static void without_a_boot_id_no_session_is_believed(void **state)
{
    (void)state;
    fake_boot_id = "";
    opened();
    session_world_restart();
    assert_null(sessions_first(world.sessions));
    assert_int_equal(world.ended_why, REASON_REBOOT);
}

static void closed_audit_ids_are_remembered_over_a_restart_and_not_over_a_reboot(void **state)
{
    struct process_facts opener = opened();
    (void)state;
    assert_true(sessions_close(world.sessions, opener.process, "alice"));
    turn();
    session_world_restart();
    assert_true(sessions_closed_audit(world.sessions, 7, ALICE));
    fake_boot_id = "00000000-1111-2222-3333-444444444444";
    session_world_restart();
    assert_false(sessions_closed_audit(world.sessions, 7, ALICE));
    assert_int_equal(rows_of("closed_audits"), 0);
}

static void a_pending_login_can_be_opened_after_a_restart(void **state)
{
    struct process_facts monitor = made(child(), 1, 0), caller = made(child(), monitor.process.pid, 0);
    struct session *session = pend(&caller, &monitor, "alice", ALICE);
    (void)state;
    memcpy(reference, session->reference, sizeof reference);
    child_reap(caller.process.pid);
    made_proc_remove(caller.process.pid);
    session_world_restart();
    session = sessions_find(world.sessions, reference);
    assert_non_null(session);
    assert_int_equal(session->state, C2M_SESSION_PENDING);
    assert_int_equal(session->authenticator.pid, 0);
    assert_null(sessions_open(world.sessions, &monitor, "bob"));
    assert_ptr_equal(sessions_open(world.sessions, &monitor, "alice"), session);
}

static void a_pending_login_whose_processes_are_gone_ends_at_the_start(void **state)
{
    struct process_facts caller = made(child(), 1, 0);
    pend(&caller, &NO_PARENT, "alice", ALICE);
    (void)state;
    child_reap(caller.process.pid);
    session_world_restart();
    assert_null(sessions_first(world.sessions));
    assert_true(said("state=closed was=pending reason=never_opened"));
}

static void a_restart_does_not_give_a_pending_login_two_minutes_more(void **state)
{
    struct process_facts caller = made(child(), 1, 0);
    pend(&caller, &NO_PARENT, "alice", ALICE);
    (void)state;
    world.hurry = true;
    fake_wall += 100;
    fake_boot_ms += 100000;
    session_world_restart();
    fake_boot_ms += 19999;
    turn();
    assert_int_equal(sessions_count(world.sessions, C2M_SESSION_PENDING), 1);
    fake_boot_ms += 1;
    turn();
    assert_int_equal(sessions_count(world.sessions, C2M_SESSION_PENDING), 0);
    assert_int_equal(world.ended_why, REASON_NEVER_OPENED);
}

static void a_holder_of_tokens_without_a_session_is_released(void **state)
{
    opened();
    (void)state;
    fake_ledger_give("5eed5eed", 1); /* the presence of a terminal, before */
    session_world_restart();
    assert_int_equal(fake_ledger_releases("5eed5eed"), 1);
    assert_int_equal(fake_ledger_releases(reference), 0);
    assert_true(said("ref=5eed5eed: held tokens without a session"));
}

static void sessions_come_back_newest_first(void **state)
{
    struct process_facts caller = made(child(), 1, 0);
    (void)state;
    assert_int_equal(pend(&caller, &NO_PARENT, "alice", ALICE)->uid, ALICE);
    fake_wall++;
    assert_int_equal(pend(&caller, &NO_PARENT, "bob", BOB)->uid, BOB);
    session_world_restart();
    assert_int_equal(sessions_first(world.sessions)->uid, BOB);
    assert_int_equal(sessions_next(world.sessions, sessions_first(world.sessions))->uid, ALICE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, session_world_set_up, session_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_session_whose_opener_lives_is_known_after_a_restart_and_logout_closes_it),
        TEST(a_session_of_before_the_restart_is_watched_again),
        TEST(no_proof_of_presence_survives_a_restart),
        TEST(a_session_whose_opener_died_meanwhile_ends_at_the_start),
        TEST(a_reused_pid_is_not_the_opener),
        TEST(sessions_of_another_boot_end_at_the_start_and_their_audit_ids_mean_nothing),
        TEST(without_a_boot_id_no_session_is_believed),
        TEST(closed_audit_ids_are_remembered_over_a_restart_and_not_over_a_reboot),
        TEST(a_pending_login_can_be_opened_after_a_restart),
        TEST(a_pending_login_whose_processes_are_gone_ends_at_the_start),
        TEST(a_restart_does_not_give_a_pending_login_two_minutes_more),
        TEST(a_holder_of_tokens_without_a_session_is_released),
        TEST(sessions_come_back_newest_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
