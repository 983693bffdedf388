// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/revocation_world.c tests/unit/receipts.c tests/unit/said.c tests/unit/disk.c
/* Servers that lie, answers that are lost: when a token counts as dead, and when it must not. */
#include "revocation_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void ask(const char *self, const char *parent)
{
    assert_int_equal(ASK("tok_1", .self = self, .parent = parent, .expires = NOW + LONG_LIFE), 0);
    world_turn();
}

/* The next request, however long it takes to come. */
static void next_round(void)
{
    for (int i = 0; i < 300 && fake_api_waiting() < 0; i++)
        fake_loop_pass(world.loop, 1000);
    assert_true(fake_api_waiting() >= 0);
}

static void a_404_to_the_token_itself_is_not_believed(void **state)
{
    (void)state;
    fake_api_proven = true;
    ask("short", NULL);
    ANSWER(.status = 404, .code = "not_found", JSON_ERROR);
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "retry");
    next_round();
    ANSWER(.status = 204);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done");
}

static void a_404_to_the_long_token_is_believed_at_a_proven_base(void **state)
{
    (void)state;
    fake_api_proven = true;
    ask("short", "lt_1");
    ANSWER(.status = 404, .code = "not_found", JSON_ERROR);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done_before");
}

static void a_wrong_base_url_that_says_404_to_everything_ends_nothing(void **state)
{
    (void)state;
    ask("short", "lt_1");
    for (int i = 0; i < 20; i++) {
        next_round();
        ANSWER(.status = 404, .code = "not_found", JSON_ERROR);
    }
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "retry");
}

static void the_liar_who_says_404_to_one_and_204_to_the_other_is_asked_by_both(void **state)
{
    (void)state;
    ask("short", "lt_1");
    ANSWER(.status = 404, .code = "not_found", JSON_ERROR);
    expect_request(1, "tok_1", "short");
    ANSWER(.status = 204);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done");
}

static void a_lost_204_is_known_by_the_401_that_follows(void **state)
{
    (void)state;
    ask("short", NULL);
    ANSWER(.lost = true);
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "retry");
    next_round();
    ANSWER(.status = 401, .code = "invalid_token", JSON_ERROR);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done_before");
    assert_int_equal(receipt("tok_1").tries, 2);
}

static void a_401_without_a_lost_answer_ends_nothing(void **state)
{
    (void)state;
    fake_api_proven = true;
    ask("short", NULL);
    for (int i = 0; i < 5; i++) {
        next_round();
        ANSWER(.status = 401, .code = "invalid_token", JSON_ERROR);
    }
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "retry");
}

static void a_connection_that_was_refused_is_no_lost_answer(void **state)
{
    (void)state;
    ask("short", NULL);
    ANSWER(.status = 0, .reason = REASON_API_UNREACHABLE);
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "api_unreachable");
    next_round();
    ANSWER(.status = 401, .code = "invalid_token", JSON_ERROR);
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "retry");
}

/* The long token is dead, which says nothing about the short one; the short one then says that it is dead itself. */
static void a_401_to_the_long_token_is_no_proof_but_one_to_the_target_is(void **state)
{
    (void)state;
    ask("short", "lt_1");
    ANSWER(.lost = true);
    ANSWER(.status = 500);
    next_round();
    ANSWER(.status = 401, .code = "invalid_token", JSON_ERROR);
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "retry");
    ANSWER(.status = 401, .code = "token_expired", JSON_ERROR);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done_before");
}

static void a_404_to_the_token_itself_after_a_lost_answer_is_believed_at_a_proven_base(void **state)
{
    (void)state;
    ask("short", NULL);
    ANSWER(.lost = true);
    next_round();
    ANSWER(.status = 404, .code = "not_found", JSON_ERROR);
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "retry");
    fake_api_proven = true;
    next_round();
    ANSWER(.status = 404, .code = "not_found", JSON_ERROR);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done_before");
}

static void a_200_with_html_ends_nothing_and_one_with_an_object_does(void **state)
{
    (void)state;
    ask("short", NULL);
    ANSWER(.status = 200);
    next_round();
    ANSWER(.status = 200, JSON_ERROR);
    next_round();
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "retry");
    ANSWER(.status = 200, .json = true);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done");
}

static void when_every_bearer_lacks_the_scope_it_is_unrevocable(void **state)
{
    (void)state;
    ask("short", "lt_1");
    ANSWER(.status = 403, .code = "insufficient_scope", JSON_ERROR);
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "retry");
    ANSWER(.status = 403, .code = "insufficient_scope", JSON_ERROR);
    expect_receipt("tok_1", C2M_REVOCATION_UNREVOCABLE, "insufficient_scope");
    assert_true(said("state=unrevocable reason=insufficient_scope status=403 tries=2 user=alice"));
    fake_loop_pass(world.loop, 600 * 1000);
    assert_int_equal(fake_api_count(), 2);
}

static void a_bearer_without_the_scope_is_not_asked_again(void **state)
{
    (void)state;
    ask("short", "lt_1");
    ANSWER(.status = 403, .code = "insufficient_scope", JSON_ERROR);
    for (int i = 0; i < 5; i++) {
        next_round();
        expect_request(fake_api_count() - 1, "tok_1", "short");
        ANSWER(.status = 500);
    }
    next_round();
    ANSWER(.status = 403, .code = "insufficient_scope", JSON_ERROR);
    expect_receipt("tok_1", C2M_REVOCATION_UNREVOCABLE, "insufficient_scope");
}

static void a_403_of_a_firewall_is_no_lack_of_scope(void **state)
{
    (void)state;
    ask("short", NULL);
    ANSWER(.status = 403);
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "retry");
    next_round();
    ANSWER(.status = 204);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, revocation_world_set_up, revocation_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_404_to_the_token_itself_is_not_believed),
        TEST(a_404_to_the_long_token_is_believed_at_a_proven_base),
        TEST(a_wrong_base_url_that_says_404_to_everything_ends_nothing),
        TEST(the_liar_who_says_404_to_one_and_204_to_the_other_is_asked_by_both),
        TEST(a_lost_204_is_known_by_the_401_that_follows),
        TEST(a_401_without_a_lost_answer_ends_nothing),
        TEST(a_connection_that_was_refused_is_no_lost_answer),
        TEST(a_401_to_the_long_token_is_no_proof_but_one_to_the_target_is),
        TEST(a_404_to_the_token_itself_after_a_lost_answer_is_believed_at_a_proven_base),
        TEST(a_200_with_html_ends_nothing_and_one_with_an_object_does),
        TEST(when_every_bearer_lacks_the_scope_it_is_unrevocable),
        TEST(a_bearer_without_the_scope_is_not_asked_again),
        TEST(a_403_of_a_firewall_is_no_lack_of_scope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
