// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/revocation_world.c tests/unit/receipts.c tests/unit/said.c tests/unit/disk.c
/* The host's own token, as the last bearer: for tokens of its own client only. */
#include "revocation_world.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *host_token = "lt_host";

static int host(void *argument, const char *client, struct secret **out)
{
    (void)argument;
    if (!host_token || strcmp(client, "c2m_alice") != 0)
        return -ENOENT;
    return secret_new(host_token, strlen(host_token), out);
}

static void the_hosts_own_token_is_the_last_bearer_for_its_own_client(void **state)
{
    (void)state;
    revoker_set_host(world.revoker, host, NULL);
    assert_int_equal(ASK("tok_1", .self = "short", .parent = "lt_1"), 0);
    world_turn();
    ANSWER(.status = 500);
    ANSWER(.status = 403);
    expect_request(2, "tok_1", "lt_host");
    ANSWER(.status = 204);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done");
}

static void with_the_hosts_own_token_nothing_of_its_client_is_unrevocable(void **state)
{
    (void)state;
    assert_int_equal(ASK("tok_1", .self = NULL), 0);
    world_turn();
    expect_receipt("tok_1", C2M_REVOCATION_UNREVOCABLE, "no_bearer");
    revoker_set_host(world.revoker, host, NULL);
    assert_int_equal(ASK("tok_1", .self = NULL), 0); /* the receipt spoke of the bearers that there were */
    world_turn();
    expect_request(0, "tok_1", "lt_host");
    ANSWER(.status = 404, .code = "not_found", JSON_ERROR);
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "retry"); /* not proven yet that this is the API */
}

static void when_the_host_lacks_the_scope_too_it_is_unrevocable(void **state)
{
    (void)state;
    revoker_set_host(world.revoker, host, NULL);
    assert_int_equal(ASK("tok_1", .self = "short"), 0);
    world_turn();
    ANSWER(.status = 403, .code = "insufficient_scope", JSON_ERROR);
    expect_receipt("tok_1", C2M_REVOCATION_PENDING, "retry");
    ANSWER(.status = 403, .code = "insufficient_scope", JSON_ERROR);
    expect_receipt("tok_1", C2M_REVOCATION_UNREVOCABLE, "insufficient_scope");
}

static void another_token_of_the_host_reopens_what_the_former_might_not_revoke(void **state)
{
    (void)state;
    revoker_set_host(world.revoker, host, NULL);
    assert_int_equal(ASK("tok_1", .self = NULL), 0);
    assert_int_equal(ASK("", .self = NULL), 0); /* nobody can name it */
    world_turn();
    ANSWER(.status = 403, .code = "insufficient_scope", JSON_ERROR);
    expect_receipt("tok_1", C2M_REVOCATION_UNREVOCABLE, "insufficient_scope");
    world_turn();
    unsigned requests = fake_api_count(), pending, unrevocable;
    assert_int_equal(revoker_reopen(world.revoker, "c2m_bob"), 0); /* nothing of his */
    world_turn();
    assert_int_equal(fake_api_count(), requests);
    host_token = "lt_other";
    assert_int_equal(revoker_reopen(world.revoker, "c2m_alice"), 0);
    assert_int_equal(revoker_reopen(world.revoker, "c2m_alice"), 0);
    world_turn();
    revoker_counts(world.revoker, &pending, &unrevocable);
    assert_int_equal(pending, 1);
    assert_int_equal(unrevocable, 1);
    world_restart();
    revoker_set_host(world.revoker, host, NULL);
    world_turn();
    expect_request(requests + 1, "tok_1", "lt_other");
    ANSWER(.status = 204);
    expect_receipt("tok_1", C2M_REVOCATION_DONE, "done");
    host_token = "lt_host";
}

static void what_died_meanwhile_is_not_reopened(void **state)
{
    (void)state;
    revoker_set_host(world.revoker, host, NULL);
    assert_int_equal(ASK("tok_1", .self = NULL), 0);
    world_turn();
    ANSWER(.status = 403, .code = "insufficient_scope", JSON_ERROR);
    world_turn();
    fake_wall += SHORT_LIFE + 1;
    fake_boot_ms += (SHORT_LIFE + 1) * 1000;
    assert_int_equal(revoker_reopen(world.revoker, "c2m_alice"), 0);
    world_turn();
    expect_receipt("tok_1", C2M_REVOCATION_UNREVOCABLE, "insufficient_scope");
}

static void a_host_that_has_no_token_any_more_is_no_bearer(void **state)
{
    (void)state;
    revoker_set_host(world.revoker, host, NULL);
    assert_int_equal(ASK("tok_1", .self = "short"), 0);
    world_turn();
    host_token = NULL;
    ANSWER(.status = 403, .code = "insufficient_scope", JSON_ERROR);
    host_token = "lt_host";
    expect_receipt("tok_1", C2M_REVOCATION_UNREVOCABLE, "insufficient_scope");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, revocation_world_set_up, revocation_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_hosts_own_token_is_the_last_bearer_for_its_own_client),
        TEST(with_the_hosts_own_token_nothing_of_its_client_is_unrevocable),
        TEST(when_the_host_lacks_the_scope_too_it_is_unrevocable),
        TEST(another_token_of_the_host_reopens_what_the_former_might_not_revoke),
        TEST(what_died_meanwhile_is_not_reopened),
        TEST(a_host_that_has_no_token_any_more_is_no_bearer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
