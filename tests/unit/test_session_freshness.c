// fakes: clock ledger
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message -Wl,--wrap=loop_timer_set tests/unit/session_world.c tests/unit/made_proc.c tests/unit/said.c tests/unit/disk.c
/* Is the audit id at OPEN this session's own? Each way in which it is not, and what the log says of it. */
#include "session_world.h"

#include "session/session_registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { UNSET = PROCESS_NO_AUDIT_ID };

/* The audit ids of sshd's listener, monitor and child at BEGIN. */
static struct process_facts listener, monitor, caller;

static struct session *authenticate(uint32_t listeners, uint32_t monitors, uint32_t callers)
{
    listener = made(child(), 1, 0);
    listener.audit_id = listeners;
    made_proc_put(&listener);
    monitor = made(child(), listener.process.pid, 0);
    monitor.audit_id = monitors;
    made_proc_put(&monitor);
    caller = made(child(), monitor.process.pid, 0);
    caller.audit_id = callers;
    made_proc_put(&caller);
    return pend(&caller, &monitor, "alice", ALICE);
}

/* pam_loginuid has given OPENER the id by now. */
static struct session *open_with(struct process_facts *opener, uint32_t audit_id)
{
    opener->audit_id = audit_id;
    made_proc_put(opener);
    forget_log();
    return sessions_open(world.sessions, opener, "alice");
}

static void assert_not_fresh(const struct session *session, const char *why)
{
    assert_non_null(session);
    assert_false(session->fresh);
    assert_int_equal(session->audit_id, PROCESS_NO_AUDIT_ID);
    assert_true(said(why));
}

static void an_id_that_pam_loginuid_gave_to_the_opener_is_fresh(void **state)
{
    (void)state;
    authenticate(UNSET, UNSET, UNSET);
    struct session *session = open_with(&monitor, 7);
    assert_true(session->fresh);
    assert_int_equal(session->audit_id, 7);
    assert_true(said(" audit=fresh "));
}

static void an_id_in_place_of_the_listeners_is_fresh(void **state)
{
    (void)state;
    authenticate(5, 5, 5); /* sshd restarted from an administrator's session */
    assert_true(open_with(&monitor, 7)->fresh);
    authenticate(5, 5, 5);
    assert_true(open_with(&caller, 8)->fresh);
}

static void an_id_that_is_unset_at_open_is_not_fresh(void **state)
{
    (void)state;
    authenticate(UNSET, UNSET, UNSET); /* our session line stands before pam_loginuid */
    assert_not_fresh(open_with(&monitor, UNSET), " audit=unset ");
    authenticate(5, 5, 5);
    assert_not_fresh(open_with(&monitor, UNSET), " audit=unset ");
}

static void an_id_that_the_opener_had_before_is_not_fresh(void **state)
{
    (void)state;
    authenticate(UNSET, 7, 7); /* a container: nobody may change it */
    assert_not_fresh(open_with(&monitor, 7), " audit=unchanged ");
    authenticate(UNSET, UNSET, 8); /* an sshd of a user's own */
    assert_not_fresh(open_with(&caller, 8), " audit=unchanged ");
}

static void the_openers_own_id_before_counts_and_not_its_childs(void **state)
{
    (void)state;
    authenticate(UNSET, 7, 6);
    assert_not_fresh(open_with(&monitor, 7), " audit=unchanged ");
    authenticate(UNSET, 6, 7);
    assert_true(open_with(&monitor, 7)->fresh);
}

static void an_id_that_the_openers_parent_has_is_not_fresh(void **state)
{
    (void)state;
    authenticate(7, UNSET, UNSET);
    assert_not_fresh(open_with(&monitor, 7), " audit=inherited ");
}

static void the_parents_id_is_read_at_open(void **state)
{
    (void)state;
    authenticate(UNSET, UNSET, UNSET);
    listener.audit_id = 7;
    made_proc_put(&listener);
    assert_not_fresh(open_with(&monitor, 7), " audit=inherited ");
}

static void an_id_that_a_live_session_holds_is_not_fresh(void **state)
{
    (void)state;
    authenticate(UNSET, UNSET, UNSET);
    assert_true(open_with(&monitor, 7)->fresh);
    authenticate(UNSET, UNSET, UNSET);
    assert_not_fresh(open_with(&monitor, 7), " audit=held ");
    authenticate(UNSET, UNSET, UNSET);
    assert_true(open_with(&monitor, 8)->fresh);
}

static void an_id_of_a_session_that_closed_in_this_boot_is_not_fresh(void **state)
{
    (void)state;
    authenticate(UNSET, UNSET, UNSET);
    open_with(&monitor, 7);
    assert_true(sessions_close(world.sessions, monitor.process, "alice"));
    authenticate(UNSET, UNSET, UNSET);
    assert_not_fresh(open_with(&monitor, 7), " audit=closed ");
}

static void an_opener_whose_parent_cannot_be_read_has_no_fresh_id(void **state)
{
    (void)state;
    authenticate(UNSET, UNSET, UNSET);
    made_proc_remove(listener.process.pid);
    assert_not_fresh(open_with(&monitor, 7), " audit=unsure ");
    authenticate(UNSET, UNSET, UNSET);
    monitor.parent = 0; /* entered from outside of the pid namespace */
    assert_not_fresh(open_with(&monitor, 7), " audit=unsure ");
}

static void an_opener_that_reads_otherwise_the_second_time_has_no_fresh_id(void **state)
{
    struct process_facts then;
    (void)state;
    authenticate(UNSET, UNSET, UNSET);
    then = monitor;
    then.audit_id = 7; /* as /proc said before; now its parent is another */
    monitor.audit_id = 7;
    monitor.parent = 1;
    made_proc_put(&monitor);
    assert_not_fresh(sessions_open(world.sessions, &then, "alice"), " audit=unsure ");
    authenticate(UNSET, UNSET, UNSET);
    then = monitor;
    then.audit_id = 8;
    assert_not_fresh(sessions_open(world.sessions, &then, "alice"), " audit=unsure ");
}

static void a_fresh_id_is_remembered_when_its_session_closes_and_only_then(void **state)
{
    (void)state;
    authenticate(UNSET, UNSET, UNSET);
    open_with(&monitor, 7);
    assert_false(sessions_closed_audit(world.sessions, 7, ALICE));
    child_kill(monitor.process.pid);
    turn();
    assert_true(sessions_closed_audit(world.sessions, 7, ALICE));
    assert_false(sessions_closed_audit(world.sessions, 7, BOB));
    assert_false(sessions_closed_audit(world.sessions, 8, ALICE));
    assert_int_equal(rows_of("closed_audits"), 1);
}

static void beyond_the_bound_the_oldest_ids_are_forgotten_on_disk_too(void **state)
{
    struct closed_audits *audits = &world.sessions->closed_audits;
    (void)state;
    authenticate(UNSET, UNSET, UNSET);
    open_with(&monitor, 7);
    assert_true(sessions_close(world.sessions, monitor.process, "alice"));
    for (uint32_t id = 1000; audits->count < CLOSED_AUDITS_MAX; id++)
        assert_int_equal(closed_audits_add(audits, id, BOB), 0);
    turn();
    assert_int_equal(rows_of("closed_audits"), 1);
    authenticate(UNSET, UNSET, UNSET);
    open_with(&monitor, 9000000);
    assert_true(sessions_close(world.sessions, monitor.process, "alice"));
    turn();
    assert_false(sessions_closed_audit(world.sessions, 7, ALICE));
    assert_true(sessions_closed_audit(world.sessions, 9000000, ALICE));
    assert_int_equal(rows_of("closed_audits"), 1);
}

static void an_id_that_was_not_fresh_is_not_remembered(void **state)
{
    (void)state;
    authenticate(UNSET, 7, 7);
    open_with(&monitor, 7);
    assert_true(sessions_close(world.sessions, monitor.process, "alice"));
    turn();
    assert_false(sessions_closed_audit(world.sessions, 7, ALICE));
    assert_false(sessions_closed_audit(world.sessions, PROCESS_NO_AUDIT_ID, ALICE));
    assert_int_equal(rows_of("closed_audits"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, session_world_set_up, session_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_id_that_pam_loginuid_gave_to_the_opener_is_fresh),
        TEST(an_id_in_place_of_the_listeners_is_fresh),
        TEST(an_id_that_is_unset_at_open_is_not_fresh),
        TEST(an_id_that_the_opener_had_before_is_not_fresh),
        TEST(the_openers_own_id_before_counts_and_not_its_childs),
        TEST(an_id_that_the_openers_parent_has_is_not_fresh),
        TEST(the_parents_id_is_read_at_open),
        TEST(an_id_that_a_live_session_holds_is_not_fresh),
        TEST(an_id_of_a_session_that_closed_in_this_boot_is_not_fresh),
        TEST(an_opener_whose_parent_cannot_be_read_has_no_fresh_id),
        TEST(an_opener_that_reads_otherwise_the_second_time_has_no_fresh_id),
        TEST(a_fresh_id_is_remembered_when_its_session_closes_and_only_then),
        TEST(beyond_the_bound_the_oldest_ids_are_forgotten_on_disk_too),
        TEST(an_id_that_was_not_fresh_is_not_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
