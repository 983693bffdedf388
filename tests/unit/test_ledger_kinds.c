// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/revocation_world.c tests/unit/receipts.c tests/unit/said.c tests/unit/disk.c
/* What becomes of a token by its kind: pasted, exchanged, delivered, issued. */
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

static void a_pasted_long_token_is_a_bearer_and_is_never_revoked(void **state)
{
    (void)state;
    assert_int_equal(hold(A, LEDGER_EXCHANGED, "s1"), 0);
    assert_int_equal(hold(A, LEDGER_PASTED_LONG, "lt_1"), 0);
    release(A);
    expect_request(0, "tok_s1", "lt_1");
    ANSWER(.status = 500);
    expect_request(1, "tok_s1", "s1");
    ANSWER(.status = 204);
    fake_loop_pass(world.loop, 3600 * 1000);
    assert_int_equal(fake_api_count(), 2);
    assert_int_equal(denied("tok_lt_1", "lt_1"), DENY_NOT);
    assert_int_equal(receipt("tok_lt_1").state, 0);
    assert_int_equal(rows_of("tokens"), 0); /* forgotten here */
}

static void a_pasted_long_token_may_end_too_where_its_id_is_known(void **state)
{
    (void)state;
    world.options.revoke_pasted_long = true;
    world_restart();
    assert_int_equal(hold(A, LEDGER_PASTED_LONG, "lt_1"), 0);
    assert_int_equal(hold(A, LEDGER_EXCHANGED, "s1"), 0);
    const struct ledger_token nameless = {
        .kind = LEDGER_PASTED_LONG, .user = "alice", .client = "", .token_id = "", .may_revoke = true};
    assert_int_equal(hold_token(A, &nameless, "lt_2"), 0);
    release(A);
    assert_int_equal(fake_api_count(), 1);
    ANSWER(.status = 204);
    expect_request(1, "tok_lt_1", "lt_1");
    ANSWER(.status = 204);
    assert_int_equal(fake_api_waiting(), -1);
    assert_int_equal(denied("tok_lt_1", "lt_1"), DENY_REVOKED);
    assert_int_equal(denied(NULL, "lt_2"), DENY_NOT);
}

static void an_issued_long_token_is_revoked_after_its_short_one(void **state)
{
    (void)state;
    assert_int_equal(hold(A, LEDGER_ISSUED_LONG, "lt_1"), 0);
    assert_int_equal(hold(A, LEDGER_EXCHANGED, "s1"), 0);
    assert_int_equal(denied("tok_lt_1", "lt_1"), DENY_OURS);
    release(A);
    assert_int_equal(fake_api_count(), 1);
    expect_request(0, "tok_s1", "lt_1");
    ANSWER(.status = 204);
    expect_request(1, "tok_lt_1", "lt_1");
    ANSWER(.status = 204);
    assert_int_equal(denied("tok_lt_1", "lt_1"), DENY_REVOKED);
    expect_receipt("tok_lt_1", C2M_REVOCATION_DONE, "done");
}

static void a_token_that_lacks_the_scope_is_no_bearer(void **state)
{
    (void)state;
    assert_int_equal(hold_powerless(A, LEDGER_EXCHANGED, "s1"), 0);
    assert_int_equal(hold(A, LEDGER_PASTED_LONG, "lt_1"), 0);
    assert_int_equal(hold_powerless(B, LEDGER_PASTED_SHORT, "s2"), 0);
    release(A);
    release(B);
    assert_int_equal(fake_api_count(), 1);
    expect_request(0, "tok_s1", "lt_1");
    expect_receipt("tok_s2", C2M_REVOCATION_UNREVOCABLE, "no_bearer");
    assert_int_equal(denied("tok_s2", "s2"), DENY_REVOKED); /* here it is dead */
}

static void a_long_token_without_the_scope_is_no_bearer_for_its_short_one(void **state)
{
    (void)state;
    assert_int_equal(hold(A, LEDGER_EXCHANGED, "s1"), 0);
    assert_int_equal(hold_powerless(A, LEDGER_PASTED_LONG, "lt_1"), 0);
    release(A);
    expect_request(0, "tok_s1", "s1");
}

static void what_was_obtained_is_denied_as_ours_from_the_first_moment(void **state)
{
    static const enum ledger_kind kinds[] = {LEDGER_EXCHANGED, LEDGER_DELIVERED, LEDGER_ISSUED_LONG};
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        char text[8];
        snprintf(text, sizeof text, "t%u", i);
        assert_int_equal(hold(A, kinds[i], text), 0);
        assert_int_equal(denied(NULL, text), DENY_OURS);
    }
    assert_int_equal(hold(A, LEDGER_PASTED_SHORT, "p1"), 0);
    assert_int_equal(hold(A, LEDGER_PASTED_LONG, "p2"), 0);
    assert_int_equal(denied("tok_p1", "p1"), DENY_NOT);
    assert_int_equal(denied("tok_p2", "p2"), DENY_NOT);
}

static void the_id_that_a_token_states_is_denied_beside_the_one_the_api_gave(void **state)
{
    (void)state;
    const struct ledger_token token = {.kind = LEDGER_DELIVERED,
        .user = "alice",
        .client = "c2m_alice",
        .token_id = "tok_api",
        .claimed_id = "tok_jti",
        .expires = NOW + SHORT_LIFE,
        .may_revoke = true};
    assert_int_equal(hold_token(A, &token, "s1"), 0);
    assert_int_equal(denied("tok_jti", NULL), DENY_OURS);
    assert_int_equal(denied("tok_api", NULL), DENY_OURS);
    release(A);
    expect_request(0, "tok_api", "s1");
    assert_int_equal(denied("tok_jti", "s1"), DENY_REVOKED);
    assert_int_equal(denied("tok_api", NULL), DENY_REVOKED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, revocation_world_set_up, revocation_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_pasted_long_token_is_a_bearer_and_is_never_revoked),
        TEST(a_pasted_long_token_may_end_too_where_its_id_is_known),
        TEST(an_issued_long_token_is_revoked_after_its_short_one),
        TEST(a_token_that_lacks_the_scope_is_no_bearer),
        TEST(a_long_token_without_the_scope_is_no_bearer_for_its_short_one),
        TEST(what_was_obtained_is_denied_as_ours_from_the_first_moment),
        TEST(the_id_that_a_token_states_is_denied_beside_the_one_the_api_gave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
