// fakes: clock ledger
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message -Wl,--wrap=loop_timer_set tests/unit/cast.c tests/unit/session_world.c tests/unit/made_proc.c tests/unit/said.c tests/unit/disk.c
/* From outside of a session, or as somebody else: each way in that was tried with a real sshd, su and sudo is asked. */
#include "cast.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void a_stranger_through_a_user_run_sshd_is_asked(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, cast_fresh, PTS_3);
    struct process_facts sudo = spawn_as(&alice.shell, 0),
                         daemon = spawn_leader(&sudo, 0); /* sudo sshd -p 2202 */
    struct process_facts monitor = spawn(&daemon), of_user = spawn_as(&monitor, ALICE);
    struct process_facts shell = spawn_leader(&of_user, PTS_4), asking = spawn_setuid(&shell);
    (void)state;
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
    struct login alice = ssh("alice", ALICE, 7, cast_fresh, PTS_3);
    struct process_facts sudo = spawn_as(&alice.shell, 0),
                         mallory = spawn_as(&sudo, MALLORY); /* sudo -u mallory */
    struct process_facts su = spawn_setuid(&mallory);
    (void)state;
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
    struct login alice =
        ssh("alice", ALICE, PROCESS_NO_AUDIT_ID, false, PTS_3); /* our line before pam_loginuid */
    struct process_facts shell = ssh_by_key(ALICE, PROCESS_NO_AUDIT_ID, PTS_4), sudo = spawn_setuid(&shell);
    struct process_facts own = spawn_setuid(&alice.shell);
    sudo.login_uid = ALICE;
    made_proc_put(&sudo);
    assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
    assert_true(granted(&own, ALICE));
}

static void another_login_by_key_is_asked(void **state)
{
    struct process_facts shell, sudo;
    (void)state;
    ssh("alice", ALICE, 7, cast_fresh, PTS_3);
    shell = ssh_by_key(ALICE, 9, PTS_4);
    sudo = spawn_setuid(&shell);
    assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
}

static void a_nested_ssh_by_key_is_asked(void **state)
{
    struct login alice = ssh("alice", ALICE, 7, cast_fresh, PTS_3);
    struct process_facts client = spawn(&alice.shell),
                         shell = ssh_by_key(ALICE, 9, PTS_4); /* ssh localhost */
    struct process_facts sudo = spawn_setuid(&shell);
    (void)state;
    assert_int_equal(client.audit_id, 7);
    assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
}

static void a_job_of_cron_or_at_and_a_service_of_alices_are_asked(void **state)
{
    (void)state;
    ssh("alice", ALICE, 7, cast_fresh, PTS_3);
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
    (void)state;
    ssh("alice", ALICE, 7, cast_fresh, PTS_3);
    struct process_facts service = spawn_daemon(ALICE);
    service.login_uid = ALICE; /* the kernel gives it an id of its own with that */
    service.audit_id = 12;
    made_proc_put(&service);
    struct process_facts sudo = spawn_setuid(&service);
    assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
}

static void su_alice_inside_bobs_session_is_asked(void **state)
{
    struct login bob = ssh("bob", BOB, 7, cast_fresh, PTS_3);
    (void)state;
    ssh("alice", ALICE, 8, cast_fresh, PTS_4);
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
    struct login alice = ssh("alice", ALICE, 7, cast_fresh, PTS_3);
    struct process_facts su = spawn_setuid(&alice.shell), shell = spawn_as(&su, BOB),
                         sudo = spawn_setuid(&shell);
    (void)state;
    assert_int_equal(refused(&su, BOB), REASON_NOT_STANDING);
    assert_int_equal(refused(&sudo, BOB), REASON_NOT_STANDING);
    assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, session_world_set_up, session_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_stranger_through_a_user_run_sshd_is_asked),
        TEST(su_alice_by_mallory_inside_alices_session_is_asked),
        TEST(a_second_login_by_key_in_a_container_where_all_share_one_id_is_asked),
        TEST(an_unset_id_is_never_compared_with_an_unset_id),
        TEST(another_login_by_key_is_asked),
        TEST(a_nested_ssh_by_key_is_asked),
        TEST(a_job_of_cron_or_at_and_a_service_of_alices_are_asked),
        TEST(a_process_that_writes_its_own_loginuid_is_asked),
        TEST(su_alice_inside_bobs_session_is_asked),
        TEST(su_bob_inside_alices_session_is_asked),
    };
    int failed = cmocka_run_group_tests_name("with a fresh audit id", tests, NULL, NULL);
    cast_fresh = false;
    return failed + cmocka_run_group_tests_name("without a fresh audit id", tests, NULL, NULL);
}
