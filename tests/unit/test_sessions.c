// fakes: clock ledger
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message -Wl,--wrap=loop_timer_set tests/unit/session_world.c tests/unit/made_proc.c tests/unit/said.c tests/unit/disk.c
/* Who opens and closes which session, and what ends one that nobody closes. */
#include "session_world.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* sshd: the monitor is root's, its child authenticates. */
struct sshd {
    struct process_facts monitor, authenticator;
    struct session *session;
};

static struct sshd authenticate(const char *user, uint32_t uid)
{
    struct sshd sshd = {.monitor = made(child(), 1, 0)};
    sshd.authenticator = made(child(), sshd.monitor.process.pid, 0);
    sshd.session = pend(&sshd.authenticator, &sshd.monitor, user, uid);
    return sshd;
}

static void a_granted_login_is_pending_until_it_is_opened(void **state)
{
    struct sshd sshd = authenticate("alice", ALICE);
    (void)state;
    assert_int_equal(sshd.session->state, C2M_SESSION_PENDING);
    assert_int_equal(sessions_count(world.sessions, C2M_SESSION_PENDING), 1);
    assert_true(said("state=pending was=none reason=credential user=alice service=sshd rhost=192.0.2.7"));
    assert_ptr_equal(sessions_open(world.sessions, &sshd.monitor, "alice"), sshd.session);
    assert_int_equal(sshd.session->state, C2M_SESSION_ACTIVE);
    assert_int_equal(sessions_count(world.sessions, C2M_SESSION_PENDING), 0);
    assert_int_equal(sessions_count(world.sessions, C2M_SESSION_ACTIVE), 1);
    assert_true(said("state=active was=pending reason=opened user=alice"));
    assert_int_equal(fake_ledger.releases, 0);
}

static void the_process_that_authenticated_opens_whatever_the_user_is_called_now(void **state)
{
    struct sshd sshd = authenticate("alice", ALICE);
    (void)state;
    assert_ptr_equal(sessions_open(world.sessions, &sshd.authenticator, "root"), sshd.session);
    assert_string_equal(sshd.session->user, "alice");
}

static void the_parent_opens_nothing_for_another_user(void **state)
{
    struct sshd sshd = authenticate("alice", ALICE);
    (void)state;
    assert_null(sessions_open(world.sessions, &sshd.monitor, "bob"));
    assert_null(sessions_open(world.sessions, &sshd.monitor, "root"));
    assert_int_equal(sshd.session->state, C2M_SESSION_PENDING);
}

static void a_parent_that_was_not_root_opens_nothing(void **state)
{
    struct process_facts shell = made(child(), 1, ALICE), sudo = made(child(), shell.process.pid, 0);
    (void)state;
    pend(&sudo, &shell, "alice", ALICE);
    assert_null(sessions_open(world.sessions, &shell, "alice"));
    shell.effective_uid = 0; /* a set-uid program of his is no monitor either */
    pend(&sudo, &shell, "alice", ALICE);
    assert_null(sessions_open(world.sessions, &shell, "alice"));
    shell.real_uid = 0;
    shell.effective_uid = ALICE;
    pend(&sudo, &shell, "alice", ALICE);
    assert_null(sessions_open(world.sessions, &shell, "alice"));
}

static void the_newest_pending_login_is_opened(void **state)
{
    struct sshd sshd = authenticate("alice", ALICE);
    struct session *second = pend(&sshd.authenticator, &sshd.monitor, "alice", ALICE);
    struct session *third = pend(&sshd.authenticator, &sshd.monitor, "bob", BOB);
    (void)state;
    assert_ptr_equal(sessions_open(world.sessions, &sshd.monitor, "alice"), second);
    assert_ptr_equal(sessions_open(world.sessions, &sshd.authenticator, "root"), third);
    assert_ptr_equal(sessions_open(world.sessions, &sshd.monitor, "alice"), sshd.session);
    assert_null(sessions_open(world.sessions, &sshd.monitor, "alice"));
}

static void a_reused_pid_opens_nothing(void **state)
{
    struct sshd sshd = authenticate("alice", ALICE);
    (void)state;
    sshd.monitor.process.start++;
    sshd.authenticator.process.start++;
    assert_null(sessions_open(world.sessions, &sshd.monitor, "alice"));
    assert_null(sessions_open(world.sessions, &sshd.authenticator, "alice"));
}

static void another_process_opens_nothing(void **state)
{
    struct process_facts stranger = made(child(), 1, 0), nobody = NO_PARENT;
    struct process_facts alone = made(child(), 1, 0);
    (void)state;
    pend(&alone, &NO_PARENT, "alice", ALICE);
    assert_null(sessions_open(world.sessions, &stranger, "alice"));
    assert_null(sessions_open(world.sessions, &nobody, "alice"));
}

static void an_opener_in_another_pid_namespace_opens_nothing(void **state)
{
    struct sshd sshd = authenticate("alice", ALICE);
    (void)state;
    sshd.monitor.foreign = true;
    assert_null(sessions_open(world.sessions, &sshd.monitor, "alice"));
    struct process_facts parent = made(child(), 1, 0), caller = made(child(), parent.process.pid, 0);
    parent.foreign = true;
    pend(&caller, &parent, "bob", BOB);
    parent.foreign = false;
    assert_null(sessions_open(world.sessions, &parent, "bob"));
}

static void close_session_by_the_opener_ends_it(void **state)
{
    struct sshd sshd = authenticate("alice", ALICE);
    struct session *session = sessions_open(world.sessions, &sshd.authenticator, "root");
    struct process reused = sshd.authenticator.process;
    char reference[9];
    (void)state;
    memcpy(reference, session->reference, sizeof reference);
    reused.start++;
    assert_false(sessions_close(world.sessions, reused, "alice"));
    assert_false(sessions_close(world.sessions, sshd.monitor.process, "alice"));
    assert_true(sessions_close(world.sessions, sshd.authenticator.process, "root"));
    assert_false(sessions_close(world.sessions, sshd.authenticator.process, "root"));
    assert_int_equal(session->state, C2M_SESSION_CLOSED); /* the pointer is good to the end of the turn */
    assert_null(sessions_find(world.sessions, reference));
    assert_true(said("state=closed was=active reason=logout user=alice"));
    assert_int_equal(fake_ledger_releases(reference), 1);
    assert_int_equal(world.ended, 1);
    assert_int_equal(world.ended_why, REASON_LOGOUT);
    assert_string_equal(world.ended_reference, reference);
    turn();
    assert_int_equal(rows_of("sessions"), 0);
    assert_int_equal(sessions_count(world.sessions, C2M_SESSION_CLOSED), 0);
}

static void a_pending_login_is_not_closed_by_close_session(void **state)
{
    struct sshd sshd = authenticate("alice", ALICE);
    (void)state;
    assert_false(sessions_close(world.sessions, sshd.authenticator.process, "alice"));
    assert_false(sessions_close(world.sessions, sshd.monitor.process, "alice"));
}

static void an_opener_of_several_sessions_closes_the_one_of_that_user(void **state)
{
    struct process_facts opener = made(child(), 1, 0);
    struct session *alice = pend(&opener, &NO_PARENT, "alice", ALICE);
    (void)state;
    assert_ptr_equal(sessions_open(world.sessions, &opener, "alice"), alice);
    struct session *bob = pend(&opener, &NO_PARENT, "bob", BOB);
    assert_ptr_equal(sessions_open(world.sessions, &opener, "bob"), bob);
    assert_true(sessions_close(world.sessions, opener.process, "alice"));
    assert_int_equal(alice->state, C2M_SESSION_CLOSED);
    assert_int_equal(bob->state, C2M_SESSION_ACTIVE);
}

static void the_login_of_a_process_is_found_by_pid_start_and_user(void **state)
{
    struct sshd sshd = authenticate("alice", ALICE);
    struct process reused = sshd.authenticator.process;
    (void)state;
    reused.start++;
    assert_ptr_equal(sessions_of_login(world.sessions, sshd.authenticator.process, "alice"), sshd.session);
    assert_null(sessions_of_login(world.sessions, sshd.authenticator.process, "bob"));
    assert_null(sessions_of_login(world.sessions, reused, "alice"));
    assert_null(sessions_of_login(world.sessions, sshd.monitor.process, "alice"));
    struct session *newer = pend(&sshd.authenticator, &sshd.monitor, "alice", ALICE);
    assert_ptr_equal(sessions_of_login(world.sessions, sshd.authenticator.process, "alice"), newer);
    sessions_open(world.sessions, &sshd.monitor, "alice");
    assert_ptr_equal(sessions_of_login(world.sessions, sshd.authenticator.process, "alice"), newer);
}

static void sessions_are_seen_newest_first(void **state)
{
    struct process_facts caller = made(child(), 1, 0);
    struct session *first = pend(&caller, &NO_PARENT, "alice", ALICE);
    struct session *second = pend(&caller, &NO_PARENT, "bob", BOB);
    (void)state;
    assert_ptr_equal(sessions_first(world.sessions), second);
    assert_ptr_equal(sessions_next(world.sessions, second), first);
    assert_null(sessions_next(world.sessions, first));
    assert_ptr_equal(sessions_find(world.sessions, first->reference), first);
    assert_null(sessions_find(world.sessions, "ffffffff"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, session_world_set_up, session_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_granted_login_is_pending_until_it_is_opened),
        TEST(the_process_that_authenticated_opens_whatever_the_user_is_called_now),
        TEST(the_parent_opens_nothing_for_another_user),
        TEST(a_parent_that_was_not_root_opens_nothing),
        TEST(the_newest_pending_login_is_opened),
        TEST(a_reused_pid_opens_nothing),
        TEST(another_process_opens_nothing),
        TEST(an_opener_in_another_pid_namespace_opens_nothing),
        TEST(close_session_by_the_opener_ends_it),
        TEST(a_pending_login_is_not_closed_by_close_session),
        TEST(an_opener_of_several_sessions_closes_the_one_of_that_user),
        TEST(the_login_of_a_process_is_found_by_pid_start_and_user),
        TEST(sessions_are_seen_newest_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
