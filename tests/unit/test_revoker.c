// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/revocation_world.c tests/unit/disk.c
/* Which request leaves, with which bearer, in which order; and what is said in the end. */
#include "revocation_world.h"

#include <errno.h>
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

static void only_four_are_under_way_at_a_time(void **state)
{
    char id[16];
    (void)state;
    for (int i = 0; i < 10; i++) {
        snprintf(id, sizeof id, "tok_%d", i);
        assert_int_equal(ASK(id, .self = "short", .parent = "lt_1"), 0);
    }
    world_turn();
    assert_int_equal(fake_api_waiting_count(), 4);
    unsigned most = 0;
    for (bool refused = true; fake_api_waiting() >= 0; refused = !refused) {
        if (refused)
            ANSWER(.status = 500); /* its next bearer takes the same place */
        else
            ANSWER(.status = 204);
        if (fake_api_waiting_count() > most)
            most = fake_api_waiting_count();
        fake_loop_pass(world.loop, 1000);
    }
    assert_int_equal(most, 4);
    unsigned pending;
    revoker_counts(world.revoker, &pending, NULL);
    assert_int_equal(pending, 0);
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
    expect_request(1, "tok_lt", "lt_1");
}

static void a_long_token_of_another_session_does_not_wait(void **state)
{
    (void)state;
    ASK("tok_1", .parent = "lt_1");
    ASK("tok_lt", .self = "lt_2", .is_long = true, .reference = "00000002");
    world_turn();
    assert_int_equal(fake_api_waiting_count(), 2);
}

static void without_a_bearer_it_is_unrevocable_and_said_so(void **state)
{
    (void)state;
    assert_int_equal(ASK("tok_1", .self = NULL), 0);
    world_turn();
    expect_receipt("tok_1", C2M_REVOCATION_UNREVOCABLE, "no_bearer");
    assert_true(said("state=unrevocable reason=no_bearer"));
    assert_int_equal(fake_api_count(), 0);
    unsigned pending, unrevocable;
    revoker_counts(world.revoker, &pending, &unrevocable);
    assert_int_equal(pending, 0);
    assert_int_equal(unrevocable, 1);
    fake_wall += SHORT_LIFE;
    revoker_counts(world.revoker, &pending, &unrevocable);
    assert_int_equal(unrevocable, 0); /* dead by itself */
}

static void without_an_id_it_is_unrevocable(void **state)
{
    (void)state;
    assert_int_equal(ASK("", .self = "short"), 0);
    world_turn();
    expect_receipt("", C2M_REVOCATION_UNREVOCABLE, "no_token_id");
    assert_int_equal(fake_api_count(), 0);
}

static void an_id_that_is_no_segment_of_a_path_is_unrevocable(void **state)
{
    (void)state;
    assert_int_equal(ASK("../long", .self = "short"), 0);
    world_turn();
    expect_receipt("../long", C2M_REVOCATION_UNREVOCABLE, "no_token_id");
    assert_int_equal(fake_api_count(), 0);
}

static void a_second_order_is_the_same_revocation(void **state)
{
    (void)state;
    assert_int_equal(ASK("tok_1", .self = "short"), 0);
    assert_int_equal(ASK("tok_1", .self = "short"), 0);
    world_turn();
    assert_int_equal(ASK("tok_1", .self = "short", .parent = "lt_1"), 0);
    world_turn();
    assert_int_equal(fake_api_count(), 1);
    ANSWER(.status = 204);
    assert_int_equal(ASK("tok_1", .self = "short"), 0); /* it has its receipt */
    world_turn();
    assert_int_equal(fake_api_count(), 1);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done");
}

static void a_bearer_that_comes_later_reopens_what_had_none(void **state)
{
    (void)state;
    assert_int_equal(ASK("tok_1", .self = NULL), 0);
    world_turn();
    assert_int_equal(ASK("tok_1", .parent = "lt_1"), 0);
    world_turn();
    ANSWER(.status = 204);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done");
}

static void an_api_call_that_cannot_be_started_is_tried_again(void **state)
{
    (void)state;
    fake_api_error = -ENOMEM;
    assert_int_equal(ASK("tok_1", .self = "short"), 0);
    fake_loop_pass(world.loop, 5000);
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "asked");
    fake_api_error = 0;
    fake_loop_pass(world.loop, 300 * 1000);
    ANSWER(.status = 204);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done");
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
        TEST(without_a_bearer_it_is_unrevocable_and_said_so),
        TEST(without_an_id_it_is_unrevocable),
        TEST(an_id_that_is_no_segment_of_a_path_is_unrevocable),
        TEST(a_second_order_is_the_same_revocation),
        TEST(a_bearer_that_comes_later_reopens_what_had_none),
        TEST(an_api_call_that_cannot_be_started_is_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
