// fakes: clock ledger
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message -Wl,--wrap=loop_timer_set tests/unit/session_world.c tests/unit/made_proc.c tests/unit/said.c tests/unit/disk.c
/* Rows that are none of ours, because the file was damaged or somebody wrote to it: no session comes of them. */
#include "session_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char reference[9];

/* An active session with the fresh id 7, opened by the process that authenticated. */
static void opened(void)
{
    struct process_facts listener = made(child(), 1, 0), opener = made(child(), listener.process.pid, 0);
    struct session *session = pend(&opener, &NO_PARENT, "alice", ALICE);
    opener.audit_id = 7;
    made_proc_put(&opener);
    assert_ptr_equal(sessions_open(world.sessions, &opener, "alice"), session);
    assert_true(session->fresh);
    memcpy(reference, session->reference, sizeof reference);
    turn();
}

static void change_rows(const char *sql)
{
    struct store_statement *statement;
    assert_int_equal(store_prepare(world.store, sql, &statement), 0);
    assert_int_equal(store_write(statement), 0);
    store_finish(statement);
    turn();
}

static void a_row_that_is_none_of_ours_ends_its_session(void **state)
{
    static const char *const spoils[] = {
        "UPDATE sessions SET state = 3",
        "UPDATE sessions SET token_hash = x'00'",
        "UPDATE sessions SET uid = -1",
        "UPDATE sessions SET uid = 4294967296",
        "UPDATE sessions SET fresh = 2",
        "UPDATE sessions SET token_expires = 9223372036854775807",
        "UPDATE sessions SET user = replace(hex(zeroblob(100)), '0', 'a')",
        "UPDATE sessions SET opener = 0, opener_start = 0",
        "UPDATE sessions SET audiences = 'web1'",
    };
    (void)state;
    for (size_t i = 0; i < sizeof spoils / sizeof spoils[0]; i++) {
        opened();
        change_rows(spoils[i]);
        session_world_restart();
        assert_null(sessions_first(world.sessions));
        assert_int_equal(rows_of("sessions"), 0);
        assert_int_equal(fake_ledger_releases(reference), 1);
        session_world_fresh();
    }
}

static void a_row_without_a_reference_of_ours_is_passed_over(void **state)
{
    opened();
    (void)state;
    change_rows("UPDATE sessions SET reference = '../../x'");
    session_world_restart();
    assert_null(sessions_first(world.sessions));
    assert_int_equal(fake_ledger_releases(reference), 1); /* as a holder without a session */
    assert_true(said("passed over"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, session_world_set_up, session_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_row_that_is_none_of_ours_ends_its_session),
        TEST(a_row_without_a_reference_of_ours_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
