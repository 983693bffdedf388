// fakes: clock ledger
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message -Wl,--wrap=loop_timer_set tests/unit/session_world.c tests/unit/made_proc.c tests/unit/said.c tests/unit/disk.c
/* A disk that is full or broken: memory stays right, nothing new is granted, and the rows follow when they can. */
#include "session_world.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void break_disk(void)
{
    disk_error = ENOSPC;
    disk_fails_from = 1;
}

/* The disk is mended, a second passes, and the next turns write what is due. */
static void mend_disk(void)
{
    disk_fails_from = 0;
    fake_boot_ms += 1000;
    turn();
    turn();
}

static struct process_facts opened(char reference[9])
{
    struct process_facts listener = made(child(), 1, 0), opener = made(child(), listener.process.pid, 0);
    struct session *session = pend(&opener, &NO_PARENT, "alice", ALICE);
    opener.audit_id = 7;
    made_proc_put(&opener);
    assert_ptr_equal(sessions_open(world.sessions, &opener, "alice"), session);
    memcpy(reference, session->reference, sizeof session->reference);
    turn();
    return opener;
}

static void told_of_the_commit(void *error, int result)
{
    *(int *)error = result;
}

static void a_login_whose_commit_failed_is_dropped_without_a_trace(void **state)
{
    struct process_facts caller = made(child(), 1, 0);
    struct session *session;
    int error = 1;
    (void)state;
    break_disk();
    assert_int_equal(try_pend("0badcafe", &caller, &NO_PARENT, "alice", ALICE, &session), 0);
    assert_int_equal(store_after_commit(world.store, told_of_the_commit, &error), 0);
    turn();
    assert_true(error < 0); /* and so the login does what follows */
    sessions_drop(world.sessions, session, REASON_STORE);
    assert_true(said("state=closed was=pending reason=store"));
    assert_int_equal(fake_ledger_releases("0badcafe"), 1);
    assert_int_equal(sessions_count(world.sessions, C2M_SESSION_CLOSED), 0); /* nothing waits to be deleted */
    mend_disk();
    assert_int_equal(rows_of("sessions"), 0);
    assert_null(sessions_first(world.sessions));
}

static void failed_logins_on_a_full_disk_do_not_pile_up(void **state)
{
    struct process_facts caller = made(child(), 1, 0);
    struct session *session;
    (void)state;
    break_disk();
    for (int i = 0; i < 200; i++) {
        assert_int_equal(try_pend("0badcafe", &caller, &NO_PARENT, "alice", ALICE, &session), 0);
        turn();
        sessions_drop(world.sessions, session, REASON_STORE);
        turn();
        assert_int_equal(sessions_count(world.sessions, C2M_SESSION_CLOSED), 0);
    }
}

static void a_login_that_is_abandoned_before_its_commit_leaves_no_row(void **state)
{
    struct process_facts caller = made(child(), 1, 0);
    struct session *session;
    (void)state;
    assert_int_equal(try_pend("0badcafe", &caller, &NO_PARENT, "alice", ALICE, &session), 0);
    sessions_drop(world.sessions, session, REASON_PEER_GONE);
    sessions_drop(world.sessions, session, REASON_STORE); /* again, by whoever still has it in this turn */
    assert_int_equal(fake_ledger_releases("0badcafe"), 1);
    turn();
    assert_int_equal(rows_of("sessions"), 0);
    assert_int_equal(sessions_count(world.sessions, C2M_SESSION_CLOSED), 0);
}

static void a_login_that_is_undone_with_its_savepoint_leaves_no_row(void **state)
{
    struct process_facts caller = made(child(), 1, 0);
    struct session *session;
    (void)state;
    assert_int_equal(store_begin(world.store), 0);
    assert_int_equal(try_pend("0badcafe", &caller, &NO_PARENT, "alice", ALICE, &session), 0);
    assert_int_equal(store_end(world.store, false), 0);
    sessions_drop(world.sessions, session, REASON_STORE);
    turn();
    assert_int_equal(rows_of("sessions"), 0);
    assert_int_equal(sessions_count(world.sessions, C2M_SESSION_CLOSED), 0);
}

static void a_row_that_cannot_be_written_at_all_is_no_pending_login(void **state)
{
    struct process_facts caller = made(child(), 1, 0);
    struct session *session = NULL;
    struct store_statement *drop;
    (void)state;
    assert_int_equal(store_prepare(world.store,
                         "CREATE TRIGGER full BEFORE INSERT ON sessions BEGIN"
                         " SELECT RAISE(ABORT, 'no'); END",
                         &drop),
        0);
    assert_int_equal(store_write(drop), 0);
    store_finish(drop);
    turn();
    assert_true(try_pend("0badcafe", &caller, &NO_PARENT, "alice", ALICE, &session) < 0);
    assert_null(session);
    assert_null(sessions_first(world.sessions));
    assert_int_equal(fake_ledger.releases, 0); /* the login's to give up: it undoes its savepoint first */
    assert_int_equal(world.ended, 0);
    turn();
    assert_int_equal(sessions_count(world.sessions, C2M_SESSION_CLOSED), 0);
}

static void a_logout_on_a_full_disk_ends_the_session_and_its_row_goes_later(void **state)
{
    char reference[9];
    struct process_facts opener = opened(reference);
    (void)state;
    world.hurry = true;
    break_disk();
    assert_true(sessions_close(world.sessions, opener.process, "alice"));
    turn();
    assert_null(sessions_first(world.sessions));
    assert_int_equal(fake_ledger_releases(reference), 1);
    assert_true(sessions_closed_audit(world.sessions, 7, ALICE));
    assert_int_equal(rows_of("sessions"), 1);
    assert_int_equal(sessions_count(world.sessions, C2M_SESSION_CLOSED), 1);
    assert_true(said("the state cannot be written"));
    turn();
    turn();
    assert_int_equal(rows_of("sessions"), 1);
    mend_disk();
    assert_int_equal(rows_of("sessions"), 0);
    assert_int_equal(rows_of("closed_audits"), 1);
    assert_int_equal(sessions_count(world.sessions, C2M_SESSION_CLOSED), 0);
    assert_int_equal(fake_ledger_releases(reference), 1);
    assert_int_equal(world.ended, 1);
    assert_true(said("the state can be written again"));
}

static void the_row_goes_later_though_nothing_else_happens(void **state)
{
    char reference[9];
    struct process_facts opener = opened(reference);
    (void)state;
    break_disk();
    assert_true(sessions_close(world.sessions, opener.process, "alice"));
    turn();
    disk_fails_from = 0;
    fake_boot_ms += 2000;
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    assert_int_equal(loop_turn(world.loop, 10000), 0);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_true(after.tv_sec - before.tv_sec < 5); /* it was a timer that ended the wait */
    assert_int_equal(rows_of("sessions"), 0);
}

static void a_session_opened_on_a_full_disk_is_active_and_its_row_follows(void **state)
{
    struct process_facts caller = made(child(), 1, 0);
    struct session *session = pend(&caller, &NO_PARENT, "alice", ALICE);
    char reference[9];
    (void)state;
    memcpy(reference, session->reference, sizeof reference);
    world.hurry = true;
    break_disk();
    assert_ptr_equal(sessions_open(world.sessions, &caller, "alice"), session);
    turn();
    assert_int_equal(session->state, C2M_SESSION_ACTIVE);
    mend_disk();
    world.hurry = false;
    session_world_restart();
    session = sessions_find(world.sessions, reference);
    assert_non_null(session);
    assert_int_equal(session->state, C2M_SESSION_ACTIVE);
    assert_int_equal(session->opener.pid, caller.process.pid);
}

static void the_ledgers_trouble_does_not_keep_a_session_alive(void **state)
{
    char reference[9];
    struct process_facts opener = opened(reference);
    (void)state;
    fake_ledger.error = -ENOSPC;
    assert_true(sessions_close(world.sessions, opener.process, "alice"));
    assert_null(sessions_first(world.sessions));
    assert_true(said("giving up its tokens is not written down yet"));
    turn();
    assert_int_equal(rows_of("sessions"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, session_world_set_up, session_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_login_whose_commit_failed_is_dropped_without_a_trace),
        TEST(failed_logins_on_a_full_disk_do_not_pile_up),
        TEST(a_login_that_is_abandoned_before_its_commit_leaves_no_row),
        TEST(a_login_that_is_undone_with_its_savepoint_leaves_no_row),
        TEST(a_row_that_cannot_be_written_at_all_is_no_pending_login),
        TEST(a_logout_on_a_full_disk_ends_the_session_and_its_row_goes_later),
        TEST(the_row_goes_later_though_nothing_else_happens),
        TEST(a_session_opened_on_a_full_disk_is_active_and_its_row_follows),
        TEST(the_ledgers_trouble_does_not_keep_a_session_alive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
