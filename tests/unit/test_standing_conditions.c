// fakes: clock ledger
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message -Wl,--wrap=loop_timer_set tests/unit/cast.c tests/unit/session_world.c tests/unit/made_proc.c tests/unit/said.c tests/unit/disk.c
/* Each condition of standing by itself: all others hold, this one does not, and the answer is no. */
#include "cast.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static struct login alice;
static struct process_facts sudo;

/* sudo in alice's login shell: granted, so that whatever a test changes is what refuses. */
static void stand_with(bool fresh)
{
    alice = ssh("alice", ALICE, 7, fresh, PTS_3);
    sudo = spawn_setuid(&alice.shell);
    assert_true(granted(&sudo, ALICE));
}

static void stand(void)
{
    stand_with(cast_fresh);
}

static void whoever_is_asked_to_be_another_stands_nowhere(void **state)
{
    (void)state;
    stand();
    assert_int_equal(refused(&sudo, BOB), REASON_NOT_STANDING);
    sudo.real_uid = BOB;
    assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
    assert_int_equal(refused(&sudo, BOB), REASON_NOT_STANDING);
}

static void root_and_no_uid_stand_nowhere(void **state)
{
    static const uint32_t uids[] = {0, PROCESS_NO_UID};
    (void)state;
    for (int i = 0; i < 2; i++) {
        alice = ssh("nobody", uids[i], 20 + (uint32_t)i, cast_fresh, PTS_3);
        sudo = spawn_setuid(&alice.shell);
        assert_int_equal(refused(&sudo, uids[i]), REASON_NOT_STANDING);
    }
}

static void a_caller_in_another_pid_namespace_stands_nowhere_and_is_told_so(void **state)
{
    (void)state;
    stand();
    sudo.foreign = true;
    assert_int_equal(refused(&sudo, ALICE), REASON_FOREIGN_NAMESPACE);
    assert_int_equal(standing_presence(alice.session, &sudo, REUSE_MS), REASON_NO_TERMINAL);
}

static void a_leader_in_another_pid_namespace_is_no_leader(void **state)
{
    (void)state;
    stand();
    alice.shell.foreign = true;
    made_proc_put(&alice.shell);
    assert_false(granted(&sudo, ALICE));
    alice.shell.foreign = false;
    made_proc_put(&alice.shell);
    sudo.leader = 0; /* as /proc shows one that lies outside */
    assert_false(granted(&sudo, ALICE));
}

static void a_zombie_is_nobody(void **state)
{
    (void)state;
    stand();
    sudo.state = 'Z';
    assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
    sudo.state = 'S';
    alice.shell.state = 'Z';
    made_proc_put(&alice.shell);
    assert_false(granted(&sudo, ALICE));
}

static void whoever_has_no_pid_here_or_is_dead_stands_nowhere(void **state)
{
    (void)state;
    stand();
    struct process_facts caller = sudo;
    caller.process.pid = 0; /* the kernel's word on a peer of another namespace */
    assert_int_equal(refused(&caller, ALICE), REASON_NOT_STANDING);
    caller = sudo;
    caller.state = 'X';
    assert_int_equal(refused(&caller, ALICE), REASON_NOT_STANDING);
    alice.shell.state = 'X';
    made_proc_put(&alice.shell);
    assert_false(granted(&sudo, ALICE));
}

static void the_first_process_of_a_container_stands_as_any_other_does(void **state)
{
    (void)state;
    stand();
    sudo.process.pid = sudo.group = sudo.foreground = 1;
    made_proc_put(&sudo);
    assert_true(granted(&sudo, ALICE));
}

/* ... for `c2mctl token` and for sudo, below sshd and below login(1). */
static void assert_that_the_opener_has_died(void)
{
    made_proc_put(&alice.opener);
    assert_int_equal(refused(&sudo, ALICE), cast_fresh ? REASON_SESSION_CLOSED : REASON_NOT_STANDING);
    assert_int_equal(standing_presence(alice.session, &sudo, REUSE_MS), REASON_NOT_STANDING);
}

static void stand_on_a_console(void)
{
    session_world_fresh();
    alice = console("alice", ALICE, 7, cast_fresh, 0x401);
    sudo = spawn_setuid(&alice.shell);
    assert_true(granted(&sudo, ALICE));
}

static void a_zombie_opener_has_died(void **state)
{
    (void)state;
    stand();
    child_kill(alice.opener.process.pid);
    alice.opener.state = 'Z';
    assert_that_the_opener_has_died();
    stand_on_a_console();
    child_kill(alice.opener.process.pid);
    alice.opener.state = 'Z';
    assert_that_the_opener_has_died();
}

static void a_reused_pid_is_not_the_opener(void **state)
{
    (void)state;
    stand();
    child_reap(alice.opener.process.pid);
    alice.opener.process.start++;
    assert_that_the_opener_has_died();
    stand_on_a_console();
    child_reap(alice.opener.process.pid);
    alice.opener.process.start++;
    assert_that_the_opener_has_died();
}

static void a_loginuid_of_another_makes_the_fresh_id_worthless(void **state)
{
    (void)state;
    stand_with(true);
    sudo.login_uid = BOB;
    assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
    sudo.login_uid = PROCESS_NO_UID;
    assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
}

/* Where there is a fresh id, descent alone is not enough to stand. */
static void another_audit_id_below_the_login_shell_is_refused(void **state)
{
    (void)state;
    stand_with(true);
    sudo.audit_id = 8;
    assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
    sudo.audit_id = PROCESS_NO_AUDIT_ID;
    assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
}

static void no_audit_id_is_no_sessions_own(void **state)
{
    (void)state;
    stand_with(true);
    const uint32_t kept = alice.session->audit_id;
    alice.session->audit_id = sudo.audit_id = PROCESS_NO_AUDIT_ID;
    assert_int_equal(refused(&sudo, ALICE), REASON_NOT_STANDING);
    alice.session->audit_id = kept;
}

static void a_pending_or_closed_session_is_not_stood_in(void **state)
{
    (void)state;
    stand();
    assert_true(sessions_close(world.sessions, alice.opener.process, "alice"));
    assert_int_equal(standing_presence(alice.session, &sudo, REUSE_MS), REASON_NOT_STANDING);
    assert_false(granted(&sudo, ALICE));
    pend(&alice.opener, &NO_PARENT, "alice", ALICE);
    assert_false(granted(&sudo, ALICE));
}

static void a_grandchild_through_another_users_child_is_asked(void **state)
{
    static const uint32_t others[] = {MALLORY, 0};
    (void)state;
    for (int i = 0; i < 2; i++) {
        stand();
        struct process_facts between = spawn_as(&alice.opener, others[i]);
        struct process_facts shell = spawn_as(&between, ALICE);
        shell.leader = shell.process.pid;
        shell.tty = PTS_4;
        made_proc_put(&shell);
        struct process_facts other = spawn_setuid(&shell);
        assert_false(granted(&other, ALICE));
        session_world_fresh();
    }
}

static void a_great_grandchild_is_asked(void **state)
{
    (void)state;
    stand();
    struct process_facts shell = spawn_leader(&alice.shell, PTS_4), other = spawn_setuid(&shell);
    assert_false(granted(&other, ALICE));
}

static void a_leader_that_is_the_opener_itself_is_granted(void **state)
{
    (void)state;
    stand();
    alice.opener.leader = alice.opener.process.pid;
    alice.opener.tty = PTS_4;
    alice.opener.real_uid = alice.opener.effective_uid = ALICE; /* it has become the shell */
    made_proc_put(&alice.opener);
    struct process_facts other = spawn_setuid(&alice.opener);
    assert_true(granted(&other, ALICE));
}

static void of_two_sessions_the_newest_is_stood_in(void **state)
{
    (void)state;
    stand();
    struct process_facts su = made(child(), alice.shell.process.pid, ALICE); /* su --pty - alice, typed */
    su.effective_uid = 0;
    su.audit_id = 7;
    su.login_uid = ALICE;
    made_proc_put(&su);
    struct session *second = pend(&su, &alice.shell, "alice", ALICE);
    assert_ptr_equal(sessions_open(world.sessions, &su, "alice"), second);
    struct process_facts inner = spawn_as(&su, ALICE);
    inner.leader = inner.process.pid;
    inner.tty = PTS_4;
    made_proc_put(&inner);
    struct process_facts below = spawn_setuid(&inner);
    assert_int_equal(asked(&below, second), REASON_NONE);
    assert_int_equal(asked(&sudo, alice.session), REASON_NONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, session_world_set_up, session_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(whoever_is_asked_to_be_another_stands_nowhere),
        TEST(root_and_no_uid_stand_nowhere),
        TEST(a_caller_in_another_pid_namespace_stands_nowhere_and_is_told_so),
        TEST(a_leader_in_another_pid_namespace_is_no_leader),
        TEST(a_zombie_is_nobody),
        TEST(whoever_has_no_pid_here_or_is_dead_stands_nowhere),
        TEST(the_first_process_of_a_container_stands_as_any_other_does),
        TEST(a_zombie_opener_has_died),
        TEST(a_reused_pid_is_not_the_opener),
        TEST(a_loginuid_of_another_makes_the_fresh_id_worthless),
        TEST(another_audit_id_below_the_login_shell_is_refused),
        TEST(no_audit_id_is_no_sessions_own),
        TEST(a_pending_or_closed_session_is_not_stood_in),
        TEST(a_grandchild_through_another_users_child_is_asked),
        TEST(a_great_grandchild_is_asked),
        TEST(a_leader_that_is_the_opener_itself_is_granted),
        TEST(of_two_sessions_the_newest_is_stood_in),
    };
    int failed = cmocka_run_group_tests_name("with a fresh audit id", tests, NULL, NULL);
    cast_fresh = false;
    return failed + cmocka_run_group_tests_name("without a fresh audit id", tests, NULL, NULL);
}
