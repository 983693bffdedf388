// fakes: clock loop api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/delivery_world.c tests/unit/revocation_world.c tests/unit/receipts.c tests/unit/said.c tests/unit/disk.c tests/unit/tokens.c tests/unit/verifying.c
/* What came back and may not be handed out is revoked, and so is what comes when nobody stands there any more. */
#include "delivery_world.h"

#include "tokens.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The token of the last exchange is dead: denied here, ordered at the API by the long token it came from. */
static void expect_discarded(const char *id)
{
    expect_request(fake_api_count() - 1, id, "lt_1");
    assert_int_equal(fake_api_request(fake_api_count() - 1)->kind, FAKE_REVOKE);
    assert_int_equal(denied(id, NULL), DENY_REVOKED);
    assert_int_equal(ledger_count(world.ledger, SESSION), 2);
    assert_int_equal(denied("tok_lt_1", "lt_1"), DENY_NOT);
    ANSWER(.status = 204);
    expect_receipt(id, C2M_REVOCATION_DONE, "done");
    assert_int_equal(rows_of("tokens"), 2);
    assert_int_equal(rows_of("holders"), 2);
}

static void a_token_that_is_wider_than_asked_for_is_revoked_and_refused(void **state)
{
    static const char *const wide[] = {"jobs:read jobs:submit jobs:delete", "jobs:*", "*", "login:web1",
        "jobs:read tokens:revoke", "jobs:rea", "jobs", "c2m-api/jobs:read"};
    (void)state;
    for (unsigned i = 0; i < sizeof wide / sizeof *wide; i++) {
        char id[16];
        snprintf(id, sizeof id, "tok_w%u", i);
        memset(results, 0, sizeof results);
        get(0, 60);
        issue(wide[i], id);
        expect_refused(0, REASON_TOO_WIDE);
        expect_discarded(id);
    }
}

static void a_token_that_states_no_scopes_may_hold_all_of_them(void **state)
{
    (void)state;
    get(0, 60);
    char *payload = token_payload("c2m_alice", "tok_d1", NOW, NOW + SHORT_LIFE, "");
    issue_payload(payload, "jobs:read", "tok_d1");
    free(payload);
    expect_refused(0, REASON_TOO_WIDE);
    expect_discarded("tok_d1");
}

static void an_answer_that_speaks_of_wider_scopes_is_believed(void **state)
{
    (void)state;
    get(0, 60);
    char *payload = token_payload("c2m_alice", "tok_d1", NOW, NOW + SHORT_LIFE, ",\"scope\":\"jobs:read\"");
    issue_payload(payload, "jobs:read jobs:delete", "tok_d1");
    free(payload);
    expect_refused(0, REASON_TOO_WIDE);
    expect_discarded("tok_d1");
}

static void a_tokens_scope_is_never_delivered_even_if_it_is_configured(void **state)
{
    (void)state;
    deliver_scopes("jobs:read tokens:revoke");
    get(0, 60);
    issue("jobs:read tokens:revoke", "tok_d1");
    expect_refused(0, REASON_TOO_WIDE);
    expect_discarded("tok_d1");
}

static void scopes_count_without_their_prefix(void **state)
{
    (void)state;
    deliver_with_prefix("jobs:read", "c2m-api/");
    get(0, 60);
    issue("c2m-api/jobs:read", "tok_d1");
    expect_token(0, "tok_d1");
    get(1, 24 * 3600);
    world_turn();
    fake_loop_pass(world.loop, 200 * 1000);
    get(2, 24 * 3600);
    issue("c2m-api/tokens:write", "tok_d2");
    expect_refused(2, REASON_TOO_WIDE);
    assert_int_equal(denied("tok_d2", NULL), DENY_REVOKED);
}

static void another_clients_token_is_revoked_and_refused(void **state)
{
    (void)state;
    get(0, 60);
    char *payload = token_payload("c2m_bob", "tok_d1", NOW, NOW + SHORT_LIFE, ",\"scope\":\"jobs:read\"");
    issue_payload(payload, "", "tok_d1");
    free(payload);
    expect_refused(0, REASON_SUBJECT);
    expect_discarded("tok_d1");
}

static void a_token_that_is_not_genuine_is_revoked_and_refused(void **state)
{
    (void)state;
    get(0, 60);
    issue_text("not.a.token", "tok_d1");
    expect_refused(0, REASON_MALFORMED);
    expect_discarded("tok_d1");
    get(1, 60);
    struct token_key *another = token_key_ed25519();
    char *payload = token_payload("c2m_alice", "tok_d2", NOW, NOW + SHORT_LIFE, ",\"scope\":\"jobs:read\"");
    char *token = token_mint(another, "EdDSA", "{\"alg\":\"EdDSA\"}", payload);
    issue_text(token, "tok_d2");
    free(token);
    free(payload);
    token_key_free(another);
    expect_refused(1, REASON_SIGNATURE);
    expect_discarded("tok_d2");
}

static void a_token_that_has_expired_on_its_way_is_not_delivered(void **state)
{
    (void)state;
    get(0, 60);
    char *payload = token_payload("c2m_alice", "tok_d1", NOW - 900, NOW - 60, ",\"scope\":\"jobs:read\"");
    issue_payload(payload, "", "tok_d1");
    free(payload);
    expect_refused(0, REASON_EXPIRED);
}

static void a_token_that_could_not_be_revoked_is_not_delivered(void **state)
{
    (void)state;
    char payload[256];
    snprintf(payload, sizeof payload,
        "{\"sub\":\"c2m_alice\",\"iss\":\"c2m-api\",\"iat\":%d,\"exp\":%d,\"token_type\":\"short\",\"scope\":"
        "\"jobs:read\"}",
        NOW, NOW + SHORT_LIFE);
    get(0, 60);
    issue_payload(payload, "", "");
    expect_refused(0, REASON_NO_TOKEN_ID);
    expect_receipt("", C2M_REVOCATION_UNREVOCABLE, "no_token_id");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, delivery_world_set_up, delivery_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_token_that_is_wider_than_asked_for_is_revoked_and_refused),
        TEST(a_token_that_states_no_scopes_may_hold_all_of_them),
        TEST(an_answer_that_speaks_of_wider_scopes_is_believed),
        TEST(a_tokens_scope_is_never_delivered_even_if_it_is_configured),
        TEST(scopes_count_without_their_prefix),
        TEST(another_clients_token_is_revoked_and_refused),
        TEST(a_token_that_is_not_genuine_is_revoked_and_refused),
        TEST(a_token_that_has_expired_on_its_way_is_not_delivered),
        TEST(a_token_that_could_not_be_revoked_is_not_delivered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
