// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/revocation_world.c tests/unit/receipts.c tests/unit/said.c tests/unit/disk.c
/* What a restart, a disk that fails and a copy of the database find in the ledger. */
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

static void hold_a_long_login(const char *holder)
{
    assert_int_equal(hold(holder, LEDGER_EXCHANGED, "s1"), 0);
    assert_int_equal(hold(holder, LEDGER_PASTED_LONG, "lt_1"), 0);
    world_turn();
}

static void restart(void)
{
    world_restart();
    fake_api_reset();
    world_turn();
}

static void live_holders_stay_over_a_restart_and_nothing_is_revoked(void **state)
{
    struct secret *found SECRET_CLEANUP = NULL;
    (void)state;
    hold_a_long_login(A);
    restart();
    assert_int_equal(ledger_count(world.ledger, A), 2);
    assert_int_equal(ledger_long(world.ledger, A, &found), 0);
    assert_string_equal(secret_bytes(found), "lt_1");
    assert_int_equal(fake_api_count(), 0);
    assert_int_equal(denied("tok_s1", "s1"), DENY_OURS);
    assert_int_equal(ledger_release(world.ledger, A), 0);
    world_turn();
    expect_request(0, "tok_s1", "lt_1");
}

static void what_was_released_before_a_restart_is_revoked_after_it(void **state)
{
    (void)state;
    hold_a_long_login(A);
    assert_int_equal(ledger_release(world.ledger, A), 0);
    store_turn(world.store);
    restart();
    assert_int_equal(ledger_count(world.ledger, A), 0);
    assert_int_equal(denied("tok_s1", "s1"), DENY_REVOKED);
    expect_request(0, "tok_s1", "lt_1");
}

static void what_was_not_committed_is_as_before_after_a_kill(void **state)
{
    (void)state;
    hold_a_long_login(A);
    assert_int_equal(ledger_release(world.ledger, A), 0);
    restart(); /* before the turn ends */
    assert_int_equal(ledger_count(world.ledger, A), 2);
    assert_int_equal(denied("tok_s1", "s1"), DENY_OURS);
    assert_int_equal(rows_of("revocations"), 0);
}

static void denied_ordered_and_forgotten_is_one_transaction(void **state)
{
    (void)state;
    hold_a_long_login(A);
    assert_int_equal(ledger_release(world.ledger, A), 0);
    assert_int_equal(denied("tok_s1", "s1"), DENY_REVOKED); /* in memory at once */
    assert_int_equal(fake_api_count(), 0);
    store_turn(world.store);
    assert_int_equal(rows_of("tokens"), 0);
    assert_int_equal(rows_of("revocations"), 1);
}

/* A kill after a write or a sync that failed: the disk knows the token, or its revocation and its denial. */
static void no_failing_write_and_no_kill_makes_the_disk_forget_a_token(void **state)
{
    static const int errors[] = {ENOSPC, EIO};
    (void)state;
    for (unsigned e = 0; e < 2; e++) {
        bool met = true;
        for (long at = 1; met; at++) {
            char holder[9], text[32], id[40];
            vault_reference(holder);
            snprintf(text, sizeof text, "s%u-%ld", e, at);
            snprintf(id, sizeof id, "tok_%s", text);
            assert_int_equal(hold(holder, LEDGER_EXCHANGED, text), 0);
            world_turn();
            long calls = disk_calls;
            disk_error = errors[e];
            disk_fails_at = calls + at;
            ledger_release(world.ledger, holder);
            store_turn(world.store);
            met = disk_calls >= calls + at;
            disk_fails_at = 0;
            assert_int_equal(denied(id, text), DENY_REVOKED);
            restart();
            bool held = ledger_count(world.ledger, holder) == 1;
            bool ordered = receipt(id).state == C2M_REVOCATION_PENDING;
            assert_true(held != ordered);
            assert_int_equal(denied(id, text), held ? DENY_OURS : DENY_REVOKED);
            assert_int_equal(ledger_release(world.ledger, holder), 0);
            world_turn();
            assert_int_equal(receipt(id).state, C2M_REVOCATION_PENDING);
            while (fake_api_waiting() >= 0)
                ANSWER(.status = 204);
        }
    }
}

static void a_failed_commit_of_a_logout_is_made_good_by_itself(void **state)
{
    (void)state;
    hold_a_long_login(A);
    disk_error = ENOSPC;
    disk_fails_from = disk_calls + 1;
    ledger_release(world.ledger, A);
    world_turn();
    assert_int_equal(ledger_count(world.ledger, A), 0);
    assert_int_equal(denied("tok_s1", "s1"), DENY_REVOKED);
    expect_request(0, "tok_s1", "lt_1"); /* tried all the same */
    assert_int_equal(rows_of("tokens"), 2);
    disk_fails_from = 0;
    fake_loop_pass(world.loop, 3000);
    assert_int_equal(rows_of("tokens"), 0);
    assert_int_equal(rows_of("holders"), 0);
    restart();
    assert_int_equal(denied("tok_s1", "s1"), DENY_REVOKED);
    expect_request(0, "tok_s1", "lt_1");
}

static void a_failed_commit_of_a_login_leaves_it_held_until_it_is_released(void **state)
{
    (void)state;
    disk_error = ENOSPC;
    disk_fails_from = disk_calls + 1;
    assert_int_equal(hold(A, LEDGER_EXCHANGED, "s1"), 0);
    world_turn();
    assert_int_equal(ledger_count(world.ledger, A), 1);
    ledger_release(world.ledger, A); /* the login was not granted */
    world_turn();
    expect_request(0, "tok_s1", "s1");
    ANSWER(.status = 204);
    disk_fails_from = 0;
    fake_loop_pass(world.loop, 3000);
    restart();
    assert_int_equal(rows_of("tokens"), 0);
    assert_int_equal(rows_of("holders"), 0);
    assert_int_equal(denied("tok_s1", "s1"), DENY_REVOKED);
    expect_receipt("tok_s1", C2M_REVOCATION_DONE, "done");
}

static void a_hand_over_whose_commit_failed_leaves_the_second_holder_alone(void **state)
{
    (void)state;
    assert_int_equal(hold(A, LEDGER_PASTED_LONG, "lt_1"), 0);
    world_turn();
    disk_error = EIO;
    disk_fails_from = disk_calls + 1;
    assert_int_equal(ledger_release(world.ledger, A), 0);
    assert_int_equal(hold(B, LEDGER_PASTED_LONG, "lt_1"), 0);
    world_turn();
    disk_fails_from = 0;
    fake_boot_ms += 3000;
    world_turn();
    restart();
    assert_int_equal(ledger_count(world.ledger, A), 0);
    assert_int_equal(ledger_count(world.ledger, B), 1);
}

static void a_login_that_is_undone_in_its_turn_is_revoked(void **state)
{
    (void)state;
    assert_int_equal(store_begin(world.store), 0);
    assert_int_equal(hold(A, LEDGER_EXCHANGED, "s1"), 0);
    assert_int_equal(store_end(world.store, false), 0); /* something after it failed */
    assert_int_equal(ledger_release(world.ledger, A), 0);
    world_turn();
    expect_request(0, "tok_s1", "s1");
    restart();
    assert_int_equal(denied("tok_s1", "s1"), DENY_REVOKED);
    assert_int_equal(fake_api_count(), 1);
}

static void no_file_holds_the_text_of_a_token(void **state)
{
    (void)state;
    assert_int_equal(hold(A, LEDGER_PASTED_SHORT, "eyJhbGciOiJSUzI1NiJ9"), 0);
    const struct ledger_token nameless = {.kind = LEDGER_PASTED_LONG,
        .user = "alice",
        .client = "c2m_alice",
        .token_id = "",
        .may_revoke = true};
    assert_int_equal(hold_token(A, &nameless, "lt_a-very-long-secret"), 0);
    world_turn();
    assert_true(disk_holds("c2m_alice"));
    assert_false(disk_holds("a-very-long-secret"));
    ledger_release(world.ledger, A);
    world_turn();
    store_checkpoint(world.store);
    assert_false(disk_holds("a-very-long-secret"));
    assert_int_equal(rows_of("tokens"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, revocation_world_set_up, revocation_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(live_holders_stay_over_a_restart_and_nothing_is_revoked),
        TEST(what_was_released_before_a_restart_is_revoked_after_it),
        TEST(what_was_not_committed_is_as_before_after_a_kill),
        TEST(denied_ordered_and_forgotten_is_one_transaction),
        TEST(no_failing_write_and_no_kill_makes_the_disk_forget_a_token),
        TEST(a_failed_commit_of_a_logout_is_made_good_by_itself),
        TEST(a_failed_commit_of_a_login_leaves_it_held_until_it_is_released),
        TEST(a_hand_over_whose_commit_failed_leaves_the_second_holder_alone),
        TEST(a_login_that_is_undone_in_its_turn_is_revoked),
        TEST(no_file_holds_the_text_of_a_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
