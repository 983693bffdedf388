// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/revocation_world.c tests/unit/receipts.c tests/unit/said.c tests/unit/disk.c
/* Who holds which token, and what its end is. */
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

static void release(const char *holder)
{
    assert_int_equal(ledger_release(world.ledger, holder), 0);
    world_turn();
}

static void a_token_is_revoked_and_denied_with_its_holder(void **state)
{
    (void)state;
    assert_int_equal(hold(A, LEDGER_PASTED_SHORT, "s1"), 0);
    world_turn();
    assert_int_equal(denied("tok_s1", "s1"), DENY_NOT); /* it is what proved the login */
    assert_int_equal(fake_api_count(), 0);
    release(A);
    assert_int_equal(denied("tok_s1", "s1"), DENY_REVOKED);
    expect_request(0, "tok_s1", "s1");
    ANSWER(.status = 204);
    expect_receipt("tok_s1", C2M_REVOCATION_DONE, "done");
    assert_memory_equal(receipt("tok_s1").reference, A, 8);
    assert_int_equal(rows_of("tokens"), 0);
    assert_int_equal(rows_of("holders"), 0);
}

static void a_token_pasted_twice_is_alive_until_the_last_logout(void **state)
{
    (void)state;
    assert_int_equal(hold(A, LEDGER_PASTED_SHORT, "s1"), 0);
    assert_int_equal(hold(B, LEDGER_PASTED_SHORT, "s1"), 0);
    assert_int_equal(hold(B, LEDGER_PASTED_SHORT, "s1"), 0); /* once more is not once more */
    world_turn();
    release(A);
    assert_int_equal(denied("tok_s1", "s1"), DENY_NOT);
    assert_int_equal(fake_api_count(), 0);
    assert_int_equal(rows_of("holders"), 1);
    release(B);
    assert_int_equal(denied("tok_s1", "s1"), DENY_REVOKED);
    expect_request(0, "tok_s1", "s1");
}

static void two_sessions_with_tokens_of_their_own_do_not_touch_each_other(void **state)
{
    (void)state;
    assert_int_equal(hold(A, LEDGER_EXCHANGED, "s1"), 0);
    assert_int_equal(hold(B, LEDGER_EXCHANGED, "s2"), 0);
    release(A);
    assert_int_equal(denied("tok_s2", "s2"), DENY_OURS);
    assert_int_equal(ledger_count(world.ledger, B), 1);
    assert_int_equal(fake_api_count(), 1);
}

static void a_presence_keeps_what_sudo_gave_it(void **state)
{
    (void)state;
    assert_int_equal(hold(A, LEDGER_EXCHANGED, "s1"), 0);
    assert_int_equal(hold(A, LEDGER_PASTED_LONG, "lt_1"), 0);
    assert_int_equal(ledger_share(world.ledger, A, B), 0);
    assert_int_equal(ledger_count(world.ledger, B), 2);
    world_turn();
    release(A); /* sudo ends */
    assert_int_equal(ledger_count(world.ledger, A), 0);
    assert_int_equal(denied("tok_s1", "s1"), DENY_OURS);
    assert_int_equal(fake_api_count(), 0);
    release(B); /* the bound is over */
    expect_request(0, "tok_s1", "lt_1");
    assert_int_equal(denied("tok_s1", "s1"), DENY_REVOKED);
}

static void releasing_twice_or_nobody_does_nothing(void **state)
{
    (void)state;
    assert_int_equal(hold(A, LEDGER_PASTED_SHORT, "s1"), 0);
    assert_int_equal(ledger_release(world.ledger, A), 0);
    release(A);
    release(A);
    release("cccccccc");
    release("");
    assert_int_equal(fake_api_count(), 1);
}

static void a_long_token_can_be_had_back_and_a_short_one_cannot(void **state)
{
    struct secret *found SECRET_CLEANUP = NULL, *none = NULL;
    (void)state;
    assert_int_equal(hold(A, LEDGER_EXCHANGED, "s1"), 0);
    assert_int_equal(ledger_long(world.ledger, A, &none), -ENOENT);
    assert_int_equal(hold(A, LEDGER_PASTED_LONG, "lt_1"), 0);
    assert_int_equal(ledger_long(world.ledger, A, &found), 0);
    assert_string_equal(secret_bytes(found), "lt_1");
    assert_int_equal(ledger_count(world.ledger, A), 2);
    assert_int_equal(ledger_release(world.ledger, A), 0);
    assert_int_equal(ledger_long(world.ledger, A, &none), -ENOENT); /* before the commit already */
    assert_int_equal(ledger_count(world.ledger, A), 0);
}

static void a_life_that_is_not_known_is_ninety_days(void **state)
{
    (void)state;
    const struct ledger_token token = {
        .kind = LEDGER_ISSUED_LONG, .user = "alice", .client = "", .token_id = "tok_1", .may_revoke = true};
    assert_int_equal(hold_token(A, &token, "lt_1"), 0);
    release(A);
    assert_int_equal(receipt("tok_1").expires, NOW + 90 * 24 * 3600);
}

static int release_him(void *count, const char *holder)
{
    ++*(unsigned *)count;
    return ledger_release(world.ledger, holder);
}

static void each_holder_is_told_once_and_may_be_released_meanwhile(void **state)
{
    unsigned count = 0;
    (void)state;
    for (unsigned i = 0; i < 100; i++) {
        char holder[9], text[16];
        snprintf(holder, sizeof holder, "%08x", i);
        snprintf(text, sizeof text, "s%u", i);
        assert_int_equal(hold(holder, LEDGER_EXCHANGED, text), 0);
        assert_int_equal(hold(holder, LEDGER_PASTED_LONG, "lt_all"), 0);
    }
    assert_int_equal(ledger_holders(world.ledger, false, release_him, &count), 0);
    assert_int_equal(count, 100);
    world_turn();
    assert_int_equal(rows_of("tokens"), 0);
    assert_int_equal(rows_of("holders"), 0);
    assert_int_equal(rows_of("revocations"), 100);
}

static void a_long_token_given_up_and_pasted_again_at_once_is_held_by_the_second_alone(void **state)
{
    (void)state;
    assert_int_equal(hold(A, LEDGER_PASTED_LONG, "lt_1"), 0);
    world_turn();
    assert_int_equal(ledger_release(world.ledger, A), 0);
    assert_int_equal(hold(B, LEDGER_PASTED_LONG, "lt_1"), 0); /* in the same turn */
    world_turn();
    assert_int_equal(ledger_count(world.ledger, B), 1);
    assert_int_equal(rows_of("tokens"), 1);
    assert_int_equal(rows_of("holders"), 1);
    world_restart();
    assert_int_equal(ledger_count(world.ledger, A), 0);
    assert_int_equal(ledger_count(world.ledger, B), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, revocation_world_set_up, revocation_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_token_is_revoked_and_denied_with_its_holder),
        TEST(a_token_pasted_twice_is_alive_until_the_last_logout),
        TEST(two_sessions_with_tokens_of_their_own_do_not_touch_each_other),
        TEST(a_presence_keeps_what_sudo_gave_it),
        TEST(releasing_twice_or_nobody_does_nothing),
        TEST(a_long_token_can_be_had_back_and_a_short_one_cannot),
        TEST(a_life_that_is_not_known_is_ninety_days),
        TEST(each_holder_is_told_once_and_may_be_released_meanwhile),
        TEST(a_long_token_given_up_and_pasted_again_at_once_is_held_by_the_second_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
