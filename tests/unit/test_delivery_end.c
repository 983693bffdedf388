// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/delivery_world.c tests/unit/revocation_world.c tests/unit/receipts.c tests/unit/said.c tests/unit/disk.c tests/unit/tokens.c tests/unit/verifying.c
/* Logouts, faults and the end of the helper while a token is on its way, or cached. */
#include "delivery_world.h"

#include "tokens.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static unsigned orphans;

static void who_waits_when_the_session_ends_is_told(void **state)
{
    (void)state;
    get(0, 60);
    issue_without_a_turn("jobs:read", "tok_d1"); /* its commit is due */
    delivery_forget(delivery, SESSION);
    world_turn();
    expect_refused(0, REASON_SESSION_CLOSED);
}

static void who_was_about_to_get_a_cached_one_is_told_that_the_session_ended(void **state)
{
    (void)state;
    get(0, 60);
    issue("jobs:read", "tok_d1");
    get(1, 60);
    delivery_forget(delivery, SESSION);
    world_turn();
    expect_refused(1, REASON_SESSION_CLOSED);
}

static void a_failed_commit_hands_nothing_out_and_logout_still_revokes_it(void **state)
{
    (void)state;
    get(0, 60);
    disk_error = ENOSPC;
    disk_fails_from = disk_calls + 1;
    issue("jobs:read", "tok_d1");
    expect_refused(0, REASON_STORE);
    disk_fails_from = 0;
    assert_int_equal(ledger_release(world.ledger, SESSION), 0);
    world_turn();
    expect_receipt("tok_d1", C2M_REVOCATION_PENDING, "asked");
    assert_int_equal(denied("tok_d1", NULL), DENY_REVOKED);
}

/* Its own was there; another one took its place before it was told, and then could not be written. */
static void a_token_that_is_being_recorded_is_given_to_nobody_before_the_commit(void **state)
{
    (void)state;
    get(0, 60);
    issue("jobs:read", "tok_d1");
    fake_loop_pass(world.loop, 100 * 1000);
    get(1, 60);
    get(2, 850);
    issue_without_a_turn("jobs:read", "tok_d2");
    disk_error = EIO;
    disk_fails_from = disk_calls + 1;
    world_turn();
    expect_refused(1, REASON_STORE);
    expect_refused(2, REASON_STORE);
}

static void with_a_disk_that_takes_nothing_no_request_is_made(void **state)
{
    (void)state;
    disk_error = EROFS;
    disk_fails_from = disk_calls + 1;
    get(0, 60);
    world_turn();
    expect_refused(0, REASON_STORE);
    assert_int_equal(fake_api_count(), 0);
}

static void logout_revokes_what_was_delivered_by_the_long_token(void **state)
{
    (void)state;
    get(0, 60);
    issue("jobs:read", "tok_d1");
    assert_int_equal(ledger_release(world.ledger, SESSION), 0);
    delivery_forget(delivery, SESSION);
    world_turn();
    assert_int_equal(denied("tok_d1", NULL), DENY_REVOKED);
    assert_int_equal(fake_api_waiting_count(), 2); /* the session's own, and the delivered one */
    for (unsigned i = 1; i < 3; i++)
        assert_string_equal(fake_api_request(i)->bearer, "lt_1");
}

static void a_token_that_comes_after_logout_is_revoked(void **state)
{
    (void)state;
    get(0, 60);
    assert_int_equal(ledger_release(world.ledger, SESSION), 0);
    delivery_forget(delivery, SESSION);
    world_turn();
    expect_refused(0, REASON_SESSION_CLOSED);
    issue("jobs:read", "tok_d1");
    assert_int_equal(results[0].count, 1);
    assert_int_equal(denied("tok_d1", NULL), DENY_REVOKED);
    const struct fake_request *request = fake_api_request(fake_api_count() - 1);
    assert_string_equal(request->token_id, "tok_d1");
    assert_string_equal(request->bearer, "lt_1");
    assert_int_equal(rows_of("tokens"), 0);
    assert_int_equal(rows_of("holders"), 0);
}

static void adopt(void *argument, struct api_token *token, const struct secret *long_token)
{
    (void)argument;
    assert_int_equal(token->outcome, API_OK);
    assert_string_equal(secret_bytes(long_token), "lt_1");
    orphans++;
}

static void an_exchange_that_is_under_way_at_the_end_is_left_to_the_orphans(void **state)
{
    (void)state;
    api_set_orphan(world.api, adopt, NULL);
    get(0, 60);
    delivery_free(delivery);
    delivery = NULL;
    issue("jobs:read", "tok_d1");
    assert_int_equal(results[0].count, 0);
    assert_int_equal(orphans, 1);
}

static void no_file_holds_the_text_of_what_was_delivered(void **state)
{
    (void)state;
    get(0, 60);
    issue("jobs:read", "tok_d1");
    expect_token(0, "tok_d1");
    char *signature = strrchr(results[0].token, '.');
    assert_true(disk_holds("tok_d1"));
    assert_false(disk_holds(signature));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, delivery_world_set_up, delivery_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_waits_when_the_session_ends_is_told),
        TEST(who_was_about_to_get_a_cached_one_is_told_that_the_session_ended),
        TEST(a_failed_commit_hands_nothing_out_and_logout_still_revokes_it),
        TEST(a_token_that_is_being_recorded_is_given_to_nobody_before_the_commit),
        TEST(with_a_disk_that_takes_nothing_no_request_is_made),
        TEST(logout_revokes_what_was_delivered_by_the_long_token),
        TEST(a_token_that_comes_after_logout_is_revoked),
        TEST(an_exchange_that_is_under_way_at_the_end_is_left_to_the_orphans),
        TEST(no_file_holds_the_text_of_what_was_delivered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
