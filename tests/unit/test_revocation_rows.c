// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/revocation_world.c tests/unit/receipts.c tests/unit/said.c tests/unit/disk.c
/* What stands in the table of revocations: sealed bearers, orders, receipts; and in which order it is listed. */
#include "revocation_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void no_file_holds_the_text_of_a_bearer(void **state)
{
    (void)state;
    ASK("tok_1", .self = "eyJhbGciOiJSUzI1NiJ9.secret-short", .parent = "lt_secret-long");
    world_turn();
    assert_true(disk_holds("tok_1")); /* so the search finds what is there */
    assert_false(disk_holds("secret-short"));
    assert_false(disk_holds("secret-long"));
    ANSWER(.status = 500);
    store_checkpoint(world.store);
    assert_true(disk_holds("tok_1"));
    assert_false(disk_holds("secret-short"));
    assert_false(disk_holds("secret-long"));
}

static int64_t sealed_bytes(void)
{
    struct store_statement *sum;
    assert_int_equal(store_prepare(world.store,
                         "SELECT sum(length(bearer_long) + length(bearer_self)) FROM revocations", &sum),
        0);
    assert_int_equal(store_row(sum), 1);
    int64_t bytes = store_integer(sum, 0);
    store_finish(sum);
    return bytes;
}

static void a_receipt_keeps_no_bearer(void **state)
{
    (void)state;
    ASK("tok_1", .self = "short", .parent = "lt_1");
    world_turn();
    assert_int_equal(sealed_bytes(), 5 + 4 + 2 * VAULT_OVERHEAD);
    ANSWER(.status = 204);
    assert_int_equal(sealed_bytes(), 0);
}

static void a_bearer_moved_to_another_row_does_not_open(void **state)
{
    struct store_statement *swap;
    (void)state;
    ASK("tok_1", .self = "short 1");
    ASK("tok_2", .self = "short 2");
    world_turn();
    assert_int_equal(
        store_prepare(world.store,
            "UPDATE revocations SET bearer_self ="
            " (SELECT bearer_self FROM revocations WHERE token_id = 'tok_2') WHERE token_id = 'tok_1'",
            &swap),
        0);
    assert_int_equal(store_write(swap), 0);
    store_finish(swap);
    world_turn();
    world_restart();
    fake_api_reset();
    fake_loop_pass(world.loop, 60 * 1000);
    assert_int_equal(fake_api_count(), 1);
    expect_request(0, "tok_2", "short 2");
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "no_bearer"); /* the key may come back: not given up */
}

static int64_t fill_receipts(int64_t count, int64_t settled)
{
    struct store_statement *fill;
    assert_int_equal(store_prepare(world.store,
                         "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)"
                         " INSERT INTO revocations SELECT CAST(printf('%012d', ?2) || printf('%020d', i) AS "
                         "BLOB), 'aaaaaaaa', 'bob', '',"
                         " 'tok_old', 0, 0, 2, x'', x'', 0, ?2 + i, 1, 0, 204, 'done' FROM n",
                         &fill),
        0);
    store_bind_integer(fill, 1, count);
    store_bind_integer(fill, 2, settled);
    assert_int_equal(store_write(fill), 0);
    store_finish(fill);
    world_turn();
    return rows_of("revocations");
}

static void receipts_are_kept_for_thirty_days_and_at_most_ten_thousand(void **state)
{
    (void)state;
    ASK("tok_1", .self = "short");
    world_turn();
    fill_receipts(100, NOW - 30 * 24 * 3600 - 200);
    assert_int_equal(fill_receipts(12000, NOW - 20000), 12101);
    world_restart();
    world_turn();
    assert_int_equal(rows_of("revocations"), 10001); /* and what is pending stays */
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "asked");
}

static int64_t last_settled;
static unsigned told_count;

static int expect_order(void *argument, const struct c2m_revocation *revocation)
{
    int64_t settled = revocation->state == C2M_REVOCATION_PENDING ? INT64_MAX : revocation->settled;
    assert_in_range(settled, 0, last_settled);
    last_settled = settled;
    told_count++;
    return told_count == *(const unsigned *)argument ? 7 : 0;
}

static void the_list_begins_with_what_is_pending_then_the_newest_receipt(void **state)
{
    unsigned stop_at = 0;
    (void)state;
    fill_receipts(20, NOW - 1000);
    ASK("tok_1", .self = "short");
    ASK("tok_2", .self = NULL);
    world_turn();
    last_settled = INT64_MAX;
    assert_int_equal(revoker_each(world.revoker, expect_order, &stop_at), 0);
    assert_int_equal(told_count, 22);
    told_count = 0;
    stop_at = 5;
    last_settled = INT64_MAX;
    assert_int_equal(revoker_each(world.revoker, expect_order, &stop_at), 7);
    assert_int_equal(told_count, 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, revocation_world_set_up, revocation_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_file_holds_the_text_of_a_bearer),
        TEST(a_receipt_keeps_no_bearer),
        TEST(a_bearer_moved_to_another_row_does_not_open),
        TEST(receipts_are_kept_for_thirty_days_and_at_most_ten_thousand),
        TEST(the_list_begins_with_what_is_pending_then_the_newest_receipt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
