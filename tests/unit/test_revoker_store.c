// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/revocation_world.c tests/unit/receipts.c tests/unit/said.c tests/unit/disk.c
/* What a restart and a disk that fails leave of a revocation. */
#include "revocation_world.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void fill_the_disk(void)
{
    disk_error = ENOSPC;
    disk_fails_from = disk_calls + 1;
}

static void what_is_pending_goes_on_after_a_restart(void **state)
{
    (void)state;
    ASK("tok_1", .self = "short", .parent = "lt_1");
    world_turn();
    ANSWER(.status = 500);
    ANSWER(.status = 500);
    world_restart();
    fake_api_reset();
    world_turn();
    expect_request(0, "tok_1", "lt_1");
    ANSWER(.status = 500);
    expect_request(1, "tok_1", "short");
    ANSWER(.status = 204);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done");
    assert_int_equal(receipt("tok_1").tries, 4);
}

static void a_receipt_is_there_after_a_restart_and_nothing_is_sent(void **state)
{
    (void)state;
    ASK("tok_1", .self = "short");
    world_turn();
    ANSWER(.status = 204);
    world_restart();
    fake_api_reset();
    fake_loop_pass(world.loop, 3600 * 1000);
    assert_int_equal(fake_api_count(), 0);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done");
    assert_int_equal(ASK("tok_1", .self = "short"), 0);
    world_turn();
    assert_int_equal(fake_api_count(), 0);
}

static void the_long_token_waits_for_its_short_ones_after_a_restart_too(void **state)
{
    (void)state;
    ASK("tok_lt", .self = "lt_1", .is_long = true, .expires = NOW + LONG_LIFE);
    ASK("tok_1", .parent = "lt_1");
    world_turn();
    world_restart();
    fake_api_reset();
    world_turn();
    assert_int_equal(fake_api_count(), 1);
    expect_request(0, "tok_1", "lt_1");
}

/* The request was carried out, the helper was killed before the answer came. */
static void a_helper_killed_between_request_and_answer_knows_that_it_was_lost(void **state)
{
    (void)state;
    ASK("tok_1", .self = "short");
    world_turn();
    assert_int_equal(fake_api_waiting_count(), 1);
    world_restart();
    fake_api_reset();
    world_turn();
    ANSWER(.status = 401, .code = "invalid_token", JSON_ERROR);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done_before");
}

static void a_lost_answer_is_remembered_over_a_restart(void **state)
{
    (void)state;
    ASK("tok_1", .self = "short");
    world_turn();
    ANSWER(.lost = true);
    world_restart();
    fake_api_reset();
    world_turn();
    ANSWER(.status = 401, .code = "invalid_token", JSON_ERROR);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done_before");
}

static void an_answer_that_came_is_no_lost_one_after_a_restart(void **state)
{
    (void)state;
    ASK("tok_1", .self = "short");
    world_turn();
    ANSWER(.status = 500);
    world_restart();
    fake_api_reset();
    world_turn();
    ANSWER(.status = 401, .code = "invalid_token", JSON_ERROR);
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "retry");
}

static void a_failed_commit_leaves_it_in_memory_and_tried(void **state)
{
    (void)state;
    fill_the_disk();
    ASK("tok_1", .self = "short");
    world_turn();
    assert_int_equal(rows_of("revocations"), 0);
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "asked");
    ANSWER(.status = 204);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done"); /* though only memory knows */
    assert_int_equal(rows_of("revocations"), 0);
    disk_fails_from = 0;
    fake_loop_pass(world.loop, 2000);
    world_restart();
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done");
}

static void what_could_not_be_written_is_written_when_the_disk_is_back(void **state)
{
    (void)state;
    fill_the_disk();
    for (int i = 0; i < 3; i++)
        ASK((const char *[]){"tok_1", "tok_2", "tok_3"}[i], .self = "short");
    world_turn();
    fake_loop_pass(world.loop, 10 * 1000);
    assert_int_equal(rows_of("revocations"), 0);
    disk_fails_from = 0;
    fake_loop_pass(world.loop, 2000); /* by itself */
    assert_int_equal(rows_of("revocations"), 3);
    world_restart();
    fake_api_reset();
    world_turn();
    assert_int_equal(fake_api_count(), 3);
}

static void one_sync_that_fails_loses_no_revocation(void **state)
{
    char id[32];
    (void)state;
    for (long at = 1; at <= 12; at++) {
        snprintf(id, sizeof id, "tok_%ld", at);
        disk_error = EIO;
        disk_fails_at = disk_calls + at;
        ASK(id, .self = "short");
        world_turn();
        fake_loop_pass(world.loop, 5000);
        disk_fails_at = 0;
        world_restart();
        fake_api_reset();
        world_turn();
        expect_request(0, id, "short");
        ANSWER(.status = 204);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, revocation_world_set_up, revocation_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_pending_goes_on_after_a_restart),
        TEST(a_receipt_is_there_after_a_restart_and_nothing_is_sent),
        TEST(the_long_token_waits_for_its_short_ones_after_a_restart_too),
        TEST(a_helper_killed_between_request_and_answer_knows_that_it_was_lost),
        TEST(a_lost_answer_is_remembered_over_a_restart),
        TEST(an_answer_that_came_is_no_lost_one_after_a_restart),
        TEST(a_failed_commit_leaves_it_in_memory_and_tried),
        TEST(what_could_not_be_written_is_written_when_the_disk_is_back),
        TEST(one_sync_that_fails_loses_no_revocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
