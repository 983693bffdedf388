// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/revocation_world.c tests/unit/receipts.c tests/unit/said.c tests/unit/disk.c
/* No room on the disk, in the ledger, among the pending revocations; and tables that do not fit together. */
#include "revocation_world.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define A "aaaaaaaa"
#define B "bbbbbbbb"

static void restart(void)
{
    world_restart();
    fake_api_reset();
    world_turn();
}

static void sql(const char *text)
{
    struct store_statement *statement;
    assert_int_equal(store_prepare(world.store, text, &statement), 0);
    assert_int_equal(store_write(statement), 0);
    store_finish(statement);
    store_turn(world.store);
}

/* Room for nothing: the insert itself fails. */
static void fill_up(void)
{
    for (int i = 0; i < 60; i++) {
        char text[400];
        snprintf(text, sizeof text, "%0390d", i);
        if (hold(B, LEDGER_PASTED_LONG, text) < 0)
            return;
    }
    fail();
}

static void a_pasted_token_that_cannot_be_written_is_not_held(void **state)
{
    (void)state;
    world_full(true);
    fill_up();
    assert_true(hold(A, LEDGER_PASTED_SHORT, "s1") < 0);
    assert_int_equal(ledger_count(world.ledger, A), 0);
    assert_int_equal(ledger_release(world.ledger, A), 0);
    world_full(false);
    fake_loop_pass(world.loop, 3000);
    assert_int_equal(fake_api_count(), 0);
    assert_int_equal(denied("tok_s1", "s1"), DENY_NOT); /* it may be pasted again */
}

static void an_obtained_token_that_cannot_be_written_is_revoked_when_it_is_given_up(void **state)
{
    (void)state;
    world_full(true);
    fill_up();
    assert_true(hold(A, LEDGER_EXCHANGED, "s1") < 0);
    ledger_release(world.ledger, A);
    world_turn();
    expect_request(0, "tok_s1", "s1");
    ANSWER(.status = 204);
    world_full(false);
    fake_loop_pass(world.loop, 3000);
    expect_receipt("tok_s1", C2M_REVOCATION_DONE, "done");
    restart();
    assert_int_equal(denied("tok_s1", "s1"), DENY_REVOKED);
    expect_receipt("tok_s1", C2M_REVOCATION_DONE, "done");
}

/* The order is refused, a deletion would not be: it must not be done alone. */
static void a_token_is_not_forgotten_while_its_order_cannot_be_written(void **state)
{
    struct secret *found SECRET_CLEANUP = NULL;
    (void)state;
    assert_int_equal(hold(A, LEDGER_EXCHANGED, "s1"), 0);
    assert_int_equal(hold(A, LEDGER_PASTED_LONG, "lt_1"), 0);
    world_turn();
    sql("CREATE TRIGGER refuse BEFORE INSERT ON revocations BEGIN SELECT RAISE(ABORT, 'no'); END");
    assert_true(ledger_release(world.ledger, A) < 0);
    store_turn(world.store);
    restart();
    assert_int_equal(ledger_count(world.ledger, A), 2);
    assert_int_equal(ledger_long(world.ledger, A, &found), 0);
    assert_int_equal(receipt("tok_s1").state, 0);
    assert_int_equal(denied("tok_s1", "s1"), DENY_REVOKED);
    sql("DROP TRIGGER refuse");
    assert_int_equal(ledger_release(world.ledger, A), 0);
    world_turn();
    expect_request(0, "tok_s1", "lt_1");
}

static void beyond_32768_tokens_none_is_held_that_could_be_refused(void **state)
{
    (void)state;
    sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 32768)"
        " INSERT INTO tokens SELECT CAST(printf('%032d', i) AS BLOB), 4, 'bob', '', '', 1900000000, 1, x'00' "
        "FROM n");
    sql("INSERT INTO holders SELECT 'bbbbbbbb', hash FROM tokens");
    restart();
    assert_int_equal(hold(A, LEDGER_PASTED_SHORT, "s1"), -EAGAIN);
    assert_int_equal(ledger_count(world.ledger, A), 0);
    assert_int_equal(hold(A, LEDGER_EXCHANGED, "s2"), -EAGAIN); /* it exists at the API: */
    assert_int_equal(ledger_release(world.ledger, A), 0);
    world_turn();
    expect_request(0, "tok_s2", "s2");
    assert_int_equal(ledger_release(world.ledger, "bbbbbbbb"), 0);
    assert_int_equal(fake_api_waiting_count(), 1);
    world_turn();
    assert_int_equal(hold(A, LEDGER_PASTED_SHORT, "s1"), 0);
}

static void beyond_32768_pending_revocations_no_login_is_taken(void **state)
{
    (void)state;
    sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 32768)"
        " INSERT INTO revocations SELECT CAST(printf('%032d', i) AS BLOB), printf('%08d', i), 'bob', '', "
        "'tok_' || i, 0,"
        " 1700000900, 1, x'00', x'', 1700000000, 0, 0, 0, 0, 'asked' FROM n");
    world_restart();
    assert_int_equal(hold(A, LEDGER_PASTED_SHORT, "s1"), -EAGAIN);
    sql("DELETE FROM revocations WHERE token_id = 'tok_1'");
    world_restart();
    assert_int_equal(hold(A, LEDGER_PASTED_SHORT, "s1"), 0);
}

static void a_token_that_nobody_holds_is_given_up_at_the_start(void **state)
{
    (void)state;
    assert_int_equal(hold(A, LEDGER_EXCHANGED, "s1"), 0);
    world_turn();
    sql("DELETE FROM holders");
    sql("INSERT INTO holders VALUES ('cccccccc', x'00')");
    restart();
    expect_request(0, "tok_s1", "s1");
    assert_int_equal(rows_of("tokens"), 0);
    assert_int_equal(rows_of("holders"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, revocation_world_set_up, revocation_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_pasted_token_that_cannot_be_written_is_not_held),
        TEST(an_obtained_token_that_cannot_be_written_is_revoked_when_it_is_given_up),
        TEST(a_token_is_not_forgotten_while_its_order_cannot_be_written),
        TEST(beyond_32768_tokens_none_is_held_that_could_be_refused),
        TEST(beyond_32768_pending_revocations_no_login_is_taken),
        TEST(a_token_that_nobody_holds_is_given_up_at_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
