// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/revocation_world.c tests/unit/receipts.c tests/unit/said.c tests/unit/disk.c
/* The long tokens that are kept: one for each owner, replaced or removed whole, over restarts and full disks. */
#include "revocation_world.h"
#include "session/enrolled.h"

#include "base/cleanup.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct enrolled *enrolled;

static int begin(void **state)
{
    int r = revocation_world_set_up(state);
    return r ? r : enrolled_new(world.store, world.vault, world.ledger, &enrolled);
}

static int end(void **state)
{
    enrolled_free(STEAL(enrolled));
    return revocation_world_tear_down(state);
}

static bool is_session(void *argument, const char *holder)
{
    (void)argument;
    return strcmp(holder, "5e551000") == 0;
}

/* The helper is killed, and started again. */
static void again(void)
{
    enrolled_free(STEAL(enrolled));
    world_restart();
    assert_int_equal(enrolled_new(world.store, world.vault, world.ledger, &enrolled), 0);
    assert_int_equal(enrolled_resume(enrolled, is_session, NULL), 0);
    world_turn();
}

static void keep(const char *holder, const char *text)
{
    assert_int_equal(hold(holder, LEDGER_ENROLLED, text), 0);
}

static int put(const char *owner, const char *holder, const char *text, const char *secret)
{
    struct enrollment enrollment = {
        .client = "c2m_host", .way = secret ? C2M_ENROLL_SECRET : C2M_ENROLL_TOKEN, .since = NOW};
    struct secret *kept SECRET_CLEANUP = NULL;
    snprintf(enrollment.owner, sizeof enrollment.owner, "%s", owner);
    snprintf(enrollment.holder, sizeof enrollment.holder, "%s", holder);
    hash_of(text, enrollment.hash);
    if (secret)
        assert_int_equal(secret_new(secret, strlen(secret), &kept), 0);
    return enrolled_put(enrolled, &enrollment, kept);
}

static void kept_is(const char *owner, const char *text)
{
    struct secret *token SECRET_CLEANUP = NULL;
    assert_int_equal(enrolled_token(enrolled, owner, &token), 0);
    assert_int_equal(secret_length(token), strlen(text));
    assert_memory_equal(secret_bytes(token), text, strlen(text));
}

static void a_token_is_kept_over_a_restart_and_is_no_proof(void **state)
{
    struct secret *secret SECRET_CLEANUP = NULL;
    (void)state;
    keep("00000001", "lt_one");
    assert_int_equal(put("", "00000001", "lt_one", "the client's secret"), 0);
    world_turn();
    again();
    kept_is("", "lt_one");
    assert_int_equal(enrolled_secret(enrolled, "", &secret), 0);
    assert_memory_equal(secret_bytes(secret), "the client's secret", 19);
    assert_string_equal(enrolled_find(enrolled, "")->client, "c2m_host");
    assert_int_equal(denied("tok_lt_one", "lt_one"), DENY_OURS);
    assert_int_equal(fake_api_count(), 0); /* nor is it revoked by the start */
    assert_null(enrolled_find(enrolled, "alice"));
    assert_false(disk_holds("lt_one") && disk_holds("the client's secret"));
}

static void a_new_one_takes_its_place_and_the_former_is_revoked_after_the_commit(void **state)
{
    (void)state;
    keep("00000001", "lt_one");
    assert_int_equal(put("alice", "00000001", "lt_one", NULL), 0);
    world_turn();
    keep("00000002", "lt_two");
    assert_int_equal(put("alice", "00000002", "lt_two", NULL), 0);
    assert_int_equal(denied("tok_lt_one", "lt_one"), DENY_OURS);
    world_turn();
    world_turn();
    kept_is("alice", "lt_two");
    assert_int_equal(denied("tok_lt_one", "lt_one"), DENY_REVOKED);
    assert_int_equal(denied("tok_lt_two", "lt_two"), DENY_OURS);
    expect_request(0, "tok_lt_one", "lt_one");
    again();
    kept_is("alice", "lt_two");
}

static void what_a_session_holds_too_is_its_to_release(void **state)
{
    (void)state;
    keep("00000001", "lt_one");
    assert_int_equal(put("alice", "00000001", "lt_one", NULL), 0);
    assert_int_equal(ledger_share(world.ledger, "00000001", "5e551000"), 0);
    world_turn();
    again();
    assert_int_equal(ledger_count(world.ledger, "5e551000"), 1);
    assert_int_equal(ledger_release(world.ledger, "5e551000"), 0);
    world_turn();
    kept_is("alice", "lt_one");
    assert_int_equal(denied("tok_lt_one", "lt_one"), DENY_OURS);
}

/* HOLDER's session goes on with TEXT. */
static void serves(const char *holder, const char *text)
{
    struct secret *token SECRET_CLEANUP = NULL;
    assert_int_equal(ledger_long(world.ledger, holder, &token), 0);
    assert_int_equal(secret_length(token), strlen(text));
    assert_memory_equal(secret_bytes(token), text, strlen(text));
    assert_int_equal(ledger_count(world.ledger, holder), 1);
}

static void a_session_goes_over_to_the_next_one_and_the_former_is_revoked_at_once(void **state)
{
    (void)state;
    keep("00000001", "lt_one");
    assert_int_equal(put("alice", "00000001", "lt_one", NULL), 0);
    assert_int_equal(ledger_share(world.ledger, "00000001", "5e551000"), 0);
    world_turn();
    keep("00000002", "lt_two");
    assert_int_equal(put("alice", "00000002", "lt_two", NULL), 0);
    serves("5e551000", "lt_one"); /* until that is on disk */
    world_turn();
    world_turn();
    serves("5e551000", "lt_two");
    assert_int_equal(denied("tok_lt_one", "lt_one"), DENY_REVOKED);
    expect_request(0, "tok_lt_one", "lt_one");
    again();
    serves("5e551000", "lt_two");
    assert_int_equal(ledger_release(world.ledger, "5e551000"), 0);
    world_turn();
    kept_is("alice", "lt_two");
    assert_int_equal(denied("tok_lt_two", "lt_two"), DENY_OURS);
}

static void killed_before_the_session_went_over_it_does_so_at_the_start(void **state)
{
    (void)state;
    keep("00000001", "lt_one");
    assert_int_equal(put("alice", "00000001", "lt_one", NULL), 0);
    assert_int_equal(ledger_share(world.ledger, "00000001", "5e551000"), 0);
    world_turn();
    keep("00000002", "lt_two");
    assert_int_equal(put("alice", "00000002", "lt_two", NULL), 0);
    enrolled_free(STEAL(enrolled)); /* who would be told of the commit */
    store_turn(world.store);
    again();
    serves("5e551000", "lt_two");
    assert_int_equal(denied("tok_lt_one", "lt_one"), DENY_REVOKED);
}

static void a_token_of_another_client_serves_its_sessions_to_their_end(void **state)
{
    const struct ledger_token other = {.kind = LEDGER_ENROLLED,
        .user = "alice",
        .client = "c2m_other",
        .token_id = "tok_other",
        .may_revoke = true};
    (void)state;
    keep("00000001", "lt_one");
    assert_int_equal(put("alice", "00000001", "lt_one", NULL), 0);
    assert_int_equal(ledger_share(world.ledger, "00000001", "5e551000"), 0);
    world_turn();
    assert_int_equal(hold_token("00000002", &other, "lt_other"), 0);
    assert_int_equal(put("alice", "00000002", "lt_other", NULL), 0);
    world_turn();
    world_turn();
    serves("5e551000", "lt_one");
    assert_int_equal(denied("tok_lt_one", "lt_one"), DENY_OURS);
}

static void killed_before_the_row_names_it_a_new_token_is_given_up(void **state)
{
    (void)state;
    keep("00000001", "lt_one");
    assert_int_equal(put("", "00000001", "lt_one", NULL), 0);
    keep("00000002", "lt_two");
    world_turn();
    again();
    kept_is("", "lt_one");
    assert_int_equal(denied("tok_lt_two", "lt_two"), DENY_REVOKED);
    assert_int_equal(denied("tok_lt_one", "lt_one"), DENY_OURS);
}

static void killed_before_the_commit_the_former_one_is_kept(void **state)
{
    (void)state;
    keep("00000001", "lt_one");
    assert_int_equal(put("", "00000001", "lt_one", NULL), 0);
    keep("00000002", "lt_two");
    world_turn();
    assert_int_equal(put("", "00000002", "lt_two", NULL), 0);
    again();
    kept_is("", "lt_one");
    assert_int_equal(denied("tok_lt_one", "lt_one"), DENY_OURS);
}

static void a_commit_that_fails_takes_it_back(void **state)
{
    (void)state;
    keep("00000001", "lt_one");
    assert_int_equal(put("", "00000001", "lt_one", NULL), 0);
    keep("00000002", "lt_two");
    world_turn();
    assert_int_equal(put("", "00000002", "lt_two", NULL), 0);
    assert_int_equal(put("", "00000002", "lt_two", NULL), -EBUSY);
    disk_error = ENOSPC;
    disk_fails_from = disk_calls + 1;
    store_turn(world.store);
    disk_fails_from = 0;
    kept_is("", "lt_one");
    assert_int_equal(denied("tok_lt_one", "lt_one"), DENY_OURS);
    /* who asked for it may be gone, and would release it nevermore */
    assert_int_equal(denied("tok_lt_two", "lt_two"), DENY_REVOKED);
    keep("00000003", "lt_three");
    assert_int_equal(put("", "00000003", "lt_three", NULL), 0);
    world_turn();
    kept_is("", "lt_three");
}

static void a_row_that_cannot_be_written_changes_nothing(void **state)
{
    char owner[16] = "";
    int r = 0;
    (void)state;
    keep("00000001", "lt_one");
    world_turn();
    world_full(true);
    for (int i = 0; r == 0 && i < 500; i++) {
        snprintf(owner, sizeof owner, "user%d", i);
        r = put(owner, "00000001", "lt_one", "a client's secret of some length, so that a page is full soon");
    }
    assert_true(r < 0 && r != -EAGAIN);
    assert_null(enrolled_find(enrolled, owner));
    world_full(false);
    world_turn(); /* the transaction of that turn is lost as a whole */
    assert_null(enrolled_find(enrolled, "user0"));
    keep("00000002", "lt_two");
    assert_int_equal(put(owner, "00000002", "lt_two", NULL), 0); /* no change of before stands in its way */
    world_turn();
    kept_is(owner, "lt_two");
}

static void removed_it_is_revoked_and_the_secret_is_gone(void **state)
{
    struct secret *secret SECRET_CLEANUP = NULL;
    (void)state;
    keep("00000001", "lt_one");
    assert_int_equal(put("", "00000001", "lt_one", "the client's secret"), 0);
    world_turn();
    assert_int_equal(enrolled_remove(enrolled, ""), 0);
    world_turn();
    world_turn();
    assert_int_equal(enrolled_secret(enrolled, "", &secret), -ENOENT);
    assert_int_equal(enrolled_remove(enrolled, ""), -ENOENT);
    assert_int_equal(denied("tok_lt_one", "lt_one"), DENY_REVOKED);
    assert_int_equal(rows_of("enrolled"), 0);
}

static void the_hosts_token_revokes_what_belongs_to_its_client_and_nothing_else(void **state)
{
    struct secret *token SECRET_CLEANUP = NULL;
    (void)state;
    keep("00000001", "lt_one");
    assert_int_equal(put("", "00000001", "lt_one", NULL), 0);
    keep("00000002", "lt_alice");
    assert_int_equal(put("alice", "00000002", "lt_alice", NULL), 0);
    assert_int_equal(enrolled_host_bearer(enrolled, "c2m_alice", &token), -ENOENT);
    assert_int_equal(enrolled_host_bearer(enrolled, "", &token), -ENOENT);
    assert_int_equal(enrolled_host_bearer(enrolled, "c2m_host", &token), 0);
    assert_memory_equal(secret_bytes(token), "lt_one", 6);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_token_is_kept_over_a_restart_and_is_no_proof),
        TEST(a_new_one_takes_its_place_and_the_former_is_revoked_after_the_commit),
        TEST(what_a_session_holds_too_is_its_to_release),
        TEST(a_session_goes_over_to_the_next_one_and_the_former_is_revoked_at_once),
        TEST(killed_before_the_session_went_over_it_does_so_at_the_start),
        TEST(a_token_of_another_client_serves_its_sessions_to_their_end),
        TEST(killed_before_the_row_names_it_a_new_token_is_given_up),
        TEST(killed_before_the_commit_the_former_one_is_kept),
        TEST(a_commit_that_fails_takes_it_back),
        TEST(a_row_that_cannot_be_written_changes_nothing),
        TEST(removed_it_is_revoked_and_the_secret_is_gone),
        TEST(the_hosts_token_revokes_what_belongs_to_its_client_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
