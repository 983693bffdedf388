// fakes: clock loop api http
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/delivery_world.c tests/unit/revocation_world.c tests/unit/receipts.c tests/unit/said.c tests/unit/disk.c tests/unit/tokens.c tests/unit/verifying.c
/* A token for `c2mctl token` that a key signed which was published a moment ago. */
#include "delivery_world.h"

#include "fakes/http.h"
#include "tokens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *set;

static void take(void *argument, struct keyset *keyset)
{
    (void)argument;
    verifier_set_keyset(delivery_verifier(), keyset);
}

/* The set in force is another key's; what is fetched next holds the service's own. */
static int set_up(void **state)
{
    struct token_key *former = token_key_ed25519();
    delivery_world_set_up(state);
    fake_http_reset();
    char *old = token_public_jwk(former, ",'kid':'former'"), *own = token_public_jwk(delivery_key(), "");
    char *both = token_public_jwk(former, ",'kid':'other'"), *old_set = NULL;
    assert_true(
        asprintf(&old_set, "{\"keys\":[%s,%s]}", old, both) > 0); /* two: none answers without a key id */
    assert_true(asprintf(&set, "{\"keys\":[%s]}", own) > 0);
    assert_int_equal(
        jwks_new(world.loop, NULL, world.store, "https://id.example.com/jwks.json", "EdDSA", &delivery_jwks),
        0);
    jwks_start(delivery_jwks, take, NULL);
    world_turn();
    fake_http_answer(200, old_set, -1);
    world_turn();
    free(old);
    free(both);
    free(own);
    free(old_set);
    token_key_free(former);
    return 0;
}

static int tear_down(void **state)
{
    delivery_free(delivery);
    delivery = NULL;
    jwks_free(delivery_jwks);
    delivery_jwks = NULL;
    free(set);
    return delivery_world_tear_down(state);
}

static void a_delivery_waits_for_a_new_key(void **state)
{
    (void)state;
    get(0, 60);
    issue("jobs:read", "tok_d1");
    assert_int_equal(results[0].count, 0);
    get(1, 60); /* who asks meanwhile waits for the same one */
    world_turn();
    fake_http_answer(200, set, -1);
    world_turn();
    expect_token(0, "tok_d1");
    expect_token(1, "tok_d1");
    assert_int_equal(fake_api_count(), 1);
}

static void what_cannot_be_verified_is_not_delivered_and_is_revoked(void **state)
{
    (void)state;
    get(0, 60);
    issue("jobs:read", "tok_d1");
    fake_http_fail(HTTP_TIMEOUT);
    world_turn();
    expect_refused(0, REASON_NO_KEYS);
    assert_int_equal(denied("tok_d1", NULL), DENY_REVOKED);
    expect_receipt("tok_d1", C2M_REVOCATION_PENDING, "asked");
}

static void a_session_that_ends_while_its_key_is_fetched_gets_none(void **state)
{
    (void)state;
    get(0, 60);
    issue("jobs:read", "tok_d1");
    delivery_forget(delivery, SESSION);
    world_turn();
    expect_refused(0, REASON_SESSION_CLOSED);
    fake_http_answer(200, set, -1);
    world_turn();
    assert_int_equal(denied("tok_d1", NULL), DENY_REVOKED);
    assert_string_equal(results[0].token, "");
}

static void a_helper_that_ends_while_a_key_is_fetched_revokes_what_it_has(void **state)
{
    (void)state;
    get(0, 60);
    issue("jobs:read", "tok_d1");
    delivery_free(delivery);
    delivery = NULL;
    world_turn();
    assert_int_equal(denied("tok_d1", NULL), DENY_REVOKED);
    fake_http_answer(200, set, -1); /* for nobody */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_delivery_waits_for_a_new_key),
        TEST(what_cannot_be_verified_is_not_delivered_and_is_revoked),
        TEST(a_session_that_ends_while_its_key_is_fetched_gets_none),
        TEST(a_helper_that_ends_while_a_key_is_fetched_revokes_what_it_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
