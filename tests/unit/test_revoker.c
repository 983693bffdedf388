// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/revocation_world.c tests/unit/receipts.c tests/unit/said.c tests/unit/disk.c
/* Which request leaves, with which bearer, in which order; and what is said in the end. */
#include "revocation_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void nothing_is_sent_before_the_commit(void **state)
{
    (void)state;
    assert_int_equal(ASK("tok_1", .self = "short"), 0);
    assert_int_equal(fake_api_count(), 0);
    store_turn(world.store);
    assert_int_equal(fake_api_count(), 0); /* nor from inside the commit */
    world_turn();
    assert_int_equal(fake_api_count(), 1);
    assert_int_equal(fake_api_request(0)->lane, BUDGET_REVOCATION);
}

static void a_204_settles_it_with_a_receipt_and_one_line(void **state)
{
    (void)state;
    assert_int_equal(ASK("tok_1", .self = "short"), 0);
    world_turn();
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "asked");
    forget_log();
    fake_wall += 3;
    ANSWER(.status = 204);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done");
    struct c2m_revocation found = receipt("tok_1");
    assert_int_equal(found.asked, NOW);
    assert_int_equal(found.settled, NOW + 3);
    assert_int_equal(found.tries, 1);
    assert_int_equal(found.last_status, 204);
    assert_int_equal(found.kind, 1);
    assert_int_equal(found.next_try, 0);
    assert_memory_equal(found.reference, "7f3a91c2", 8);
    assert_true(said("event=revocation ref=7f3a91c2 token="));
    assert_true(said("state=done reason=done status=204 tries=1 user=alice"));
    assert_int_equal(fake_api_waiting(), -1);
    assert_int_equal(fake_loop_next(world.loop), -1); /* nothing more to do */
}

static void the_long_token_is_asked_first_then_the_token_itself_at_once(void **state)
{
    (void)state;
    assert_int_equal(ASK("tok_1", .self = "short", .parent = "lt_1"), 0);
    world_turn();
    expect_request(0, "tok_1", "lt_1");
    ANSWER(.status = 500);
    expect_request(1, "tok_1", "short");
    assert_int_equal(fake_api_request(1)->sent_boot_ms, fake_api_request(0)->sent_boot_ms);
    ANSWER(.status = 204);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done");
    assert_int_equal(receipt("tok_1").tries, 2);
}

static void when_all_were_tried_it_begins_again_with_the_first(void **state)
{
    (void)state;
    assert_int_equal(ASK("tok_1", .self = "short", .parent = "lt_1"), 0);
    world_turn();
    ANSWER(.status = 500);
    ANSWER(.status = 503);
    fake_loop_pass(world.loop, 1000);
    expect_request(2, "tok_1", "lt_1");
    ANSWER(.status = 204);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done");
}

static unsigned pending(void)
{
    unsigned count;
    revoker_counts(world.revoker, &count, NULL);
    return count;
}

static void only_four_are_under_way_at_a_time(void **state)
{
    unsigned most = 0;
    char id[16];
    (void)state;
    for (int i = 0; i < 10; i++) {
        snprintf(id, sizeof id, "tok_%d", i);
        assert_int_equal(ASK(id, .self = "short", .parent = "lt_1", .expires = NOW + LONG_LIFE), 0);
    }
    world_turn();
    for (unsigned answers = 0; pending() > 0; answers++) {
        if (fake_api_waiting() < 0)
            fake_loop_pass(world.loop, 1000);
        else if (answers % 3)
            ANSWER(.status = 500); /* its next bearer takes the same place */
        else
            ANSWER(.status = 204);
        most = fake_api_waiting_count() > most ? fake_api_waiting_count() : most;
    }
    assert_int_equal(most, 4);
}

static void what_expires_first_goes_first(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) /* the four places are taken */
        ASK((const char *[]){"a", "b", "c", "d"}[i], .self = "short", .expires = NOW + 10);
    ASK("late", .self = "short", .expires = NOW + 800);
    ASK("long", .self = "lt", .is_long = true, .reference = "00000001", .expires = NOW + 20);
    ASK("soon", .self = "short", .expires = NOW + 100);
    world_turn();
    for (int i = 0; i < 7; i++)
        ANSWER(.status = 204);
    assert_string_equal(fake_api_request(4)->token_id, "soon");
    assert_string_equal(fake_api_request(5)->token_id, "late");
    assert_string_equal(fake_api_request(6)->token_id, "long");
}

static void a_long_token_waits_for_the_short_ones_of_its_session(void **state)
{
    (void)state;
    ASK("tok_lt", .self = "lt_1", .is_long = true);
    ASK("tok_1", .parent = "lt_1", .expires = NOW + 100);
    ASK("tok_2", .parent = "lt_1", .expires = NOW + 200);
    world_turn();
    assert_int_equal(fake_api_waiting_count(), 2); /* though there is room for four */
    expect_request(0, "tok_1", "lt_1");
    expect_request(1, "tok_2", "lt_1");
    ANSWER(.status = 204);
    assert_int_equal(fake_api_waiting_count(), 1);
    ANSWER(.status = 204);
    expect_request(2, "tok_lt", "lt_1");
    ANSWER(.status = 204);
    expect_receipt("tok_lt", C2M_REVOCATION_DONE, "done");
    assert_int_equal(receipt("tok_lt").kind, 2);
}

static void a_long_token_goes_when_its_short_one_failed_once(void **state)
{
    (void)state;
    ASK("tok_lt", .self = "lt_1", .is_long = true);
    ASK("tok_1", .parent = "lt_1");
    world_turn();
    ANSWER(.status = 500);
    /* the short one's next wait is drawn from nothing upwards: now and then it is there first */
    const struct fake_request *next = fake_api_request(1);
    assert_non_null(next);
    expect_request(strcmp(next->token_id, "tok_1") == 0 ? 2 : 1, "tok_lt", "lt_1");
}

static void a_long_token_of_another_session_does_not_wait(void **state)
{
    (void)state;
    ASK("tok_1", .parent = "lt_1");
    ASK("tok_lt", .self = "lt_2", .is_long = true, .reference = "00000002");
    world_turn();
    assert_int_equal(fake_api_waiting_count(), 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, revocation_world_set_up, revocation_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_sent_before_the_commit),
        TEST(a_204_settles_it_with_a_receipt_and_one_line),
        TEST(the_long_token_is_asked_first_then_the_token_itself_at_once),
        TEST(when_all_were_tried_it_begins_again_with_the_first),
        TEST(only_four_are_under_way_at_a_time),
        TEST(what_expires_first_goes_first),
        TEST(a_long_token_waits_for_the_short_ones_of_its_session),
        TEST(a_long_token_goes_when_its_short_one_failed_once),
        TEST(a_long_token_of_another_session_does_not_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
