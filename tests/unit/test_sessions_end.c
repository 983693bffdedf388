// fakes: clock ledger
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message -Wl,--wrap=loop_timer_set tests/unit/session_world.c tests/unit/made_proc.c tests/unit/said.c tests/unit/disk.c
/* What ends a session that nobody closes: the death of its processes, seen by real pidfds, and time; and its bounds. */
#include "session_world.h"

#include "session/session_registry.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

static void an_opener_killed_with_sigkill_closes_its_session_in_the_next_turn(void **state)
{
    struct process_facts monitor = made(child(), 1, 0), caller = made(child(), monitor.process.pid, 0);
    struct session *session = pend(&caller, &monitor, "alice", ALICE);
    char reference[9];
    (void)state;
    memcpy(reference, session->reference, sizeof reference);
    assert_non_null(sessions_open(world.sessions, &monitor, "alice"));
    turn();
    child_kill(monitor.process.pid); /* a zombie: /proc still shows it, and so does the made one */
    turn();
    assert_null(sessions_first(world.sessions));
    assert_int_equal(fake_ledger_releases(reference), 1);
    assert_true(said("state=closed was=active reason=opener_died user=alice"));
    assert_int_equal(world.ended_why, REASON_OPENER_DIED);
    assert_int_equal(rows_of("sessions"), 0);
    turn();
    assert_int_equal(world.ended, 1);
}

/* The same with nothing made up: the kernel's own /proc. */
static void the_kernels_own_proc_says_the_same(void **state)
{
    struct process_facts opener;
    pid_t pid = child();
    (void)state;
    made_proc_close();
    assert_int_equal(process_read(pid, &opener), 0);
    struct session *session = pend(&opener, &NO_PARENT, "alice", ALICE);
    assert_ptr_equal(sessions_open(world.sessions, &opener, "root"), session);
    turn();
    assert_int_equal(session->state, C2M_SESSION_ACTIVE);
    child_kill(pid);
    turn();
    assert_null(sessions_first(world.sessions));
    assert_int_equal(world.ended_why, REASON_OPENER_DIED);
    made_proc_open();
}

static void the_death_of_the_authenticator_does_not_close_what_its_parent_opened(void **state)
{
    struct process_facts monitor = made(child(), 1, 0), caller = made(child(), monitor.process.pid, 0);
    struct session *session = pend(&caller, &monitor, "alice", ALICE);
    (void)state;
    assert_non_null(sessions_open(world.sessions, &monitor, "alice"));
    child_kill(caller.process.pid);
    turn();
    assert_int_equal(session->state, C2M_SESSION_ACTIVE);
}

static void the_death_of_the_parent_does_not_close_what_its_child_opened(void **state)
{
    struct process_facts monitor = made(child(), 1, 0), caller = made(child(), monitor.process.pid, 0);
    struct session *session = pend(&caller, &monitor, "alice", ALICE);
    (void)state;
    assert_non_null(sessions_open(world.sessions, &caller, "alice"));
    child_kill(monitor.process.pid);
    turn();
    assert_int_equal(session->state, C2M_SESSION_ACTIVE);
}

static void a_pending_login_is_dropped_when_both_its_processes_are_gone_and_not_before(void **state)
{
    struct process_facts monitor = made(child(), 1, 0), caller = made(child(), monitor.process.pid, 0);
    struct session *session = pend(&caller, &monitor, "alice", ALICE);
    char reference[9];
    (void)state;
    memcpy(reference, session->reference, sizeof reference);
    child_kill(caller.process.pid);
    turn();
    assert_non_null(sessions_find(world.sessions, reference));
    child_kill(monitor.process.pid);
    turn();
    assert_null(sessions_find(world.sessions, reference));
    assert_int_equal(fake_ledger_releases(reference), 1);
    assert_true(said("state=closed was=pending reason=never_opened"));
    assert_int_equal(rows_of("sessions"), 0);
}

static void a_pending_login_of_one_process_is_dropped_with_it(void **state)
{
    struct process_facts shell = made(child(), 1, ALICE), sudo = made(child(), shell.process.pid, 0);
    (void)state;
    pend(&sudo, &shell, "alice", ALICE);
    child_kill(sudo.process.pid);
    turn();
    assert_null(sessions_first(world.sessions));
}

static void a_pending_login_is_dropped_after_two_minutes(void **state)
{
    struct process_facts caller = made(child(), 1, 0);
    (void)state;
    world.hurry = true;
    struct session *old = pend(&caller, &NO_PARENT, "alice", ALICE);
    fake_boot_ms += 60000;
    struct session *young = pend(&caller, &NO_PARENT, "alice", ALICE);
    struct session *open = pend(&caller, &NO_PARENT, "bob", BOB);
    assert_ptr_equal(sessions_open(world.sessions, &caller, "bob"), open);
    fake_boot_ms += 59999;
    turn();
    assert_int_equal(old->state, C2M_SESSION_PENDING);
    fake_boot_ms += 1;
    turn();
    assert_int_equal(sessions_count(world.sessions, C2M_SESSION_PENDING), 1);
    assert_int_equal(young->state, C2M_SESSION_PENDING);
    assert_int_equal(world.ended_why, REASON_NEVER_OPENED);
    fake_boot_ms += 60000;
    turn();
    assert_int_equal(sessions_count(world.sessions, C2M_SESSION_PENDING), 0);
    assert_int_equal(open->state, C2M_SESSION_ACTIVE);
}

static void a_login_whose_processes_are_gone_already_does_not_become_pending(void **state)
{
    struct process_facts caller = made(child(), 1, 0);
    struct session *session;
    (void)state;
    child_reap(caller.process.pid);
    assert_int_equal(try_pend("0badcafe", &caller, &NO_PARENT, "alice", ALICE, &session), -ESRCH);
    assert_null(session);
    struct process_facts hidden = made(child(), 1, 0); /* /proc mounted with hidepid */
    made_proc_remove(hidden.process.pid);
    assert_int_equal(try_pend("0badcafe", &hidden, &NO_PARENT, "alice", ALICE, &session), -ESRCH);
    assert_null(sessions_first(world.sessions));
}

static void an_opener_that_died_unheard_opens_nothing_and_ends_the_login(void **state)
{
    struct process_facts caller = made(child(), 1, 0), monitor = made(child(), 1, 0);
    (void)state;
    pend(&caller, &monitor, "alice", ALICE);
    child_kill(monitor.process.pid);
    turn();
    assert_null(sessions_open(world.sessions, &monitor, "alice"));
    assert_int_equal(world.ended_why, REASON_OPENER_DIED);
}

static void two_logins_of_one_reference_are_refused(void **state)
{
    struct process_facts caller = made(child(), 1, 0);
    struct session *session = pend(&caller, &NO_PARENT, "alice", ALICE), *second;
    (void)state;
    assert_int_equal(try_pend(session->reference, &caller, &NO_PARENT, "bob", BOB, &second), -EEXIST);
    assert_null(second);
    assert_string_equal(session->user, "alice");
}

static void names_that_do_not_fit_are_refused(void **state)
{
    struct process_facts caller = made(child(), 1, 0);
    struct session *session;
    char name[C2M_NAME_MAX + 2];
    (void)state;
    memset(name, 'a', sizeof name);
    name[sizeof name - 1] = '\0';
    assert_int_equal(try_pend("0badcafe", &caller, &NO_PARENT, name, ALICE, &session), -E2BIG);
    assert_int_equal(try_pend("0badcafe0", &caller, &NO_PARENT, "alice", ALICE, &session), -E2BIG);
    assert_null(session);
}

static void fill_with_pending(const struct process_facts *caller, const struct process_facts *parent)
{
    struct session *session;
    char reference[16];
    for (unsigned i = sessions_count(world.sessions, C2M_SESSION_PENDING); i < SESSIONS_PENDING_MAX; i++) {
        snprintf(reference, sizeof reference, "%08x", 0x10000000 + i);
        assert_int_equal(try_pend(reference, caller, parent, "alice", ALICE, &session), 0);
    }
    turn();
}

static void at_most_1024_logins_are_pending(void **state)
{
    struct process_facts caller = made(child(), 1, 0), other = made(child(), 1, 0);
    struct session *session;
    (void)state;
    fill_with_pending(&caller, &NO_PARENT);
    assert_int_equal(try_pend("0badcafe", &other, &NO_PARENT, "alice", ALICE, &session), -EAGAIN);
    assert_null(session);
    assert_non_null(sessions_open(world.sessions, &caller, "alice"));
    assert_int_equal(try_pend("0badcafe", &other, &NO_PARENT, "alice", ALICE, &session), 0);
    turn();
    assert_int_equal(rows_of("sessions"), SESSIONS_PENDING_MAX + 1);
}

static void who_authenticates_again_and_again_takes_his_own_places(void **state)
{
    struct process_facts first = made(child(), 1, 0), caller = made(child(), 1, 0);
    struct session *session;
    (void)state;
    pend(&first, &NO_PARENT, "bob", BOB);
    fill_with_pending(&caller, &NO_PARENT);
    assert_int_equal(try_pend("0badcafe", &caller, &NO_PARENT, "alice", ALICE, &session), 0);
    assert_string_equal(world.ended_reference, "10000001");
    assert_int_equal(world.ended_why, REASON_NEVER_OPENED);
    assert_int_equal(sessions_count(world.sessions, C2M_SESSION_PENDING), SESSIONS_PENDING_MAX);
    assert_non_null(sessions_open(world.sessions, &first, "bob"));
}

static void who_has_authenticated_and_ended_makes_room(void **state)
{
    struct process_facts parent = made(child(), 1, 0), gone = made(child(), parent.process.pid, 0);
    struct process_facts first = made(child(), 1, 0), caller = made(child(), 1, 0),
                         other = made(child(), 1, 0);
    struct session *session;
    char reference[9];
    (void)state;
    pend(&first, &NO_PARENT, "bob", BOB);
    memcpy(reference, pend(&gone, &parent, "alice", ALICE)->reference, sizeof reference);
    fill_with_pending(&caller, &NO_PARENT);
    child_kill(gone.process.pid);
    turn();
    assert_int_equal(world.ended, 0); /* its parent lives and might open it */
    assert_int_equal(try_pend("0badcafe", &other, &NO_PARENT, "bob", BOB, &session), 0);
    assert_string_equal(world.ended_reference, reference);
    assert_non_null(sessions_open(world.sessions, &first, "bob"));
}

static void at_most_16384_sessions_live(void **state)
{
    struct rlimit limit = {.rlim_cur = SESSIONS_MAX + 64, .rlim_max = SESSIONS_MAX + 64};
    struct process_facts caller = made(child(), 1, 0);
    struct session *session;
    char reference[16];
    (void)state;
    setrlimit(RLIMIT_NOFILE, &limit);
    for (unsigned i = 0; i < SESSIONS_MAX; i++) {
        snprintf(reference, sizeof reference, "%08x", 0x10000000 + i);
        assert_int_equal(try_pend(reference, &caller, &NO_PARENT, "alice", ALICE, &session), 0);
        assert_ptr_equal(sessions_open(world.sessions, &caller, "alice"), session);
    }
    assert_int_equal(try_pend("0badcafe", &caller, &NO_PARENT, "alice", ALICE, &session), -EAGAIN);
    assert_true(sessions_close(world.sessions, caller.process, "alice"));
    turn();
    assert_int_equal(try_pend("0badcafe", &caller, &NO_PARENT, "alice", ALICE, &session), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, session_world_set_up, session_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_opener_killed_with_sigkill_closes_its_session_in_the_next_turn),
        TEST(the_kernels_own_proc_says_the_same),
        TEST(the_death_of_the_authenticator_does_not_close_what_its_parent_opened),
        TEST(the_death_of_the_parent_does_not_close_what_its_child_opened),
        TEST(a_pending_login_is_dropped_when_both_its_processes_are_gone_and_not_before),
        TEST(a_pending_login_of_one_process_is_dropped_with_it),
        TEST(a_pending_login_is_dropped_after_two_minutes),
        TEST(a_login_whose_processes_are_gone_already_does_not_become_pending),
        TEST(an_opener_that_died_unheard_opens_nothing_and_ends_the_login),
        TEST(two_logins_of_one_reference_are_refused),
        TEST(names_that_do_not_fit_are_refused),
        TEST(at_most_1024_logins_are_pending),
        TEST(who_authenticates_again_and_again_takes_his_own_places),
        TEST(who_has_authenticated_and_ended_makes_room),
        TEST(at_most_16384_sessions_live),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
