// fakes: clock api
// link: -Wl,--wrap=log_send -Wl,--wrap=log_message tests/unit/login_world.c tests/unit/let_in.c tests/unit/verifying.c tests/unit/tokens.c tests/unit/made_proc.c tests/unit/disk.c
/* Whatever hears that an account is suspended, its sessions know it at once, and nobody else's. */
#include "session/suspension.h"

#include "base/cleanup.h"
#include "login/account.h"
#include "login/gate.h"
#include "let_in.h"
#include "session/delivery.h"
#include "tokens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LONG_TOKEN "lt_0123456789"

static struct delivery *delivery;

static int set_up(void **state)
{
    login_world_set_up(state);
    return deliver_jobs(&delivery);
}

static int tear_down(void **state)
{
    delivery_free(delivery);
    return login_world_tear_down(state);
}

static void expect_account(const struct person *person, uint32_t verdict, enum reason reason)
{
    struct login_request request = request_of(
        "sshd", person->session->user, person->session->uid, &person->authenticator, &person->monitor);
    struct outcome outcome = {.verdict = 0};
    account_judge(&world.parts, &request, &outcome);
    assert_string_equal(reason_word(outcome.reason), reason_word(reason));
    assert_int_equal(outcome.verdict, verdict);
}

static void expect_suspended(const struct person *person)
{
    struct login_request request = {.service = "sudo", .root_door = true};
    snprintf(request.user, sizeof request.user, "%s", person->session->user);
    assert_int_equal(gate_judge_session(&world.parts, &request, person->session), REASON_SUSPENDED);
    expect_account(person, C2M_ENDED, REASON_SUSPENDED);
}

static void told(void *argument, struct delivery_result *result)
{
    *(enum reason *)argument = result->reason;
}

static void fetch(const struct session *session, enum reason *out)
{
    *out = REASON_NONE;
    delivery_get(delivery, session, 60, 9500, told, out);
    turns();
}

static void a_delivery_that_hears_it_tells_all_sessions_of_that_client(void **state)
{
    struct person first = let_in("sshd", ALICE, LONG_TOKEN, "tok1");
    struct person second = let_in("sshd", ALICE, "lt_another", "tok2");
    struct person bob = let_in("sshd", BOB, "lt_bob", "tok3");
    enum reason reason;
    (void)state;
    fetch(first.session, &reason);
    api_refuses(fake_api_count() - 1, API_FORBIDDEN, REASON_API_FORBIDDEN);
    assert_int_equal(reason, REASON_API_FORBIDDEN);
    expect_account(&first, C2M_GRANTED, REASON_LIVE);
    fetch(first.session, &reason);
    api_refuses(fake_api_count() - 1, API_FORBIDDEN, REASON_SUSPENDED);
    assert_int_equal(reason, REASON_SUSPENDED);
    expect_suspended(&first);
    expect_suspended(&second);
    expect_account(&bob, C2M_GRANTED, REASON_LIVE);
    fetch(second.session, &reason);
    api_gives(fake_api_count() - 1, token_for("c2m_alice", "tok4", ",\"scope\":\"jobs:read\""), "tok4");
    assert_int_equal(reason, REASON_CREDENTIAL);
    expect_account(&first, C2M_GRANTED, REASON_LIVE);
}

/* USER types that at sshd, and the API calls the account suspended. */
static void is_refused(const char *user, uint32_t uid, const char *typed)
{
    struct person person = arrives();
    struct login_request request = request_of("sshd", user, uid, &person.authenticator, &person.monitor);
    struct asked asked;
    begin(&asked, &request);
    type(&asked, typed);
    api_refuses(fake_api_count() - 1, API_FORBIDDEN, REASON_SUSPENDED);
    expect_verdict(&asked, C2M_FORBIDDEN, REASON_SUSPENDED, C2M_TEXT_NOT_ACCEPTED);
    finished(&asked);
    fake_boot_ms += 60000; /* past the throttle */
}

static void any_other_refusal_suspends_nobody(void **state)
{
    struct person person = let_in("sshd", ALICE, LONG_TOKEN, "tok1"), again = arrives();
    struct login_request request = request_of("sshd", "alice", ALICE, &again.authenticator, &again.monitor);
    static const struct {
        enum api_outcome outcome;
        enum reason reason;
    } rows[] = {{API_REFUSED, REASON_API_REFUSED}, {API_FORBIDDEN, REASON_API_FORBIDDEN},
        {API_UNAVAILABLE, REASON_API_ERROR}};
    (void)state;
    world.policy.login.accept[POLICY_LOCAL] |= 1u << C2M_FORM_CODE;
    for (unsigned i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        struct asked asked;
        begin(&asked, &request);
        type(&asked, i % 2 ? "123456" : LONG_TOKEN);
        api_refuses(fake_api_count() - 1, rows[i / 2].outcome, rows[i / 2].reason);
        finished(&asked);
        expect_account(&person, C2M_GRANTED, REASON_LIVE);
        fake_boot_ms += 60000; /* past the throttle */
    }
}

static const char *long_jwt(const char *client)
{
    char payload[256];
    snprintf(payload, sizeof payload,
        "{\"sub\":\"%s\",\"iss\":\"c2m-api\",\"jti\":\"long1\",\"iat\":%d,\"exp\":%d,\"token_type\":"
        "\"long\"}",
        client, NOW - 10, NOW + LIFE);
    return kept(token_mint(world.key, "EdDSA", "{\"alg\":\"EdDSA\"}", payload));
}

static void a_login_that_hears_it_tells_them_and_one_that_is_granted_ends_it(void **state)
{
    struct person person = let_in("sshd", ALICE, LONG_TOKEN, "tok1");
    (void)state;
    is_refused("alice", ALICE, LONG_TOKEN);
    expect_suspended(&person);
    let_in("sshd", ALICE, LONG_TOKEN, "tok2");
    expect_account(&person, C2M_GRANTED, REASON_LIVE);
}

static void a_long_token_that_names_its_client_tells_that_ones(void **state)
{
    struct person person = let_in("sshd", ALICE, LONG_TOKEN, "tok1");
    (void)state;
    is_refused("alice", ALICE, long_jwt("c2m_mallory"));
    expect_account(&person, C2M_GRANTED, REASON_LIVE);
    is_refused("alice", ALICE, long_jwt("c2m_alice"));
    expect_suspended(&person);
}

static void a_code_that_hears_it_tells_them(void **state)
{
    struct person person = let_in("sshd", ALICE, LONG_TOKEN, "tok1");
    (void)state;
    world.policy.login.accept[POLICY_LOCAL] |= 1u << C2M_FORM_CODE;
    is_refused("alice", ALICE, "123456");
    expect_suspended(&person);
}

/* Her line is taken out of the map while the API is asked: of whose account it speaks is not known any more. */
static void a_code_of_who_is_mapped_no_more_suspends_nobody(void **state)
{
    struct person person = let_in("sshd", ALICE, LONG_TOKEN, "tok1"), authenticating = arrives();
    struct login_request request =
        request_of("sshd", "alice", ALICE, &authenticating.authenticator, &authenticating.monitor);
    struct asked asked;
    (void)state;
    world.policy.login.accept[POLICY_LOCAL] |= 1u << C2M_FORM_CODE;
    begin(&asked, &request);
    type(&asked, "123456");
    users_are("bob = c2m_bob\n");
    api_refuses(fake_api_count() - 1, API_FORBIDDEN, REASON_SUSPENDED);
    users_are(LOGIN_WORLD_USERS);
    expect_verdict(&asked, C2M_FORBIDDEN, REASON_SUSPENDED, C2M_TEXT_NOT_ACCEPTED);
    finished(&asked);
    expect_account(&person, C2M_GRANTED, REASON_LIVE);
}

static void who_types_another_ones_suspended_token_suspends_nobody_else(void **state)
{
    struct person person = let_in("sshd", ALICE, LONG_TOKEN, "tok1");
    (void)state;
    is_refused("alice", ALICE, "lt_of_mallory");
    expect_account(&person, C2M_GRANTED, REASON_LIVE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_delivery_that_hears_it_tells_all_sessions_of_that_client),
        TEST(a_login_that_hears_it_tells_them_and_one_that_is_granted_ends_it),
        TEST(any_other_refusal_suspends_nobody),
        TEST(a_long_token_that_names_its_client_tells_that_ones),
        TEST(a_code_that_hears_it_tells_them),
        TEST(a_code_of_who_is_mapped_no_more_suspends_nobody),
        TEST(who_types_another_ones_suspended_token_suspends_nobody_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
