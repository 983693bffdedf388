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
        TEST(a_host_that_has_no_token_any_more_is_no_bearer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
