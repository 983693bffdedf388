// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/revocation_world.c tests/unit/receipts.c tests/unit/said.c tests/unit/disk.c
/* Orders: the hopeless, the repeated, the one that cannot be started. */
#include "revocation_world.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void without_a_bearer_it_is_unrevocable_and_said_so(void **state)
{
    (void)state;
    assert_int_equal(ASK("tok_1", .self = NULL), 0);
    expect_receipt(
        "tok_1", C2M_REVOCATION_UNREVOCABLE, "no_bearer"); /* once, though memory and disk know it */
    world_turn();
    expect_receipt("tok_1", C2M_REVOCATION_UNREVOCABLE, "no_bearer");
    assert_true(said("state=unrevocable reason=no_bearer"));
    assert_int_equal(fake_api_count(), 0);
    unsigned count, unrevocable;
    revoker_counts(world.revoker, &count, &unrevocable);
    assert_int_equal(count, 0);
    assert_int_equal(unrevocable, 1);
    fake_wall += SHORT_LIFE;
    revoker_counts(world.revoker, &count, &unrevocable);
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
        TEST(without_a_bearer_it_is_unrevocable_and_said_so),
        TEST(without_an_id_it_is_unrevocable),
        TEST(an_id_that_is_no_segment_of_a_path_is_unrevocable),
        TEST(a_second_order_is_the_same_revocation),
        TEST(a_bearer_that_comes_later_reopens_what_had_none),
        TEST(an_api_call_that_cannot_be_started_is_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
